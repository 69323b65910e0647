//! The stock statement, and whether it adds up.

use super::behind::path;
use super::words::column_name;
use crate::i18n::{Locale, td_string};
use crate::ui::{self, Cell, Column as Head, Row, Tone};
use domain::calendar::Lang;
use domain::statement::Column;
use leptos::prelude::*;
use stock::reconcile::{Break, Broken, Figure, FigureOf, Statement, StatementRow, What};

/// The columns between opening and closing, in the order of the sum.
pub(super) const COLUMNS: [Column; 7] = [
    Column::In,
    Column::Counted,
    Column::Unexplained,
    Column::Given,
    Column::Disposed,
    Column::Lost,
    Column::Out,
];

/// Says whether the sums hold, and where they break.
pub(super) fn proof(statement: &Statement, l: Locale, lang: Lang) -> AnyView {
    if statement.broken.is_empty() {
        let before = lang.month(statement.month.previous());
        let proved = td_string!(l, reconcile.proved, before = before);
        return view! { <ui::Notice tone=Tone::Good>{proved}</ui::Notice> }.into_any();
    }
    let broken = statement.broken.iter().map(|broken| {
        let words = broken_words(broken, l, lang);
        let href = format!("/stock/stores/{}/materials/{}", broken.store, broken.material);
        let card = td_string!(l, stock.card);
        view! { <p>{words}" "<a href=href>{card}</a></p> }
    });
    let broken = broken.collect_view();
    view! {
        <ui::Notice tone=Tone::Bad title=td_string!(l, reconcile.broken_title)>
            {broken}
            <p>{td_string!(l, reconcile.broken_help)}</p>
        </ui::Notice>
    }
    .into_any()
}

/// A break in words: whose figure, and the two numbers.
pub(super) fn broken_words(broken: &Broken, l: Locale, lang: Lang) -> String {
    let (store, material) = (broken.store_name.clone(), broken.title.clone());
    let (kept, found) = (lang.number(broken.kept), lang.number(broken.found));
    match &broken.what {
        Break::Figure(column) => td_string!(
            l,
            reconcile.broken_figure,
            store = store,
            material = material,
            column = column_name(*column, l),
            kept = kept,
            found = found
        ),
        Break::Closing => td_string!(
            l,
            reconcile.broken_closing,
            store = store,
            material = material,
            kept = kept,
            found = found
        ),
        Break::OnHand => td_string!(
            l,
            reconcile.broken,
            store = store,
            material = material,
            by_months = kept,
            by_balances = found
        ),
        Break::Packs { batch_code } => td_string!(
            l,
            reconcile.broken_packs,
            store = store,
            batch = batch_code.clone(),
            kept = kept,
            found = found
        ),
    }
}

pub(super) fn table(statement: &Statement, l: Locale, lang: Lang) -> impl IntoView + use<> {
    let mut columns = vec![
        Head::text(td_string!(l, reconcile.store)),
        Head::text(td_string!(l, reconcile.material)),
        Head::number(td_string!(l, reconcile.opening)),
    ];
    columns.extend(COLUMNS.map(|column| Head::number(column_name(column, l))));
    columns.push(Head::number(td_string!(l, reconcile.closing)));
    let rows = statement.rows.iter().map(|row| {
        let mut cells = vec![
            Cell::text(row.store_name.clone()),
            Cell::text(row.title.clone()).below(row.short_number.clone()),
        ];
        cells.extend(figures(statement, row, lang));
        Row::new(cells)
    });
    let rows = rows.collect();
    let mut total = vec![Cell::text(td_string!(l, reconcile.total)), Cell::blank()];
    total.extend(figures(statement, &statement.total, lang));
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.statement_caption) columns rows
            foot=vec![Row::new(total)] dense=true sparse=true/>
    }
}

/// Opening, the columns and closing of a row; each opens what is behind it. What nobody has
/// explained is amber.
fn figures(statement: &Statement, row: &StatementRow, lang: Lang) -> Vec<Cell> {
    let of = |month, figure| FigureOf {
        month,
        store: row.store,
        what: row.material.map_or(What::Everything, What::Material),
        figure,
    };
    let month = statement.month;
    let cell = |count: i64, figure: FigureOf| match count {
        0 => Cell::number(0, lang),
        count => Cell::number_link(count, lang, path(figure)),
    };
    let mut cells = vec![cell(row.opening, of(month.previous(), Figure::Closing))];
    for column in COLUMNS {
        let pieces = row.column(column);
        let cell = cell(pieces, of(month, Figure::Column(column)));
        let explain = column == Column::Unexplained && pieces != 0;
        cells.push(if explain { cell.tone(Tone::Warn) } else { cell });
    }
    cells.push(cell(row.closing, of(month, Figure::Closing)).shown());
    cells
}
