//! Stock that leaves for an event before its sheet, and what comes back without one.

use super::fields::{self, Quantity, material_label, packing_hint};
use super::filled::{event_error, lacking};
use super::goods;
use super::sheet::{of_path, on_behalf};
use super::words::{crumbs, event_line, event_name, path};
use crate::forms::{Done, Failure, FormState, Post};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asked, attempt, submission, today};
use crate::session::Visit;
use crate::ui;
use domain::ids::MaterialId;
use domain::pieces::Pieces;
use domain::records::EntryMethod;
use domain::records::events::{BringBack, TakeStock};
use leptos::prelude::*;
use stock::RecordError;
use stock::events::{EventDetail, EventError, StockMoved};
use stock::reference::materials::Material;
use stock::whereabouts::{Holding, HoldingFilter};

/// Most materials with a field of their own; the others are chosen.
const MOST_ROWS: usize = 12;

pub async fn take_form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let detail = of_path(&visit).await?;
    let form = visit.form().await?;
    let reader = visit.reader()?;
    let materials = reader.materials().await?;
    let filter = HoldingFilter { store: Some(detail.event.store), ..HoldingFilter::default() };
    let held = reader.holdings(&filter).await?;
    let loose = reader.loose_in(detail.event.store).await?;
    // What was planned has its field also where the store has much else.
    let is_planned = |one: &Material| detail.planned.iter().any(|row| row.material == one.id);
    let (planned, others): (Vec<_>, Vec<_>) = materials.iter().partition(|one| is_planned(one));
    let rows: Vec<(Material, Option<String>)> = planned
        .into_iter()
        .chain(others)
        .filter_map(|material| known_of(l, lang, &detail, &held, material))
        .map(|(material, known)| match loose.get(&material.id) {
            Some(pieces) => {
                let loose = td_string!(l, events.n_loose, n = lang.number(*pieces));
                (material, Some(format!("{known} {loose}")))
            }
            None => (material, Some(known)),
        })
        .take(MOST_ROWS)
        .collect();
    let warning = goods::recalled(&visit, detail.event.store).await?;
    let fields = goods::fields(&visit, &form, &materials, rows, warning).await?;
    let title = td_string!(l, events.take_title);
    let intro = td_string!(l, events.take_text, store = detail.event.store_name.clone());
    let last = Last { label: td_string!(l, events.take_now), action: "take" };
    Ok(Page::new(title, page(&visit, &detail, &form, (title, intro), fields, &last)))
}

/// A material that was planned or that the store has, and how many of each.
fn known_of(
    l: Locale,
    lang: ui::Lang,
    detail: &EventDetail,
    held: &[Holding],
    material: &Material,
) -> Option<(Material, String)> {
    let planned = detail.planned.iter().find(|row| row.material == material.id);
    let planned = planned.map(|row| lang.number(row.pieces));
    let in_store = held.iter().find(|row| row.material == material.id && row.in_store > 0);
    let in_store = in_store.map(|row| lang.number(row.in_store));
    let known = match (planned, in_store) {
        (None, None) => return None,
        (Some(planned), Some(there)) => {
            td_string!(l, events.planned_and_there, planned = planned, there = there)
        }
        (Some(planned), None) => td_string!(l, events.planned_none_there, planned = planned),
        (None, Some(there)) => td_string!(l, events.only_there, there = there),
    };
    Some((material.clone(), known))
}

/// The end of a form: the words on its button, and the last part of its path.
struct Last {
    label: &'static str,
    action: &'static str,
}

fn page(
    visit: &Visit,
    detail: &EventDetail,
    form: &FormState,
    (title, intro): (&'static str, String),
    fields: AnyView,
    last: &Last,
) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let event = &detail.event;
    let here = path(event.id);
    let subtitle = format!("{} · {}", event_name(lang, event), event_line(lang, event));
    let behalf = visit.actor().ok().and_then(|actor| on_behalf(l, actor, event));
    // Stock moves for an event on its day, unless that is still to come.
    let day = event.planned_on.to_string().min(today(visit));
    let (date, date_error) = (form.or("date", day), form.error("date"));
    let confirm = asked(form, td_string!(l, errors.confirm));
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(visit));
    let note = form.value("note");
    let crumbs = crumbs(l, event);
    let (action, label) = (format!("{here}/{}", last.action), last.label);
    view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            {behalf}
            <p>{intro}</p>
            <ui::Form action error_title errors record>
                <ui::DateField name="date" label=td_string!(l, events.moved_on) value=date
                    error=date_error/>
                {fields}
                <ui::TextArea name="note" label=td_string!(l, events.note) value=note rows=2
                    no_names=td_string!(l, events.no_names)
                    optional=td_string!(l, reference.optional)/>
                {confirm}
                <ui::SubmitBar label cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    }
    .into_any()
}

