//! All about one event.

use super::Event;
use super::people::{People, PeopleSaid};
use super::sheets::Sheet;
use crate::api::extract::{Asker, Id};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use axum::Json;
use domain::small_cells::Eyes;
use serde::Serialize;
use serde_json::{Value, json};
use stock::events::{EventDetail, MaterialAtEvent, PlannedKit, PlannedMaterial};
use utoipa::ToSchema;
use uuid::Uuid;

/// An event with everything that was planned and said about it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "event": {
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
    },
    "sessions": [{"id": "019a0d6e-0000-7000-8000-000000000032", "kind": "women", "ordinal": 1}],
    "planned_kits": [{"version": "019a0d6e-0000-7000-8000-000000000005", "name": "Event kit",
        "kits": 1}],
    "planned": [{"material": "019a0d6e-0000-7000-8000-000000000003", "short_number": "M3",
        "title": "Know the risks", "pieces": 500}],
    "materials": [{"material": "019a0d6e-0000-7000-8000-000000000003", "short_number": "M3",
        "title": "Know the risks", "taken": 500, "brought_back": 100, "damaged": 10, "there": 0,
        "given": 390, "to_participants": 390, "to_multipliers": 0, "in_public_places": 0,
        "tenths_a_person": 108}],
    "sheets": [{"record": "019a0d6e-0000-7000-8000-000000000033", "session": null,
        "state": "posted", "held": null, "decision": null, "day": "2017-06-14",
        "recorded_at": "2017-06-14T17:00:00.000+04:30",
        "by": "019a0d6e-0000-7000-8000-000000000014",
        "organisation": "019a0d6e-0000-7000-8000-000000000002", "on_behalf_of": null,
        "to_confirm": false, "rows": [{"material": "019a0d6e-0000-7000-8000-000000000003",
            "short_number": "M3", "title": "Know the risks", "brought": 500, "left": 100,
            "spoiled": 10, "given": 390, "to_participants": 390, "to_multipliers": 0,
            "in_public_places": 0, "batch_assumed": true}],
        "people": {"women": 12, "men": 20, "girls": 4, "boys": 0, "age_not_recorded": null,
            "sex_not_recorded": null, "participants": 36, "females": 16,
            "females_at_least": false,
            "participants_at_least": false},
        "groups": ["community"], "note": null}],
    "people_hidden": false,
    "people": {"count": {"women": 12, "men": 20, "girls": 4, "boys": 0, "age_not_recorded": null,
        "sex_not_recorded": null, "participants": 36, "females": 16, "females_at_least": false,
        "participants_at_least": false},
        "groups": ["community"], "disagreements": []},
    "statements": [{"record": "019a0d6e-0000-7000-8000-000000000033", "session": null,
        "corrects": null, "count": {"women": 12, "men": 20, "girls": 4, "boys": 0,
            "age_not_recorded": null, "sex_not_recorded": null, "participants": 36, "females": 16,
            "females_at_least": false,
            "participants_at_least": false},
        "groups": ["community"], "day": "2017-06-14",
        "recorded_at": "2017-06-14T17:00:00.000+04:30",
        "by": "019a0d6e-0000-7000-8000-000000000014", "on_behalf": false}],
    "flags": [{"flag": "many_pieces_a_person", "tenths": 108}, {"flag": "batch_assumed"}]
}))]
pub struct WholeEvent {
    pub event: Event,
    pub sessions: Vec<Session>,
    pub planned_kits: Vec<KitAtEvent>,
    /// Kits and pieces together, by material.
    pub planned: Vec<PlannedPieces>,
    /// What the books say.
    pub materials: Vec<PiecesAtEvent>,
    pub sheets: Vec<Sheet>,
    /// To organisations other than the programme and whoever held it people are counted by
    /// province only, in the bulletin: then no event, sheet or statement says how many came.
    pub people_hidden: bool,
    pub people: People,
    pub statements: Vec<PeopleSaid>,
    /// What is odd about it, each with the numbers that it is about.
    #[schema(value_type = Vec<Object>)]
    pub flags: Vec<Value>,
}

/// Sessions share the event's stock and count as one event.
#[derive(Serialize, ToSchema)]
pub struct Session {
    pub id: Uuid,
    /// `women`, `men`, `girls`, `boys` or `mixed`.
    pub kind: &'static str,
    /// From 1, in the order of the day.
    pub ordinal: i64,
}

#[derive(Serialize, ToSchema)]
pub struct KitAtEvent {
    pub version: Uuid,
    pub name: String,
    pub kits: i64,
}

#[derive(Serialize, ToSchema)]
pub struct PlannedPieces {
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub pieces: i64,
}

/// Pieces of one material at an event, by the books.
#[derive(Serialize, ToSchema)]
pub struct PiecesAtEvent {
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub taken: i64,
    pub brought_back: i64,
    pub damaged: i64,
    /// Still at the event.
    pub there: i64,
    pub given: i64,
    pub to_participants: i64,
    pub to_multipliers: i64,
    pub in_public_places: i64,
    /// Given to participants, a head, in tenths of a piece.
    pub tenths_a_person: Option<i64>,
}

impl From<PlannedKit> for KitAtEvent {
    fn from(kit: PlannedKit) -> Self {
        Self { version: kit.version.uuid(), name: kit.name, kits: kit.kits }
    }
}

impl From<PlannedMaterial> for PlannedPieces {
    fn from(planned: PlannedMaterial) -> Self {
        let PlannedMaterial { material, short_number, title, pieces } = planned;
        Self { material: material.uuid(), short_number, title, pieces }
    }
}

impl From<MaterialAtEvent> for PiecesAtEvent {
    fn from(material: MaterialAtEvent) -> Self {
        Self {
            given: material.given(),
            material: material.material.uuid(),
            short_number: material.short_number,
            title: material.title,
            taken: material.taken,
            brought_back: material.brought_back,
            damaged: material.damaged,
            there: material.there,
            to_participants: material.to_participants,
            to_multipliers: material.to_multipliers,
            in_public_places: material.in_public_places,
            tenths_a_person: material.tenths_a_person,
        }
    }
}

impl From<EventDetail> for WholeEvent {
    fn from(detail: EventDetail) -> Self {
        let session = |session: &stock::events::Session| Session {
            id: session.id.uuid(),
            kind: session.kind.as_str(),
            ordinal: session.ordinal,
        };
        Self {
            event: detail.event.into(),
            sessions: detail.sessions.iter().map(session).collect(),
            planned_kits: detail.planned_kits.into_iter().map(KitAtEvent::from).collect(),
            planned: detail.planned.into_iter().map(PlannedPieces::from).collect(),
            materials: detail.materials.into_iter().map(PiecesAtEvent::from).collect(),
            sheets: detail.sheets.into_iter().map(Sheet::from).collect(),
            people_hidden: detail.eyes == Eyes::Others,
            people: detail.people.into(),
            statements: detail.statements.into_iter().map(PeopleSaid::from).collect(),
            flags: detail.flags.iter().map(|flag| json!(flag)).collect(),
        }
    }
}

/// Read an event
#[utoipa::path(
    get, path = "/events/{id}", tag = "events", operation_id = "read_event",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The event", body = WholeEvent), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholeEvent>, Problem> {
    Ok(Json(asker.reader().event_detail(id.into()).await?.ok_or(Code::NotFound)?.into()))
}
