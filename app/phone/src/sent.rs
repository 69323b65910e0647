//! What was sent today and is in the books: a mistake among it is taken back by a record of its own.
//! It is shown by kind and pieces only: no place, no date, no head count.

use crate::parts::list;
use crate::records::{Act, item};
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
    let back = Act { what: Word::take_back, question: Word::take_back_sure, act: take_back };
    let row =
        |kept: &Kept| item(phone, sure, kept, phone.job(kept.job), ("", String::new()), Some(back));
    let rows = list(sent.iter().map(row).collect());
    Some(view! { <h2>{phone.word(Word::sent_today)}</h2>{rows} }.into_any())
}

/// Nothing is ever changed: a second record undoes what the first one moved.
fn take_back(phone: Phone, id: RecordId) {
    let found = phone.outbox.with_untracked(|outbox| {
        outbox.iter().find(|kept| kept.id == id && !is_taken_back(outbox, id)).cloned()
    });
    let Some(kept) = found else { return };
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
