//! All consignments, those in transit, and the register of their papers.

use super::Consignment;
use crate::api::extract::{Asked, Asker};
use crate::api::holdings::seen_store;
use crate::api::page::{Page, PageQuery, sealed};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::time;
use axum::Json;
use domain::consignment::{PaperState, State};
use domain::ids::RecordId;
use serde::{Deserialize, Serialize};
use stock::consignments::{Filter, InTransit, RegisterEntry, Summary};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsignmentQuery {
    /// Only those in this state: `draft`, `cancelled`, `dispatched`, `partly_delivered`,
    /// `delivered` or `closed`.
    pub state: Option<String>,
    /// Only those from or to this store.
    pub store: Option<Uuid>,
}

/// List consignments
///
/// Those from and to the stores that you see, the newest first, at most 50 a page. A receiver
/// learns of one when it leaves.
#[utoipa::path(
    get, path = "/consignments", tag = "consignments", operation_id = "list_consignments",
    params(ConsignmentQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<Consignment>), Refusals)
)]
pub async fn all(
    asker: Asker,
    Asked(query): Asked<ConsignmentQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Consignment>>, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "state");
    let state = query.state.as_deref().map(|word| State::parse(word).ok_or_else(wrong));
    let before = page.key()?.map(|key| key.parse().map_err(|_| Problem::new(Code::WrongCursor)));
    let (limit, reader) = (page.limit()?, asker.reader());
    let store = seen_store(&reader, query.store).await?;
    let filter = Filter { state: state.transpose()?, store, before: before.transpose()? };
    let (mut found, more) = reader.consignments(filter).await?;
    let limit = if more { limit.min(found.len() - 1) } else { limit };
    found.truncate(limit + 1);
    let key = |consignment: &Summary| consignment.id.to_string();
    Ok(Json(Page::of(found, limit, key).map(Consignment::from)))
}

/// A consignment in transit.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "days": 12,
    "consignment": {
        "id": "019a0d6e-0000-7000-8000-000000000060",
        "code": "7QF3M0X8HT2",
        "number": "KBL-0042",
        "from": {
            "id": "019a0d6e-0000-7000-8000-000000000001",
            "name": "Central store",
            "short_name": "KBL",
            "organisation": "019a0d6e-0000-7000-8000-000000000002"
        },
        "to": {
            "id": "019a0d6e-0000-7000-8000-000000000061",
            "name": "Balkh store",
            "short_name": "MZR",
            "organisation": "019a0d6e-0000-7000-8000-000000000002"
        },
        "state": "dispatched",
        "made_at": "2017-06-01T12:00:00.000+04:30",
        "dispatched_at": "2017-06-02T12:00:00.000+04:30",
        "in_transit": 500,
        "extra": 0,
        "to_confirm": 0,
        "receives": false
    }
}))]
pub struct OnTheRoad {
    /// Whole days since it left.
    pub days: i32,
    pub consignment: Consignment,
}

/// List what is in transit
///
/// The oldest first, the oldest 500 in all: what never arrives stays here until somebody explains
/// it.
#[utoipa::path(
    get, path = "/consignments/in-transit", tag = "consignments",
    operation_id = "list_in_transit", params(PageQuery),
    responses((status = 200, description = "A page", body = Page<OnTheRoad>), Refusals)
)]
pub async fn in_transit(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<OnTheRoad>>, Problem> {
    let found = asker.reader().in_transit().await?;
    let key = |one: &InTransit| one.consignment.id.to_string();
    let on_the_road =
        |InTransit { consignment, days }| OnTheRoad { days, consignment: consignment.into() };
    Ok(Json(Page::cut(found, &page, key)?.map(on_the_road)))
}

/// The signed paper of a consignment that left.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "consignment": "019a0d6e-0000-7000-8000-000000000060",
    "number": "KBL-0042",
    "state": "out",
    "since": "2017-06-02T12:00:00.000+04:30",
    "days": 12,
    "scan": null
}))]
pub struct PaperEntry {
    pub consignment: Uuid,
    pub number: String,
    /// `out`, `back_signed`, `back_unsigned` or `lost`.
    pub state: &'static str,
    pub since: String,
    /// Whole days in this state.
    pub days: i32,
    /// The record with a scan, which the consignment's page shows.
    pub scan: Option<Uuid>,
}

impl From<RegisterEntry> for PaperEntry {
    fn from(entry: RegisterEntry) -> Self {
        Self {
            consignment: entry.consignment.id.uuid(),
            number: entry.consignment.number,
            state: entry.state.as_str(),
            since: time(entry.since),
            days: entry.days,
            scan: entry.scan.map(RecordId::uuid),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaperQuery {
    /// Only papers in this state: `out`, `back_signed`, `back_unsigned` or `lost`.
    pub state: Option<String>,
}

/// List the papers of consignments
///
/// The register: those that left first come first.
#[utoipa::path(
    get, path = "/consignments/papers", tag = "consignments", operation_id = "list_papers",
    params(PaperQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<PaperEntry>), Refusals)
)]
pub async fn papers(
    asker: Asker,
    Asked(query): Asked<PaperQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<PaperEntry>>, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "state");
    let state = query.state.as_deref().map(|word| PaperState::parse(word).ok_or_else(wrong));
    let after = page.key()?.map(|key| key.parse().map_err(|_| Problem::new(Code::WrongCursor)));
    let (limit, after) = (page.limit()?, after.transpose()?);
    let (papers, more) = asker.reader().paper_register(state.transpose()?, after, limit).await?;
    let next =
        papers.last().filter(|_| more).map(|entry| sealed(&entry.consignment.id.to_string()));
    Ok(Json(Page { items: papers.into_iter().map(PaperEntry::from).collect(), next }))
}
