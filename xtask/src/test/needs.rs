//! What the tests need beside Cargo: installed where we may, else named in one line.

use super::{Arguments, Part};
use crate::tools::{check, output, root};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something from Debian's packages.
pub struct Need {
    pub package: &'static str,
    pub is_there: fn() -> bool,
}

pub const POSTGRES: Need = Need { package: "postgresql", is_there: || postgres_bin().is_some() };
const CHROMIUM: Need = Need { package: "chromium", is_there: || chromium().is_some() };
/// The tests of labels and papers look at them as a scanner would.
const PAPERS: [Need; 2] = [
    Need { package: "poppler-utils", is_there: || is_on_path("pdftoppm") },
    Need { package: "zbar-tools", is_there: || is_on_path("zbarimg") },
];

/// Installs or names everything that is missing, before anything is built.
pub fn meet(arguments: &Arguments) -> Result<()> {
    let mut needs = Vec::new();
    let browser = arguments.wants(Part::Browser) || arguments.wants(Part::BrowserPostgres);
    if browser {
        needs.push(CHROMIUM);
    }
    if arguments.needs_postgres() {
        needs.push(POSTGRES);
    }
    if arguments.wants(Part::Rust) {
        needs.extend(PAPERS);
    }
    let otherwise = "or leave tests out with --skip-browser or --skip-postgres";
    install(&needs, otherwise)?;
    if browser || arguments.wants(Part::Types) { npm_packages() } else { Ok(()) }
}

/// Installs what is missing of these; says what to do where we may not, and what to do `otherwise`.
pub fn install(needs: &[Need], otherwise: &str) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| !(need.is_there)()).collect();
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    apt_get(&packages, otherwise)?;
    match missing.iter().find(|need| !(need.is_there)()) {
        Some(need) => bail!("{} was installed but its programs are not found", need.package),
        None => Ok(()),
    }
}

fn apt_get(packages: &[&str], otherwise: &str) -> Result<()> {
    let line = format!("apt-get install --yes {}", packages.join(" "));
    if !is_root() || !is_on_path("apt-get") {
        let names = packages.join(", ");
        bail!("this needs {names}; run `sudo {line}`, {otherwise}");
    }
    println!("Installing {} …", packages.join(", "));
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    let try_install = || check(apt().args(["install", "--yes", "-q"]).args(packages));
    // The list of packages of a fresh machine may be empty or old.
    if try_install().is_err() {
        check(apt().args(["update", "-q"]))?;
        try_install().with_context(|| format!("`{line}` must work first"))?;
    }
    Ok(())
}

/// Installs what end2end's lock file names, when it has changed since the last time.
fn npm_packages() -> Result<()> {
    let folder = root().join("end2end");
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|data| data.modified());
    let lock = changed("package-lock.json").context("end2end has no package-lock.json")?;
    // npm writes this file last, as a copy of what it installed.
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    if !is_on_path("npm") {
        bail!("the browser tests need Node with npm; install it, or pass --skip-browser");
    }
    let mut npm = Command::new("npm");
    npm.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    check(npm.args(["ci", "--no-audit", "--no-fund"]))
        .context("the packages of the browser tests cannot be installed")
}

/// The browser that the tests drive: `CHROMIUM`, or where distributions put it.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    places.into_iter().map(PathBuf::from).find(|path| path.is_file())
}

/// The folder of PostgreSQL's own programs: the newest of Debian's, or the one on the path. A
/// folder with only some of them holds links or wrappers, and is no installation.
pub fn postgres_bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |entry: &fs::DirEntry| entry.file_name().to_str().and_then(|n| n.parse().ok());
    let mut versions: Vec<u32> = versions.filter_map(|entry| number(&entry)).collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    let debian = |version: &u32| Path::new("/usr/lib/postgresql").join(version.to_string());
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .iter()
        .map(|version| debian(version).join("bin"))
        .chain(std::env::split_paths(&path))
        .find(|bin| {
            let programs = ["initdb", "postgres", "pg_ctl", "pg_isready"];
            programs.iter().all(|program| bin.join(program).is_file())
        })
}

pub fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}
