//! Where a request comes from: the other end of the connection, or what a proxy that we trust says
//! about it. A header of anybody else is only a claim.

use app::state::AppState;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Request};
use axum::middleware::Next;
use axum::response::Response;
use domain::forwarded::client;
use std::net::SocketAddr;
use stock::access::Origin;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Leaves the origin with the request, for whoever counts.
pub async fn note(
    State(state): State<AppState>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if let Some(peer) = peer {
        let said = forwarded(request.headers());
        let client = client(peer, &said, &state.settings.trusted_proxies);
        request.extensions_mut().insert(Origin::from(client));
    }
    next.run(request).await
}

/// All lines of the header, in their order, as one list.
fn forwarded(headers: &HeaderMap) -> String {
    let lines = headers.get_all(FORWARDED_FOR).iter();
    // What is not even text is no address, and ends the way back like any other nonsense.
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or("?")).collect();
    lines.join(",")
}
