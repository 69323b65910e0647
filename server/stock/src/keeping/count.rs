//! Counts: one person counts, another approves, and what was counted stays counted (rule 8).

use super::{Changed, KeepingError, require_batches, store_name};
use crate::access::{Denied, Reader, Writer, scope};
use crate::movements::Posting;
use crate::query::Query;
use crate::records::{Outcome, RecordTx, Subject, Submission};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::account::Account;
use domain::ids::{BatchId, RecordId, StoreId};
use domain::ledger::{CountTo, Nature};
use domain::pieces::MOST_PIECES;
use domain::records::keeping::{ApproveCount, Count, Counted, DeclineCount};
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a count sheet lists: every batch that the books know of in the store.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CountSheet {
    pub batch_id: Uuid,
    pub batch_code: String,
    pub short_number: String,
    pub title: String,
    pub outside_name: String,
    pub pieces_per_bundle: i64,
    pub bundles_per_carton: i64,
}

/// One line of a count beside what the books say for the same moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountLine {
    pub batch: BatchId,
    pub batch_code: String,
    pub title: String,
    pub counted: i64,
    pub in_books: i64,
}

#[derive(FromQueryResult)]
struct CountRow {
    body: String,
    actor_id: Uuid,
    occurred_at: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    count: RecordId,
}

#[derive(FromQueryResult)]
struct BatchLevel {
    id: Uuid,
    code: String,
    title: String,
    pieces: i64,
}

impl Writer<'_> {
    /// Records a count: kept until somebody else approves it.
    pub async fn count_stock(
        &self,
        submission: Submission,
        body: Count,
    ) -> Result<RecordId, KeepingError> {
        self.require(Permission::KeepStore)?;
        check(&body)?;
        let id = body.store.uuid();
        let subject = Subject { kind: "store", id, store: Some(body.store) };
        let kept: Kept =
            self.record(submission, subject, body, |tx, body| Box::pin(keep(tx, body))).await?;
        Ok(kept.count)
    }

    /// Approves what another person counted; the books then say so for that moment.
    pub async fn approve_count(
        &self,
        submission: Submission,
        body: ApproveCount,
    ) -> Result<Changed, KeepingError> {
        self.require(Permission::Confirm)?;
        let store = self.reader().store_of_count(body.count).await?;
        let subject = Subject { kind: "count", id: body.count.uuid(), store: Some(store) };
        self.record(submission, subject, body, |tx, body| Box::pin(approve(tx, body))).await
    }

    /// Does not believe what another person counted: it changes nothing, and stays visible.
    pub async fn decline_count(
        &self,
        submission: Submission,
        body: DeclineCount,
    ) -> Result<Changed, KeepingError> {
        self.require(Permission::Confirm)?;
        let store = self.reader().store_of_count(body.count).await?;
        let subject = Subject { kind: "count", id: body.count.uuid(), store: Some(store) };
        self.record(submission, subject, body, |tx, body| Box::pin(decline(tx, body))).await
    }
}

fn check(body: &Count) -> Result<(), KeepingError> {
    if body.lines.is_empty() {
        return Err(KeepingError::Empty);
    }
    for (n, line) in body.lines.iter().enumerate() {
        if body.lines[..n].iter().any(|earlier| earlier.batch == line.batch) {
            return Err(KeepingError::Twice(line.batch));
        }
        if !(0..=MOST_PIECES).contains(&line.pieces) {
            return Err(KeepingError::Record(domain::ledger::Refusal::TooMany.into()));
        }
    }
    Ok(())
}

async fn keep(tx: &RecordTx<'_>, body: &Count) -> Result<Kept, KeepingError> {
    scope::require_store::<KeepingError>(tx.conn, &tx.actor, body.store).await?;
    require_batches(tx, body.lines.iter().map(|line| line.batch)).await?;
    tx.set_outcome(Outcome::Kept);
    let audience = Audience {
        not_person: Some(tx.actor.user),
        permission: Some(Permission::Confirm),
        store: Some(body.store),
        ..Audience::default()
    };
    let (kind, page) = (TaskKind::ApproveCount, page(tx.id));
    let what = store_name(tx, body.store).await?;
    let task = NewTask { kind, page, what, audience, due_at: None };
    tasks::open(tx.conn, tx.world.as_ref(), &task).await?;
    Ok(Kept { count: tx.id })
}

/// Where a count is looked at and decided.
fn page(count: RecordId) -> String {
    format!("/counts/{count}")
}

