//! Records: posting one or many, and asking what became of them.

mod by_code;
mod held;
mod kinds;
pub mod movements;
mod posting;
mod submission;

pub use held::let_in;
pub use kinds::ALL as KINDS;
pub use posting::{Carried, carried};
pub use submission::Record;

use super::extract::{Asked, Asker, Id, PhoneAsker, Sent};
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem, ProblemBody};
use super::responses::Refusals;
use super::words::{date, time};
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::time::Millis;
use posting::{Wire, alone, one, submit, told};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stock::records::{Outcome, SentFilter, SentRecord};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The most records in one request.
const MOST_RECORDS: usize = 100;

/// One record, or a list of at most 100.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the documentation of a body that is read as it comes")]
#[schema(example = json!({
    "id": "019a0d6e-5b7c-7c3a-9d57-3f1f0a6f0001",
    "kind": "drop",
    "schema": 1,
    "device_time": "2017-06-15T14:05:00+04:30",
    "entry_method": "scanned",
    "body": {
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "place": "AF2101",
        "kind": "clinic",
        "places": 2,
        "goods": {"packs": ["4K7M2QXD9V1"]}
    }
}))]
#[serde(untagged)]
pub enum Records {
    One(Box<Record>),
    Many(Vec<Record>),
}

/// What became of one record.
#[derive(Serialize, ToSchema, Debug)]
#[schema(example = json!({
    "id": "019a0d6e-5b7c-7c3a-9d57-3f1f0a6f0001",
    "status": "accepted",
    "result": {"movements": ["019a0d6e-5b7d-7000-8000-000000000001"]}
}))]
pub struct RecordResult {
    /// The record's own id; `null` when it could not be read.
    pub id: Option<Uuid>,
    /// `accepted`; `repeated` (it came before, this is the first result); `held` (something about
    /// it is unknown, or somebody has to decide about its phone or its author: visible and counted,
    /// not in the books); `kept` (a second statement that waits
    /// for a decision); `needs_confirmation`; `conflict`; `refused`; `failed` (send it again).
    pub status: &'static str,
    /// What the record did, in the words of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Why somebody has to decide whether it counts: `phone_lost` (its phone was reported lost),
    /// `author_left` (the account of its author is closed) or `rights_ended` (its author might say
    /// this when it happened, and may no longer).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<&'static str>,
    /// Why it did nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// The results of a list, in its order.
#[derive(Serialize, ToSchema, Debug)]
pub struct RecordResults {
    pub results: Vec<RecordResult>,
}

/// Post records
///
/// Takes one record, or a list of at most 100. One record answers with its own status: 201 when it
/// is in the books, 202 when it is held or kept, 200 when it came before, or a problem. A list
/// always answers 200 with a result for each record, in order; each is recorded by itself, whatever
/// becomes of the others. Send a record again as often as you like: the same id with the same
/// content answers with the first result. The shapes of `body` are under "records" in the
/// documentation of the kinds, `GET /api/v1/record-kinds`. Where a body names an `event`, a
/// `consignment` or a `batch`, the code of its form or label may stand in the place of the id.
/// A `reverse` may name a `record` instead of `movements`: all that it moved.
#[utoipa::path(
    post, path = "/records", tag = "records", operation_id = "post_records",
    request_body = Records,
    responses(
        (status = 201, description = "The record is in the books", body = RecordResult),
        (status = 200, description = "It came before, or the results of a list",
            body = RecordResults),
        (status = 202, description = "It is held or kept until somebody decides",
            body = RecordResult),
        Refusals
    )
)]
pub async fn post(asker: PhoneAsker, Sent(sent): Sent<Value>) -> Result<Response, Problem> {
    let writer = asker.writer()?;
    let wire = Wire::of(&asker);
    let Value::Array(list) = sent else {
        let (id, posted) = one(&writer, wire, &sent).await;
        return Ok(alone(id, posted?));
    };
    if list.is_empty() {
        return Err(Code::NoRecords.into());
    }
    if list.len() > MOST_RECORDS {
        return Err(Problem::new(Code::TooManyRecords).with("records", list.len()));
    }
    let mut results = Vec::with_capacity(list.len());
    for record in &list {
        let (id, posted) = one(&writer, wire, record).await;
        results.push(told(id, posted));
    }
    Ok(Json(RecordResults { results }).into_response())
}

/// Posts one record that a route of its own has read.
pub async fn post_one(asker: &Asker, record: Record) -> Result<Response, Problem> {
    let wire = Wire::of(asker);
    let (writer, id) = (asker.writer()?, record.id);
    Ok(alone(Some(id), submit(&writer, wire.submission(&record)?, record).await?))
}

