//! A visit: one request for a page or action, with who is asking and in which language.

use crate::error::PageError;
use crate::forms::{Fields, FormState};
use crate::i18n::{self, Locale};
use crate::state::AppState;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use axum_extra::extract::CookieJar;
use domain::calendar::Lang;
use domain::role::{Actor, Permission};
use http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use http::request::Parts;
use std::str::FromStr;
use std::sync::Arc;
use stock::access::{DraftOwner, Origin, Signed, Token, Visitor};
use stock::{Reader, Stock, Writer};
use uuid::Uuid;

/// Given to every page and action as its argument.
#[derive(Clone)]
pub struct Visit {
    pub state: AppState,
    pub locale: Locale,
    pub signed: Option<Signed>,
    /// Whether the books could be asked who is signed in.
    pub(crate) in_reach: bool,
    /// The path that was asked for, without the query.
    pub path: String,
    /// What kind of browser it is and where, for the list of sessions and for counting.
    pub visitor: Visitor,
    /// Known to a browser before anyone has signed in; owns its drafts.
    pub browser: Option<Token>,
    params: Vec<(String, String)>,
    query: Fields,
    /// The form of an action that could not even keep a draft, shown in its answer.
    typed: Option<Arc<(String, FormState)>>,
}

impl Visit {
    pub fn stock(&self) -> &Stock {
        &self.state.stock
    }

    /// Who is signed in.
    pub fn actor(&self) -> Result<&Actor, PageError> {
        self.signed.as_ref().map(|signed| &signed.actor).ok_or(PageError::SignIn)
    }

    /// The language for digits, days and months.
    pub fn lang(&self) -> Lang {
        i18n::lang(self.locale)
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.actor().is_ok_and(|actor| actor.role.may(permission))
    }

    /// Reads what the signed-in person may see.
    pub fn reader(&self) -> Result<Reader<'_>, PageError> {
        Ok(self.stock().reader(self.actor()?))
    }

    /// Writes what the signed-in person may do.
    pub fn writer(&self) -> Result<Writer<'_>, PageError> {
        Ok(self.stock().writer(self.actor()?))
    }

    /// A part of the path (`/runs/{id}`) as an id, a code …; what cannot be one is not found.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, PageError> {
        let text = self.params.iter().find(|(known, _)| known == name).map(|(_, text)| text);
        text.and_then(|text| text.parse().ok()).ok_or(PageError::NotFound)
    }

    /// A value of the query, trimmed; `None` when it is missing or empty.
    pub fn query(&self, name: &str) -> Option<&str> {
        Some(self.query.text(name)).filter(|text| !text.is_empty())
    }

    /// What the form on this page holds: nothing, or what was typed before it was refused.
    pub async fn form(&self) -> Result<FormState, PageError> {
        self.form_of(&self.path).await
    }

    /// The same for one of several forms on a page: `action` is the path that it posts to.
    pub async fn form_of(&self, action: &str) -> Result<FormState, PageError> {
        if let Some(typed) = self.typed.as_deref().filter(|typed| typed.0 == action) {
            return Ok(typed.1.clone());
        }
        let id = self.query("draft").and_then(|id| id.parse().ok());
        match (id, self.draft_owner()) {
            (Some(id), Some(owner)) => self.draft(action, &owner, id).await,
            _ => Ok(FormState::new(self.locale)),
        }
    }

    async fn draft(
        &self,
        action: &str,
        owner: &DraftOwner,
        id: Uuid,
    ) -> Result<FormState, PageError> {
        let draft = self.stock().draft(owner, id).await?;
        let draft = draft.filter(|draft| draft.page == action);
        Ok(draft.map_or_else(
            || FormState::new(self.locale),
            |draft| FormState::from_draft(self.locale, &draft),
        ))
    }

    /// The visit of the page at `path`, whose form for this visit's action holds `typed`.
    pub(crate) fn for_form(mut self, path: String, typed: FormState) -> Self {
        self.typed = Some(Arc::new((std::mem::replace(&mut self.path, path), typed)));
        self
    }

    pub(crate) fn draft_owner(&self) -> Option<DraftOwner> {
        match (&self.signed, &self.browser) {
            (Some(signed), _) => Some(DraftOwner::Person(signed.actor.user)),
            (None, Some(token)) => Some(DraftOwner::Browser(token.clone())),
            (None, None) => None,
        }
    }

    /// A pattern like `/runs/{id}/labels` with this visit's values.
    pub(crate) fn fill(&self, pattern: &str) -> String {
        self.params.iter().fold(pattern.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), value)
        })
    }

    /// The path and query that was asked for, with one more value.
    pub(crate) fn here_with(&self, name: &str, value: &str) -> String {
        let mut query = Fields::default();
        for (known, value) in self.query.iter().filter(|(known, _)| *known != name) {
            query.push(known, value);
        }
        query.push(name, value);
        format!("{}?{}", self.path, query.encoded())
    }

    /// The path and query that was asked for, to come back to after signing in.
    pub(crate) fn here(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query.encoded())
        }
    }
}

