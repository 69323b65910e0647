use super::other;
use crate::config::{Books, StartError};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// The backup
    from: PathBuf,
}

/// Puts a backup where there are no books yet. It may come from the other kind of database.
pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let Arguments { books, from } = arguments;
    let kept = stock::backup::restore(&from, &books.url()?).await.map_err(other)?;
    println!(
        "The books are restored and proved: {} records, {} movements.",
        kept.records, kept.movements
    );
    if let Some(seal) = &kept.seal {
        println!("The last seal is {seal}: compare it with a report printed before the backup.");
    }
    println!("Everybody signs in again.");
    Ok(())
}
