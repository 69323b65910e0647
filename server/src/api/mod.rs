//! `/api/v1`: the contract for what outlives a deploy — phones, other systems, scripts. One file a
//! noun. No rules and no SQL: every route calls the same `Stock` as the pages do.

mod accounts;
mod batches;
mod codes;
mod consignments;
mod counts;
mod docs;
mod drops;
mod events;
mod examples;
mod extract;
mod field;
mod first_counts;
mod holdings;
mod letters;
mod me;
mod months;
mod packs;
mod page;
mod problem;
mod recalls;
mod receipts;
mod records;
mod reference;
mod responses;
mod runs;
mod search;
mod stock_cards;
mod stopping;
mod tasks;
mod unexplained;
mod words;

pub use letters::for_the_desk as letter;
pub use problem::{Code, explain};
pub use records::{KINDS, let_in};

use app::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where it is.
pub const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tawzi",
        version = "1",
        description = "Awareness materials from the print run to the event, in whole pieces. \
            Times carry an offset, dates are local dates of the programme. Lists have at most 100 \
            items a page and a `next` cursor. What goes wrong is a problem of RFC 9457 with a \
            stable `code`; `GET /api/v1/problems` lists them all."
    ),
    tags(
        (name = "about", description = "Who you are, and what can go wrong"),
        (name = "reference", description = "What everything else is made of"),
        (name = "arrivals", description = "Print runs, what came of them, what stood there before"),
        (name = "stock", description = "Where every piece is, and how it came there"),
        (name = "consignments", description = "Pieces in transit, and their paper"),
        (name = "events", description = "What was given out, where, and how many people came"),
        (name = "months", description = "A month's figures, what is behind each, what was reported"),
        (name = "records", description = "Statements about the world: what moves pieces"),
    ),
    security(("token" = []), ("session" = []))
)]
struct About;

/// The routes with their documentation.
fn routes() -> OpenApiRouter<AppState> {
    let nouns = OpenApiRouter::new()
        .routes(routes!(me::read))
        .routes(routes!(tasks::list))
        .routes(routes!(docs::problems))
        .routes(routes!(records::post, records::list))
        .routes(routes!(records::read))
        .routes(routes!(records::movements::list))
        .routes(routes!(records::kinds))
        .routes(routes!(letters::introduce))
        .routes(routes!(letters::post))
        .merge(reference_routes())
        .merge(arrival_routes())
        .merge(stock_routes())
        .merge(consignment_routes())
        .merge(event_routes())
        .merge(month_routes());
    OpenApiRouter::with_openapi(About::openapi()).nest(BASE, nouns)
}

fn reference_routes() -> OpenApiRouter<AppState> {
    use reference::{event_types, kits, materials, organisations, places, stores};
    OpenApiRouter::new()
        .routes(routes!(places::provinces))
        .routes(routes!(places::districts, places::add_district))
        .routes(routes!(places::read))
        .routes(routes!(organisations::list))
        .routes(routes!(organisations::read, organisations::put))
        .routes(routes!(organisations::put_standing))
        .routes(routes!(stores::list))
        .routes(routes!(stores::read, stores::put))
        .routes(routes!(stores::put_standing))
        .routes(routes!(materials::list))
        .routes(routes!(materials::read, materials::put))
        .routes(routes!(materials::put_standing))
        .routes(routes!(kits::list))
        .routes(routes!(kits::read, kits::put))
        .routes(routes!(kits::put_standing))
        .routes(routes!(event_types::list))
        .routes(routes!(event_types::read, event_types::put))
        .routes(routes!(event_types::put_standing))
        .routes(routes!(search::search))
}

fn arrival_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(runs::list))
        .routes(routes!(runs::read, runs::put))
        .routes(routes!(receipts::read))
        .routes(routes!(first_counts::list))
        .routes(routes!(first_counts::read))
}

fn stock_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(holdings::list))
        .routes(routes!(holdings::batches))
        .routes(routes!(stock_cards::of_material))
        .routes(routes!(stock_cards::of_batch))
        .routes(routes!(batches::read))
        .routes(routes!(batches::whereabouts))
        .routes(routes!(batches::packs))
        .routes(routes!(packs::read))
        .routes(routes!(codes::read))
        .routes(routes!(counts::list))
        .routes(routes!(counts::read))
        .routes(routes!(unexplained::list))
        .routes(routes!(unexplained::read))
        .routes(routes!(recalls::list))
        .routes(routes!(recalls::read))
}

fn consignment_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(consignments::list::all))
        .routes(routes!(consignments::list::in_transit))
        .routes(routes!(consignments::list::papers))
        .routes(routes!(consignments::read::read, consignments::draft::put))
        .routes(routes!(consignments::draft::add_lines))
        .routes(routes!(consignments::draft::remove_line))
        .routes(routes!(consignments::draft::erase_driver))
        .routes(routes!(consignments::waybill::read))
}

fn event_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(events::list::all))
        .routes(routes!(events::read::read, events::plan::put))
        .routes(routes!(events::plan::cancel))
        .routes(routes!(events::said::list))
        .routes(routes!(field::read))
        .routes(routes!(drops::list))
        .routes(routes!(drops::read))
}

fn month_routes() -> OpenApiRouter<AppState> {
    use months::{behind, bulletin, chain, given, on_hand, reported, statement};
    OpenApiRouter::new()
        .routes(routes!(statement::read))
        .routes(routes!(chain::read))
        .routes(routes!(on_hand::read))
        .routes(routes!(bulletin::read))
        .routes(routes!(behind::read))
        .routes(routes!(given::read))
        .routes(routes!(reported::list))
        .routes(routes!(reported::post))
}

/// The OpenAPI document.
pub fn document() -> Document {
    let (_, mut document) = routes().split_for_parts();
    let components = document.components.get_or_insert_default();
    let (name, schema) = responses::problem_schema();
    components.schemas.insert(name, schema);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A personal token, made under Account, Tokens"))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let cookie = ApiKey::Cookie(ApiKeyValue::new("tawzi"));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    document
}

/// Everything below `/api`.
pub fn router() -> Router<AppState> {
    let (nouns, _) = routes().split_for_parts();
    Router::new()
        .merge(nouns)
        .route("/api/v1/openapi.json", get(async || described()))
        .route("/api/v1/docs", get(docs::to_page))
        .route("/api/v1/docs/", get(docs::page))
        .route("/api/v1/docs/{*path}", get(docs::part))
        .route("/api/{*path}", axum::routing::any(unknown))
        .layer(DefaultBodyLimit::disable())
}

/// Written when somebody asks for it first: most programs start without being asked.
fn described() -> impl IntoResponse {
    // The document cannot fail to be written: it is made of plain structs.
    static TEXT: LazyLock<String> =
        LazyLock::new(|| serde_json::to_string(&document()).unwrap_or_default());
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str())
}

async fn unknown() -> problem::Problem {
    Code::UnknownRoute.into()
}
