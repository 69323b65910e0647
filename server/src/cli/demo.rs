use super::other;
use crate::config::{Books, StartError};
use crate::demo::{self, Clock};
use std::sync::Arc;
use stock::Stock;
use stock::world::{SystemWorld, World};

/// Loads the demo into new books and prints its log-ins: role, user name and password.
pub async fn run(books: Books) -> Result<(), StartError> {
    let clock = Arc::new(Clock::new());
    let stock = Stock::open(&books.url()?, clock.clone()).await?;
    let log_ins = demo::load(&stock, clock, SystemWorld.now()).await.map_err(other)?;
    for log_in in log_ins {
        println!("{:<14} {:<11} {}", log_in.role.word(), log_in.login, log_in.password);
    }
    Ok(())
}
