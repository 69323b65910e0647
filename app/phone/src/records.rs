//! What was said on this phone and is not in the books yet, each with its state.

use crate::{Phone, Word, fill, sent};
use domain::field::outbox::{Kept, State};
use domain::ids::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

pub fn show(phone: Phone) -> AnyView {
    let sure = RwSignal::new(None::<RecordId>);
    let rows = move || {
        let mut shown = phone.outbox.get();
        shown.retain(|kept| is_mine(phone, kept));
        shown.reverse();
        match shown.is_empty() {
            true => view! { <p class="quiet">{phone.word(Word::no_records)}</p> }.into_any(),
            false => {
                let rows: Vec<_> =
                    shown.into_iter().map(|kept| record(phone, sure, kept)).collect();
                view! { <ul class="phone-list">{rows}</ul> }.into_any()
            }
        }
    };
    let has_some =
        move || phone.outbox.with(|outbox| outbox.iter().any(|kept| is_mine(phone, kept)));
    let save = move |_| save(phone);
    let label = phone.word(Word::save_copy);
    let copy = move || {
        let label = label.clone();
        has_some().then(|| {
            view! { <button type="button" class="btn" on:click=save>{label}</button> }
        })
    };
    view! {
        {phone.head(phone.word(Word::records))}
        {rows}
        {copy}
        {move || sent::today(phone)}
    }
    .into_any()
}

/// What others said on the same phone is counted and not shown.
pub fn is_mine(phone: Phone, kept: &Kept) -> bool {
    kept.shows() && phone.user() == Some(kept.by)
}

fn record(phone: Phone, sure: RwSignal<Option<RecordId>>, kept: Kept) -> AnyView {
    let id = kept.id;
    let (tone, state) = match &kept.state {
        State::Here => ("", phone.word(Word::state_here)),
        State::Sent => ("", phone.word(Word::state_sent)),
        State::Accepted => ("", String::new()),
        State::Asked => ("warn-text", phone.word(Word::state_asked)),
        State::Refused { code, detail } => {
            let why = if detail.is_empty() { code } else { detail };
            ("bad-text", fill(&phone.word(Word::refused_because), "why", why))
        }
    };
    let title = format!("{} · {}", phone.job(kept.job), kept.about);
    let pieces = phone.counted(Word::pieces, kept.pieces);
    let line = format!("{} · {pieces}", phone.when(kept.made_at));
    let delete = kept.may_be_deleted().then_some(move || match sure.get() == Some(id) {
        false => {
            let ask = move |_| sure.set(Some(id));
            view! {
                <button type="button" class="btn" on:click=ask>
                    {phone.word(Word::delete)}
                </button>
            }
            .into_any()
        }
        true => {
            let (gone, stays) = (move |_| delete(phone, id), move |_| sure.set(None));
            view! {
                <span>{phone.word(Word::delete_sure)}</span>
                <button type="button" class="btn danger" on:click=gone>
                    {phone.word(Word::delete)}
                </button>
                <button type="button" class="btn" on:click=stays>
                    {phone.word(Word::keep_it)}
                </button>
            }
            .into_any()
        }
    });
    view! {
        <li class="phone-record">
            <strong>{title}</strong>
            <span>{line}</span>
            <span class=tone>{state}</span>
            <div class="phone-jobs">{delete}</div>
        </li>
    }
    .into_any()
}

fn delete(phone: Phone, id: RecordId) {
    spawn_local(async move {
        // It may have been sent while somebody made up his mind.
        phone.reload().await;
        let may = phone.outbox.with_untracked(|outbox| {
            outbox.iter().any(|kept| kept.id == id && is_mine(phone, kept) && kept.may_be_deleted())
        });
        if may && phone.with_store(async |store| store.delete(&[id]).await).await.is_some() {
            phone.outbox.update(|outbox| outbox.retain(|kept| kept.id != id));
            phone.notice.set(Some((false, phone.word(Word::deleted))));
        }
    });
}

/// A file with everything that is not in the books, under a neutral name.
fn save(phone: Phone) {
    let shown: Vec<_> = phone.outbox.with_untracked(|outbox| {
        let mine = outbox.iter().filter(|kept| is_mine(phone, kept));
        mine.map(|kept| kept.record.clone()).collect()
    });
    let text = serde_json::to_string(&shown).unwrap_or_default();
    let link = document().create_element("a").ok();
    let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    let encoded: String = js_sys::encode_uri_component(&text).into();
    let _ = link.set_attribute("href", &format!("data:application/json,{encoded}"));
    let _ = link.set_attribute("download", "lists.json");
    link.click();
}
