//! Kits: materials that are issued together.

use super::NewStanding;
use crate::api::extract::{Asked, Asker, Id, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::stopping;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::{KitId, MaterialId};
use domain::pieces::Pieces;
use domain::records::recall::Purpose;
use domain::reference::Name;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::reference::kits::{KitInput, KitStandingError, SaveKitError};
use utoipa::ToSchema;
use uuid::Uuid;

/// A kit with its latest version.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000004",
    "name": "Event kit",
    "version_id": "019a0d6e-0000-7000-8000-000000000005",
    "version": 1,
    "used": true,
    "lines": [{
        "material": "019a0d6e-0000-7000-8000-000000000003",
        "short_number": "M3",
        "title": "Know the risks",
        "pieces": 2500
    }],
    "standing": "in_use"
}))]
pub struct Kit {
    pub id: Uuid,
    pub name: String,
    pub version_id: Uuid,
    pub version: i64,
    /// Whether something was issued by this version, so that a change makes a new one.
    pub used: bool,
    pub lines: Vec<KitLine>,
    /// `in_use` or `retired`.
    pub standing: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct KitLine {
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub pieces: i64,
}

impl From<stock::reference::kits::Kit> for Kit {
    fn from(kit: stock::reference::kits::Kit) -> Self {
        let line = |line: stock::reference::kits::KitLine| KitLine {
            material: line.material.uuid(),
            short_number: line.short_number,
            title: line.title,
            pieces: line.pieces,
        };
        Self {
            id: kit.id.uuid(),
            name: kit.name,
            version_id: kit.version_id.uuid(),
            version: kit.version,
            used: kit.used,
            lines: kit.lines.into_iter().map(line).collect(),
            standing: kit.standing.as_str(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Event kit",
    "lines": [{"material": "019a0d6e-0000-7000-8000-000000000003", "pieces": 2500}]
}))]
pub struct PutKit {
    #[schema(value_type = String)]
    pub name: Name,
    pub lines: Vec<MaterialPieces>,
    /// Whether a person was asked about editions that are to stop and wants them all the same.
    #[serde(default)]
    pub confirmed: bool,
}

/// Pieces of a material.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"material": "019a0d6e-0000-7000-8000-000000000003", "pieces": 2500}))]
pub struct MaterialPieces {
    #[schema(value_type = Uuid)]
    pub material: MaterialId,
    #[schema(value_type = i64)]
    pub pieces: Pieces,
}

/// Lines by material, of which none stands there twice.
pub fn by_material(lines: Vec<MaterialPieces>) -> Result<BTreeMap<MaterialId, Pieces>, Problem> {
    let mut pieces = BTreeMap::new();
    for line in lines {
        if pieces.insert(line.material, line.pieces).is_some() {
            return Err(Problem::new(Code::MaterialTwice).with("material", line.material));
        }
    }
    Ok(pieces)
}

/// List kits
#[utoipa::path(
    get, path = "/kits", tag = "reference", operation_id = "list_kits",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Kit>), Refusals)
)]
pub async fn list(asker: Asker, Asked(page): Asked<PageQuery>) -> Result<Json<Page<Kit>>, Problem> {
    let kits = asker.reader().kits().await?;
    Ok(Json(Page::cut(kits, &page, |kit| kit.id.to_string())?.map(Kit::from)))
}

/// Read a kit
#[utoipa::path(
    get, path = "/kits/{id}", tag = "reference", operation_id = "read_kit",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The kit", body = Kit), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<Kit>, Problem> {
    found(&asker, id.into()).await.map(Json)
}

async fn found(asker: &Asker, id: KitId) -> Result<Kit, Problem> {
    Ok(asker.reader().kit(id).await?.ok_or(Code::NotFound)?.into())
}

/// Put a kit
///
/// Makes it under an id of yours, or changes it; a version that was used stays as it is, and the
/// change makes the next one.
#[utoipa::path(
    put, path = "/kits/{id}", tag = "reference", operation_id = "put_kit",
    params(("id" = Uuid, Path)), request_body = PutKit,
    responses(
        (status = 201, description = "It is new", body = Kit),
        (status = 200, description = "It was there", body = Kit),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(PutKit { name, lines, confirmed }): Sent<PutKit>,
) -> Result<(StatusCode, Json<Kit>), Problem> {
    let (id, writer, reader) = (KitId::new(id), asker.writer()?, asker.reader());
    let input = KitInput { name, lines: by_material(lines)? };
    let before = reader.kit(id).await?;
    let had = before.iter().flat_map(|kit| &kit.lines).map(|line| line.material);
    let had: BTreeSet<MaterialId> = had.collect();
    let added = input.lines.keys().copied().filter(|material| !had.contains(material));
    stopping::ask(&reader, added, Purpose::More, confirmed).await?;
    let status = if before.is_some() {
        writer.edit_kit(id, input).await?;
        StatusCode::OK
    } else {
        writer.create_kit(id, input).await?;
        StatusCode::CREATED
    };
    Ok((status, Json(found(&asker, id).await?)))
}

/// Retire a kit, or bring it back
#[utoipa::path(
    put, path = "/kits/{id}/standing", tag = "reference", operation_id = "put_kit_standing",
    params(("id" = Uuid, Path)), request_body = NewStanding,
    responses((status = 200, description = "It stands so now", body = Kit), Refusals)
)]
pub async fn put_standing(
    asker: Asker,
    Id(id): Id,
    Sent(new): Sent<NewStanding>,
) -> Result<Json<Kit>, Problem> {
    asker.writer()?.set_kit_standing(id.into(), new.standing).await?;
    found(&asker, id.into()).await.map(Json)
}

impl From<SaveKitError> for Problem {
    fn from(error: SaveKitError) -> Self {
        match error {
            SaveKitError::Denied(denied) => denied.into(),
            SaveKitError::DuplicateName => Code::DuplicateName.into(),
            SaveKitError::Empty => Code::Empty.into(),
            SaveKitError::UnknownMaterial => Code::UnknownMaterial.into(),
            SaveKitError::SavedBefore(_) => Code::SavedBefore.into(),
            SaveKitError::Database(error) => error.into(),
        }
    }
}

impl From<KitStandingError> for Problem {
    fn from(error: KitStandingError) -> Self {
        match error {
            KitStandingError::Denied(denied) => denied.into(),
            KitStandingError::Database(error) => error.into(),
        }
    }
}
