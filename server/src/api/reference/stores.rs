//! Stores: real places with stock.

use super::NewStanding;
use crate::api::extract::{Asked, Asker, Id, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::Names;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::{OrgId, StoreId};
use domain::reference::{Name, StoreKind};
use domain::role::PlaceCode;
use serde::{Deserialize, Serialize};
use stock::reference::stores::{SaveStoreError, StoreInput, StoreStandingError};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000001",
    "kind": "provincial",
    "name": "Balkh store",
    "short_name": "MZR",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "organisation_name": "Programme",
    "parent": null,
    "place": "AF2101",
    "place_name": {"en": "Mazar-e Sharif", "fa": "مزار شریف", "ps": null},
    "standing": "in_use"
}))]
pub struct Store {
    pub id: Uuid,
    /// `central`, `provincial` or `partner`.
    pub kind: &'static str,
    pub name: String,
    pub short_name: String,
    pub organisation: Uuid,
    pub organisation_name: String,
    /// The store above it, if you see that one.
    pub parent: Option<Uuid>,
    /// The P-code of its province or district.
    pub place: String,
    pub place_name: Names,
    /// `in_use` or `retired`.
    pub standing: &'static str,
}

impl From<stock::reference::stores::Store> for Store {
    fn from(store: stock::reference::stores::Store) -> Self {
        Self {
            id: store.id.uuid(),
            kind: store.kind.as_str(),
            name: store.name,
            short_name: store.short_name,
            organisation: store.org.uuid(),
            organisation_name: store.org_name,
            parent: store.parent.map(StoreId::uuid),
            place: store.place.as_str().to_owned(),
            place_name: store.place_name.into(),
            standing: store.standing.as_str(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "provincial",
    "name": "Balkh store",
    "short_name": "MZR",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "parent": null,
    "place": "AF2101",
    "service_areas": ["AF21"]
}))]
pub struct PutStore {
    /// `central`, `provincial` or `partner`.
    #[schema(value_type = String)]
    pub kind: StoreKind,
    #[schema(value_type = String)]
    pub name: Name,
    #[schema(value_type = String)]
    pub short_name: Name,
    #[schema(value_type = Uuid)]
    pub organisation: OrgId,
    #[schema(value_type = Option<Uuid>)]
    pub parent: Option<StoreId>,
    #[schema(value_type = String)]
    pub place: PlaceCode,
    /// P-codes of the provinces and districts that it serves.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub service_areas: Vec<PlaceCode>,
}

impl PutStore {
    fn input(self) -> StoreInput {
        StoreInput {
            kind: self.kind,
            name: self.name,
            short_name: self.short_name,
            org: self.organisation,
            parent: self.parent,
            place: self.place,
            service_areas: self.service_areas,
        }
    }
}

/// List stores
#[utoipa::path(
    get, path = "/stores", tag = "reference", operation_id = "list_stores",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Store>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Store>>, Problem> {
    let stores = asker.reader().stores().await?;
    Ok(Json(Page::cut(stores, &page, |store| store.id.to_string())?.map(Store::from)))
}

/// Read a store
#[utoipa::path(
    get, path = "/stores/{id}", tag = "reference", operation_id = "read_store",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The store", body = Store), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<Store>, Problem> {
    found(&asker, id.into()).await.map(Json)
}

async fn found(asker: &Asker, id: StoreId) -> Result<Store, Problem> {
    Ok(asker.reader().store(id).await?.ok_or(Code::NotFound)?.into())
}

/// Put a store
///
/// Makes it under an id of yours, or changes it.
#[utoipa::path(
    put, path = "/stores/{id}", tag = "reference", operation_id = "put_store",
    params(("id" = Uuid, Path)), request_body = PutStore,
    responses(
        (status = 201, description = "It is new", body = Store),
        (status = 200, description = "It was there", body = Store),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(sent): Sent<PutStore>,
) -> Result<(StatusCode, Json<Store>), Problem> {
    let (id, writer) = (StoreId::new(id), asker.writer()?);
    let status = if asker.reader().can_see_store(id).await? {
        writer.edit_store(id, sent.input()).await?;
        StatusCode::OK
    } else {
        writer.create_store(id, sent.input()).await?;
        StatusCode::CREATED
    };
    Ok((status, Json(found(&asker, id).await?)))
}

/// Retire a store, or bring it back
#[utoipa::path(
    put, path = "/stores/{id}/standing", tag = "reference", operation_id = "put_store_standing",
    params(("id" = Uuid, Path)), request_body = NewStanding,
    responses((status = 200, description = "It stands so now", body = Store), Refusals)
)]
pub async fn put_standing(
    asker: Asker,
    Id(id): Id,
    Sent(new): Sent<NewStanding>,
) -> Result<Json<Store>, Problem> {
    asker.writer()?.set_store_standing(id.into(), new.standing).await?;
    found(&asker, id.into()).await.map(Json)
}

impl From<SaveStoreError> for Problem {
    fn from(error: SaveStoreError) -> Self {
        match error {
            SaveStoreError::Denied(denied) => denied.into(),
            SaveStoreError::DuplicateName => Code::DuplicateName.into(),
            SaveStoreError::DuplicateShortName => Code::DuplicateNumber.into(),
            SaveStoreError::UnknownOrg => Code::UnknownOrganisation.into(),
            SaveStoreError::UnknownPlace => Code::UnknownPlace.into(),
            SaveStoreError::UnknownParent => Self::new(Code::UnknownStore).with("field", "parent"),
            SaveStoreError::Circle => Code::Circle.into(),
            // Whoever put it could not see it, so that it is another's.
            SaveStoreError::SavedBefore(_) => Code::NotFound.into(),
            SaveStoreError::Database(error) => error.into(),
        }
    }
}

impl From<StoreStandingError> for Problem {
    fn from(error: StoreStandingError) -> Self {
        match error {
            StoreStandingError::Denied(denied) => denied.into(),
            StoreStandingError::HasStoresBelow => Self::new(Code::InUse).with("by", "stores"),
            StoreStandingError::HasStock => Self::new(Code::InUse).with("by", "stock"),
            StoreStandingError::Database(error) => error.into(),
        }
    }
}
