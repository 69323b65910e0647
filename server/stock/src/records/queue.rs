//! Where records about the same thing queue.
//!
//! SQLite has one writer, so there everybody queues. On PostgreSQL a record waits for those that
//! touch the same store, account or movement: what it reads after that is as its predecessor left
//! it. A row that does not exist yet cannot be locked, but a name can.
//!
//! Nobody waits in a circle. Names have an order, and a record waits only for one that comes after
//! all that it holds. One that comes before, it takes if it is free. If not, the record begins again
//! and queues, before anything else and in order, at all that it has asked for so far.

use super::{RecordError, RecordTx, Subject};
use crate::db;
use domain::account::Real;
use domain::ids::{BatchId, MaterialId, MovementId, StoreId};
use domain::ledger::SlotKey;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// What records queue at, in the order in which most of them come to it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Name {
    /// Packs on the shelves of a store change hands one record at a time.
    Store(StoreId),
    /// A consignment, an event, a movement, or whatever else records are about.
    About(&'static str, Uuid),
    /// A series of numbers.
    Series(String),
    /// The pieces of an account and of its shadow.
    Account(Real),
    /// Packs and pieces of a batch in the account of this row.
    Shelf(i64, BatchId),
    /// The figures of a holder's months.
    Months(StoreId, MaterialId),
}

impl Name {
    fn of(subject: Subject) -> Self {
        subject.store.map_or(Self::About(subject.kind, subject.id), Self::Store)
    }

    fn text(&self) -> String {
        match self {
            Self::Store(store) => format!("store {store}"),
            Self::About(kind, id) => format!("{kind} {id}"),
            Self::Series(name) => format!("series {name}"),
            Self::Account(real) => {
                let (kind, owner, channel) = (real.kind_str(), real.owner(), real.channel_str());
                format!("account {kind} {owner} {channel}")
            }
            Self::Shelf(account, batch) => format!("shelf {account} {batch}"),
            Self::Months(holder, material) => format!("months {holder} {material}"),
        }
    }
}

/// All that a record has asked for, over all its tries.
#[derive(Clone, Default)]
pub(super) struct Wanted(Arc<Mutex<BTreeSet<Name>>>);

impl Wanted {
    /// Queues at all of it, and at what the record is about.
    pub async fn queue(
        &self,
        conn: &DatabaseTransaction,
        subject: Subject,
    ) -> Result<Turn, RecordError> {
        if conn.get_database_backend() == DbBackend::Postgres {
            let names = self.add([Name::of(subject)]);
            wait(conn, &names).await?;
            return Ok(Turn { wanted: self.clone(), held: names });
        }
        Ok(Turn::default())
    }

    /// Adds names, and gives all that there are.
    fn add(&self, names: impl IntoIterator<Item = Name>) -> BTreeSet<Name> {
        // The lock is only held for these few lines, none of which can panic.
        let mut wanted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.extend(names);
        wanted.clone()
    }
}

/// What a record holds in this try.
#[derive(Default)]
pub(super) struct Turn {
    wanted: Wanted,
    held: BTreeSet<Name>,
}

impl Turn {
    /// Of these names the ones that are not held yet: those before what is held, and those after.
    fn split(&self, mut names: BTreeSet<Name>) -> (BTreeSet<Name>, BTreeSet<Name>) {
        names.retain(|name| !self.held.contains(name));
        let is_early = |name: &Name| self.held.last().is_some_and(|last| name < last);
        names.into_iter().partition(is_early)
    }
}

