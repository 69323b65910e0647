use super::{open_to_read, other};
use crate::config::{Books, StartError};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// The new file
    to: PathBuf,
}

pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let stock = open_to_read(&arguments.books).await?;
    stock.copy_to(&arguments.to).await.map_err(other)?;
    println!("The books are copied to {}.", arguments.to.display());
    Ok(())
}
