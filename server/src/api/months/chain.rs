//! The chain from the order to the hand-out, a row a material.

use super::{leaves, month};
use crate::api::extract::{Asked, Asker, Parameters};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use axum::Json;
use serde::Serialize;
use stock::reconcile::ChainRow;
use utoipa::ToSchema;
use uuid::Uuid;

/// One material's way through a month, in pieces. What partners reported stands beside it, by kind:
/// `GET /months/{month}/reported`.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "short_number": "M3",
    "title": "Know the risks",
    "kind": "leaflet",
    "ordered": 0,
    "received": 30500,
    "dispatched": 28500,
    "delivered": 27960,
    "taken": 25060,
    "given": 25000
}))]
pub struct ChainOfMaterial {
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub kind: String,
    /// Ordered from printers in the month.
    pub ordered: i64,
    pub received: i64,
    pub dispatched: i64,
    /// Came off consignments, good or damaged, at any store: also back at the sender.
    pub delivered: i64,
    /// Taken to events, less what was brought back.
    pub taken: i64,
    pub given: i64,
}

impl From<ChainRow> for ChainOfMaterial {
    fn from(row: ChainRow) -> Self {
        Self {
            material: row.material.uuid(),
            short_number: row.short_number,
            title: row.title,
            kind: row.kind,
            ordered: row.ordered,
            received: row.received,
            dispatched: row.dispatched,
            delivered: row.delivered,
            taken: row.taken,
            given: row.given,
        }
    }
}

/// Read the chain of a month
#[utoipa::path(
    get, path = "/months/{month}/chain", tag = "months", operation_id = "read_chain",
    params(("month" = String, Path, example = "2017-06"), PageQuery),
    responses((status = 200, description = "A page", body = Page<ChainOfMaterial>), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(asked): Parameters<String>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<ChainOfMaterial>>, Problem> {
    let (month, reader) = (month(&asked)?, asker.reader());
    leaves(&reader, "chain", month).await?;
    let rows = reader.chain(month).await?;
    let key = |row: &ChainRow| row.material.to_string();
    Ok(Json(Page::cut(rows, &page, key)?.map(ChainOfMaterial::from)))
}
