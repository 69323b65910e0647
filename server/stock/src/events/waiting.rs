//! Whom an event waits for: opened and closed with the record that changes it.

use super::find::{EventRow, WAITS, day};
use super::list::UNTOLD;
use super::picture;
use crate::access::{Reader, scope};
use crate::held_moves;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use crate::tasks::{self, Audience, NewTask, Task, TaskKind};
use domain::events::{sheet_due, sheets_due_before};
use domain::ids::{BatchId, EventId};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Counts {
    kept: i64,
    to_confirm: i64,
}

/// Brings an event and its tasks in line with what is recorded about it.
pub(super) async fn refresh(tx: &RecordTx<'_>, event: &EventRow) -> Result<(), RecordError> {
    picture::keep(tx.conn, event.id).await?;
    let counts: Option<Counts> = Query::new(&format!(
        "SELECT (SELECT COUNT(*) FROM event_sheet s WHERE {WAITS} AND s.event_id = e.id) AS kept,
            (SELECT COUNT(*) FROM record r WHERE r.subject_id = e.id
                AND r.on_behalf_org_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM confirmation c WHERE c.confirms_id = r.id)) AS to_confirm
         FROM event e WHERE e.id = "
    ))
    .bind(event.id.uuid())
    .one(tx.conn)
    .await?;
    let Counts { kept, to_confirm } = counts.unwrap_or(Counts { kept: 0, to_confirm: 0 });
    let decider = Audience {
        permission: Some(Permission::RunEvents),
        org: Some(event.org),
        ..Audience::default()
    };
    set(tx, event, TaskKind::DecideSheet, (kept > 0).then_some(decider)).await?;
    let confirmer = Audience {
        not_person: Some(tx.actor.user),
        permission: Some(Permission::RunEvents),
        org: Some(event.org),
        ..Audience::default()
    };
    set(tx, event, TaskKind::ConfirmOnBehalf, (to_confirm > 0).then_some(confirmer)).await
}

/// After a record about an event was confirmed.
pub(crate) async fn confirmed(tx: &RecordTx<'_>, id: EventId) -> Result<(), RecordError> {
    let today = tx.today();
    match super::find::find::<RecordError>(tx.conn, &tx.actor, today, id).await {
        Ok(event) => refresh(tx, &event).await,
        Err(RecordError::Denied(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Pieces that should have stayed where they were have left: somebody must look.
pub(super) async fn warn_of_held(
    tx: &RecordTx<'_>,
    event: &EventRow,
    batches: BTreeSet<BatchId>,
) -> Result<(), RecordError> {
    let page = format!("/events/{}", event.id);
    held_moves::warn(tx, event.store, page, event.number.clone(), batches).await
}

#[derive(FromQueryResult)]
struct UntoldRow {
    id: Uuid,
    number: String,
    planned_on: i64,
}

impl Reader<'_> {
    /// Events of the actor's organisation that took place days ago and of which nobody has told
    /// anything: no sheet, not even one that waits for a decision, and nobody who came.
    pub(crate) async fn missing_sheets(&self) -> Result<Vec<Task>, DbErr> {
        if !self.may(Permission::RunEvents) {
            return Ok(Vec::new());
        }
        let today = self.stock.world.now().day();
        let query =
            Query::new("SELECT e.id, e.number, e.planned_on FROM event e WHERE e.org_id = ")
                .bind(self.actor.org.uuid())
                .push(" AND ")
                .condition(|next| scope::events(&self.actor, next));
        let rows: Vec<UntoldRow> = query
            .push(UNTOLD)
            .push(&format!(
                " AND NOT EXISTS (SELECT 1 FROM event_sheet s WHERE s.event_id = e.id AND {WAITS})
                  AND e.planned_on < "
            ))
            .bind(i64::from(sheets_due_before(today).0))
            .push(" ORDER BY e.planned_on, e.id")
            .all(self.stock.db.read())
            .await?;
        let task = |row: UntoldRow| Task {
            id: row.id,
            kind: TaskKind::MissingSheet,
            page: format!("/events/{}", row.id),
            what: row.number,
            opened_at: sheet_due(day(row.planned_on)).start(),
            due_at: None,
        };
        Ok(rows.into_iter().map(task).collect())
    }
}

async fn set(
    tx: &RecordTx<'_>,
    event: &EventRow,
    kind: TaskKind,
    audience: Option<Audience>,
) -> Result<(), RecordError> {
    let page = format!("/events/{}", event.id);
    match audience {
        Some(audience) => {
            let what = event.number.clone();
            let task = NewTask { kind, page, what, audience, due_at: None };
            tasks::open(tx.conn, tx.world.as_ref(), &task).await?;
        }
        None => tasks::close(tx.conn, kind, &page, tx.actor.user, tx.recorded_at).await?,
    }
    Ok(())
}
