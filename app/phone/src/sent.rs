//! What was sent today and is in the books: a mistake among it is taken back by a record of its own.
//! It is shown by kind and pieces only: no place, no date, no head count.

use crate::{Phone, Said, Word};
use domain::field::known::Shift;
use domain::field::outbox::{Job, Kept, is_taken_back};
use domain::field::unknown::Besides;
use domain::ids::RecordId;
use domain::ledger::Reason;
use domain::records::keeping::TakeBack;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub fn today(phone: Phone) -> Option<AnyView> {
    let today = crate::clock::now().day();
    let outbox = phone.outbox.get();
    let mine = |kept: &&Kept| {
        kept.may_be_taken_back(today)
            && phone.user() == Some(kept.by)
            && !is_taken_back(&outbox, kept.id)
    };
    let sent: Vec<Kept> = outbox.iter().rev().filter(mine).cloned().collect();
    if sent.is_empty() {
        return None;
    }
    let sure = RwSignal::new(None::<RecordId>);
    let rows: Vec<_> = sent.into_iter().map(|kept| row(phone, sure, kept)).collect();
    let view = view! {
        <h2>{phone.word(Word::sent_today)}</h2>
        <ul class="phone-list">{rows}</ul>
    };
    Some(view.into_any())
}

fn row(phone: Phone, sure: RwSignal<Option<RecordId>>, kept: Kept) -> AnyView {
    let id = kept.id;
    let line =
        format!("{} · {}", phone.when(kept.made_at), phone.counted(Word::pieces, kept.pieces));
    let title = phone.job(kept.job);
    let kept = StoredValue::new(kept);
    let button = |class: &'static str, word: Word, press: Box<dyn Fn()>| {
        view! {
            <button type="button" class=class on:click=move |_| press()>{phone.word(word)}</button>
        }
    };
    let buttons = move || {
        match sure.get() == Some(id) {
        false => {
            button("btn", Word::take_back, Box::new(move || sure.set(Some(id)))).into_any()
        }
        true => view! {
            <span>{phone.word(Word::take_back_sure)}</span>
            {button("btn danger", Word::take_back, Box::new(move || take_back(phone, kept.get_value())))}
            {button("btn", Word::keep_it, Box::new(move || sure.set(None)))}
        }
        .into_any(),
    }
    };
    view! {
        <li class="phone-record">
            <strong>{title}</strong>
            <span>{line}</span>
            <div class="phone-jobs">{buttons}</div>
        </li>
    }
    .into_any()
}

/// Nothing is ever changed: a second record undoes what the first one moved.
fn take_back(phone: Phone, kept: Kept) {
    let back = |shift: &Shift| Shift { pieces: -shift.pieces, ..*shift };
    let said = Said {
        job: Job::TakenBack,
        about: phone.job(kept.job),
        pieces: kept.pieces,
        shifts: kept.shifts.iter().map(back).collect(),
        scanned: false,
        on: None,
        besides: Besides::default(),
        undoes: Some(kept.id),
    };
    let body = TakeBack { record: kept.id, reason: Reason::TypedWrong };
    spawn_local(async move {
        match phone.keep(said, &body).await {
            Ok(()) => phone.done(),
            Err(_) => phone.notice.set(Some((true, phone.word(Word::store_full)))),
        }
    });
}
