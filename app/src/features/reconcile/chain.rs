//! The chain: ordered, received, dispatched, arrived, taken, given, and beside it reported.

use super::behind::path;
use super::words::{difference_cell, kind_name};
use crate::i18n::{Locale, td_string};
use crate::ui::{self, Cell, Column as Head, Row, Tone};
use domain::calendar::Lang;
use domain::material::MaterialKind;
use domain::statement::Column;
use domain::time::Month;
use leptos::prelude::*;
use stock::reconcile::{Bulletin, ChainRow, Figure, FigureOf, What};

/// The steps that movements are behind, after "ordered".
pub(super) const STEPS: [Figure; 5] = [
    Figure::Column(Column::Received),
    Figure::Column(Column::Dispatched),
    Figure::Column(Column::Delivered),
    Figure::StayedAtEvents,
    Figure::Column(Column::Given),
];

pub(super) const fn steps(row: &ChainRow) -> [i64; 5] {
    [row.received, row.dispatched, row.delivered, row.taken, row.given]
}

/// A kind's way through the month, and what partners reported of it.
pub(super) struct KindRow {
    pub kind: MaterialKind,
    pub ordered: i64,
    pub steps: [i64; 5],
    pub reported: Option<i64>,
}

/// The kinds with a material in the chain or a report.
pub(super) fn kinds(chain: &[ChainRow], bulletin: &Bulletin) -> Vec<KindRow> {
    let kind = |kind: MaterialKind| {
        let mine = || chain.iter().filter(move |row| row.kind == kind.as_str());
        let reported = bulletin.kinds.get(&kind).and_then(|numbers| numbers.reported);
        if mine().next().is_none() && reported.is_none() {
            return None;
        }
        let ordered = mine().map(|row| row.ordered).sum();
        let steps = mine().fold([0; 5], |sums, row| {
            let mut sums: [i64; 5] = sums;
            for (sum, step) in sums.iter_mut().zip(steps(row)) {
                *sum += step;
            }
            sums
        });
        Some(KindRow { kind, ordered, steps, reported })
    };
    MaterialKind::ALL.into_iter().filter_map(kind).collect()
}

/// Materials, then kinds with what partners reported: a report names kinds, not editions.
pub(super) fn table(
    month: Month,
    chain: &[ChainRow],
    bulletin: &Bulletin,
    l: Locale,
    lang: Lang,
) -> impl IntoView + use<> {
    let columns = vec![
        Head::text(td_string!(l, reconcile.material)),
        Head::number(td_string!(l, reconcile.ordered)),
        Head::number(td_string!(l, reconcile.received)),
        Head::number(td_string!(l, reconcile.dispatched)),
        Head::number(td_string!(l, reconcile.arrived)),
        Head::number(td_string!(l, reconcile.net_taken)),
        Head::number(td_string!(l, reconcile.given)),
        Head::number(td_string!(l, reconcile.reported)),
        Head::number(td_string!(l, reconcile.difference)),
    ];
    let rows = chain.iter().map(|row| {
        let mut cells = vec![Cell::text(row.title.clone()).below(row.short_number.clone())];
        let figures = figures(month, What::Material(row.material), row.ordered, steps(row), lang);
        cells.extend(figures);
        cells.extend([Cell::blank(), Cell::blank()]);
        Row::new(cells)
    });
    let rows: Vec<Row> = rows.collect();
    let kinds = kinds(chain, bulletin).into_iter().map(|row| {
        let KindRow { kind, ordered, steps, reported } = row;
        let mut cells = vec![Cell::text(kind_name(kind, l))];
        cells.extend(figures(month, What::Kind(kind), ordered, steps, lang));
        cells.extend(reported_cells(month, reported, steps[4], l, lang));
        Row::new(cells)
    });
    let foot: Vec<Row> = kinds.collect();
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.chain_caption) columns rows foot
            sparse=true/>
    }
}

fn figures(month: Month, what: What, ordered: i64, steps: [i64; 5], lang: Lang) -> Vec<Cell> {
    let cell = |count: i64, href: String| match count {
        0 => Cell::number(0, lang),
        count => Cell::number_link(count, lang, href),
    };
    let word = match what {
        What::Everything => "all".to_owned(),
        What::Kind(kind) => kind.as_str().to_owned(),
        What::Material(material) => material.to_string(),
    };
    let mut cells = vec![cell(ordered, format!("/reconcile/{month}/ordered/{word}"))];
    for (figure, count) in STEPS.into_iter().zip(steps) {
        cells.push(cell(count, path(FigureOf { month, store: None, what, figure })));
    }
    cells
}

fn reported_cells(
    month: Month,
    reported: Option<i64>,
    given: i64,
    l: Locale,
    lang: Lang,
) -> [Cell; 2] {
    match reported {
        Some(pieces) => [
            Cell::number_link(pieces, lang, format!("/reported?month={month}")),
            difference_cell(pieces - given, l, lang),
        ],
        None => {
            let none = td_string!(l, reconcile.not_reported);
            [Cell::text(none).tone(Tone::Quiet), Cell::blank()]
        }
    }
}
