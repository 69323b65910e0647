//! Reversals: a mistake is undone by its mirror, never by an edit (rule 2).

use super::CorrectionError;
use super::original::{Original, ReversalStep};
use crate::access::{Denied, Reader, Writer};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission, nobody_waits_for_reversed};
use crate::{consignments, events};
use domain::account::{Account, Occasion, Real};
use domain::ids::{BatchId, ConsignmentId, EventId, MovementId, RecordId};
use domain::ledger::{Draft, MovementKind, Nature, Reason, Refusal, Shortage, decide};
use domain::records::keeping::Reverse;
use domain::role::{Actor, Permission};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The longest chain of movements that is offered as one set.
const LONGEST_SET: usize = 50;

/// Movements that stand: asked for by a record, and not undone.
const STANDING: &str = "NOT m.derived AND m.kind <> 'reverse'
    AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id)";

/// The reversals that were made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reversed {
    pub movements: Vec<MovementId>,
}

/// Why movements cannot be reversed by the actor, or not yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hindrance {
    /// Only whoever recorded them may, or a manager.
    Others,
    /// Somebody else has built on them: a manager may, who is not the author.
    BuiltOn,
    /// Reversals, and what the rules derived, stay.
    Final,
    /// Later movements used the pieces: those first, or all together.
    LaterFirst,
}

#[derive(FromQueryResult)]
struct PiecesRow {
    pieces: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// What a record moved and nobody has undone, the last first.
pub(crate) async fn standing_movements(
    db: &impl ConnectionTrait,
    record: RecordId,
) -> Result<Vec<MovementId>, DbErr> {
    let rows: Vec<IdRow> = Query::new("SELECT m.id FROM movement m WHERE ")
        .push(STANDING)
        .push(" AND m.record_id = ")
        .bind(record.uuid())
        .push(" ORDER BY m.ordinal DESC")
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

impl Reader<'_> {
    /// The movements that a reversal of a whole record would undo, the last first.
    pub async fn reversible_movements(
        &self,
        record: RecordId,
    ) -> Result<Vec<MovementId>, CorrectionError> {
        let movements = standing_movements(self.stock.db.read(), record).await?;
        let mut visible = Vec::with_capacity(movements.len());
        for movement in movements {
            let db = self.stock.db.read();
            if let Some(original) = Original::load(db, movement).await?
                && original.is_visible(db, &self.actor).await?
            {
                visible.push(movement);
            }
        }
        if visible.is_empty() { Err(Denied::NotFound.into()) } else { Ok(visible) }
    }

    /// What a set of reversals would undo, as far as the actor sees it and it still stands.
    pub async fn reversal_steps(
        &self,
        movements: &[MovementId],
    ) -> Result<Vec<ReversalStep>, DbErr> {
        let db = self.stock.db.read();
        let mut steps = Vec::with_capacity(movements.len());
        for &movement in movements.iter().take(LONGEST_SET) {
            if let Some(original) = Original::load(db, movement).await?
                && !original.reversed
                && original.is_visible(db, &self.actor).await?
            {
                steps.push(original.step);
            }
        }
        Ok(steps)
    }

    /// What stands in the way of reversing all of these, as far as it can be told before: the
    /// reversal itself decides.
    pub async fn hindrance(
        &self,
        movements: &[MovementId],
    ) -> Result<Option<Hindrance>, CorrectionError> {
        let db = &self.stock.db.snapshot().await?;
        let named: BTreeSet<MovementId> = movements.iter().take(LONGEST_SET).copied().collect();
        let mut left: BTreeMap<(Account, BatchId), i64> = BTreeMap::new();
        for &movement in &named {
            let Some(original) = Original::load(db, movement).await? else { continue };
            match check(db, &self.actor, &original, &named).await {
                Ok(()) => {}
                Err(CorrectionError::BuiltOn) => return Ok(Some(Hindrance::BuiltOn)),
                Err(CorrectionError::NotReversible(_)) => return Ok(Some(Hindrance::Final)),
                Err(CorrectionError::AlreadyReversed(_)) => continue,
                Err(CorrectionError::Record(RecordError::Denied(Denied::NotAllowed(_)))) => {
                    return Ok(Some(Hindrance::Others));
                }
                Err(error) => return Err(error),
            }
            for line in &original.lines {
                *left.entry((line.to, line.batch)).or_default() -= line.pieces.get();
                *left.entry((line.from, line.batch)).or_default() += line.pieces.get();
            }
        }
        for ((account, batch), change) in left {
            if account.real().is_some() && on_hand(db, account, batch).await? + change < 0 {
                return Ok(Some(Hindrance::LaterFirst));
            }
        }
        Ok(None)
    }
}

async fn on_hand(
    db: &impl ConnectionTrait,
    account: Account,
    batch: BatchId,
) -> Result<i64, DbErr> {
    let row: Option<PiecesRow> = Query::new(
        "SELECT b.pieces FROM balance b JOIN account a ON a.id = b.account_id WHERE b.batch_id = ",
    )
    .bind(batch.uuid())
    .push(" AND ")
    .account("a", account)
    .one(db)
    .await?;
    Ok(row.map_or(0, |row| row.pieces))
}

impl Writer<'_> {
    /// Reverses movements as one set: all of them or none.
    ///
    /// # Errors
    /// [`CorrectionError::ReverseFirst`] names the whole set when later movements use the pieces;
    /// send that back as one record to undo them together.
    pub async fn reverse(
        &self,
        submission: Submission,
        body: Reverse,
    ) -> Result<Reversed, CorrectionError> {
        let first = body.movements.first().ok_or(CorrectionError::Empty)?;
        let subject = Subject { kind: "movement", id: first.uuid(), store: None };
        self.record(submission, subject, body, |tx, body| Box::pin(reverse(tx, body))).await
    }
}

