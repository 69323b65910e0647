//! `target/site`: every file that browsers load, and nothing else, since all of it ends up in the
//! program.

use crate::tools::{Profile, files, root, write_if_changed};
use crate::{client, styles};
use anyhow::{Context, Result};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Always in the root, also where `CARGO_TARGET_DIR` is set: the server looks for it there.
pub fn folder() -> PathBuf {
    root().join("target/site")
}

/// Builds client and styles, copies what is served as it is, and removes what no source makes any
/// more. A second call with nothing changed writes nothing.
pub fn build(profile: Profile) -> Result<()> {
    let site = folder();
    let mut made = client::build(&site.join("pkg"), profile)?;
    made.push(styles::build("main.css", &site.join("pkg/tawzi.css"), profile)?);
    made.push(styles::build("phone.css", &site.join("pkg/phone.css"), profile)?);
    made.extend(copy(&root().join("app/public"), &site)?);
    if profile == Profile::Release {
        for file in made.clone() {
            made.extend(compress(&file)?);
        }
    }
    for file in files(&site)? {
        if !made.contains(&file) {
            fs::remove_file(&file)?;
        }
    }
    if profile == Profile::Release { sizes(&site, &made) } else { Ok(()) }
}

fn copy(from: &Path, to: &Path) -> Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    for file in files(from)? {
        let place = to.join(file.strip_prefix(from)?);
        write_if_changed(&place, &fs::read(&file)?)?;
        made.push(place);
    }
    Ok(made)
}

/// Packed by their own formats: a second packing only costs.
const PACKED: [&str; 6] = ["woff2", "png", "jpg", "webp", "avif", "gz"];

fn compress(file: &Path) -> Result<Vec<PathBuf>> {
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    if PACKED.contains(&extension.as_ref()) {
        return Ok(Vec::new());
    }
    let with = |suffix: &str| file.with_extension(format!("{extension}.{suffix}"));
    let (br, gz) = (with("br"), with("gz"));
    let changed = fs::metadata(file)?.modified()?;
    if !is_newer(&br, changed) || !is_newer(&gz, changed) {
        let bytes = fs::read(file)?;
        fs::write(&br, brotli_of(&bytes)?)?;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&bytes)?;
        fs::write(&gz, encoder.finish()?)?;
    }
    Ok(vec![br, gz])
}

fn is_newer(file: &Path, than: SystemTime) -> bool {
    fs::metadata(file).and_then(|data| data.modified()).is_ok_and(|time| time >= than)
}

fn brotli_of(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &best).context("brotli failed")?;
    Ok(packed)
}

/// What a first visit costs on the wire, the largest first.
fn sizes(site: &Path, made: &[PathBuf]) -> Result<()> {
    let mut rows = Vec::new();
    for file in made.iter().filter(|file| !is_packed_form(file)) {
        let name = file.strip_prefix(site)?.display().to_string();
        let whole = fs::metadata(file)?.len();
        let wire = fs::metadata(format!("{}.br", file.display())).map_or(whole, |data| data.len());
        rows.push((wire, whole, name));
    }
    rows.sort_by(|a, b| b.cmp(a));
    println!("{:>9}  {:>9}  file", "on wire", "whole");
    for (wire, whole, name) in &rows {
        println!("{wire:>9}  {whole:>9}  {name}");
    }
    Ok(())
}

fn is_packed_form(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "br" || extension == "gz")
}
