//! Which stores, organisations and places an actor sees.
//!
//! Every list, total, search and export takes its condition from here, so that all of them leave
//! out the same things. What is outside answers [`Denied::NotFound`], exactly like what does not
//! exist.

use super::{Denied, Reader, Writer};
use crate::query::Query;
use domain::ids::{OrgId, StoreId};
use domain::reference::OrgKind;
use domain::role::{Actor, Permission, Scope};
use domain::small_cells::Eyes;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A part of a `WHERE` clause with the values of its placeholders.
pub(crate) struct Condition {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Condition {
    fn all() -> Self {
        Self { sql: "1 = 1".to_owned(), values: Vec::new() }
    }

    fn none() -> Self {
        Self { sql: "1 = 0".to_owned(), values: Vec::new() }
    }

    fn new(sql: String, value: impl Into<Value>) -> Self {
        Self { sql, values: vec![value.into()] }
    }
}

/// The store in `column` is one that the actor sees. `next` is the number of the first
/// placeholder that is still free; the condition uses at most that one.
pub(crate) fn stores(actor: &Actor, column: &str, next: usize) -> Condition {
    match &actor.scope {
        Scope::Everything => Condition::all(),
        Scope::Place(place) => Condition::new(
            format!(
                "{column} IN (SELECT seen.id FROM store seen \
                 JOIN place spot ON spot.code = seen.place_code \
                 WHERE spot.code = ${next} OR spot.parent_code = ${next})"
            ),
            place.as_str(),
        ),
        Scope::Org(org) => Condition::new(
            format!("{column} IN (SELECT seen.id FROM store seen WHERE seen.org_id = ${next})"),
            org.uuid(),
        ),
        Scope::Event(_) | Scope::Consignment(_) => Condition::none(),
    }
}

/// The consignment `alias` is one that the actor may know of: the receiver learns of it when it
/// leaves.
pub(crate) fn consignments(query: Query, actor: &Actor, alias: &str) -> Query {
    if let Scope::Consignment(own) = &actor.scope {
        let text = format!("({alias}.left_at IS NOT NULL AND {alias}.id = ");
        return query.push(&text).bind(own.uuid()).push(")");
    }
    query
        .push("(")
        .condition(|next| stores(actor, &format!("{alias}.from_store_id"), next))
        .push(&format!(" OR ({alias}.left_at IS NOT NULL AND "))
        .condition(|next| stores(actor, &format!("{alias}.to_store_id"), next))
        .push("))")
}

/// The store `alias` is one that the actor sends to: a partner sends to its own and to those that
/// supply them, others send anywhere.
pub(crate) fn receivers(actor: &Actor, alias: &str, next: usize) -> Condition {
    let org = match &actor.scope {
        Scope::Everything | Scope::Place(_) => return Condition::all(),
        Scope::Event(_) | Scope::Consignment(_) => return Condition::none(),
        Scope::Org(org) => org,
    };
    let sql = format!(
        "({alias}.org_id = ${next} OR {alias}.id IN
            (SELECT own.parent_id FROM store own WHERE own.org_id = ${next}))"
    );
    Condition::new(sql, org.uuid())
}

/// The organisation in `column` is one that the actor sees: its own only, when the actor is
/// limited to one.
pub(crate) fn orgs(actor: &Actor, column: &str, next: usize) -> Condition {
    match &actor.scope {
        Scope::Everything | Scope::Place(_) => Condition::all(),
        Scope::Org(org) => Condition::new(format!("{column} = ${next}"), org.uuid()),
        Scope::Event(_) | Scope::Consignment(_) => Condition::none(),
    }
}

/// The partner in `column` is one that the actor sees: inside the actor's place, those that have a
/// store or hold events there.
pub(crate) fn partners(actor: &Actor, column: &str, next: usize) -> Condition {
    let Scope::Place(place) = &actor.scope else { return orgs(actor, column, next) };
    let inside = format!(
        "IN (SELECT spot.code FROM place spot \
         WHERE spot.code = ${next} OR spot.parent_code = ${next})"
    );
    Condition::new(
        format!(
            "({column} IN (SELECT seen.org_id FROM store seen WHERE seen.place_code {inside}) \
             OR {column} IN (SELECT held.org_id FROM event held WHERE held.place_code {inside}))"
        ),
        place.as_str(),
    )
}

/// For what happens at a place for an organisation, like an event: inside the actor's place, or
/// of the actor's organisation.
pub(crate) fn places_and_orgs(
    actor: &Actor,
    place_column: &str,
    org_column: &str,
    next: usize,
) -> Condition {
    match &actor.scope {
        Scope::Everything => Condition::all(),
        Scope::Place(place) => Condition::new(
            format!(
                "{place_column} IN (SELECT spot.code FROM place spot \
                 WHERE spot.code = ${next} OR spot.parent_code = ${next})"
            ),
            place.as_str(),
        ),
        Scope::Org(org) => Condition::new(format!("{org_column} = ${next}"), org.uuid()),
        Scope::Event(_) | Scope::Consignment(_) => Condition::none(),
    }
}

