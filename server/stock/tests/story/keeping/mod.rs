//! What happens to stock in a store: changes, counts, shortfalls, corrections, recalls.
//!
//! Told in the partner's store of the events: 1,500 leaflets in sealed cartons counted first, 200
//! loose ones counted later.

mod behalf;
mod changes;
mod corrections;
mod counts;
mod held;
mod recalls;

use crate::events::{Field, pieces};
use domain::ids::{BatchId, RecordId};
use domain::ledger::Reason;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use domain::role::Actor;
use stock::Submission;
use stock::keeping::KeepingError;
use stock::tasks::TaskKind;

impl Field {
    /// A change of today of so many pieces of the first batch.
    pub fn change(&self, change: Change, count: i64) -> StockChange {
        self.change_of(self.first.batch, change, count)
    }

    pub fn change_of(&self, batch: BatchId, change: Change, count: i64) -> StockChange {
        let lines = vec![BatchPieces { batch, pieces: pieces(count) }];
        StockChange { store: self.store, change, reason: Reason::Other, lines }
    }

    /// Says so, whatever the books know; gives the record.
    pub async fn happened(&self, who: &Actor, body: StockChange) -> RecordId {
        let said = Submission { confirmed: true, ..self.said(0) };
        let record = said.envelope.id;
        self.books.writes(who).change_stock(said, body).await.unwrap();
        record
    }

    pub async fn refused(&self, body: StockChange) -> KeepingError {
        self.books.writes(&self.worker).change_stock(self.said(0), body).await.unwrap_err()
    }

    /// The pages of what waits for somebody, of one kind.
    pub async fn waits(&self, who: &Actor, kind: TaskKind) -> Vec<String> {
        let tasks = self.books.reads(who).tasks().await.unwrap();
        tasks.into_iter().filter(|task| task.kind == kind).map(|task| task.page).collect()
    }
}
