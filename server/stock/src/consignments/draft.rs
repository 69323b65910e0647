//! Preparing a consignment: an ordinary row that people change until it leaves or is given up.

use super::find::{find_sent, lock};
use super::kept::keep;
use crate::access::{Denied, Writer, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::consignment::State;
use domain::ids::{ConsignmentId, StoreId};
use domain::ledger::Reason;
use domain::records::consignment::Cancel;
use domain::reference::{Name, NameError};
use domain::role::{Actor, Permission};
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Driver and vehicle, as they stand on the paper and nowhere else.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TripDetails {
    driver: String,
    vehicle: String,
    pub leaves_on: Option<Day>,
}

impl TripDetails {
    /// Both may be empty while nobody knows them.
    pub fn new(driver: &str, vehicle: &str, leaves_on: Option<Day>) -> Result<Self, NameError> {
        let text =
            |text: &str| Ok(Name::parse_optional(text)?.map(String::from).unwrap_or_default());
        Ok(Self { driver: text(driver)?, vehicle: text(vehicle)?, leaves_on })
    }

    pub fn driver(&self) -> &str {
        &self.driver
    }

    pub fn vehicle(&self) -> &str {
        &self.vehicle
    }

    pub(super) fn kept(driver: String, vehicle: String, leaves_on: Option<i64>) -> Self {
        let leaves_on = leaves_on.and_then(|day| i32::try_from(day).ok()).map(Day);
        Self { driver, vehicle, leaves_on }
    }
}

/// Which vehicle takes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Carrier {
    Own(TripDetails),
    /// The same journey as another draft of the same store.
    With(ConsignmentId),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewConsignment {
    /// Made by whoever shows the form, so that sending it twice makes one consignment.
    pub id: ConsignmentId,
    pub from: StoreId,
    pub to: StoreId,
    pub carrier: Carrier,
}

/// Why a draft cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("sender and receiver are the same store")]
    SameStore,
    #[error("there is no such receiver in use")]
    UnknownReceiver,
    #[error("there is no such store in use to send from")]
    UnknownSender,
    #[error("the other consignment is not a draft of the same store")]
    OtherTrip,
    #[error("it is no longer a draft but {0:?}")]
    NotDraft(State),
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Why a draft cannot be given up.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("it is no longer a draft but {0:?}")]
    NotDraft(State),
}

#[derive(Serialize, Deserialize)]
struct Nothing {}

#[derive(FromQueryResult)]
struct Sender {
    short_name: String,
}

#[derive(FromQueryResult)]
struct Last {
    last: i64,
}