/// The event `e` is one that the actor may know of.
pub(crate) fn events(actor: &Actor, next: usize) -> Condition {
    match &actor.scope {
        Scope::Event(own) => Condition::new(format!("e.id = ${next}"), own.uuid()),
        Scope::Everything | Scope::Place(_) | Scope::Org(_) | Scope::Consignment(_) => {
            places_and_orgs(actor, "e.place_code", "e.org_id", next)
        }
    }
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct OrgRow {
    org_id: Uuid,
}

/// The ends of consignments at which the actor stands: all stores that it sees, retired ones
/// included; for a link the store to which its consignment goes.
pub(crate) async fn ends(
    db: &impl ConnectionTrait,
    actor: &Actor,
) -> Result<BTreeSet<StoreId>, DbErr> {
    let query = match &actor.scope {
        Scope::Consignment(own) => {
            Query::new("SELECT c.to_store_id AS id FROM consignment c WHERE c.id = ")
                .bind(own.uuid())
        }
        Scope::Everything | Scope::Place(_) | Scope::Org(_) | Scope::Event(_) => {
            Query::new("SELECT s.id FROM store s WHERE ")
                .condition(|next| stores(actor, "s.id", next))
        }
    };
    let rows: Vec<IdRow> = query.all(db).await?;
    Ok(rows.into_iter().map(|row| StoreId::new(row.id)).collect())
}

pub(crate) async fn can_see_store(
    db: &impl ConnectionTrait,
    actor: &Actor,
    store: StoreId,
) -> Result<bool, DbErr> {
    Query::new("SELECT s.id FROM store s WHERE s.id = ")
        .bind(store.uuid())
        .push(" AND ")
        .condition(|next| stores(actor, "s.id", next))
        .finds(db)
        .await
}

/// Whose store it is, if the actor sees it.
pub(crate) async fn org_of_store(
    db: &impl ConnectionTrait,
    actor: &Actor,
    store: StoreId,
) -> Result<Option<OrgId>, DbErr> {
    let row: Option<OrgRow> = Query::new("SELECT s.org_id FROM store s WHERE s.id = ")
        .bind(store.uuid())
        .push(" AND ")
        .condition(|next| stores(actor, "s.id", next))
        .one(db)
        .await?;
    Ok(row.map(|row| OrgId::new(row.org_id)))
}

/// Refuses a store that the actor does not see, as if it did not exist.
pub(crate) async fn require_store<E>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    store: StoreId,
) -> Result<(), E>
where
    E: From<Denied> + From<DbErr>,
{
    if can_see_store(db, actor, store).await? { Ok(()) } else { Err(Denied::NotFound.into()) }
}

/// Refuses a place that a place-bound actor may not act in. An organisation works anywhere.
pub(crate) async fn require_place<E>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    place: &str,
) -> Result<(), E>
where
    E: From<Denied> + From<DbErr>,
{
    let own = match &actor.scope {
        Scope::Everything | Scope::Org(_) => return Ok(()),
        Scope::Event(_) | Scope::Consignment(_) => return Err(Denied::NotFound.into()),
        Scope::Place(own) => own,
    };
    let inside = Query::new("SELECT code FROM place WHERE code = ")
        .bind(place)
        .push(" AND (code = ")
        .bind(own.as_str())
        .push(" OR parent_code = ")
        .bind(own.as_str())
        .push(")")
        .finds(db)
        .await?;
    if inside { Ok(()) } else { Err(Denied::NotFound.into()) }
}

/// Refuses an organisation that an actor limited to its own may not act for.
pub(crate) fn require_org(actor: &Actor, org: OrgId) -> Result<(), Denied> {
    match &actor.scope {
        Scope::Everything | Scope::Place(_) => Ok(()),
        Scope::Org(own) if *own == org => Ok(()),
        Scope::Org(_) | Scope::Event(_) | Scope::Consignment(_) => Err(Denied::NotFound),
    }
}

impl Reader<'_> {
    /// Whether the actor's role includes the permission: pages hide what would be refused.
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.role.may(permission)
    }

    /// Whether the actor may change what concerns the whole programme.
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.may(permission) && self.actor.scope == Scope::Everything
    }

    /// For whose eyes counts of people are; `host` held the event that they are about.
    pub async fn eyes(&self, host: Option<OrgId>) -> Result<Eyes, DbErr> {
        if host == Some(self.actor.org) {
            return Ok(Eyes::Ours);
        }
        Ok(match self.own_kind().await? {
            Some(OrgKind::Programme) => Eyes::Ours,
            Some(OrgKind::Partner | OrgKind::Printer | OrgKind::Donor) | None => Eyes::Others,
        })
    }

    /// Whether the actor reads what people wrote beside their records: those who do the work do,
    /// donors and printers do not.
    pub(crate) async fn reads_notes(&self) -> Result<bool, DbErr> {
        Ok(match self.own_kind().await? {
            Some(OrgKind::Programme | OrgKind::Partner) => true,
            Some(OrgKind::Printer | OrgKind::Donor) | None => false,
        })
    }

    async fn own_kind(&self) -> Result<Option<OrgKind>, DbErr> {
        Ok(self.org(self.actor.org).await?.map(|org| org.kind))
    }

    pub async fn visible_stores(&self) -> Result<BTreeSet<StoreId>, DbErr> {
        ends(self.stock.db.read(), &self.actor).await
    }

    pub async fn can_see_store(&self, store: StoreId) -> Result<bool, DbErr> {
        can_see_store(self.stock.db.read(), &self.actor, store).await
    }
}

impl Writer<'_> {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}
