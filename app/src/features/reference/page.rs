//! The front of reference data: one row a noun.

use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row};
use leptos::prelude::*;

pub async fn front(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let counts = visit.reader()?.reference_counts().await?;
    let room = |path: &str, label: &str, text: &str, count: i64| {
        Row::new(vec![
            Cell::link(format!("/reference/{path}"), label).below(text),
            Cell::number(count, lang),
        ])
    };
    let rows = vec![
        room(
            "materials",
            td_string!(l, reference.materials),
            td_string!(l, reference.materials_text),
            counts.materials,
        ),
        room(
            "kits",
            td_string!(l, reference.kits),
            td_string!(l, reference.kits_text),
            counts.kits,
        ),
        room(
            "stores",
            td_string!(l, reference.stores),
            td_string!(l, reference.stores_text),
            counts.stores,
        ),
        room(
            "organisations",
            td_string!(l, reference.organisations),
            td_string!(l, reference.organisations_text),
            counts.orgs,
        ),
        room(
            "event-types",
            td_string!(l, reference.event_types),
            td_string!(l, reference.event_types_text),
            counts.event_types,
        ),
        room(
            "places",
            td_string!(l, reference.places),
            td_string!(l, reference.places_text),
            counts.places,
        ),
    ];
    let columns = vec![
        Column::text(td_string!(l, reference.room)),
        Column::number(td_string!(l, reference.in_use)),
    ];
    let title = td_string!(l, reference.title);
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, reference.subtitle)/>
            <ui::Sheet>
                <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
            </ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