/// A kind of record.
#[derive(Serialize, ToSchema, Debug)]
#[schema(example = json!({"kind": "stock_change", "schema": 1, "example": {}}))]
pub struct RecordKind {
    pub kind: &'static str,
    /// The newest version of its body.
    pub schema: u32,
    /// A body of this kind.
    #[schema(value_type = Object)]
    pub example: Value,
}

/// List the kinds of records
///
/// Every kind with an example of its body. Quantities are whole pieces; months are `YYYYMM`.
#[utoipa::path(
    get, path = "/record-kinds", tag = "records", operation_id = "list_record_kinds",
    responses((status = 200, description = "All kinds", body = Vec<RecordKind>), Refusals)
)]
pub async fn kinds(_asker: Asker) -> Json<Vec<RecordKind>> {
    let kind = |(kind, schema): &(&'static str, u32)| RecordKind {
        kind,
        schema: *schema,
        example: super::examples::body(kind),
    };
    Json(KINDS.iter().map(kind).collect())
}

/// A record that you sent.
#[derive(Serialize, ToSchema, Debug)]
#[schema(example = json!({
    "id": "019a0d6e-5b7c-7c3a-9d57-3f1f0a6f0001",
    "kind": "stock_change",
    "schema": 1,
    "entry_method": "typed",
    "on_behalf_of": null,
    "occurred_at": "2017-06-15T12:00:00.000+04:30",
    "occurred_on": "2017-06-15",
    "recorded_at": "2017-06-15T14:05:01.000+04:30",
    "booked_month": "2017-06",
    "outcome": "posted",
    "body": {
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "what": "damaged",
        "reason": "wet",
        "lines": [{"batch": "019a0d6e-0000-7000-8000-000000000002", "pieces": 12}]
    },
    "result": {"movements": ["019a0d6e-5b7d-7000-8000-000000000001"]}
}))]
pub struct Sending {
    pub id: Uuid,
    pub kind: String,
    pub schema: u32,
    pub entry_method: &'static str,
    pub on_behalf_of: Option<Uuid>,
    /// The corrected moment of what it says.
    pub occurred_at: String,
    /// The local day of that moment.
    pub occurred_on: String,
    pub recorded_at: String,
    /// The month in which it is booked.
    pub booked_month: String,
    /// `posted`, `held` or `kept`.
    pub outcome: &'static str,
    #[schema(value_type = Object)]
    pub body: Value,
    #[schema(value_type = Object)]
    pub result: Value,
}

impl From<SentRecord> for Sending {
    fn from(sent: SentRecord) -> Self {
        Self {
            id: sent.id.uuid(),
            kind: sent.kind,
            schema: sent.schema,
            entry_method: sent.entry.as_str(),
            on_behalf_of: sent.on_behalf.map(|org| org.uuid()),
            occurred_at: time(sent.occurred_at),
            occurred_on: date(sent.day),
            recorded_at: time(sent.recorded_at),
            booked_month: sent.booked_month.to_string(),
            outcome: sent.outcome.as_str(),
            body: sent.body,
            result: sent.result,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SendingQuery {
    /// Only records of this kind.
    pub kind: Option<String>,
    /// Only records with this outcome: `posted`, `held` or `kept`.
    pub outcome: Option<String>,
}

/// List the records that you sent
///
/// What was sent with your account, by a token or in the browser, the latest first.
#[utoipa::path(
    get, path = "/records", tag = "records", operation_id = "list_records",
    params(SendingQuery, PageQuery),
    responses((status = 200, description = "A page of records", body = Page<Sending>), Refusals)
)]
pub async fn list(
    asker: PhoneAsker,
    Asked(query): Asked<SendingQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Sending>>, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "outcome");
    let outcome = query.outcome.as_deref().map(|word| Outcome::parse(word).ok_or_else(wrong));
    let before = match page.parts::<2>()? {
        None => None,
        Some([at, id]) => match (at.parse(), id.parse()) {
            (Ok(at), Ok(id)) => Some((Millis(at), id)),
            (_, _) => return Err(Code::WrongCursor.into()),
        },
    };
    let limit = page.limit()?;
    let filter = SentFilter { kind: query.kind, outcome: outcome.transpose()?, before };
    let sent = asker.reader().sent_records(&filter, limit + 1).await?;
    let key = |sent: &SentRecord| format!("{}|{}", sent.recorded_at.0, sent.id);
    Ok(Json(Page::of(sent, limit, key).map(Sending::from)))
}

/// Read a record that you sent
#[utoipa::path(
    get, path = "/records/{id}", tag = "records", operation_id = "read_record",
    params(("id" = Uuid, Path, description = "The record's id")),
    responses((status = 200, description = "The record", body = Sending), Refusals)
)]
pub async fn read(asker: PhoneAsker, Id(id): Id) -> Result<Json<Sending>, Problem> {
    let sent = asker.reader().sent_record(id.into()).await?;
    Ok(Json(sent.ok_or(Code::NotFound)?.into()))
}
