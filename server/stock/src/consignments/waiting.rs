//! Whom a consignment waits for: opened and closed with the record that changes it.

use super::Known;
use super::find::{KnownRow, select};
use super::kept::keep;
use crate::access::{Reader, scope};
use crate::held_moves;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use crate::tasks::{self, Audience, NewTask, Task, TaskKind};
use domain::consignment::{Rest, State, due, is_late};
use domain::ids::{BatchId, ConsignmentId};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Brings a consignment's columns and tasks in line with what is recorded about it.
pub(crate) async fn refresh(tx: &RecordTx<'_>, id: ConsignmentId) -> Result<(), RecordError> {
    let row: Option<KnownRow> =
        Query::new(&select()).push(" WHERE c.id = ").bind(id.uuid()).one(tx.conn).await?;
    let Some(row) = row else { return Ok(()) };
    let known = row.known(&BTreeSet::new())?;
    keep(tx.conn, &known).await?;
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
    let page = format!("/consignments/{}", known.id);
    held_moves::warn(tx, known.to.id, page, known.number.clone(), batches).await
}

#[derive(FromQueryResult)]
struct SentRow {
    id: Uuid,
    org_id: Uuid,
}

impl Reader<'_> {
    /// Leaves out the deliveries that the actor's own side sent: somebody else confirms them.
    pub(crate) async fn without_own_deliveries(
        &self,
        tasks: Vec<Task>,
    ) -> Result<Vec<Task>, DbErr> {
        let consignment = |task: &Task| {
            let id = task.page.strip_prefix("/consignments/")?.parse::<Uuid>().ok()?;
            (task.kind == TaskKind::ConfirmOnBehalf).then_some(id)
        };
        let waiting: Vec<Uuid> = tasks.iter().filter_map(consignment).collect();
        if waiting.is_empty() {
            return Ok(tasks);
        }
        let sent: Vec<SentRow> = Query::new(
            "SELECT c.id, s.org_id FROM consignment c JOIN store s ON s.id = c.to_store_id
             WHERE ",
        )
        .condition(|next| scope::stores(&self.actor, "c.from_store_id", next))
        .push(" AND c.id IN ")
        .list(waiting)
        .all(self.stock.db.read())
        .await?;
        let own: BTreeSet<Uuid> = sent
            .into_iter()
            .filter(|row| !self.actor.may_confirm_delivery(true, row.org_id.into()))
            .map(|row| row.id)
            .collect();
        let stays = |task: &Task| consignment(task).is_none_or(|id| !own.contains(&id));
        Ok(tasks.into_iter().filter(stays).collect())
    }

    /// What left a store of the actor so long ago that it should have arrived: its sender asks
    /// where it is, and a manager, who also learns what came only in part. What the receiver says
    /// is missing has a task of its own.
    pub(crate) async fn late_consignments(&self) -> Result<Vec<Task>, DbErr> {
        let asks_for_rest = self.may(Permission::Reconcile);
        if !asks_for_rest && !self.may(Permission::Dispatch) {
            return Ok(Vec::new());
        }
        let rows: Vec<KnownRow> = Query::new(&select())
            .push(" WHERE c.state IN ('dispatched', 'partly_delivered', 'delivered') AND ")
            .condition(|next| scope::stores(&self.actor, "c.from_store_id", next))
            .all(self.stock.db.read())
            .await?;
        let today = self.stock.world.now().day();
        let mut late = Vec::new();
        for row in rows {
            let known = row.known(&BTreeSet::new())?;
            let Some((left, _)) = known.dispatched else { continue };
            let in_part = known.state() == State::PartlyDelivered && known.facts.in_transit > 0;
            let (kind, opened_at) = if is_late(left.day(), known.facts.latest_rest, today) {
                (TaskKind::LateConsignment, due(left.day()).start())
            } else if asks_for_rest && in_part {
                (TaskKind::PartArrived, left)
            } else {
                continue;
            };
            let page = format!("/consignments/{}", known.id);
            let id = known.id.uuid();
            late.push(Task { id, kind, page, what: known.number, opened_at, due_at: None });
        }
        Ok(late)
    }
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