pub async fn take(mut post: Post) -> Result<Done, Failure> {
    let detail = of_path(&post.visit).await?;
    let event = detail.event.id;
    let materials = post.visit.reader()?.materials().await?;
    let mut submission = attempt(&mut post)?;
    let goods = goods::read_goods(&mut post, &materials, Some(detail.event.store)).await?;
    let Some(goods) = goods else { return Err(post.failed()) };
    if !(goods.packs.is_empty() && goods.batches.is_empty()) {
        submission.envelope.entry = EntryMethod::Scanned;
    }
    submission.asks_more = !post.is_right();
    let taken = post.visit.writer()?.take_stock(submission, TakeStock { event, goods }).await;
    let moved = moved(&post.visit, taken, "taken", &materials).await;
    moved.map(|done| seen(&detail, done)).map_err(|failure| post.failed_too(failure))
}

fn seen(detail: &EventDetail, done: &str) -> Done {
    Done::see(format!("{}?done={done}", path(detail.event.id)))
}

/// What to say about stock that moved, or why it did not.
async fn moved(
    visit: &Visit,
    moved: Result<StockMoved, EventError>,
    done: &'static str,
    materials: &[Material],
) -> Result<&'static str, Failure> {
    match moved {
        Ok(StockMoved { held: Some(_), .. }) => Ok("held"),
        Ok(_) => Ok(done),
        Err(EventError::Record(RecordError::NeedsConfirmation(short))) => {
            Err(lacking(visit, &short).await?)
        }
        Err(error) => Err(event_error(error, visit.locale, materials)),
    }
}

pub async fn back_form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let detail = of_path(&visit).await?;
    let form = visit.form().await?;
    let materials = visit.reader()?.materials().await?;
    let rows = there(&detail, &form).into_iter().filter_map(|(id, pieces)| {
        let material = materials.iter().find(|material| material.id == id)?;
        let there = td_string!(l, events.n_there, n = lang.number(pieces));
        let hint = format!("{there} {}", packing_hint(l, lang, material.packing));
        let label = material_label(l, material);
        let quantity = Quantity::of(format!("back_{id}"), &label, Some(material.packing))
            .hint(Some(hint))
            .view(l, lang, &form);
        Some(view! { <ui::Hidden name="row" value=id.to_string()/> {quantity} }.into_any())
    });
    let rows: Vec<AnyView> = rows.collect();
    let title = td_string!(l, events.back_title);
    let intro = td_string!(l, events.back_text, store = detail.event.store_name.clone());
    if rows.is_empty() {
        let here = path(detail.event.id);
        let action = ui::Link::new(here, td_string!(l, events.to_event));
        let crumbs = crumbs(l, &detail.event);
        let body = view! {
            <ui::Page narrow=true>
                <ui::PageHead title crumbs/>
                <ui::Empty title=td_string!(l, events.nothing_there)
                    text=td_string!(l, events.nothing_there_text) action/>
            </ui::Page>
        };
        return Ok(Page::new(title, body));
    }
    let fields = view! { {rows} <ui::Totals lang/> }.into_any();
    let last = Last { label: td_string!(l, events.back_now), action: "bring-back" };
    Ok(Page::new(title, page(&visit, &detail, &form, (title, intro), fields, &last)))
}

/// What is at the event, and what a form that came back names.
fn there(detail: &EventDetail, form: &FormState) -> Vec<(MaterialId, i64)> {
    let typed: Vec<MaterialId> =
        form.fields().all("row").filter_map(|id| id.parse().ok()).collect();
    let is_shown = |material: MaterialId, there: i64| there > 0 || typed.contains(&material);
    let rows = detail.materials.iter().filter(|row| is_shown(row.material, row.there));
    rows.map(|row| (row.material, row.there)).collect()
}

pub async fn bring_back(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let detail = of_path(&post.visit).await?;
    let event = detail.event.id;
    let materials = post.visit.reader()?.materials().await?;
    let submission = submission(&mut post)?;
    let named: Vec<String> = post.fields.all("row").map(str::to_owned).collect();
    let mut rows: Vec<(MaterialId, Pieces)> = Vec::new();
    for id in named {
        let Some(material) = materials.iter().find(|known| known.id.to_string() == id) else {
            continue;
        };
        let pieces = fields::pieces(&mut post, &format!("back_{id}"), material.packing);
        rows.extend(pieces.flatten().map(|pieces| (material.id, pieces)));
    }
    if rows.is_empty() && post.is_right() {
        post.wrong("", td_string!(l, errors.nothing));
    }
    let (Some(submission), true) = (submission, post.is_right()) else {
        return Err(post.failed());
    };
    let back = post.visit.writer()?.bring_back(submission, BringBack { event, rows }).await;
    moved(&post.visit, back, "back", &materials).await.map(|done| seen(&detail, done))
}
