//! The kinds of events that the programme holds.

use super::NewStanding;
use crate::api::extract::{Asked, Asker, Id, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::EventTypeId;
use domain::reference::Name;
use serde::{Deserialize, Serialize};
use stock::reference::event_types::{EventTypeStandingError, SaveEventTypeError};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000006",
    "name": "Community gathering",
    "standing": "in_use"
}))]
pub struct EventType {
    pub id: Uuid,
    pub name: String,
    /// `in_use` or `retired`.
    pub standing: &'static str,
}

impl From<stock::reference::event_types::EventType> for EventType {
    fn from(one: stock::reference::event_types::EventType) -> Self {
        Self { id: one.id.uuid(), name: one.name, standing: one.standing.as_str() }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Community gathering"}))]
pub struct PutEventType {
    #[schema(value_type = String)]
    pub name: Name,
}

/// List event types
#[utoipa::path(
    get, path = "/event-types", tag = "reference", operation_id = "list_event_types",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<EventType>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<EventType>>, Problem> {
    let types = asker.reader().event_types().await?;
    Ok(Json(Page::cut(types, &page, |one| one.id.to_string())?.map(EventType::from)))
}

/// Read an event type
#[utoipa::path(
    get, path = "/event-types/{id}", tag = "reference", operation_id = "read_event_type",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The event type", body = EventType), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<EventType>, Problem> {
    found(&asker, id.into()).await.map(Json)
}

async fn found(asker: &Asker, id: EventTypeId) -> Result<EventType, Problem> {
    Ok(asker.reader().event_type(id).await?.ok_or(Code::NotFound)?.into())
}

/// Put an event type
///
/// Makes it under an id of yours, or changes it.
#[utoipa::path(
    put, path = "/event-types/{id}", tag = "reference", operation_id = "put_event_type",
    params(("id" = Uuid, Path)), request_body = PutEventType,
    responses(
        (status = 201, description = "It is new", body = EventType),
        (status = 200, description = "It was there", body = EventType),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(PutEventType { name }): Sent<PutEventType>,
) -> Result<(StatusCode, Json<EventType>), Problem> {
    let (id, writer) = (EventTypeId::new(id), asker.writer()?);
    let status = if asker.reader().event_type(id).await?.is_some() {
        writer.edit_event_type(id, name).await?;
        StatusCode::OK
    } else {
        writer.create_event_type(id, name).await?;
        StatusCode::CREATED
    };
    Ok((status, Json(found(&asker, id).await?)))
}

/// Retire an event type, or bring it back
#[utoipa::path(
    put, path = "/event-types/{id}/standing", tag = "reference",
    operation_id = "put_event_type_standing",
    params(("id" = Uuid, Path)), request_body = NewStanding,
    responses((status = 200, description = "It stands so now", body = EventType), Refusals)
)]
pub async fn put_standing(
    asker: Asker,
    Id(id): Id,
    Sent(new): Sent<NewStanding>,
) -> Result<Json<EventType>, Problem> {
    asker.writer()?.set_event_type_standing(id.into(), new.standing).await?;
    found(&asker, id.into()).await.map(Json)
}

impl From<SaveEventTypeError> for Problem {
    fn from(error: SaveEventTypeError) -> Self {
        match error {
            SaveEventTypeError::Denied(denied) => denied.into(),
            SaveEventTypeError::DuplicateName => Code::DuplicateName.into(),
            SaveEventTypeError::SavedBefore(_) => Code::SavedBefore.into(),
            SaveEventTypeError::Database(error) => error.into(),
        }
    }
}

impl From<EventTypeStandingError> for Problem {
    fn from(error: EventTypeStandingError) -> Self {
        match error {
            EventTypeStandingError::Denied(denied) => denied.into(),
            EventTypeStandingError::Database(error) => error.into(),
        }
    }
}
