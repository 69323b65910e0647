//! What a plan points at, and whether it may.

use super::plan::{EventPlan, PlanError};
use crate::access::scope;
use crate::query::Query;
use domain::events::{NoPlan, check_plan, holds_events, supplies};
use domain::ids::OrgId;
use domain::reference::OrgKind;
use domain::role::Actor;
use domain::time::Day;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

pub(super) async fn exists(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
    id: Uuid,
) -> Result<bool, DbErr> {
    let text = format!("SELECT 1 AS one FROM {table} WHERE {column} = ");
    Query::new(&text).bind(id).push(" LIMIT 1").finds(db).await
}

async fn in_use(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
    id: impl Into<Value>,
) -> Result<bool, DbErr> {
    let text = format!("SELECT 1 AS one FROM {table} WHERE retired_at IS NULL AND {column} = ");
    Query::new(&text).bind(id).finds(db).await
}

pub(super) async fn check_rights(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    plan: &EventPlan,
) -> Result<(), PlanError> {
    scope::require_org(actor, plan.org)?;
    scope::require_store::<PlanError>(tx, actor, plan.store).await?;
    scope::require_place::<PlanError>(tx, actor, plan.place.as_str()).await
}

/// Whether it can be meant, and what it points at is there. What it pointed at before may have been
/// retired.
pub(super) async fn check_ends(
    tx: &impl ConnectionTrait,
    plan: &EventPlan,
    saved: Option<&EventPlan>,
    today: Day,
) -> Result<(), PlanError> {
    check_plan(plan.planned_on, plan.expected_people, today).map_err(|error| match error {
        NoPlan::People => PlanError::People,
        NoPlan::TooFar => PlanError::TooFar,
    })?;
    let ends = [
        ("event_type", plan.event_type.uuid(), PlanError::UnknownType),
        ("store", plan.store.uuid(), PlanError::UnknownStore),
        ("org", plan.org.uuid(), PlanError::UnknownOrg),
    ];
    for (table, id, error) in ends {
        let before = saved.map(|s| [s.event_type.uuid(), s.store.uuid(), s.org.uuid()]);
        let known = before.is_some_and(|before| before.contains(&id));
        if !known && !in_use(tx, table, "id", id).await? {
            return Err(error);
        }
    }
    if saved.is_none_or(|saved| (saved.org, saved.store) != (plan.org, plan.store)) {
        check_owners(tx, plan).await?;
    }
    let same_place = saved.is_some_and(|saved| saved.place == plan.place);
    if !same_place && !in_use(tx, "place", "code", plan.place.as_str()).await? {
        return Err(PlanError::UnknownPlace);
    }
    for material in plan.materials.keys() {
        let known = saved.is_some_and(|saved| saved.materials.contains_key(material));
        if !known && !in_use(tx, "material", "id", material.uuid()).await? {
            return Err(PlanError::UnknownMaterial);
        }
    }
    for kit in plan.kits.keys() {
        if !exists(tx, "kit_version", "id", kit.uuid()).await? {
            return Err(PlanError::UnknownKit);
        }
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Owners {
    org_kind: String,
    store_org: Uuid,
    store_kind: String,
}

/// Whether this organisation holds events, and may do so from this store.
async fn check_owners(tx: &impl ConnectionTrait, plan: &EventPlan) -> Result<(), PlanError> {
    let owners: Option<Owners> = Query::new(
        "SELECT o.kind AS org_kind, s.org_id AS store_org, w.kind AS store_kind
         FROM org o JOIN store s ON 1 = 1 JOIN org w ON w.id = s.org_id WHERE o.id = ",
    )
    .bind(plan.org.uuid())
    .push(" AND s.id = ")
    .bind(plan.store.uuid())
    .one(tx)
    .await?;
    let Some(owners) = owners else { return Err(PlanError::UnknownStore) };
    let kind = |word: &str| {
        OrgKind::parse(word).ok_or_else(|| DbErr::Type(format!("the books hold the word {word:?}")))
    };
    if !holds_events(kind(&owners.org_kind)?) {
        return Err(PlanError::HoldsNone);
    }
    let store_of = (OrgId::new(owners.store_org), kind(&owners.store_kind)?);
    if supplies(store_of, plan.org) { Ok(()) } else { Err(PlanError::StoreOfOthers) }
}
