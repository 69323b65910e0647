//! What is odd about an event, and what to do about it.

use super::again;
use super::detail::{fill_in, untold, waits, way_for};
use super::words::{path, session_label};
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Tone};
use domain::events::{EventState, Flag};
use domain::role::Permission;
use leptos::prelude::*;
use stock::events::{EventDetail, EventRecord, EventSaid, SheetState};

/// What is odd, and what to do about it.
pub(super) fn flags(
    visit: &Visit,
    detail: &EventDetail,
    entries: &[EventRecord],
) -> Option<AnyView> {
    let l = visit.locale;
    let mut flags: Vec<ui::Flag> = Vec::new();
    if detail.event.state == EventState::SheetMissing {
        let flag = ui::Flag::new(td_string!(l, events.flag_no_sheet))
            .text(td_string!(l, events.flag_no_sheet_text));
        flags.push(linked(visit, detail, flag, &again::way(detail), td_string!(l, events.fill_in)));
    }
    if let Some(session) = untold(detail) {
        let name = session_label(l, visit.lang(), session);
        let flag = ui::Flag::new(td_string!(l, events.flag_session, session = name))
            .text(td_string!(l, events.flag_session_text));
        flags.push(linked(visit, detail, flag, &way_for(session), fill_in(visit, session)));
    }
    flags.extend(detail.flags.iter().map(|flag| flag_words(visit, detail, flag)));
    // A sheet that waits has a flag of its own.
    let is_held = |entry: &&EventRecord| entry.is_held && entry.said != EventSaid::Sheet;
    flags.extend(entries.iter().filter(is_held).map(|entry| {
        ui::Flag::new(td_string!(l, events.flag_goods_held))
            .text(td_string!(l, events.flag_held_text))
            .action(format!("/records/{}", entry.record), td_string!(l, events.decide_link))
            .tone(Tone::Warn)
    }));
    (!flags.is_empty()).then(|| {
        let title = td_string!(l, events.flags);
        view! { <ui::Sheet title><ui::Flags flags/></ui::Sheet> }.into_any()
    })
}

/// With a way to do something about it, for whoever may.
fn linked(
    visit: &Visit,
    detail: &EventDetail,
    flag: ui::Flag,
    to: &str,
    label: impl Into<String>,
) -> ui::Flag {
    let flag = flag.tone(Tone::Warn);
    if visit.may(Permission::RunEvents) {
        flag.action(format!("{}/{to}", path(detail.event.id)), label)
    } else {
        flag
    }
}

fn flag_words(visit: &Visit, detail: &EventDetail, flag: &Flag) -> ui::Flag {
    let (l, lang) = (visit.locale, visit.lang());
    let correct = td_string!(l, events.correct);
    let waiting = detail.sheets.iter().find(|sheet| waits(sheet));
    let waiting = waiting.map(|sheet| format!("sheets/{}", sheet.record)).unwrap_or_default();
    let new = |title: String, text: &'static str| ui::Flag::new(title).text(text);
    match flag {
        Flag::ManyPiecesAPerson { tenths } => {
            let n = lang.tenths(*tenths);
            let title = td_string!(l, events.flag_many, n = n);
            let flag = new(title, td_string!(l, events.flag_many_text));
            linked(visit, detail, flag, "people", correct)
        }
        Flag::GivenWithoutPeople { pieces } => {
            let title = td_string!(l, events.flag_nobody, n = lang.number(*pieces));
            let flag = new(title, td_string!(l, events.flag_nobody_text));
            linked(visit, detail, flag, "people", td_string!(l, events.say_who_came))
        }
        Flag::WholeKits { kits } => {
            let title = td_string!(l, events.flag_kits, count = *kits);
            let flag = new(title, td_string!(l, events.flag_kits_text));
            let posted = detail.sheets.iter().find(|sheet| sheet.state == SheetState::Posted);
            let way =
                posted.map_or_else(|| again::way(detail), |sheet| again::way_from(sheet.record));
            linked(visit, detail, flag, &way, td_string!(l, events.correct_sheet))
        }
        Flag::AttendanceDiffers { difference } => {
            let title = td_string!(l, events.flag_differs, n = lang.number(difference.abs()));
            let flag = new(title, td_string!(l, events.flag_differs_text));
            linked(visit, detail, flag, "people", correct)
        }
        Flag::StillAtEvent { pieces } => {
            let title = td_string!(l, events.flag_there, n = lang.number(*pieces));
            let text = match untold(detail) {
                Some(_) => td_string!(l, events.flag_there_untold),
                None => td_string!(l, events.flag_there_text),
            };
            let flag = new(title, text);
            linked(visit, detail, flag, "bring-back", td_string!(l, events.bring_back))
        }
        Flag::BatchAssumed => {
            let title = td_string!(l, events.flag_assumed).to_owned();
            new(title, td_string!(l, events.flag_assumed_text)).tone(Tone::Warn)
        }
        Flag::SheetKept => {
            let title = td_string!(l, events.flag_kept).to_owned();
            let flag = new(title, td_string!(l, events.flag_kept_text));
            linked(visit, detail, flag, &waiting, td_string!(l, events.decide_link))
        }
        Flag::SheetHeld => {
            let title = td_string!(l, events.flag_held).to_owned();
            let flag = new(title, td_string!(l, events.flag_held_text));
            linked(visit, detail, flag, &waiting, td_string!(l, events.decide_link))
        }
    }
}
