//! A mark of the books that moves when what pages show has changed: nodes compare it to hear of what
//! the others wrote.

use crate::Stock;
use crate::db;
use sea_orm::{DbErr, FromQueryResult};

/// All records, sealed, waiting for it or held, and all numbers that were given to papers, orders and
/// events. It only grows, does not move when a record gets its seal, and says nothing of what
/// happened. What has neither a record nor a number (a name in the lists, the lines of a draft) does
/// not move it: it is seen at the next look.
const MARK: &str = "SELECT CAST((SELECT COALESCE(MAX(sequence), 0) FROM seal) \
    + (SELECT COUNT(*) FROM unsealed) \
    + (SELECT COUNT(*) FROM held_record) + (SELECT COUNT(*) FROM held_decision) \
    + (SELECT COALESCE(SUM(last), 0) FROM counter) AS BIGINT) AS mark";

#[derive(FromQueryResult)]
struct Row {
    mark: i64,
}

impl Stock {
    /// Where the books are now.
    pub async fn mark(&self) -> Result<i64, DbErr> {
        let row = db::one::<Row, _>(self.db.read(), MARK, []).await?;
        row.map(|row| row.mark).ok_or_else(|| DbErr::RecordNotFound("the books' mark".to_owned()))
    }
}
