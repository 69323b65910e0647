//! Search: by the beginnings of words, in any script and any digits.

use super::extract::{Asked, Asker};
use super::page::MOST_ITEMS;
use super::problem::{Code, Problem};
use super::responses::Refusals;
use axum::Json;
use domain::calendar::Lang;
use serde::{Deserialize, Serialize};
use stock::documents::Document;
use stock::reference::search::{Hit, Hits};
use utoipa::{IntoParams, ToSchema};

/// Hits of one kind, unless fewer are asked for.
const USUAL: u32 = 20;

/// What was found of one kind, the best first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "material",
    "total": 1,
    "hits": [{"id": "019a0d6e-0000-7000-8000-000000000003", "title": "Know the risks",
        "detail": "M3", "retired": false}]
}))]
pub struct Found {
    /// `material`, `store`, `place`, `org`, `kit` or `event_type`; of papers, which are found by
    /// their numbers, `consignment`, `event`, `drop`, `goods_received_note` or `print_run`.
    pub kind: &'static str,
    /// How many there are in all.
    pub total: i64,
    pub hits: Vec<FoundThing>,
}

#[derive(Serialize, ToSchema)]
pub struct FoundThing {
    /// The id, or the P-code of a place.
    pub id: String,
    pub title: String,
    /// What tells it from others of the same name: the short number, the province.
    pub detail: String,
    pub retired: bool,
}

impl From<Hit> for FoundThing {
    fn from(hit: Hit) -> Self {
        Self { id: hit.subject, title: hit.title, detail: hit.detail, retired: hit.retired }
    }
}

impl From<Hits> for Found {
    fn from(found: Hits) -> Self {
        let hits = found.hits.into_iter().map(FoundThing::from).collect();
        Self { kind: found.kind.as_str(), total: found.total, hits }
    }
}

impl From<Document> for Found {
    fn from(document: Document) -> Self {
        let hit = FoundThing {
            id: document.id.to_string(),
            title: document.number,
            detail: document.detail,
            retired: false,
        };
        Self { kind: document.kind.as_str(), total: 1, hits: vec![hit] }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words or their beginnings, of which each must be found, or the number of a paper. Codes of labels: `GET /codes/{code}`.
    #[param(example = "mazar")]
    pub q: String,
    /// `en`, `fa` or `ps`: in which language places are named; `en` when it is left out.
    pub lang: Option<String>,
    /// Hits of each kind, from 1 to 100; 20 when it is left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// Search
///
/// What you see of papers, materials, stores, places, organisations, kits and event types. Kinds without
/// hits are left out.
#[utoipa::path(
    get, path = "/search", tag = "reference", operation_id = "search", params(SearchQuery),
    responses((status = 200, description = "Hits by kind", body = Vec<Found>), Refusals)
)]
pub async fn search(
    asker: Asker,
    Asked(query): Asked<SearchQuery>,
) -> Result<Json<Vec<Found>>, Problem> {
    let wrong = |parameter: &str| Problem::new(Code::WrongParameter).with("parameter", parameter);
    let lang = match query.lang.as_deref() {
        None | Some("en") => Lang::En,
        Some("fa") => Lang::Fa,
        Some("ps") => Lang::Ps,
        Some(_) => return Err(wrong("lang")),
    };
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST_ITEMS as u32).contains(&limit) {
        return Err(wrong("limit"));
    }
    let papers = asker.reader().documents(&query.q).await?;
    let found = asker.reader().search(&query.q, lang, i64::from(limit)).await?;
    let papers = papers.into_iter().map(Found::from);
    Ok(Json(papers.chain(found.into_iter().map(Found::from)).collect()))
}
