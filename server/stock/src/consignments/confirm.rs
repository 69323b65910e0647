//! Somebody else confirms a delivery that was told by phone; the receiver says why it differs.

use super::deliver::earlier;
use super::find::{STANDS, find, lock};
use super::sheet::tallies;
use crate::access::{Denied, Writer, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::ids::{ConsignmentId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::records::consignment::{ConfirmDelivery, DifferenceReasons, DifferenceSide};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a delivery cannot be confirmed, or reasons cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmDeliveryError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("this delivery waits for nobody")]
    NothingToConfirm,
    /// Duties apart: neither who said it nor who sent it.
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

#[derive(FromQueryResult)]
struct Waiting {
    store_id: Uuid,
    actor_id: Uuid,
}

impl Writer<'_> {
    /// Confirms a delivery of another person.
    pub async fn confirm_delivery(
        &self,
        submission: Submission,
        consignment: ConsignmentId,
        delivery: RecordId,
    ) -> Result<(), ConfirmDeliveryError> {
        if self.require(Permission::Confirm).is_err() {
            self.require(Permission::Deliver)?;
        }
        let body = ConfirmDelivery { consignment, delivery };
        let subject = Subject { kind: "consignment", id: consignment.uuid(), store: None };
        let Confirmed {} =
            self.record(submission, subject, body, |tx, body| Box::pin(confirm(tx, body))).await?;
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
    body: &ConfirmDelivery,
) -> Result<Confirmed, ConfirmDeliveryError> {
    lock(tx.conn, body.consignment, tx.recorded_at).await?;
    let waiting: Option<Waiting> = Query::new(
        "SELECT d.store_id, r.actor_id FROM delivery d JOIN record r ON r.id = d.record_id
         WHERE d.to_confirm AND NOT EXISTS
            (SELECT 1 FROM delivery_confirmation y WHERE y.delivery_id = d.record_id) AND ",
    )
    .push(STANDS)
    .push(" AND d.consignment_id = ")
    .bind(body.consignment.uuid())
    .push(" AND d.record_id = ")
    .bind(body.delivery.uuid())
    .one(tx.conn)
    .await?;
    // A store that the actor does not see answers like a delivery that is not there.
    let Some(waiting) = waiting else {
        find::<ConfirmDeliveryError>(tx.conn, &tx.actor, body.consignment).await?;
        return Err(ConfirmDeliveryError::NothingToConfirm);
    };
    let store = StoreId::new(waiting.store_id);
    scope::require_store::<ConfirmDeliveryError>(tx.conn, &tx.actor, store).await?;
    let dispatch = Query::new("SELECT id FROM record WHERE kind = 'dispatch' AND subject_id = ")
        .bind(body.consignment.uuid())
        .push(" AND actor_id = ")
        .bind(tx.actor.user.uuid());
    if waiting.actor_id == tx.actor.user.uuid() || dispatch.finds(tx.conn).await? {
        return Err(ConfirmDeliveryError::SamePerson);
    }
    tx.run(
        "INSERT INTO delivery_confirmation (delivery_id, record_id) VALUES ($1, $2)",
        [body.delivery.uuid().into(), tx.id.uuid().into()],
    )
    .await?;
    Ok(Confirmed {})
}

async fn give_reasons(
    tx: &RecordTx<'_>,
    body: &DifferenceReasons,
) -> Result<Confirmed, ConfirmDeliveryError> {
    let id = body.consignment;
    lock(tx.conn, id, tx.recorded_at).await?;
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
        "INSERT INTO delivery_reason (record_id, consignment_id, batch_id, side, reason)",
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
    db: &impl sea_orm::ConnectionTrait,
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
