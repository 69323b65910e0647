//! What surrounds every route: limits, headers, the log, and a page for each refusal.

use crate::{api, figures, origin};
use app::routes;
use app::shell::Problem;
use app::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span};

/// A picture of 5 MB and the form around it; forms without files have their own limit of 2 MB.
const MAX_BODY_BYTES: usize = 6_000_000;
const TIMEOUT: Duration = Duration::from_secs(30);
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");
/// For data and pictures, should somebody open one as a page.
const NOTHING_RUNS: &str = "default-src 'none'; frame-ancestors 'none'";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Layers from the inside out: the last one sees a request first.
pub fn around(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    router
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        // Outside the limit: what counts is how much a body is, not how small it was made.
        .layer(RequestDecompressionLayer::new())
        .layer(csrf(state))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(state.clone(), explain))
        .layer(from_fn_with_state(state.clone(), harden))
        .layer(from_fn_with_state(state.clone(), origin::note))
        .layer(from_fn(figures::count))
        .layer(CompressionLayer::new())
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(Level::DEBUG)),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

/// What the log says of a request: its route and not its address, because a link of an invitation
/// or of the set-up page opens the door, and searches name people and places.
fn span(request: &Request<Body>) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::info_span!("request", method = %request.method(), route, id)
}

/// Forms are taken from our own pages only. The public address counts too, because a proxy may
/// give the request another host.
fn csrf(state: &AppState) -> CsrfLayer {
    let layer = CsrfLayer::new();
    match &state.settings.public_url {
        Some(url) => layer.clone().add_trusted_origin(url).unwrap_or(layer),
        None => layer,
    }
}

/// Gives a page to what a layer refused with a bare status.
async fn explain(State(state): State<AppState>, request: Request<Body>, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let is_api = parts.uri.path().starts_with("/api/");
    // Machines ask whether the program is ready.
    let plain = parts.uri.path() == "/readyz";
    let mut copy = Request::new(Body::empty());
    *copy.uri_mut() = parts.uri.clone();
    *copy.headers_mut() = parts.headers.clone();
    let read_only = parts.method == Method::GET || parts.method == Method::HEAD;
    let response = next.run(Request::from_parts(parts, body)).await;
    if is_api {
        return api::explain(response);
    }
    let html = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
    if plain || html {
        return response;
    }
    let problem = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        StatusCode::FORBIDDEN if !read_only => Problem::OtherSite,
        StatusCode::INTERNAL_SERVER_ERROR => Problem::Internal,
        StatusCode::SERVICE_UNAVAILABLE => Problem::NoAnswer,
        StatusCode::METHOD_NOT_ALLOWED => Problem::NotFound,
        _ => return response,
    };
    routes::problem(state, copy, problem).await
}

async fn harden(State(state): State<AppState>, request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(RETRY_AFTER).or_insert(RETRY_AFTER_SECONDS);
    }
    let headers = response.headers_mut();
    // Pages and files of the program say themselves how they are kept.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let media_type = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let inert = media_type.starts_with(b"application/json")
        || media_type.starts_with(b"application/problem+json")
        || media_type.starts_with(b"image/");
    let is_page = media_type.starts_with(b"text/html");
    if inert && !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING_RUNS));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What a browser does not open as a page has neither windows, a camera nor links, and a first visit
    // of a phone is many small answers.
    if is_page {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
        headers.insert(
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(self), geolocation=(), microphone=()"),
        );
    }
    if state.settings.secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    response
}
