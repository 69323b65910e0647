//! What a sheet says, beside what the books hold of the same event.

use super::fields::people_boxes;
use super::people::standing;
use super::words::{channel_name, group_name, multiplier_name, public_place_name};
use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::account::Channel;
use domain::attendance::{Attendance, Statement};
use domain::event_sheet::SheetRow;
use leptos::prelude::*;
use stock::events::{EventDetail, SheetDetail, SheetRowView, SheetState};

/// The boxes of a row in the order of the sheet.
fn boxes(l: Locale, row: &SheetRow) -> Vec<(String, i64, Option<String>)> {
    let mut boxes = vec![
        (td_string!(l, events.brought).to_owned(), row.brought, None),
        (td_string!(l, events.left).to_owned(), row.left, None),
        (td_string!(l, events.spoiled).to_owned(), row.spoiled, None),
        (td_string!(l, events.given).to_owned(), row.given(), None),
    ];
    for channel in Channel::ALL {
        let below = match channel {
            Channel::Participants => None,
            Channel::Multipliers => row.multipliers.map(|to| {
                let who = multiplier_name(l, to.who).to_owned();
                let people = to.people.map(|people| td_string!(l, events.n_people, count = people));
                people.map_or(who.clone(), |people| format!("{people} · {who}"))
            }),
            Channel::PublicPlaces => row.public.map(|to| {
                let kind = public_place_name(l, to.kind).to_owned();
                let places = to.places.map(|places| td_string!(l, events.n_places, count = places));
                places.map_or(kind.clone(), |places| format!("{places} · {kind}"))
            }),
        };
        boxes.push((channel_name(l, channel).to_owned(), row.by(channel), below));
    }
    boxes
}

/// A table a material; beside the numbers of this sheet those of the one in the books.
pub(super) fn rows(visit: &Visit, sheet: &SheetDetail, earlier: &[&SheetDetail]) -> AnyView {
    if sheet.rows.is_empty() {
        let text = td_string!(visit.locale, events.no_rows);
        return view! { <ui::Sheet><p>{text}</p></ui::Sheet> }.into_any();
    }
    sheet.rows.iter().map(|row| one_row(visit, row, earlier)).collect_view().into_any()
}

