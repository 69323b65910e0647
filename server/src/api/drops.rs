//! Drops: pieces left in a public place, without an event or participants.

use super::events::sheets::held;
use super::extract::{Asked, Asker, Id};
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::{Names, asked_month, date, time};
use axum::Json;
use domain::role::PlaceCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stock::events::{DropDetail, DropFilter, DropLine, DropRow};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(as = PublicDrop, example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000070",
    "number": "D-MZR-0003",
    "day": "2017-06-15",
    "recorded_at": "2017-06-15T14:05:00.000+04:30",
    "by": "019a0d6e-0000-7000-8000-000000000014",
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "store_name": "Balkh store",
    "place": "AF2101",
    "place_name": {"en": "Mazar-e Sharif", "fa": "مزار شریف", "ps": null},
    "kind": "clinic",
    "places": 2,
    "pieces": 200,
    "batch_assumed": false,
    "held": null,
    "dropped": false,
    "reversed": false,
    "on_behalf": false
}))]
pub struct Drop {
    /// The id of its record.
    pub id: Uuid,
    pub number: String,
    pub day: String,
    pub recorded_at: String,
    pub by: Uuid,
    pub store: Uuid,
    pub store_name: String,
    /// The P-code of the province or district.
    pub place: String,
    pub place_name: Names,
    /// `clinic`, `school`, `mosque`, `market`, `transport`, `office` or `other`.
    pub kind: &'static str,
    /// In how many places; `null` is not recorded.
    pub places: Option<i64>,
    /// Pieces that stand in the books.
    pub pieces: i64,
    /// Nobody said which batch it was.
    pub batch_assumed: bool,
    /// Why it could not be booked.
    #[schema(value_type = Option<Object>)]
    pub held: Option<Value>,
    /// It could not be booked, and is not to be.
    pub dropped: bool,
    pub reversed: bool,
    pub on_behalf: bool,
}

/// A drop with its pieces.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "drop": {
        "id": "019a0d6e-0000-7000-8000-000000000070",
        "number": "D-MZR-0003",
        "day": "2017-06-15",
        "recorded_at": "2017-06-15T14:05:00.000+04:30",
        "by": "019a0d6e-0000-7000-8000-000000000014",
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "store_name": "Balkh store",
        "place": "AF2101",
        "place_name": {"en": "Mazar-e Sharif", "fa": "مزار شریف", "ps": null},
        "kind": "clinic",
        "places": 2,
        "pieces": 200,
        "batch_assumed": false,
        "held": null,
        "dropped": false,
        "reversed": false,
        "on_behalf": false
    },
    "lines": [{"material": "019a0d6e-0000-7000-8000-000000000003", "short_number": "M3",
        "title": "Know the risks", "pieces": 200}],
    "note": null
}))]
pub struct WholeDrop {
    pub drop: Drop,
    pub lines: Vec<DroppedPieces>,
    pub note: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct DroppedPieces {
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub pieces: i64,
}

impl From<DropRow> for Drop {
    fn from(drop: DropRow) -> Self {
        Self {
            id: drop.id.uuid(),
            number: drop.number,
            day: date(drop.day),
            recorded_at: time(drop.recorded_at),
            by: drop.by.uuid(),
            store: drop.store.uuid(),
            store_name: drop.store_name,
            place: drop.place.as_str().to_owned(),
            place_name: drop.place_name.into(),
            kind: drop.kind.as_str(),
            places: drop.places,
            pieces: drop.pieces,
            batch_assumed: drop.assumed,
            held: drop.held.map(held),
            dropped: drop.is_dropped,
            reversed: drop.is_reversed,
            on_behalf: drop.on_behalf,
        }
    }
}

impl From<DropDetail> for WholeDrop {
    fn from(detail: DropDetail) -> Self {
        let line = |line: DropLine| DroppedPieces {
            material: line.material.uuid(),
            short_number: line.short_number,
            title: line.title,
            pieces: line.pieces,
        };
        let lines = detail.lines.into_iter().map(line).collect();
        Self { drop: detail.row.into(), lines, note: detail.note }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DropQuery {
    /// Only drops of this month: `2017-06`.
    pub month: Option<String>,
    /// Only drops in this province, by P-code.
    pub province: Option<String>,
}

/// List drops
///
/// Of the stores that you see, the newest first.
#[utoipa::path(
    get, path = "/drops", tag = "events", operation_id = "list_drops",
    params(DropQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<Drop>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(query): Asked<DropQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Drop>>, Problem> {
    let after = page.key()?.map(|key| key.parse().map_err(|_| Problem::new(Code::WrongCursor)));
    let limit = page.limit()?;
    let filter = DropFilter {
        month: query.month.as_deref().map(asked_month).transpose()?,
        province: query.province.map(PlaceCode::new),
        after: after.transpose()?,
    };
    let drops = asker.reader().drops(&filter, limit + 1).await?;
    Ok(Json(Page::of(drops, limit, |drop: &DropRow| drop.id.to_string()).map(Drop::from)))
}

/// Read a drop
#[utoipa::path(
    get, path = "/drops/{id}", tag = "events", operation_id = "read_drop",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The drop", body = WholeDrop), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholeDrop>, Problem> {
    Ok(Json(asker.reader().drop_off(id.into()).await?.ok_or(Code::NotFound)?.into()))
}
