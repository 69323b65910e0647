//! Planning an event, and calling it off. What happened at it are records.

use super::Event;
use crate::api::extract::{Asker, Id, Sent};
use crate::api::problem::{Code, Problem};
use crate::api::reference::kits::{MaterialPieces, by_material};
use crate::api::responses::Refusals;
use crate::api::stopping;
use axum::Json;
use axum::http::StatusCode;
use domain::events::SessionKind;
use domain::ids::{EventId, EventTypeId, KitVersionId, OrgId, StoreId};
use domain::pieces::Pieces;
use domain::records::recall::Purpose;
use domain::role::PlaceCode;
use domain::time::Day;
use serde::Deserialize;
use std::collections::BTreeMap;
use stock::events::{CancelEventError, EventPlan, PlanError};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "event_type": "019a0d6e-0000-7000-8000-000000000031",
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "place": "AF2101",
    "planned_on": "2017-06-14",
    "expected_people": 40,
    "sessions": ["women", "men"],
    "kits": [{"version": "019a0d6e-0000-7000-8000-000000000005", "kits": 1}],
    "materials": [{"material": "019a0d6e-0000-7000-8000-000000000003", "pieces": 500}]
}))]
pub struct PutEvent {
    #[schema(value_type = Uuid)]
    pub event_type: EventTypeId,
    /// The store that supplies it and gets back what is left.
    #[schema(value_type = Uuid)]
    pub store: StoreId,
    #[schema(value_type = Uuid)]
    pub organisation: OrgId,
    /// The P-code of a province or district.
    #[schema(value_type = String)]
    pub place: PlaceCode,
    pub planned_on: String,
    pub expected_people: Option<i64>,
    /// `women`, `men`, `girls`, `boys` or `mixed`, in the order of the day; without any the event
    /// is one session.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub sessions: Vec<SessionKind>,
    #[serde(default)]
    pub kits: Vec<PlannedKits>,
    #[serde(default)]
    pub materials: Vec<MaterialPieces>,
    /// Whether a person was asked about editions that are to stop and wants them all the same.
    #[serde(default)]
    pub confirmed: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedKits {
    /// `version_id` of the kit.
    #[schema(value_type = Uuid)]
    pub version: KitVersionId,
    #[schema(value_type = i64)]
    pub kits: Pieces,
}

impl PutEvent {
    fn plan(self, id: EventId) -> Result<EventPlan, Problem> {
        let wrong = || Problem::new(Code::WrongTime).with("field", "planned_on");
        let mut kits: BTreeMap<KitVersionId, Pieces> = BTreeMap::new();
        for PlannedKits { version, kits: more } in self.kits {
            let before = kits.get(&version).map_or(0, |kits| kits.get());
            let sum = Pieces::new(before + more.get()).map_err(|_| Code::TooManyPieces)?;
            kits.insert(version, sum);
        }
        Ok(EventPlan {
            id,
            event_type: self.event_type,
            store: self.store,
            org: self.organisation,
            place: self.place,
            planned_on: Day::parse(&self.planned_on).ok_or_else(wrong)?,
            expected_people: self.expected_people,
            sessions: self.sessions,
            kits,
            materials: by_material(self.materials)?,
        })
    }
}

/// Put an event
///
/// Plans it under an id of yours, or changes the plan; once something was recorded, store,
/// organisation and sessions stay. Put again with the same content it stays as it is.
#[utoipa::path(
    put, path = "/events/{id}", tag = "events", operation_id = "put_event",
    params(("id" = Uuid, Path)), request_body = PutEvent,
    responses(
        (status = 201, description = "It is new", body = Event),
        (status = 200, description = "It was there", body = Event),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(sent): Sent<PutEvent>,
) -> Result<(StatusCode, Json<Event>), Problem> {
    let (id, writer, reader) = (EventId::new(id), asker.writer()?, asker.reader());
    let confirmed = sent.confirmed;
    let plan = sent.plan(id)?;
    let is_new = reader.event(id).await?.is_none();
    let before = reader.event_plan(id).await?;
    let added = plan.adds(before.as_ref(), &reader.kits().await?);
    stopping::ask(&reader, added, Purpose::GiveOut, confirmed).await?;
    match writer.plan_event(plan.clone()).await {
        Ok(_) => {}
        Err(PlanError::SavedBefore) => writer.edit_event(plan).await?,
        Err(error) => return Err(error.into()),
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(found(&asker, id).await?)))
}

async fn found(asker: &Asker, id: EventId) -> Result<Event, Problem> {
    Ok(asker.reader().event(id).await?.ok_or(Code::NotFound)?.into())
}

/// Call an event off
///
/// What was taken there must be back. Called off again it stays so.
#[utoipa::path(
    post, path = "/events/{id}/cancel", tag = "events", operation_id = "cancel_event",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "It is called off", body = Event), Refusals)
)]
pub async fn cancel(asker: Asker, Id(id): Id) -> Result<Json<Event>, Problem> {
    let id = EventId::new(id);
    asker.writer()?.cancel_event(id).await?;
    found(&asker, id).await.map(Json)
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Denied(denied) => denied.into(),
            PlanError::UnknownType => Code::UnknownEventType.into(),
            PlanError::UnknownStore => Code::UnknownStore.into(),
            PlanError::UnknownOrg => Code::UnknownOrganisation.into(),
            PlanError::HoldsNone => Code::HoldsNoEvents.into(),
            PlanError::StoreOfOthers => Code::StoreOfOthers.into(),
            PlanError::UnknownPlace => Code::UnknownPlace.into(),
            PlanError::UnknownMaterial => Code::UnknownMaterial.into(),
            PlanError::UnknownKit => Code::UnknownKit.into(),
            PlanError::People => Code::WrongPeople.into(),
            PlanError::TooFar => Code::TooFarAhead.into(),
            PlanError::HasRecords => Code::HasRecords.into(),
            PlanError::Cancelled => Code::Cancelled.into(),
            PlanError::SavedBefore => Code::SavedBefore.into(),
            PlanError::Database(error) => error.into(),
        }
    }
}

impl From<CancelEventError> for Problem {
    fn from(error: CancelEventError) -> Self {
        match error {
            CancelEventError::Denied(denied) => denied.into(),
            CancelEventError::TookPlace => Code::TookPlace.into(),
            CancelEventError::StockThere { pieces } => {
                Self::new(Code::StockThere).with("pieces", pieces)
            }
            CancelEventError::Database(error) => error.into(),
        }
    }
}
