//! What came: a fact, counted without knowing what was sent.

use super::find::{STANDS, find};
use super::sheet::tallies;
use super::shelf::kind;
use super::unsent::{Unsent, expected};
use super::waiting;
use super::{Difference, Known};
use crate::access::{Denied, Writer};
use crate::packs::PackState;
use crate::query::Query;
use crate::recall;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::account::Account;
use domain::consignment::{ArrivalError, Parcel, Rest, State, arrive};
use domain::ids::{BatchId, ConsignmentId, OrgId, PackId, RecordId, UserId};
use domain::records::consignment::Delivery;
use domain::role::{Actor, Permission};
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A delivery in the books, and what it does not agree with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delivered {
    pub record: RecordId,
    pub differences: Vec<Difference>,
    /// Packs whose labels were read and that nobody had sent.
    #[serde(default)]
    pub unsent: Vec<Unsent>,
    /// Whether somebody else has to confirm it.
    pub to_confirm: bool,
}

/// The word in the database for [`Rest::StillComing`].
pub(super) const STILL_COMING: &str = "still_coming";

/// A delivery that somebody has already entered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EarlierDelivery {
    pub record: RecordId,
    pub at: Millis,
    pub by: UserId,
    pub pieces: i64,
    pub rest: Rest,
}

/// Why a delivery is not posted. None of these gives away what was sent.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("nothing can be received: it is {0:?}")]
    NotUnderWay(State),
    #[error(transparent)]
    Count(ArrivalError),
    #[error("there is no such batch")]
    UnknownBatch,
    #[error("dated before it left on {left}")]
    BeforeDispatch { left: Day },
    /// Duties apart: who sent it does not count it.
    #[error("who dispatched it does not receive it")]
    SenderReceives,
    #[error("on behalf of an organisation that does not keep this store")]
    WrongOrganisation,
    /// Somebody received before: look at it, and say that this comes on top of it.
    #[error("something was received before")]
    AlreadyReceived(Vec<EarlierDelivery>),
}

impl From<DbErr> for DeliverError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

impl From<Denied> for DeliverError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

