//! What is unexplained, and the command that explains it.

use super::CorrectionError;
use crate::access::{Denied, Reader, Writer, scope};
use crate::movements::{AccountRow, Posted, holder};
use crate::query::Query;
use crate::records::{LineEnd, RecordError, RecordTx, Subject, Submission};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::account::{Account, Real};
use domain::ids::{BatchId, MovementId, RecordId, RunId, StoreId};
use domain::ledger::{MovementKind, ShadowLine, oldest};
use domain::records::keeping::Settle;
use domain::role::Permission;
use domain::time::Day;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many of them are listed.
const MOST_OPEN: usize = 500;

/// A real account whose shadow is not zero.
#[derive(Clone, Debug)]
pub struct Unexplained {
    pub of: Real,
    /// The row of the shadow: a name for it in addresses.
    pub account: i64,
    /// The record of the oldest of them.
    pub record: Option<RecordId>,
    pub batch: BatchId,
    pub batch_code: String,
    pub material_title: String,
    pub holder: StoreId,
    pub holder_name: String,
    /// Below zero: so many pieces left an account that did not have them. Above zero: explained
    /// twice.
    pub pieces: i64,
    /// The day of the oldest of them: what was explained explains the oldest first.
    pub since: Day,
    /// How many of the pieces are of that day; the others are of later days.
    pub oldest: i64,
}

/// An account that the pieces may have come from.
#[derive(Clone, Debug)]
pub struct ExplainedBy {
    pub end: LineEnd,
    /// It had none of them yet on the day since which they are unexplained.
    pub only_later: bool,
    /// What it has of them now; a source outside the books has no number.
    pub pieces: Option<i64>,
}

#[derive(FromQueryResult, Clone)]
struct ShadowRow {
    id: i64,
    kind: String,
    owner_id: Uuid,
    channel: String,
    shadow: bool,
    holder_id: Option<Uuid>,
    batch_id: Uuid,
    batch_code: String,
    material_title: String,
    holder_name: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct LineRow {
    #[sea_orm(nested)]
    shadow: ShadowRow,
    day: i64,
    lacked: i64,
    derived: bool,
    record_id: Uuid,
}

#[derive(FromQueryResult)]
struct OriginRow {
    run_id: Option<Uuid>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Settled {
    movement: Option<MovementId>,
}

impl Reader<'_> {
    /// Every account that lacked pieces which nobody has explained, the oldest first.
    pub async fn unexplained(&self) -> Result<Vec<Unexplained>, CorrectionError> {
        let mut open = self.open(None).await?;
        open.sort_by_key(|one| (one.since, one.batch));
        open.truncate(MOST_OPEN);
        Ok(open)
    }

    /// One of them, with the accounts that can explain it.
    pub async fn explainable(
        &self,
        account: i64,
        batch: BatchId,
    ) -> Result<(Unexplained, Vec<ExplainedBy>), CorrectionError> {
        let db = self.stock.db.read();
        let open = self.open(Some((account, batch))).await?.pop().ok_or(Denied::NotFound)?;
        let explains = |real: Real| match real {
            Real::Store(_) | Real::InTransit(_) | Real::AtEvent(_) | Real::Damaged(_) => true,
            Real::Lost(_) => true,
            // What was given out or destroyed did not come back unseen.
            Real::Given(..) | Real::Disposed(_) => open.pieces > 0,
        };
        let then = self.places_on(batch, open.since).await?;
        let mut ends: Vec<ExplainedBy> = self
            .whereabouts(batch)
            .await?
            .into_iter()
            .filter(|place| place.account.real().is_some_and(|r| r != open.of && explains(r)))
            .map(|place| ExplainedBy {
                only_later: open.pieces < 0 && !then.contains(&place.account),
                pieces: Some(place.pieces),
                end: LineEnd { account: place.account, holder_name: place.holder_name },
            })
            .collect();
        let holder_name = open.holder_name.clone();
        let origin: Option<OriginRow> =
            Query::new("SELECT run_id FROM batch WHERE id = ").bind(batch.uuid()).one(db).await?;
        let source = match origin.and_then(|row| row.run_id) {
            Some(run) => {
                LineEnd { account: Account::Printer(run.into()), holder_name: String::new() }
            }
            None => {
                LineEnd { account: Account::Opening(open.holder), holder_name: holder_name.clone() }
            }
        };
        let difference = Account::CountDifference(open.holder);
        let sources = [source, LineEnd { account: difference, holder_name }];
        ends.extend(sources.map(|end| ExplainedBy { end, only_later: false, pieces: None }));
        ends.sort_by_key(|by| by.only_later);
        Ok((open, ends))
    }

