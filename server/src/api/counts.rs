//! Counts of stock: what was counted beside what the books said.

use super::extract::{Asked, Asker, Id};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::responses::Refusals;
use super::words::time;
use axum::Json;
use domain::role::Role;
use serde::Serialize;
use stock::keeping::{CountDecision, CountDetail, CountHead, CountLine};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "record": "019a0d6e-0000-7000-8000-000000000090",
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "store_name": "Balkh store",
    "counted_by": "019a0d6e-0000-7000-8000-000000000014",
    "by_role": "logistics",
    "counted_at": "2017-06-20T12:00:00.000+04:30",
    "batches": 4,
    "state": "approved",
    "decided_by_record": "019a0d6e-0000-7000-8000-000000000091",
    "reason": "counted_wrong",
    "yours_to_decide": false
}))]
pub struct StockCount {
    /// The count's own record.
    pub record: Uuid,
    pub store: Uuid,
    pub store_name: String,
    pub counted_by: Uuid,
    pub by_role: Option<&'static str>,
    pub counted_at: String,
    pub batches: usize,
    /// `waiting`, `approved` or `declined`.
    pub state: &'static str,
    /// The record that decided it.
    pub decided_by_record: Option<Uuid>,
    /// Why the books differed, once it is approved.
    pub reason: Option<&'static str>,
    /// Whether you may approve or decline it: never who counted.
    pub yours_to_decide: bool,
}

/// A count with its lines.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "count": {
        "record": "019a0d6e-0000-7000-8000-000000000090",
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "store_name": "Balkh store",
        "counted_by": "019a0d6e-0000-7000-8000-000000000014",
        "by_role": "logistics",
        "counted_at": "2017-06-20T12:00:00.000+04:30",
        "batches": 1,
        "state": "waiting",
        "decided_by_record": null,
        "reason": null,
        "yours_to_decide": true
    },
    "lines": [{"batch": "019a0d6e-0000-7000-8000-000000000013", "code": "421A500000F",
        "title": "Know the risks", "counted": 480, "in_books": 500, "difference": -20}],
    "note": null
}))]
pub struct WholeStockCount {
    pub count: StockCount,
    pub lines: Vec<CountedBatch>,
    pub note: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct CountedBatch {
    pub batch: Uuid,
    pub code: String,
    pub title: String,
    /// Pieces.
    pub counted: i64,
    /// Pieces by the books for the same moment, before it was decided.
    pub in_books: i64,
    pub difference: i64,
}

impl From<CountHead> for StockCount {
    fn from(head: CountHead) -> Self {
        let (state, by, reason, mine) = match head.decision {
            CountDecision::Waiting { by_me } => ("waiting", None, None, by_me),
            CountDecision::Approved { record, reason } => {
                ("approved", Some(record.uuid()), Some(reason.as_str()), false)
            }
            CountDecision::Declined { record } => ("declined", Some(record.uuid()), None, false),
        };
        Self {
            record: head.record.uuid(),
            store: head.store.uuid(),
            store_name: head.store_name,
            counted_by: head.counted_by.uuid(),
            by_role: head.by_role.map(Role::word),
            counted_at: time(head.counted_at),
            batches: head.batches,
            state,
            decided_by_record: by,
            reason,
            yours_to_decide: mine,
        }
    }
}

impl From<CountLine> for CountedBatch {
    fn from(line: CountLine) -> Self {
        Self {
            difference: line.counted - line.in_books,
            batch: line.batch.uuid(),
            code: line.batch_code,
            title: line.title,
            counted: line.counted,
            in_books: line.in_books,
        }
    }
}

impl From<CountDetail> for WholeStockCount {
    fn from(count: CountDetail) -> Self {
        let lines = count.lines.into_iter().map(CountedBatch::from).collect();
        Self { count: count.head.into(), lines, note: count.note }
    }
}

/// List counts
///
/// Of the stores that you see, decided or not: the newest 100.
#[utoipa::path(
    get, path = "/counts", tag = "stock", operation_id = "list_counts", params(PageQuery),
    responses((status = 200, description = "A page", body = Page<StockCount>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<StockCount>>, Problem> {
    let counts = asker.reader().counts().await?;
    Ok(Json(Page::cut(counts, &page, |count| count.record.to_string())?.map(StockCount::from)))
}

/// Read a count
#[utoipa::path(
    get, path = "/counts/{id}", tag = "stock", operation_id = "read_count",
    params(("id" = Uuid, Path, description = "The id of the count's record")),
    responses((status = 200, description = "The count", body = WholeStockCount), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholeStockCount>, Problem> {
    Ok(Json(asker.reader().count(id.into()).await?.into()))
}
