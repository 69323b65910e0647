//! The command line, one file a command. A failure is one sentence on stderr and exit code 1.

mod backup;
mod demo;
mod migrate;
mod restore;
mod routes;
mod serve;
mod token;
mod user;
mod verify;

pub use serve::leptos_options;

use crate::config::{Books, Serve, StartError};
use clap::{Parser, Subcommand};
use domain::role::Actor;
use std::process::ExitCode;
use std::sync::Arc;
use stock::Stock;
use stock::world::SystemWorld;

/// Follows awareness materials from the print run to the event.
#[derive(Parser)]
#[command(name = "tawzi", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers browsers and phones
    Serve(Serve),
    /// Brings the tables of the books up to date, and nothing else
    Migrate(Books),
    /// Fills new books with the June 2017 case and prints its log-ins
    Demo(demo::Arguments),
    /// Proves the books without changing them; the exit code is 1 when they are wrong
    Verify(verify::Arguments),
    /// Lists accounts, makes them, makes reset codes
    User(user::Arguments),
    /// Lists, makes and ends tokens for the API
    Token(token::Arguments),
    /// Copies the books into a new file while they are in use, and proves the copy
    Backup(backup::Arguments),
    /// Puts a backup into an empty place, of either kind of database, and proves it
    Restore(restore::Arguments),
    /// Lists every route of the browser as JSON
    #[command(hide = true)]
    Routes,
}

pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&StartError::Other(error.to_string())),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => serve::run(serve).await,
            Command::Migrate(books) => migrate::run(books).await,
            Command::Demo(arguments) => demo::run(arguments).await,
            Command::Verify(arguments) => verify::run(arguments).await,
            Command::User(arguments) => user::run(arguments).await,
            Command::Token(arguments) => token::run(arguments).await,
            Command::Backup(arguments) => backup::run(arguments).await,
            Command::Restore(arguments) => restore::run(arguments).await,
            Command::Routes => routes::run(),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &StartError) -> ExitCode {
    eprintln!("tawzi: {error}");
    ExitCode::FAILURE
}

pub(crate) async fn open(books: &Books) -> Result<Stock, StartError> {
    Ok(Stock::open(&books.url()?, Arc::new(SystemWorld)).await?)
}

/// Opens books that are there, makes none, and leaves them as they are.
async fn open_to_read(books: &Books) -> Result<Stock, StartError> {
    Ok(Stock::open_to_read(&books.known_url()?, Arc::new(SystemWorld)).await?)
}

/// The account with this user name; whoever can run the program on the books may act as anyone.
async fn actor(stock: &Stock, login: &str) -> Result<Actor, StartError> {
    let found = stock.actor_of(login).await.map_err(other)?;
    found.ok_or_else(|| StartError::Other(format!("nobody has the user name {login:?}")))
}

fn other(error: impl std::fmt::Display) -> StartError {
    StartError::Other(error.to_string())
}