impl Writer<'_> {
    /// Begins a consignment; gives its number.
    pub async fn draft_consignment(&self, new: NewConsignment) -> Result<String, DraftError> {
        self.require(Permission::Dispatch)?;
        if new.from == new.to {
            return Err(DraftError::SameStore);
        }
        let (world, actor) = (self.stock.world.clone(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let (world, actor, new) = (world.clone(), actor.clone(), new.clone());
                Box::pin(async move {
                    scope::require_store::<DraftError>(tx, &actor, new.from).await?;
                    if let Some(number) = made_before(tx, &actor, &new).await? {
                        return Ok(number);
                    }
                    check_receiver(tx, &actor, new.to).await?;
                    let now = world.now();
                    let trip = trip(tx, &actor, &new, (world.new_id(), now)).await?;
                    let number = next_number(tx, new.from).await?;
                    let code = world.new_code();
                    Query::new(
                        "INSERT INTO code (code, kind, subject_id, state, issued_at) VALUES ",
                    )
                    .list::<Value>([
                        code.as_str().into(),
                        "consignment".into(),
                        new.id.uuid().into(),
                        "active".into(),
                        now.0.into(),
                    ])
                    .run(tx)
                    .await?;
                    Query::new(
                        "INSERT INTO consignment (id, code, number, from_store_id, to_store_id,
                            trip_id, made_by, made_at, changed_at) VALUES ",
                    )
                    .list::<Value>([
                        new.id.uuid().into(),
                        code.as_str().into(),
                        number.as_str().into(),
                        new.from.uuid().into(),
                        new.to.uuid().into(),
                        trip.into(),
                        actor.user.uuid().into(),
                        now.0.into(),
                        now.0.into(),
                    ])
                    .run(tx)
                    .await?;
                    Ok(number)
                })
            })
            .await
    }

    /// Changes the receiver and the journey of a draft. Other consignments of the same journey
    /// get the same driver and vehicle.
    pub async fn edit_consignment(
        &self,
        id: ConsignmentId,
        to: StoreId,
        details: TripDetails,
    ) -> Result<(), DraftError> {
        self.require(Permission::Dispatch)?;
        let (now, actor) = (self.stock.world.now(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let (actor, details) = (actor.clone(), details.clone());
                Box::pin(async move {
                    let known = require_draft::<DraftError>(tx, &actor, id, now).await?;
                    if to == known.from.id {
                        return Err(DraftError::SameStore);
                    }
                    if to != known.to.id {
                        check_receiver(tx, &actor, to).await?;
                        Query::new("UPDATE consignment SET to_store_id = ")
                            .bind(to.uuid())
                            .push(" WHERE id = ")
                            .bind(id.uuid())
                            .run(tx)
                            .await?;
                    }
                    Query::new("UPDATE trip SET driver = ")
                        .bind(details.driver())
                        .push(", vehicle = ")
                        .bind(details.vehicle())
                        .push(", leaves_on = ")
                        .bind(details.leaves_on.map(|day| i64::from(day.0)))
                        .push(" WHERE id = ")
                        .bind(known.trip)
                        .run(tx)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Forgets driver and vehicle: nothing in the books needs them.
    pub async fn erase_driver(&self, id: ConsignmentId) -> Result<(), DraftError> {
        self.require(Permission::Dispatch)?;
        let actor = self.actor.clone();
        self.stock
            .db
            .write(move |tx| {
                let actor = actor.clone();
                Box::pin(async move {
                    let known = find_sent::<DraftError>(tx, &actor, id).await?;
                    Query::new("UPDATE trip SET driver = '', vehicle = '' WHERE id = ")
                        .bind(known.trip)
                        .run(tx)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Gives a draft up. Its number stays taken, so that no paper is missing without a reason.
    pub async fn cancel_consignment(
        &self,
        submission: Submission,
        id: ConsignmentId,
        reason: Reason,
    ) -> Result<(), CancelError> {
        self.require(Permission::Dispatch).map_err(RecordError::from)?;
        let db = self.stock.db.read();
        let known = find_sent::<RecordError>(db, &self.actor, id).await?;
        let store = Some(known.from.id);
        let subject = Subject { kind: "consignment", id: id.uuid(), store };
        let body = Cancel { consignment: id, reason };
        let Nothing {} =
            self.record(submission, subject, body, |tx, body| Box::pin(cancel(tx, body))).await?;
        Ok(())
    }
}

async fn cancel(tx: &RecordTx<'_>, body: &Cancel) -> Result<Nothing, CancelError> {
    let id = body.consignment;
    tx.lock_consignment(id).await?;
    let known = find_sent::<RecordError>(tx.conn, &tx.actor, id).await?;
    // This record is already written, so the fold of now says cancelled: look at the rest of it.
    let cancels =
        Query::new("SELECT id FROM record WHERE kind = 'consignment_cancel' AND subject_id = ")
            .bind(id.uuid())
            .push(" AND id <> ")
            .bind(tx.id.uuid());
    if cancels.finds(tx.conn).await.map_err(RecordError::from)? {
        return Err(CancelError::NotDraft(State::Cancelled));
    }
    if known.facts.dispatched {
        let facts = domain::consignment::Facts { cancelled: false, ..known.facts };
        return Err(CancelError::NotDraft(domain::consignment::state(&facts)));
    }
    tx.run("UPDATE code SET state = 'voided' WHERE subject_id = $1", [id.uuid().into()]).await?;
    keep(tx.conn, &known).await.map_err(RecordError::from)?;
    Ok(Nothing {})
}

/// The draft, locked; an error when it is not one any more.
pub(super) async fn require_draft<E>(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    id: ConsignmentId,
    now: Millis,
) -> Result<super::Known, E>
where
    E: From<Denied> + From<DbErr> + From<DraftError>,
{
    lock(tx, id, now).await?;
    let known = find_sent::<E>(tx, actor, id).await?;
    let state = known.state();
    if state == State::Draft { Ok(known) } else { Err(DraftError::NotDraft(state).into()) }
}

#[derive(FromQueryResult)]
struct Made {
    number: String,
    from_store_id: Uuid,
    to_store_id: Uuid,
    made_by: Uuid,
}

async fn made_before(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    new: &NewConsignment,
) -> Result<Option<String>, DraftError> {
    let made: Option<Made> = Query::new(
        "SELECT number, from_store_id, to_store_id, made_by FROM consignment WHERE id = ",
    )
    .bind(new.id.uuid())
    .one(tx)
    .await?;
    let Some(made) = made else { return Ok(None) };
    let same = made.from_store_id == new.from.uuid()
        && made.to_store_id == new.to.uuid()
        && made.made_by == actor.user.uuid();
    if same { Ok(Some(made.number)) } else { Err(DraftError::SavedBefore) }
}

async fn check_receiver(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    to: StoreId,
) -> Result<(), DraftError> {
    if may_send_to(tx, actor, to).await? { Ok(()) } else { Err(DraftError::UnknownReceiver) }
}

/// Whether the store is in use and one that the actor sends to.
pub(super) async fn may_send_to(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    to: StoreId,
) -> Result<bool, DbErr> {
    Query::new("SELECT s.id FROM store s WHERE s.retired_at IS NULL AND s.id = ")
        .bind(to.uuid())
        .push(" AND ")
        .condition(|next| scope::receivers(actor, "s", next))
        .finds(tx)
        .await
}

async fn trip(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    new: &NewConsignment,
    (id, now): (Uuid, Millis),
) -> Result<Uuid, DraftError> {
    let details = match &new.carrier {
        Carrier::Own(details) => details,
        Carrier::With(other) => {
            let other = find_sent::<DraftError>(tx, actor, *other).await?;
            return if other.state() == State::Draft && other.from.id == new.from {
                Ok(other.trip)
            } else {
                Err(DraftError::OtherTrip)
            };
        }
    };
    Query::new("INSERT INTO trip (id, store_id, driver, vehicle, leaves_on, made_at) VALUES ")
        .list::<Value>([
            id.into(),
            new.from.uuid().into(),
            details.driver().into(),
            details.vehicle().into(),
            details.leaves_on.map(|day| i64::from(day.0)).into(),
            now.0.into(),
        ])
        .run(tx)
        .await?;
    Ok(id)
}

/// The next waybill number of a store: `KBL-0042`.
async fn next_number(tx: &impl ConnectionTrait, from: StoreId) -> Result<String, DraftError> {
    let sender: Option<Sender> =
        Query::new("SELECT short_name FROM store WHERE retired_at IS NULL AND id = ")
            .bind(from.uuid())
            .one(tx)
            .await?;
    let Some(Sender { short_name }) = sender else { return Err(DraftError::UnknownSender) };
    let last: Option<Last> = Query::new("INSERT INTO counter (name, last) VALUES (")
        .bind(format!("waybill {short_name}"))
        .push(", 1) ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last")
        .one(tx)
        .await?;
    let number = last.map_or(1, |last| last.last);
    Ok(format!("{short_name}-{number:04}"))
}
