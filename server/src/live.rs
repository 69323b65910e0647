//! Live updates: `GET /live` tells whoever looks at a page that the books have changed, and nothing
//! of what changed; the page is then read again with the rights of its reader.
//!
//! A node asks the database for the books' mark while somebody listens, so that it hears what every
//! node wrote. What it keeps in memory are only the listeners.

use crate::serving::Stopping;
use app::session::cookies;
use app::state::AppState;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use axum_extra::extract::CookieJar;
use futures_util::stream::{Stream, unfold};
use serde::Deserialize;
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use stock::access::{Signed, Token};
use stock::{DbErr, Stock};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};
use uuid::Uuid;

/// A browser opens a stream a page that is looked at; one of HTTP/1.1 has six at most.
pub const MOST_OF_SESSION: usize = 8;
/// Half of the connections of a node (`serving::Limits`), so that pages always find one.
pub const MOST_OF_NODE: usize = 512;
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("60");

/// How often a node asks for the mark.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const SESSION_EVERY: Duration = Duration::from_secs(60);
/// Proxies take a connection that is silent for a minute for a dead one.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);
/// When a stream breaks, the browser asks again after this long.
const RETRY: Duration = Duration::from_secs(5);

pub fn router() -> Router<AppState> {
    Router::new().route("/live", get(listen)).layer(Extension(Arc::new(Live::default())))
}

/// Who listens at this node.
#[derive(Default)]
struct Live {
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    of_session: HashMap<Uuid, usize>,
    all: usize,
    /// The newest mark, as long as somebody watches the books.
    marks: Option<watch::Sender<Option<i64>>>,
}

/// A listener's place, free again when it is dropped.
struct Place {
    live: Arc<Live>,
    session: Uuid,
}

impl Live {
    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_place(self: &Arc<Self>, session: Uuid) -> Option<Place> {
        let mut listeners = self.lock();
        let of_session = listeners.of_session.get(&session).copied().unwrap_or_default();
        if of_session >= MOST_OF_SESSION || listeners.all >= MOST_OF_NODE {
            return None;
        }
        listeners.of_session.insert(session, of_session + 1);
        listeners.all += 1;
        Some(Place { live: Arc::clone(self), session })
    }

    /// The marks from now on; the first listener begins the watch.
    fn marks(self: &Arc<Self>, stock: &Stock) -> watch::Receiver<Option<i64>> {
        let mut listeners = self.lock();
        if let Some(marks) = &listeners.marks {
            return marks.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        listeners.marks = Some(sender.clone());
        tokio::spawn(watch_books(Arc::clone(self), stock.clone(), sender));
        receiver
    }

    /// Ends the watch, unless somebody has come meanwhile.
    fn ends_unheard(&self, marks: &watch::Sender<Option<i64>>) -> bool {
        let mut listeners = self.lock();
        let unheard = marks.receiver_count() == 0;
        if unheard {
            listeners.marks = None;
        }
        unheard
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut listeners = self.live.lock();
        listeners.all -= 1;
        if let Some(count) = listeners.of_session.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                listeners.of_session.remove(&self.session);
            }
        }
    }
}

async fn watch_books(live: Arc<Live>, stock: Stock, marks: watch::Sender<Option<i64>>) {
    loop {
        match stock.mark().await {
            Ok(mark) => {
                marks.send_if_modified(|known| known.replace(mark) != Some(mark));
            }
            // The next look may be luckier.
            Err(error) => tracing::warn!(%error, "the books' mark could not be read"),
        }
        tokio::select! {
            () = sleep(LOOK_EVERY) => {}
            () = marks.closed() => if live.ends_unheard(&marks) { return },
        }
    }
}

#[derive(Deserialize)]
struct Asked {
    /// The mark of the page that is looked at.
    seen: Option<i64>,
}

async fn listen(
    State(state): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    stopping: Option<Extension<Stopping>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let signed = match signed_in(&state, &headers).await {
        Ok(Some(signed)) => signed,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::warn!(%error, "nobody knows who wants to listen");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let Some(place) = live.take_place(signed.session) else {
        let wait = [(RETRY_AFTER, RETRY_AFTER_SECONDS)];
        return (StatusCode::TOO_MANY_REQUESTS, wait).into_response();
    };
    // Where a stream broke, the browser itself says what it heard last.
    let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let marks = live.marks(&state.stock);
    let seen = heard.or(asked.seen);
    let stopping = stopping.map(|Extension(stopping)| stopping);
    let listener = Listener { stock: state.stock, place, marks, seen, stopping };
    let events = Sse::new(listener.events());
    let mut answer = events.keep_alive(KeepAlive::new().interval(KEEP_ALIVE_EVERY)).into_response();
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would collect events until a page of them is full.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    answer
}

async fn signed_in(state: &AppState, headers: &HeaderMap) -> Result<Option<Signed>, DbErr> {
    let jar = CookieJar::from_headers(headers);
    match jar.get(cookies::session_name(state.settings.secure)) {
        Some(cookie) => state.stock.signed_in(&Token::from_request(cookie.value())).await,
        None => Ok(None),
    }
}

/// Browsers give an event without data to nobody.
fn changed(mark: i64) -> Event {
    let mark = mark.to_string();
    Event::default().event("changed").id(&mark).data(mark)
}

struct Listener {
    stock: Stock,
    place: Place,
    marks: watch::Receiver<Option<i64>>,
    seen: Option<i64>,
    /// None where no server stops.
    stopping: Option<Stopping>,
}

impl Listener {
    /// Ends with the session, and when the program stops.
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let begin = Event::default().retry(RETRY);
        unfold((Some(begin), self), async |(begin, mut listener)| {
            let event = match begin {
                Some(begin) => begin,
                None => changed(listener.next().await?),
            };
            Some((Ok(event), (None, listener)))
        })
    }

    /// The next mark beyond the one that was seen.
    async fn next(&mut self) -> Option<i64> {
        let mut again = interval(SESSION_EVERY);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        again.reset();
        loop {
            let mark = *self.marks.borrow_and_update();
            let news = mark.filter(|mark| self.seen.is_none_or(|seen| *mark > seen));
            if let Some(mark) = news {
                self.seen = Some(mark);
                return self.is_there().await.then_some(mark);
            }
            let stop = async {
                match &mut self.stopping {
                    Some(stopping) => stopping.begun().await,
                    None => pending().await,
                }
            };
            tokio::select! {
                changed = self.marks.changed() => changed.ok()?,
                _ = again.tick() => if !self.is_there().await { return None },
                () = stop => return None,
            }
        }
    }

    /// Whether the listener is still signed in. While the database is away there is no reason to
    /// send anybody away.
    async fn is_there(&self) -> bool {
        self.stock.session_lives(self.place.session).await.unwrap_or(true)
    }
}
