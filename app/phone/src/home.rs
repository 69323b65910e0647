//! What waits for this person today.

use crate::change::What;
use crate::parts::{link, list, row, text};
use crate::records::is_mine;
use crate::{Phone, Word};
use domain::field::known::{Known, KnownConsignment, KnownEvent, KnownMaterial, KnownStore};
use domain::field::outbox::{Job, is_taken_back};
use domain::ids::MaterialId;
use leptos::prelude::*;
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub fn show(phone: Phone) -> AnyView {
    let known = phone.known.get().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let told = told_here(phone);
    let today = crate::clock::now().day();
    let is_told = |event: &KnownEvent| {
        told.iter().any(|told| *told == event.id.to_string() || told == event.code.as_str())
    };
    // They come in the order of their days. The day's own first, then those whose sheet is late.
    let of_days = [Ordering::Equal, Ordering::Less, Ordering::Greater];
    let events = of_days.into_iter().flat_map(|when| {
        let events = known.events.items().iter().filter(|event| !is_told(event));
        events.filter(move |event| event.planned_on.cmp(&today) == when)
    });
    let events: Vec<_> = events.map(|event| event_link(phone, event)).collect();
    let coming: Vec<_> = known
        .consignments
        .items()
        .iter()
        .map(|coming| coming_link(phone, &known, coming))
        .collect();
    let stores: Vec<_> =
        known.stores.items().iter().filter_map(|store| store_part(phone, &known, store)).collect();
    let w = |word| phone.word(word);
    let of_others = phone.outbox.get().iter().any(|kept| kept.waits() && kept.by != known.user);
    let drop = link("btn", "#drop".to_owned(), w(Word::job_drop));
    let changes =
        What::ALL.map(|what| link("btn", format!("#{}", what.key()), phone.job(what.job())));
    let by_link = known.by_link;
    let jobs = row([drop].into_iter().chain(changes).collect());
    let asked = phone.outbox.get().iter().filter(|kept| is_mine(phone, kept)).count();
    let records = match asked {
        0 => w(Word::records),
        n => format!("{} ({})", w(Word::records), phone.lang.number(n as i64)),
    };
    let stock = match stores.is_empty() {
        true => text("quiet", w(Word::no_stock)),
        false => view! { {stores}{text("quiet small", w(Word::of_books))} }.into_any(),
    };
    // A link opens one thing: what is not it is not spoken of.
    let events = (!by_link || coming.is_empty())
        .then(|| section(w(Word::events), list_or(events, w(Word::no_events))));
    let coming = (!by_link || !coming.is_empty())
        .then(|| section(w(Word::coming), list_or(coming, w(Word::nothing_coming))));
    view! {
        <h1 class="visually-hidden">{w(Word::home)}</h1>
        {of_others.then(|| text("phone-notice warn", w(Word::of_others)))}
        {link("btn main phone-scan", "#scan".to_owned(), w(Word::scan))}
        {events}
        {coming}
        {(!by_link).then(|| section(w(Word::more), jobs))}
        {(!by_link).then(|| section(w(Word::stock), stock))}
        {link("btn phone-records", "#records".to_owned(), records)}
        {(!by_link).then(|| link("btn", "#pin".to_owned(), w(Word::pin)))}
    }
    .into_any()
}

fn section(title: String, content: AnyView) -> AnyView {
    view! { <section class="phone-part"><h2>{title}</h2>{content}</section> }.into_any()
}

fn list_or(items: Vec<AnyView>, none: String) -> AnyView {
    if items.is_empty() { text("quiet", none) } else { list(items) }
}

/// Events whose sheet is on this phone already, by id or by code.
fn told_here(phone: Phone) -> Vec<String> {
    phone.outbox.with(|outbox| {
        let sheets = outbox.iter().filter(|kept| {
            kept.job == Job::Sheet && !kept.may_be_deleted() && !is_taken_back(outbox, kept.id)
        });
        let event = |kept: &domain::field::outbox::Kept| {
            Some(kept.record.pointer("/body/event")?.as_str()?.to_owned())
        };
        sheets.filter_map(event).collect()
    })
}

/// Something that leads on, with a line about it.
fn entry(href: String, title: String, line: String) -> AnyView {
    view! { <li><a href=href><strong>{title}</strong><span>{line}</span></a></li> }.into_any()
}

fn event_link(phone: Phone, event: &KnownEvent) -> AnyView {
    let line = format!("{} · {} · {}", phone.day(event.planned_on), event.type_name, event.number);
    entry(format!("#sheet/{}", event.code), event.place(phone.lang).to_owned(), line)
}

fn coming_link(phone: Phone, known: &Known, coming: &KnownConsignment) -> AnyView {
    let to = known.store(coming.to).map(|store| store.name.clone()).unwrap_or_default();
    let left = coming.left_at.map(|at| phone.day(at.day())).unwrap_or_default();
    let line = format!("{} → {to} · {left}", coming.from_name);
    entry(format!("#receive/{}", coming.code), coming.number.clone(), line)
}

/// What one store has, a line a material; nothing for a store that never had anything.
fn store_part(phone: Phone, known: &Known, store: &KnownStore) -> Option<AnyView> {
    let left: BTreeMap<MaterialId, i64> = known.left(store.id, &phone.said());
    let rows: Vec<_> = left
        .into_iter()
        .filter(|(_, pieces)| *pieces != 0)
        .filter_map(|(material, pieces)| Some((known.material(material)?, pieces)))
        .map(|(material, pieces)| {
            let pieces = phone.counted(Word::pieces, pieces);
            view! {
                <li>
                    {cover(material)}
                    <span>{material.label()}</span>
                    <strong>{pieces}</strong>
                </li>
            }
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let view = view! {
        <h3>{store.name.clone()}</h3>
        <ul class="phone-stock">{rows}</ul>
    };
    Some(view.into_any())
}

/// The picture by which people know a material; its number stands beside it.
pub fn cover(material: &KnownMaterial) -> Option<AnyView> {
    let src = format!("/attachments/{}", material.cover.as_ref()?);
    Some(view! { <img class="phone-cover" src=src alt="" loading="lazy"/> }.into_any())
}
