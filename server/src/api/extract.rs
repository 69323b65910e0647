//! What handlers take: who asks, an id of the path, values of the query, a JSON body. Whatever is
//! wrong with one of them is a problem, never axum's own text.

use super::problem::{Code, Problem};
use crate::auth::{Caller, caller};
use app::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::ids::DeviceId;
use domain::role::Actor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use std::ops::Deref;
use stock::access::{Door, DoorError, Origin};
use stock::{Reader, Stock, Writer};
use uuid::Uuid;

/// Whoever asks, by token or session; strangers get a problem before the handler runs.
pub struct Asker {
    state: AppState,
    caller: Caller,
}

impl Asker {
    pub fn stock(&self) -> &Stock {
        &self.state.stock
    }

    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// By what he came in.
    pub fn door(&self) -> Door {
        self.caller.door
    }

    /// The phone on which he came in, once it has said so.
    pub fn phone(&self) -> Option<DeviceId> {
        self.caller.phone
    }

    /// His phone says which one it is. Only in case that it is lost one day: no reason to refuse a
    /// request, even on a full disk.
    pub async fn on_phone(&self, phone: DeviceId) {
        let Caller { actor, door, .. } = &self.caller;
        let noted = if actor.has_account() {
            self.stock().phone_met(actor.user, phone, *door).await
        } else {
            self.stock().link_met(actor.user, phone).await
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "a phone could not be noted as met");
        }
    }

    pub fn may_write(&self) -> bool {
        self.caller.may_write
    }

    pub fn reader(&self) -> Reader<'_> {
        self.stock().reader(self.actor())
    }

    /// Refuses a token that only reads.
    pub fn writer(&self) -> Result<Writer<'_>, Problem> {
        if self.may_write() {
            Ok(self.stock().writer(self.actor()))
        } else {
            Err(Code::ReadOnlyToken.into())
        }
    }
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let PhoneAsker(asker) = PhoneAsker::from_request_parts(parts, state).await?;
        // To a link there is nothing but what its phone needs.
        if asker.actor().has_account() { Ok(asker) } else { Err(Code::NotFound.into()) }
    }
}

/// Whoever asks for what a phone needs: also a link, for its one event or consignment.
pub struct PhoneAsker(Asker);

impl Deref for PhoneAsker {
    type Target = Asker;

    fn deref(&self) -> &Asker {
        &self.0
    }
}

impl FromRequestParts<AppState> for PhoneAsker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Some(caller) = caller(state, &parts.headers).await? else {
            let origin = parts.extensions.get::<Origin>().copied().unwrap_or_default();
            state.stock.api_stranger(origin).await.map_err(|error| too_many(state, error))?;
            return Err(Code::Unauthenticated.into());
        };
        let counted = state.stock.api_request(caller.actor.user).await;
        counted.map_err(|error| too_many(state, error))?;
        Ok(Self(Asker { state: state.clone(), caller }))
    }
}

fn too_many(state: &AppState, error: DoorError) -> Problem {
    match error {
        DoorError::TooMany { until } => Problem::retry_at(until, state.stock.world().now()),
        DoorError::Database(error) => error.into(),
    }
}

/// The id at the end of a path. What cannot be an id is not found.
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Parameters(id) = Parameters::from_request_parts(parts, state).await?;
        Ok(Self(id))
    }
}

/// Several parts of a path.
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(parameters)) => Ok(Self(parameters)),
            Err(_) => Err(Code::NotFound.into()),
        }
    }
}

/// The values of the query.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => Err(Problem::new(Code::WrongParameter).with("reason", error.body_text())),
        }
    }
}

/// A JSON body of type `T`, every field of which is known.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::WrongMediaType.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.into_response().status();
            let too_large = status == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::new(if too_large { Code::TooLarge } else { Code::BrokenBody })
        })?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Problem::new(Code::BrokenUtf8))?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let sent = read(&mut reader)?;
        reader.end().map_err(|error| unreadable(&error))?;
        Ok(Self(sent))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Reads a value and says which field is wrong.
pub fn read<'de, T, D>(from: D) -> Result<T, Problem>
where
    T: Deserialize<'de>,
    D: Deserializer<'de, Error = serde_json::Error>,
{
    serde_path_to_error::deserialize(from).map_err(|error| {
        let (field, problem) = (error.path().to_string(), unreadable(error.inner()));
        if field == "." { problem } else { problem.with("field", field) }
    })
}

/// Broken JSON and JSON of another shape are different mistakes.
fn unreadable(error: &serde_json::Error) -> Problem {
    match error.classify() {
        Category::Data => Problem::new(Code::WrongShape).with("reason", error.to_string()),
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::new(Code::BrokenJson).with("line", error.line()).with("column", error.column())
        }
    }
}
