//! Planning an event: an ordinary row that people change.

use super::ends::{check_ends, check_rights, exists};
use super::find::{find, lock, sessions};
use crate::access::{Denied, Writer};
use crate::movements::line_sums::{self, Change};
use crate::query::{Query, insert_rows};
use crate::reference::kits::{self, Kit};
use crate::world::World;
use domain::events::{EventState, SessionKind};
use domain::ids::{EventId, EventTypeId, KitVersionId, MaterialId, OrgId, StoreId};
use domain::pieces::Pieces;
use domain::role::{Actor, Permission, PlaceCode};
use domain::time::Day;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is planned. Made by whoever shows the form, so that sending it twice plans one event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventPlan {
    pub id: EventId,
    pub event_type: EventTypeId,
    /// The store that supplies it and gets back what is left.
    pub store: StoreId,
    pub org: OrgId,
    pub place: PlaceCode,
    pub planned_on: Day,
    pub expected_people: Option<i64>,
    /// In the order of the day; without any the event is one session.
    pub sessions: Vec<SessionKind>,
    pub kits: BTreeMap<KitVersionId, Pieces>,
    pub materials: BTreeMap<MaterialId, Pieces>,
}

impl EventPlan {
    /// The editions, alone or in one of the `kits`, that were not on the plan before.
    pub fn adds(&self, before: Option<&Self>, kits: &[Kit]) -> BTreeSet<MaterialId> {
        let had = |id: &&MaterialId| before.is_some_and(|plan| plan.materials.contains_key(*id));
        let had_kit = |id| before.is_some_and(|plan| plan.kits.contains_key(id));
        let chosen = kits
            .iter()
            .filter(|kit| self.kits.contains_key(&kit.version_id) && !had_kit(&kit.version_id));
        let in_kits = chosen.flat_map(|kit| &kit.lines).map(|line| line.material);
        self.materials.keys().filter(|id| !had(id)).copied().chain(in_kits).collect()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such kind of event in use")]
    UnknownType,
    #[error("there is no such store in use")]
    UnknownStore,
    #[error("there is no such organisation in use")]
    UnknownOrg,
    /// A printer or a donor.
    #[error("this organisation does not hold events")]
    HoldsNone,
    #[error("the store belongs to another partner than the one whose event it is")]
    StoreOfOthers,
    #[error("there is no such place in use")]
    UnknownPlace,
    #[error("there is no such material in use")]
    UnknownMaterial,
    #[error("there is no such kit in use")]
    UnknownKit,
    #[error("not a number of people")]
    People,
    #[error("more than five years ahead")]
    TooFar,
    /// Records name its store, organisation or sessions.
    #[error("something was recorded about it: store, organisation and sessions stay")]
    HasRecords,
    #[error("it was cancelled")]
    Cancelled,
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum CancelEventError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("it took place")]
    TookPlace,
    #[error("{pieces} pieces are still there: bring them back first")]
    StockThere { pieces: i64 },
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Last {
    last: i64,
}

#[derive(FromQueryResult)]
struct ShortName {
    short_name: String,
}

#[derive(FromQueryResult)]
struct Sum {
    pieces: Option<i64>,
}

#[derive(FromQueryResult)]
struct Planned {
    id: Uuid,
    pieces: i64,
}

impl Writer<'_> {
    /// Plans an event; gives its number.
    pub async fn plan_event(&self, plan: EventPlan) -> Result<String, PlanError> {
        self.require(Permission::RunEvents)?;
        let (world, actor) = (self.stock.world.clone(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let (world, actor, plan) = (world.clone(), actor.clone(), plan.clone());
                Box::pin(async move { insert(tx, world.as_ref(), &actor, &plan).await })
            })
            .await
    }

    /// Changes a plan. Once something was recorded, store, organisation and sessions stay.
    pub async fn edit_event(&self, plan: EventPlan) -> Result<(), PlanError> {
        self.require(Permission::RunEvents)?;
        let (world, actor) = (self.stock.world.clone(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let (world, actor, plan) = (world.clone(), actor.clone(), plan.clone());
                Box::pin(async move { update(tx, world.as_ref(), &actor, &plan).await })
            })
            .await
    }

