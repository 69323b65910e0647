//! Keeping a store: damage, loss, disposal, and counts that a second person approves.

mod count;
mod counted;
mod held;

pub use count::{CountLine, CountSheet};
pub use counted::{CountDecision, CountDetail, CountHead};
pub use held::{Held, HeldAt};

use crate::access::{Denied, Writer, scope};
use crate::batches::that_is_seen;
use crate::corrections::ask_to_explain;
use crate::held_moves;
use crate::movements::holder;
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Second, Subject, Submission, ask_second_person};
use domain::account::Account;
use domain::ids::{BatchId, MovementId, StoreId};
use domain::records::keeping::{Change, StockChange};
use domain::role::Permission;
use domain::time::Day;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why something about stock in a store is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum KeepingError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("nothing was entered")]
    Empty,
    /// The same batch stands on two lines.
    #[error("batch {0} stands there twice")]
    Twice(BatchId),
    #[error("destruction needs two witness roles and a certificate")]
    NoWitness,
    /// Whoever counted does not approve (rule 11).
    #[error("somebody else must approve what you counted")]
    OwnCount,
    #[error("this count was decided before")]
    AlreadyDecided,
    #[error("another count of this batch stands at this moment")]
    SameMoment,
    /// A batch goes back to the printer that made it, a run at a time.
    #[error("batch {0} is of another print run")]
    OtherRun(BatchId),
    #[error("batch {batch} arrived later")]
    BeforeArrival { batch: BatchId, arrived_on: Day },
}

impl From<Denied> for KeepingError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for KeepingError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

/// What a record about stock did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Changed {
    pub movements: Vec<MovementId>,
}

impl Writer<'_> {
    /// Records damage, loss, a find, salvage, disposal, handing back or collection: a fact.
    pub async fn change_stock(
        &self,
        submission: Submission,
        body: StockChange,
    ) -> Result<Changed, KeepingError> {
        self.require(Permission::KeepStore)?;
        check(&body)?;
        let id = body.store.uuid();
        let subject = Subject { kind: "store", id, store: Some(body.store) };
        let on_behalf = submission.envelope.on_behalf.is_some();
        self.record(submission, subject, body, move |tx, body| {
            Box::pin(change(tx, body, on_behalf))
        })
        .await
    }
}

fn check(body: &StockChange) -> Result<(), KeepingError> {
    if body.lines.is_empty() {
        return Err(KeepingError::Empty);
    }
    for (n, line) in body.lines.iter().enumerate() {
        if body.lines[..n].iter().any(|earlier| earlier.batch == line.batch) {
            return Err(KeepingError::Twice(line.batch));
        }
    }
    if let Change::Disposed { how, .. } = &body.change
        && !how.is_witnessed()
    {
        return Err(KeepingError::NoWitness);
    }
    Ok(())
}

async fn change(
    tx: &RecordTx<'_>,
    body: &StockChange,
    on_behalf: bool,
) -> Result<Changed, KeepingError> {
    scope::require_store::<KeepingError>(tx.conn, &tx.actor, body.store).await?;
    require_batches(tx, body.lines.iter().map(|line| line.batch)).await?;
    require_other_side(tx, body).await?;
    let name = store_name(tx, body.store).await?;
    if on_behalf {
        ask_second_person(tx, Second::OnBehalf, body.store, &name).await?;
    }
    let posted = tx.post_fact(vec![body.draft(tx.occurred_at)]).await?;
    if is_loose(&body.change) {
        let page = format!("/records/{}", tx.id);
        let batches = body.lines.iter().map(|line| line.batch);
        held_moves::warn(tx, body.store, page, name.clone(), batches).await?;
    }
    ask_to_explain(tx, body.store, name, &posted).await?;
    Ok(Changed { movements: posted.into_iter().map(|posted| posted.id).collect() })
}

/// Whether held stock should not have done this. What a recall asks for is no news.
const fn is_loose(change: &Change) -> bool {
    match change {
        Change::Damaged | Change::Lost | Change::Found | Change::Salvaged => true,
        Change::Disposed { .. } | Change::HandedBack { .. } | Change::Collected { .. } => false,
    }
}

/// What comes back was given out of this store; what goes back goes to its own printer.
async fn require_other_side(tx: &RecordTx<'_>, body: &StockChange) -> Result<(), KeepingError> {
    match body.change {
        Change::Collected { occasion, channel } => {
            match holder(tx, Account::given(occasion, channel)).await? {
                Some(store) if store == body.store => Ok(()),
                Some(_) | None => Err(Denied::NotFound.into()),
            }
        }
        Change::HandedBack { run, .. } => {
            let other: Option<ArrivedRow> =
                Query::new("SELECT id, arrived_on FROM batch WHERE (run_id IS NULL OR run_id <> ")
                    .bind(run.uuid())
                    .push(") AND id IN ")
                    .list(body.lines.iter().map(|line| line.batch.uuid()))
                    .one(tx.conn)
                    .await?;
            other.map_or(Ok(()), |row| Err(KeepingError::OtherRun(row.id.into())))
        }
        Change::Damaged
        | Change::Lost
        | Change::Found
        | Change::Salvaged
        | Change::Disposed { .. } => Ok(()),
    }
}

#[derive(FromQueryResult)]
struct ArrivedRow {
    id: Uuid,
    arrived_on: i64,
}

/// The actor may know of every batch: it is of his organisation, or he sees somebody who held it.
/// Each had arrived somewhere by the day that the record is about.
async fn require_batches(
    tx: &RecordTx<'_>,
    batches: impl Iterator<Item = BatchId>,
) -> Result<(), KeepingError> {
    let asked: BTreeSet<BatchId> = batches.collect();
    let query = Query::new("SELECT b.id, b.arrived_on FROM batch b WHERE b.id IN ")
        .list(asked.iter().map(|batch| batch.uuid()))
        .push(" AND (b.first_store_id IN (SELECT s.id FROM store s WHERE s.org_id = ")
        .bind(tx.actor.org.uuid())
        .push(") OR ");
    let query = that_is_seen(query, &tx.actor).push(") ORDER BY b.arrived_on DESC");
    let known: Vec<ArrivedRow> = query.all(tx.conn).await?;
    if known.len() != asked.len() {
        return Err(Denied::NotFound.into());
    }
    let late = known.iter().find(|row| row.arrived_on > i64::from(tx.occurred_at.day().0));
    late.map_or(Ok(()), |row| {
        let arrived_on = Day(row.arrived_on as i32);
        Err(KeepingError::BeforeArrival { batch: row.id.into(), arrived_on })
    })
}

#[derive(FromQueryResult)]
struct NameRow {
    name: String,
}

/// The store as people call it, for the sentence of a task.
async fn store_name(tx: &RecordTx<'_>, store: StoreId) -> Result<String, RecordError> {
    let row: Option<NameRow> =
        tx.one("SELECT name FROM store WHERE id = $1", [store.uuid().into()]).await?;
    Ok(row.map(|row| row.name).unwrap_or_default())
}
