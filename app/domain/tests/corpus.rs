//! A short run of the fuzzing: every property over every file of its corpus, over what is left of
//! it when it is cut off, and over it with a byte changed.

// In a test a panic is the failure message.
#![allow(clippy::unwrap_used)]

#[path = "../fuzz/properties.rs"]
mod properties;

use properties::{ALL, Property};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Changes at this many places of a file, spread over it.
const PLACES: usize = 200;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn names_in(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz().join(folder)).unwrap();
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    entries.map(|entry| stem(entry.unwrap().path())).collect()
}

fn holds(property: Property, seed: &[u8]) {
    property(seed);
    let step = seed.len().div_ceil(PLACES).max(1);
    for place in (0..seed.len()).step_by(step) {
        property(&seed[..place]);
        for change in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = seed.to_vec();
            changed[place] ^= change;
            property(&changed);
        }
        property(&[&seed[place..], &seed[..place]].concat());
    }
}

#[test]
fn every_property_holds_over_its_corpus() {
    for (name, property) in ALL {
        let files = fs::read_dir(fuzz().join("corpus").join(name)).unwrap();
        let seeds: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        assert!(!seeds.is_empty(), "{name} has seeds");
        for seed in seeds {
            holds(*property, &fs::read(seed).unwrap());
        }
    }
}

#[test]
fn every_property_has_a_target_and_a_corpus() {
    let known: BTreeSet<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names_in("fuzz_targets"), known);
    assert_eq!(names_in("corpus"), known);
}
