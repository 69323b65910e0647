//! `/reconcile`: the statement, the chain, and what is behind a figure.

use crate::features::records::words::path as record_path;
use crate::features::stock::words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column as Head, Row};
use domain::calendar::Lang;
use domain::ids::{MaterialId, StoreId};
use domain::statement::Column;
use domain::time::Month;
use leptos::prelude::*;
use stock::reconcile::{BehindPage, ChainRow, Statement, StatementRow};

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

pub(super) fn column_name(column: Column, l: Locale) -> String {
    match column {
        Column::In => td_string!(l, reconcile.incoming),
        Column::Counted => td_string!(l, reconcile.counted),
        Column::Unexplained => td_string!(l, reconcile.unexplained),
        Column::Given => td_string!(l, reconcile.given),
        Column::Disposed => td_string!(l, reconcile.disposed),
        Column::Lost => td_string!(l, reconcile.lost),
        Column::Out => td_string!(l, reconcile.out),
        Column::Received => td_string!(l, reconcile.received),
        Column::Dispatched => td_string!(l, reconcile.dispatched),
        Column::Delivered => td_string!(l, reconcile.delivered),
        Column::Taken | Column::BroughtBack => td_string!(l, reconcile.taken),
    }
    .to_string()
}

/// The month that is asked for, else this one.
pub(super) fn month(visit: &Visit) -> Month {
    let asked = visit.query("month").and_then(Month::parse);
    asked.unwrap_or_else(|| visit.stock().world().now().day().month())
}

/// `/reconcile?month=2017-06`
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), month(&visit));
    let reader = visit.reader()?;
    let statement = reader.statement(month).await?;
    let chain = reader.chain(month).await?;
    let proof = proof(&statement, l, lang).into_any();
    let content = match statement.rows.is_empty() && chain.is_empty() {
        true => view! {
            <ui::Empty title=td_string!(l, reconcile.empty_title)
                text=td_string!(l, reconcile.empty_text)/>
        }
        .into_any(),
        false => {
            let tables = (statement_table(&statement, l, lang), chain_table(&chain, l, lang));
            view! {
                <ui::Sheet title=td_string!(l, reconcile.statement)>{proof}{tables.0}</ui::Sheet>
                <ui::Sheet title=td_string!(l, reconcile.chain)>{tables.1}</ui::Sheet>
            }
            .into_any()
        }
    };
    let title = td_string!(l, reconcile.title);
    let to = |month: Month| format!("/reconcile?month={month}");
    let body = view! {
        <ui::Page>
            <ui::PageHead title=title
                subtitle=format!("{} · {}", lang.month(month), lang.hijri_span(month))>
                <ui::ButtonLink href=to(month.previous()) label=td_string!(l, reconcile.previous)/>
                <ui::ButtonLink href=to(month.next()) label=td_string!(l, reconcile.next)/>
                <ui::ButtonLink href="/unexplained" label=td_string!(l, reconcile.to_unexplained)/>
                <ui::ButtonLink href=format!("/reconcile/statement.csv?month={month}")
                    label=td_string!(l, reconcile.csv) main=true/>
            </ui::PageHead>
            <ui::Filters action="/reconcile" label=td_string!(l, reconcile.month)
                submit=td_string!(l, reconcile.show).to_string()>
                <ui::DateField name="month" label=td_string!(l, reconcile.month)
                    value=month.to_string() month=true/>
            </ui::Filters>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// Says whether the sums hold, and where they break.
fn proof(statement: &Statement, l: Locale, lang: Lang) -> impl IntoView + use<> {
    if statement.broken.is_empty() {
        return view! {
            <ui::Notice tone=ui::Tone::Good>{td_string!(l, reconcile.proved)}</ui::Notice>
        }
        .into_any();
    }
    let broken = statement.broken.iter().map(|broken| {
        let words = td_string!(
            l,
            reconcile.broken,
            store = broken.store_name.clone(),
            material = broken.title.clone(),
            by_months = lang.number(broken.by_months),
            by_balances = lang.number(broken.by_balances)
        );
        view! { <p>{words.to_string()}</p> }
    });
    let broken = broken.collect_view();
    view! {
        <ui::Notice tone=ui::Tone::Bad title=td_string!(l, reconcile.broken_title)>
            {broken}
        </ui::Notice>
    }
    .into_any()
}

fn statement_table(statement: &Statement, l: Locale, lang: Lang) -> impl IntoView + use<> {
    let mut columns = vec![
        Head::text(td_string!(l, reconcile.store)),
        Head::text(td_string!(l, reconcile.material)),
        Head::number(td_string!(l, reconcile.opening)),
    ];
    columns.extend(COLUMNS.map(|column| Head::number(column_name(column, l))));
    columns.push(Head::number(td_string!(l, reconcile.closing)));
    let figures = |row: &StatementRow, cells: &mut Vec<Cell>| {
        cells.push(Cell::number(row.opening, lang));
        for column in COLUMNS {
            let figure = row.column(column);
            let behind = row.store.zip(row.material).filter(|_| figure != 0);
            cells.push(match behind {
                Some((store, material)) => Cell::number_link(
                    figure,
                    lang,
                    behind_path(statement.month, store, material, column),
                ),
                None => Cell::number(figure, lang),
            });
        }
        cells.push(Cell::number(row.closing, lang));
    };
    let rows = statement.rows.iter().map(|row| {
        let mut cells = vec![
            Cell::text(row.store_name.clone()),
            Cell::text(row.title.clone()).below(row.short_number.clone()),
        ];
        figures(row, &mut cells);
        Row::new(cells)
    });
    let rows = rows.collect();
    let mut total = vec![Cell::text(td_string!(l, reconcile.total)), Cell::blank()];
    figures(&statement.total, &mut total);
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.statement_caption) columns=columns rows=rows
            foot=vec![Row::new(total)] dense=true/>
    }
}

