//! What was counted beside what the books said, whoever decided it and when.

use super::KeepingError;
use super::count::CountLine;
use crate::access::{Denied, Reader, scope};
use crate::query::Query;
use domain::ids::{RecordId, StoreId, UserId};
use domain::ledger::Reason;
use domain::records::keeping::{ApproveCount, Count};
use domain::role::{Permission, Role};
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What became of a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CountDecision {
    /// `by_me`: the actor may decide it.
    Waiting {
        by_me: bool,
    },
    Approved {
        record: RecordId,
        reason: Reason,
    },
    Declined {
        record: RecordId,
    },
}

/// One count, for the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountHead {
    pub record: RecordId,
    pub store: StoreId,
    pub store_name: String,
    pub counted_by: UserId,
    /// Whoever works elsewhere is a role only.
    pub by_name: Option<String>,
    pub by_role: Option<Role>,
    pub counted_at: Millis,
    pub batches: usize,
    pub decision: CountDecision,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountDetail {
    pub head: CountHead,
    pub note: Option<String>,
    pub lines: Vec<CountLine>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    body: String,
    actor_id: Uuid,
    org_id: Uuid,
    occurred_at: i64,
    store_id: Uuid,
    store_name: String,
    by_name: Option<String>,
    by_role: Option<String>,
    note: Option<String>,
    decided_by: Option<Uuid>,
    decision: Option<String>,
    decision_body: Option<String>,
}

const COUNTS: &str = "SELECT r.id, r.body, r.actor_id, r.org_id, r.occurred_at,
        s.id AS store_id, s.name AS store_name, y.name AS by_name, y.role AS by_role,
        n.text AS note, a.id AS decided_by, a.kind AS decision, a.body AS decision_body
     FROM record r JOIN store s ON s.id = r.store_id
     LEFT JOIN person y ON y.id = r.actor_id
     LEFT JOIN note n ON n.record_id = r.id AND n.erased_at IS NULL
     LEFT JOIN record a ON a.subject_id = r.id AND a.kind IN ('approve_count', 'decline_count')
     WHERE r.kind = 'count' AND ";

#[derive(FromQueryResult)]
struct ChangeRow {
    batch_id: Uuid,
    pieces: i64,
}

impl Reader<'_> {
    /// The newest counts, decided or not.
    pub async fn counts(&self) -> Result<Vec<CountHead>, DbErr> {
        let rows: Vec<Row> = Query::new(COUNTS)
            .condition(|next| scope::stores(&self.actor, "s.id", next))
            .push(" ORDER BY r.recorded_at DESC, r.id DESC LIMIT 100")
            .all(self.stock.db.read())
            .await?;
        rows.iter().map(|row| self.count_head(row, &row.count()?)).collect()
    }

    /// One count, with what the books said for its moment before it was decided.
    pub async fn count(&self, record: RecordId) -> Result<CountDetail, KeepingError> {
        let row: Option<Row> = Query::new(COUNTS)
            .condition(|next| scope::stores(&self.actor, "s.id", next))
            .push(" AND r.id = ")
            .bind(record.uuid())
            .one(self.stock.db.read())
            .await?;
        let row = row.ok_or(Denied::NotFound)?;
        let count = row.count()?;
        let head = self.count_head(&row, &count)?;
        let corrected = match head.decision {
            CountDecision::Approved { record: by, .. } => self.corrected(record, by).await?,
            CountDecision::Waiting { .. } | CountDecision::Declined { .. } => BTreeMap::new(),
        };
        let approved = matches!(head.decision, CountDecision::Approved { .. });
        let mut lines = self.count_lines(&count, head.counted_at).await?;
        if approved {
            for line in &mut lines {
                let change = corrected.get(&line.batch.uuid()).copied().unwrap_or(0);
                line.in_books = line.counted - change;
            }
        }
        let note = if self.reads_notes().await? { row.note } else { None };
        Ok(CountDetail { head, note, lines })
    }

    fn count_head(&self, row: &Row, count: &Count) -> Result<CountHead, DbErr> {
        let decision = match (row.decided_by, row.decision.as_deref()) {
            (None, _) => {
                let mine = row.actor_id == self.actor.user.uuid();
                CountDecision::Waiting { by_me: !mine && self.may(Permission::Confirm) }
            }
            (Some(id), Some("decline_count")) => CountDecision::Declined { record: id.into() },
            (Some(id), _) => {
                let body = row.decision_body.as_deref().unwrap_or_default();
                let approval: ApproveCount = serde_json::from_str(body).map_err(unreadable)?;
                CountDecision::Approved { record: id.into(), reason: approval.reason }
            }
        };
        let colleague = row.org_id == self.actor.org.uuid();
        Ok(CountHead {
            record: row.id.into(),
            store: row.store_id.into(),
            store_name: row.store_name.clone(),
            counted_by: row.actor_id.into(),
            by_name: row.by_name.clone().filter(|_| colleague),
            by_role: row.by_role.as_deref().and_then(Role::parse),
            counted_at: Millis(row.occurred_at),
            batches: count.lines.len(),
            decision,
        })
    }

    /// What the approval changed in the store, by batch.
    async fn corrected(
        &self,
        count: RecordId,
        approval: RecordId,
    ) -> Result<BTreeMap<Uuid, i64>, DbErr> {
        let rows: Vec<ChangeRow> = Query::new(
            "SELECT l.batch_id,
                CAST(SUM(CASE WHEN t.kind = 'store' THEN l.pieces ELSE -l.pieces END) AS BIGINT)
                    AS pieces
             FROM movement m JOIN line l ON l.movement_id = m.id JOIN account t ON t.id = l.to_id
             WHERE m.kind = 'count' AND m.record_id = ",
        )
        .bind(approval.uuid())
        .push(" AND m.cites_id = ")
        .bind(count.uuid())
        .push(" GROUP BY l.batch_id")
        .all(self.stock.db.read())
        .await?;
        Ok(rows.into_iter().map(|row| (row.batch_id, row.pieces)).collect())
    }
}

impl Row {
    fn count(&self) -> Result<Count, DbErr> {
        serde_json::from_str(&self.body).map_err(unreadable)
    }
}

fn unreadable(error: serde_json::Error) -> DbErr {
    DbErr::Custom(format!("a stored count cannot be read: {error}"))
}