/// The count that this record decides: not decided before, and not counted by the same person.
async fn undecided(tx: &RecordTx<'_>, count: RecordId) -> Result<CountRow, KeepingError> {
    let counted: Option<CountRow> = Query::new(
        "SELECT r.body, r.actor_id, r.occurred_at FROM record r
         WHERE r.kind = 'count' AND NOT EXISTS (
            SELECT 1 FROM record a WHERE a.kind IN ('approve_count', 'decline_count')
                AND a.subject_id = r.id AND a.id <> ",
    )
    .bind(tx.id.uuid())
    .push(") AND ")
    .condition(|next| scope::stores(&tx.actor, "r.store_id", next))
    .push(" AND r.id = ")
    .bind(count.uuid())
    .one(tx.conn)
    .await?;
    let counted = counted.ok_or(KeepingError::AlreadyDecided)?;
    if counted.actor_id == tx.actor.user.uuid() {
        return Err(KeepingError::OwnCount);
    }
    let (user, now) = (tx.actor.user, tx.recorded_at);
    tasks::close(tx.conn, TaskKind::ApproveCount, &page(count), user, now).await?;
    Ok(counted)
}

async fn decline(tx: &RecordTx<'_>, body: &DeclineCount) -> Result<Changed, KeepingError> {
    undecided(tx, body.count).await?;
    Ok(Changed { movements: Vec::new() })
}

async fn approve(tx: &RecordTx<'_>, body: &ApproveCount) -> Result<Changed, KeepingError> {
    let counted = undecided(tx, body.count).await?;
    let count = counted.count()?;
    let moment = Millis(counted.occurred_at);
    let mut counts = Vec::with_capacity(count.lines.len());
    for line in &count.lines {
        if another_anchor(tx, count.store, line.batch, moment).await? {
            return Err(KeepingError::SameMoment);
        }
        counts.push(CountTo {
            store: count.store,
            batch: line.batch,
            counted: line.pieces,
            moment,
            record: body.count,
            reason: body.reason,
        });
    }
    let posted = tx.post(Posting { drafts: Vec::new(), counts }, Nature::Fact).await?;
    Ok(Changed { movements: posted.into_iter().map(|posted| posted.id).collect() })
}

async fn another_anchor(
    tx: &RecordTx<'_>,
    store: StoreId,
    batch: BatchId,
    moment: Millis,
) -> Result<bool, DbErr> {
    Query::new("SELECT 1 FROM count_anchor WHERE store_id = ")
        .bind(store.uuid())
        .push(" AND batch_id = ")
        .bind(batch.uuid())
        .push(" AND moment = ")
        .bind(moment.0)
        .finds(tx.conn)
        .await
}

impl CountRow {
    fn count(&self) -> Result<Count, DbErr> {
        serde_json::from_str(&self.body)
            .map_err(|error| DbErr::Custom(format!("a stored count cannot be read: {error}")))
    }
}

impl Reader<'_> {
    /// What to count in a store: every batch that the books know of there, without the numbers,
    /// so that nobody counts what he expects.
    pub async fn count_sheet(&self, store: StoreId) -> Result<Vec<CountSheet>, KeepingError> {
        let db = self.stock.db.read();
        scope::require_store::<KeepingError>(db, &self.actor, store).await?;
        let rows = Query::new(
            "SELECT b.id AS batch_id, b.code AS batch_code, m.short_number, m.title,
                m.outside_name, m.pieces_per_bundle, m.bundles_per_carton
             FROM account a JOIN balance l ON l.account_id = a.id
                AND l.on_hand AND l.pieces <> 0
             JOIN batch b ON b.id = l.batch_id JOIN material m ON m.id = b.material_id
             WHERE a.kind = 'store' AND NOT a.shadow AND a.owner_id = ",
        )
        .bind(store.uuid())
        .push(" ORDER BY m.short_number, b.arrived_on, b.code")
        .all(db)
        .await?;
        Ok(rows)
    }

    /// What was counted, in its order, beside what the books say for the same moment.
    pub(super) async fn count_lines(
        &self,
        count: &Count,
        moment: Millis,
    ) -> Result<Vec<CountLine>, DbErr> {
        let later = |query: Query, end: &str| {
            query
                .push("COALESCE((SELECT SUM(l.pieces) FROM line l WHERE l.")
                .push(end)
                .push(" = a.id AND l.batch_id = b.id AND l.local_day >= ")
                .bind(i64::from(moment.day().0))
                .push(" AND l.occurred_at > ")
                .bind(moment.0)
                .push("), 0)")
        };
        let query = Query::new(
            "SELECT b.id, b.code, m.title, CAST(COALESCE((SELECT k.pieces FROM balance k
                WHERE k.account_id = a.id AND k.batch_id = b.id), 0) + ",
        );
        let query = later(later(query, "from_id").push(" - "), "to_id");
        let rows: Vec<BatchLevel> = query
            .push(
                " AS BIGINT) AS pieces
                 FROM batch b JOIN material m ON m.id = b.material_id
                 LEFT JOIN account a ON ",
            )
            .account("a", Account::store(count.store))
            .push(" WHERE b.id IN ")
            .list(count.lines.iter().map(|line| line.batch.uuid()))
            .all(self.stock.db.read())
            .await?;
        let mut found: BTreeMap<Uuid, BatchLevel> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let line = |line: &Counted| {
            let unknown = || DbErr::RecordNotFound(line.batch.to_string());
            let BatchLevel { code, title, pieces, .. } =
                found.remove(&line.batch.uuid()).ok_or_else(unknown)?;
            Ok(CountLine {
                batch: line.batch,
                batch_code: code,
                title,
                counted: line.pieces,
                in_books: pieces,
            })
        };
        count.lines.iter().map(line).collect()
    }

    async fn store_of_count(&self, count: RecordId) -> Result<StoreId, KeepingError> {
        let row: Option<StoreRow> = Query::new(
            "SELECT r.store_id FROM record r WHERE r.kind = 'count' AND r.store_id IS NOT NULL
             AND r.id = ",
        )
        .bind(count.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "r.store_id", next))
        .one(self.stock.db.read())
        .await?;
        row.map(|row| StoreId::new(row.store_id)).ok_or_else(|| Denied::NotFound.into())
    }
}

#[derive(FromQueryResult)]
struct StoreRow {
    store_id: Uuid,
}
