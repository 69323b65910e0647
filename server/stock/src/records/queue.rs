//! Where records about the same thing queue.
//!
//! SQLite has one writer, so there everybody queues. On PostgreSQL a record waits for those that
//! touch the same store, account or movement: what it reads after that is as its predecessor left
//! it. A row that does not exist yet cannot be locked, but a name can.

use super::{RecordError, RecordTx, Subject};
use crate::db;
use domain::ids::{BatchId, MaterialId, MovementId, StoreId};
use domain::ledger::SlotKey;
use domain::statement::Hand;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use std::collections::BTreeSet;

impl RecordTx<'_> {
    /// Other stores from whose shelves packs are taken.
    pub(crate) async fn queue_at_stores(
        &self,
        stores: impl IntoIterator<Item = StoreId>,
    ) -> Result<(), RecordError> {
        self.queue(stores.into_iter().map(|store| format!("store {store}")).collect()).await
    }

    /// The accounts and batches of a posting, with their shadows.
    pub(crate) async fn queue_at_slots(
        &self,
        slots: impl IntoIterator<Item = &SlotKey>,
    ) -> Result<(), RecordError> {
        let name = |(real, batch): &SlotKey| {
            let (kind, owner, channel) = (real.kind_str(), real.owner(), real.channel_str());
            format!("slot {kind} {owner} {channel} {batch}")
        };
        self.queue(slots.into_iter().map(name).collect()).await
    }

    /// Packs and pieces of a batch in an account, before the ones are compared with the others.
    pub(crate) async fn queue_at_shelves(
        &self,
        shelves: &BTreeSet<(i64, BatchId)>,
    ) -> Result<(), RecordError> {
        let name = |(account, batch): &(i64, BatchId)| format!("shelf {account} {batch}");
        self.queue(shelves.iter().map(name).collect()).await
    }

    /// Movements that are about to be undone.
    pub(crate) async fn queue_at_movements(
        &self,
        movements: impl IntoIterator<Item = &MovementId>,
    ) -> Result<(), RecordError> {
        self.queue(movements.into_iter().map(|id| format!("movement {id}")).collect()).await
    }

    /// Closings that are about to change: two records that begin the same one would each miss what
    /// the other adds.
    pub(crate) async fn queue_at_closings<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k (StoreId, MaterialId, Hand)>,
    ) -> Result<(), RecordError> {
        let name = |(holder, material, _): &(StoreId, MaterialId, Hand)| {
            format!("closing {holder} {material}")
        };
        self.queue(keys.into_iter().map(name).collect()).await
    }

    async fn queue(&self, names: BTreeSet<String>) -> Result<(), RecordError> {
        queue(self.conn, names).await
    }
}

/// The store that answers, so that packs on its shelves change hands one record at a time, or else
/// what the record is about.
pub(super) async fn queue_at_subject(
    conn: &DatabaseTransaction,
    subject: Subject,
) -> Result<(), RecordError> {
    let Subject { kind, id, store } = subject;
    let name = store.map_or_else(|| format!("{kind} {id}"), |store| format!("store {store}"));
    queue(conn, BTreeSet::from([name])).await
}

/// Waits until nobody else holds one of these names, and holds them until the commit. Always in
/// the same order, so that two records do not wait for each other.
async fn queue(conn: &DatabaseTransaction, names: BTreeSet<String>) -> Result<(), RecordError> {
    if names.is_empty() || conn.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("(${n})")).collect();
    let text = format!(
        "SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
         FROM (VALUES {}) AS names (name)",
        marks.join(", ")
    );
    db::run(conn, &text, names.into_iter().map(Value::from)).await?;
    Ok(())
}
