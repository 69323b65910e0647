//! Whom a consignment waits for: opened and closed with the record that changes it.

use super::Known;
use super::find::{KnownRow, select};
use super::shelf::blocked;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::consignment::{Rest, State};
use domain::ids::{BatchId, ConsignmentId};
use domain::role::Permission;
use std::collections::BTreeSet;

/// Brings the tasks of a consignment in line with what it is now.
pub(crate) async fn refresh(tx: &RecordTx<'_>, id: ConsignmentId) -> Result<(), RecordError> {
    let row: Option<KnownRow> =
        Query::new(&select()).push(" WHERE c.id = ").bind(id.uuid()).one(tx.conn).await?;
    let Some(row) = row else { return Ok(()) };
    let known = row.known(&BTreeSet::new())?;
    let waits = matches!(known.state(), State::Dispatched | State::PartlyDelivered);
    let receiver = Audience {
        not_person: known.dispatched_by(),
        permission: Some(Permission::Deliver),
        store: Some(known.to.id),
        ..Audience::default()
    };
    set(tx, &known, TaskKind::ReceiveConsignment, waits.then_some(receiver)).await?;
    let facts = known.facts;
    let missing = facts.in_transit > 0 && facts.latest_rest == Some(Rest::NothingMore);
    let sender = Audience {
        permission: Some(Permission::Dispatch),
        store: Some(known.from.id),
        ..Audience::default()
    };
    let differs = missing || facts.extra > 0;
    set(tx, &known, TaskKind::ExplainDelivery, differs.then_some(sender)).await?;
    let holder = Audience {
        not_person: Some(tx.actor.user),
        permission: Some(Permission::Deliver),
        store: Some(known.to.id),
        ..Audience::default()
    };
    let confirms = facts.to_confirm > 0;
    set(tx, &known, TaskKind::ConfirmOnBehalf, confirms.then_some(holder)).await
}

/// Pieces that should have stayed where they were have arrived: somebody must look.
pub(super) async fn warn_of_held(
    tx: &RecordTx<'_>,
    known: &Known,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<(), RecordError> {
    if blocked(tx.conn, batches).await?.is_empty() {
        return Ok(());
    }
    let confirmer = Audience {
        permission: Some(Permission::Confirm),
        store: Some(known.to.id),
        ..Audience::default()
    };
    set(tx, known, TaskKind::HeldBatchMoved, Some(confirmer)).await
}

async fn set(
    tx: &RecordTx<'_>,
    known: &Known,
    kind: TaskKind,
    audience: Option<Audience>,
) -> Result<(), RecordError> {
    let page = format!("/consignments/{}", known.id);
    match audience {
        Some(audience) => {
            let what = known.number.clone();
            let task = NewTask { kind, page, what, audience, due_at: None };
            tasks::open(tx.conn, tx.world.as_ref(), &task).await?;
        }
        None => tasks::close(tx.conn, kind, &page, tx.actor.user, tx.recorded_at).await?,
    }
    Ok(())
}
