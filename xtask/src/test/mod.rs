//! `cargo xtask test`: everything that must hold, on both databases, in one command.
//!
//! Everything is built once: all parts use the same selection of packages and features, so that
//! Cargo never builds a dependency twice for two of them.

mod counts;
pub mod needs;
mod parts;
pub mod postgres;

use anyhow::Result;
use counts::Counts;
use postgres::Cluster;
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Arguments {
    /// Leave out what needs PostgreSQL; counted as skipped.
    #[arg(long)]
    skip_postgres: bool,
    /// Leave out the browser tests; counted as skipped.
    #[arg(long)]
    skip_browser: bool,
    /// Run only this part (may be repeated); the others are counted as skipped.
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Part {
    /// Formatting of every Rust file.
    Format,
    /// Clippy on the server's side, warnings denied.
    Clippy,
    /// Clippy on the browser's side, warnings denied.
    ClippyClient,
    /// Licences, sources and banned crates; needs cargo-deny.
    Deny,
    /// Unit, story, HTTP and papers tests, on SQLite and PostgreSQL.
    Rust,
    /// The browser tests' own types.
    Types,
    /// Browser tests on SQLite.
    Browser,
    /// Browser tests on PostgreSQL.
    BrowserPostgres,
}

impl Part {
    const ALL: [Self; 8] = [
        Self::Format,
        Self::Clippy,
        Self::ClippyClient,
        Self::Deny,
        Self::Rust,
        Self::Types,
        Self::Browser,
        Self::BrowserPostgres,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Format => "formatting",
            Self::Clippy => "clippy, server side",
            Self::ClippyClient => "clippy, browser side",
            Self::Deny => "licences and sources",
            Self::Rust => "unit, story, HTTP and papers tests",
            Self::Types => "types of the browser tests",
            Self::Browser => "browser tests on SQLite",
            Self::BrowserPostgres => "browser tests on PostgreSQL",
        }
    }

    const fn uses_browser(self) -> bool {
        matches!(self, Self::Types | Self::Browser | Self::BrowserPostgres)
    }

    /// Whether the part as a whole is pointless without PostgreSQL.
    const fn is_postgres_only(self) -> bool {
        matches!(self, Self::BrowserPostgres)
    }
}

impl Arguments {
    fn wants(&self, part: Part) -> bool {
        (self.only.is_empty() || self.only.contains(&part))
            && !(self.skip_browser && part.uses_browser())
            && !(self.skip_postgres && part.is_postgres_only())
    }

    fn needs_postgres(&self) -> bool {
        !self.skip_postgres && (self.wants(Part::Rust) || self.wants(Part::BrowserPostgres))
    }
}

/// Runs the parts and prints the totals as the very last line.
pub fn run(arguments: &Arguments) -> ExitCode {
    let start = Instant::now();
    let mut report = Report::default();
    if let Err(error) = run_parts(arguments, &mut report) {
        eprintln!("xtask: {error:#}");
        report.total.failed += 1;
        report.failures.push("getting ready: tools, building, PostgreSQL".to_owned());
    }
    report.print(start.elapsed())
}

fn run_parts(arguments: &Arguments, report: &mut Report) -> Result<()> {
    needs::meet(arguments)?;
    if arguments.wants(Part::Format) {
        report.part(Part::Format, parts::format);
    }
    // Nothing after this can say anything about code that does not build.
    report.timed("building", || parts::build(arguments))?;
    let cluster = match arguments.needs_postgres() {
        true => Some(report.timed("starting PostgreSQL", Cluster::start)?),
        false => None,
    };
    let url = cluster.as_ref().map(Cluster::url);
    for part in Part::ALL {
        if !arguments.wants(part) {
            println!("skipped: {}", part.name());
            report.total.skipped += 1;
            continue;
        }
        match part {
            Part::Format => {}
            Part::Clippy => report.part(part, parts::clippy),
            Part::ClippyClient => report.part(part, parts::clippy_client),
            Part::Deny => report.part(part, parts::deny),
            Part::Rust => report.part(part, || parts::rust(url)),
            Part::Types => report.part(part, parts::types),
            Part::Browser => report.part(part, || parts::browser(None)),
            Part::BrowserPostgres => report.part(part, || parts::browser(url)),
        }
    }
    Ok(())
}

#[derive(Default)]
struct Report {
    total: Counts,
    failures: Vec<String>,
    times: Vec<(String, Duration)>,
}

impl Report {
    fn part(&mut self, part: Part, work: impl FnOnce() -> Result<Counts>) {
        let counts = self.timed(part.name(), work).unwrap_or_else(|error| {
            eprintln!("xtask: {error:#}");
            Counts { failed: 1, ..Counts::default() }
        });
        if counts.failed > 0 {
            self.failures.push(format!("{} ({} failed)", part.name(), counts.failed));
        }
        self.total += counts;
    }

    fn timed<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let done = work();
        self.times.push((name.to_owned(), start.elapsed()));
        done
    }

    fn print(&self, whole: Duration) -> ExitCode {
        println!("\n== times");
        for (name, time) in &self.times {
            println!("{:>8.1} s  {name}", time.as_secs_f64());
        }
        println!("{:>8.1} s  everything", whole.as_secs_f64());
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        println!("{}", self.total);
        if self.total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
