//! Somebody else confirms a delivery that was told by phone; the receiver says why it differs.

use super::deliver::earlier;
use super::find::{STANDS, find};
use super::sheet::tallies;
use super::waiting;
use crate::access::{Denied, Writer, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::ids::{ConsignmentId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::records::confirm::Confirm;
use domain::records::consignment::{DifferenceReasons, DifferenceSide};
use domain::role::{Actor, Permission};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a delivery cannot be confirmed, or reasons cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmDeliveryError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("this delivery waits for nobody")]
    NothingToConfirm,
    /// Duties apart: neither who said it nor the side that sent it.
    #[error("another person has to confirm it")]
    SamePerson,
    /// Nobody has counted yet.
    #[error("nothing was received yet")]
    NotCounted,
    #[error("there is no such difference")]
    NoDifference,
}

impl From<DbErr> for ConfirmDeliveryError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

impl From<Denied> for ConfirmDeliveryError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Confirmed {}

#[derive(Clone, Copy, FromQueryResult)]
struct Delivery {
    consignment_id: Uuid,
    store_id: Uuid,
    org_id: Uuid,
    from_store_id: Uuid,
    actor_id: Uuid,
}

impl Delivery {
    async fn find(db: &impl ConnectionTrait, record: RecordId) -> Result<Option<Self>, DbErr> {
        Query::new(
            "SELECT d.consignment_id, d.store_id, s.org_id, c.from_store_id, r.actor_id
             FROM delivery d JOIN record r ON r.id = d.record_id
             JOIN consignment c ON c.id = d.consignment_id JOIN store s ON s.id = d.store_id
             WHERE d.record_id = ",
        )
        .bind(record.uuid())
        .one(db)
        .await
    }

    async fn is_confirmed_by(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
    ) -> Result<bool, DbErr> {
        let sees_sender = scope::can_see_store(db, actor, self.from_store_id.into()).await?;
        Ok(self.actor_id != actor.user.uuid()
            && actor.may_confirm_delivery(sees_sender, self.org_id.into()))
    }
}

/// Whether the actor may be the second person behind this delivery.
pub(crate) async fn may_confirm(
    db: &impl ConnectionTrait,
    actor: &Actor,
    delivery: RecordId,
) -> Result<bool, DbErr> {
    let Some(found) = Delivery::find(db, delivery).await? else { return Ok(false) };
    Ok(scope::can_see_store(db, actor, found.store_id.into()).await?
        && found.is_confirmed_by(db, actor).await?)
}

impl Writer<'_> {
    /// Confirms a delivery that another person entered: the holder, or whoever confirms and is not
    /// on the side that sent it.
    pub async fn confirm_delivery(
        &self,
        submission: Submission,
        delivery: RecordId,
    ) -> Result<(), ConfirmDeliveryError> {
        let db = self.stock.db.read();
        let found = Delivery::find(db, delivery).await?.ok_or(Denied::NotFound)?;
        let store = StoreId::new(found.store_id);
        // Whoever does not see the delivery does not learn that there is one.
        scope::require_store::<ConfirmDeliveryError>(db, &self.actor, store).await?;
        if self.require(Permission::Confirm).is_err() {
            self.require(Permission::Deliver)?;
        }
        if !found.is_confirmed_by(db, &self.actor).await? {
            return Err(ConfirmDeliveryError::SamePerson);
        }
        let subject = Subject { kind: "consignment", id: found.consignment_id, store: Some(store) };
        let body = Confirm { record: delivery };
        let Confirmed {} = self
            .record(submission, subject, body, move |tx, body| Box::pin(confirm(tx, body, found)))
            .await?;
        Ok(())
    }

    /// Says why something is missing or too much: by the receiver's side, after the count.
    pub async fn give_reasons(
        &self,
        submission: Submission,
        reasons: DifferenceReasons,
    ) -> Result<(), ConfirmDeliveryError> {
        self.require(Permission::Deliver)?;
        let id = reasons.consignment;
        let known = find::<ConfirmDeliveryError>(self.stock.db.read(), &self.actor, id).await?;
        if !known.sees_to {
            return Err(Denied::NotFound.into());
        }
        let subject = Subject { kind: "consignment", id: id.uuid(), store: Some(known.to.id) };
        let Confirmed {} = self
            .record(submission, subject, reasons, |tx, body| Box::pin(give_reasons(tx, body)))
            .await?;
        Ok(())
    }
}

