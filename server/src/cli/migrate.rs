use super::open;
use crate::config::{Books, StartError};

pub async fn run(books: Books) -> Result<(), StartError> {
    open(&books).await?;
    println!("The books are up to date.");
    Ok(())
}
