//! The register of papers: where each signed waybill is, and since when.

use super::page::LONG_DAYS;
use super::words::{list_link, paper_name, path, way};
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Row, Tone};
use domain::consignment::PaperState;
use domain::ids::ConsignmentId;
use leptos::prelude::*;
use stock::consignments::RegisterEntry;

/// Rows a page.
const PAGE: usize = 50;

/// The word for papers in whatever state.
const ALL: &str = "all";

/// Papers that are out, unless others are asked for: those are what somebody must fetch.
pub async fn papers(visit: Visit) -> PageResult {
    let l = visit.locale;
    let asked = visit.query("state");
    let only = match asked {
        Some(ALL) => None,
        asked => Some(asked.and_then(PaperState::parse).unwrap_or(PaperState::Out)),
    };
    let after: Option<ConsignmentId> = visit.query("after").and_then(|id| id.parse().ok());
    let (entries, more) = visit.reader()?.paper_register(only, after, PAGE).await?;
    let title = td_string!(l, consignments.papers);
    let state = only.map_or(ALL, PaperState::as_str);
    let next = entries.last().filter(|_| more).map(|last| {
        let href = format!("/consignments/papers?state={state}&after={}", last.consignment.id);
        ui::Link::new(href, td_string!(l, consignments.newer))
    });
    let rows: Vec<Row> = entries.iter().map(|entry| row(&visit, entry)).collect();
    let columns = vec![
        Column::text(td_string!(l, consignments.number)),
        Column::text(td_string!(l, consignments.way)),
        Column::text(td_string!(l, consignments.left)),
        Column::text(td_string!(l, consignments.paper)),
        Column::number(td_string!(l, consignments.days)),
        Column::text(td_string!(l, consignments.scan)),
    ];
    let mut choices =
        PaperState::ALL.map(|state| Choice::new(state.as_str(), paper_name(l, state))).to_vec();
    choices.push(Choice::new(ALL, td_string!(l, consignments.all)));
    let content = if rows.is_empty() {
        view! { <ui::Empty title=td_string!(l, consignments.no_papers)/> }.into_any()
    } else {
        view! {
            <ui::Sheet>
                <ui::DataTable caption=title hide_caption=true columns rows/>
                {next.map(|next| view! {
                    <ui::Pager position="" next=Some(next) label=td_string!(l, common.pages)/>
                })}
            </ui::Sheet>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, consignments.papers_text)
                crumbs=vec![list_link(l)]/>
            <ui::Filters action="/consignments/papers" label=td_string!(l, consignments.filters)
                submit=td_string!(l, consignments.show)>
                <ui::SelectField name="state" label=td_string!(l, consignments.paper) choices
                    value=state/>
            </ui::Filters>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn row(visit: &Visit, entry: &RegisterEntry) -> Row {
    let (l, lang) = (visit.locale, visit.lang());
    let consignment = &entry.consignment;
    let here = path(consignment);
    let left = consignment.dispatched_at.map(|at| Cell::day(at.day(), lang));
    let scan = entry.scan.filter(|_| consignment.in_transit.is_some());
    let scan = scan.map(|record| {
        Cell::link(format!("{here}/scan/{record}"), td_string!(l, consignments.scan_open))
    });
    let tone = match entry.state {
        PaperState::Out if entry.days > LONG_DAYS => Tone::Warn,
        PaperState::Out => Tone::Plain,
        PaperState::BackSigned => Tone::Good,
        PaperState::BackUnsigned => Tone::Warn,
        PaperState::Lost => Tone::Bad,
    };
    Row::new(vec![
        Cell::link(format!("{here}#paper"), &consignment.number),
        Cell::text(way(lang, consignment)),
        left.unwrap_or_else(Cell::blank),
        Cell::badge(paper_name(l, entry.state), tone),
        Cell::number(entry.days.into(), lang),
        scan.unwrap_or_else(Cell::blank),
    ])
}
