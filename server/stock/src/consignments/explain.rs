//! What became of pieces that did not arrive, or where those came from that nobody had sent.

use super::deliver::{held, insert_row};
use super::draft::may_send_to;
use super::find::find;
use super::sheet::tallies;
use super::waiting;
use crate::access::{Denied, Writer};
use crate::packs::{PackState, unpacked};
use crate::query::Query;
use crate::recall;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::account::{Account, Real};
use domain::consignment::{Rest, State};
use domain::ids::{PackId, StoreId};
use domain::ledger::{Draft, Line, MovementKind, Refusal, Shortage};
use domain::records::consignment::{Became, Explain};
use domain::role::Permission;
use domain::time::Day;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why an explanation is not posted.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("nothing to explain: it is {0:?}")]
    NotUnderWay(State),
    #[error("dated before it left on {left}")]
    BeforeDispatch { left: Day },
    #[error("only {open} pieces need an explanation")]
    TooMany { open: i64 },
    #[error("there is no such store in use, or it is one of the two on the paper")]
    WrongStore,
    /// The sender's store does not have the pieces that are said to have been loaded.
    #[error("the store does not have enough")]
    Short(Vec<Shortage>),
    /// How many the receiver's store has, its sender does not learn.
    #[error("the receiver's store does not have so many any more")]
    NotWithReceiver,
}

impl From<DbErr> for ExplainError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

impl From<Denied> for ExplainError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Explained {}

impl Writer<'_> {
    /// Explains a difference: by the sender's side or a manager.
    pub async fn explain(
        &self,
        submission: Submission,
        explain: Explain,
    ) -> Result<(), ExplainError> {
        if self.require(Permission::Reconcile).is_err() {
            self.require(Permission::Dispatch)?;
        }
        let id = explain.consignment;
        let known = find::<ExplainError>(self.stock.db.read(), &self.actor, id).await?;
        if !known.sees_from {
            return Err(Denied::NotFound.into());
        }
        let subject = Subject { kind: "consignment", id: id.uuid(), store: Some(known.from.id) };
        let submission = Submission { confirmed: true, ..submission };
        let Explained {} =
            self.record(submission, subject, explain, |tx, body| Box::pin(work(tx, body))).await?;
        Ok(())
    }
}

async fn work(tx: &RecordTx<'_>, body: &Explain) -> Result<Explained, ExplainError> {
    let id = body.consignment;
    tx.lock_consignment(id).await?;
    let known = find::<ExplainError>(tx.conn, &tx.actor, id).await?;
    let state = known.state();
    if !state.receives() {
        return Err(ExplainError::NotUnderWay(state));
    }
    if let Some((left, _)) = known.dispatched.filter(|(at, _)| tx.occurred_at.day() < at.day()) {
        return Err(ExplainError::BeforeDispatch { left: left.day() });
    }
    let tally = tallies(tx.conn, id).await?.remove(&body.batch).unwrap_or_default();
    let open = match body.became {
        Became::Lost | Became::CameBack | Became::Elsewhere(_) => tally.in_transit(),
        // Whoever keeps the store counts first (rule 11): before that, no count can be wrong.
        Became::Arrived if known.facts.latest_rest == Some(Rest::NothingMore) => tally.in_transit(),
        Became::Arrived => 0,
        Became::LoadedUnwritten | Became::CountedTooMany => tally.extra,
    };
    if body.pieces.get() > open {
        return Err(ExplainError::TooMany { open: open.max(0) });
    }
    let way = Account::in_transit(id);
    let from = known.from.id;
    let shadow = Account::Unexplained(Real::InTransit(id));
    let (kind, side, other) = match body.became {
        Became::Lost => (MovementKind::Lose, way, Account::lost(from)),
        Became::CameBack => (MovementKind::Deliver, way, Account::store(from)),
        Became::Elsewhere(store) => {
            check_other_store(tx, store, [from, known.to.id]).await?;
            (MovementKind::Deliver, way, Account::store(store))
        }
        Became::Arrived => (MovementKind::Deliver, way, Account::store(known.to.id)),
        Became::LoadedUnwritten => (MovementKind::Settle, Account::store(from), shadow),
        Became::CountedTooMany => (MovementKind::Settle, Account::store(known.to.id), shadow),
    };
    let line = Line { batch: body.batch, from: side, to: other, pieces: body.pieces };
    let drafts = vec![Draft::new(kind, body.reason, tx.occurred_at, vec![line])];
    match body.became {
        Became::LoadedUnwritten => {
            tx.post_command(drafts).await.map_err(refused)?;
        }
        Became::CountedTooMany => {
            if let Err(error) = tx.post_command(drafts).await {
                let is_short = matches!(error, RecordError::Refused(Refusal::Short(_)));
                return Err(if is_short { ExplainError::NotWithReceiver } else { error.into() });
            }
        }
        Became::Lost | Became::CameBack | Became::Elsewhere(_) | Became::Arrived => {
            tx.post_fact(drafts).await?;
        }
    }
    match body.became {
        Became::Elsewhere(store) => {
            insert_row::<ExplainError>(tx, id, store, None, true).await?;
            recall::ask_new_holder(tx, store, [body.batch]).await?;
        }
        Became::Arrived => {
            insert_row::<ExplainError>(tx, id, known.to.id, None, true).await?;
            recall::ask_new_holder(tx, known.to.id, [body.batch]).await?;
            waiting::warn_of_held(tx, &known, [body.batch]).await?;
        }
        Became::CountedTooMany => {
            insert_row::<ExplainError>(tx, id, known.to.id, None, true).await?;
        }
        Became::Lost | Became::CameBack | Became::LoadedUnwritten => {}
    }
    move_packs(tx, body, from, known.to.id).await?;
    waiting::refresh(tx, id).await?;
    Ok(Explained {})
}