/// The names of the cookies; the prefix ties them to https and this host.
pub mod cookies {
    use stock::access::Token;

    /// As long as a session can live.
    const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;
    const BROWSER_SECONDS: i64 = 24 * 60 * 60;
    const LANGUAGE_SECONDS: i64 = 365 * 24 * 60 * 60;

    pub const fn session_name(secure: bool) -> &'static str {
        if secure { "__Host-tawzi" } else { "tawzi" }
    }

    pub const fn browser_name(secure: bool) -> &'static str {
        if secure { "__Host-tawzi-draft" } else { "tawzi-draft" }
    }

    pub fn session(token: &Token, secure: bool) -> String {
        cookie(session_name(secure), token.as_str(), SESSION_SECONDS, secure)
    }

    pub fn browser(token: &Token, secure: bool) -> String {
        cookie(browser_name(secure), token.as_str(), BROWSER_SECONDS, secure)
    }

    pub fn no_session(secure: bool) -> String {
        cookie(session_name(secure), "", 0, secure)
    }

    pub fn language(tag: &str, secure: bool) -> String {
        cookie(crate::i18n::COOKIE, tag, LANGUAGE_SECONDS, secure)
    }

    fn cookie(name: &str, value: &str, seconds: i64, secure: bool) -> String {
        let secure = if secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = |name: &str| jar.get(name).map(|cookie| cookie.value().to_owned());
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let secure = state.settings.secure;
        let signed = match cookie(cookies::session_name(secure)) {
            Some(token) => state.stock.signed_in(&Token::from_request(&token)).await,
            None => Ok(None),
        };
        let (signed, in_reach) = match signed.map_err(PageError::from) {
            Err(PageError::OutOfReach) => (None, false),
            signed => (signed?, true),
        };
        let locale = i18n::choose(cookie(i18n::COOKIE).as_deref(), header(ACCEPT_LANGUAGE));
        let browser = cookie(cookies::browser_name(secure));
        let device = header(USER_AGENT).unwrap_or_default().to_owned();
        let origin = parts.extensions.get::<Origin>().copied().unwrap_or_default();
        let params = match RawPathParams::from_request_parts(parts, state).await {
            Ok(params) => params.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            // No route: the page for "not found" has none either.
            Err(RawPathParamsRejection::MissingPathParams(_)) => Vec::new(),
            // The path holds bytes that are not text: no page has such a path.
            Err(_) => return Err(PageError::NotFound),
        };
        Ok(Self {
            state: state.clone(),
            locale,
            signed,
            in_reach,
            path: parts.uri.path().to_owned(),
            visitor: Visitor { device, origin },
            browser: browser.map(|token| Token::from_request(&token)),
            params,
            query: Fields::decode(parts.uri.query().unwrap_or_default().as_bytes())
                .unwrap_or_default(),
            typed: None,
        })
    }
}
