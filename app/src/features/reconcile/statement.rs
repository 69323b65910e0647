//! The stock statement, and whether it adds up.

use super::behind::{ALL, crumbs, month_of, path, store_of};
use super::words::column_name;
use crate::features::codes::words::grouped;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column as Head, Row, Tone};
use domain::calendar::Lang;
use domain::statement::Column;
use domain::time::Month;
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
            batch = grouped(batch_code),
            kept = kept,
            found = found
        ),
    }
}

/// The most rows that are shown among a month's other tables: of more, only the holders.
const MOST_ROWS: usize = 60;

/// The statement as a part of the month: holders by material, or where that is too long to be looked
/// over, holders.
pub(super) fn summary(statement: &Statement, l: Locale, lang: Lang) -> AnyView {
    if statement.rows.len() <= MOST_ROWS {
        return table(statement.month, &statement.rows, l, lang).into_any();
    }
    let month = statement.month;
    let mut columns = vec![Head::text(td_string!(l, reconcile.store))];
    columns.extend(figure_columns(l));
    let rows = statement.by_holder().into_iter().map(|row| {
        let mut cells = vec![holder(month, &row)];
        cells.extend(figures(month, &row, lang));
        Row::new(cells)
    });
    let rows = rows.collect();
    let mut total = vec![Cell::text(td_string!(l, reconcile.total))];
    total.extend(figures(month, &statement.total, lang));
    view! {
        <p>{td_string!(l, reconcile.by_holder)}</p>
        <ui::DataTable caption=td_string!(l, reconcile.statement_caption) columns rows
            foot=vec![Row::new(total)] dense=true sparse=true/>
    }
    .into_any()
}

/// `/reconcile/{month}/statement/{store}`: the statement of a holder, or of all, by material.
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), month_of(&visit)?);
    let (store, store_name) = store_of(&visit).await?;
    // At the head of a page, and not inside a sentence.
    let heading = store.map_or(td_string!(l, reconcile.all_stores).to_owned(), |_| store_name);
    let mut statement = visit.reader()?.statement(month).await?;
    if store.is_some() {
        statement.rows.retain(|row| row.store == store);
        statement.broken.retain(|broken| Some(broken.store) == store);
    }
    let proof = proof(&statement, l, lang);
    let content = match statement.rows.is_empty() {
        true => view! { <ui::Empty title=td_string!(l, reconcile.nothing_held)/> }.into_any(),
        false => table(month, &statement.rows, l, lang).into_any(),
    };
    let to = move |month: Month| {
        let of = store.map_or(ALL.to_owned(), |store| store.to_string());
        ui::Link::new(format!("/reconcile/{month}/statement/{of}"), lang.month(month))
    };
    let title = format!("{} · {}", td_string!(l, reconcile.statement), lang.month(month));
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading crumbs=crumbs(month, l, lang)
                subtitle=td_string!(l, reconcile.statement)/>
            <div class="months no-print">
                <ui::Pager position=td_string!(l, reconcile.other_months) label=td_string!(l, reconcile.month)
                    previous=Some(to(month.previous())) next=Some(to(month.next()))/>
            </div>
            <ui::Sheet>{proof}{content}</ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn figure_columns(l: Locale) -> Vec<Head> {
    let mut columns = vec![Head::number(td_string!(l, reconcile.opening))];
    columns.extend(COLUMNS.map(|column| Head::number(column_name(column, l))));
    columns.push(Head::number(td_string!(l, reconcile.closing)));
    columns
}

fn holder(month: Month, row: &StatementRow) -> Cell {
    let store = row.store.map_or(ALL.to_owned(), |store| store.to_string());
    Cell::link(format!("/reconcile/{month}/statement/{store}"), row.store_name.clone())
}

fn table(month: Month, rows: &[StatementRow], l: Locale, lang: Lang) -> impl IntoView + use<> {
    let mut columns = vec![
        Head::text(td_string!(l, reconcile.store)),
        Head::text(td_string!(l, reconcile.material)),
    ];
    columns.extend(figure_columns(l));
    let total = StatementRow::total(rows);
    let rows = rows.iter().map(|row| {
        let title = Cell::text(row.title.clone()).below(row.short_number.clone());
        let mut cells = vec![holder(month, row), title];
        cells.extend(figures(month, row, lang));
        Row::new(cells)
    });
    let rows = rows.collect();
    let mut foot = vec![Cell::text(td_string!(l, reconcile.total)), Cell::blank()];
    foot.extend(figures(month, &total, lang));
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.statement_caption) columns rows
            foot=vec![Row::new(foot)] dense=true sparse=true/>
    }
}

/// Opening, the columns and closing of a row; each opens what is behind it. What nobody has
/// explained is amber.
fn figures(month: Month, row: &StatementRow, lang: Lang) -> Vec<Cell> {
    let of = |month, figure| FigureOf {
        month,
        store: row.store,
        what: row.material.map_or(What::Everything, What::Material),
        figure,
    };
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