    /// The accounts that had pieces of a batch at the end of a day, of those that have some now.
    async fn places_on(&self, batch: BatchId, day: Day) -> Result<Vec<Account>, DbErr> {
        let until = |end: &str| {
            format!(
                "COALESCE((SELECT CAST(SUM(l.pieces) AS BIGINT) FROM line l
                    WHERE l.{end} = a.id AND l.batch_id = b.batch_id AND l.local_day <= {}), 0)",
                day.0
            )
        };
        let rows: Vec<AccountRow> = Query::new(
            "SELECT a.id, a.kind, a.owner_id, a.channel, a.shadow, a.holder_id
             FROM balance b JOIN account a ON a.id = b.account_id
             WHERE b.pieces <> 0 AND NOT a.shadow AND b.batch_id = ",
        )
        .bind(batch.uuid())
        .push(&format!(" AND {} > {}", until("to_id"), until("from_id")))
        .all(self.stock.db.read())
        .await?;
        rows.iter().map(AccountRow::account).collect()
    }

    /// Every shadow that is not zero, or the one that is named.
    async fn open(&self, only: Option<(i64, BatchId)>) -> Result<Vec<Unexplained>, DbErr> {
        // A cross join, because SQLite keeps its order: else it begins with every line there is.
        let lines = |query: Query, end: &str, lacked: &str| {
            let query = query
                .push(&format!(
                    "SELECT a.id AS id, a.kind, a.owner_id, a.channel, a.shadow, a.holder_id,
                        b.batch_id AS batch_id, t.code AS batch_code, m.title AS material_title,
                        s.name AS holder_name, b.pieces, l.id AS line_id, l.local_day AS day,
                        {lacked} AS lacked, v.derived, v.record_id
                     FROM balance b JOIN account a ON a.id = b.account_id
                     JOIN batch t ON t.id = b.batch_id JOIN material m ON m.id = t.material_id
                     JOIN store s ON s.id = a.holder_id
                     CROSS JOIN line l JOIN movement v ON v.id = l.movement_id
                     WHERE l.{end} = b.account_id AND l.batch_id = b.batch_id
                        AND b.signed AND a.shadow AND b.pieces <> 0 AND "
                ))
                .condition(|next| scope::stores(&self.actor, "a.holder_id", next));
            match only {
                None => query,
                Some((account, batch)) => query
                    .push(" AND a.id = ")
                    .bind(account)
                    .push(" AND b.batch_id = ")
                    .bind(batch.uuid()),
            }
        };
        let query = lines(Query::new(""), "from_id", "l.pieces").push(" UNION ALL ");
        let query = lines(query, "to_id", "-l.pieces").push(" ORDER BY id, batch_id, day, line_id");
        let rows: Vec<LineRow> = query.all(self.stock.db.read()).await?;
        let shadow = |row: &LineRow| (row.shadow.id, row.shadow.batch_id);
        rows.chunk_by(|one, next| shadow(one) == shadow(next)).map(unexplained).collect()
    }
}

/// The rows of one shadow, in the order of time.
fn unexplained(rows: &[LineRow]) -> Result<Unexplained, DbErr> {
    let shadow = rows[0].shadow.clone();
    let ShadowRow { id, kind, owner_id, channel, shadow: is_shadow, holder_id, .. } = shadow;
    let row = AccountRow { id, kind, owner_id, channel, shadow: is_shadow, holder_id };
    let Account::Unexplained(of) = row.account()? else {
        return Err(DbErr::Type(format!("account {id} is not a shadow")));
    };
    let line = |row: &LineRow| ShadowLine {
        day: Day(row.day as i32),
        lacked: row.lacked,
        derived: row.derived,
        record: row.record_id.into(),
    };
    let lines: Vec<ShadowLine> = rows.iter().map(line).collect();
    let Some(oldest) = oldest(&lines) else {
        return Err(DbErr::Type(format!("account {id} has a balance and no lines of it")));
    };
    Ok(Unexplained {
        of,
        account: id,
        record: Some(oldest.record),
        batch: shadow.batch_id.into(),
        batch_code: shadow.batch_code,
        material_title: shadow.material_title,
        holder: StoreId::new(holder_id.unwrap_or_default()),
        holder_name: shadow.holder_name,
        pieces: shadow.pieces,
        since: oldest.day,
        oldest: oldest.pieces,
    })
}

