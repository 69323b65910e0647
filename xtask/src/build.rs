//! `cargo xtask build`: the program, or only what browsers load.

use crate::site;
use crate::tools::{Profile, cargo, check, target};
use anyhow::Result;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(value_enum, default_value = "all")]
    what: What,
    /// One file that needs nothing beside it: client, styles and fonts are inside.
    #[arg(long)]
    release: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The program and everything it serves.
    All,
    /// Only `target/site`: client, styles, fonts, icons.
    Client,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let profile = if arguments.release { Profile::Release } else { Profile::Dev };
    match arguments.what {
        What::Client => site::build(profile),
        What::All => {
            let program = program(profile)?;
            let bytes = std::fs::metadata(&program)?.len();
            println!("{} ({:.1} MB)", program.display(), bytes as f64 / 1e6);
            Ok(())
        }
    }
}

/// Builds the site and the program; returns where the program lies.
pub fn program(profile: Profile) -> Result<PathBuf> {
    site::build(profile)?;
    let mut build = cargo();
    build.args(["build", "--package", "server", "--bin", "tawzi"]);
    if profile == Profile::Release {
        // Only here: the site must exist before the feature compiles.
        build.args(["--release", "--features", "embed"]);
    }
    check(&mut build)?;
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    Ok(target().join(folder).join("tawzi").with_extension(std::env::consts::EXE_EXTENSION))
}