    /// Calls an event off; what was taken there must be back. Again is fine.
    pub async fn cancel_event(&self, id: EventId) -> Result<(), CancelEventError> {
        self.require(Permission::RunEvents)?;
        let (now, actor) = (self.stock.world.now(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let actor = actor.clone();
                Box::pin(async move {
                    lock(tx, id, now).await?;
                    let event = find::<CancelEventError>(tx, &actor, now.day(), id).await?;
                    if event.state == EventState::Held {
                        return Err(CancelEventError::TookPlace);
                    }
                    let pieces = pieces_there(tx, id).await?;
                    if pieces > 0 {
                        return Err(CancelEventError::StockThere { pieces });
                    }
                    Query::new("UPDATE event SET cancelled_at = ")
                        .bind(now.0)
                        .push(", cancelled_by = ")
                        .bind(actor.user.uuid())
                        .push(" WHERE cancelled_at IS NULL AND id = ")
                        .bind(id.uuid())
                        .run(tx)
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

async fn pieces_there(db: &impl ConnectionTrait, id: EventId) -> Result<i64, DbErr> {
    let sum: Option<Sum> = Query::new(
        "SELECT CAST(SUM(b.pieces) AS BIGINT) AS pieces FROM balance b
         JOIN account a ON a.id = b.account_id WHERE a.kind = 'at_event' AND NOT a.shadow
            AND a.owner_id = ",
    )
    .bind(id.uuid())
    .one(db)
    .await?;
    Ok(sum.and_then(|sum| sum.pieces).unwrap_or(0))
}

async fn insert(
    tx: &impl ConnectionTrait,
    world: &dyn World,
    actor: &Actor,
    plan: &EventPlan,
) -> Result<String, PlanError> {
    check_rights(tx, actor, plan).await?;
    if exists(tx, "event", "id", plan.id.uuid()).await? {
        let saved = find::<PlanError>(tx, actor, world.now().day(), plan.id).await?;
        let same = load(tx, actor, world.now().day(), plan.id).await? == *plan;
        return if same { Ok(saved.number) } else { Err(PlanError::SavedBefore) };
    }
    check_ends(tx, plan, None, world.now().day()).await?;
    let number = next_number(tx, plan.store).await?;
    let (code, now) = (world.new_code(), world.now());
    Query::new("INSERT INTO code (code, kind, subject_id, state, issued_at) VALUES ")
        .list::<Value>([
            code.as_str().into(),
            "event".into(),
            plan.id.uuid().into(),
            "active".into(),
            now.0.into(),
        ])
        .run(tx)
        .await?;
    Query::new(
        "INSERT INTO event (id, code, number, event_type_id, store_id, org_id, place_code,
            planned_on, expected_people, made_by, made_at, changed_at) VALUES ",
    )
    .list::<Value>([
        plan.id.uuid().into(),
        code.as_str().into(),
        number.as_str().into(),
        plan.event_type.uuid().into(),
        plan.store.uuid().into(),
        plan.org.uuid().into(),
        plan.place.as_str().into(),
        i64::from(plan.planned_on.0).into(),
        plan.expected_people.into(),
        actor.user.uuid().into(),
        now.0.into(),
        now.0.into(),
    ])
    .run(tx)
    .await?;
    insert_sessions(tx, world, plan).await?;
    insert_goods(tx, world, plan).await?;
    Ok(number)
}

/// The next number of a store's events: `E-KBL-0007`.
async fn next_number(tx: &impl ConnectionTrait, store: StoreId) -> Result<String, PlanError> {
    let store: Option<ShortName> =
        Query::new("SELECT short_name FROM store WHERE id = ").bind(store.uuid()).one(tx).await?;
    let short_name = store.ok_or(PlanError::UnknownStore)?.short_name;
    let last: Option<Last> = Query::new("INSERT INTO counter (name, last) VALUES (")
        .bind(format!("event {short_name}"))
        .push(", 1) ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last")
        .one(tx)
        .await?;
    Ok(format!("E-{short_name}-{:04}", last.map_or(1, |last| last.last)))
}

async fn update(
    tx: &impl ConnectionTrait,
    world: &dyn World,
    actor: &Actor,
    plan: &EventPlan,
) -> Result<(), PlanError> {
    let now = world.now();
    lock(tx, plan.id, now).await?;
    let event = find::<PlanError>(tx, actor, now.day(), plan.id).await?;
    if event.state == EventState::Cancelled {
        return Err(PlanError::Cancelled);
    }
    let saved = load(tx, actor, now.day(), plan.id).await?;
    check_rights(tx, actor, plan).await?;
    check_ends(tx, plan, Some(&saved), now.day()).await?;
    let fixed = |plan: &EventPlan| (plan.store, plan.org, plan.sessions.clone());
    let has_records = exists(tx, "record", "subject_id", plan.id.uuid()).await?;
    if has_records && fixed(&saved) != fixed(plan) {
        return Err(PlanError::HasRecords);
    }
    let is_moved = has_records && saved.place != plan.place;
    if is_moved {
        line_sums::change_event(tx, plan.id, Change::TakenOut).await?;
    }
    Query::new("UPDATE event SET event_type_id = ")
        .bind(plan.event_type.uuid())
        .push(", store_id = ")
        .bind(plan.store.uuid())
        .push(", org_id = ")
        .bind(plan.org.uuid())
        .push(", place_code = ")
        .bind(plan.place.as_str())
        .push(", planned_on = ")
        .bind(i64::from(plan.planned_on.0))
        .push(", expected_people = ")
        .bind(plan.expected_people)
        .push(" WHERE id = ")
        .bind(plan.id.uuid())
        .run(tx)
        .await?;
    if is_moved {
        line_sums::change_event(tx, plan.id, Change::Added).await?;
    }
    if saved.sessions != plan.sessions {
        delete(tx, "event_session", plan.id).await?;
        insert_sessions(tx, world, plan).await?;
    }
    delete(tx, "event_planned_kit", plan.id).await?;
    delete(tx, "event_planned_material", plan.id).await?;
    insert_goods(tx, world, plan).await
}

async fn delete(tx: &impl ConnectionTrait, table: &str, id: EventId) -> Result<(), DbErr> {
    let query = Query::new("DELETE FROM ").push(table).push(" WHERE event_id = ");
    query.bind(id.uuid()).run(tx).await.map(|_| ())
}

async fn insert_sessions(
    tx: &impl ConnectionTrait,
    world: &dyn World,
    plan: &EventPlan,
) -> Result<(), PlanError> {
    let rows = (1_i64..).zip(&plan.sessions).map(|(ordinal, kind)| {
        [world.new_id().into(), plan.id.uuid().into(), ordinal.into(), kind.as_str().into()]
    });
    let into = "event_session (id, event_id, ordinal, kind)";
    Ok(insert_rows(tx, into, rows.collect(), "").await?)
}

async fn insert_goods(
    tx: &impl ConnectionTrait,
    world: &dyn World,
    plan: &EventPlan,
) -> Result<(), PlanError> {
    let row = |id: Uuid, pieces: &Pieces| [plan.id.uuid().into(), id.into(), pieces.get().into()];
    let kits: Vec<[Value; 3]> = plan.kits.iter().map(|(id, n)| row(id.uuid(), n)).collect();
    insert_rows(tx, "event_planned_kit (event_id, kit_version_id, kits)", kits, "").await?;
    for kit in plan.kits.keys() {
        kits::mark_used(tx, *kit, world.now()).await?;
    }
    let materials = plan.materials.iter().map(|(id, n)| row(id.uuid(), n)).collect();
    let into = "event_planned_material (event_id, material_id, pieces)";
    Ok(insert_rows(tx, into, materials, "").await?)
}

/// The plan as it was saved.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    actor: &Actor,
    today: Day,
    id: EventId,
) -> Result<EventPlan, PlanError> {
    let event = find::<PlanError>(db, actor, today, id).await?;
    let kits: Vec<Planned> = Query::new(
        "SELECT kit_version_id AS id, kits AS pieces FROM event_planned_kit WHERE event_id = ",
    )
    .bind(id.uuid())
    .all(db)
    .await?;
    let materials: Vec<Planned> = Query::new(
        "SELECT material_id AS id, pieces FROM event_planned_material WHERE event_id = ",
    )
    .bind(id.uuid())
    .all(db)
    .await?;
    let pieces = |row: &Planned| Pieces::new(row.pieces).ok();
    Ok(EventPlan {
        id,
        event_type: event.event_type,
        store: event.store,
        org: event.org,
        place: event.place,
        planned_on: event.planned_on,
        expected_people: event.expected_people,
        sessions: sessions(db, id).await?.into_iter().map(|session| session.kind).collect(),
        kits: kits.iter().filter_map(|row| Some((row.id.into(), pieces(row)?))).collect(),
        materials: materials.iter().filter_map(|row| Some((row.id.into(), pieces(row)?))).collect(),
    })
}
