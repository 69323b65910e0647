//! Materials: what the programme prints.

use super::NewStanding;
use crate::api::extract::{Asked, Asker, Id, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::MaterialId;
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::reference::{Name, ShortNumber};
use serde::{Deserialize, Serialize};
use stock::reference::materials::{MaterialInput, MaterialStandingError, SaveMaterialError};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000003",
    "kind": "leaflet",
    "title": "Know the risks",
    "language": "dari",
    "edition": "1",
    "outside_name": "Printed paper",
    "short_number": "M3",
    "pieces_per_bundle": 50,
    "bundles_per_carton": 10,
    "carton_weight_g": 8200,
    "carton_volume_cm3": 24000,
    "contact_numbers": [],
    "has_cover": false,
    "superseded_by": null,
    "standing": "in_use"
}))]
pub struct Material {
    pub id: Uuid,
    /// `leaflet`, `sticker`, `magazine` or `other`.
    pub kind: &'static str,
    /// The programme's own title: never on cartons and papers.
    pub title: String,
    /// `dari`, `pashto`, `english`, `dari_pashto` or `other`.
    pub language: &'static str,
    pub edition: String,
    /// The neutral name that strangers see.
    pub outside_name: String,
    pub short_number: String,
    pub pieces_per_bundle: i64,
    pub bundles_per_carton: i64,
    /// Of a full carton, in grams.
    pub carton_weight_g: Option<i64>,
    /// Of a full carton, in cubic centimetres.
    pub carton_volume_cm3: Option<i64>,
    /// The telephone numbers printed on it.
    pub contact_numbers: Vec<String>,
    pub has_cover: bool,
    pub superseded_by: Option<Uuid>,
    /// `in_use` or `retired`.
    pub standing: &'static str,
}

impl From<stock::reference::materials::Material> for Material {
    fn from(material: stock::reference::materials::Material) -> Self {
        Self {
            id: material.id.uuid(),
            kind: material.kind.as_str(),
            title: material.title,
            language: material.language.as_str(),
            edition: material.edition,
            outside_name: material.outside_name,
            short_number: material.short_number.into(),
            pieces_per_bundle: material.packing.per_bundle(),
            bundles_per_carton: material.packing.bundles_per_carton(),
            carton_weight_g: material.carton_weight_g,
            carton_volume_cm3: material.carton_volume_cm3,
            contact_numbers: material.contact_numbers,
            has_cover: material.cover.is_some(),
            superseded_by: material.superseded_by.map(MaterialId::uuid),
            standing: material.standing.as_str(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "leaflet",
    "title": "Know the risks",
    "language": "dari",
    "edition": "1",
    "outside_name": "Printed paper",
    "short_number": "M3",
    "pieces_per_bundle": 50,
    "bundles_per_carton": 10,
    "carton_weight_g": 8200
}))]
pub struct PutMaterial {
    /// `leaflet`, `sticker`, `magazine` or `other`.
    #[schema(value_type = String)]
    pub kind: MaterialKind,
    #[schema(value_type = String)]
    pub title: Name,
    /// `dari`, `pashto`, `english`, `dari_pashto` or `other`.
    #[schema(value_type = String)]
    pub language: PrintLanguage,
    #[schema(value_type = String)]
    pub edition: Name,
    #[schema(value_type = String)]
    pub outside_name: Name,
    #[schema(value_type = String)]
    pub short_number: ShortNumber,
    #[schema(value_type = i64)]
    pub pieces_per_bundle: Pieces,
    #[schema(value_type = i64)]
    pub bundles_per_carton: Pieces,
    #[schema(value_type = Option<i64>)]
    pub carton_weight_g: Option<Pieces>,
    #[schema(value_type = Option<i64>)]
    pub carton_volume_cm3: Option<Pieces>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub contact_numbers: Vec<Name>,
    #[schema(value_type = Option<Uuid>)]
    pub superseded_by: Option<MaterialId>,
}

