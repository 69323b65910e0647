//! The books themselves: what a movement takes of the disk, and how long it takes to prove them.

use super::figures::Figure;
use crate::tools::output;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

pub fn measure(program: &Path, data: &Path, movements: u32) -> Result<[Figure; 2]> {
    let bytes = fs::metadata(data.join("tawzi.sqlite"))?.len() as f64;
    let start = Instant::now();
    output(Command::new(program).arg("verify").arg("--data-dir").arg(data))?;
    let verified = f64::from(movements) / start.elapsed().as_secs_f64();
    Ok([
        Figure::plain("the books on disk", bytes / f64::from(movements), "bytes a movement"),
        Figure::plain("verify", verified, "movements a second"),
    ])
}
