//! What was recorded about an event.

use crate::api::extract::{Asked, Asker, Id};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::{confirmation, date, time};
use axum::Json;
use domain::ids::{EventId, OrgId};
use domain::role::Role;
use serde::Serialize;
use stock::events::{EventRecord, EventSaid};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "record": "019a0d6e-0000-7000-8000-000000000033",
    "what": "sheet",
    "day": "2017-06-14",
    "recorded_at": "2017-06-14T17:00:00.000+04:30",
    "by": "019a0d6e-0000-7000-8000-000000000014",
    "by_role": "partner",
    "on_behalf_of": null,
    "confirmation": "not_needed",
    "pieces": 1000,
    "batch_assumed": true,
    "held": false,
    "dropped": false,
    "reversed": false,
    "note": null
}))]
pub struct SaidOfEvent {
    pub record: Uuid,
    /// `taken`, `brought_back`, `sheet`, `decided`, `people` or `other`.
    pub what: &'static str,
    pub day: String,
    pub recorded_at: String,
    pub by: Uuid,
    pub by_role: Option<&'static str>,
    pub on_behalf_of: Option<Uuid>,
    /// `not_needed`, `waiting` or `done`.
    pub confirmation: &'static str,
    /// Pieces that its movements moved, also where some of them were taken back since.
    pub pieces: i64,
    /// Nobody said which batch it was.
    pub batch_assumed: bool,
    /// It could not be booked, and waits.
    pub held: bool,
    /// It could not be booked, and is not to be.
    pub dropped: bool,
    pub reversed: bool,
    pub note: Option<String>,
}

impl From<EventRecord> for SaidOfEvent {
    fn from(said: EventRecord) -> Self {
        let what = match said.said {
            EventSaid::Taken => "taken",
            EventSaid::BroughtBack => "brought_back",
            EventSaid::Sheet => "sheet",
            EventSaid::Decided => "decided",
            EventSaid::People => "people",
            EventSaid::Other => "other",
        };
        Self {
            record: said.record.uuid(),
            what,
            day: date(said.day),
            recorded_at: time(said.recorded_at),
            by: said.by.uuid(),
            by_role: said.by_role.map(Role::word),
            on_behalf_of: said.on_behalf.map(OrgId::uuid),
            confirmation: confirmation(said.confirmation),
            pieces: said.pieces,
            batch_assumed: said.assumed,
            held: said.is_held,
            dropped: said.is_dropped,
            reversed: said.is_reversed,
            note: said.note,
        }
    }
}

/// List what was recorded about an event
///
/// In the order in which it was recorded.
#[utoipa::path(
    get, path = "/events/{id}/records", tag = "events", operation_id = "list_event_records",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page", body = Page<SaidOfEvent>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<SaidOfEvent>>, Problem> {
    let (reader, event) = (asker.reader(), EventId::new(id));
    reader.event(event).await?.ok_or(Code::NotFound)?;
    let records = reader.event_records(event).await?;
    Ok(Json(Page::cut(records, &page, |said| said.record.to_string())?.map(SaidOfEvent::from)))
}