impl PutMaterial {
    fn input(self) -> Result<MaterialInput, Problem> {
        let packing = Packing::new(self.pieces_per_bundle, self.bundles_per_carton)
            .map_err(|_| Problem::new(Code::TooManyPieces))?;
        Ok(MaterialInput {
            kind: self.kind,
            title: self.title,
            language: self.language,
            edition: self.edition,
            outside_name: self.outside_name,
            short_number: self.short_number,
            packing,
            carton_weight_g: self.carton_weight_g,
            carton_volume_cm3: self.carton_volume_cm3,
            contact_numbers: self.contact_numbers,
            superseded_by: self.superseded_by,
        })
    }
}

/// List materials
#[utoipa::path(
    get, path = "/materials", tag = "reference", operation_id = "list_materials",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Material>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Material>>, Problem> {
    let materials = asker.reader().materials().await?;
    Ok(Json(Page::cut(materials, &page, |one| one.id.to_string())?.map(Material::from)))
}

/// Read a material
#[utoipa::path(
    get, path = "/materials/{id}", tag = "reference", operation_id = "read_material",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The material", body = Material), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<Material>, Problem> {
    found(&asker, id.into()).await.map(Json)
}

async fn found(asker: &Asker, id: MaterialId) -> Result<Material, Problem> {
    Ok(asker.reader().material(id).await?.ok_or(Code::NotFound)?.into())
}

/// Put a material
///
/// Makes it under an id of yours, or changes it. Covers are uploaded in the browser.
#[utoipa::path(
    put, path = "/materials/{id}", tag = "reference", operation_id = "put_material",
    params(("id" = Uuid, Path)), request_body = PutMaterial,
    responses(
        (status = 201, description = "It is new", body = Material),
        (status = 200, description = "It was there", body = Material),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(sent): Sent<PutMaterial>,
) -> Result<(StatusCode, Json<Material>), Problem> {
    let (id, writer, input) = (MaterialId::new(id), asker.writer()?, sent.input()?);
    let status = if asker.reader().material(id).await?.is_some() {
        writer.edit_material(id, input).await?;
        StatusCode::OK
    } else {
        writer.create_material(id, input).await?;
        StatusCode::CREATED
    };
    Ok((status, Json(found(&asker, id).await?)))
}

/// Retire a material, or bring it back
#[utoipa::path(
    put, path = "/materials/{id}/standing", tag = "reference",
    operation_id = "put_material_standing",
    params(("id" = Uuid, Path)), request_body = NewStanding,
    responses((status = 200, description = "It stands so now", body = Material), Refusals)
)]
pub async fn put_standing(
    asker: Asker,
    Id(id): Id,
    Sent(new): Sent<NewStanding>,
) -> Result<Json<Material>, Problem> {
    asker.writer()?.set_material_standing(id.into(), new.standing).await?;
    found(&asker, id.into()).await.map(Json)
}

impl From<SaveMaterialError> for Problem {
    fn from(error: SaveMaterialError) -> Self {
        match error {
            SaveMaterialError::Denied(denied) => denied.into(),
            SaveMaterialError::DuplicateEdition => Code::DuplicateEdition.into(),
            SaveMaterialError::DuplicateShortNumber => Code::DuplicateNumber.into(),
            SaveMaterialError::UnknownSuccessor => {
                Self::new(Code::UnknownMaterial).with("field", "superseded_by")
            }
            SaveMaterialError::Circle => Code::Circle.into(),
            SaveMaterialError::SavedBefore(_) => Code::SavedBefore.into(),
            SaveMaterialError::Database(error) => error.into(),
        }
    }
}

impl From<MaterialStandingError> for Problem {
    fn from(error: MaterialStandingError) -> Self {
        match error {
            MaterialStandingError::Denied(denied) => denied.into(),
            MaterialStandingError::Database(error) => error.into(),
        }
    }
}
