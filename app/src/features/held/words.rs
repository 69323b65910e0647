//! Words for records that are held.

use crate::i18n::{Locale, td_string};
use crate::ui::Tone;
use domain::calendar::Lang;
use domain::held::{Dropped, Ruling, Why};
use stock::held::{HeldEntry, HeldGoods};

/// Why it waits, in a few words.
pub(super) fn why(why: Why, l: Locale) -> &'static str {
    match why {
        Why::PhoneLost => td_string!(l, held.phone_lost),
        Why::AuthorLeft => td_string!(l, held.author_left),
        Why::RightsEnded => td_string!(l, held.rights_ended),
    }
}

/// What that means for whoever decides.
pub(super) fn why_text(why: Why, l: Locale) -> &'static str {
    match why {
        Why::PhoneLost => td_string!(l, held.phone_lost_text),
        Why::AuthorLeft => td_string!(l, held.author_left_text),
        Why::RightsEnded => td_string!(l, held.rights_ended_text),
    }
}

pub(super) fn dropped(why: Dropped, l: Locale) -> &'static str {
    match why {
        Dropped::NotSo => td_string!(l, held.not_so),
        Dropped::OnPaper => td_string!(l, held.on_paper),
        Dropped::InBooks => td_string!(l, held.in_books),
        Dropped::Other => td_string!(l, held.other),
    }
}

pub(super) fn dropped_hint(why: Dropped, l: Locale) -> &'static str {
    match why {
        Dropped::NotSo => td_string!(l, held.not_so_hint),
        Dropped::OnPaper => td_string!(l, held.on_paper_hint),
        Dropped::InBooks => td_string!(l, held.in_books_hint),
        Dropped::Other => td_string!(l, held.other_hint),
    }
}

pub(super) fn state(entry: &HeldEntry, l: Locale) -> (&'static str, Tone) {
    match entry.decided.as_ref().map(|decided| decided.ruling) {
        None => (td_string!(l, held.waits), Tone::Warn),
        Some(Ruling::Post) => (td_string!(l, held.posted), Tone::Good),
        Some(Ruling::Drop(_)) => (td_string!(l, held.dropped), Tone::Quiet),
    }
}

/// "300 Know the risks (M1)"; of a label that the books do not know, its code.
pub(super) fn goods(goods: &HeldGoods, l: Locale, lang: Lang) -> String {
    let label = goods.code.map(|code| code.grouped());
    let title = goods.title.clone().or(label);
    let title = title.unwrap_or_else(|| td_string!(l, held.unknown_goods).to_owned());
    let number = goods.short_number.as_ref().map(|number| format!("({number})"));
    let pieces = goods.pieces.map(|pieces| lang.number(pieces));
    [pieces, Some(title), number].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Where, or on which occasion.
pub(super) fn about(entry: &HeldEntry) -> String {
    let event = entry.event.as_ref().map(|(_, number)| number.clone());
    let consignment = entry.consignment.as_ref().map(|(_, number)| number.clone());
    let store = entry.store.as_ref().map(|(_, name)| name.clone());
    [event, consignment, store].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Why the books do not take it, by the API's code.
pub(super) fn refused(code: &str, l: Locale) -> &'static str {
    match code {
        "unknown_code" => td_string!(l, held.refused_code),
        "not_allowed" | "not_found" => td_string!(l, held.refused_rights),
        "conflict" | "held_dropped" => td_string!(l, held.refused_conflict),
        "already_received" => td_string!(l, held.refused_received),
        _ => td_string!(l, held.refused_other),
    }
}
