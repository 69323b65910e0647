//! What each part runs. A part that cannot run fails; none is left out silently.

use super::counts::Counts;
use super::{Arguments, Part, needs};
use crate::client::CRATES;
use crate::site;
use crate::tools::{Profile, cargo, check, root, target};
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// The server's side: every package but the client, which is for browsers only, and xtask, whose
/// libraries would change the features of the others.
const SERVER_SIDE: [&str; 7] =
    ["--workspace", "--exclude", "client", "--exclude", "xtask", "--features", "app/ssr"];

/// What is looked through. `--all-targets` would look at each library twice, also where it has no
/// tests inside.
const TARGETS: [&str; 4] = ["--lib", "--bins", "--tests", "--examples"];

/// The name of the program's own variables; those of whoever runs the tests must not matter.
const VARIABLES: &str = "TAWZI_";

/// Tests that need PostgreSQL have this word in their path, and fail where it is not set up.
const POSTGRES: &str = "postgres";

pub fn format() -> Result<Counts> {
    Ok(Counts::one(succeeds(cargo().args(["fmt", "--all", "--check"]))?))
}

/// Builds every test and, where browsers need them, the program (which Cargo builds for its HTTP
/// tests anyway) and what it serves.
pub fn build(arguments: &Arguments) -> Result<()> {
    let browser = arguments.wants(Part::Browser) || arguments.wants(Part::BrowserPostgres);
    if browser {
        site::build(Profile::Dev)?;
    }
    if browser || arguments.wants(Part::Rust) {
        check(cargo().arg("test").args(SERVER_SIDE).arg("--no-run"))?;
    }
    Ok(())
}

pub fn clippy() -> Result<Counts> {
    let deny = ["--", "-D", "warnings"];
    let server = succeeds(cargo().arg("clippy").args(SERVER_SIDE).args(TARGETS).args(deny))?;
    let xtask = ["clippy", "--package", "xtask", "--bins", "--tests"];
    let mut counts = Counts::one(server);
    counts += Counts::one(succeeds(cargo().args(xtask).args(deny))?);
    Ok(counts)
}

pub fn clippy_client() -> Result<Counts> {
    // Both at once: what they share is looked at once, with the features of both.
    let mut clippy = cargo();
    clippy.args(["clippy", "--target", "wasm32-unknown-unknown"]);
    for (package, _, _) in CRATES {
        clippy.args(["--package", package]);
    }
    Ok(Counts::one(succeeds(clippy.args(["--", "-D", "warnings"]))?))
}

pub fn deny() -> Result<Counts> {
    if !needs::is_on_path("cargo-deny") {
        println!("cargo-deny is not installed: licences and sources are not checked here");
        return Ok(Counts::default());
    }
    // Advisories change without us: whoever releases asks for them, not every test.
    Ok(Counts::one(succeeds(cargo().args(["deny", "check", "bans", "licenses", "sources"]))?))
}

/// Runs every Rust test; without a cluster those that need one are left out and counted.
pub fn rust(postgres: Option<&str>) -> Result<Counts> {
    let mut tests = cargo();
    tests.arg("test").args(SERVER_SIDE).arg("--no-fail-fast");
    without_our_variables(&mut tests);
    match postgres {
        Some(url) => tests.env("TAWZI_TEST_POSTGRES_URL", url),
        None => tests.args(["--", "--skip", POSTGRES]),
    };
    let mut counts = cargo_counts(&mut tests)?;
    counts += cargo_counts(cargo().args(["test", "--package", "xtask", "--no-fail-fast"]))?;
    Ok(counts)
}

pub fn types() -> Result<Counts> {
    Ok(Counts::one(succeeds(end2end("tsc").arg("--noEmit"))?))
}

/// Runs the browser tests, each on books of its own: SQLite files, or databases of the cluster.
pub fn browser(postgres: Option<&str>) -> Result<Counts> {
    let report = target().join(match postgres {
        Some(_) => "end2end-postgres.json",
        None => "end2end-sqlite.json",
    });
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut playwright = end2end("playwright");
    without_our_variables(&mut playwright);
    playwright.arg("test").env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    playwright.env("TAWZI_TEST_PROGRAM", target().join("debug/tawzi"));
    if let Some(chromium) = needs::chromium() {
        playwright.env("CHROMIUM", chromium);
    }
    if let Some(url) = postgres {
        playwright.env("TAWZI_TEST_POSTGRES_URL", url);
    }
    let succeeded = succeeds(&mut playwright)?;
    let said = fs::read_to_string(&report).context("Playwright stopped without a report")?;
    let mut counts = Counts::of_playwright(&said)?;
    // A set-up that fails is no test of its own in the report.
    if !succeeded && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

/// One of the programs that npm installs in end2end.
fn end2end(program: &str) -> Command {
    let folder = root().join("end2end");
    let mut command = Command::new(folder.join("node_modules/.bin").join(program));
    command.current_dir(folder);
    command
}

fn without_our_variables(command: &mut Command) {
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(VARIABLES))
    {
        command.env_remove(name);
    }
}

fn succeeds(command: &mut Command) -> Result<bool> {
    let program = command.get_program().to_string_lossy().into_owned();
    Ok(command.status().with_context(|| format!("{program} does not start"))?.success())
}

/// Shows what `cargo test` says while it counts.
fn cargo_counts(tests: &mut Command) -> Result<Counts> {
    let mut child = tests.stdout(Stdio::piped()).spawn().context("cargo test does not start")?;
    let mut counts = Counts::default();
    let said = child.stdout.take().context("cargo test has no output")?;
    for line in BufReader::new(said).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        if let Some(more) = Counts::of_cargo_line(&line) {
            counts += more;
        }
    }
    // A test program that was killed says nothing about its tests.
    if !child.wait()?.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}
