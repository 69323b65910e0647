//! Whom an event waits for: opened and closed with the record that changes it.

use super::find::{EventRow, WAITS};
use crate::consignments::blocked;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::ids::{BatchId, EventId};
use domain::role::Permission;
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;

#[derive(FromQueryResult)]
struct Counts {
    kept: i64,
    to_confirm: i64,
}

/// Brings the tasks of an event in line with what is recorded about it.
pub(super) async fn refresh(tx: &RecordTx<'_>, event: &EventRow) -> Result<(), RecordError> {
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
    if blocked(tx.conn, batches).await?.is_empty() {
        return Ok(());
    }
    let audience = Audience {
        permission: Some(Permission::Confirm),
        store: Some(event.store),
        ..Audience::default()
    };
    set(tx, event, TaskKind::HeldBatchMoved, Some(audience)).await
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