#[derive(FromQueryResult)]
struct EarlierRow {
    record_id: Uuid,
    occurred_at: i64,
    actor_id: Uuid,
    rest: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct ParcelRow {
    id: Uuid,
    batch_id: Uuid,
    kind: String,
    nominal: i64,
    full_nominal: i64,
}

#[derive(FromQueryResult)]
struct HeldRow {
    batch_id: Uuid,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct Behalf {
    on_behalf_org_id: Option<Uuid>,
}

impl Writer<'_> {
    /// Posts what was counted. It is a statement about the world and never refused because of
    /// what the books hold; nobody is asked twice either, because the question would tell what
    /// was sent.
    pub async fn deliver(
        &self,
        submission: Submission,
        delivery: Delivery,
    ) -> Result<Delivered, DeliverError> {
        self.require(Permission::CountIn)?;
        let id = delivery.consignment;
        let known = find::<DeliverError>(self.stock.db.read(), &self.actor, id).await?;
        check_receiver(&known, &self.actor, submission.envelope.on_behalf)?;
        let subject = Subject { kind: "consignment", id: id.uuid(), store: Some(known.to.id) };
        let submission = Submission { confirmed: true, ..submission };
        self.record(submission, subject, delivery, |tx, body| Box::pin(deliver(tx, body))).await
    }
}

fn check_receiver(
    known: &Known,
    actor: &Actor,
    on_behalf: Option<OrgId>,
) -> Result<(), DeliverError> {
    if !known.sees_to {
        return Err(Denied::NotFound.into());
    }
    match on_behalf {
        Some(org) if org != known.to.org => Err(DeliverError::WrongOrganisation),
        None if known.dispatched_by() == Some(actor.user) => Err(DeliverError::SenderReceives),
        Some(_) | None => Ok(()),
    }
}

async fn deliver(tx: &RecordTx<'_>, body: &Delivery) -> Result<Delivered, DeliverError> {
    let id = body.consignment;
    tx.lock_consignment(id).await?;
    let known = find::<DeliverError>(tx.conn, &tx.actor, id).await?;
    let state = known.state();
    if !state.receives() {
        return Err(DeliverError::NotUnderWay(state));
    }
    if let Some((left, _)) = known.dispatched.filter(|(at, _)| tx.occurred_at.day() < at.day()) {
        return Err(DeliverError::BeforeDispatch { left: left.day() });
    }
    let mut earlier = earlier(tx.conn, id).await?;
    earlier.retain(|delivery| !body.besides.contains(&delivery.record));
    if !earlier.is_empty() {
        return Err(DeliverError::AlreadyReceived(earlier));
    }
    check_batches(tx.conn, body).await?;
    let (expected, unsent) = expected(tx, &known, body).await?;
    let arrival = arrive(id, known.to.id, tx.occurred_at, &body.lines, body.rest, &expected)
        .map_err(DeliverError::Count)?;
    if !arrival.drafts.is_empty() {
        tx.post_fact(arrival.drafts).await?;
    }
    let (store, loaded_at) = (Account::store(known.to.id), Account::store(known.from.id));
    // A bundle that somebody took out of a carton elsewhere opens that carton.
    let others: Vec<PackId> = expected.unsent.iter().map(|parcel| parcel.id).collect();
    tx.move_packs(&others, store).await?;
    tx.set_packs(&arrival.sealed, PackState::Sealed, Some(store)).await?;
    tx.set_packs(&arrival.check, PackState::Check, Some(store)).await?;
    tx.set_packs(&arrival.left_behind, PackState::Check, Some(loaded_at)).await?;
    let to_confirm = to_confirm(tx, &known).await?;
    insert(tx, &known, body.rest, to_confirm).await?;
    waiting::refresh(tx, id).await?;
    recall::ask_new_holder(tx, known.to.id, body.lines.iter().map(|line| line.batch)).await?;
    waiting::warn_of_held(tx, &known, body.lines.iter().map(|line| line.batch)).await?;
    let differences = Difference::all(&tallies(tx.conn, id).await?, body.rest);
    Ok(Delivered { record: tx.id, differences, unsent, to_confirm })
}

/// Told by phone, said by another organisation, or by somebody who can see what was sent.
async fn to_confirm(tx: &RecordTx<'_>, known: &Known) -> Result<bool, DeliverError> {
    let behalf: Option<Behalf> =
        tx.one("SELECT on_behalf_org_id FROM record WHERE id = $1", [tx.id.uuid().into()]).await?;
    let on_behalf = behalf.is_some_and(|row| row.on_behalf_org_id.is_some());
    Ok(on_behalf || tx.actor.org != known.to.org || known.sees_from)
}

async fn insert(
    tx: &RecordTx<'_>,
    known: &Known,
    rest: Rest,
    to_confirm: bool,
) -> Result<(), DeliverError> {
    let rest = match rest {
        Rest::StillComing => STILL_COMING,
        Rest::NothingMore => "nothing_more",
    };
    insert_row(tx, known.id, known.to.id, Some(rest), to_confirm).await
}

pub(super) async fn insert_row<E: From<RecordError>>(
    tx: &RecordTx<'_>,
    consignment: ConsignmentId,
    store: domain::ids::StoreId,
    rest: Option<&str>,
    to_confirm: bool,
) -> Result<(), E> {
    tx.run(
        "INSERT INTO delivery (record_id, consignment_id, store_id, rest, to_confirm)
         VALUES ($1, $2, $3, $4, $5)",
        [
            tx.id.uuid().into(),
            consignment.uuid().into(),
            store.uuid().into(),
            rest.into(),
            to_confirm.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Unreversed deliveries at the receiver's store, oldest first.
pub(super) async fn earlier(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<Vec<EarlierDelivery>, DbErr> {
    let rows: Vec<EarlierRow> = Query::new(
        "SELECT d.record_id, r.occurred_at, r.actor_id, d.rest,
            COALESCE((SELECT CAST(SUM(l.pieces) AS BIGINT) FROM movement m
                JOIN line l ON l.movement_id = m.id
                WHERE m.record_id = d.record_id AND m.kind = 'deliver'), 0) AS pieces
         FROM delivery d JOIN record r ON r.id = d.record_id
         WHERE d.rest IS NOT NULL AND ",
    )
    .push(STANDS)
    .push(" AND d.consignment_id = ")
    .bind(id.uuid())
    .push(" ORDER BY r.recorded_at, r.id")
    .all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| EarlierDelivery {
            record: row.record_id.into(),
            at: Millis(row.occurred_at),
            by: row.actor_id.into(),
            pieces: row.pieces,
            rest: if row.rest == STILL_COMING { Rest::StillComing } else { Rest::NothingMore },
        })
        .collect())
}

async fn check_batches(db: &impl ConnectionTrait, body: &Delivery) -> Result<(), DeliverError> {
    for line in &body.lines {
        let known = Query::new("SELECT id FROM batch WHERE id = ").bind(line.batch.uuid());
        if !known.finds(db).await? {
            return Err(DeliverError::UnknownBatch);
        }
    }
    Ok(())
}

/// The packs that are on the road, by their number.
pub(super) async fn parcels(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<Vec<Parcel>, DbErr> {
    let rows: Vec<ParcelRow> = Query::new(
        "SELECT p.id, p.batch_id, p.kind, p.nominal, (SELECT MAX(q.nominal) FROM pack q
            WHERE q.batch_id = p.batch_id AND q.kind = p.kind) AS full_nominal
         FROM account a JOIN pack_state s ON s.account_id = a.id JOIN pack p ON p.id = s.pack_id
         WHERE a.kind = 'in_transit' AND NOT a.shadow AND s.state IN ('sealed', 'check')
            AND a.owner_id = ",
    )
    .bind(id.uuid())
    .push(" ORDER BY p.batch_id, p.kind, p.number, p.id")
    .all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Parcel {
            id: row.id.into(),
            batch: row.batch_id.into(),
            kind: kind(&row.kind),
            nominal: row.nominal,
            full: row.full_nominal,
        })
        .collect())
}

/// The pieces that are on the road, by batch.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<BTreeMap<BatchId, i64>, DbErr> {
    let rows: Vec<HeldRow> = Query::new(
        "SELECT b.batch_id, b.pieces FROM account a JOIN balance b ON b.account_id = a.id
         WHERE a.kind = 'in_transit' AND NOT a.shadow AND a.owner_id = ",
    )
    .bind(id.uuid())
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (BatchId::new(row.batch_id), row.pieces)).collect())
}
