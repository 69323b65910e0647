//! The paper that travels with a consignment: outside names only, it passes checkpoints.

use super::Store;
use crate::api::extract::{Asker, Id};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use crate::api::words::{date, time};
use axum::Json;
use domain::consignment::Load;
use serde::Serialize;
use stock::consignments::WaybillLine;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "consignment": "019a0d6e-0000-7000-8000-000000000060",
    "code": "7QF3M0X8HT2",
    "number": "KBL-0042",
    "state": "dispatched",
    "from": {
        "id": "019a0d6e-0000-7000-8000-000000000001",
        "name": "Central store",
        "short_name": "KBL",
        "organisation": "019a0d6e-0000-7000-8000-000000000002"
    },
    "from_place": "Kabul",
    "to": {
        "id": "019a0d6e-0000-7000-8000-000000000061",
        "name": "Balkh store",
        "short_name": "MZR",
        "organisation": "019a0d6e-0000-7000-8000-000000000002"
    },
    "to_place": "Mazar-e Sharif",
    "driver": "",
    "vehicle": "KBL 12345",
    "leaves_on": "2017-06-02",
    "dispatched_at": "2017-06-02T12:00:00.000+04:30",
    "lines": [{
        "batch": "019a0d6e-0000-7000-8000-000000000013",
        "code": "421A500000F",
        "outside_name": "Printed paper M3",
        "load": {"cartons": 1, "bundles": 0, "loose": 0, "pieces": 500, "weight_g": 8200,
            "volume_cm3": 24000},
        "packs": ["4K7M2QXD9V1"]
    }],
    "total": {"cartons": 1, "bundles": 0, "loose": 0, "pieces": 500, "weight_g": 8200,
        "volume_cm3": 24000}
}))]
pub struct Waybill {
    pub consignment: Uuid,
    pub code: String,
    pub number: String,
    pub state: &'static str,
    pub from: Store,
    pub from_place: String,
    pub to: Store,
    pub to_place: String,
    pub driver: String,
    pub vehicle: String,
    pub leaves_on: Option<String>,
    pub dispatched_at: Option<String>,
    pub lines: Vec<WaybillBatch>,
    pub total: LoadOnPaper,
}

#[derive(Serialize, ToSchema)]
pub struct WaybillBatch {
    pub batch: Uuid,
    pub code: String,
    pub outside_name: String,
    pub load: LoadOnPaper,
    /// The codes of its packs.
    pub packs: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct LoadOnPaper {
    pub cartons: i64,
    pub bundles: i64,
    /// Pieces outside of sealed packs.
    pub loose: i64,
    /// Pieces in all.
    pub pieces: i64,
    /// Grams; `null` where the material's carton was never weighed.
    pub weight_g: Option<i64>,
    /// Cubic centimetres; `null` where it was never measured.
    pub volume_cm3: Option<i64>,
}

impl From<Load> for LoadOnPaper {
    fn from(load: Load) -> Self {
        let Load { cartons, bundles, loose, pieces, weight_g, volume_cm3 } = load;
        Self { cartons, bundles, loose, pieces, weight_g, volume_cm3 }
    }
}

impl From<WaybillLine> for WaybillBatch {
    fn from(line: WaybillLine) -> Self {
        Self {
            batch: line.title.batch.uuid(),
            code: line.title.code.to_string(),
            outside_name: line.title.outside_name,
            load: line.load.into(),
            packs: line.packs.iter().map(|pack| pack.code.to_string()).collect(),
        }
    }
}

impl From<stock::consignments::Waybill> for Waybill {
    fn from(waybill: stock::consignments::Waybill) -> Self {
        Self {
            consignment: waybill.id.uuid(),
            code: waybill.code.to_string(),
            number: waybill.number,
            state: waybill.state.as_str(),
            from: waybill.from.into(),
            from_place: waybill.from_place,
            to: waybill.to.into(),
            to_place: waybill.to_place,
            driver: waybill.trip.driver().to_owned(),
            vehicle: waybill.trip.vehicle().to_owned(),
            leaves_on: waybill.trip.leaves_on.map(date),
            dispatched_at: waybill.dispatched_at.map(time),
            lines: waybill.lines.into_iter().map(WaybillBatch::from).collect(),
            total: waybill.total.into(),
        }
    }
}

/// Read a waybill
///
/// It says what was sent: for a receiver it does not exist before he has counted.
#[utoipa::path(
    get, path = "/consignments/{id}/waybill", tag = "consignments",
    operation_id = "read_waybill", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The waybill", body = Waybill), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<Waybill>, Problem> {
    Ok(Json(asker.reader().waybill(id.into()).await?.into()))
}
