//! Words that several pages of consignments share.

use crate::features::codes::words::position;
use crate::i18n::{Locale, td_string};
use crate::ui::{self, Choice, Tone};
use domain::calendar::Lang;
use domain::consignment::{Blocked, Load, PaperState, State};
use domain::ledger::Reason;
use domain::pack::PackKind;
use leptos::prelude::*;
use stock::consignments::{BatchTitle, Summary};

pub fn state_name(l: Locale, state: State) -> &'static str {
    match state {
        State::Draft => td_string!(l, consignments.state_draft),
        State::Cancelled => td_string!(l, consignments.state_cancelled),
        State::Dispatched => td_string!(l, consignments.state_dispatched),
        State::PartlyDelivered => td_string!(l, consignments.state_partly),
        State::Delivered => td_string!(l, consignments.state_delivered),
        State::Closed => td_string!(l, consignments.state_closed),
    }
}

pub const fn state_tone(state: State) -> Tone {
    match state {
        State::Draft | State::Cancelled => Tone::Quiet,
        State::Dispatched | State::PartlyDelivered => Tone::Accent,
        State::Delivered => Tone::Warn,
        State::Closed => Tone::Good,
    }
}

pub fn paper_name(l: Locale, state: PaperState) -> &'static str {
    match state {
        PaperState::Out => td_string!(l, consignments.paper_out),
        PaperState::BackSigned => td_string!(l, consignments.paper_back_signed),
        PaperState::BackUnsigned => td_string!(l, consignments.paper_back_unsigned),
        PaperState::Lost => td_string!(l, consignments.paper_lost),
    }
}

pub fn blocked_name(l: Locale, blocked: Blocked) -> &'static str {
    match blocked {
        Blocked::Held => td_string!(l, consignments.held),
        Blocked::Recalled => td_string!(l, consignments.recalled),
    }
}

/// Why pieces are missing or too many.
pub const DIFFERENCES: [Reason; 7] = [
    Reason::CountedWrong,
    Reason::Missing,
    Reason::Checkpoint,
    Reason::RoadClosed,
    Reason::Stolen,
    Reason::SentElsewhere,
    Reason::Other,
];

/// How pieces are damaged on the road.
pub const DAMAGES: [Reason; 4] =
    [Reason::Wet, Reason::Torn, Reason::MisprintedOrFaulty, Reason::Other];

/// Why a draft is given up.
pub const CANCELS: [Reason; 4] =
    [Reason::DidNotHappen, Reason::EnteredTwice, Reason::RoadClosed, Reason::Other];

pub fn reason_name(l: Locale, reason: Reason) -> &'static str {
    match reason {
        Reason::Planned => td_string!(l, consignments.reason_planned),
        Reason::FirstCount => td_string!(l, consignments.reason_first_count),
        Reason::Wet => td_string!(l, consignments.reason_wet),
        Reason::Torn => td_string!(l, consignments.reason_torn),
        Reason::MisprintedOrFaulty => td_string!(l, consignments.reason_faulty),
        Reason::Outdated => td_string!(l, consignments.reason_outdated),
        Reason::ShortAsPacked => td_string!(l, consignments.reason_short_as_packed),
        Reason::Stolen => td_string!(l, consignments.reason_stolen),
        Reason::Missing => td_string!(l, consignments.reason_missing),
        Reason::Found => td_string!(l, consignments.reason_found),
        Reason::Checkpoint => td_string!(l, consignments.reason_checkpoint),
        Reason::RoadClosed => td_string!(l, consignments.reason_road_closed),
        Reason::SentElsewhere => td_string!(l, consignments.reason_sent_elsewhere),
        Reason::CountedWrong => td_string!(l, consignments.reason_counted_wrong),
        Reason::TypedWrong => td_string!(l, consignments.reason_typed_wrong),
        Reason::EnteredTwice => td_string!(l, consignments.reason_entered_twice),
        Reason::WrongBatch => td_string!(l, consignments.reason_wrong_batch),
        Reason::DidNotHappen => td_string!(l, consignments.reason_did_not_happen),
        Reason::LateRecord => td_string!(l, consignments.reason_late_record),
        Reason::Recall => td_string!(l, consignments.reason_recall),
        Reason::NotRecordedAtTheTime => td_string!(l, consignments.reason_not_recorded),
        Reason::Other => td_string!(l, consignments.reason_other),
    }
}

pub fn reasons(l: Locale, offered: &[Reason]) -> Vec<Choice> {
    let choice = |reason: &Reason| Choice::new(reason.as_str(), reason_name(l, *reason));
    offered.iter().map(choice).collect()
}

pub fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/consignments", td_string!(l, consignments.title))
}

/// The way back from a page about one consignment.
pub fn crumbs(l: Locale, consignment: &Summary) -> Vec<ui::Link> {
    let own = ui::Link::new(path(consignment), consignment.number.as_str());
    vec![list_link(l), own]
}

pub fn path(consignment: &Summary) -> String {
    format!("/consignments/{}", consignment.id)
}

/// "Kabul store → Balkh store", the arrow pointing with the script.
pub fn way(lang: Lang, consignment: &Summary) -> String {
    let (from, to) = (&consignment.from.name, &consignment.to.name);
    match lang {
        Lang::En => format!("{from} → {to}"),
        // Each name by itself: two in Latin letters would else be one run from left to right, in
        // which the arrow points the wrong way.
        Lang::Fa | Lang::Ps => format!("\u{2068}{from}\u{2069} ← \u{2068}{to}\u{2069}"),
    }
}

