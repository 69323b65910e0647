//! In whose hands the pieces were at the end of a month.

use super::{leaves, month};
use crate::api::extract::{Asker, Parameters};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use axum::Json;
use serde::Serialize;
use stock::reconcile::InHands;
use utoipa::ToSchema;

/// Pieces on hand at the end of a month; together the closing of the statement's total.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "in_store": 2250, "in_transit": 30, "at_events": 0, "damaged": 20, "total": 2300
}))]
pub struct OnHand {
    pub in_store: i64,
    pub in_transit: i64,
    pub at_events: i64,
    pub damaged: i64,
    pub total: i64,
}

impl From<InHands> for OnHand {
    fn from(hands: InHands) -> Self {
        let InHands { in_store, in_transit, at_events, damaged } = hands;
        Self { in_store, in_transit, at_events, damaged, total: hands.total() }
    }
}

/// Read what was on hand at the end of a month
#[utoipa::path(
    get, path = "/months/{month}/on-hand", tag = "months", operation_id = "read_on_hand",
    params(("month" = String, Path, example = "2017-06")),
    responses((status = 200, description = "Pieces by where they were", body = OnHand), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(asked): Parameters<String>,
) -> Result<Json<OnHand>, Problem> {
    let (month, reader) = (month(&asked)?, asker.reader());
    leaves(&reader, "on hand", month).await?;
    Ok(Json(reader.in_hands(month).await?.into()))
}
