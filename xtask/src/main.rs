//! `cargo xtask`: everything that is built, checked or measured, with nothing to install but what
//! Cargo brings.

mod bench;
mod build;
mod client;
mod demo;
mod failover;
mod http;
mod run;
mod shelves;
mod site;
mod styles;
mod test;
mod tools;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, runs and checks Tawzi")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start it; a new data folder begins with the demo.
    Run(run::Arguments),
    /// Build the program, or only what browsers load.
    Build(build::Arguments),
    /// Check everything: formatting, clippy, every test on SQLite and PostgreSQL.
    Test(test::Arguments),
    /// Measure the release on many movements.
    Bench(bench::Arguments),
    /// Kill the database's primary and its standby under load: nothing acknowledged is lost.
    Failover(failover::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Build(arguments) => build::run(arguments),
        Command::Bench(arguments) => bench::run(arguments),
        Command::Failover(arguments) => failover::run(arguments),
        Command::Test(arguments) => return test::run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
