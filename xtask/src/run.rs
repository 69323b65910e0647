//! `cargo xtask run`: from a clone to the log-in page in one command.

use crate::build;
use crate::tools::{Profile, check, root};
use anyhow::{Context, Result};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args)]
pub struct Arguments {
    /// Build as for a real installation: slower to build, faster to use.
    #[arg(long)]
    release: bool,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: String,
    /// Where the books lie; a new folder is made and gets the demo.
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// Begin a new data folder without the demo.
    #[arg(long)]
    empty: bool,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let profile = if arguments.release { Profile::Release } else { Profile::Dev };
    let program = build::program(profile)?;
    let data = root().join(&arguments.data_dir);
    if !arguments.empty && is_new(&data)? {
        load_demo(&program, &data)?;
    }
    let mut serve = Command::new(&program);
    serve.current_dir(root()).args(["serve", "--listen", &arguments.listen]);
    serve.arg("--data-dir").arg(&data);
    // Labels carry an address; on one machine that is where it listens.
    let is_local = arguments.listen.parse().is_ok_and(|at: SocketAddr| at.ip().is_loopback());
    if is_local && std::env::var_os("TAWZI_PUBLIC_URL").is_none() {
        serve.args(["--public-url", &format!("http://{}", arguments.listen)]);
    }
    replace(&mut serve)
}

fn is_new(folder: &Path) -> Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", folder.display())),
    }
}

/// Loads the demo beside the folder and moves it there when it is whole, so that a demo that was
/// interrupted is never taken for somebody's books.
fn load_demo(program: &Path, data: &Path) -> Result<()> {
    let loading = data.with_extension("loading");
    if loading.exists() {
        fs::remove_dir_all(&loading)?;
    }
    fs::create_dir_all(&loading)?;
    println!("A new data folder: loading the demo …");
    check(Command::new(program).current_dir(root()).arg("demo").arg("--data-dir").arg(&loading))?;
    fs::rename(&loading, data).with_context(|| format!("cannot make {}", data.display()))
}

/// Hands the terminal over to the program: signals and the exit code are then its own.
#[cfg(unix)]
fn replace(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("the program does not start")
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> Result<()> {
    check(command)
}
