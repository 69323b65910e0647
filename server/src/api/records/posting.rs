//! How one record gets from the wire to the books: posted, or held where somebody has to decide
//! about it first.

use super::submission::Record;
use super::{KINDS, RecordResult, by_code, held, kinds};
use crate::api::extract::{self, Asker};
use crate::api::problem::{Code, Problem};
use crate::api::stopping;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::held::Why;
use domain::ids::{DeviceId, UserId};
use domain::time::Millis;
use serde_json::Value;
use stock::held::Arrived;
use stock::records::{Answer, Outcome};
use stock::{Submission, Writer};
use uuid::Uuid;

/// A record that was recorded or held, now or before.
pub(super) struct Posted {
    pub repeated: bool,
    pub outcome: Outcome,
    pub result: Option<Value>,
    /// Why it waits before it is a record.
    pub held: Option<Why>,
}

/// How a record comes in from its author: at what time of the server, on which phone.
#[derive(Clone, Copy)]
pub(super) struct Wire {
    now: Millis,
    phone: Option<DeviceId>,
}

impl Wire {
    pub fn of(asker: &Asker) -> Self {
        Self { now: asker.stock().world().now(), phone: asker.phone() }
    }

    pub fn submission(self, record: &Record) -> Result<Submission, Problem> {
        Ok(Submission { from_phone: self.phone, ..record.submission_at(self.now)? })
    }
}

/// Who sends what its author said on which phone, and what has to be added to that phone's times.
#[derive(Clone, Copy)]
pub struct Carried {
    pub sender: UserId,
    pub difference_ms: i64,
    pub phone: DeviceId,
}

/// Posts a record in the name of its author, as somebody else sends it.
pub async fn carried(writer: &Writer<'_>, sent: &Value, carried: Carried) -> RecordResult {
    let id = sent.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let posted = async {
        let record: Record = extract::read(sent)?;
        let submission = Submission {
            clock_difference_ms: carried.difference_ms,
            sent_by: Some(carried.sender),
            from_phone: Some(carried.phone),
            ..record.submission()?
        };
        submit(writer, submission, record).await
    };
    told(id, posted.await)
}

pub(super) async fn one(
    writer: &Writer<'_>,
    wire: Wire,
    sent: &Value,
) -> (Option<Uuid>, Result<Posted, Problem>) {
    let id = sent.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    (id, record(writer, wire, sent).await)
}

async fn record(writer: &Writer<'_>, wire: Wire, sent: &Value) -> Result<Posted, Problem> {
    let record: Record = extract::read(sent)?;
    submit(writer, wire.submission(&record)?, record).await
}

/// Posts a record, or holds it where somebody has to decide about it first.
pub(super) async fn submit(
    writer: &Writer<'_>,
    submission: Submission,
    record: Record,
) -> Result<Posted, Problem> {
    let Record { kind, schema, body, .. } = record;
    let arrived = Arrived { submission: &submission, kind: &kind, schema, body: &body };
    // What is of no kind is refused, whoever says it.
    let has_kind = KINDS.iter().any(|(known, _)| *known == kind);
    if has_kind && let Some(fate) = writer.held_back(&arrived).await? {
        return held::answer(fate);
    }
    let posted = post_now(writer, submission.clone(), (&kind, schema), body.clone()).await;
    match posted {
        Err(problem) if matches!(problem.code, Code::NotAllowed | Code::NotFound) => {
            let fate = writer.held_for_its_time(&arrived).await?;
            fate.map_or(Err(problem), held::answer)
        }
        posted => posted,
    }
}

pub(super) async fn post_now(
    writer: &Writer<'_>,
    mut submission: Submission,
    (kind, schema): (&str, Option<u32>),
    mut body: Value,
) -> Result<Posted, Problem> {
    let reader = writer.reader();
    by_code::resolve(&reader, &mut body).await?;
    let asks = match submission.confirmed {
        true => Vec::new(),
        false => stopping::of_record(&reader, kind, &body).await?,
    };
    submission.asks_more = !asks.is_empty();
    let posted = kinds::post(writer, submission, kind, schema, &body).await;
    let result = posted.map_err(|problem| problem.also_asking(asks))?;
    let unrecorded = || Problem::internal(&format!("{kind} was not recorded"));
    let Answer { outcome, is_repeated } = writer.answer().ok_or_else(unrecorded)?;
    Ok(Posted { repeated: is_repeated, outcome, result: Some(result), held: None })
}

impl Posted {
    const fn status(&self) -> (&'static str, StatusCode) {
        match (self.repeated, self.outcome) {
            (true, _) => ("repeated", StatusCode::OK),
            (false, Outcome::Posted) => ("accepted", StatusCode::CREATED),
            (false, Outcome::Held) => ("held", StatusCode::ACCEPTED),
            (false, Outcome::Kept) => ("kept", StatusCode::ACCEPTED),
        }
    }

    fn told(self, id: Option<Uuid>, status: &'static str) -> RecordResult {
        let held = self.held.map(Why::word);
        RecordResult { id, status, result: self.result, held, problem: None }
    }
}

pub(super) fn alone(id: Option<Uuid>, posted: Posted) -> Response {
    let (status, code) = posted.status();
    (code, Json(posted.told(id, status))).into_response()
}

pub(super) fn told(id: Option<Uuid>, posted: Result<Posted, Problem>) -> RecordResult {
    match posted {
        Ok(posted) => {
            let (status, _) = posted.status();
            posted.told(id, status)
        }
        Err(problem) => {
            let status = if problem.code == Code::Conflict {
                "conflict"
            } else if problem.code == Code::NeedsConfirmation {
                "needs_confirmation"
            } else if problem.code.status().is_server_error() {
                "failed"
            } else {
                "refused"
            };
            let problem = Some(problem.body());
            RecordResult { id, status, result: None, held: None, problem }
        }
    }
}
