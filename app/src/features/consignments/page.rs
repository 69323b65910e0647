//! The lists: consignments, and what is in transit.

use super::words::{badge, list_link, path, state_name, way};
use super::{detail, draft};
use crate::i18n::{Locale, td_string};
use crate::long_list;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Row, Tone};
use domain::consignment::State;
use domain::ids::ConsignmentId;
use domain::role::Permission;
use leptos::prelude::*;
use stock::consignments::{Filter, InTransit, Summary};
use stock::reference::stores::Store;

/// After so many days in transit somebody should ask.
pub(super) const LONG_DAYS: i32 = 7;

pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let filter = Filter {
        state: visit.query("state").and_then(State::parse),
        store: visit.query("store").and_then(|id| id.parse().ok()),
        before: visit.query("before").and_then(|id| id.parse().ok()),
    };
    let (rows, more) = reader.consignments(filter).await?;
    let stores = reader.stores().await?;
    let last = rows.last().filter(|_| more).map(|last| last.id);
    let pager = long_list::pager(&visit, "before", last, &["state", "store"]);
    let is_filtered = filter != Filter::default();
    let may_send = reader.may(Permission::Dispatch);
    let title = td_string!(l, consignments.title);
    let content = if rows.is_empty() && !is_filtered {
        empty(l, may_send)
    } else {
        let rows = rows.iter().map(|row| summary_row(&visit, row)).collect();
        view! {
            <ui::Sheet>
                <ui::DataTable caption=title hide_caption=true columns=columns(l) rows/>
                {pager}
            </ui::Sheet>
        }
        .into_any()
    };
    let filters = filters(l, &filter, &stores);
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, consignments.subtitle)>
                <ui::ButtonLink href="/consignments/in-transit"
                    label=td_string!(l, consignments.in_transit)/>
                <ui::ButtonLink href="/consignments/papers"
                    label=td_string!(l, consignments.papers)/>
                {may_send.then(|| view! {
                    <ui::ButtonLink href="/consignments/new" main=true
                        label=td_string!(l, consignments.new)/>
                })}
            </ui::PageHead>
            {filters}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn empty(l: Locale, may_send: bool) -> AnyView {
    let title = td_string!(l, consignments.empty);
    if may_send {
        let action = ui::Link::new("/consignments/new", td_string!(l, consignments.new));
        let text = td_string!(l, consignments.empty_text);
        view! { <ui::Empty title text action/> }.into_any()
    } else {
        view! { <ui::Empty title text=td_string!(l, consignments.empty_text_receiver)/> }.into_any()
    }
}

fn filters(l: Locale, filter: &Filter, stores: &[Store]) -> impl IntoView + use<> {
    let states: Vec<Choice> =
        State::ALL.map(|state| Choice::new(state.as_str(), state_name(l, state))).to_vec();
    let stores =
        stores.iter().map(|store| Choice::new(store.id.to_string(), &store.name)).collect();
    let state = filter.state.map(State::as_str);
    let store = filter.store.map(|store| store.to_string());
    let all = td_string!(l, consignments.all);
    view! {
        <ui::Filters action="/consignments" label=td_string!(l, consignments.filters)
            submit=td_string!(l, consignments.show)>
            <ui::SelectField name="state" label=td_string!(l, consignments.state) choices=states
                value=state prompt=all/>
            <ui::SelectField name="store" label=td_string!(l, consignments.store) choices=stores
                value=store prompt=all/>
        </ui::Filters>
    }
}

fn columns(l: Locale) -> Vec<Column> {
    vec![
        Column::text(td_string!(l, consignments.number)),
        Column::text(td_string!(l, consignments.from)),
        Column::text(td_string!(l, consignments.to)),
        Column::text(td_string!(l, consignments.left)),
        Column::text(td_string!(l, consignments.state)),
        Column::number(td_string!(l, consignments.in_transit)),
    ]
}

fn summary_row(visit: &Visit, row: &Summary) -> Row {
    let (l, lang) = (visit.locale, visit.lang());
    let left = row.dispatched_at.map_or_else(Cell::blank, |at| Cell::day(at.day(), lang));
    let state = Cell::view(badge(l, row.state)).state();
    let state = if row.to_confirm > 0 {
        state.below(td_string!(l, consignments.waits_for_confirmation))
    } else {
        state
    };
    Row::new(vec![
        Cell::link(path(row), &row.number),
        Cell::text(&row.from.name),
        Cell::text(&row.to.name),
        left,
        state,
        road_cell(visit, row),
    ])
}

