//! Sends the file of a phone that has no network.

use crate::handover::{self, chosen};
use crate::parts::{list, text};
use crate::{Phone, Status, Word, fill, sync};
use gloo_net::http::Response;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use web_sys::Event;

/// What came of the file.
#[derive(Clone)]
enum Came {
    Nothing,
    Sending,
    /// Why it was not read, or not sent.
    Trouble(String),
    Results(Vec<Value>),
}

pub fn show(phone: Phone) -> AnyView {
    let came = RwSignal::new(Came::Nothing);
    let w = move |word| phone.word(word);
    let content = move || match came.get() {
        Came::Nothing => ().into_any(),
        Came::Sending => text("quiet", w(Word::sending)),
        Came::Trouble(why) => text("phone-notice bad", why),
        Came::Results(results) => view! {
            <h2>{w(Word::file_sent)}</h2>
            {list(results.iter().enumerate().map(|(n, result)| line(phone, n, result)).collect())}
        }
        .into_any(),
    };
    view! {
        {phone.head(w(Word::send_file))}
        <section class="phone-part">
            {text("", w(Word::send_file_text))}
            <div class="phone-box">
                <label for="file">{w(Word::file)}</label>
                <input class="input" id="file" type="file" accept=".txt,text/plain"
                    on:change=move |event| send(phone, came, &event)/>
            </div>
            <div role="status">{content}</div>
        </section>
    }
    .into_any()
}

fn send(phone: Phone, came: RwSignal<Came>, event: &Event) {
    let Some(input) = event.target() else { return };
    came.set(Came::Sending);
    spawn_local(async move {
        let Some(file) = chosen(&input).await else {
            came.set(Came::Nothing);
            return;
        };
        came.set(post(phone, &file).await);
    });
}

async fn post(phone: Phone, file: &str) -> Came {
    let trouble = |word| Came::Trouble(phone.word(word));
    let answer = match handover::post(file).await {
        Ok(refused) if refused.status() == 422 => return trouble(why_unread(refused).await),
        answer => sync::heard(answer),
    };
    let answer: Option<Value> = match answer {
        Err(Status::NoNetwork) => return trouble(Word::no_network_file),
        Err(Status::LoggedOut) => return trouble(Word::log_in_file),
        Err(_) => None,
        Ok(answer) => answer.json().await.ok(),
    };
    let results = answer.as_ref().and_then(|answer| answer.get("results")?.as_array());
    results.map_or_else(|| trouble(Word::no_answer_file), |all| Came::Results(all.clone()))
}

async fn why_unread(refused: Response) -> Word {
    let problem: Value = refused.json().await.unwrap_or_default();
    match problem.get("code").and_then(Value::as_str) {
        Some("other_server") => Word::file_other,
        Some("letter_damaged") => Word::file_damaged,
        _ => Word::file_none,
    }
}

/// What became of one record; what it says is its author's business.
fn line(phone: Phone, n: usize, result: &Value) -> AnyView {
    let of = |value: &Value, name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let code = result.get("problem").and_then(|problem| of(problem, "code"));
    let (tone, state) = match of(result, "status").as_deref() {
        Some("accepted") => ("", phone.word(Word::fate_accepted)),
        Some("repeated") => ("", phone.word(Word::fate_repeated)),
        Some("held" | "kept") => ("warn-text", phone.word(Word::state_asked)),
        Some("failed") => ("bad-text", phone.word(Word::fate_failed)),
        _ => {
            let why = phone.word(why_refused(code.as_deref().unwrap_or_default()));
            ("bad-text", fill(&phone.word(Word::refused_because), "why", &why))
        }
    };
    let number = phone.lang.number(n as i64 + 1);
    view! { <li class="phone-record"><strong>{number}</strong><span class=tone>{state}</span></li> }
        .into_any()
}

fn why_refused(code: &str) -> Word {
    match code {
        "unknown_phone" => Word::why_phone,
        "wrong_signature" => Word::why_signature,
        "not_allowed" | "not_found" => Word::why_rights,
        "unknown_code" => Word::why_code,
        "conflict" => Word::why_conflict,
        _ => Word::why_other,
    }
}
