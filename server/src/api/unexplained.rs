//! What is unexplained: accounts that lacked pieces which nobody has accounted for yet.

use super::extract::{Asked, Asker, Parameters};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::responses::Refusals;
use super::words::date;
use axum::Json;
use domain::ids::{BatchId, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use stock::corrections;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "account": 41,
    "of": {"store": "019a0d6e-0000-7000-8000-000000000001"},
    "batch": "019a0d6e-0000-7000-8000-000000000013",
    "batch_code": "421A500000F",
    "title": "Know the risks",
    "holder": "019a0d6e-0000-7000-8000-000000000001",
    "holder_name": "Balkh store",
    "pieces": -300,
    "since": "2017-06-21",
    "oldest": -300,
    "record": "019a0d6e-0000-7000-8000-000000000033"
}))]
pub struct Unexplained {
    /// The number of the account in addresses.
    pub account: i64,
    /// The account that lacked them, as `of` of a `settle` record names it.
    #[schema(value_type = Object)]
    pub of: Value,
    pub batch: Uuid,
    pub batch_code: String,
    pub title: String,
    /// The store that answers for the account.
    pub holder: Uuid,
    pub holder_name: String,
    /// Below zero: so many pieces left an account that did not have them. Above zero: explained
    /// twice.
    pub pieces: i64,
    /// The day of the oldest of them: what was explained explains the oldest first.
    pub since: String,
    /// How many of the pieces are of that day; the others are of later days.
    pub oldest: i64,
    /// The record of the oldest of them.
    pub record: Option<Uuid>,
}

/// Something unexplained with what can explain it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "unexplained": {
        "account": 41,
        "of": {"store": "019a0d6e-0000-7000-8000-000000000001"},
        "batch": "019a0d6e-0000-7000-8000-000000000013",
        "batch_code": "421A500000F",
        "title": "Know the risks",
        "holder": "019a0d6e-0000-7000-8000-000000000001",
        "holder_name": "Balkh store",
        "pieces": -300,
        "since": "2017-06-21",
        "oldest": -300,
        "record": "019a0d6e-0000-7000-8000-000000000033"
    },
    "by": [{"account": {"opening": "019a0d6e-0000-7000-8000-000000000001"},
        "holder_name": "Balkh store", "only_later": false}]
}))]
pub struct Explainable {
    pub unexplained: Unexplained,
    /// Accounts that the pieces may have come from; last those that had none on that day.
    pub by: Vec<ExplainedBy>,
}

#[derive(Serialize, ToSchema)]
pub struct ExplainedBy {
    /// As `by` of a `settle` record names it.
    #[schema(value_type = Object)]
    pub account: Value,
    pub holder_name: String,
    /// It had none of the batch yet on the day `since`: only a later day is explained by it.
    pub only_later: bool,
    /// Pieces of the batch that it has now; none where it is a source outside the books.
    pub pieces: Option<i64>,
}

impl From<corrections::Unexplained> for Unexplained {
    fn from(open: corrections::Unexplained) -> Self {
        Self {
            account: open.account,
            of: json!(open.of),
            batch: open.batch.uuid(),
            batch_code: open.batch_code,
            title: open.material_title,
            holder: open.holder.uuid(),
            holder_name: open.holder_name,
            pieces: open.pieces,
            since: date(open.since),
            oldest: open.oldest,
            record: open.record.map(RecordId::uuid),
        }
    }
}

/// List what is unexplained
///
/// The oldest first, the oldest 500 in all.
#[utoipa::path(
    get, path = "/unexplained", tag = "stock", operation_id = "list_unexplained",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Unexplained>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Unexplained>>, Problem> {
    let open = asker.reader().unexplained().await?;
    let key = |open: &corrections::Unexplained| format!("{}|{}", open.account, open.batch);
    Ok(Json(Page::cut(open, &page, key)?.map(Unexplained::from)))
}

/// Read what can explain it
///
/// A `settle` record explains it.
#[utoipa::path(
    get, path = "/unexplained/{account}/{batch}", tag = "stock", operation_id = "read_unexplained",
    params(("account" = i64, Path), ("batch" = Uuid, Path)),
    responses((status = 200, description = "What it is and may be", body = Explainable), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters((account, batch)): Parameters<(i64, Uuid)>,
) -> Result<Json<Explainable>, Problem> {
    let (open, ends) = asker.reader().explainable(account, BatchId::new(batch)).await?;
    let by = |by: corrections::ExplainedBy| ExplainedBy {
        account: json!(by.end.account),
        holder_name: by.end.holder_name,
        only_later: by.only_later,
        pieces: by.pieces,
    };
    Ok(Json(Explainable { unexplained: open.into(), by: ends.into_iter().map(by).collect() }))
}
