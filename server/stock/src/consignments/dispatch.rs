//! It leaves: a command, refused with what there is when the store cannot carry it.

use super::draft::DraftError;
use super::find::find_sent;
use super::shelf::{Way, may_not_leave, shelf, taken};
use super::waiting;
use crate::access::Writer;
use crate::packs::PackState;
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::account::Account;
use domain::code::Code;
use domain::consignment::{Blocked, Sealed, State, open_for};
use domain::ids::{BatchId, ConsignmentId, PackId};
use domain::ledger::{Draft, Line, MovementKind, Reason, Refusal, Shortage};
use domain::pieces::Pieces;
use domain::records::consignment::{Dispatch, DispatchLine};
use domain::role::Permission;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A consignment that left.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Away {
    pub number: String,
    pub pieces: i64,
    pub packs: i64,
    /// Packs that stay in the store, opened for the loose pieces.
    pub opened: i64,
}

/// Why a consignment cannot leave.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("it is no longer a draft but {0:?}")]
    NotDraft(State),
    #[error("nothing is on it")]
    Empty,
    #[error("more than 1,000,000,000 pieces of a batch")]
    TooMany,
    /// Somebody changed the draft while it was being sent.
    #[error("the draft was changed meanwhile")]
    Changed,
    #[error("some batches may not be sent")]
    Blocked(Vec<(Code, Blocked)>),
    #[error("some packs are no longer sealed in the store")]
    PacksGone(Vec<Code>),
    #[error("the store does not have enough")]
    Short(Vec<Shortage>),
}

impl From<sea_orm::DbErr> for DispatchError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Record(error.into())
    }
}

impl From<crate::access::Denied> for DispatchError {
    fn from(denied: crate::access::Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DraftError> for DispatchError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Denied(denied) => Self::Record(denied.into()),
            DraftError::Database(error) => Self::Record(error.into()),
            DraftError::NotDraft(state) => Self::NotDraft(state),
            DraftError::SameStore
            | DraftError::UnknownReceiver
            | DraftError::UnknownSender
            | DraftError::OtherTrip
            | DraftError::SavedBefore => Self::Changed,
        }
    }
}

#[derive(FromQueryResult)]
struct CodeOf {
    code: String,
    id: Uuid,
}

impl Writer<'_> {
    /// Sends a draft on its way: store → in transit, with its packs.
    pub async fn dispatch(
        &self,
        submission: Submission,
        id: ConsignmentId,
    ) -> Result<Away, DispatchError> {
        self.require(Permission::Dispatch)?;
        let db = self.stock.db.read();
        let known = find_sent::<DispatchError>(db, &self.actor, id).await?;
        let lines = dispatch_lines(db, id).await?;
        let (from, to) = (known.from.id, known.to.id);
        self.dispatch_as_said(submission, Dispatch { consignment: id, from, to, lines }).await
    }

    /// The same for whoever says what leaves; refused when the draft says something else.
    pub async fn dispatch_as_said(
        &self,
        submission: Submission,
        body: Dispatch,
    ) -> Result<Away, DispatchError> {
        self.require(Permission::Dispatch)?;
        let id = body.consignment;
        let known = find_sent::<DispatchError>(self.stock.db.read(), &self.actor, id).await?;
        let subject = Subject { kind: "consignment", id: id.uuid(), store: Some(known.from.id) };
        self.record(submission, subject, body, |tx, body| Box::pin(dispatch(tx, body))).await
    }
}

/// The lines of a draft by batch, as the record says them. A draft that has left keeps them.
async fn dispatch_lines(
    db: &impl sea_orm::ConnectionTrait,
    id: ConsignmentId,
) -> Result<Vec<DispatchLine>, DispatchError> {
    let mut batches: BTreeMap<BatchId, (BTreeSet<PackId>, i64)> = BTreeMap::new();
    for line in taken(db, id).await? {
        let (packs, pieces) = batches.entry(line.batch).or_default();
        packs.extend(line.pack);
        *pieces += line.pieces;
    }
    batches
        .into_iter()
        .map(|(batch, (packs, pieces))| {
            let pieces = Pieces::new(pieces).map_err(|_| DispatchError::TooMany)?;
            Ok(DispatchLine { batch, packs: packs.into_iter().collect(), pieces })
        })
        .collect()
}