impl Writer<'_> {
    /// Explains a shortfall: where the pieces had come from. A manager's command.
    pub async fn settle(
        &self,
        submission: Submission,
        body: Settle,
    ) -> Result<Option<MovementId>, CorrectionError> {
        self.require(Permission::Reconcile)?;
        let subject = Subject { kind: "batch", id: body.batch.uuid(), store: None };
        let settled: Settled =
            self.record(submission, subject, body, |tx, body| Box::pin(settle(tx, body))).await?;
        Ok(settled.movement)
    }
}

async fn settle(tx: &RecordTx<'_>, body: &Settle) -> Result<Settled, CorrectionError> {
    for account in [Account::Unexplained(body.of), body.by] {
        require_account(tx, account, body.batch).await?;
    }
    let draft = body.draft(0, tx.occurred_at);
    let books = tx.load_books(std::slice::from_ref(&draft), &[]).await?;
    let shadow = books.slots.get(&(body.of, body.batch)).map_or(0, |slot| slot.unexplained);
    let posted = tx.post_command(vec![body.draft(shadow, tx.occurred_at)]).await?;
    Ok(Settled { movement: posted.first().map(|posted| posted.id) })
}

/// An account outside the actor's scope does not exist. Printers belong to no store and are open
/// to whoever may settle, for batches of their own.
async fn require_account(
    tx: &RecordTx<'_>,
    account: Account,
    batch: BatchId,
) -> Result<(), CorrectionError> {
    match holder(tx, account).await? {
        Some(store) => scope::require_store(tx.conn, &tx.actor, store).await,
        None => match account {
            Account::Printer(run) if printed(tx, batch, run).await? => Ok(()),
            Account::Printer(_)
            | Account::Real(_)
            | Account::Opening(_)
            | Account::CountDifference(_)
            | Account::Unexplained(_) => Err(Denied::NotFound.into()),
        },
    }
}

async fn printed(tx: &RecordTx<'_>, batch: BatchId, run: RunId) -> Result<bool, DbErr> {
    Query::new("SELECT 1 FROM batch WHERE id = ")
        .bind(batch.uuid())
        .push(" AND run_id = ")
        .bind(run.uuid())
        .finds(tx.conn)
        .await
}

/// The books of a store lacked pieces: a manager finds out where they came from.
pub(crate) async fn ask_to_explain(
    tx: &RecordTx<'_>,
    store: StoreId,
    what: String,
    posted: &[Posted],
) -> Result<(), RecordError> {
    if !posted.iter().any(|posted| posted.movement.kind == MovementKind::Shortfall) {
        return Ok(());
    }
    let audience = Audience {
        permission: Some(Permission::Reconcile),
        store: Some(store),
        ..Audience::default()
    };
    let (kind, page) = (TaskKind::ExplainShortfall, format!("/unexplained?store={store}"));
    let task = NewTask { kind, page, what, audience, due_at: None };
    Ok(tasks::open(tx.conn, tx.world.as_ref(), &task).await?)
}

/// Nobody is asked any more about stores of which everything is explained, whoever explained it.
pub(crate) async fn close_explained(tx: &RecordTx<'_>) -> Result<(), RecordError> {
    Query::new("UPDATE task SET closed_at = ")
        .bind(tx.recorded_at.0)
        .push(", closed_by = ")
        .bind(tx.actor.user.uuid())
        .push(" WHERE closed_at IS NULL AND kind = ")
        .bind(TaskKind::ExplainShortfall.word())
        .push(
            " AND for_store IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM balance b JOIN account a ON a.id = b.account_id
                WHERE a.shadow AND b.pieces <> 0 AND a.holder_id = task.for_store)",
        )
        .run(tx.conn)
        .await?;
    Ok(())
}
