//! What happened at an event: the pieces in a picture and a table, who came, who said what.

use super::deciding::{decided_name, retell};
use super::people::{females_words, partial_words, said_words, standing};
use super::words::{path, session_label, sheet_badge};
use crate::features::bulletin::words::each_words;
use crate::features::records::words::by_link;
use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui::{self, Cell, Column, Fact, Hue, Part, Row, StackRow, Tone};
use domain::events::{EventState, PiecesEach};
use domain::role::{Permission, Role};
use domain::small_cells::Eyes;
use leptos::prelude::*;
use stock::events::{EventDetail, EventRecord, EventSaid, MaterialAtEvent, SheetState};

pub(super) fn facts(visit: &Visit, detail: &EventDetail) -> Vec<Fact> {
    let (l, lang) = (visit.locale, visit.lang());
    let expected =
        detail.event.expected_people.map(|n| td_string!(l, events.expected_n, n = lang.number(n)));
    let participants = detail.people.count.participants();
    let people = match participants {
        _ if detail.eyes == Eyes::Others => {
            Fact::new(td_string!(l, events.people), td_string!(l, events.people_by_province))
                .sentence(expected)
                .tone(Tone::Quiet)
        }
        Some(people) => {
            let count = &detail.people.count;
            let partial = partial_words(l, lang, count);
            let people = match partial {
                Some(_) => td_string!(l, events.at_least, n = lang.number(people)),
                None => lang.number(people),
            };
            let who = partial.or_else(|| females_words(l, lang, count));
            let words = [who, expected].into_iter().flatten().collect::<Vec<_>>();
            Fact::new(td_string!(l, events.people), people).sentence(words.join(" · "))
        }
        None => {
            let none = td_string!(l, events.not_recorded);
            Fact::new(td_string!(l, events.people), none).sentence(expected).tone(Tone::Quiet)
        }
    };
    let sum = |of: fn(&MaterialAtEvent) -> i64| detail.materials.iter().map(of).sum::<i64>();
    let given = sum(MaterialAtEvent::given);
    let to_participants = sum(|row| row.to_participants);
    let each = PiecesEach::of(given, to_participants, participants);
    let each = each.filter(|each| each.given > 0).map(|each| each_words(each, l));
    let planned: i64 = detail.planned.iter().map(|row| row.pieces).sum();
    let (taken, there) = (sum(|row| row.taken), sum(|row| row.there));
    let unit = td_string!(l, events.unit);
    let fact = |label: &'static str, n: i64| Fact::new(label, lang.number(n));
    let there_fact = fact(td_string!(l, events.there), there);
    vec![
        people,
        fact(td_string!(l, events.given), given).unit(unit).sentence(each),
        fact(td_string!(l, events.taken), taken).unit(unit).sentence(td_string!(
            l,
            events.planned_n,
            n = lang.number(planned)
        )),
        if there > 0 && detail.event.state == EventState::Held {
            there_fact.unit(unit).tone(Tone::Warn)
        } else {
            there_fact.unit(unit)
        },
    ]
}

/// A picture of what happened to the pieces, and the table that says it in numbers.
pub(super) fn pieces(visit: &Visit, detail: &EventDetail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let title = td_string!(l, events.what_happened);
    if detail.materials.is_empty() && detail.planned.is_empty() {
        let text = td_string!(l, events.nothing_moved);
        return view! { <ui::Sheet title><p>{text}</p></ui::Sheet> }.into_any();
    }
    let key = [
        (Hue::Given, td_string!(l, events.given)),
        (Hue::Store, td_string!(l, events.brought_back)),
        (Hue::Damaged, td_string!(l, events.spoiled)),
        (Hue::Event, td_string!(l, events.there)),
    ];
    let stack = |row: &MaterialAtEvent| {
        let counts = [row.given(), row.brought_back, row.damaged, row.there];
        let parts = key.iter().zip(counts);
        StackRow {
            label: row.title.clone(),
            href: ui::Words::default(),
            parts: parts.map(|((hue, words), n)| Part::new(*hue, *words, n.max(0))).collect(),
        }
    };
    let stacks: Vec<StackRow> = detail.materials.iter().map(stack).collect();
    let picture = (!stacks.is_empty()).then(|| {
        let key = key.map(|(hue, words)| (hue, words.to_owned())).to_vec();
        view! { <ui::StackedRows label=title rows=stacks key lang/> }
    });
    let table = table(visit, detail);
    view! { <ui::Sheet title id="pieces">{picture}{table}</ui::Sheet> }.into_any()
}

