//! First counts: what stood in a store before Tawzi.

use super::extract::{Asked, Asker, Id};
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::{date, time};
use axum::Json;
use serde::Serialize;
use stock::opening::{FirstCountDetail, FirstCountLine, FirstCountRow};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "record": "019a0d6e-0000-7000-8000-000000000020",
    "number": "FC-KBL-0001",
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "store_name": "Central store",
    "day": "2017-05-20",
    "recorded_at": "2017-05-20T14:05:00.000+04:30",
    "counted_by": "019a0d6e-0000-7000-8000-000000000014",
    "batches": 1,
    "pieces": 1700,
    "confirmed": true,
    "reversed": false
}))]
pub struct FirstCount {
    /// The count's own record.
    pub record: Uuid,
    pub number: String,
    pub store: Uuid,
    pub store_name: String,
    pub day: String,
    pub recorded_at: String,
    pub counted_by: Uuid,
    pub batches: i64,
    pub pieces: i64,
    /// Whether a second person has confirmed it.
    pub confirmed: bool,
    pub reversed: bool,
}

/// A first count with its batches "before Tawzi".
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "count": {
        "record": "019a0d6e-0000-7000-8000-000000000020",
        "number": "FC-KBL-0001",
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "store_name": "Central store",
        "day": "2017-05-20",
        "recorded_at": "2017-05-20T14:05:00.000+04:30",
        "counted_by": "019a0d6e-0000-7000-8000-000000000014",
        "batches": 1,
        "pieces": 1700,
        "confirmed": true,
        "reversed": false
    },
    "lines": [{
        "batch": "019a0d6e-0000-7000-8000-000000000013",
        "code": "421A500000F",
        "material": "019a0d6e-0000-7000-8000-000000000003",
        "short_number": "M3",
        "title": "Know the risks",
        "language": "dari",
        "edition": "1",
        "cartons": 3,
        "in_cartons": 1500,
        "pieces": 1700
    }],
    "note": null
}))]
pub struct WholeFirstCount {
    pub count: FirstCount,
    pub lines: Vec<FirstCounted>,
    pub note: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct FirstCounted {
    pub batch: Uuid,
    pub code: String,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub language: &'static str,
    pub edition: String,
    pub cartons: i64,
    /// Pieces in those cartons, and in all.
    pub in_cartons: i64,
    pub pieces: i64,
}

impl From<FirstCountRow> for FirstCount {
    fn from(row: FirstCountRow) -> Self {
        Self {
            record: row.record.uuid(),
            number: row.number,
            store: row.store.uuid(),
            store_name: row.store_name,
            day: date(row.day),
            recorded_at: time(row.recorded_at),
            counted_by: row.counted_by.uuid(),
            batches: row.batches,
            pieces: row.pieces,
            confirmed: row.is_confirmed,
            reversed: row.is_reversed,
        }
    }
}

impl From<FirstCountLine> for FirstCounted {
    fn from(line: FirstCountLine) -> Self {
        Self {
            batch: line.batch.uuid(),
            code: line.code.to_string(),
            material: line.material.uuid(),
            short_number: line.short_number,
            title: line.title,
            language: line.language.as_str(),
            edition: line.edition,
            cartons: line.cartons,
            in_cartons: line.in_cartons,
            pieces: line.pieces,
        }
    }
}

impl From<FirstCountDetail> for WholeFirstCount {
    fn from(count: FirstCountDetail) -> Self {
        Self {
            count: count.row.into(),
            lines: count.lines.into_iter().map(FirstCounted::from).collect(),
            note: count.note,
        }
    }
}

/// List first counts
///
/// Of the stores that you see, the newest first.
#[utoipa::path(
    get, path = "/first-counts", tag = "arrivals", operation_id = "list_first_counts",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<FirstCount>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<FirstCount>>, Problem> {
    let counts = asker.reader().first_counts().await?;
    Ok(Json(Page::cut(counts, &page, |count| count.record.to_string())?.map(FirstCount::from)))
}

/// Read a first count
#[utoipa::path(
    get, path = "/first-counts/{id}", tag = "arrivals", operation_id = "read_first_count",
    params(("id" = Uuid, Path, description = "The id of the count's record")),
    responses((status = 200, description = "The count", body = WholeFirstCount), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholeFirstCount>, Problem> {
    Ok(Json(asker.reader().first_count(id.into()).await?.ok_or(Code::NotFound)?.into()))
}
