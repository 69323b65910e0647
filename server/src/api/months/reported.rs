//! Reported figures: what partners reported, beside the ledger and never in it.

use super::{leaves, month};
use crate::api::extract::{Asked, Asker, Parameters, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::records::{Record, RecordResult, post_one};
use crate::api::responses::Refusals;
use crate::api::words::time;
use axum::Json;
use axum::response::Response;
use domain::ids::OrgId;
use domain::material::MaterialKind;
use domain::records::Body;
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::time::{Millis, Month};
use serde::{Deserialize, Serialize};
use serde_json::json;
use stock::reconcile::ReportedRow;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "record": "019a0d6e-0000-7000-8000-0000000000b0",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "organisation_name": "Fast Relief",
    "kind": "leaflet",
    "pieces": 25000,
    "source": "spreadsheet",
    "recorded_at": "2017-07-03T12:00:00.000+04:30",
    "superseded": false
}))]
pub struct Reported {
    pub record: Uuid,
    pub organisation: Uuid,
    pub organisation_name: String,
    /// `leaflet`, `sticker`, `magazine` or `other`.
    pub kind: String,
    pub pieces: i64,
    /// `spreadsheet`, `paper` or `phone`.
    pub source: String,
    pub recorded_at: String,
    /// A later figure of the same organisation, month and kind took its place.
    pub superseded: bool,
}

impl From<ReportedRow> for Reported {
    fn from(row: ReportedRow) -> Self {
        Self {
            record: row.record_id,
            organisation: row.org_id,
            organisation_name: row.org_name,
            kind: row.kind,
            pieces: row.pieces,
            source: row.source,
            recorded_at: time(Millis(row.recorded_at)),
            superseded: row.superseded,
        }
    }
}

/// List what was reported for a month
///
/// By organisation and kind, the figure that stands before those that it superseded.
#[utoipa::path(
    get, path = "/months/{month}/reported", tag = "months", operation_id = "list_reported",
    params(("month" = String, Path, example = "2017-06"), PageQuery),
    responses((status = 200, description = "A page", body = Page<Reported>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Parameters(asked): Parameters<String>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Reported>>, Problem> {
    let (month, reader) = (month(&asked)?, asker.reader());
    leaves(&reader, "reported", month).await?;
    let rows = reader.reported(month).await?;
    Ok(Json(Page::cut(rows, &page, |row| row.record_id.to_string())?.map(Reported::from)))
}

/// What a partner reported of one kind for a month.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-0000000000b0",
    "device_time": "2017-07-03T12:00:00+04:30",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "month": "2017-06",
    "kind": "leaflet",
    "pieces": 25000,
    "source": "spreadsheet"
}))]
pub struct NewReported {
    /// The record's id, a UUIDv7 that you make. Sent again, it answers with the first result.
    pub id: Uuid,
    /// The clock of the device when the record was made, with its offset (RFC 3339).
    pub device_time: String,
    #[schema(value_type = Uuid)]
    pub organisation: OrgId,
    pub month: String,
    /// `leaflet`, `sticker`, `magazine` or `other`.
    #[schema(value_type = String)]
    pub kind: MaterialKind,
    /// From 0 to 1,000,000,000; zero was reported as zero.
    pub pieces: i64,
    /// `spreadsheet`, `paper` or `phone`.
    #[schema(value_type = String)]
    pub source: ReportSource,
    /// Free text about the figure, never about people.
    pub note: Option<String>,
}

/// Report a figure
///
/// A record of the kind `reported_figure` in plainer words. It takes the place of the figure that
/// stood for the same organisation, month and kind; the earlier one is kept.
#[utoipa::path(
    post, path = "/reported-figures", tag = "months", operation_id = "post_reported_figure",
    request_body = NewReported,
    responses(
        (status = 201, description = "It stands", body = RecordResult),
        (status = 200, description = "It came before", body = RecordResult),
        Refusals
    )
)]
pub async fn post(asker: Asker, Sent(sent): Sent<NewReported>) -> Result<Response, Problem> {
    let wrong = || Problem::new(Code::WrongTime).with("field", "month");
    let figure = ReportedFigure {
        org: sent.organisation,
        month: Month::parse(&sent.month).ok_or_else(wrong)?,
        kind: sent.kind,
        pieces: sent.pieces,
        source: sent.source,
    };
    let record = Record {
        id: sent.id,
        kind: ReportedFigure::KIND.to_owned(),
        schema: Some(ReportedFigure::VERSION),
        device_time: sent.device_time,
        occurred_on: None,
        entry_method: None,
        on_behalf_of: None,
        device: None,
        sent_at: None,
        note: sent.note,
        confirmed: false,
        body: json!(figure),
    };
    post_one(&asker, record).await
}