fn table(visit: &Visit, detail: &EventDetail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let columns = vec![
        Column::text(td_string!(l, events.material)),
        Column::number(td_string!(l, events.planned)),
        Column::number(td_string!(l, events.taken)),
        Column::number(td_string!(l, events.brought_back)),
        Column::number(td_string!(l, events.spoiled)),
        Column::number(td_string!(l, events.to_participants)),
        Column::number(td_string!(l, events.to_multipliers)),
        Column::number(td_string!(l, events.to_public)),
        Column::number(td_string!(l, events.there)),
    ];
    let planned = |material| {
        let row = detail.planned.iter().find(|row| row.material == material);
        row.map_or_else(Cell::blank, |row| Cell::number(row.pieces, lang))
    };
    let moved = detail.materials.iter().map(|row| {
        let a_person = row.tenths_a_person.filter(|tenths| *tenths > 0);
        let a_person = a_person.map(|n| td_string!(l, events.a_person, n = lang.tenths(n)));
        let there = Cell::number(row.there, lang);
        Row::new(vec![
            Cell::text(&row.title).below(row.short_number.as_str()),
            planned(row.material),
            Cell::number(row.taken, lang).below(brought(l, lang, detail, row)),
            Cell::number(row.brought_back, lang),
            Cell::number(row.damaged, lang),
            Cell::number(row.to_participants, lang).below(a_person),
            Cell::number(row.to_multipliers, lang),
            Cell::number(row.in_public_places, lang),
            if row.there > 0 { there.tone(Tone::Warn) } else { there },
        ])
    });
    let only_planned = detail
        .planned
        .iter()
        .filter(|row| detail.materials.iter().all(|moved| moved.material != row.material));
    let only_planned = only_planned.map(|row| {
        Row::new(vec![
            Cell::text(&row.title).below(row.short_number.as_str()),
            Cell::number(row.pieces, lang),
        ])
    });
    let rows: Vec<Row> = moved.chain(only_planned).collect();
    let caption = td_string!(l, events.what_happened);
    view! { <ui::DataTable caption hide_caption=true sparse=true columns rows/> }.into_any()
}

/// What the sheet in the books says was brought, where the books say otherwise.
fn brought(
    l: Locale,
    lang: ui::Lang,
    detail: &EventDetail,
    row: &MaterialAtEvent,
) -> Option<String> {
    let posted = detail.sheets.iter().filter(|sheet| sheet.state == SheetState::Posted);
    let rows = posted.flat_map(|sheet| &sheet.rows).map(|view| &view.row);
    let mut brought = rows.filter(|said| said.material == row.material).map(|said| said.brought);
    let first = brought.next()?;
    let all = brought.fold(first, |sum, brought| sum.saturating_add(brought));
    (all != row.taken).then(|| td_string!(l, events.brought_by_sheet, n = lang.number(all)))
}

/// Who came, and every statement that says so.
pub(super) fn people(visit: &Visit, detail: &EventDetail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let title = td_string!(l, events.who_came);
    let standing = standing(detail);
    if standing.is_empty() {
        let text = match detail.eyes {
            Eyes::Ours => td_string!(l, events.nobody_said),
            Eyes::Others => td_string!(l, events.people_by_province_text),
        };
        return view! { <ui::Sheet title id="people"><p>{text}</p></ui::Sheet> }.into_any();
    }
    let columns = vec![
        Column::text(td_string!(l, events.session)),
        Column::text(td_string!(l, events.said)),
        Column::text(td_string!(l, events.day)),
        Column::text(td_string!(l, events.correct)),
    ];
    let may = visit.may(Permission::RunEvents);
    let rows = standing.iter().map(|said| {
        let session = detail.sessions.iter().find(|known| Some(known.id) == said.statement.session);
        let session = session.map_or_else(
            || td_string!(l, events.whole_event).to_owned(),
            |session| session_label(l, lang, session),
        );
        let behalf = said.on_behalf.then(|| td_string!(l, events.on_behalf));
        let record = said.statement.record;
        let href = format!("{}/people?corrects={record}", path(detail.event.id));
        let correct =
            if may { Cell::link(href, td_string!(l, events.correct)) } else { Cell::blank() };
        Row::new(vec![
            Cell::text(session).below(behalf),
            Cell::text(said_words(l, lang, &said.statement.said)),
            Cell::day(said.day, lang),
            correct,
        ])
    });
    let rows: Vec<Row> = rows.collect();
    view! {
        <ui::Sheet title id="people">
            <ui::DataTable caption=title hide_caption=true columns rows/>
        </ui::Sheet>
    }
    .into_any()
}

