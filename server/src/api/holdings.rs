//! Where everything is: what each store answers for, by material, and the batches in a store.

use super::extract::{Asked, Asker, Id};
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::date;
use axum::Json;
use domain::ids::{MaterialId, StoreId};
use domain::time::Day;
use serde::{Deserialize, Serialize};
use stock::Reader;
use stock::whereabouts::{BatchHere, HoldingFilter};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What one store answers for of one material, in pieces.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "store_name": "Balkh store",
    "place": "AF2101",
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "short_number": "M3",
    "title": "Know the risks",
    "pieces_per_bundle": 50,
    "bundles_per_carton": 10,
    "in_store": 12000,
    "in_transit": 500,
    "at_events": 0,
    "damaged": 12
}))]
pub struct Holding {
    pub store: Uuid,
    pub store_name: String,
    /// The P-code of the store's province or district.
    pub place: String,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub pieces_per_bundle: i64,
    pub bundles_per_carton: i64,
    pub in_store: i64,
    /// Sent by this store and not yet delivered.
    pub in_transit: i64,
    /// Taken to events that this store supplies.
    pub at_events: i64,
    pub damaged: i64,
}

impl From<stock::whereabouts::Holding> for Holding {
    fn from(holding: stock::whereabouts::Holding) -> Self {
        Self {
            store: holding.store.uuid(),
            store_name: holding.store_name,
            place: holding.place_code,
            material: holding.material.uuid(),
            short_number: holding.short_number,
            title: holding.title,
            pieces_per_bundle: holding.pieces_per_bundle,
            bundles_per_carton: holding.bundles_per_carton,
            in_store: holding.in_store,
            in_transit: holding.in_transit,
            at_events: holding.at_events,
            damaged: holding.damaged,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HoldingQuery {
    /// Only this store.
    pub store: Option<Uuid>,
    /// Only this material.
    pub material: Option<Uuid>,
    /// Only stores in this province or district, by P-code.
    pub place: Option<String>,
}

/// A store that a filter names; one that the asker does not see is not found.
pub async fn seen_store(
    reader: &Reader<'_>,
    store: Option<Uuid>,
) -> Result<Option<StoreId>, Problem> {
    let Some(store) = store.map(StoreId::new) else { return Ok(None) };
    if reader.can_see_store(store).await? { Ok(Some(store)) } else { Err(Code::NotFound.into()) }
}

/// List holdings
///
/// The balances of now, a row for each store and material with pieces in hand.
#[utoipa::path(
    get, path = "/holdings", tag = "stock", operation_id = "list_holdings",
    params(HoldingQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<Holding>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(query): Asked<HoldingQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Holding>>, Problem> {
    let reader = asker.reader();
    let filter = HoldingFilter {
        store: seen_store(&reader, query.store).await?,
        material: query.material.map(MaterialId::new),
        place: query.place,
    };
    let holdings = reader.holdings(&filter).await?;
    let key = |row: &stock::whereabouts::Holding| format!("{}|{}", row.store, row.material);
    Ok(Json(Page::cut(holdings, &page, key)?.map(Holding::from)))
}

/// A batch in a store, in pieces.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "batch": "019a0d6e-0000-7000-8000-000000000013",
    "code": "421A500000F",
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "short_number": "M3",
    "title": "Know the risks",
    "arrived_on": "2017-05-02",
    "pieces": 12000,
    "sealed_packs": 24,
    "on_hold": false,
    "recalled": false
}))]
pub struct BatchInStore {
    pub batch: Uuid,
    pub code: String,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    /// When the batch first arrived, at whatever store.
    pub arrived_on: String,
    pub pieces: i64,
    pub sealed_packs: i64,
    pub on_hold: bool,
    /// Its edition is recalled.
    pub recalled: bool,
}

impl From<BatchHere> for BatchInStore {
    fn from(batch: BatchHere) -> Self {
        Self {
            batch: batch.batch_id,
            code: batch.code,
            material: batch.material_id,
            short_number: batch.short_number,
            title: batch.title,
            arrived_on: date(Day(batch.arrived_on as i32)),
            pieces: batch.pieces,
            sealed_packs: batch.sealed_packs,
            on_hold: batch.on_hold,
            recalled: batch.recalled,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BatchQuery {
    /// Only batches of this material.
    pub material: Option<Uuid>,
}

/// List the batches in a store
///
/// By material, the oldest first: the order in which they are used up.
#[utoipa::path(
    get, path = "/stores/{id}/batches", tag = "stock", operation_id = "list_batches_in_store",
    params(("id" = Uuid, Path, description = "The store"), BatchQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<BatchInStore>), Refusals)
)]
pub async fn batches(
    asker: Asker,
    Id(id): Id,
    Asked(query): Asked<BatchQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<BatchInStore>>, Problem> {
    let (reader, store) = (asker.reader(), StoreId::new(id));
    seen_store(&reader, Some(id)).await?;
    let batches = reader.batches_in(store, query.material.map(MaterialId::new)).await?;
    let batches = Page::cut(batches, &page, |batch| batch.batch_id.to_string())?;
    Ok(Json(batches.map(BatchInStore::from)))
}
