//! Stock pages.

use crate::error::PageError;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Hue, Part, Row, StackRow};
use domain::calendar::Lang;
use domain::code::Code;
use domain::ids::{BatchId, MaterialId, StoreId};
use domain::material::Packing;
use domain::pieces::Pieces;
use domain::role::Permission;
use domain::time::Day;
use leptos::prelude::*;
use stock::whereabouts::{BatchHere, Holding, HoldingFilter};

/// `/stock`: by store and material.
pub async fn overview(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let stores = reader.stores().await?;
    let wanted = visit.query("store").and_then(|id| id.parse::<StoreId>().ok());
    let place = visit.query("place").map(str::to_owned);
    let filter = HoldingFilter { store: wanted, material: None, place: place.clone() };
    let holdings = reader.holdings(&filter).await?;
    let title = td_string!(l, stock.title);
    let choices: Vec<Choice> = std::iter::once(Choice::new("", td_string!(l, stock.all)))
        .chain(stores.iter().map(|store| Choice::new(store.id.to_string(), store.name.clone())))
        .collect();
    let chosen = wanted.map(|store| store.to_string()).unwrap_or_default();
    let content = match holdings.is_empty() {
        true => empty(&visit),
        false => {
            let (picture, table) = (picture(&holdings, l, lang), table(&holdings, l, lang));
            view! { <ui::Sheet>{picture}</ui::Sheet> <ui::Sheet>{table}</ui::Sheet> }.into_any()
        }
    };
    let rooms = [
        ("/records", td_string!(l, stock.records)),
        ("/counts", td_string!(l, stock.counts)),
        ("/opening", td_string!(l, opening.title)),
        ("/unexplained", td_string!(l, stock.unexplained)),
        ("/recalls", td_string!(l, recall.title)),
    ];
    let rooms = rooms.into_iter().filter(|(path, _)| leads_somewhere(path, &visit));
    let links = rooms.map(|(href, label)| view! { <ui::ButtonLink href label/> }).collect_view();
    let body = view! {
        <ui::Page>
            <ui::PageHead title=title subtitle=td_string!(l, stock.subtitle)>
                {links}
            </ui::PageHead>
            <ui::Filters action="/stock" label=td_string!(l, stock.title)
                submit=td_string!(l, stock.show).to_string()>
                <ui::SelectField name="store" label=td_string!(l, stock.store) choices=choices
                    value=chosen/>
            </ui::Filters>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// No stock yet: somebody counts what stood there before, or nothing fits the filter.
fn empty(visit: &Visit) -> AnyView {
    let l = visit.locale;
    let count = ui::Link::new("/opening/new", td_string!(l, opening.new));
    let action = leads_somewhere("/opening/new", visit).then_some(count);
    let (title, text) = (td_string!(l, stock.empty_title), td_string!(l, stock.empty_text));
    crate::features::reference::empty(title, text, action)
}

fn parts(holding: &Holding, l: Locale) -> [Part; 4] {
    [
        Part::new(Hue::Store, td_string!(l, stock.in_store), holding.in_store),
        Part::new(Hue::Transit, td_string!(l, stock.in_transit), holding.in_transit),
        Part::new(Hue::Event, td_string!(l, stock.at_events), holding.at_events),
        Part::new(Hue::Damaged, td_string!(l, stock.damaged), holding.damaged),
    ]
}

fn picture(holdings: &[Holding], l: Locale, lang: Lang) -> impl IntoView + use<> {
    let mut rows: Vec<StackRow> = Vec::new();
    for holding in holdings {
        let href = store_path(holding.store);
        match rows.last_mut().filter(|row| row.href.clone().get().as_deref() == Some(&href)) {
            Some(row) => {
                for (part, more) in row.parts.iter_mut().zip(parts(holding, l)) {
                    part.pieces += more.pieces;
                }
            }
            None => rows.push(StackRow {
                label: holding.store_name.clone(),
                href: href.into(),
                parts: parts(holding, l).into(),
            }),
        }
    }
    let key = vec![
        (Hue::Store, td_string!(l, stock.in_store).to_string()),
        (Hue::Transit, td_string!(l, stock.in_transit).to_string()),
        (Hue::Event, td_string!(l, stock.at_events).to_string()),
        (Hue::Damaged, td_string!(l, stock.damaged).to_string()),
    ];
    view! { <ui::StackedRows label=td_string!(l, stock.picture) rows=rows key=key lang=lang/> }
}

fn table(holdings: &[Holding], l: Locale, lang: Lang) -> impl IntoView + use<> {
    let columns = vec![
        Column::text(td_string!(l, stock.store)),
        Column::text(td_string!(l, stock.material)),
        Column::number(td_string!(l, stock.in_store)),
        Column::number(td_string!(l, stock.in_transit)),
        Column::number(td_string!(l, stock.at_events)),
        Column::number(td_string!(l, stock.damaged)),
        Column::number(td_string!(l, stock.total)),
    ];
    let mut sums = [0; 5];
    let rows = holdings
        .iter()
        .map(|holding| {
            let Holding { in_store, in_transit, at_events, damaged, .. } = *holding;
            let total = in_store + in_transit + at_events + damaged;
            let figures = [in_store, in_transit, at_events, damaged, total];
            for (sum, figure) in sums.iter_mut().zip(figures) {
                *sum += figure;
            }
            let mut cells = vec![
                Cell::link(store_path(holding.store), holding.store_name.clone()),
                Cell::link(card_path(holding.store, holding.material), holding.title.clone())
                    .below(holding.short_number.clone()),
            ];
            cells.extend(figures.map(|figure| Cell::number(figure, lang)));
            Row::new(cells)
        })
        .collect();
    let mut foot = vec![Cell::text(td_string!(l, stock.total)), Cell::blank()];
    foot.extend(sums.map(|sum| Cell::number(sum, lang)));
    view! {
        <ui::DataTable caption=td_string!(l, stock.caption) columns=columns rows=rows
            foot=vec![Row::new(foot)] sparse=true/>
    }
}

/// `/stock/stores/{id}`: the batches of a store.
pub async fn store(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: StoreId = visit.param("id")?;
    let reader = visit.reader()?;
    let store = reader.store(id).await?.ok_or(PageError::NotFound)?;
    let batches = reader.batches_in(id, None).await?;
    let holdings =
        reader.holdings(&HoldingFilter { store: Some(id), ..HoldingFilter::default() }).await?;
    let content = match batches.is_empty() {
        true => view! { <ui::Empty title=td_string!(l, stock.store_empty)/> }.into_any(),
        false => batch_table(&batches, &holdings, id, l, lang).into_any(),
    };
    let crumbs = vec![ui::Link::new("/stock", td_string!(l, stock.title))];
    let (title, heading) = (store.name.clone(), store.name);
    let links = visit.may(Permission::KeepStore).then(|| {
        let (happened, count) =
            (format!("{}/change", store_path(id)), format!("/counts/new?store={id}"));
        view! {
            <ui::ButtonLink href=happened label=td_string!(l, stock.happened)/>
            <ui::ButtonLink href=count label=td_string!(l, stock.count_here)/>
        }
    });
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading crumbs=crumbs subtitle=store.org_name>{links}</ui::PageHead>
            <ui::Sheet title=td_string!(l, stock.batches)>{content}</ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn batch_table(
    batches: &[BatchHere],
    holdings: &[Holding],
    store: StoreId,
    l: Locale,
    lang: Lang,
) -> impl IntoView + use<> {
    let columns = vec![
        Column::text(td_string!(l, stock.batch)),
        Column::text(td_string!(l, stock.material)),
        Column::text(td_string!(l, stock.arrived)),
        Column::number(td_string!(l, stock.pieces)),
        Column::number(td_string!(l, stock.sealed)),
    ];
    let rows = batches.iter().map(|batch| {
        let material = MaterialId::new(batch.material_id);
        let packing = holdings.iter().find(|holding| holding.material == material).and_then(|of| {
            let bundle = Pieces::new(of.pieces_per_bundle).ok()?;
            Packing::new(bundle, Pieces::new(of.bundles_per_carton).ok()?).ok()
        });
        let packed = packing.map(|packing| {
            let (cartons, bundles, loose) = packing.split(batch.pieces);
            td_string!(
                l,
                stock.packing,
                cartons = lang.number(cartons),
                bundles = lang.number(bundles),
                loose = lang.number(loose)
            )
            .to_string()
        });
        let code = match Code::parse(&batch.code) {
            Ok(code) => Cell::code(code, format!("/b/{}", batch.code)),
            Err(_) => Cell::text(batch.code.clone()),
        };
        let stays = [
            batch.recalled.then(|| td_string!(l, stock.recalled)),
            batch.on_hold.then(|| td_string!(l, stock.on_hold)),
        ];
        let stays: Vec<&str> = stays.into_iter().flatten().collect();
        let code = if stays.is_empty() { code } else { code.below(stays.join(" · ")) };
        Row::new(vec![
            code,
            Cell::link(card_path(store, material), batch.title.clone())
                .below(batch.short_number.clone()),
            Cell::day(Day(batch.arrived_on as i32), lang),
            Cell::number_link(
                batch.pieces,
                lang,
                batch_card_path(store, BatchId::new(batch.batch_id)),
            )
            .below(packed),
            Cell::number(batch.sealed_packs, lang),
        ])
    });
    view! {
        <ui::DataTable caption=td_string!(l, stock.batches) hide_caption=true columns=columns
            rows=rows.collect()/>
    }
}

pub fn store_path(store: StoreId) -> String {
    format!("/stock/stores/{store}")
}

pub fn card_path(store: StoreId, material: MaterialId) -> String {
    format!("/stock/stores/{store}/materials/{material}")
}

pub fn batch_card_path(store: StoreId, batch: BatchId) -> String {
    format!("/stock/stores/{store}/batches/{batch}")
}
