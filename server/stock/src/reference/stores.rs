//! Stores: real places with stock, in a tree, each of one organisation.

use super::search::{self, SearchKind};
use super::{known, set_standing};
use crate::access::{Denied, Reader, Writer, scope};
use crate::db::is_taken;
use crate::query::{Query, insert_rows};
use domain::ids::{OrgId, StoreId};
use domain::reference::{Name, PlaceName, Standing, StoreKind};
use domain::role::{Actor, Permission, PlaceCode};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A store with the names of what it points at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Store {
    pub id: StoreId,
    pub kind: StoreKind,
    pub name: String,
    pub short_name: String,
    pub org: OrgId,
    pub org_name: String,
    /// The store above it, if the actor sees that one.
    pub parent: Option<StoreId>,
    pub parent_name: Option<String>,
    pub place: PlaceCode,
    pub place_name: PlaceName,
    /// Where the place is a district.
    pub province_name: Option<PlaceName>,
    pub standing: Standing,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreInput {
    pub kind: StoreKind,
    pub name: Name,
    pub short_name: Name,
    pub org: OrgId,
    pub parent: Option<StoreId>,
    pub place: PlaceCode,
    /// Provinces and districts that it serves.
    pub service_areas: Vec<PlaceCode>,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveStoreError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("another store has this name")]
    DuplicateName,
    #[error("another store has this short name")]
    DuplicateShortName,
    #[error("there is no such organisation in use")]
    UnknownOrg,
    #[error("there is no such place in use")]
    UnknownPlace,
    #[error("there is no such store above it in use")]
    UnknownParent,
    #[error("a store cannot stand below itself")]
    Circle,
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore(StoreId),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum StoreStandingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("stores below it are in use")]
    HasStoresBelow,
    #[error("there are still pieces in it or on their way")]
    HasStock,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct StoreRow {
    id: Uuid,
    kind: String,
    name: String,
    short_name: String,
    org_id: Uuid,
    org_name: String,
    parent_id: Option<Uuid>,
    parent_name: Option<String>,
    place_code: String,
    place_en: String,
    place_fa: Option<String>,
    place_ps: Option<String>,
    province_en: Option<String>,
    province_fa: Option<String>,
    province_ps: Option<String>,
    retired_at: Option<i64>,
}

impl StoreRow {
    fn store(self) -> Result<Store, DbErr> {
        Ok(Store {
            id: StoreId::new(self.id),
            kind: known(StoreKind::parse(&self.kind), &self.kind)?,
            name: self.name,
            short_name: self.short_name,
            org: OrgId::new(self.org_id),
            org_name: self.org_name,
            parent: self.parent_id.map(StoreId::new),
            parent_name: self.parent_name,
            place: PlaceCode::new(self.place_code),
            place_name: PlaceName { en: self.place_en, fa: self.place_fa, ps: self.place_ps },
            province_name: self.province_en.map(|en| PlaceName {
                en,
                fa: self.province_fa,
                ps: self.province_ps,
            }),
            standing: Standing::of(self.retired_at),
        })
    }
}

/// The stores that the actor sees; a store above that it does not see is left out.
fn visible(actor: &Actor) -> Query {
    Query::new(
        "SELECT s.id, s.kind, s.name, s.short_name, s.org_id, o.name AS org_name, \
         up.id AS parent_id, up.name AS parent_name, s.place_code, \
         p.name_en AS place_en, p.name_fa AS place_fa, p.name_ps AS place_ps, \
         province.name_en AS province_en, province.name_fa AS province_fa, \
         province.name_ps AS province_ps, s.retired_at \
         FROM store s JOIN org o ON o.id = s.org_id JOIN place p ON p.code = s.place_code \
         LEFT JOIN place province ON province.code = p.parent_code \
         LEFT JOIN store up ON up.id = s.parent_id AND ",
    )
    .condition(|next| scope::stores(actor, "up.id", next))
    .push(" WHERE ")
    .condition(|next| scope::stores(actor, "s.id", next))
}

#[derive(FromQueryResult)]
struct AreaRow {
    place_code: String,
}

async fn areas(db: &impl ConnectionTrait, id: StoreId) -> Result<Vec<PlaceCode>, DbErr> {
    let rows: Vec<AreaRow> =
        Query::new("SELECT place_code FROM store_service_area WHERE store_id = ")
            .bind(id.uuid())
            .push(" ORDER BY place_code")
            .all(db)
            .await?;
    Ok(rows.into_iter().map(|row| PlaceCode::new(row.place_code)).collect())
}

