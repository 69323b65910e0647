//! Consignments: pieces on their way from one store to another, with their paper.
//!
//! A receiver counts before what was sent reaches him: until then every figure of it is `null`.

pub mod draft;
pub mod list;
pub mod read;
pub mod waybill;

use crate::api::words::time;
use serde::Serialize;
use stock::consignments::{BatchTitle, StoreRef, Summary};
use utoipa::ToSchema;
use uuid::Uuid;

/// A store as papers name it.
#[derive(Serialize, ToSchema, Clone)]
#[schema(as = StoreOnPaper)]
pub struct Store {
    pub id: Uuid,
    pub name: String,
    pub short_name: String,
    pub organisation: Uuid,
}

impl From<StoreRef> for Store {
    fn from(store: StoreRef) -> Self {
        Self {
            id: store.id.uuid(),
            name: store.name,
            short_name: store.short_name,
            organisation: store.org.uuid(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
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
}))]
pub struct Consignment {
    pub id: Uuid,
    /// On the waybill's QR code.
    pub code: String,
    pub number: String,
    pub from: Store,
    pub to: Store,
    /// `draft`, `cancelled`, `dispatched`, `partly_delivered`, `delivered` or `closed`.
    pub state: &'static str,
    pub made_at: String,
    pub dispatched_at: Option<String>,
    /// Pieces in transit; `null` for a receiver who has not counted yet.
    pub in_transit: Option<i64>,
    /// Pieces that came beyond what was sent and that nobody has explained.
    pub extra: Option<i64>,
    /// Deliveries that somebody has to confirm.
    pub to_confirm: i64,
    /// Whether you stand on the receiver's side and may count something in.
    pub receives: bool,
}

impl From<Summary> for Consignment {
    fn from(consignment: Summary) -> Self {
        Self {
            id: consignment.id.uuid(),
            code: consignment.code.to_string(),
            number: consignment.number,
            from: consignment.from.into(),
            to: consignment.to.into(),
            state: consignment.state.as_str(),
            made_at: time(consignment.made_at),
            dispatched_at: consignment.dispatched_at.map(time),
            in_transit: consignment.in_transit,
            extra: consignment.extra,
            to_confirm: consignment.to_confirm,
            receives: consignment.receives,
        }
    }
}

/// A batch as lists and papers name it.
#[derive(Serialize, ToSchema)]
pub struct BatchName {
    pub batch: Uuid,
    pub code: String,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub outside_name: String,
}

impl From<BatchTitle> for BatchName {
    fn from(title: BatchTitle) -> Self {
        Self {
            batch: title.batch.uuid(),
            code: title.code.to_string(),
            material: title.material.uuid(),
            short_number: title.short_number,
            title: title.title,
            outside_name: title.outside_name,
        }
    }
}
