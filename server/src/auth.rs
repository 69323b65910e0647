//! Who is behind an API request: a token in the header, or the session of this browser.

use app::session::cookies;
use app::state::AppState;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum_extra::extract::CookieJar;
use domain::role::Actor;
use stock::DbErr;
use stock::access::Token;

/// Who asks, and whether their token lets them write.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    pub may_write: bool,
}

/// The caller, or `None` when there is no valid token or session. A bearer token that is wrong
/// never falls back to the cookie.
pub async fn caller(state: &AppState, headers: &HeaderMap) -> Result<Option<Caller>, DbErr> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        let Some(token) = token else { return Ok(None) };
        let found = state.stock.token_holder(&Token::from_request(token.trim())).await?;
        return Ok(found.map(|(actor, may_write)| Caller { actor, may_write }));
    }
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(cookies::session_name(state.settings.secure)) else {
        return Ok(None);
    };
    let signed = state.stock.signed_in(&Token::from_request(cookie.value())).await?;
    Ok(signed.map(|signed| Caller { actor: signed.actor, may_write: true }))
}