async fn check_other_store(
    tx: &RecordTx<'_>,
    store: StoreId,
    paper: [StoreId; 2],
) -> Result<(), ExplainError> {
    if paper.contains(&store) || !may_send_to(tx.conn, &tx.actor, store).await? {
        return Err(ExplainError::WrongStore);
    }
    Ok(())
}

/// When nothing of the batch is on the road any more, its packs went where the pieces went; how
/// many of them are still sealed, somebody has to look.
async fn move_packs(
    tx: &RecordTx<'_>,
    body: &Explain,
    from: StoreId,
    to: StoreId,
) -> Result<(), ExplainError> {
    let id = body.consignment;
    if held(tx.conn, id).await?.get(&body.batch).is_some_and(|pieces| *pieces > 0) {
        return Ok(());
    }
    let parcels = super::deliver::parcels(tx.conn, id).await?;
    let mut packs: Vec<PackId> = parcels
        .iter()
        .filter(|parcel| parcel.batch == body.batch)
        .map(|parcel| parcel.id)
        .collect();
    tx.queue_at_stores([to]).await?;
    if body.became != Became::Arrived {
        packs.extend(not_with_receiver(tx, body, to).await?);
    }
    match body.became {
        Became::Lost => tx.set_packs(&packs, PackState::Check, Some(Account::lost(from))).await?,
        Became::CameBack => {
            tx.set_packs(&packs, PackState::Check, Some(Account::store(from))).await?;
        }
        Became::Elsewhere(store) => {
            tx.set_packs(&packs, PackState::Check, Some(Account::store(store))).await?;
        }
        Became::Arrived => {
            tx.set_packs(&packs, PackState::Check, Some(Account::store(to))).await?;
        }
        Became::LoadedUnwritten | Became::CountedTooMany => {}
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct PackRow {
    id: Uuid,
}

/// Packs that are looked for in the receiver's store, although the books have no room for them
/// there: they are where the missing pieces are.
async fn not_with_receiver(
    tx: &RecordTx<'_>,
    body: &Explain,
    to: StoreId,
) -> Result<Vec<PackId>, ExplainError> {
    let store = Account::store(to);
    let room = unpacked(tx.conn, store, [body.batch]).await?;
    let rows: Vec<PackRow> = Query::new(
        "SELECT s.pack_id AS id FROM consignment_line l JOIN pack_state s ON s.pack_id = l.pack_id
         JOIN account a ON a.id = s.account_id
         WHERE s.state = 'check' AND s.nominal > ",
    )
    .bind(room.get(&body.batch).copied().unwrap_or_default())
    .push(" AND l.consignment_id = ")
    .bind(body.consignment.uuid())
    .push(" AND l.batch_id = ")
    .bind(body.batch.uuid())
    .push(" AND ")
    .account("a", store)
    .push(" ORDER BY s.pack_id")
    .all(tx.conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// What the books hold is part of the answer, so that somebody can find the way out.
fn refused(error: RecordError) -> ExplainError {
    if let RecordError::Refused(Refusal::Short(shortages)) = error {
        ExplainError::Short(shortages)
    } else {
        ExplainError::Record(error)
    }
}