impl Reader<'_> {
    /// Every store that the actor sees, by name, retired ones last.
    pub async fn stores(&self) -> Result<Vec<Store>, DbErr> {
        let rows: Vec<StoreRow> = visible(&self.actor)
            .push(" ORDER BY CASE WHEN s.retired_at IS NULL THEN 0 ELSE 1 END, s.name")
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(StoreRow::store).collect()
    }

    pub async fn store(&self, id: StoreId) -> Result<Option<Store>, DbErr> {
        let query = visible(&self.actor).push(" AND s.id = ").bind(id.uuid());
        let row: Option<StoreRow> = query.one(self.stock.db.read()).await?;
        row.map(StoreRow::store).transpose()
    }

    /// The provinces and districts that a store serves; none for a store that the actor does not
    /// see.
    pub async fn service_areas(&self, id: StoreId) -> Result<Vec<PlaceCode>, DbErr> {
        if !self.can_see_store(id).await? {
            return Ok(Vec::new());
        }
        areas(self.stock.db.read(), id).await
    }
}

impl Writer<'_> {
    /// Opens a store inside the actor's scope.
    pub async fn create_store(&self, id: StoreId, input: StoreInput) -> Result<(), SaveStoreError> {
        self.require(Permission::EditReference)?;
        let actor = self.actor.clone();
        self.change("store", id.to_string(), move |tx| {
            let (actor, input) = (actor.clone(), input.clone());
            Box::pin(async move { insert(tx, &actor, id, &input).await })
        })
        .await
    }

    pub async fn edit_store(&self, id: StoreId, input: StoreInput) -> Result<(), SaveStoreError> {
        self.require(Permission::EditReference)?;
        let actor = self.actor.clone();
        self.change("store", id.to_string(), move |tx| {
            let (actor, input) = (actor.clone(), input.clone());
            Box::pin(async move { update(tx, &actor, id, &input).await })
        })
        .await
    }

    /// Retires an empty store with none in use below it, or brings it back.
    pub async fn set_store_standing(
        &self,
        id: StoreId,
        standing: Standing,
    ) -> Result<(), StoreStandingError> {
        self.require(Permission::EditReference)?;
        let (actor, now) = (self.actor.clone(), self.stock.world.now());
        self.change("store", id.to_string(), move |tx| {
            let actor = actor.clone();
            Box::pin(async move {
                scope::require_store::<StoreStandingError>(tx, &actor, id).await?;
                let below = Query::new("SELECT id FROM store WHERE retired_at IS NULL ")
                    .push("AND parent_id = ")
                    .bind(id.uuid());
                if standing == Standing::Retired && below.finds(tx).await? {
                    return Err(StoreStandingError::HasStoresBelow);
                }
                if standing == Standing::Retired && has_stock(tx, id).await? {
                    return Err(StoreStandingError::HasStock);
                }
                set_standing(tx, "store", "id", id.uuid(), standing, now).await?;
                Ok(())
            })
        })
        .await
    }
}

/// Whether the store answers for pieces, here or elsewhere, or has some on their way to it, or
/// something to explain.
async fn has_stock(tx: &impl ConnectionTrait, id: StoreId) -> Result<bool, DbErr> {
    Query::new("SELECT a.id FROM account a JOIN balance b ON b.account_id = a.id ")
        .push("WHERE a.kind IN ('store', 'damaged', 'in_transit', 'at_event') ")
        .push("AND b.pieces <> 0 AND (a.holder_id = ")
        .bind(id.uuid())
        .push(" OR a.owner_id IN (SELECT c.id FROM consignment c WHERE c.to_store_id = ")
        .bind(id.uuid())
        .push("))")
        .finds(tx)
        .await
}

async fn insert(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    id: StoreId,
    input: &StoreInput,
) -> Result<(), SaveStoreError> {
    check(tx, actor, input).await?;
    if let Some(parent) = input.parent {
        check_parent(tx, actor, id, parent).await?;
    }
    let saved: Option<StoreRow> =
        visible(actor).push(" AND s.id = ").bind(id.uuid()).one(tx).await?;
    if let Some(saved) = saved.map(StoreRow::store).transpose()? {
        let same = same(&saved, &areas(tx, id).await?, input);
        return if same { Ok(()) } else { Err(SaveStoreError::SavedBefore(id)) };
    }
    Query::new(
        "INSERT INTO store (id, kind, name, name_key, short_name, org_id, parent_id, place_code) \
         VALUES ",
    )
    .list::<Value>([
        id.uuid().into(),
        input.kind.as_str().into(),
        input.name.as_str().into(),
        input.name.key().into(),
        input.short_name.as_str().into(),
        input.org.uuid().into(),
        input.parent.map(StoreId::uuid).into(),
        input.place.as_str().into(),
    ])
    .run(tx)
    .await
    .map_err(taken)?;
    finish(tx, id, input).await
}

