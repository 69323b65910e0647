//! The program's figures for Prometheus, on a listener of their own: whoever reads them is a
//! machine of ours and not a visitor. Routes by their patterns, never by what was asked for, so
//! that no id comes here.

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::LazyLock;
use std::time::Instant;
use stock::Stock;

/// From what is hardly noticed to the limit of time.
const SECONDS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Asked {
    route: String,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Timed {
    route: String,
    method: &'static str,
}

struct Figures {
    requests: Family<Asked, Counter>,
    times: Family<Timed, Histogram>,
}

static FIGURES: LazyLock<Figures> = LazyLock::new(|| Figures {
    requests: Family::default(),
    times: Family::new_with_constructor(|| Histogram::new(SECONDS)),
});

/// Counts a request, and how long its answer took.
pub async fn count(request: Request<Body>, next: Next) -> Response {
    let begun = Instant::now();
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = class(response.status());
    FIGURES.requests.get_or_create(&Asked { route: route.clone(), method, status }).inc();
    let took = begun.elapsed().as_secs_f64();
    FIGURES.times.get_or_create(&Timed { route, method }).observe(took);
    response
}

/// A stranger may send any word as a method: those that no route takes count as one.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        0..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// What the separate listener answers.
pub fn router(stock: Stock) -> Router {
    Router::new().route("/metrics", get(show)).with_state(stock)
}

async fn show(State(stock): State<Stock>) -> Response {
    match text(&stock).await {
        Ok(text) => {
            let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, media_type)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the figures could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn text(stock: &Stock) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut registry = Registry::with_prefix("tawzi");
    registry.register(
        "requests",
        "Requests by route, method and class of status",
        FIGURES.requests.clone(),
    );
    registry.register(
        "request_seconds",
        "How long answers took, by route and method",
        FIGURES.times.clone(),
    );
    stock::figures::register(&mut registry);
    let books = stock.standing().await?;
    for (name, help, value) in [
        ("sealed_head", "The number of the newest seal", books.sealed),
        ("unsealed_records", "Records that wait for their seal", books.unsealed),
        ("living_sessions", "Sessions in which somebody is signed in", books.sessions),
    ] {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}
