//! Packs: cartons and bundles with a label of their own.

use super::accounts::Account;
use super::extract::{Asker, Id};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::time;
use axum::Json;
use domain::ids::{PackId, StoreId};
use serde::Serialize;
use stock::packs::{PackDetail, PackRow, PackSaid};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000040",
    "code": "4K7M2QXD9V1",
    "parent": null,
    "kind": "carton",
    "number": 7,
    "total": 60,
    "nominal": 500,
    "state": "sealed",
    "inside": false,
    "account": {
        "kind": "store",
        "owner": "019a0d6e-0000-7000-8000-000000000001",
        "channel": null,
        "unexplained": false
    },
    "holder": "019a0d6e-0000-7000-8000-000000000001",
    "holder_name": "Balkh store",
    "reprints": 0
}))]
pub struct Pack {
    pub id: Uuid,
    pub code: String,
    /// The carton that it lies in or came out of.
    pub parent: Option<Uuid>,
    /// `carton` or `bundle`.
    pub kind: &'static str,
    /// "Carton 7 of 60".
    pub number: i64,
    pub total: i64,
    /// Pieces while it is sealed; an opened one has no trusted quantity.
    pub nominal: i64,
    /// `expected`, `sealed`, `opened`, `empty`, `check` or `voided`.
    pub state: &'static str,
    /// It lies in a sealed carton and is where that is.
    pub inside: bool,
    pub account: Option<Account>,
    /// The store that answers for it.
    pub holder: Option<Uuid>,
    pub holder_name: String,
    /// How often its label was printed again.
    pub reprints: i64,
}

impl From<PackRow> for Pack {
    fn from(pack: PackRow) -> Self {
        Self {
            id: pack.id.uuid(),
            code: pack.code.to_string(),
            parent: pack.parent.map(PackId::uuid),
            kind: pack.kind.as_str(),
            number: pack.number,
            total: pack.total,
            nominal: pack.nominal,
            state: pack.state.as_str(),
            inside: pack.is_inside,
            account: pack.at.map(Account::from),
            holder: pack.holder.map(StoreId::uuid),
            holder_name: pack.holder_name,
            reprints: pack.reprints,
        }
    }
}

/// A pack with what it belongs to.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "pack": {
        "id": "019a0d6e-0000-7000-8000-000000000040",
        "code": "4K7M2QXD9V1",
        "parent": null,
        "kind": "carton",
        "number": 7,
        "total": 60,
        "nominal": 500,
        "state": "sealed",
        "inside": false,
        "account": {
            "kind": "store",
            "owner": "019a0d6e-0000-7000-8000-000000000001",
            "channel": null,
            "unexplained": false
        },
        "holder": "019a0d6e-0000-7000-8000-000000000001",
        "holder_name": "Balkh store",
        "reprints": 0
    },
    "batch": "019a0d6e-0000-7000-8000-000000000013",
    "parent_code": null,
    "bundles": [],
    "history": [{
        "record": "019a0d6e-0000-7000-8000-000000000012",
        "kind": "receipt",
        "state": "sealed",
        "occurred_at": "2017-05-02T12:00:00.000+04:30"
    }]
}))]
pub struct WholePack {
    pub pack: Pack,
    pub batch: Uuid,
    pub parent_code: Option<String>,
    /// The bundles that lie in it or came out of it, by number.
    pub bundles: Vec<Pack>,
    /// What records said about it, the latest first.
    pub history: Vec<SaidOfPack>,
}

#[derive(Serialize, ToSchema)]
pub struct SaidOfPack {
    pub record: Uuid,
    /// The kind of the record: `receipt`, `open_pack`, …
    pub kind: String,
    pub state: &'static str,
    pub occurred_at: String,
}

impl From<PackSaid> for SaidOfPack {
    fn from(said: PackSaid) -> Self {
        let (record, state) = (said.record.uuid(), said.state.as_str());
        Self { record, kind: said.kind, state, occurred_at: time(said.at) }
    }
}

impl From<PackDetail> for WholePack {
    fn from(pack: PackDetail) -> Self {
        Self {
            batch: pack.batch.uuid(),
            parent_code: pack.parent_code.map(|code| code.to_string()),
            bundles: pack.bundles.into_iter().map(Pack::from).collect(),
            history: pack.history.into_iter().map(SaidOfPack::from).collect(),
            pack: pack.row.into(),
        }
    }
}

/// Read a pack
#[utoipa::path(
    get, path = "/packs/{id}", tag = "stock", operation_id = "read_pack",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The pack", body = WholePack), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholePack>, Problem> {
    Ok(Json(asker.reader().pack(id.into()).await?.ok_or(Code::NotFound)?.into()))
}
