//! Provinces and their districts.

use crate::api::extract::{Asked, Asker, Parameters, Sent};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::Names;
use axum::Json;
use axum::http::StatusCode;
use domain::reference::Name;
use domain::role::PlaceCode;
use serde::{Deserialize, Serialize};
use stock::reference::places::{PlaceInput, SavePlaceError};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "code": "AF2101",
    "kind": "district",
    "province": "AF21",
    "code_set": "ocha-cod-ab-afg",
    "name": {"en": "Mazar-e Sharif", "fa": "مزار شریف", "ps": null},
    "aliases": ["Mazar"],
    "latitude": 36.7,
    "longitude": 67.1,
    "standing": "in_use"
}))]
pub struct Place {
    /// The P-code: `AF21` for a province, `AF2101` for a district.
    pub code: String,
    /// `province` or `district`.
    pub kind: &'static str,
    /// Of a district.
    pub province: Option<String>,
    /// The list that the code is from, with its version.
    pub code_set: String,
    pub name: Names,
    pub aliases: Vec<String>,
    /// Of a point for labels on maps, in degrees.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// `in_use` or `retired`.
    pub standing: &'static str,
}

impl From<stock::reference::places::Place> for Place {
    fn from(place: stock::reference::places::Place) -> Self {
        Self {
            code: place.code.as_str().to_owned(),
            kind: place.kind.as_str(),
            province: place.province.map(|code| code.as_str().to_owned()),
            code_set: place.code_set,
            name: place.name.into(),
            aliases: place.aliases,
            latitude: place.point.map(|(latitude, _)| latitude),
            longitude: place.point.map(|(_, longitude)| longitude),
            standing: place.standing.as_str(),
        }
    }
}

/// A district that the outside list lacks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"en": "New district", "fa": "ولسوالی نو", "aliases": []}))]
pub struct NewDistrict {
    #[schema(value_type = String)]
    pub en: Name,
    #[schema(value_type = Option<String>)]
    pub fa: Option<Name>,
    #[schema(value_type = Option<String>)]
    pub ps: Option<Name>,
    /// Spellings that others use.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub aliases: Vec<Name>,
}

/// List provinces
#[utoipa::path(
    get, path = "/provinces", tag = "reference", operation_id = "list_provinces",
    params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Place>), Refusals)
)]
pub async fn provinces(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Place>>, Problem> {
    let places = asker.reader().provinces().await?;
    Ok(Json(Page::cut(places, &page, |place| place.code.as_str().to_owned())?.map(Place::from)))
}

/// List the districts of a province
#[utoipa::path(
    get, path = "/provinces/{code}/districts", tag = "reference", operation_id = "list_districts",
    params(("code" = String, Path, description = "The province's P-code"), PageQuery),
    responses((status = 200, description = "A page", body = Page<Place>), Refusals)
)]
pub async fn districts(
    asker: Asker,
    Parameters(code): Parameters<String>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Place>>, Problem> {
    let province = PlaceCode::new(code);
    asker.reader().place(&province).await?.ok_or(Code::NotFound)?;
    let places = asker.reader().districts(&province).await?;
    Ok(Json(Page::cut(places, &page, |place| place.code.as_str().to_owned())?.map(Place::from)))
}

/// Read a province or district
#[utoipa::path(
    get, path = "/places/{code}", tag = "reference", operation_id = "read_place",
    params(("code" = String, Path, description = "The P-code")),
    responses((status = 200, description = "The place", body = Place), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(code): Parameters<String>,
) -> Result<Json<Place>, Problem> {
    found(&asker, &PlaceCode::new(code)).await.map(Json)
}

async fn found(asker: &Asker, code: &PlaceCode) -> Result<Place, Problem> {
    Ok(asker.reader().place(code).await?.ok_or(Code::NotFound)?.into())
}

/// Add a district that the list lacks
#[utoipa::path(
    post, path = "/provinces/{code}/districts", tag = "reference", operation_id = "add_district",
    params(("code" = String, Path, description = "The province's P-code")),
    request_body = NewDistrict,
    responses((status = 201, description = "The district", body = Place), Refusals)
)]
pub async fn add_district(
    asker: Asker,
    Parameters(code): Parameters<String>,
    Sent(NewDistrict { en, fa, ps, aliases }): Sent<NewDistrict>,
) -> Result<(StatusCode, Json<Place>), Problem> {
    let input = PlaceInput { name_en: en, name_fa: fa, name_ps: ps, aliases };
    let added = asker.writer()?.add_district(PlaceCode::new(code), input).await?;
    Ok((StatusCode::CREATED, Json(found(&asker, &added).await?)))
}

impl From<SavePlaceError> for Problem {
    fn from(error: SavePlaceError) -> Self {
        match error {
            SavePlaceError::Denied(denied) => denied.into(),
            SavePlaceError::UnknownProvince => Code::UnknownProvince.into(),
            SavePlaceError::DuplicateName => Code::DuplicateName.into(),
            SavePlaceError::Database(error) => error.into(),
        }
    }
}
