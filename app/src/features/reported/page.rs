//! `/reported`: what partners reported for a month, beside what the ledger says they gave out.

use crate::error::PageError;
use crate::features::reconcile::months;
use crate::features::reconcile::words::{difference_cell, kind_name};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::calendar::Lang;
use domain::ids::OrgId;
use domain::material::MaterialKind;
use domain::records::reported::ReportSource;
use domain::role::{Permission, Scope};
use domain::time::Millis;
use leptos::prelude::*;
use std::collections::BTreeMap;
use stock::events::GivenByProvince;
use stock::reconcile::ReportedRow;

pub(super) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reported", td_string!(l, reported.title))
}

pub(super) fn source_name(source: ReportSource, l: Locale) -> String {
    match source {
        ReportSource::Spreadsheet => td_string!(l, reported.source_spreadsheet),
        ReportSource::Paper => td_string!(l, reported.source_paper),
        ReportSource::Phone => td_string!(l, reported.source_phone),
    }
    .to_owned()
}

/// `/reported?month=2017-06`
pub async fn list(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), months::asked(&visit));
    let reader = visit.reader()?;
    let rows = reader.reported(month).await?;
    // What was given in one place is not what a partner reports of all of its places.
    let given = match visit.actor()?.scope {
        Scope::Everything | Scope::Org(_) => {
            Some(given_by_partner(&reader.month_given(month).await?))
        }
        Scope::Place(_) | Scope::Event(_) | Scope::Consignment(_) => None,
    };
    let may_report = visit.may(Permission::Report);
    let new = ui::Link::new(format!("/reported/new?month={month}"), td_string!(l, reported.new));
    let (standing, earlier): (Vec<ReportedRow>, Vec<ReportedRow>) =
        rows.into_iter().partition(|row| !row.superseded);
    let content = if standing.is_empty() {
        let action = may_report.then(|| new.clone());
        let text = td_string!(l, reported.empty_text);
        crate::features::reference::empty(td_string!(l, reported.empty), text, action)
    } else {
        let correct = may_report.then_some(month);
        let table = standing_table(&standing, given.as_ref(), correct, (l, lang))?;
        view! { <ui::Sheet>{table}</ui::Sheet> }.into_any()
    };
    let replaced = if earlier.is_empty() {
        None
    } else {
        let table = earlier_table(&earlier, l, lang)?;
        let title = td_string!(l, reported.earlier);
        Some(view! { <ui::Sheet title>{table}</ui::Sheet> })
    };
    let with_button = may_report && !standing.is_empty();
    let saved = visit.query("saved").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, reported.saved)/> }
    });
    let title = td_string!(l, reported.title);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=format!("{title} · {}", lang.month(month))
                subtitle=lang.hijri_span(month)>
                {with_button.then(|| view! {
                    <ui::ButtonLink href=new.href label=new.label main=true/>
                })}
            </ui::PageHead>
            {saved}
            {months::switcher(&visit, "/reported", month)}
            {content}
            {replaced}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// What the ledger says each partner gave out, by kind.
fn given_by_partner(given: &[GivenByProvince]) -> BTreeMap<(OrgId, MaterialKind), i64> {
    let mut sums = BTreeMap::new();
    for row in given {
        *sums.entry((row.org, row.kind)).or_default() += row.pieces;
    }
    sums
}

fn standing_table(
    rows: &[ReportedRow],
    given: Option<&BTreeMap<(OrgId, MaterialKind), i64>>,
    correct: Option<domain::time::Month>,
    (l, lang): (Locale, Lang),
) -> Result<AnyView, PageError> {
    let columns = vec![
        Column::text(td_string!(l, reported.partner)),
        Column::text(td_string!(l, reported.kind)),
        Column::number(td_string!(l, reported.reported)),
        Column::number(td_string!(l, reported.given)),
        Column::number(td_string!(l, reported.difference)),
        Column::text(td_string!(l, reported.source)),
        Column::text(td_string!(l, reported.recorded)),
        Column::text(""),
    ];
    let row = |row: &ReportedRow| {
        let kind = kind_of(row)?;
        let mut cells = figure_cells(row, (l, lang))?;
        let when = cells.split_off(3);
        match given.map(|given| given.get(&(row.org_id.into(), kind)).copied().unwrap_or(0)) {
            Some(given) => {
                cells.push(Cell::number(given, lang));
                cells.push(difference_cell(row.pieces - given, l, lang));
            }
            None => cells.extend([Cell::blank(), Cell::blank()]),
        }
        cells.extend(when);
        cells.push(match correct {
            Some(month) => Cell::link(
                format!("/reported/new?org={}&month={month}", row.org_id),
                td_string!(l, reported.correct),
            ),
            None => Cell::blank(),
        });
        Ok(Row::new(cells).id(format!("r-{}", row.record_id)))
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, PageError>>()?;
    let caption = td_string!(l, reported.caption);
    Ok(view! { <ui::DataTable caption columns rows/> }.into_any())
}

fn earlier_table(rows: &[ReportedRow], l: Locale, lang: Lang) -> Result<AnyView, PageError> {
    let columns = vec![
        Column::text(td_string!(l, reported.partner)),
        Column::text(td_string!(l, reported.kind)),
        Column::number(td_string!(l, reported.reported)),
        Column::text(td_string!(l, reported.source)),
        Column::text(td_string!(l, reported.recorded)),
    ];
    let row = |row: &ReportedRow| Ok(Row::new(figure_cells(row, (l, lang))?));
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, PageError>>()?;
    let caption = td_string!(l, reported.earlier_caption);
    Ok(view! { <ui::DataTable caption columns rows/> }.into_any())
}

/// Partner, kind, pieces, source, when.
fn figure_cells(row: &ReportedRow, (l, lang): (Locale, Lang)) -> Result<Vec<Cell>, PageError> {
    let source = ReportSource::parse(&row.source).ok_or_else(|| unknown(&row.source))?;
    Ok(vec![
        Cell::text(row.org_name.clone()),
        Cell::text(kind_name(kind_of(row)?, l)),
        Cell::number(row.pieces, lang),
        Cell::text(source_name(source, l)),
        Cell::day(Millis(row.recorded_at).day(), lang),
    ])
}

fn kind_of(row: &ReportedRow) -> Result<MaterialKind, PageError> {
    MaterialKind::parse(&row.kind).ok_or_else(|| unknown(&row.kind))
}

fn unknown(word: &str) -> PageError {
    PageError::Internal(format!("the books hold the word {word:?}"))
}