/// What the sheet in the books gave out and this one does not name: a correction takes that back.
pub(super) fn left_out(
    visit: &Visit,
    sheet: &SheetDetail,
    earlier: &[&SheetDetail],
) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    let named =
        |row: &&SheetRowView| sheet.rows.iter().any(|mine| mine.row.material == row.row.material);
    let rows = earlier.iter().flat_map(|sheet| &sheet.rows).filter(|row| !named(row));
    let rows: Vec<Row> = rows
        .map(|row| {
            let title = format!("{} · {}", row.short_number, row.title);
            Row::new(vec![Cell::text(title), Cell::number(row.row.given(), lang).tone(Tone::Warn)])
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let title = td_string!(l, events.left_out);
    let columns = vec![
        Column::text(td_string!(l, events.material)),
        Column::number(td_string!(l, events.given_in_books)),
    ];
    Some(
        view! {
            <ui::Sheet title>
                <p class="warn-text">{td_string!(l, events.left_out_text)}</p>
                <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
            </ui::Sheet>
        }
        .into_any(),
    )
}

fn one_row(visit: &Visit, view: &SheetRowView, earlier: &[&SheetDetail]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    // Several sessions together are what one sheet of the whole event says.
    let others = earlier.iter().flat_map(|sheet| &sheet.rows);
    let others = others.filter(|other| other.row.material == view.row.material);
    let before = others
        .map(|other| boxes(l, &other.row).into_iter().map(|(_, pieces, _)| pieces).collect())
        .reduce(|sum: Vec<i64>, more| sum.iter().zip(&more).map(|(a, b)| a + b).collect());
    let mut columns = vec![Column::text(td_string!(l, events.box_name))];
    if before.is_some() {
        columns.push(Column::number(td_string!(l, events.in_books)));
    }
    columns.push(Column::number(td_string!(l, events.this_sheet)));
    let rows =
        boxes(l, &view.row).into_iter().enumerate().map(|(place, (label, pieces, below))| {
            let mut cells = vec![Cell::text(label).below(below)];
            let mine = Cell::number(pieces, lang);
            let other = before.as_ref().and_then(|boxes| boxes.get(place)).copied();
            match other {
                Some(other) => {
                    cells.push(Cell::number(other, lang));
                    cells.push(if other == pieces { mine } else { mine.tone(Tone::Warn) });
                }
                None => cells.push(mine),
            }
            Row::new(cells)
        });
    let rows: Vec<Row> = rows.collect();
    let title = format!("{} · {}", view.short_number, view.title);
    let assumed = view.assumed.then(|| {
        view! { <p class="small warn-text">{td_string!(l, events.assumed_text)}</p> }
    });
    view! {
        <ui::Sheet title=title.clone()>
            {assumed}
            <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
        </ui::Sheet>
    }
    .into_any()
}

/// Who came by what stands in the books, box by box; for a sheet of the whole event in all its
/// sessions, unless somebody counted them together.
fn people_in_books(sheet: &SheetDetail, detail: &EventDetail) -> Option<Vec<Option<i64>>> {
    let stands = standing(detail).into_iter().map(|said| &said.statement);
    let stands: Vec<_> = stands.filter(|said| said.record != sheet.record).collect();
    let boxes = |said: &Statement| said.said.count.boxes().to_vec();
    let same = stands.iter().find(|said| said.session == sheet.session);
    if same.is_some() || sheet.session.is_some() {
        return same.map(|said| boxes(said));
    }
    stands.iter().map(|said| boxes(said)).reduce(|sum, more| {
        let both = sum.into_iter().zip(more);
        both.map(|(a, b)| a.map_or(b, |a| Some(a + b.unwrap_or(0)))).collect()
    })
}

/// Who came, as this sheet said; beside it what stands in the books, also where somebody has put
/// right since what the earlier sheet said.
pub(super) fn people(visit: &Visit, sheet: &SheetDetail, detail: &EventDetail) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    let mine = sheet.said.as_ref()?;
    let waits = matches!(sheet.state, SheetState::Kept | SheetState::Held(_));
    let before = if waits { people_in_books(sheet, detail) } else { None };
    let mut columns = vec![Column::text(td_string!(l, events.box_name))];
    if before.is_some() {
        columns.push(Column::number(td_string!(l, events.in_books)));
    }
    columns.push(Column::number(td_string!(l, events.this_sheet)));
    let cell = |count: Option<i64>| match count {
        Some(count) => Cell::number(count, lang),
        None => Cell::text(td_string!(l, events.not_recorded)).tone(Tone::Quiet),
    };
    let rows = people_boxes(l).into_iter().enumerate().map(|(place, (_, label))| {
        let said = mine.count.boxes()[place];
        let mut cells = vec![Cell::text(label)];
        cells.extend(before.as_ref().map(|before| cell(before[place])));
        let differs = before.as_ref().is_some_and(|before| before[place] != said);
        let mine = cell(said);
        cells.push(if differs { mine.tone(Tone::Warn) } else { mine });
        Row::new(cells)
    });
    let rows: Vec<Row> = rows.collect();
    let groups = |said: &Attendance| {
        let names = said.groups.iter().map(|group| group_name(l, *group));
        names.collect::<Vec<_>>().join(" · ")
    };
    let groups = groups(mine);
    let title = td_string!(l, events.who_came);
    Some(
        view! {
            <ui::Sheet title>
                <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
                {(!groups.is_empty()).then(|| view! { <p>{groups}</p> })}
            </ui::Sheet>
        }
        .into_any(),
    )
}