fn chain_table(chain: &[ChainRow], l: Locale, lang: Lang) -> impl IntoView + use<> {
    let columns = vec![
        Head::text(td_string!(l, reconcile.material)),
        Head::number(td_string!(l, reconcile.ordered)),
        Head::number(td_string!(l, reconcile.received)),
        Head::number(td_string!(l, reconcile.dispatched)),
        Head::number(td_string!(l, reconcile.delivered)),
        Head::number(td_string!(l, reconcile.taken)),
        Head::number(td_string!(l, reconcile.given)),
    ];
    let rows = chain.iter().map(|row| {
        let ChainRow { ordered, received, dispatched, delivered, taken, given, .. } = *row;
        let figures = [ordered, received, dispatched, delivered, taken, given];
        let mut cells = vec![Cell::text(row.title.clone()).below(row.short_number.clone())];
        cells.extend(figures.map(|figure| Cell::number(figure, lang)));
        Row::new(cells)
    });
    let rows = rows.collect();
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.chain_caption) columns=columns rows=rows/>
    }
}

fn behind_path(month: Month, store: StoreId, material: MaterialId, column: Column) -> String {
    format!("/reconcile/{month}/{store}/{material}/{}", column.as_str())
}

/// `/reconcile/{month}/{store}/{material}/{column}`: the movements behind a figure.
pub async fn behind(visit: Visit) -> PageResult {
    use crate::error::PageError::NotFound;
    let (l, lang) = (visit.locale, visit.lang());
    let asked: String = visit.param("month")?;
    let month = Month::parse(&asked).ok_or(NotFound)?;
    let column: String = visit.param("column")?;
    let column = Column::parse(&column).ok_or(NotFound)?;
    let reader = visit.reader()?;
    let store = reader.store(visit.param("store")?).await?.ok_or(NotFound)?;
    let material = reader.material(visit.param("material")?).await?.ok_or(NotFound)?;
    let page = reader.behind(month, store.id, material.id, column).await?;
    let crumbs = vec![
        ui::Link::new("/reconcile", td_string!(l, reconcile.title)),
        ui::Link::new(format!("/reconcile?month={month}"), lang.month(month)),
    ];
    let name = column_name(column, l);
    let facts = vec![
        ui::Fact::new(name.clone(), lang.number(page.sum))
            .sentence(format!("{} · {}", store.name, material.title)),
    ];
    let note = match page.cut {
        true => td_string!(l, reconcile.behind_cut),
        false => td_string!(l, reconcile.behind_sum),
    };
    let table = behind_table(&page, l, lang);
    let title = td_string!(l, reconcile.behind);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=title crumbs=crumbs subtitle=name/>
            <ui::Facts facts=facts/>
            <ui::Sheet>{table}<p>{note}</p></ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn behind_table(page: &BehindPage, l: Locale, lang: Lang) -> impl IntoView + use<> {
    let columns = vec![
        Head::text(td_string!(l, reconcile.date)),
        Head::text(td_string!(l, reconcile.what)),
        Head::text(td_string!(l, reconcile.from)),
        Head::text(td_string!(l, reconcile.to)),
        Head::number(td_string!(l, reconcile.share)),
    ];
    let rows = page.lines.iter().map(|line| {
        Row::new(vec![
            Cell::day(line.occurred_at.day(), lang),
            Cell::link(record_path(line.record), words::kind(line.kind, l))
                .below(line.batch_code.clone()),
            Cell::text(words::account_of(&line.from_kind, &line.from_holder, l)),
            Cell::text(words::account_of(&line.to_kind, &line.to_holder, l)),
            Cell::number(line.share, lang),
        ])
    });
    let rows = rows.collect();
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.behind_caption) columns=columns rows=rows/>
    }
}
