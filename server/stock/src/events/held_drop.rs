//! A drop that could not be booked: it waits until somebody posts it or says that it is not to be.

use super::DecideError;
use super::decide::check_decider;
use super::drops::book;
use super::sheet::HeldReason;
use crate::access::{Denied, Writer, scope};
use crate::query::Query;
use crate::records::{Outcome, RecordTx, Subject, Submission};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::events::SheetDecision;
use domain::ids::{DropId, MovementId, OrgId, StoreId};
use domain::records::Body;
use domain::records::events::{DecideDrop, LeaveInPublic};
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a decision about a drop did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DropDecided {
    pub drop: DropId,
    pub movements: Vec<MovementId>,
    pub assumed: bool,
}

#[derive(FromQueryResult)]
struct Waiting {
    number: String,
    store_id: Uuid,
    body: String,
    occurred_at: i64,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    is_held: bool,
}

#[derive(FromQueryResult)]
struct StoreOrg {
    org_id: Uuid,
}

async fn waiting(db: &impl ConnectionTrait, drop: DropId) -> Result<Option<Waiting>, DbErr> {
    Query::new(
        "SELECT d.number, d.store_id, r.body, r.occurred_at, r.org_id, r.on_behalf_org_id,
            d.held_reason IS NOT NULL AS is_held
         FROM drop_off d JOIN record r ON r.id = d.id WHERE d.id = ",
    )
    .bind(drop.uuid())
    .one(db)
    .await
}

/// What a drop said.
pub(super) fn read(body: &str) -> Result<LeaveInPublic, DbErr> {
    serde_json::from_str(body)
        .map_err(|error| DbErr::Type(format!("a drop cannot be read: {error}")))
}

/// Keeps a drop that cannot be booked before the eyes of those who run events for the store.
pub(super) async fn hold(
    tx: &RecordTx<'_>,
    (drop, number): (DropId, &str),
    store: StoreId,
    why: HeldReason,
) -> Result<(), DbErr> {
    tx.set_outcome(Outcome::Held);
    Query::new("UPDATE drop_off SET held_reason = ")
        .bind(why.text())
        .push(" WHERE id = ")
        .bind(drop.uuid())
        .run(tx.conn)
        .await?;
    let owner: Option<StoreOrg> =
        Query::new("SELECT org_id FROM store WHERE id = ").bind(store.uuid()).one(tx.conn).await?;
    let audience = Audience {
        permission: Some(Permission::RunEvents),
        org: owner.map(|owner| OrgId::new(owner.org_id)),
        ..Audience::default()
    };
    let (page, what) = (page(drop), number.to_owned());
    let task = NewTask { kind: TaskKind::DecideDrop, page, what, audience, due_at: None };
    tasks::open(tx.conn, tx.world.as_ref(), &task).await
}

fn page(drop: DropId) -> String {
    format!("/drops/{drop}")
}

impl Writer<'_> {
    /// Posts a held drop now, or says that it is not to be. A manager may, and the organisation
    /// whose drop it is.
    pub async fn decide_drop(
        &self,
        submission: Submission,
        body: DecideDrop,
    ) -> Result<DropDecided, DecideError> {
        let db = self.stock.db.read();
        let drop = waiting(db, body.drop).await?.ok_or(Denied::NotFound)?;
        let store = StoreId::new(drop.store_id);
        scope::require_store::<DecideError>(db, &self.actor, store).await?;
        check_decider(&self.actor, drop.org_id, drop.on_behalf_org_id)?;
        let subject = Subject { kind: "drop", id: body.drop.uuid(), store: Some(store) };
        self.record(submission, subject, body, |tx, body| Box::pin(decide(tx, body))).await
    }
}

async fn decide(tx: &RecordTx<'_>, body: &DecideDrop) -> Result<DropDecided, DecideError> {
    let drop = waiting(tx.conn, body.drop).await?.ok_or(Denied::NotFound)?;
    // Behind the lock of its store: somebody may have decided meanwhile.
    let is_decided = Query::new("SELECT 1 AS one FROM record r WHERE r.kind = ")
        .bind(DecideDrop::KIND)
        .push(" AND r.subject_id = ")
        .bind(body.drop.uuid())
        .push(" AND r.id <> ")
        .bind(tx.id.uuid())
        .finds(tx.conn)
        .await?;
    if !drop.is_held || is_decided {
        return Err(DecideError::NotWaiting);
    }
    let mut decided = DropDecided { drop: body.drop, movements: Vec::new(), assumed: false };
    match body.decision {
        SheetDecision::Same => {}
        SheetDecision::PostNow => {
            let (said, at) = (read(&drop.body)?, Millis(drop.occurred_at));
            (decided.movements, decided.assumed) =
                match book(tx, (body.drop, &drop.number), &said, at).await? {
                    Ok(booked) => booked,
                    Err(why) => return Err(DecideError::StillHeld(why.into())),
                };
        }
        SheetDecision::Correction | SheetDecision::BothHappened => {
            return Err(DecideError::WrongDecision);
        }
    }
    let (kind, page) = (TaskKind::DecideDrop, page(body.drop));
    tasks::close(tx.conn, kind, &page, tx.actor.user, tx.recorded_at).await?;
    Ok(decided)
}
