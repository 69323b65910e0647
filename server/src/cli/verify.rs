use super::{open_to_read, other};
use crate::config::{Books, StartError};
use domain::records::seal::PrintedSeal;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use stock::verify::{Against, Step};

/// How often a long check says how far it has got, and keeps it.
const NEWS: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// A seal from a printed report, like 1234:0a1b2c3d4e5f6071, that the books must still hold;
    /// may be given several times
    #[arg(long, value_name = "SEQ:HASH")]
    expect: Vec<PrintedSeal>,
    /// Keep in this file up to which seal the records are right, and go on from there the next time,
    /// also after a verification that was interrupted; balances and sums are always made again from
    /// all lines. Keep it where whoever may change the books cannot
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

/// Proves the books and names what is wrong with them; then the exit code is 1.
pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let stock = open_to_read(&arguments.books).await?;
    stock.require_this_version().await?;
    let checkpoint = arguments.checkpoint.as_deref();
    let after = checkpoint.map(read).transpose()?.flatten();
    if let Some(after) = &after {
        println!("Records up to seal {} were looked at before.", after.sequence);
    }
    let sealed = stock.current_seal().await.map_err(other)?.map_or(0, |seal| seal.sequence);
    let mut said = Instant::now();
    let mut up_to = None;
    let seen = |step| match step {
        Step::Begins(check) => println!("{} …", check.title()),
        Step::UpTo(seal) => {
            if said.elapsed() >= NEWS {
                println!("  {} of {sealed} sealed records", seal.sequence);
                said = Instant::now();
                // What cannot be kept is said at the end.
                if let Some(file) = checkpoint {
                    drop(write(file, &seal));
                }
            }
            up_to = Some(seal);
        }
    };
    let against = Against { printed: arguments.expect, after };
    let report = stock.verify_against(&against, seen).await.map_err(other)?;
    if let Some((file, seal)) = checkpoint.zip(up_to) {
        write(file, &seal)?;
    }
    println!("{} records, {} movements looked at.", report.records, report.movements);
    if let Some(seal) = &report.seal {
        println!("The last seal is {seal}.");
    }
    let waiting = report.unsealed;
    if waiting > 0 {
        println!("{waiting} records wait for their seal; `tawzi serve` gives it.");
    }
    if report.is_clean() {
        println!("The books are right.");
        return Ok(());
    }
    for finding in &report.findings {
        println!(
            "WRONG: {}: {} has {} and should have {}",
            finding.check.title(),
            finding.row,
            finding.found,
            finding.expected
        );
    }
    Err(StartError::Other(format!(
        "the books are wrong in {} of the checks above",
        report.findings.len()
    )))
}

/// The seal that a checkpoint says; none while there is no such file.
fn read(file: &Path) -> Result<Option<PrintedSeal>, StartError> {
    let trouble = |why: String| {
        let file = file.display();
        StartError::Other(format!(
            "the checkpoint {file} cannot be read ({why}); without it everything is looked at"
        ))
    };
    match fs::read_to_string(file) {
        Ok(text) => text.parse().map(Some).map_err(|error| trouble(format!("{error}"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(trouble(error.to_string())),
    }
}

/// Puts the new file in the place of the old one, so that there is always a whole one.
fn write(file: &Path, seal: &PrintedSeal) -> Result<(), StartError> {
    let new = file.with_extension("new");
    fs::write(&new, format!("{seal}\n")).and_then(|()| fs::rename(&new, file)).map_err(|error| {
        StartError::Other(format!("the checkpoint {} cannot be kept: {error}", file.display()))
    })
}
