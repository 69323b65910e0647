//! What was said on this phone and is not in the books yet, each with its state.

use crate::parts::{button, link, list, row, text};
use crate::{Phone, Word, fill, people, sent};
use domain::field::outbox::{Kept, State};
use domain::ids::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub fn show(phone: Phone) -> AnyView {
    let sure = RwSignal::new(None::<RecordId>);
    let rows = move || {
        let mut shown = phone.outbox.get();
        shown.retain(|kept| is_mine(phone, kept));
        shown.reverse();
        match shown.is_empty() {
            true => text("quiet", phone.word(Word::no_records)),
            false => list(shown.into_iter().map(|kept| record(phone, sure, kept)).collect()),
        }
    };
    // A link has no key to sign with, and takes nothing back.
    let by_link = untrack(|| phone.by_link());
    let hand_over = link("btn", "#hand-over".to_owned(), phone.word(Word::hand_over));
    let send_file = link("btn", "#send-file".to_owned(), phone.word(Word::send_file));
    view! {
        {phone.head(phone.word(Word::records))}
        {rows}
        {(!by_link).then(|| row(vec![hand_over, send_file]))}
        {move || of_others(phone)}
        {move || (!by_link).then(|| sent::today(phone))}
    }
    .into_any()
}

/// What others said on the same phone is nobody else's business but that it waits.
pub fn is_mine(phone: Phone, kept: &Kept) -> bool {
    kept.shows() && phone.user() == Some(kept.by)
}

/// Of what others said here: who, when, and what became of it.
fn of_others(phone: Phone) -> Option<AnyView> {
    let me = phone.user();
    let outbox = phone.outbox.get();
    let others = outbox.iter().rev().filter(|kept| kept.shows() && Some(kept.by) != me);
    let line = |kept: &Kept| {
        let by = people::name(phone, kept.by);
        let by = fill(&phone.word(Word::entered_by), "name", &by);
        let state = state(phone, &kept.state.for_others());
        entry(by, phone.when(kept.made_at), state, ().into_any())
    };
    let lines: Vec<_> = others.map(line).collect();
    (!lines.is_empty())
        .then(|| view! { <h2>{phone.word(Word::others_records)}</h2>{list(lines)} }.into_any())
}

/// What became of a record, and how it is shown.
fn state(phone: Phone, state: &State) -> (&'static str, String) {
    match state {
        State::Here => ("", phone.word(Word::state_here)),
        State::Sent => ("", phone.word(Word::state_sent)),
        State::Accepted => ("", String::new()),
        State::Asked => ("warn-text", phone.word(Word::state_asked)),
        State::Refused { code, detail } => {
            let why = if detail.is_empty() { code } else { detail };
            ("bad-text", fill(&phone.word(Word::refused_because), "why", why))
        }
    }
}

fn record(phone: Phone, sure: RwSignal<Option<RecordId>>, kept: Kept) -> AnyView {
    let state = state(phone, &kept.state);
    let title = format!("{} · {}", phone.job(kept.job), kept.about);
    let delete = Act { what: Word::delete, question: Word::delete_sure, act: delete };
    item(phone, sure, &kept, title, state, kept.may_be_deleted().then_some(delete))
}

/// What can be done about a record, once it was asked whether it is meant.
#[derive(Clone, Copy)]
pub struct Act {
    pub what: Word,
    pub question: Word,
    pub act: fn(Phone, RecordId),
}

/// A record in a list.
pub fn item(
    phone: Phone,
    sure: RwSignal<Option<RecordId>>,
    kept: &Kept,
    title: String,
    state: (&'static str, String),
    act: Option<Act>,
) -> AnyView {
    let id = kept.id;
    let pieces = phone.counted(Word::pieces, kept.pieces);
    let line = format!("{} · {pieces}", phone.when(kept.made_at));
    let buttons = move || {
        let Act { what, question, act } = act?;
        let buttons = match sure.get() == Some(id) {
            false => vec![button("btn", phone.word(what), move || sure.set(Some(id)))],
            true => vec![
                text("", phone.word(question)),
                button("btn danger", phone.word(what), move || act(phone, id)),
                button("btn", phone.word(Word::keep_it), move || sure.set(None)),
            ],
        };
        Some(row(buttons))
    };
    entry(title, line, state, buttons.into_any())
}

fn entry(
    title: String,
    line: String,
    (tone, state): (&'static str, String),
    buttons: AnyView,
) -> AnyView {
    view! {
        <li class="phone-record">
            <strong>{title}</strong>
            <span>{line}</span>
            <span class=tone>{state}</span>
            {buttons}
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
