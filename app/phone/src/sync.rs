//! Between the phone and the books: what waits goes there in its order, what is new comes back.

use crate::{Phone, Status, clock, handover, keys, lock, people};
use domain::field::known::Known;
use domain::field::outbox::{
    State, after_restore, ask_again, may_be_forgotten, next_to_send, pause_ms, request,
};
use gloo_net::http::{Request, Response};
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::time::Duration;
use web_sys::VisibilityState;

/// In the phone's store.
pub const SYNCED_AT: &str = "synced_at";
/// How far the server's clock was before the phone's when they last met, in milliseconds.
pub const CLOCK: &str = "clock";

/// Looks for the network whenever there may be one: now, when the browser says so, and when
/// somebody looks at the page.
pub fn start(phone: Phone) {
    let online = window_event_listener(leptos::ev::online, move |_| again(phone));
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        let is_seen = document().visibility_state() == VisibilityState::Visible;
        lock::away(phone, is_seen);
        if is_seen {
            again(phone);
        }
    });
    let hidden = window_event_listener_untyped("storage", move |event| lock::heard(phone, &event));
    on_cleanup(move || {
        hidden.remove();
        online.remove();
        seen.remove();
    });
    again(phone);
}

/// Begins with the first try again.
pub fn again(phone: Phone) {
    phone.tries.set_value(0);
    kick(phone);
}

fn kick(phone: Phone) {
    if let Some(due) = phone.later.get_value() {
        due.clear();
        phone.later.set_value(None);
    }
    if phone.busy.get_value() {
        return;
    }
    phone.busy.set_value(true);
    spawn_local(async move {
        phone.status.set(Status::Sending);
        let ended = run(phone).await;
        phone.busy.set_value(false);
        match ended {
            Ok(()) => {
                phone.status.set(Status::Idle);
                phone.tries.set_value(0);
            }
            Err(status) => {
                phone.status.set(status);
                if matches!(status, Status::NoNetwork | Status::NoAnswer) {
                    later(phone);
                }
            }
        }
    });
}

fn later(phone: Phone) {
    let tries = phone.tries.get_value();
    phone.tries.set_value(tries + 1);
    let pause = pause_ms(tries, clock::random()).unsigned_abs();
    let due = set_timeout_with_handle(move || kick(phone), Duration::from_millis(pause));
    phone.later.set_value(due.ok());
}

async fn run(phone: Phone) -> Result<(), Status> {
    // Another tab may have kept or sent something.
    phone.reload().await;
    let known = learn(phone).await?;
    keys::introduce(phone, &known).await;
    wonder(phone).await?;
    let mut is_old = known.lacks_parts();
    while send(phone).await? {
        is_old = true;
    }
    // Whoever comes to the network first takes along what his colleagues said.
    is_old |= handover::carry_others(phone, &known).await;
    if is_old {
        learn(phone).await?;
    }
    let now = clock::now();
    phone.synced_at.set(Some(now));
    phone.with_store(async |store| store.write(SYNCED_AT, &now).await).await;
    forget(phone).await;
    Ok(())
}

/// Hears what is new, and who is logged in.
async fn learn(phone: Phone) -> Result<Known, Status> {
    let before = people::of_session(phone).await;
    let has = before.as_ref().map(Known::versions).unwrap_or_default();
    let mut path = format!("/api/v1/field?has={has}");
    if let Some(store) = phone.store.get_value() {
        path = format!("{path}&phone={}", store.phone());
    }
    let newer: Known =
        heard(Request::get(&path).send().await)?.json().await.map_err(|_| Status::NoAnswer)?;
    // Before the new epoch is noted: else nobody would know any more that something is missing.
    if before.as_ref().is_some_and(|before| before.epoch != newer.epoch) {
        let mut outbox = phone.outbox.get_untracked();
        after_restore(&mut outbox);
        phone.changed(&outbox).await.map_err(|_| Status::Full)?;
    }
    let clock_difference_ms = newer.at.0 - clock::now().0;
    phone.with_store(async |store| store.write(CLOCK, &clock_difference_ms).await).await;
    let known = match before {
        None => newer,
        Some(mut before) => {
            before.take(newer);
            before
        }
    };
    people::hear(phone, known.clone()).await;
    Ok(known)
}

/// Codes that the books did not know may be written down by now: those records are sent once more.
async fn wonder(phone: Phone) -> Result<(), Status> {
    let by = phone.session.get_untracked();
    let mut again = phone.outbox.with_untracked(|outbox| ask_again(outbox));
    again.retain(|kept| Some(kept.by) == by);
    if again.is_empty() {
        return Ok(());
    }
    phone.changed(&again).await.map_err(|_| Status::Full)
}

/// Sends the next records; whether there were any.
async fn send(phone: Phone) -> Result<bool, Status> {
    let Some(by) = phone.session.get_untracked() else { return Ok(false) };
    let mut batch: Vec<_> = phone
        .outbox
        .with_untracked(|outbox| next_to_send(outbox, by).into_iter().cloned().collect());
    if batch.is_empty() {
        return Ok(false);
    }
    // From here on nobody knows what the server has: first that is kept, then it is sent.
    for kept in &mut batch {
        kept.state = State::Sent;
    }
    phone.changed(&batch).await.map_err(|_| Status::Full)?;
    let body = request(&batch, clock::now(), clock::offset_minutes());
    let sending = Request::post("/api/v1/records")
        .header("content-type", "application/json")
        .body(body.to_string())
        .map_err(|_| Status::NoAnswer)?;
    let answer: Value = heard(sending.send().await)?.json().await.map_err(|_| Status::NoAnswer)?;
    let results = answer.get("results").and_then(Value::as_array).ok_or(Status::NoAnswer)?;
    for kept in &mut batch {
        let id = kept.id.to_string();
        let mine = |result: &&Value| result.get("id").and_then(Value::as_str) == Some(id.as_str());
        if let Some(result) = results.iter().find(mine) {
            kept.hear(result);
        }
    }
    let failed = batch.iter().any(|kept| kept.state == State::Sent);
    phone.changed(&batch).await.map_err(|_| Status::Full)?;
    if failed { Err(Status::NoAnswer) } else { Ok(true) }
}

/// What an answer means for the phone.
pub fn heard(answer: Result<Response, gloo_net::Error>) -> Result<Response, Status> {
    let response = answer.map_err(|_| Status::NoNetwork)?;
    match response.status() {
        200..=299 => Ok(response),
        401 => Err(Status::LoggedOut),
        _ => Err(Status::NoAnswer),
    }
}

async fn forget(phone: Phone) {
    let now = clock::now();
    let old: Vec<_> = phone.outbox.with_untracked(|outbox| {
        let old = outbox.iter().filter(|kept| may_be_forgotten(kept, now));
        old.map(|kept| kept.id).collect()
    });
    if !old.is_empty() {
        phone.with_store(async |store| store.delete(&old).await).await;
        phone.outbox.update(|outbox| outbox.retain(|kept| !old.contains(&kept.id)));
    }
}
