//! The month as the bulletin tells it.

use super::{leaves, month};
use crate::api::extract::{Asker, Parameters};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use crate::api::words::Names;
use axum::Json;
use domain::account::Channel;
use domain::events::PiecesEach;
use domain::material::MaterialKind;
use domain::small_cells::{Eyes, PeopleShown, Shown, people_for};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use stock::reconcile::{Bulletin, KindNumbers, PlaceReached};
use utoipa::ToSchema;

/// Events, people and pieces of a month. Counts of people from 1 to 4 are `null` for askers of
/// other organisations than the programme, with as many others as it takes that no sum tells them.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2017-06",
    "events": 11,
    "provinces": ["AF01", "AF21", "AF23", "AF24", "AF32"],
    "people": {"participants": 359, "females": 90, "hidden": false},
    "people_not_recorded": false,
    "females_at_least": false,
    "participants_at_least": false,
    "events_without_attendance": 0,
    "events_that_differ": 0,
    "sheets_waiting": 0,
    "partners": ["Fast Relief"],
    "event_types": ["Community based intervention events"],
    "groups": {"community": 11, "religious_leaders": 5},
    "places": [{
        "province": "AF21",
        "name": {"en": "Balkh", "fa": "بلخ", "ps": "بلخ"},
        "events": 3,
        "people": {"participants": 120, "females": 30, "hidden": false},
        "given": {"leaflet": 8000},
        "at_drops": 0
    }],
    "kinds": [{
        "kind": "leaflet",
        "issued": 27960,
        "taken": 25060,
        "given": {"participants": 24000, "multipliers": 500, "public_places": 500},
        "given_in_all": 25000,
        "reported": 25000
    }],
    "pieces_each": {"given": 1462, "handed": 615},
    "flags": [{"pieces_a_person": {"each": {"given": 1462, "handed": 615},
        "by_kind": [["leaflet", 696]]}}]
}))]
pub struct MonthInBulletin {
    pub month: String,
    pub events: i64,
    /// P-codes of the provinces with events.
    pub provinces: Vec<String>,
    pub people: PeopleReached,
    /// Nobody recorded who came, at any event.
    pub people_not_recorded: bool,
    /// There may be more females than the figures say.
    pub females_at_least: bool,
    /// At some event people of one sex only were counted: more may have come.
    pub participants_at_least: bool,
    pub events_without_attendance: i64,
    /// Events at which two unlinked statements about who came stand.
    pub events_that_differ: i64,
    /// Sheets that wait for a decision: not in the figures.
    pub sheets_waiting: i64,
    pub partners: Vec<String>,
    pub event_types: Vec<String>,
    /// At how many events each group was present.
    #[schema(value_type = Object)]
    pub groups: BTreeMap<&'static str, i64>,
    /// The most events first.
    pub places: Vec<ProvinceReached>,
    pub kinds: Vec<KindInMonth>,
    /// `null` where you may not see how many came, or nobody did.
    pub pieces_each: Option<PiecesForEach>,
    /// What a careful reader would ask about, each with its numbers.
    #[schema(value_type = Vec<Object>)]
    pub flags: Vec<Value>,
}

/// Pieces for each participant, in tenths of a piece.
#[derive(Serialize, ToSchema)]
pub struct PiecesForEach {
    /// Of all that was given out at events, through whatever channel.
    pub given: i64,
    /// Of what went into participants' own hands.
    pub handed: i64,
}