impl RecordTx<'_> {
    /// Other stores from whose shelves packs are taken.
    pub(crate) async fn queue_at_stores(
        &self,
        stores: impl IntoIterator<Item = StoreId>,
    ) -> Result<(), RecordError> {
        self.queue(stores.into_iter().map(Name::Store).collect()).await
    }

    /// A paper that the record changes.
    pub(crate) async fn queue_at(&self, kind: &'static str, id: Uuid) -> Result<(), RecordError> {
        self.queue(BTreeSet::from([Name::About(kind, id)])).await
    }

    pub(super) async fn queue_at_series(&self, name: &str) -> Result<(), RecordError> {
        self.queue(BTreeSet::from([Name::Series(name.to_owned())])).await
    }

    /// The accounts of a posting, with their shadows.
    pub(crate) async fn queue_at_accounts(
        &self,
        slots: impl IntoIterator<Item = &SlotKey>,
    ) -> Result<(), RecordError> {
        self.queue(slots.into_iter().map(|(real, _)| Name::Account(*real)).collect()).await
    }

    /// Packs and pieces of a batch in an account, before the ones are compared with the others.
    pub(crate) async fn queue_at_shelves(
        &self,
        shelves: &BTreeSet<(i64, BatchId)>,
    ) -> Result<(), RecordError> {
        let name = |(account, batch): &(i64, BatchId)| Name::Shelf(*account, *batch);
        self.queue(shelves.iter().map(name).collect()).await
    }

    /// Movements that are about to be undone.
    pub(crate) async fn queue_at_movements(
        &self,
        movements: impl IntoIterator<Item = &MovementId>,
    ) -> Result<(), RecordError> {
        let name = |id: &MovementId| Name::About("movement", id.uuid());
        self.queue(movements.into_iter().map(name).collect()).await
    }

    /// Figures of months that are about to change: two records that begin the same closing would
    /// each miss what the other adds.
    pub(crate) async fn queue_at_months(
        &self,
        whose: impl IntoIterator<Item = (StoreId, MaterialId)>,
    ) -> Result<(), RecordError> {
        let name = |(holder, material)| Name::Months(holder, material);
        self.queue(whose.into_iter().map(name).collect()).await
    }

    async fn queue(&self, names: BTreeSet<Name>) -> Result<(), RecordError> {
        if self.conn.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let (early, in_turn) = self.turn(|turn| {
            turn.wanted.add(names.clone());
            turn.split(names)
        });
        if !are_free(self.conn.ahead(), &early).await? {
            return Err(db::out_of_turn().into());
        }
        wait(self.conn.ahead(), &in_turn).await?;
        self.turn(|turn| turn.held.extend(early.into_iter().chain(in_turn)));
        Ok(())
    }
}

/// `VALUES` with a place for each name, and the names.
fn values(names: &BTreeSet<Name>) -> (String, Vec<Value>) {
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("(${n})")).collect();
    let texts = names.iter().map(|name| name.text().into()).collect();
    (format!("(VALUES {}) AS names (name)", marks.join(", ")), texts)
}

/// Waits until nobody else holds one of these names, and holds them until the commit.
async fn wait(conn: &DatabaseTransaction, names: &BTreeSet<Name>) -> Result<(), DbErr> {
    if names.is_empty() {
        return Ok(());
    }
    let (rows, names) = values(names);
    let text = format!("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM {rows}");
    db::run(conn, &text, names).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Free {
    all_free: bool,
}

/// Holds these names if nobody else holds one of them.
async fn are_free(conn: &DatabaseTransaction, names: &BTreeSet<Name>) -> Result<bool, DbErr> {
    if names.is_empty() {
        return Ok(true);
    }
    let (rows, names) = values(names);
    let text = format!(
        "SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended(name, 0))) AS all_free
         FROM {rows}"
    );
    let free: Option<Free> = db::one(conn, &text, names).await?;
    Ok(free.is_some_and(|free| free.all_free))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_comes_after_all_that_is_held_is_waited_for() {
        let store = |n| Name::Store(StoreId::new(Uuid::from_u128(n)));
        let movement = |n| Name::About("movement", Uuid::from_u128(n));
        let held = BTreeSet::from([store(2), movement(5)]);
        let turn = Turn { held, ..Turn::default() };
        let asked = [store(1), store(2), store(3), movement(4), movement(6)];
        let (early, in_turn) = turn.split(asked.into());
        assert_eq!(early, [store(1), store(3), movement(4)].into());
        assert_eq!(in_turn, [movement(6)].into());
        let (early, in_turn) = Turn::default().split([store(1)].into());
        assert_eq!((early, in_turn), (BTreeSet::new(), [store(1)].into()));
    }

    #[test]
    fn what_was_asked_for_once_is_queued_at_from_the_beginning() {
        let wanted = Wanted::default();
        let turn = Turn { wanted: wanted.clone(), held: BTreeSet::new() };
        let name = |series: &str| Name::Series(series.to_owned());
        turn.wanted.add([name("B")]);
        assert_eq!(wanted.add([name("A")]), [name("A"), name("B")].into());
    }
}
