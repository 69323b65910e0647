use super::{open_to_read, other};
use crate::config::{Books, StartError};
use std::path::PathBuf;
use std::sync::Arc;
use stock::Stock;
use stock::world::SystemWorld;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// The new file
    to: PathBuf,
    /// Restores the backup beside it as well, proves what came of it, and clears that away
    #[arg(long)]
    test_restore: bool,
}

pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let Arguments { books, to, test_restore } = arguments;
    let stock = open_to_read(&books).await?;
    let kept = stock.back_up(&to).await.map_err(other)?;
    println!(
        "The books are copied to {} and proved: {} records, {} movements.",
        to.display(),
        kept.records,
        kept.movements
    );
    if let Some(seal) = &kept.seal {
        println!("The last seal in it is {seal}.");
    }
    if test_restore {
        stock.test_restore(&to).await.map_err(other)?;
        println!("It was restored as a test, and what came of it is right.");
    }
    stock.close().await.map_err(other)?;
    // Only now, and for one row: until here the books were opened to be read. Those of an older
    // version have nowhere to note it.
    let noting = Stock::connect(&books.known_url()?, Arc::new(SystemWorld)).await?;
    if noting.require_this_version().await.is_ok() {
        noting.note_backup(test_restore).await.map_err(other)?;
    }
    noting.close().await.map_err(other)
}