async fn update(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    id: StoreId,
    input: &StoreInput,
) -> Result<(), SaveStoreError> {
    scope::require_store::<SaveStoreError>(tx, actor, id).await?;
    check(tx, actor, input).await?;
    let parent = new_parent(tx, actor, id, input.parent).await?;
    Query::new("UPDATE store SET kind = ")
        .bind(input.kind.as_str())
        .push(", name = ")
        .bind(input.name.as_str())
        .push(", name_key = ")
        .bind(input.name.key())
        .push(", short_name = ")
        .bind(input.short_name.as_str())
        .push(", org_id = ")
        .bind(input.org.uuid())
        .push(", parent_id = ")
        .bind(parent.map(StoreId::uuid))
        .push(", place_code = ")
        .bind(input.place.as_str())
        .push(" WHERE id = ")
        .bind(id.uuid())
        .run(tx)
        .await
        .map_err(taken)?;
    Query::new("DELETE FROM store_service_area WHERE store_id = ").bind(id.uuid()).run(tx).await?;
    finish(tx, id, input).await
}

fn same(saved: &Store, saved_areas: &[PlaceCode], input: &StoreInput) -> bool {
    let mut service_areas = input.service_areas.clone();
    service_areas.sort();
    service_areas.dedup();
    saved.kind == input.kind
        && saved.name == input.name.as_str()
        && saved.short_name == input.short_name.as_str()
        && saved.org == input.org
        && saved.parent == input.parent
        && saved.place == input.place
        && saved_areas == service_areas
}

/// What the store points at exists, is in use and is inside the actor's scope.
async fn check(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    input: &StoreInput,
) -> Result<(), SaveStoreError> {
    scope::require_org(actor, input.org).map_err(|_| SaveStoreError::UnknownOrg)?;
    let org = Query::new("SELECT id FROM org WHERE retired_at IS NULL AND id = ");
    if !org.bind(input.org.uuid()).finds(tx).await? {
        return Err(SaveStoreError::UnknownOrg);
    }
    match scope::require_place(tx, actor, input.place.as_str()).await {
        Err(SaveStoreError::Denied(_)) => return Err(SaveStoreError::UnknownPlace),
        other => other?,
    }
    for place in input.service_areas.iter().chain([&input.place]) {
        let place = Query::new("SELECT code FROM place WHERE retired_at IS NULL AND code = ")
            .bind(place.as_str());
        if !place.finds(tx).await? {
            return Err(SaveStoreError::UnknownPlace);
        }
    }
    Ok(())
}

/// The store above after a change. One that the actor does not see stays: the form could not
/// show it, so leaving it empty says nothing about it.
async fn new_parent(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    id: StoreId,
    wanted: Option<StoreId>,
) -> Result<Option<StoreId>, SaveStoreError> {
    let saved: Option<ParentRow> =
        Query::new("SELECT parent_id FROM store WHERE id = ").bind(id.uuid()).one(tx).await?;
    let saved = saved.and_then(|row| row.parent_id).map(StoreId::new);
    match (wanted, saved) {
        (None, Some(saved)) if !scope::can_see_store(tx, actor, saved).await? => Ok(Some(saved)),
        (Some(wanted), saved) if saved != Some(wanted) => {
            check_parent(tx, actor, id, wanted).await?;
            Ok(Some(wanted))
        }
        (wanted, _) => Ok(wanted),
    }
}

#[derive(FromQueryResult)]
struct ParentRow {
    parent_id: Option<Uuid>,
}

async fn check_parent(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    id: StoreId,
    parent: StoreId,
) -> Result<(), SaveStoreError> {
    let known = Query::new("SELECT s.id FROM store s WHERE s.retired_at IS NULL AND s.id = ")
        .bind(parent.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(actor, "s.id", next));
    if !known.finds(tx).await? {
        return Err(SaveStoreError::UnknownParent);
    }
    let mut above = Some(parent.uuid());
    let mut passed = BTreeSet::from([id.uuid()]);
    while let Some(step) = above {
        if !passed.insert(step) {
            return Err(SaveStoreError::Circle);
        }
        let row: Option<ParentRow> =
            Query::new("SELECT parent_id FROM store WHERE id = ").bind(step).one(tx).await?;
        above = row.and_then(|row| row.parent_id);
    }
    Ok(())
}

async fn finish(
    tx: &impl ConnectionTrait,
    id: StoreId,
    input: &StoreInput,
) -> Result<(), SaveStoreError> {
    let areas = input.service_areas.iter();
    let areas = areas.map(|place| [id.uuid().into(), place.as_str().into()]).collect();
    let into = "store_service_area (store_id, place_code)";
    insert_rows(tx, into, areas, "ON CONFLICT DO NOTHING").await?;
    let texts = [input.name.as_str(), input.short_name.as_str()];
    Ok(search::index(tx, SearchKind::Store, id.uuid(), &texts).await?)
}

fn taken(error: DbErr) -> SaveStoreError {
    if is_taken(&error, "store", "name_key") {
        SaveStoreError::DuplicateName
    } else if is_taken(&error, "store", "short_name") {
        SaveStoreError::DuplicateShortName
    } else if is_taken(&error, "store", "id") || is_taken(&error, "store", "pkey") {
        // A store of this id exists, and the actor does not see it.
        Denied::NotFound.into()
    } else {
        SaveStoreError::Database(error)
    }
}
