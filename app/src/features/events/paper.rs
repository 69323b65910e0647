//! The event sheet on paper, A5: the boxes of `sheet.rs` in the same order, to be filled in by
//! hand and typed in later. Outside names only: it passes checkpoints.

use super::fields::people_boxes;
use super::sheet::of_path;
use super::words::{
    event_name, group_name, isolated, multiplier_name, public_place_name, session_name,
};
use crate::error::PageError;
use crate::features::materials::outside;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Definition, Paper, PaperSize};
use domain::attendance::Group;
use domain::code::{Code, CodeKind};
use domain::events::{Multiplier, PublicPlace};
use domain::ids::MaterialId;
use domain::material::Packing;
use leptos::prelude::*;
use stock::events::EventDetail;
use stock::reference::materials::Material;

/// Rows without a name, for what nobody planned.
const BLANK_ROWS: usize = 1;
/// So many materials have boxes, also when nobody planned any.
const LEAST_ROWS: usize = 3;

pub async fn form(visit: Visit) -> PageResult {
    let l = visit.locale;
    let detail = of_path(&visit).await?;
    let materials = visit.reader()?.materials().await?;
    let event = &detail.event;
    let code = Code::parse(&event.code).map_err(|_| PageError::NotFound)?;
    let qr = match &visit.state.settings.public_url {
        Some(url) => {
            let payload = code.payload(CodeKind::Event, url);
            papers::qr::svg(&payload).map_err(|error| PageError::Internal(error.to_string()))?
        }
        // Without a public address no camera could open it; the code can still be typed.
        None => String::new(),
    };
    let qr_text = code.grouped();
    let typed_code = qr.is_empty().then(|| qr_text.clone());
    let rows = rows(&visit, &detail, &materials);
    let facts = facts(&visit, &detail);
    let (people, number) = (people(l), event.number.clone());
    // A second page must not lose its event.
    let copy = number.clone();
    let title = td_string!(l, events.sheet_title);
    let back = format!("/events/{}", event.id);
    let page_title = format!("{title} {number}");
    let body = view! {
        <main id="main" class="papers" tabindex="-1">
            <p class="no-print quiet">{td_string!(l, events.print_hint)}</p>
            <Paper size=PaperSize::A5 title number qr_svg=qr qr_text subtitle=typed_code
                foot=td_string!(l, events.paper_foot) copy>
                <ui::Definitions items=facts/>
                {rows}
                {people}
            </Paper>
        </main>
    };
    Ok(Page::paper(page_title, body, back))
}

fn boxed() -> AnyView {
    view! { <span class="box"></span> }.into_any()
}

fn ticks(words: impl Iterator<Item = &'static str>) -> AnyView {
    let tick = |words: &'static str| {
        view! { <span class="ticked"><span class="tick"></span>" "{words}</span>" " }
    };
    words.map(tick).collect_view().into_any()
}

fn facts(visit: &Visit, detail: &EventDetail) -> Vec<Definition> {
    let (l, lang) = (visit.locale, visit.lang());
    let event = &detail.event;
    let mut items = vec![
        Definition::new(td_string!(l, events.event), event_name(lang, event)),
        Definition::new(td_string!(l, events.partner), event.org_name.clone()),
        Definition::new(
            td_string!(l, events.held_on),
            format!("{}  ………………………", lang.day(event.planned_on)),
        ),
    ];
    if !detail.sessions.is_empty() {
        let kinds = detail.sessions.iter().map(|session| session_name(l, session.kind));
        let kinds = kinds.chain([td_string!(l, events.whole_event)]);
        items.push(Definition::new(td_string!(l, events.session), ticks(kinds)));
    }
    items
}

fn rows(visit: &Visit, detail: &EventDetail, materials: &[Material]) -> AnyView {
    let mut wanted: Vec<MaterialId> = detail.planned.iter().map(|row| row.material).collect();
    wanted.extend(detail.materials.iter().map(|row| row.material));
    let known = materials.iter().filter(|material| wanted.contains(&material.id));
    let mut rows: Vec<AnyView> = known
        .map(|material| row(visit, isolated(&outside(material)), Some(material.packing)))
        .collect();
    let blank = BLANK_ROWS.max(LEAST_ROWS.saturating_sub(rows.len()));
    rows.extend((0..blank).map(|_| {
        let title = format!("{}: ………………………", td_string!(visit.locale, events.material));
        row(visit, title, None)
    }));
    rows.into_any()
}

/// Two halves: what was brought and came back, and by which channels the rest went out.
fn row(visit: &Visit, title: String, packing: Option<Packing>) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let hint = packing.map(|packing| super::fields::packing_hint(l, lang, packing));
    let counted =
        [td_string!(l, events.brought), td_string!(l, events.left), td_string!(l, events.spoiled)];
    let counted = counted.map(|label| {
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td>{boxed()}</td>
                <td>{boxed()}</td>
                <td>{boxed()}</td>
            </tr>
        }
    });
    let counted = counted.into_iter().collect_view();
    let who = ticks(Multiplier::ALL.iter().map(|who| multiplier_name(l, *who)));
    let kinds = ticks(PublicPlace::ALL.iter().map(|kind| public_place_name(l, *kind)));
    view! {
        <section class="paper-row">
            <h2>{title}" "<small>{hint}</small></h2>
            <div class="halves">
                <table class="boxes">
                    <thead><tr>
                        <td></td>
                        <th scope="col">{td_string!(l, widgets.cartons)}</th>
                        <th scope="col">{td_string!(l, widgets.bundles)}</th>
                        <th scope="col">{td_string!(l, widgets.pieces)}</th>
                    </tr></thead>
                    <tbody>
                        {counted}
                        <tr>
                            <th scope="row">{td_string!(l, events.given)}</th>
                            <td></td><td></td>
                            <td>{boxed()}</td>
                        </tr>
                    </tbody>
                </table>
                <div class="channels">
                    {channel(td_string!(l, events.to_participants), None)}
                    {channel(
                        td_string!(l, events.to_multipliers_pieces),
                        Some(td_string!(l, events.paper_people)),
                    )}
                    <p class="who">{who}</p>
                    {channel(
                        td_string!(l, events.to_public_pieces),
                        Some(td_string!(l, events.paper_places)),
                    )}
                    <p class="who">{kinds}</p>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// A box for pieces, and one for how many people or places.
fn channel(label: &'static str, count: Option<&'static str>) -> AnyView {
    let count = count.map(|words| view! { <span>{words}</span>{boxed()} });
    view! { <p class="channel"><span>{label}</span>{boxed()}{count}</p> }.into_any()
}

fn people(l: Locale) -> AnyView {
    let boxes = people_boxes(l).map(|(_, label)| {
        view! { <p><span>{label}</span>{boxed()}</p> }
    });
    let boxes = boxes.into_iter().collect_view();
    let groups = ticks(Group::ALL.iter().map(|group| group_name(l, *group)));
    view! {
        <section class="paper-row">
            <h2>{td_string!(l, events.who_came)}</h2>
            <div class="people-boxes">{boxes}</div>
            <p class="who"><strong>{td_string!(l, events.groups)}</strong>" "{groups}</p>
            <p class="small">{td_string!(l, events.paper_no_names)}</p>
        </section>
    }
    .into_any()
}
