//! Events: what was planned, brought, given and left, and who came. Counts only, never names.

pub mod list;
pub mod people;
pub mod plan;
pub mod read;
pub mod said;
pub mod sheets;

use crate::api::words::{Names, date};
use serde::Serialize;
use stock::events::EventRow;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000030",
    "number": "E-KBL-0007",
    "code": "B2N6W4R9JDA",
    "event_type": "019a0d6e-0000-7000-8000-000000000031",
    "event_type_name": "Community based intervention events",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "organisation_name": "Fast Relief",
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "store_name": "Balkh store",
    "place": "AF2101",
    "place_name": {"en": "Mazar-e Sharif", "fa": "مزار شریف", "ps": null},
    "province": "AF21",
    "planned_on": "2017-06-14",
    "expected_people": 40,
    "state": "held",
    "held_on": "2017-06-14",
    "cancelled": false,
    "sheets_kept": 0,
    "sheets_held": 0
}))]
pub struct Event {
    pub id: Uuid,
    pub number: String,
    /// On the QR code of its form.
    pub code: String,
    pub event_type: Uuid,
    pub event_type_name: String,
    pub organisation: Uuid,
    pub organisation_name: String,
    /// The store that supplies it and gets back what is left.
    pub store: Uuid,
    pub store_name: String,
    /// The P-code of its province or district.
    pub place: String,
    pub place_name: Names,
    pub province: String,
    pub planned_on: String,
    pub expected_people: Option<i64>,
    /// `planned`, `sheet_missing`, `held` or `cancelled`.
    pub state: &'static str,
    /// The day of its first standing sheet or headcount.
    pub held_on: Option<String>,
    pub cancelled: bool,
    /// Second sheets that wait for a decision, and sheets that could not be booked.
    pub sheets_kept: i64,
    pub sheets_held: i64,
}

impl From<EventRow> for Event {
    fn from(event: EventRow) -> Self {
        Self {
            id: event.id.uuid(),
            number: event.number,
            code: event.code,
            event_type: event.event_type.uuid(),
            event_type_name: event.type_name,
            organisation: event.org.uuid(),
            organisation_name: event.org_name,
            store: event.store.uuid(),
            store_name: event.store_name,
            place: event.place.as_str().to_owned(),
            place_name: event.place_name.into(),
            province: event.province.as_str().to_owned(),
            planned_on: date(event.planned_on),
            expected_people: event.expected_people,
            state: event.state.as_str(),
            held_on: event.held_on.map(date),
            cancelled: event.cancelled_at.is_some(),
            sheets_kept: event.sheets_kept,
            sheets_held: event.sheets_held,
        }
    }
}