pub fn badge(l: Locale, state: State) -> AnyView {
    view! { <ui::Badge label=state_name(l, state) tone=state_tone(state)/> }.into_any()
}

/// "M1 · 4K7M-2QXD-9V3": what is printed on the label.
pub fn label_line(title: &BatchTitle) -> String {
    format!("{} · {}", title.short_number, title.code.grouped())
}

/// "3 cartons · 2 bundles · 40 loose pieces"; parts that are zero are left out.
pub fn load_words(l: Locale, lang: Lang, load: &Load) -> String {
    let mut parts = Vec::new();
    if load.cartons > 0 {
        let n = lang.number(load.cartons);
        parts.push(td_string!(l, consignments.n_cartons, count = load.cartons, n = n));
    }
    if load.bundles > 0 {
        let n = lang.number(load.bundles);
        parts.push(td_string!(l, consignments.n_bundles, count = load.bundles, n = n));
    }
    if load.loose > 0 {
        let n = lang.number(load.loose);
        parts.push(td_string!(l, consignments.n_loose, count = load.loose, n = n));
    }
    parts.join(" · ")
}

/// "Cartons 1–4, 7 of 60" for the packs of one kind with the same total.
pub fn pack_ranges(
    l: Locale,
    lang: Lang,
    packs: impl IntoIterator<Item = (PackKind, i64, i64)>,
) -> String {
    by_series(packs, |kind, total, numbers| {
        if let [number] = numbers {
            return position(l, lang, kind, *number, total);
        }
        let (numbers, total) = (ranges(lang, numbers), lang.number(total));
        match kind {
            PackKind::Carton => {
                td_string!(l, consignments.cartons_of, numbers = numbers, total = total)
            }
            PackKind::Bundle => {
                td_string!(l, consignments.bundles_of, numbers = numbers, total = total)
            }
        }
    })
}

/// "Cartons 1–4, 7": which packs to look for, where how many there are is not to be told.
pub fn pack_numbers(
    l: Locale,
    lang: Lang,
    packs: impl IntoIterator<Item = (PackKind, i64, i64)>,
) -> String {
    by_series(packs, |kind, _, numbers| {
        let (count, numbers) = (numbers.len(), ranges(lang, numbers));
        match kind {
            PackKind::Carton => {
                td_string!(
                    l,
                    consignments.cartons_numbered,
                    count = count as i64,
                    numbers = numbers
                )
            }
            PackKind::Bundle => {
                td_string!(
                    l,
                    consignments.bundles_numbered,
                    count = count as i64,
                    numbers = numbers
                )
            }
        }
    })
}

/// Says the numbers of the packs of each kind with the same total.
fn by_series(
    packs: impl IntoIterator<Item = (PackKind, i64, i64)>,
    words: impl Fn(PackKind, i64, &[i64]) -> String,
) -> String {
    let mut packs: Vec<(PackKind, i64, i64)> = packs.into_iter().collect();
    packs.sort_by_key(|(kind, number, total)| (*kind, *total, *number));
    let series = packs.chunk_by(|a, b| (a.0, a.2) == (b.0, b.2)).filter_map(|group| {
        let &(kind, _, total) = group.first()?;
        let numbers: Vec<i64> = group.iter().map(|(_, number, _)| *number).collect();
        Some(words(kind, total, &numbers))
    });
    series.collect::<Vec<_>>().join(" · ")
}

fn ranges(lang: Lang, numbers: &[i64]) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let comma = if lang == Lang::En { ", " } else { "، " };
    let run = |(first, last): (i64, i64)| match last - first {
        0 => lang.number(first),
        _ => format!("{}–{}", lang.number(first), lang.number(last)),
    };
    runs.into_iter().map(run).collect::<Vec<_>>().join(comma)
}

/// What the last digit on paper stands for.
const GRAMS: i64 = 100;
const CM3: i64 = 10_000;

/// A load with the weight and the volume that stand on paper for it. A sum on paper adds these up:
/// whoever checks it has no others.
pub fn as_printed(load: &Load) -> Load {
    let up_to = |step: i64, rest: i64| move |of: i64| of.saturating_add(rest) / step * step;
    Load {
        weight_g: load.weight_g.map(up_to(GRAMS, GRAMS / 2)),
        volume_cm3: load.volume_cm3.map(up_to(CM3, CM3 - 1)),
        ..*load
    }
}

/// "19.7 kg", or that nobody weighed it.
pub fn weight(l: Locale, lang: Lang, grams: Option<i64>) -> String {
    match grams {
        Some(grams) => {
            td_string!(l, consignments.kg, n = lang.tenths(grams.saturating_add(GRAMS / 2) / GRAMS))
        }
        None => td_string!(l, consignments.not_known).to_owned(),
    }
}

/// "0.07 m³", or that nobody measured it.
pub fn volume(l: Locale, lang: Lang, cm3: Option<i64>) -> String {
    match cm3 {
        Some(cm3) => {
            let hundredths = cm3.saturating_add(CM3 - 1) / CM3;
            let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            td_string!(l, consignments.m3, n = lang.digits(&text))
        }
        None => td_string!(l, consignments.not_known).to_owned(),
    }
}
