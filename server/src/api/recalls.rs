//! Recalls of editions: who holds pieces, and what has been done about them.

use super::extract::{Asked, Asker, Id};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::responses::Refusals;
use super::words::time;
use axum::Json;
use domain::time::Millis;
use serde::Serialize;
use stock::recall;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "record": "019a0d6e-0000-7000-8000-0000000000a0",
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "short_number": "M3",
    "title": "Know the risks",
    "edition": "1",
    "mode": "stop_now",
    "called_at": "2017-06-20T12:00:00.000+04:30",
    "over": false
}))]
pub struct Recall {
    /// The recall's own record.
    pub record: Uuid,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub edition: String,
    /// `stop_now` or `use_up`.
    pub mode: String,
    pub called_at: String,
    pub over: bool,
}

/// A recall with a page of those who hold the edition.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "recall": {
        "record": "019a0d6e-0000-7000-8000-0000000000a0",
        "material": "019a0d6e-0000-7000-8000-000000000003",
        "short_number": "M3",
        "title": "Know the risks",
        "edition": "1",
        "mode": "stop_now",
        "called_at": "2017-06-20T12:00:00.000+04:30",
        "over": false
    },
    "items": [{
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "store_name": "Balkh store",
        "organisation_name": "Programme",
        "pieces": 1200,
        "told_how": "phone",
        "told_at": "2017-06-20T13:00:00.000+04:30",
        "stopped_at": null,
        "returned": 0,
        "destroyed": 0
    }],
    "next": null
}))]
pub struct WholeRecall {
    pub recall: Recall,
    /// The largest first.
    pub items: Vec<RecallHolder>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

/// A store that holds, or held since the recall, pieces of the edition.
#[derive(Serialize, ToSchema)]
pub struct RecallHolder {
    pub store: Uuid,
    pub store_name: String,
    pub organisation_name: String,
    /// In store, at events and in transit from this store, in pieces.
    pub pieces: i64,
    pub told_how: Option<String>,
    pub told_at: Option<String>,
    pub stopped_at: Option<String>,
    /// Sent away from this store since the recall, in pieces.
    pub returned: i64,
    /// Disposed of by this store since the recall, in pieces.
    pub destroyed: i64,
}

impl From<recall::Recall> for Recall {
    fn from(recall: recall::Recall) -> Self {
        Self {
            record: recall.record_id,
            material: recall.material_id,
            short_number: recall.short_number,
            title: recall.title,
            edition: recall.edition,
            mode: recall.mode,
            called_at: time(Millis(recall.called_at)),
            over: recall.over,
        }
    }
}

impl From<recall::RecallHolder> for RecallHolder {
    fn from(holder: recall::RecallHolder) -> Self {
        let moment = |at: Option<i64>| at.map(|at| time(Millis(at)));
        Self {
            store: holder.store_id,
            store_name: holder.store_name,
            organisation_name: holder.org_name,
            pieces: holder.pieces,
            told_how: holder.told_how,
            told_at: moment(holder.told_at),
            stopped_at: moment(holder.stopped_at),
            returned: holder.returned,
            destroyed: holder.destroyed,
        }
    }
}

/// List recalls
///
/// Open ones first, then the latest: 100 in all. Everybody hears of every recall.
#[utoipa::path(
    get, path = "/recalls", tag = "stock", operation_id = "list_recalls", params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Recall>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Recall>>, Problem> {
    let recalls = asker.reader().recalls().await?;
    Ok(Json(Page::cut(recalls, &page, |recall| recall.record_id.to_string())?.map(Recall::from)))
}

/// Read a recall
///
/// With the holders that you see.
#[utoipa::path(
    get, path = "/recalls/{id}", tag = "stock", operation_id = "read_recall",
    params(("id" = Uuid, Path, description = "The id of the recall's record"), PageQuery),
    responses((status = 200, description = "A page of holders", body = WholeRecall), Refusals)
)]
pub async fn read(
    asker: Asker,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<WholeRecall>, Problem> {
    let (recall, holders) = asker.reader().recall_holders(id.into()).await?;
    let holders = Page::cut(holders, &page, |holder| holder.store_id.to_string())?;
    let holders = holders.map(RecallHolder::from);
    Ok(Json(WholeRecall { recall: recall.into(), items: holders.items, next: holders.next }))
}
