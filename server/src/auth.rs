//! Who is behind an API request: a token in the header, or the session of this browser.

use app::session::cookies;
use app::state::AppState;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum_extra::extract::CookieJar;
use domain::ids::DeviceId;
use domain::role::Actor;
use stock::DbErr;
use stock::access::{Door, Token};

/// Who asks, by what he came in and on which phone, and whether his token lets him write.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    pub may_write: bool,
    pub door: Door,
    pub phone: Option<DeviceId>,
}

/// The caller, or `None` when there is no valid token or session. A bearer token that is wrong
/// never falls back to the cookie.
pub async fn caller(state: &AppState, headers: &HeaderMap) -> Result<Option<Caller>, DbErr> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        let Some(token) = token else { return Ok(None) };
        let found = state.stock.token_holder(&Token::from_request(token.trim())).await?;
        return Ok(found.map(|holder| Caller {
            actor: holder.actor,
            may_write: holder.may_write,
            door: Door::Token(holder.token),
            phone: holder.phone,
        }));
    }
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(cookies::session_name(state.settings.secure)) else {
        return Ok(None);
    };
    let signed = state.stock.signed_in(&Token::from_request(cookie.value())).await?;
    Ok(signed.map(|signed| Caller {
        actor: signed.actor,
        may_write: true,
        door: Door::Session(signed.session),
        phone: signed.phone,
    }))
}
