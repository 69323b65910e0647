//! Stock cards: every movement of a material, or of one batch, in a store.

use super::page::{batch_card_path, card_path, store_path};
use super::words;
use crate::error::PageError;
use crate::features::records::words::path as record_path;
use crate::features::search::words::document_path;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row};
use domain::ids::{BatchId, MaterialId, StoreId};
use domain::role::Permission;
use domain::time::{Day, Millis};
use leptos::prelude::*;
use stock::documents::{Document, DocumentKind};
use stock::reference::stores::Store;
use stock::whereabouts::{CardError, CardLine, CardPage, CardStart};

impl From<CardError> for PageError {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Denied(denied) => denied.into(),
            CardError::Database(error) => error.into(),
        }
    }
}

/// `/stock/stores/{id}/materials/{material}`: the stock card of a material.
pub async fn material(visit: Visit) -> PageResult {
    let l = visit.locale;
    let (id, material): (StoreId, MaterialId) = (visit.param("id")?, visit.param("material")?);
    let reader = visit.reader()?;
    let store = reader.store(id).await?.ok_or(PageError::NotFound)?;
    let of = reader.material(material).await?.ok_or(PageError::NotFound)?;
    let page = reader.stock_card(id, material, start(&visit)).await?;
    let (title, subtitle) = (of.title.to_string(), td_string!(l, stock.card).to_owned());
    Ok(shown(
        &visit,
        &store,
        page,
        Heading { title, subtitle, here: card_path(id, material) },
        None,
    ))
}

/// `/stock/stores/{id}/batches/{batch}`: the stock card of one batch.
pub async fn batch(visit: Visit) -> PageResult {
    let l = visit.locale;
    let (id, batch): (StoreId, BatchId) = (visit.param("id")?, visit.param("batch")?);
    let reader = visit.reader()?;
    let store = reader.store(id).await?.ok_or(PageError::NotFound)?;
    let of = reader.batch(batch).await?.ok_or(PageError::NotFound)?;
    let page = reader.batch_card(id, batch, start(&visit)).await?;
    let subtitle = td_string!(l, stock.batch_card, code = of.code.grouped());
    let code = format!("/b/{}", of.code);
    let happened = format!("{}/change?batch={batch}", store_path(id));
    let links = view! {
        <ui::ButtonLink href=code label=td_string!(l, stock.to_batch)/>
        {visit.may(Permission::KeepStore).then(|| view! {
            <ui::ButtonLink href=happened label=td_string!(l, stock.happened)/>
        })}
    };
    let heading = Heading { title: of.title, subtitle, here: batch_card_path(id, batch) };
    Ok(shown(&visit, &store, page, heading, Some(links.into_any())))
}

struct Heading {
    title: String,
    subtitle: String,
    here: String,
}

fn shown(
    visit: &Visit,
    store: &Store,
    page: CardPage,
    heading: Heading,
    links: Option<AnyView>,
) -> Page {
    let (l, lang) = (visit.locale, visit.lang());
    let Heading { title, subtitle, here } = heading;
    let crumbs = vec![
        ui::Link::new("/stock", td_string!(l, stock.title)),
        ui::Link::new(store_path(store.id), store.name.clone()),
    ];
    let facts = vec![
        ui::Fact::new(td_string!(l, stock.balance_now), lang.number(page.balance_now))
            .unit(td_string!(l, stock.pieces)),
    ];
    let newest = visit.query("line").map(|_| {
        view! { <ui::ButtonLink href=here.clone() label=td_string!(l, stock.newest)/> }
    });
    let older = page.next.map(|next| {
        let CardStart { occurred_at, line, balance } = next;
        let href = format!("{here}?at={}&line={line}&balance={balance}", occurred_at.0);
        view! { <ui::ButtonLink href=href label=td_string!(l, stock.older)/> }
    });
    let table = card_table(&page.lines, visit);
    let heading = title.clone();
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading crumbs subtitle>{links}</ui::PageHead>
            <ui::Facts facts/>
            <ui::Sheet>
                <ui::BalanceChart label=td_string!(l, stock.card_picture) points=points(&page)
                    lang=lang/>
                {table}
                <p class="row-actions">{newest} {older}</p>
            </ui::Sheet>
        </ui::Page>
    };
    Page::new(title, body)
}

/// Where a page of a card begins, from the query.
fn start(visit: &Visit) -> Option<CardStart> {
    let number = |name| visit.query(name)?.parse::<i64>().ok();
    let occurred_at = Millis(number("at")?);
    Some(CardStart { occurred_at, line: number("line")?, balance: number("balance")? })
}

/// The balance at the end of each day on the page, the oldest first.
fn points(page: &CardPage) -> Vec<(Day, i64)> {
    let mut points: Vec<(Day, i64)> = Vec::new();
    for line in &page.lines {
        let day = line.occurred_at.day();
        if points.last().is_none_or(|(last, _)| *last != day) {
            points.push((day, line.balance));
        }
    }
    points.reverse();
    points
}

/// The store at the other end of the road, else the account on the other side.
fn other(line: &CardLine, l: Locale) -> Cell {
    match &line.document {
        Some(Document { kind: DocumentKind::Consignment, detail: store, .. }) => Cell::text(store),
        Some(_) | None => Cell::text(words::account_of(&line.other_kind, &line.other_holder, l)),
    }
}

/// Whoever sees a store's card sees what it received and sent; an event may be another's.
fn document(visit: &Visit, line: &CardLine) -> Cell {
    let Some(document) = &line.document else { return Cell::blank() };
    let path = match document.kind {
        DocumentKind::Consignment | DocumentKind::GoodsReceivedNote => {
            document_path(visit, document)
        }
        DocumentKind::Event | DocumentKind::Drop | DocumentKind::PrintRun => None,
    };
    match path {
        Some(path) => Cell::link(path, &document.number),
        None => Cell::text(&document.number),
    }
}

fn card_table(lines: &[CardLine], visit: &Visit) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let columns = vec![
        Column::text(td_string!(l, stock.date)),
        Column::text(td_string!(l, stock.what)),
        Column::text(td_string!(l, stock.other)),
        Column::text(td_string!(l, stock.document)),
        Column::number(td_string!(l, stock.incoming)),
        Column::number(td_string!(l, stock.out)),
        Column::number(td_string!(l, stock.balance)),
    ];
    let rows = lines.iter().map(|line| {
        let mut notes = vec![words::reason(line.reason, l)];
        notes.retain(|reason| !reason.is_empty());
        if line.reversed {
            notes.push(td_string!(l, stock.reversed).to_string());
        }
        if line.derived {
            notes.push(td_string!(l, stock.derived).to_string());
        }
        let figure = |pieces: i64| match pieces > 0 {
            true => Cell::number(pieces, lang),
            false => Cell::blank(),
        };
        Row::new(vec![
            Cell::day(line.occurred_at.day(), lang),
            Cell::link(record_path(line.record), words::kind(line.kind, l))
                .below(notes.join(" · ")),
            other(line, l),
            document(visit, line),
            figure(line.delta),
            figure(-line.delta),
            Cell::number(line.balance, lang),
        ])
    });
    let (caption, rows) = (td_string!(l, stock.card_caption), rows.collect());
    view! { <ui::DataTable caption columns rows/> }.into_any()
}