async fn reverse(tx: &RecordTx<'_>, body: &Reverse) -> Result<Reversed, CorrectionError> {
    let named: BTreeSet<MovementId> = body.movements.iter().copied().collect();
    tx.queue_at_movements(&named).await?;
    let mut originals = Vec::with_capacity(named.len());
    for &movement in &named {
        let original = Original::load(tx.conn, movement).await?.ok_or(Denied::NotFound)?;
        check(tx.conn, &tx.actor, &original, &named).await?;
        originals.push(original);
    }
    // Packs go back to the shelves from which they were taken.
    tx.queue_at_stores(originals.iter().flat_map(|original| original.holders()).copied()).await?;
    let documents = Documents::of(&originals);
    documents.lock(tx).await?;
    match tx.post_command(drafts(&originals, body.reason)).await {
        Ok(posted) => {
            documents.refresh(tx).await?;
            let records: BTreeSet<RecordId> = originals.iter().map(|o| o.step.record).collect();
            tx.put_packs_back(&records).await?;
            for record in records {
                nobody_waits_for_reversed(tx, record).await?;
            }
            let reversals = posted.iter().filter(|posted| posted.movement.reverses.is_some());
            Ok(Reversed { movements: reversals.map(|posted| posted.id).collect() })
        }
        Err(RecordError::Refused(Refusal::Short(short))) => {
            Err(way_out(tx, originals, body.reason, short).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The papers that stand elsewhere after a reversal.
struct Documents {
    roads: BTreeSet<ConsignmentId>,
    events: BTreeSet<EventId>,
}

impl Documents {
    fn of(originals: &[Original]) -> Self {
        let (mut roads, mut events) = (BTreeSet::new(), BTreeSet::new());
        let lines = originals.iter().flat_map(|original| &original.lines);
        for account in lines.flat_map(|line| [line.from, line.to]) {
            let (Account::Real(real) | Account::Unexplained(real)) = account else { continue };
            match real {
                Real::InTransit(road) => {
                    roads.insert(road);
                }
                Real::AtEvent(event) | Real::Given(Occasion::Event(event), _) => {
                    events.insert(event);
                }
                Real::Given(Occasion::Drop(_), _)
                | Real::Store(_)
                | Real::Damaged(_)
                | Real::Lost(_)
                | Real::Disposed(_) => {}
            }
        }
        Self { roads, events }
    }

    /// Whoever else records something about them waits: each sees what the other did. Before
    /// anything is posted, like everybody who records something about them.
    async fn lock(&self, tx: &RecordTx<'_>) -> Result<(), RecordError> {
        for road in &self.roads {
            tx.lock_consignment(*road).await?;
        }
        for event in &self.events {
            tx.lock_event(*event).await?;
        }
        Ok(())
    }

    /// What was on the road may be on the road again, an event may not have been held after all.
    async fn refresh(&self, tx: &RecordTx<'_>) -> Result<(), RecordError> {
        for road in &self.roads {
            consignments::waiting::refresh(tx, *road).await?;
        }
        for event in &self.events {
            events::picture::keep(tx.conn, *event).await?;
        }
        Ok(())
    }
}

fn drafts(originals: &[Original], reason: Reason) -> Vec<Draft> {
    originals.iter().map(|original| original.reversal(reason)).collect()
}

async fn check(
    db: &impl ConnectionTrait,
    actor: &Actor,
    original: &Original,
    set: &BTreeSet<MovementId>,
) -> Result<(), CorrectionError> {
    let movement = original.step.movement;
    if !original.is_visible(db, actor).await? {
        return Err(Denied::NotFound.into());
    }
    if original.reversed {
        return Err(CorrectionError::AlreadyReversed(movement));
    }
    if original.derived || original.step.kind == MovementKind::Reverse {
        return Err(CorrectionError::NotReversible(movement));
    }
    check_author(db, actor, original, set).await
}

/// The author may until somebody else has built on it; then a manager who is not the author.
async fn check_author(
    db: &impl ConnectionTrait,
    actor: &Actor,
    original: &Original,
    set: &BTreeSet<MovementId>,
) -> Result<(), CorrectionError> {
    let Actor { user, role, .. } = actor;
    let is_author = original.step.author == *user;
    if !is_author {
        return match role.may(Permission::Reconcile) {
            true => Ok(()),
            false => Err(Denied::NotAllowed(Permission::Reconcile).into()),
        };
    }
    if !role.moves_pieces() {
        return Err(Denied::NotAllowed(Permission::KeepStore).into());
    }
    for line in &original.lines {
        let later: Vec<IdRow> = users(line.to, line.batch)
            .push(" AND r.recorded_at > ")
            .bind(original.recorded_at.0)
            .push(" AND r.actor_id <> ")
            .bind(user.uuid())
            .all(db)
            .await?;
        if later.iter().any(|row| !set.contains(&MovementId::new(row.id))) {
            return Err(CorrectionError::BuiltOn);
        }
    }
    Ok(())
}

/// Standing movements that took pieces of a batch out of an account.
fn users(account: Account, batch: BatchId) -> Query {
    Query::new(
        "SELECT m.id FROM line l JOIN movement m ON m.id = l.movement_id
         JOIN record r ON r.id = m.record_id JOIN account a ON a.id = l.from_id WHERE ",
    )
    .push(STANDING)
    .push(" AND l.batch_id = ")
    .bind(batch.uuid())
    .push(" AND ")
    .account("a", account)
}

/// The whole set that has to be undone together: later movements that took the pieces, added
/// until the books carry it. What the actor does not see is not named: others have built on it.
async fn way_out(
    tx: &RecordTx<'_>,
    mut set: Vec<Original>,
    reason: Reason,
    mut short: Vec<Shortage>,
) -> Result<CorrectionError, CorrectionError> {
    while set.len() < LONGEST_SET {
        if !add_users(tx, &mut set, &short).await? {
            return Ok(RecordError::Refused(Refusal::Short(short)).into());
        }
        let drafts = drafts(&set, reason);
        let books = tx.load_books(&drafts, &[]).await?;
        match decide(&books, &drafts, &[], Nature::Command) {
            Ok(_) => break,
            Err(Refusal::Short(still)) => short = still,
            Err(refusal) => return Ok(RecordError::from(refusal).into()),
        }
    }
    set.sort_by_key(|original| std::cmp::Reverse(original.recorded_at));
    Ok(CorrectionError::ReverseFirst(set.into_iter().map(|original| original.step).collect()))
}

/// Adds the newest movements that took what is short; false when there are none left.
async fn add_users(
    tx: &RecordTx<'_>,
    set: &mut Vec<Original>,
    short: &[Shortage],
) -> Result<bool, CorrectionError> {
    let before = set.len();
    for shortage in short {
        let account = Account::Real(shortage.account);
        let mut lacking = shortage.requested - shortage.available;
        let users: Vec<IdRow> = users(account, shortage.batch)
            .push(" ORDER BY r.recorded_at DESC, m.ordinal DESC LIMIT 100")
            .all(tx.conn)
            .await?;
        for row in users {
            let movement = MovementId::new(row.id);
            if lacking <= 0 {
                break;
            }
            if set.iter().any(|original| original.step.movement == movement) {
                continue;
            }
            if let Some(original) = Original::load(tx.conn, movement).await? {
                if !original.is_visible(tx.conn, &tx.actor).await? {
                    return Err(CorrectionError::BuiltOn);
                }
                lacking -= original.taken(account, shortage.batch);
                set.push(original);
            }
        }
    }
    Ok(set.len() > before)
}
