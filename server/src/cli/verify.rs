use super::{open_to_read, other};
use crate::config::{Books, StartError};

/// Proves the books and names what is wrong with them; then the exit code is 1.
pub async fn run(books: Books) -> Result<(), StartError> {
    let stock = open_to_read(&books).await?;
    stock.require_this_version().await?;
    let report = stock.verify(|check| println!("{} …", check.title())).await.map_err(other)?;
    println!("{} records, {} movements looked at.", report.records, report.movements);
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
