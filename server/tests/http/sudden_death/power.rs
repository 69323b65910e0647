//! Power that fails: a library before the system's, which notes what is not synced yet, and the
//! undoing of it after the kill.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the disk does when it is told to sync.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// The system keeps what it was given when the program dies.
    OfTheSystem,
    /// What was not synced is lost.
    Forgets,
    /// Nothing is synced, whatever it says: as with `synchronous = OFF`.
    Lies,
}

impl Disk {
    /// Puts the disk under the program, whose books are a file.
    pub fn under(self, program: &mut Command, url: &str) {
        if self == Self::OfTheSystem {
            return;
        }
        let folder = folder(url);
        program.env("LD_PRELOAD", library(folder)).env("LOST_POWER_FOLDER", folder);
        if self == Self::Lies {
            program.env("LOST_POWER_LIES", "1");
        }
    }

    /// Takes away what was not synced when the program died.
    pub fn fail(self, url: &str) {
        if self == Self::OfTheSystem {
            return;
        }
        let folder = folder(url);
        let is_undo = |path: &PathBuf| path.extension().is_some_and(|end| end == "undo");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        for undo in files.filter(is_undo).collect::<Vec<_>>() {
            take_back(&undo);
            fs::remove_file(&undo).unwrap();
        }
    }
}

fn folder(url: &str) -> &Path {
    let file = url.strip_prefix("sqlite:").expect("power fails under books that are a file");
    Path::new(file).parent().unwrap()
}

/// The library, built once a folder.
fn library(folder: &Path) -> OsString {
    let library = folder.join("power.so");
    if !library.exists() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/sudden_death/power.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source);
        assert!(compiler.args(["-ldl", "-lpthread"]).status().unwrap().success());
    }
    library.into()
}

/// One write that was not synced: what stood there before.
struct Before {
    offset: u64,
    size: u64,
    bytes: Vec<u8>,
}

/// The writes of an undo file, the last one left out where the kill cut it off.
fn writes(mut left: &[u8]) -> Vec<Before> {
    let mut writes = Vec::new();
    while let Some((head, rest)) = left.split_at_checked(24) {
        let number = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().unwrap());
        let Some((bytes, rest)) = rest.split_at_checked(number(16) as usize) else { break };
        writes.push(Before { offset: number(0), size: number(8), bytes: bytes.to_vec() });
        left = rest;
    }
    writes
}

fn take_back(undo: &Path) {
    let file: File = OpenOptions::new().write(true).open(undo.with_extension("")).unwrap();
    for Before { offset, size, bytes } in writes(&fs::read(undo).unwrap()).into_iter().rev() {
        file.write_all_at(&bytes, offset).unwrap();
        file.set_len(size).unwrap();
    }
}
