//! The words for events, sheets and the people and places around them.

use crate::features::materials::inside;
use crate::i18n::{Locale, td_string};
use crate::ui::{self, Choice, Tone};
use domain::account::Channel;
use domain::attendance::Group;
use domain::calendar::Lang;
use domain::events::{EventState, Multiplier, PublicPlace, SessionKind};
use domain::ids::{EventId, MaterialId};
use leptos::prelude::*;
use stock::events::{EventRow, HeldReason, Session, SheetState};
use stock::reference::materials::Material;

pub(crate) fn path(event: EventId) -> String {
    format!("/events/{event}")
}

pub(crate) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/events", td_string!(l, events.title))
}

/// The way to a page about an event.
pub(crate) fn crumbs(l: Locale, event: &EventRow) -> Vec<ui::Link> {
    vec![list_link(l), ui::Link::new(path(event.id), event.number.clone())]
}

/// "Community event, Mazar-e-Sharif".
pub(crate) fn event_name(lang: Lang, event: &EventRow) -> String {
    let comma = if lang == Lang::En { "," } else { "،" };
    format!("{}{comma} {}", event.type_name, event.place_name.of(lang))
}

/// "E-REL-0007 · Fast Relief · 15 June 2017".
pub(crate) fn event_line(lang: Lang, event: &EventRow) -> String {
    let day = event.held_on.unwrap_or(event.planned_on);
    format!("{} · {} · {}", event.number, event.org_name, lang.day(day))
}

pub(crate) fn state_name(l: Locale, state: EventState) -> &'static str {
    match state {
        EventState::Planned => td_string!(l, events.state_planned),
        EventState::SheetMissing => td_string!(l, events.state_sheet_missing),
        EventState::Held => td_string!(l, events.state_held),
        EventState::Cancelled => td_string!(l, events.state_cancelled),
    }
}

pub(crate) fn badge(l: Locale, state: EventState) -> AnyView {
    let tone = match state {
        EventState::Planned => Tone::Accent,
        EventState::SheetMissing => Tone::Warn,
        EventState::Held => Tone::Good,
        EventState::Cancelled => Tone::Quiet,
    };
    view! { <ui::Badge label=state_name(l, state) tone/> }.into_any()
}

pub(crate) fn session_name(l: Locale, kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Women => td_string!(l, events.session_women),
        SessionKind::Men => td_string!(l, events.session_men),
        SessionKind::Girls => td_string!(l, events.session_girls),
        SessionKind::Boys => td_string!(l, events.session_boys),
        SessionKind::Mixed => td_string!(l, events.session_mixed),
    }
}

/// "1. Women": sessions of the same kind differ by their place in the day.
pub(crate) fn session_label(l: Locale, lang: Lang, session: &Session) -> String {
    format!("{}. {}", lang.number(session.ordinal), session_name(l, session.kind))
}

pub(crate) fn multiplier_name(l: Locale, who: Multiplier) -> &'static str {
    match who {
        Multiplier::Elders => td_string!(l, events.who_elders),
        Multiplier::Teachers => td_string!(l, events.who_teachers),
        Multiplier::Mosque => td_string!(l, events.who_mosque),
        Multiplier::HealthWorkers => td_string!(l, events.who_health_workers),
        Multiplier::Officials => td_string!(l, events.who_officials),
        Multiplier::Other => td_string!(l, events.who_other),
    }
}

pub(crate) fn public_place_name(l: Locale, kind: PublicPlace) -> &'static str {
    match kind {
        PublicPlace::Clinic => td_string!(l, events.public_clinic),
        PublicPlace::School => td_string!(l, events.public_school),
        PublicPlace::Mosque => td_string!(l, events.public_mosque),
        PublicPlace::Market => td_string!(l, events.public_market),
        PublicPlace::Transport => td_string!(l, events.public_transport),
        PublicPlace::Office => td_string!(l, events.public_office),
        PublicPlace::Other => td_string!(l, events.public_other),
    }
}

pub(crate) fn multiplier_choices(l: Locale) -> Vec<Choice> {
    let choice = |who: &Multiplier| Choice::new(who.as_str(), multiplier_name(l, *who));
    Multiplier::ALL.iter().map(choice).collect()
}

pub(crate) fn public_place_choices(l: Locale) -> Vec<Choice> {
    let choice = |kind: &PublicPlace| Choice::new(kind.as_str(), public_place_name(l, *kind));
    PublicPlace::ALL.iter().map(choice).collect()
}

pub(crate) fn channel_name(l: Locale, channel: Channel) -> &'static str {
    match channel {
        Channel::Participants => td_string!(l, events.to_participants),
        Channel::Multipliers => td_string!(l, events.to_multipliers),
        Channel::PublicPlaces => td_string!(l, events.to_public),
    }
}

pub(crate) fn group_name(l: Locale, group: Group) -> &'static str {
    match group {
        Group::Community => td_string!(l, events.group_community),
        Group::Officials => td_string!(l, events.group_officials),
        Group::ReligiousLeaders => td_string!(l, events.group_religious_leaders),
    }
}

pub(crate) fn sheet_badge(l: Locale, state: SheetState) -> AnyView {
    let (label, tone) = match state {
        SheetState::Posted => (td_string!(l, events.sheet_posted), Tone::Good),
        SheetState::Kept => (td_string!(l, events.sheet_kept), Tone::Warn),
        SheetState::Held(_) => (td_string!(l, events.sheet_held), Tone::Warn),
        SheetState::Dropped => (td_string!(l, events.sheet_dropped), Tone::Quiet),
        SheetState::Replaced => (td_string!(l, events.sheet_replaced), Tone::Quiet),
        SheetState::Reversed => (td_string!(l, events.sheet_reversed), Tone::Quiet),
    };
    view! { <ui::Badge label tone/> }.into_any()
}

/// Why something is not in the books yet, and what to do about it.
pub(crate) fn held_words(l: Locale, reason: HeldReason, materials: &[Material]) -> String {
    match reason {
        HeldReason::NoBatch { material } => {
            td_string!(l, events.held_no_batch, material = name_of(materials, material))
        }
        HeldReason::UnknownCode { code } => {
            td_string!(l, events.held_unknown_code, code = code.grouped())
        }
    }
}

pub(crate) fn title_of(materials: &[Material], id: MaterialId) -> String {
    let known = materials.iter().find(|material| material.id == id);
    known.map(|material| material.title.clone()).unwrap_or_default()
}

/// "Know the risks (M1)".
pub(crate) fn name_of(materials: &[Material], id: MaterialId) -> String {
    materials.iter().find(|material| material.id == id).map(inside).unwrap_or_default()
}

/// Isolated: a Latin title must not turn the punctuation of a Dari page around.
pub(crate) fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}
