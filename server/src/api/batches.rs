//! Batches: the pieces that arrived together, where they are now, and the packs that they are in.

use super::accounts::Account;
use super::extract::{Asked, Asker, Id};
use super::packs::Pack;
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::date;
use axum::Json;
use domain::ids::{BatchId, StoreId};
use serde::Serialize;
use stock::batches::{BatchDetail, Hold, Origin};
use stock::whereabouts::Whereabouts;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000013",
    "code": "421A500000F",
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "kind": "leaflet",
    "short_number": "M3",
    "title": "Know the risks",
    "outside_name": "Printed paper M3",
    "language": "dari",
    "edition": "1",
    "run": "019a0d6e-0000-7000-8000-000000000010",
    "run_number": "PR-0001",
    "record": "019a0d6e-0000-7000-8000-000000000012",
    "paper": "GRN-KBL-0001",
    "first_store": "019a0d6e-0000-7000-8000-000000000001",
    "first_store_name": "Central store",
    "arrived_on": "2017-05-02",
    "holds": [{"record": "019a0d6e-0000-7000-8000-000000000012", "reason": "over_tolerance"}]
}))]
pub struct Batch {
    pub id: Uuid,
    pub code: String,
    pub material: Uuid,
    /// `leaflet`, `sticker`, `magazine` or `other`.
    pub kind: &'static str,
    pub short_number: String,
    pub title: String,
    pub outside_name: String,
    pub language: &'static str,
    pub edition: String,
    /// The print run that it is of; none when it stood there before Tawzi.
    pub run: Option<Uuid>,
    pub run_number: Option<String>,
    /// The receipt or first count that made it, the number of that paper, and where it arrived;
    /// none of it where you do not see that store.
    pub record: Option<Uuid>,
    pub paper: Option<String>,
    pub first_store: Option<Uuid>,
    pub first_store_name: Option<String>,
    pub arrived_on: String,
    /// Why it must not be sent or given out; empty when it may.
    pub holds: Vec<BatchHold>,
}

#[derive(Serialize, ToSchema)]
pub struct BatchHold {
    /// What put it on hold.
    pub record: Uuid,
    pub reason: String,
}

impl From<BatchDetail> for Batch {
    fn from(batch: BatchDetail) -> Self {
        let (run, run_number) = match batch.origin {
            Origin::Printed { run, number } => (Some(run.uuid()), Some(number)),
            Origin::BeforeTawzi => (None, None),
        };
        let arrival = batch.arrival.as_ref();
        let (record, first_store) =
            (arrival.map(|at| at.record.uuid()), arrival.map(|at| at.store.uuid()));
        let (paper, first_store_name) = batch.arrival.map(|at| (at.paper, at.store_name)).unzip();
        let hold = |Hold { record, reason }| BatchHold { record: record.uuid(), reason };
        Self {
            id: batch.id.uuid(),
            code: batch.code.to_string(),
            material: batch.material.uuid(),
            kind: batch.kind.as_str(),
            short_number: batch.short_number,
            title: batch.title,
            outside_name: batch.outside_name,
            language: batch.language.as_str(),
            edition: batch.edition,
            run,
            run_number,
            record,
            paper,
            first_store,
            first_store_name,
            arrived_on: date(batch.arrived_on),
            holds: batch.holds.into_iter().map(hold).collect(),
        }
    }
}

/// The pieces of a batch in one account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "account": {
        "kind": "given_event",
        "owner": "019a0d6e-0000-7000-8000-000000000030",
        "channel": "participants",
        "unexplained": false
    },
    "holder": "019a0d6e-0000-7000-8000-000000000001",
    "holder_name": "Balkh store",
    "pieces": 390
}))]
pub struct PiecesIn {
    pub account: Account,
    /// The store that answers for the account.
    pub holder: Option<Uuid>,
    pub holder_name: String,
    /// Below zero in sources and where the account lacked pieces.
    pub pieces: i64,
}

impl From<Whereabouts> for PiecesIn {
    fn from(place: Whereabouts) -> Self {
        Self {
            account: place.account.into(),
            holder: place.holder.map(StoreId::uuid),
            holder_name: place.holder_name,
            pieces: place.pieces,
        }
    }
}

/// A batch that the asker does not see is not found, with all that hangs on it.
async fn found(asker: &Asker, id: Uuid) -> Result<BatchDetail, Problem> {
    Ok(asker.reader().batch(BatchId::new(id)).await?.ok_or(Code::NotFound)?)
}

/// Read a batch
#[utoipa::path(
    get, path = "/batches/{id}", tag = "stock", operation_id = "read_batch",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The batch", body = Batch), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<Batch>, Problem> {
    Ok(Json(found(&asker, id).await?.into()))
}

/// Where a batch is
///
/// Every account that holds pieces of it now, as far as you see who answers for them.
#[utoipa::path(
    get, path = "/batches/{id}/whereabouts", tag = "stock", operation_id = "read_whereabouts",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page", body = Page<PiecesIn>), Refusals)
)]
pub async fn whereabouts(
    asker: Asker,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<PiecesIn>>, Problem> {
    let batch = found(&asker, id).await?;
    let places = asker.reader().whereabouts(batch.id).await?;
    let places: Vec<PiecesIn> = places.into_iter().map(PiecesIn::from).collect();
    Ok(Json(Page::cut(places, &page, |place| place.account.key())?))
}

/// List the packs of a batch
///
/// Cartons by number, each followed by its bundles, as far as you see who holds them.
#[utoipa::path(
    get, path = "/batches/{id}/packs", tag = "stock", operation_id = "list_packs",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page", body = Page<Pack>), Refusals)
)]
pub async fn packs(
    asker: Asker,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Pack>>, Problem> {
    let batch = found(&asker, id).await?;
    let packs = asker.reader().packs_of(batch.id).await?;
    Ok(Json(Page::cut(packs, &page, |pack| pack.id.to_string())?.map(Pack::from)))
}