pub(super) fn sheets(
    visit: &Visit,
    detail: &EventDetail,
    entries: &[EventRecord],
) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    if detail.sheets.is_empty() {
        return None;
    }
    let columns = vec![
        Column::text(td_string!(l, events.sheet)),
        Column::text(td_string!(l, events.session)),
        Column::text(td_string!(l, events.entered_by)),
        Column::text(td_string!(l, events.state)),
        Column::text(td_string!(l, events.correct)),
    ];
    let rows = detail.sheets.iter().map(|sheet| {
        let href = format!("{}/sheets/{}", path(detail.event.id), sheet.record);
        let session = detail.sessions.iter().find(|known| Some(known.id) == sheet.session);
        let session = session.map_or_else(
            || td_string!(l, events.whole_event).to_owned(),
            |session| session_label(l, lang, session),
        );
        let entry = entries.iter().find(|entry| entry.record == sheet.record);
        let by = entry.map(|entry| by_words(l, entry)).unwrap_or_default();
        let behalf = sheet.on_behalf.is_some().then(|| td_string!(l, events.on_behalf));
        let state = Cell::view(sheet_badge(l, sheet.state)).state();
        let decided = sheet.decision.map(|decision| decided_name(l, decision));
        Row::new(vec![
            Cell::link(href, td_string!(l, events.sheet_of, day = lang.day(sheet.day))),
            Cell::text(session),
            Cell::text(by).below(behalf),
            state.below(decided),
            retell(visit, detail, sheet)
                .map_or_else(Cell::blank, |link| Cell::link(link.href, link.label)),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let title = td_string!(l, events.sheets);
    Some(
        view! {
            <ui::Sheet title>
                <ui::DataTable caption=title hide_caption=true columns rows/>
            </ui::Sheet>
        }
        .into_any(),
    )
}

/// A colleague by name and role, others by their role.
pub(super) fn by_words(l: Locale, entry: &EventRecord) -> String {
    if entry.by_role == Some(Role::Link) {
        return by_link(l, entry.by_name.as_deref());
    }
    let role = entry.by_role.map(|role| role_name(l, role)).unwrap_or_default();
    match &entry.by_name {
        Some(name) => format!("{name} · {role}"),
        None => role,
    }
}

/// Everything that was recorded, in that order.
pub(super) fn history(visit: &Visit, entries: &[EventRecord]) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    if entries.is_empty() {
        return None;
    }
    let columns = vec![
        Column::text(td_string!(l, events.what)),
        Column::text(td_string!(l, events.day)),
        Column::text(td_string!(l, events.entered_by)),
        Column::number(td_string!(l, events.moved)),
    ];
    let rows = entries.iter().map(|entry| {
        let what = match entry.said {
            EventSaid::Taken => td_string!(l, events.said_taken),
            EventSaid::BroughtBack => td_string!(l, events.said_back),
            EventSaid::Sheet => td_string!(l, events.said_sheet),
            EventSaid::Decided => td_string!(l, events.said_decided),
            EventSaid::People => td_string!(l, events.said_people),
            EventSaid::Other => td_string!(l, events.said_other),
        };
        let marks = [
            (entry.is_reversed, td_string!(l, events.taken_back)),
            (entry.is_held, td_string!(l, events.sheet_held)),
            (entry.is_dropped, td_string!(l, events.sheet_dropped)),
            (entry.assumed, td_string!(l, events.assumed)),
            (entry.on_behalf.is_some(), td_string!(l, events.on_behalf)),
        ];
        let marks = marks.into_iter().filter(|(is, _)| *is).map(|(_, words)| words.to_owned());
        let below: Vec<String> = marks.chain(entry.note.clone()).collect();
        let moved = Some(entry.pieces).filter(|n| *n > 0);
        Row::new(vec![
            Cell::link(format!("/records/{}", entry.record), what).below(below.join(" · ")),
            Cell::day(entry.day, lang),
            Cell::text(by_words(l, entry)),
            moved.map_or_else(Cell::blank, |n| Cell::number(n, lang)),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let title = td_string!(l, events.history);
    Some(
        view! {
            <ui::Sheet title>
                <ui::DataTable caption=title hide_caption=true columns rows/>
            </ui::Sheet>
        }
        .into_any(),
    )
}