fn road_cell(visit: &Visit, row: &Summary) -> Cell {
    let (l, lang) = (visit.locale, visit.lang());
    match (row.in_transit, row.state) {
        (_, State::Draft | State::Cancelled) | (Some(0), _) => Cell::blank(),
        (Some(pieces), State::Delivered) => {
            Cell::number(pieces, lang).below(td_string!(l, consignments.missing)).tone(Tone::Warn)
        }
        (Some(pieces), _) => Cell::number(pieces, lang),
        (None, _) => {
            Cell::link(format!("{}/receive", path(row)), td_string!(l, consignments.count_first))
        }
    }
}

/// A draft is prepared, anything else is looked at.
pub async fn show(visit: Visit) -> PageResult {
    let id: ConsignmentId = visit.param("id")?;
    let detail = visit.reader()?.consignment(id).await?;
    let is_draft = detail.consignment.state == State::Draft;
    if is_draft && detail.sees_from && visit.may(Permission::Dispatch) {
        draft::show(visit, detail).await
    } else {
        detail::show(visit, detail).await
    }
}

pub async fn in_transit(visit: Visit) -> PageResult {
    let l = visit.locale;
    let rows = visit.reader()?.in_transit().await?;
    let (missing, rows): (Vec<InTransit>, Vec<InTransit>) =
        rows.into_iter().partition(|row| row.consignment.missing() > 0);
    let is_empty = missing.is_empty() && rows.is_empty();
    let title = td_string!(l, consignments.in_transit);
    let content = if is_empty {
        view! {
            <ui::Empty title=td_string!(l, consignments.nothing_in_transit)
                text=td_string!(l, consignments.nothing_in_transit_text)/>
        }
        .into_any()
    } else {
        let road = (!rows.is_empty()).then(|| {
            let table = road_table(&visit, title, td_string!(l, consignments.in_transit), &rows);
            view! { <ui::Sheet>{table}</ui::Sheet> }
        });
        let missing = (!missing.is_empty()).then(|| {
            let title = td_string!(l, consignments.missing_unexplained);
            let table = road_table(&visit, title, td_string!(l, consignments.missing), &missing);
            view! {
                <ui::Sheet title id="missing">
                    <p>{td_string!(l, consignments.missing_unexplained_text)}</p>
                    {table}
                </ui::Sheet>
            }
        });
        view! { {road}{missing} }.into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, consignments.in_transit_text)
                crumbs=vec![list_link(l)]/>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// Consignments with their days since they left, and the pieces that `pieces` names.
fn road_table(
    visit: &Visit,
    caption: &'static str,
    pieces: &'static str,
    rows: &[InTransit],
) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let total: Option<i64> = rows.iter().map(|row| row.consignment.in_transit).sum();
    let columns = vec![
        Column::text(td_string!(l, consignments.number)),
        Column::text(td_string!(l, consignments.way)),
        Column::text(td_string!(l, consignments.left)),
        Column::number(td_string!(l, consignments.days)),
        Column::number(pieces),
    ];
    let row = |row: &InTransit| {
        let consignment = &row.consignment;
        let left = consignment.dispatched_at.map(|at| Cell::day(at.day(), lang));
        let days = Cell::number(row.days.into(), lang);
        Row::new(vec![
            Cell::link(path(consignment), &consignment.number),
            Cell::text(way(lang, consignment)),
            left.unwrap_or_else(Cell::blank),
            if row.days > LONG_DAYS { days.tone(Tone::Warn) } else { days },
            road_cell(visit, consignment),
        ])
    };
    let rows: Vec<Row> = rows.iter().map(row).collect();
    let sum = total.map(|total| {
        let mut cells = vec![Cell::text(td_string!(l, consignments.together))];
        cells.extend([Cell::blank(), Cell::blank(), Cell::blank(), Cell::number(total, lang)]);
        Row::new(cells)
    });
    let foot: Vec<Row> = sum.into_iter().collect();
    view! { <ui::DataTable caption hide_caption=true columns rows foot/> }.into_any()
}
