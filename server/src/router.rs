//! Every route that is not a page. Pages, files and actions of the browser are in `app::routes`,
//! those of the API in `api`.

use crate::{api, layers, live, site, worker};
use app::routes;
use app::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::get;

pub fn router(state: AppState) -> Router {
    // The limit of a form's size is in `layers`: this one would be a second, smaller one.
    let pages = routes::router().layer(DefaultBodyLimit::disable());
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/worker.js", get(worker::script))
        .merge(live::router())
        .merge(api::router())
        .merge(pages)
        .fallback(built_file_or_nothing);
    layers::around(router, &state).with_state(state)
}

/// The process is up.
async fn healthz() -> &'static str {
    "ok"
}

/// The database answers too.
async fn readyz(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.stock.is_ready().await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}

async fn built_file_or_nothing(State(state): State<AppState>, request: Request<Body>) -> Response {
    let found = site::answer(request.method(), request.uri().path(), request.headers()).await;
    match found {
        Some(file) => file,
        None => routes::not_found(State(state), request).await,
    }
}