#[derive(Serialize, ToSchema)]
pub struct PeopleReached {
    pub participants: Option<i64>,
    /// Women and girls.
    pub females: Option<i64>,
    /// Whether a `null` stands for a number that you may not see.
    pub hidden: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ProvinceReached {
    /// P-code.
    pub province: String,
    pub name: Names,
    pub events: i64,
    pub people: PeopleReached,
    /// Pieces by kind, at events and drops.
    #[schema(value_type = Object)]
    pub given: BTreeMap<&'static str, i64>,
    /// The part of it that was left at drops.
    pub at_drops: i64,
}

/// Four numbers that are one in most bulletins, in pieces.
#[derive(Serialize, ToSchema)]
pub struct KindInMonth {
    pub kind: &'static str,
    /// Came into partners' hands from stores of others.
    pub issued: i64,
    /// Taken to events, less what was brought back.
    pub taken: i64,
    /// By channel: `participants`, `multipliers`, `public_places`.
    #[schema(value_type = Object)]
    pub given: BTreeMap<&'static str, i64>,
    pub given_in_all: i64,
    /// What partners reported; `null` when none did.
    pub reported: Option<i64>,
}

impl PeopleReached {
    /// A count of nobody is "not recorded" where nobody recorded any.
    fn of(seen: PeopleShown, participants_known: bool, females_known: bool) -> Self {
        let count = |shown: Shown, known: bool| match shown {
            Shown::Hidden => None,
            Shown::Count(0) if !known => None,
            Shown::Count(count) => Some(count),
        };
        Self {
            participants: count(seen.participants, participants_known),
            females: count(seen.females, females_known),
            hidden: [seen.participants, seen.females].contains(&Shown::Hidden),
        }
    }
}

fn by_kind(pieces: &BTreeMap<MaterialKind, i64>) -> BTreeMap<&'static str, i64> {
    pieces.iter().map(|(kind, pieces)| (kind.as_str(), *pieces)).collect()
}

impl ProvinceReached {
    fn of(place: PlaceReached, seen: PeopleShown) -> Self {
        let (known, females) = (place.people.is_recorded(), place.people.females().is_some());
        Self {
            people: PeopleReached::of(seen, known, females),
            given: by_kind(&place.given),
            province: place.province.as_str().to_owned(),
            name: place.name.into(),
            events: place.events,
            at_drops: place.at_drops,
        }
    }
}

fn kind_in_month((kind, numbers): (&MaterialKind, &KindNumbers)) -> KindInMonth {
    let given = |(channel, pieces): (&Channel, &i64)| (channel.as_str(), *pieces);
    KindInMonth {
        kind: kind.as_str(),
        issued: numbers.issued,
        taken: numbers.taken,
        given: numbers.given.iter().map(given).collect(),
        given_in_all: numbers.given_in_all(),
        reported: numbers.reported,
    }
}

impl MonthInBulletin {
    fn of(bulletin: Bulletin, eyes: Eyes) -> Self {
        let counts: Vec<(i64, i64)> =
            bulletin.places.iter().map(PlaceReached::participants).collect();
        let (rows, sum) = people_for(eyes, &counts);
        let recorded = !bulletin.people_not_recorded;
        let figures = bulletin.figures;
        let each = figures.each().filter(|_| sum.participants != Shown::Hidden);
        Self {
            pieces_each: each.map(|PiecesEach { given, handed }| PiecesForEach { given, handed }),
            month: bulletin.month.to_string(),
            events: figures.events,
            provinces: figures.provinces,
            people: PeopleReached::of(sum, recorded, recorded),
            people_not_recorded: bulletin.people_not_recorded,
            females_at_least: bulletin.females_at_least,
            participants_at_least: bulletin.participants_at_least,
            events_without_attendance: figures.events_without_attendance,
            events_that_differ: bulletin.events_that_differ,
            sheets_waiting: bulletin.sheets_waiting,
            partners: bulletin.partners,
            event_types: bulletin.event_types,
            groups: bulletin.groups.iter().map(|(group, n)| (group.as_str(), *n)).collect(),
            places: bulletin
                .places
                .into_iter()
                .zip(rows)
                .map(|(place, seen)| ProvinceReached::of(place, seen))
                .collect(),
            kinds: bulletin.kinds.iter().map(kind_in_month).collect(),
            flags: bulletin
                .flags
                .iter()
                .filter(|flag| sum.participants != Shown::Hidden || !flag.tells_people())
                .map(|flag| json!(flag))
                .collect(),
        }
    }
}

/// Read the bulletin of a month
#[utoipa::path(
    get, path = "/months/{month}/bulletin", tag = "months", operation_id = "read_bulletin",
    params(("month" = String, Path, example = "2017-06")),
    responses((status = 200, description = "The bulletin", body = MonthInBulletin), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(asked): Parameters<String>,
) -> Result<Json<MonthInBulletin>, Problem> {
    let (month, reader) = (month(&asked)?, asker.reader());
    leaves(&reader, "bulletin", month).await?;
    let bulletin = reader.bulletin(month).await?;
    let eyes = reader.eyes(None).await?;
    Ok(Json(MonthInBulletin::of(bulletin, eyes)))
}
