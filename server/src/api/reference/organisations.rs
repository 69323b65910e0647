//! Organisations: the programme, partners, printers, donors.

use super::NewStanding;
use crate::api::extract::{Asked, Asker, Id, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::OrgId;
use domain::reference::{Name, OrgKind};
use serde::{Deserialize, Serialize};
use stock::reference::orgs::{Org, OrgInput, OrgStandingError, SaveOrgError};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000002",
    "kind": "partner",
    "name": "Fast Relief",
    "short_name": "FR",
    "standing": "in_use"
}))]
pub struct Organisation {
    pub id: Uuid,
    /// `programme`, `partner`, `printer` or `donor`.
    pub kind: &'static str,
    pub name: String,
    pub short_name: String,
    /// `in_use` or `retired`.
    pub standing: &'static str,
}

impl From<Org> for Organisation {
    fn from(org: Org) -> Self {
        Self {
            id: org.id.uuid(),
            kind: org.kind.as_str(),
            name: org.name,
            short_name: org.short_name,
            standing: org.standing.as_str(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "partner", "name": "Fast Relief", "short_name": "FR"}))]
pub struct PutOrganisation {
    /// `programme`, `partner`, `printer` or `donor`.
    #[schema(value_type = String)]
    pub kind: OrgKind,
    #[schema(value_type = String)]
    pub name: Name,
    #[schema(value_type = String)]
    pub short_name: Name,
}

/// List organisations
#[utoipa::path(
    get, path = "/organisations", tag = "reference", operation_id = "list_organisations",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Organisation>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Organisation>>, Problem> {
    let orgs = asker.reader().orgs().await?;
    Ok(Json(Page::cut(orgs, &page, |org| org.id.to_string())?.map(Organisation::from)))
}

/// Read an organisation
#[utoipa::path(
    get, path = "/organisations/{id}", tag = "reference", operation_id = "read_organisation",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The organisation", body = Organisation), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<Organisation>, Problem> {
    found(&asker, id.into()).await.map(Json)
}

async fn found(asker: &Asker, id: OrgId) -> Result<Organisation, Problem> {
    Ok(asker.reader().org(id).await?.ok_or(Code::NotFound)?.into())
}

/// Put an organisation
///
/// Makes it under an id of yours, or changes it.
#[utoipa::path(
    put, path = "/organisations/{id}", tag = "reference", operation_id = "put_organisation",
    params(("id" = Uuid, Path)), request_body = PutOrganisation,
    responses(
        (status = 201, description = "It is new", body = Organisation),
        (status = 200, description = "It was there", body = Organisation),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(PutOrganisation { kind, name, short_name }): Sent<PutOrganisation>,
) -> Result<(StatusCode, Json<Organisation>), Problem> {
    let (id, input) = (OrgId::new(id), OrgInput { kind, name, short_name });
    let writer = asker.writer()?;
    let status = if asker.reader().org(id).await?.is_some() {
        writer.edit_org(id, input).await?;
        StatusCode::OK
    } else {
        writer.create_org(id, input).await?;
        StatusCode::CREATED
    };
    Ok((status, Json(found(&asker, id).await?)))
}

/// Retire an organisation, or bring it back
#[utoipa::path(
    put, path = "/organisations/{id}/standing", tag = "reference",
    operation_id = "put_organisation_standing",
    params(("id" = Uuid, Path)), request_body = NewStanding,
    responses((status = 200, description = "It stands so now", body = Organisation), Refusals)
)]
pub async fn put_standing(
    asker: Asker,
    Id(id): Id,
    Sent(new): Sent<NewStanding>,
) -> Result<Json<Organisation>, Problem> {
    asker.writer()?.set_org_standing(id.into(), new.standing).await?;
    found(&asker, id.into()).await.map(Json)
}

impl From<SaveOrgError> for Problem {
    fn from(error: SaveOrgError) -> Self {
        match error {
            SaveOrgError::Denied(denied) => denied.into(),
            SaveOrgError::DuplicateName => Code::DuplicateName.into(),
            // Whoever put it could not see it, so that it is another's.
            SaveOrgError::SavedBefore(_) => Code::NotFound.into(),
            SaveOrgError::Database(error) => error.into(),
        }
    }
}

impl From<OrgStandingError> for Problem {
    fn from(error: OrgStandingError) -> Self {
        match error {
            OrgStandingError::Denied(denied) => denied.into(),
            OrgStandingError::HasStores => Self::new(Code::InUse).with("by", "stores"),
            OrgStandingError::Database(error) => error.into(),
        }
    }
}
