//! What came back from an event without its sheet: it did not take place, or only part was needed.

use crate::form::{Checked, Form};
use crate::home::cover;
use crate::parts::text;
use crate::{Phone, Said, Word};
use domain::field::known::{KnownEvent, Shift};
use domain::field::outbox::Job;
use domain::field::unknown::Besides;
use domain::ids::EventId;
use domain::pieces::Pieces;
use domain::records::events::BringBack;
use leptos::prelude::*;

pub fn show(phone: Phone, id: EventId) -> AnyView {
    let found = phone.known.with_untracked(|known| {
        let known = known.as_ref()?;
        Some((known.clone(), known.event(id)?.clone()))
    });
    let title = phone.word(Word::job_brought_back);
    let Some((known, event)) = found else {
        let why = text("phone-part", phone.word(Word::no_such_event));
        return view! { {phone.head(title)}{why} }.into_any();
    };
    let form = Form::new(phone, format!("back/{id}"));
    let line = event.about(phone.lang);
    let boxes: Vec<_> = event
        .materials
        .iter()
        .filter_map(|id| known.material(*id))
        .map(|material| {
            let number = form.number(&format!("pieces_{}", material.id), material.label());
            view! { <div class="phone-row">{cover(material)}{number}</div> }
        })
        .collect();
    let keep = form.keep_bar(Box::new(move |form| read(form, &event)));
    view! {
        {phone.head(title)}
        {text("quiet", line)}
        <section class="phone-part">{boxes}</section>
        {keep}
    }
    .into_any()
}

fn read(form: Form, event: &KnownEvent) -> Option<Checked> {
    let phone = form.phone;
    let mut rows = Vec::new();
    for material in &event.materials {
        let pieces = form.count(&format!("pieces_{material}")).filter(|pieces| *pieces > 0);
        rows.extend(pieces.and_then(|pieces| Pieces::new(pieces).ok()).map(|p| (*material, p)));
    }
    if rows.is_empty() {
        phone.notice.set(Some((true, phone.word(Word::nothing_said))));
        return None;
    }
    let shift = |(material, pieces): &(_, Pieces)| Shift {
        store: event.store,
        material: *material,
        pieces: pieces.get(),
    };
    let shifts: Vec<Shift> = rows.iter().map(shift).collect();
    let said = Said {
        job: Job::BroughtBack,
        about: event.about(phone.lang),
        pieces: shifts.iter().map(|shift| shift.pieces).sum(),
        shifts,
        scanned: false,
        on: None,
        besides: Besides::default(),
        undoes: None,
    };
    let body = BringBack { event: event.id, rows };
    Some(Checked::new(Vec::new(), async move { phone.keep(said, &body).await }))
}
