use super::kind_name;
use crate::error::PageError;
use crate::features::reference;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition};
use domain::calendar::Lang;
use domain::ids::StoreId;
use domain::reference::Standing;
use domain::role::Permission;
use leptos::prelude::*;
use stock::reference::places::Place;
use stock::reference::stores::Store;

pub(super) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reference/stores", td_string!(l, stores.title))
}

/// "Mazar-e-Sharif, Balkh".
pub(crate) fn place_words(lang: Lang, store: &Store) -> String {
    let place = store.place_name.of(lang);
    let comma = if lang == Lang::En { ", " } else { "، " };
    match &store.province_name {
        Some(province) => format!("{place}{comma}{}", province.of(lang)),
        None => place.to_owned(),
    }
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let stores = reader.stores().await?;
    let may_edit = reader.may(Permission::EditReference);
    let above = |store: &Store| {
        let (mut cells, standing) = row(l, lang, store);
        cells.push(Cell::text(store.parent_name.as_deref().unwrap_or_default()));
        (cells, standing)
    };
    let rows: Vec<_> = stores.iter().map(above).collect();
    let mut columns = columns(l);
    columns.push(Column::text(td_string!(l, stores.parent)));
    let title = td_string!(l, stores.title);
    let new = ui::Link::new("/reference/stores/new", td_string!(l, stores.new));
    let with_button = may_edit && !rows.is_empty();
    let content = if rows.is_empty() {
        let text = td_string!(l, stores.empty_text);
        reference::empty(td_string!(l, stores.empty), text, may_edit.then(|| new.clone()))
    } else {
        view! {
            <ui::Sheet>{reference::table(l, title, columns, rows)}</ui::Sheet>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=reference::crumbs(l, None)>
                {with_button.then(|| view! {
                    <ui::ButtonLink href=new.href label=new.label main=true/>
                })}
            </ui::PageHead>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn columns(l: Locale) -> Vec<Column> {
    vec![
        Column::text(td_string!(l, stores.store)),
        Column::text(td_string!(l, reference.kind)),
        Column::text(td_string!(l, stores.place)),
        Column::text(td_string!(l, stores.org)),
    ]
}

fn row(l: Locale, lang: Lang, store: &Store) -> (Vec<Cell>, Standing) {
    let href = format!("/reference/stores/{}", store.id);
    let cells = vec![
        Cell::link(href, &store.name).below(store.short_name.as_str()),
        Cell::text(kind_name(l, store.kind)),
        Cell::text(place_words(lang, store)),
        Cell::text(&store.org_name),
    ];
    (cells, store.standing)
}

pub(super) async fn of_path(visit: &Visit) -> Result<Store, PageError> {
    let id: StoreId = visit.param("id")?;
    visit.reader()?.store(id).await?.ok_or(PageError::NotFound)
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let store = of_path(&visit).await?;
    let reader = visit.reader()?;
    let may_edit = reader.may(Permission::EditReference);
    let areas = reader.service_areas(store.id).await?;
    let places = reader.places().await?;
    let areas: Vec<&Place> = places.iter().filter(|place| areas.contains(&place.code)).collect();
    let below: Vec<Store> = reader.stores().await?;
    let below = below.into_iter().filter(|other| other.parent == Some(store.id));
    let rows: Vec<_> = below.map(|other| row(l, lang, &other)).collect();
    let here = format!("/reference/stores/{}", store.id);
    let standing_form = visit.form_of(&format!("{here}/standing")).await?;
    let end = may_edit.then(|| {
        reference::standing_form(l, format!("{here}/standing"), store.standing, &standing_form)
    });
    let items = facts(l, lang, &store, &areas);
    let title = store.name.clone();
    let below = (!rows.is_empty()).then(|| stores_below(l, rows));
    let body = view! {
        <ui::Page>
            <ui::PageHead title=store.name crumbs=reference::crumbs(l, Some(list_link(l)))
                status=move || reference::standing_badge(l, store.standing)>
                {may_edit.then(|| view! {
                    <ui::ButtonLink href=format!("{here}/edit") main=true
                        label=td_string!(l, reference.edit)/>
                })}
            </ui::PageHead>
            {reference::saved_notice(&visit)}
            <ui::Sheet><ui::Definitions items/></ui::Sheet>
            {below}
            {end}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn stores_below(l: Locale, rows: Vec<(Vec<Cell>, Standing)>) -> AnyView {
    let title = td_string!(l, stores.below);
    view! { <ui::Sheet title>{reference::table(l, title, columns(l), rows)}</ui::Sheet> }.into_any()
}

fn facts(l: Locale, lang: Lang, store: &Store, areas: &[&Place]) -> Vec<Definition> {
    let mut items = vec![
        Definition::new(td_string!(l, reference.short_name), store.short_name.clone()),
        Definition::new(td_string!(l, reference.kind), kind_name(l, store.kind)),
        Definition::new(td_string!(l, stores.org), store.org_name.clone()),
        Definition::new(td_string!(l, stores.place), place_words(lang, store)),
    ];
    if let (Some(parent), Some(name)) = (store.parent, store.parent_name.clone()) {
        let link = view! { <a href=format!("/reference/stores/{parent}")>{name}</a> };
        items.push(Definition::new(td_string!(l, stores.parent), link));
    }
    if !areas.is_empty() {
        let comma = if lang == Lang::En { ", " } else { "، " };
        let names: Vec<&str> = areas.iter().map(|place| place.name.of(lang)).collect();
        items.push(Definition::new(td_string!(l, stores.service_areas), names.join(comma)));
    }
    items
}
