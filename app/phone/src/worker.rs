//! The service worker that keeps this page: it is asked for once, and a newer one takes over when
//! nothing waits or somebody says so.

use crate::Phone;
use crate::js::{ask, call, field};
use domain::field::outbox::Kept;
use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsValue;

const SCRIPT: &str = "/worker.js";
const PAGE: &str = "/field";
/// How often a page that stays open looks for a newer one.
const LOOK_AGAIN: Duration = Duration::from_secs(3_600);

pub fn start(phone: Phone) {
    // Not outside https, and not in some private windows: the page then works with a network only.
    let Some(workers) = workers() else { return };
    let is_kept = field(&workers, "controller").is_truthy();
    spawn_local(async move {
        let Some(registered) = call(&workers, "register", [SCRIPT.into()]).await else { return };
        keep_storage().await;
        look(phone, registered);
        // The first visit is dear enough without them.
        if is_kept {
            keep_pictures(phone).await;
        }
    });
}

fn workers() -> Option<JsValue> {
    let workers = field(&window().navigator(), "serviceWorker");
    (!workers.is_undefined()).then_some(workers)
}

/// Asks the browser not to throw away what is kept here when room gets short.
async fn keep_storage() {
    call(&field(&window().navigator(), "storage"), "persist", []).await;
}

/// Asks for the pictures of all materials once: the worker keeps them for where there is no network.
async fn keep_pictures(phone: Phone) {
    let covers: Vec<String> = phone.known.with_untracked(|known| {
        let materials = known.as_ref().map(|known| known.materials.items()).unwrap_or_default();
        materials.iter().filter_map(|material| material.cover.clone()).collect()
    });
    for cover in covers {
        if Request::get(&format!("/attachments/{cover}")).send().await.is_err() {
            return;
        }
    }
}

/// Is there a newer version that waits?
fn look(phone: Phone, registered: JsValue) {
    if field(&registered, "waiting").is_truthy() {
        match phone.outbox.with_untracked(|outbox| outbox.iter().any(Kept::waits)) {
            true => phone.newer.set(true),
            false => use_newer(phone),
        }
        return;
    }
    set_timeout(
        move || {
            spawn_local(async move {
                call(&registered, "update", []).await;
                look(phone, registered);
            });
        },
        LOOK_AGAIN,
    );
}

/// Lets the newer version take over; from the next opening on it is this page.
pub fn use_newer(phone: Phone) {
    phone.newer.set(false);
    spawn_local(async move {
        let Some(workers) = workers() else { return };
        let Some(registered) = call(&workers, "getRegistration", [PAGE.into()]).await else {
            return;
        };
        ask(&field(&registered, "waiting"), "postMessage", ["go".into()]);
    });
}

/// Lets the worker send what waits when there is a network again, also while the page is closed. Not
/// every browser can; then it is sent when somebody looks at the page.
pub fn send_later() {
    spawn_local(async move {
        let Some(workers) = workers() else { return };
        let Some(registered) = call(&workers, "getRegistration", [PAGE.into()]).await else {
            return;
        };
        call(&field(&registered, "sync"), "register", ["records".into()]).await;
    });
}