async fn confirm(
    tx: &RecordTx<'_>,
    body: &Confirm,
    found: Delivery,
) -> Result<Confirmed, ConfirmDeliveryError> {
    tx.lock_consignment(found.consignment_id.into()).await?;
    let waits = Query::new(
        "SELECT d.record_id FROM delivery d WHERE d.to_confirm AND NOT EXISTS
            (SELECT 1 FROM confirmation y WHERE y.confirms_id = d.record_id) AND ",
    )
    .push(STANDS)
    .push(" AND d.record_id = ")
    .bind(body.record.uuid());
    if !waits.finds(tx.conn).await? {
        return Err(ConfirmDeliveryError::NothingToConfirm);
    }
    let sent = Query::new("SELECT id FROM record WHERE kind = 'dispatch' AND subject_id = ")
        .bind(found.consignment_id)
        .push(" AND actor_id = ")
        .bind(tx.actor.user.uuid());
    if found.actor_id == tx.actor.user.uuid() || sent.finds(tx.conn).await? {
        return Err(ConfirmDeliveryError::SamePerson);
    }
    tx.run(
        "INSERT INTO confirmation (record_id, confirms_id) VALUES ($1, $2)",
        [tx.id.uuid().into(), body.record.uuid().into()],
    )
    .await?;
    waiting::refresh(tx, found.consignment_id.into()).await?;
    Ok(Confirmed {})
}

async fn give_reasons(
    tx: &RecordTx<'_>,
    body: &DifferenceReasons,
) -> Result<Confirmed, ConfirmDeliveryError> {
    let id = body.consignment;
    tx.lock_consignment(id).await?;
    if earlier(tx.conn, id).await?.is_empty() {
        return Err(ConfirmDeliveryError::NotCounted);
    }
    let tallies = tallies(tx.conn, id).await?;
    for given in &body.reasons {
        let tally = tallies.get(&given.batch).copied().unwrap_or_default();
        let pieces = match given.side {
            DifferenceSide::Missing => tally.in_transit() + tally.lost + tally.elsewhere,
            DifferenceSide::Extra => tally.extra + tally.extra_explained,
        };
        if pieces <= 0 {
            return Err(ConfirmDeliveryError::NoDifference);
        }
    }
    if body.reasons.is_empty() {
        return Err(ConfirmDeliveryError::NoDifference);
    }
    let rows = body.reasons.iter().map(|given| {
        [
            tx.id.uuid().into(),
            id.uuid().into(),
            given.batch.uuid().into(),
            side_word(given.side).into(),
            given.reason.as_str().into(),
        ]
    });
    tx.insert_set(
        "delivery_reason (record_id, consignment_id, batch_id, side, reason)",
        rows,
        "ON CONFLICT (record_id, batch_id, side) DO NOTHING",
    )
    .await?;
    Ok(Confirmed {})
}

pub(super) const fn side_word(side: DifferenceSide) -> &'static str {
    match side {
        DifferenceSide::Missing => "missing",
        DifferenceSide::Extra => "extra",
    }
}

/// The latest reason that the receiver gave, by batch and side.
pub(super) async fn reasons(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<Vec<(domain::ids::BatchId, DifferenceSide, Reason)>, DbErr> {
    let rows: Vec<ReasonRow> = Query::new(
        "SELECT d.batch_id, d.side, d.reason FROM delivery_reason d
         JOIN record r ON r.id = d.record_id WHERE d.consignment_id = ",
    )
    .bind(id.uuid())
    .push(" ORDER BY r.recorded_at, r.id")
    .all(db)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let side =
                if row.side == "extra" { DifferenceSide::Extra } else { DifferenceSide::Missing };
            Some((row.batch_id.into(), side, Reason::parse(&row.reason)?))
        })
        .collect())
}

#[derive(FromQueryResult)]
struct ReasonRow {
    batch_id: Uuid,
    side: String,
    reason: String,
}
