//! A movement that is to be undone, as it stands in the books.

use super::CorrectionError;
use crate::access::{Denied, Reader, scope};
use crate::movements::AccountRow;
use crate::query::Query;
use domain::account::Account;
use domain::ids::{BatchId, MovementId, RecordId, StoreId, UserId};
use domain::ledger::{Draft, Line, MovementKind, Reason};
use domain::pieces::Pieces;
use domain::role::Actor;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A movement that a set of reversals would undo.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReversalStep {
    pub movement: MovementId,
    pub record: RecordId,
    pub kind: MovementKind,
    pub occurred_at: Millis,
    pub author: UserId,
    pub pieces: i64,
}

pub(crate) struct Original {
    pub step: ReversalStep,
    pub recorded_at: Millis,
    pub derived: bool,
    pub reversed: bool,
    pub lines: Vec<Line>,
    holders: Vec<StoreId>,
}

#[derive(FromQueryResult)]
struct MovementRow {
    id: Uuid,
    record_id: Uuid,
    kind: String,
    derived: bool,
    occurred_at: i64,
    recorded_at: i64,
    actor_id: Uuid,
    reversed: bool,
}

#[derive(FromQueryResult)]
struct LineRow {
    batch_id: Uuid,
    from_id: i64,
    to_id: i64,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

impl Reader<'_> {
    /// What a record asked to be moved, the last first, also where it was undone since: whoever asks
    /// again hears the same.
    pub async fn asked_movements(
        &self,
        record: RecordId,
    ) -> Result<Vec<MovementId>, CorrectionError> {
        let rows: Vec<IdRow> = Query::new(
            "SELECT m.id FROM movement m WHERE NOT m.derived AND m.kind <> 'reverse'
                AND m.record_id = ",
        )
        .bind(record.uuid())
        .push(" ORDER BY m.ordinal DESC")
        .all(self.stock.db.read())
        .await?;
        if rows.is_empty() {
            return Err(Denied::NotFound.into());
        }
        Ok(rows.into_iter().map(|row| row.id.into()).collect())
    }
}

impl Original {
    pub async fn load(
        db: &impl ConnectionTrait,
        movement: MovementId,
    ) -> Result<Option<Self>, DbErr> {
        let row: Option<MovementRow> = Query::new(
            "SELECT m.id, m.record_id, m.kind, m.derived, m.occurred_at, r.recorded_at,
                r.actor_id,
                EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id) AS reversed
             FROM movement m JOIN record r ON r.id = m.record_id WHERE m.id = ",
        )
        .bind(movement.uuid())
        .one(db)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (lines, holders) = lines(db, movement).await?;
        let step = ReversalStep {
            movement: row.id.into(),
            record: row.record_id.into(),
            kind: MovementKind::parse(&row.kind).unwrap_or(MovementKind::Reverse),
            occurred_at: Millis(row.occurred_at),
            author: row.actor_id.into(),
            pieces: lines.iter().map(|line| line.pieces.get()).sum(),
        };
        let recorded_at = Millis(row.recorded_at);
        let MovementRow { derived, reversed, .. } = row;
        Ok(Some(Self { step, recorded_at, derived, reversed, lines, holders }))
    }

    pub fn reversal(&self, reason: Reason) -> Draft {
        let ReversalStep { movement, occurred_at, .. } = self.step;
        Draft::reversal(movement, reason, occurred_at, &self.lines)
    }

    /// The stores that answer for its accounts.
    pub fn holders(&self) -> &[StoreId] {
        &self.holders
    }

    /// A movement between two stores is visible to whoever sees one of them.
    pub async fn is_visible(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
    ) -> Result<bool, DbErr> {
        for store in &self.holders {
            if scope::can_see_store(db, actor, *store).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The pieces of `batch` that the movement took out of `account`.
    pub fn taken(&self, account: Account, batch: BatchId) -> i64 {
        let lines = self.lines.iter().filter(|line| line.batch == batch && line.from == account);
        lines.map(|line| line.pieces.get()).sum()
    }
}

async fn lines(
    db: &impl ConnectionTrait,
    movement: MovementId,
) -> Result<(Vec<Line>, Vec<StoreId>), DbErr> {
    let accounts: Vec<AccountRow> = Query::new(
        "SELECT id, kind, owner_id, channel, shadow, holder_id FROM account WHERE id IN (
            SELECT from_id FROM line WHERE movement_id = ",
    )
    .bind(movement.uuid())
    .push(" UNION SELECT to_id FROM line WHERE movement_id = ")
    .bind(movement.uuid())
    .push(")")
    .all(db)
    .await?;
    let rows: Vec<LineRow> =
        Query::new("SELECT batch_id, from_id, to_id, pieces FROM line WHERE movement_id = ")
            .bind(movement.uuid())
            .push(" ORDER BY id")
            .all(db)
            .await?;
    let account = |id: i64| match accounts.iter().find(|account| account.id == id) {
        Some(row) => row.account(),
        None => Err(DbErr::RecordNotFound(format!("account {id}"))),
    };
    let line = |row: LineRow| {
        let pieces = Pieces::new(row.pieces).map_err(|error| DbErr::Type(error.to_string()))?;
        let (from, to) = (account(row.from_id)?, account(row.to_id)?);
        Ok(Line { batch: row.batch_id.into(), from, to, pieces })
    };
    let lines = rows.into_iter().map(line).collect::<Result<_, DbErr>>()?;
    let holders = accounts.iter().filter_map(|row| row.holder_id.map(StoreId::new)).collect();
    Ok((lines, holders))
}