async fn dispatch(tx: &RecordTx<'_>, body: &Dispatch) -> Result<Away, DispatchError> {
    let id = body.consignment;
    tx.lock_consignment(id).await?;
    let known = find_sent::<DispatchError>(tx.conn, &tx.actor, id).await?;
    let state = known.state();
    if state != State::Draft {
        return Err(DispatchError::NotDraft(state));
    }
    if body.lines.is_empty() {
        return Err(DispatchError::Empty);
    }
    let unchanged = dispatch_lines(tx.conn, id).await? == body.lines;
    if !unchanged || (known.from.id, known.to.id) != (body.from, body.to) {
        return Err(DispatchError::Changed);
    }
    check_blocked(tx, body).await?;
    check_packs(tx, body).await?;
    let opened = open_for_loose(tx, body).await?;
    let (from, way) = (Account::store(body.from), Account::in_transit(id));
    let lines = body
        .lines
        .iter()
        .map(|line| Line { batch: line.batch, from, to: way, pieces: line.pieces })
        .collect();
    let draft = Draft::new(MovementKind::Dispatch, Reason::Planned, tx.occurred_at, lines);
    tx.post_command(vec![draft]).await.map_err(refused)?;
    let packs: Vec<PackId> = body.lines.iter().flat_map(|line| line.packs.clone()).collect();
    tx.move_packs(&packs, way).await?;
    waiting::refresh(tx, id).await?;
    Ok(Away {
        number: known.number,
        pieces: body.lines.iter().map(|line| line.pieces.get()).sum(),
        packs: packs.len() as i64,
        opened,
    })
}

const fn way(body: &Dispatch) -> Way {
    Way { from: body.from, to: body.to }
}

async fn check_blocked(tx: &RecordTx<'_>, body: &Dispatch) -> Result<(), DispatchError> {
    let batches = body.lines.iter().map(|line| line.batch);
    let blocked = may_not_leave(tx.conn, way(body), batches).await?;
    if blocked.is_empty() {
        return Ok(());
    }
    let codes: Vec<CodeOf> = Query::new("SELECT code, id FROM batch WHERE id IN ")
        .list(blocked.keys().map(|batch| batch.uuid()))
        .all(tx.conn)
        .await?;
    let named = codes.iter().filter_map(|row| {
        let why = blocked.get(&BatchId::new(row.id))?;
        Some((Code::parse(&row.code).ok()?, *why))
    });
    Err(DispatchError::Blocked(named.collect()))
}

/// All packs are sealed in the store.
async fn check_packs(tx: &RecordTx<'_>, body: &Dispatch) -> Result<(), DispatchError> {
    let shelf = shelf(tx.conn, way(body), &BTreeSet::new()).await?;
    let packs = body.lines.iter().flat_map(|line| &line.packs);
    let gone: Vec<PackId> =
        packs.copied().filter(|pack| !shelf.nominal.contains_key(pack)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let codes: Vec<CodeOf> = Query::new("SELECT code, id FROM pack WHERE id IN ")
        .list(gone.iter().map(|pack| pack.uuid()))
        .push(" ORDER BY code")
        .all(tx.conn)
        .await?;
    let codes = codes.iter().filter_map(|row| Code::parse(&row.code).ok());
    Err(DispatchError::PacksGone(codes.collect()))
}

/// Opens packs that stay, as far as the loose pieces need it; gives how many. A carton with
/// labelled bundles is opened first, then those of its bundles that are needed.
async fn open_for_loose(tx: &RecordTx<'_>, body: &Dispatch) -> Result<i64, DispatchError> {
    let mut opened = 0;
    for _ in ["cartons and bundles", "bundles that were in cartons"] {
        let shelf = shelf(tx.conn, way(body), &BTreeSet::new()).await?;
        let mut open: BTreeSet<PackId> = BTreeSet::new();
        for line in &body.lines {
            let Some((_, on_hand)) = shelf.batches.get(&line.batch) else { continue };
            let nominal: i64 = on_hand.sealed.iter().map(|pack| pack.nominal).sum();
            let (taken, left): (Vec<Sealed>, Vec<Sealed>) =
                on_hand.sealed.iter().copied().partition(|sealed| line.packs.contains(&sealed.id));
            let in_packs: i64 = taken.iter().map(|pack| pack.nominal).sum();
            open.extend(open_for(&left, on_hand.free - nominal, line.pieces.get() - in_packs));
        }
        if open.is_empty() {
            break;
        }
        opened += open.len() as i64;
        tx.open_cartons(&open).await?;
        let open: Vec<PackId> = open.into_iter().collect();
        tx.set_packs(&open, PackState::Opened, Some(Account::store(body.from))).await?;
    }
    Ok(opened)
}

/// What the books hold is part of the answer, so that somebody can find the way out.
fn refused(error: RecordError) -> DispatchError {
    if let RecordError::Refused(Refusal::Short(shortages)) = error {
        DispatchError::Short(shortages)
    } else {
        DispatchError::Record(error)
    }
}
