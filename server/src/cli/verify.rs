use super::{open_to_read, other};
use crate::config::{Books, StartError};
use domain::records::seal::PrintedSeal;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// A seal from a printed report, like 1234:0a1b2c3d4e5f6071, that the books must still hold;
    /// may be given several times
    #[arg(long, value_name = "SEQ:HASH")]
    expect: Vec<PrintedSeal>,
}

/// Proves the books and names what is wrong with them; then the exit code is 1.
pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let stock = open_to_read(&arguments.books).await?;
    stock.require_this_version().await?;
    let seen = |check: stock::verify::Check| println!("{} …", check.title());
    let report = stock.verify_against(&arguments.expect, seen).await.map_err(other)?;
    println!("{} records, {} movements looked at.", report.records, report.movements);
    if let Some(seal) = stock.current_seal().await.map_err(other)? {
        println!("The last seal is {seal}.");
    }
    let waiting = stock.records_unsealed().await.map_err(other)?;
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
