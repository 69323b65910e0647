//! What a phone takes along before it goes where there is no network.

use super::extract::{Asked, PhoneAsker};
use super::problem::Problem;
use super::responses::Refusals;
use axum::Json;
use domain::field::known::Known;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FieldQuery {
    /// The versions of the parts that the phone has, in the order of the answer, with commas
    /// between them: of those nothing but the version comes again.
    pub has: Option<String>,
    /// The phone's own id, as its records name it: your account lists when it was last here.
    pub phone: Option<Uuid>,
}

/// Read what a phone needs
///
/// Your stores and what the books have in them, the materials, batches and labels, events of which
/// nobody has said yet what happened, consignments on their way to you (what to look for, never how
/// much), and the places around. Each part has a `version`; send them with `has` to hear only of
/// what is new. `name` is what your account calls you, and `signed_in_at` when you gave your password
/// in this browser: a phone that several people use asks for no PIN right after. What the phone then
/// tells is posted as records, `POST /api/v1/records`; when `epoch` is another than before, the books
/// were restored from a backup: send again what you have.
#[utoipa::path(
    get, path = "/field", tag = "events", operation_id = "read_field",
    params(FieldQuery),
    responses(
        (status = 200, description = "What is new", body = Object, example = json!({
            "epoch": "5d1f0c9e-6a34-4d0b-9f0e-2b1f7c3a8e10",
            "user": "019a0d6e-0000-7000-8000-000000000014",
            "org": "019a0d6e-0000-7000-8000-000000000002",
            "at": 1_497_517_200_000_i64,
            "by_link": false,
            "name": "Amina",
            "signed_in_at": 1_497_510_000_000_i64,
            "stores": {"version": "9f86d081884c7d65", "items": [{
                "id": "019a0d6e-0000-7000-8000-000000000001", "name": "Balkh store",
                "org": "019a0d6e-0000-7000-8000-000000000002", "place": "AF2101",
                "holds": [["019a0d6e-0000-7000-8000-000000000002", 1_200]]}]},
            "materials": {"version": "60303ae22b998861", "items": [{
                "id": "019a0d6e-0000-7000-8000-000000000003", "kind": "leaflet",
                "short_number": "M3", "title": "Know the risks", "language": "dari",
                "packing": {"per_bundle": 50, "bundles_per_carton": 10}, "cover": null}]},
            "batches": {"version": "fd61a03af4f77d87", "items": [{
                "id": "019a0d6e-0000-7000-8000-000000000002", "code": "4K7M2QXD9V1",
                "material": "019a0d6e-0000-7000-8000-000000000003", "per_carton": 500,
                "stopped": false}]},
            "packs": {"version": "a4e624d686e03ed2", "items": [{"code": "B2N6W4R9JDA",
                "batch": "019a0d6e-0000-7000-8000-000000000002", "pieces": 500,
                "store": "019a0d6e-0000-7000-8000-000000000001"}]},
            "events": {"version": "ef2d127de37b942b"},
            "consignments": {"version": "4b227777d4dd1fc6", "items": []},
            "places": {"version": "e7f6c011776e8db7"}
        })),
        Refusals
    )
)]
pub async fn read(
    asker: PhoneAsker,
    Asked(query): Asked<FieldQuery>,
) -> Result<Json<Known>, Problem> {
    if let Some(phone) = query.phone {
        asker.on_phone(phone.into()).await;
    }
    let has: Vec<&str> = query.has.as_deref().unwrap_or_default().split(',').collect();
    Ok(Json(asker.reader().known_in_the_field(asker.door(), &has).await?))
}
