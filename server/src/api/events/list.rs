//! Lists of events.

use super::Event;
use crate::api::extract::{Asked, Asker};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::asked_month;
use axum::Json;
use domain::events::EventState;
use domain::ids::OrgId;
use domain::role::PlaceCode;
use serde::Deserialize;
use stock::events::{EventFilter, EventRow};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Only events of this month, `2017-06`: by the day on which it was held, else the planned one.
    pub month: Option<String>,
    /// Only events in this province, by P-code.
    pub province: Option<String>,
    /// Only events in this state: `planned`, `sheet_missing`, `held` or `cancelled`.
    pub state: Option<String>,
    /// Only events of this organisation.
    pub organisation: Option<Uuid>,
    /// Only events whose sheets wait for a decision.
    pub waiting: Option<bool>,
}

/// List events
///
/// The latest planned day first.
#[utoipa::path(
    get, path = "/events", tag = "events", operation_id = "list_events",
    params(EventQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<Event>), Refusals)
)]
pub async fn all(
    asker: Asker,
    Asked(query): Asked<EventQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Event>>, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "state");
    let state = query.state.as_deref().map(|word| EventState::parse(word).ok_or_else(wrong));
    let after = page.key()?.map(|key| key.parse().map_err(|_| Problem::new(Code::WrongCursor)));
    let limit = page.limit()?;
    let filter = EventFilter {
        month: query.month.as_deref().map(asked_month).transpose()?,
        province: query.province.map(PlaceCode::new),
        state: state.transpose()?,
        org: query.organisation.map(OrgId::new),
        waiting: query.waiting == Some(true),
        after: after.transpose()?,
        ..EventFilter::default()
    };
    let events = asker.reader().events(&filter, limit + 1).await?;
    Ok(Json(Page::of(events, limit, |event: &EventRow| event.id.to_string()).map(Event::from)))
}
