//! All that waits on this phone as one file, for somebody who comes to a network.

use crate::js::{ask, bytes, call, field, list, make, object};
use crate::parts::{button, row, text};
use crate::{Phone, Word, keys, sync};
use domain::field::known::Known;
use domain::field::letter::{FILE_NAME, Letter, Part, Said, is_proved, lines, signed};
use domain::field::outbox::{Kept, State};
use domain::hex::from_hex;
use domain::ids::UserId;
use gloo_net::http::{Request, Response};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// The file as it was made.
#[derive(Clone)]
struct Made {
    text: String,
    records: usize,
    /// Records of people whose key the server does not know: they stay.
    left_out: usize,
}

pub fn show(phone: Phone) -> AnyView {
    let made = RwSignal::new(None::<Made>);
    let w = move |word| phone.word(word);
    let content = move || match made.get() {
        Some(made) => ready(phone, made),
        None if phone.outbox.with(|outbox| outbox.iter().any(Kept::waits)) => view! {
            {text("", w(Word::hand_over_text))}
            {text("", w(Word::hand_over_kept))}
            {button("btn main", w(Word::make_file), move || write(phone, made))}
        }
        .into_any(),
        None => text("quiet", w(Word::all_sent)),
    };
    view! {
        {phone.head(w(Word::hand_over))}
        <section class="phone-part">{content}</section>
    }
    .into_any()
}

fn ready(phone: Phone, made: Made) -> AnyView {
    let Made { text: letter, records, left_out } = made;
    let ready = phone.counted(Word::file_ready, records as i64);
    let left_out = (left_out > 0)
        .then(|| text("phone-notice warn", phone.counted(Word::left_out, left_out as i64)));
    let saved = letter.clone();
    let mut ways = vec![button("btn", phone.word(Word::save_file), move || save(&saved))];
    if sheet(&letter).is_some() {
        let share = button("btn main", phone.word(Word::share_file), move || share(&letter));
        ways.insert(0, share);
    }
    view! { {text("", ready)}{left_out}{row(ways)} }.into_any()
}

fn write(phone: Phone, made: RwSignal<Option<Made>>) {
    spawn_local(async move {
        match letter(phone).await {
            Some(letter) => made.set(Some(letter)),
            None => phone.notice.set(Some((true, phone.word(Word::no_file_yet)))),
        }
    });
}

/// Writes what waits of each person whose key the server knows. From then on it is never changed:
/// nobody knows when the file gets there.
async fn letter(phone: Phone) -> Option<Made> {
    phone.reload().await;
    let store = phone.store.get_value()?;
    let clock_difference_ms = store.read(sync::CLOCK).await?;
    let mut of: BTreeMap<UserId, Vec<Kept>> = BTreeMap::new();
    for kept in phone.outbox.get_untracked().into_iter().filter(Kept::waits) {
        of.entry(kept.by).or_default().push(kept);
    }
    let (mut parts, mut written, mut left_out) = (Vec::new(), Vec::new(), 0);
    let mut server_key = None;
    for (account, said) in of {
        let Some((known, private)) = keys::of(&store, account).await else {
            left_out += said.len();
            continue;
        };
        let server = server_key.get_or_insert(known.server_key);
        let records = said.iter().map(|kept| kept.record.clone()).collect();
        let words = Said { account, phone: store.phone(), clock_difference_ms, records };
        let words = serde_json::to_string(&words).ok()?;
        let signature = keys::sign(private, &signed(&from_hex(server)?, &words)).await?;
        parts.push(Part { key: known.key, signature, said: words });
        written.extend(said.into_iter().map(|kept| Kept { state: State::Sent, ..kept }));
    }
    let letter = serde_json::to_string(&Letter { parts }).ok()?;
    let sealed = keys::seal(&server_key?, &letter).await?;
    let text = lines(&base64(&sealed)?);
    phone.changed(&written).await.ok()?;
    Some(Made { text, records: written.len(), left_out })
}

/// What others said on this phone goes with the session that it has now, signed with their own keys. If
/// it does not get there it waits, for the next sync or for them. Gives whether something did.
pub async fn carry_others(phone: Phone, known: &Known) -> bool {
    let others = |kept: &Kept| kept.waits() && kept.by != known.user;
    let wait = phone.outbox.with_untracked(|outbox| outbox.iter().any(others));
    if !wait || known.by_link {
        return false;
    }
    let Some(Made { text, .. }) = letter(phone).await else { return false };
    let Ok(answer) = sync::heard(post(&text).await) else { return false };
    let answer: Value = answer.json().await.unwrap_or_default();
    let results = answer.get("results").and_then(Value::as_array);
    let mut carried = phone.outbox.get_untracked();
    carried.retain_mut(|kept| {
        let id = kept.id.to_string();
        let is_its = |result: &&Value| result.get("id").and_then(Value::as_str) == Some(&id);
        let result = results.and_then(|results| results.iter().find(is_its));
        let result = result.filter(|result| others(kept) && is_proved(result));
        result.map(|result| kept.hear(result)).is_some()
    });
    !carried.is_empty() && phone.changed(&carried).await.is_ok()
}

/// Sends a letter, whoever's it is.
pub async fn post(file: &str) -> Result<Response, gloo_net::Error> {
    let sending = Request::post("/api/v1/letters").header("content-type", "application/json");
    sending.body(json!({"file": file}).to_string())?.send().await
}

fn base64(bytes: &[u8]) -> Option<String> {
    let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    ask(&window(), "btoa", [letters.into()])?.as_string()
}

/// What the share sheet is given; `None` where it does not take files.
fn sheet(letter: &str) -> Option<JsValue> {
    let kind = object([("type", "text/plain".into())]);
    let content = list([bytes(letter.as_bytes())]);
    let file = make("File", [content, FILE_NAME.into(), kind])?;
    let sheet = object([("files", list([file]))]);
    let takes = ask(&window().navigator(), "canShare", [sheet.clone()])?;
    takes.is_truthy().then_some(sheet)
}

fn share(letter: &str) {
    let Some(sheet) = sheet(letter) else { return };
    // Whoever closes the sheet without choosing finds the buttons as they were.
    spawn_local(async move { drop(call(&window().navigator(), "share", [sheet]).await) });
}

fn save(letter: &str) {
    let link = document().create_element("a").ok();
    let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    let encoded: String = js_sys::encode_uri_component(letter).into();
    let _ = link.set_attribute("href", &format!("data:text/plain,{encoded}"));
    let _ = link.set_attribute("download", FILE_NAME);
    link.click();
}

/// The text of the file that was chosen in this field.
pub async fn chosen(input: &JsValue) -> Option<String> {
    let file = field(&field(input, "files"), "0");
    call(&file, "text", []).await?.as_string()
}
