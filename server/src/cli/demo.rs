use super::other;
use crate::config::{Books, StartError};
use crate::demo::{self, Clock, Extent};
use std::sync::Arc;
use stock::Stock;
use stock::world::{SystemWorld, World};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// Adds generated years until the books have about so many movements
    #[arg(long)]
    movements: Option<u32>,
}

/// Loads the demo into new books and prints its log-ins: role, user name and password.
pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let clock = Arc::new(Clock::new());
    let stock = Stock::open(&arguments.books.url()?, clock.clone()).await?;
    let extent = arguments.movements.map_or(Extent::June, Extent::Movements);
    let log_ins = demo::load(&stock, clock, SystemWorld.now(), extent).await.map_err(other)?;
    for log_in in log_ins {
        println!("{:<14} {:<11} {}", log_in.role.word(), log_in.login, log_in.password);
    }
    Ok(())
}
