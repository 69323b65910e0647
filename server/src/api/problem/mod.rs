//! What the API says when it does not do what it was asked: problems of RFC 9457 with stable codes.
//!
//! Internal text is logged here, once, and never sent.

mod codes;
mod documents;
mod records;

pub use codes::Code;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::time::Millis;
use serde::Serialize;
use serde_json::{Map, Value};
use stock::access::Denied;
use stock::{DbErr, is_out_of_reach, is_storage_full};
use utoipa::ToSchema;

/// The parameter that says how long to wait; also in the header.
const SECONDS: &str = "retry_after_seconds";

pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    pub code: Code,
    params: Map<String, Value>,
}

/// A problem as it is sent (RFC 9457).
#[derive(Serialize, ToSchema, Clone, Debug)]
#[schema(example = json!({
    "type": "/api/v1/problems#not_found",
    "title": "There is no such thing here",
    "status": 404,
    "code": "not_found",
    "detail": "Check the id; what belongs to others answers like what does not exist.",
    "params": {}
}))]
pub struct ProblemBody {
    /// The address of the list of problems, with the code behind `#`.
    pub r#type: String,
    /// What it is, in a few words.
    pub title: &'static str,
    /// The HTTP status, or the one that the record would have got alone.
    pub status: u16,
    /// The stable code: compare this, never the sentences.
    pub code: &'static str,
    /// What to do about it, in one sentence.
    pub detail: &'static str,
    /// What the code is about: the field, the permission, what the books hold.
    #[schema(value_type = Object)]
    pub params: Value,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self { code, params: Map::new() }
    }

    /// Says what it is about.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        // What stands in problems are words, numbers and plain structs of ours.
        self.params.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// What a person is asked once: each question has a `question` and what it is about.
    pub fn asks(questions: Vec<Value>) -> Self {
        Self::new(Code::NeedsConfirmation).with("asks", questions)
    }

    /// The same question asked together with others, so that nobody is asked twice.
    #[must_use]
    pub fn also_asking(mut self, questions: Vec<Value>) -> Self {
        if let Some(Value::Array(asks)) = self.params.get_mut("asks") {
            asks.extend(questions);
        }
        self
    }

    /// Too much was asked of us: when to ask again.
    pub fn retry_at(moment: Millis, now: Millis) -> Self {
        Self::new(Code::TooManyRequests).with(SECONDS, now.seconds_until(moment))
    }

    /// Something broke: logged here and nowhere else.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "an API request failed");
        Self::new(Code::Internal)
    }

    pub fn body(self) -> ProblemBody {
        let code = self.code;
        ProblemBody {
            r#type: format!("/api/v1/problems#{}", code.word()),
            title: code.title(),
            status: code.status().as_u16(),
            code: code.word(),
            detail: code.to_do(),
            params: Value::Object(self.params),
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::new(Code::NotFound),
            Denied::NotAllowed(permission) => {
                Self::new(Code::NotAllowed).with("permission", permission.word())
            }
        }
    }
}

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        let problem = Self::internal(&error);
        if is_storage_full(&error) {
            return Self::new(Code::StorageFull);
        }
        if is_out_of_reach(&error) { Self::new(Code::OutOfReach) } else { problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let seconds = self.params.get(SECONDS).and_then(Value::as_i64);
        let (code, body) = (self.code, self.body());
        // Words and numbers only: writing them cannot fail.
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (code.status(), bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == Code::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Gives a problem to what a layer or the router refused with a bare status or with a page.
pub fn explain(response: Response) -> Response {
    let status = response.status();
    let is_ours = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|media_type| media_type.as_bytes() == MEDIA_TYPE.as_bytes());
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let code = match status {
        StatusCode::NOT_FOUND => Code::UnknownRoute,
        StatusCode::FORBIDDEN => Code::OtherSite,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::SERVICE_UNAVAILABLE => Code::TooSlow,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::WrongMediaType,
        StatusCode::BAD_REQUEST => Code::BrokenBody,
        _ => Code::Internal,
    };
    let (mut parts, _) = response.into_parts();
    let problem = Problem::new(code).into_response();
    parts.status = problem.status();
    // What is left of the refused answer, like `allow`, still holds; its length does not.
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.extend(problem.headers().clone());
    Response::from_parts(parts, Body::new(problem.into_body()))
}
