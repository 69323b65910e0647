//! `/stock/stores/{id}/change?what=damaged`: what happened first, then to how many of what.

use super::what::What;
use crate::error::PageError;
use crate::explain;
use crate::features::codes::words::grouped;
use crate::features::counts::actions::typed_batches;
use crate::features::materials::inside_words;
use crate::features::stock::page::store_path;
use crate::features::stock::words as stock_words;
use crate::forms::FormState;
use crate::i18n::{self, Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::today;
use crate::session::Visit;
use crate::ui::{self, Choice, Typed};
use crate::words;
use domain::account::Real;
use domain::ids::{BatchId, StoreId};
use domain::ledger::Reason;
use leptos::prelude::*;
use stock::Reader;
use stock::keeping::Held;
use stock::reference::stores::Store;

/// What the names of the fields of a batch begin with; its id follows.
pub(super) const PREFIX: &str = "of_";

/// A batch with what the store holds of it.
struct Line {
    held: Held,
    in_store: i64,
    damaged: i64,
}

pub async fn change(visit: Visit) -> PageResult {
    let l = visit.locale;
    let id: StoreId = visit.param("id")?;
    let reader = visit.reader()?;
    let store = reader.store(id).await?.ok_or(PageError::NotFound)?;
    let form = visit.form().await?;
    let asked = form.or("what", visit.query("what").unwrap_or_default());
    let Some(what) = What::parse(&asked) else { return Ok(choose(&visit, &store)) };
    let only = form.or("batch", visit.query("batch").unwrap_or_default());
    let mut held = reader.held_by(id, what.takes_from(), only.parse().ok()).await?;
    if what == What::HandedBack {
        held.retain(|held| held.run.is_some());
    }
    // What was typed comes back, also where the batch has left meanwhile.
    for typed in typed_batches(form.fields(), PREFIX) {
        if held.iter().all(|known| known.batch != typed) {
            held.extend(gone(&reader, id, typed).await?);
        }
    }
    let title = what.name(l);
    let crumbs = vec![
        ui::Link::new("/stock", td_string!(l, stock.title)),
        ui::Link::new(store_path(id), store.name.clone()),
    ];
    let content = if held.is_empty() && form.is_fresh() {
        let back =
            ui::Link::new(format!("{}/change", store_path(id)), td_string!(l, keeping.other));
        view! { <ui::Empty title=what.nothing(l) action=back/> }.into_any()
    } else {
        filled(&visit, &store, &form, what, held, only)?
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs subtitle=what.hint(l)/>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// A batch of which nothing stands in the store any more.
async fn gone(
    reader: &Reader<'_>,
    store: StoreId,
    batch: BatchId,
) -> Result<Option<Held>, PageError> {
    let Some(of) = reader.batch(batch).await? else { return Ok(None) };
    let Some(material) = reader.material(of.material).await? else { return Ok(None) };
    Ok(Some(Held {
        account: Real::Store(store),
        batch,
        batch_code: of.code.to_string(),
        title: of.title,
        outside_name: of.outside_name,
        short_number: of.short_number,
        pieces_per_bundle: material.packing.per_bundle(),
        bundles_per_carton: material.packing.bundles_per_carton(),
        run: None,
        occasion: None,
        pieces: 0,
    }))
}

/// The question before the form.
fn choose(visit: &Visit, store: &Store) -> Page {
    let l = visit.locale;
    let choices = What::ALL.map(|what| Choice::new(what.word(), what.name(l)).hint(what.hint(l)));
    let choices = choices.to_vec();
    let title = td_string!(l, keeping.title);
    let here = store_path(store.id);
    let crumbs = vec![
        ui::Link::new("/stock", td_string!(l, stock.title)),
        ui::Link::new(here.clone(), store.name.clone()),
    ];
    let batch = visit.query("batch").map(str::to_owned);
    let batch = batch.map(|batch| view! { <ui::Hidden name="batch" value=batch/> });
    let cancel = ui::Link::new(here, td_string!(l, common.cancel));
    let (subtitle, action) = (store.name.clone(), visit.path.clone());
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs subtitle/>
            <ui::Form action get=true>
                <ui::RadioCards name="what" label=td_string!(l, keeping.what) choices/>
                {batch}
                <ui::SubmitBar label=td_string!(l, keeping.go_on) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Page::new(title, body)
}

fn filled(
    visit: &Visit,
    store: &Store,
    form: &FormState,
    what: What,
    held: Vec<Held>,
    only: String,
) -> Result<AnyView, PageError> {
    let l = visit.locale;
    let quantities = match what {
        What::Collected => given(l, form, &held),
        What::Damaged
        | What::Lost
        | What::Found
        | What::Salvaged
        | What::Disposed
        | What::HandedBack => rows(l, form, what, held),
    };
    let from = matches!(what, What::Disposed | What::HandedBack).then(|| from(l, form));
    let how = (what == What::Disposed).then(|| disposal(l, form));
    let reasons = what
        .reasons()
        .iter()
        .map(|reason| Choice::new(reason.as_str(), stock_words::reason(*reason, l)));
    let reasons: Vec<Choice> = reasons.collect();
    let phone = (store.org != visit.actor()?.org).then(|| {
        let label = td_string!(l, keeping.by_phone, org = store.org_name.clone());
        let checked = form.checked("by_phone");
        view! {
            <ui::CheckField name="by_phone" label checked
                hint=td_string!(l, keeping.by_phone_hint)/>
        }
    });
    let here = store_path(store.id);
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(visit));
    let (date, note) = (form.or("date", today(visit)), form.value("note"));
    let usual = what.usual_reason().map(Reason::as_str).unwrap_or_default();
    let (reason, wrong) = (form.or("reason", usual), form.error("reason"));
    let confirm = explain::confirm_box(form, l);
    let date_wrong = form.error("date");
    Ok(view! {
        <ui::Form action=format!("{here}/change") error_title errors record>
            <ui::Hidden name="what" value=what.word()/>
            <ui::Hidden name="batch" value=only/>
            {from}
            {quantities}
            {how}
            <ui::FieldRow>
                <ui::SelectField name="reason" label=td_string!(l, keeping.why) choices=reasons
                    value=reason prompt=td_string!(l, records.choose_reason) error=wrong/>
                <ui::DateField name="date" label=td_string!(l, keeping.date) value=date
                    error=date_wrong/>
            </ui::FieldRow>
            {phone}
            <ui::TextArea name="note" label=td_string!(l, records.note) rows=2 value=note
                no_names=td_string!(l, receipts.no_names)
                optional=td_string!(l, reference.optional)/>
            {confirm}
            <ui::SubmitBar label=td_string!(l, keeping.post) cancel=Some(cancel)
                note=td_string!(l, keeping.post_note)/>
        </ui::Form>
        <ui::Totals lang=i18n::lang(l)/>
    }
    .into_any())
}

/// One row a batch, in cartons, bundles and pieces.
fn rows(l: Locale, form: &FormState, what: What, held: Vec<Held>) -> AnyView {
    let mut lines: Vec<Line> = Vec::new();
    for held in held {
        let damaged = matches!(held.account, Real::Damaged(_));
        let (good, bad) = if damaged { (0, held.pieces) } else { (held.pieces, 0) };
        match lines.iter_mut().find(|line| line.held.batch == held.batch) {
            Some(line) => {
                line.in_store += good;
                line.damaged += bad;
            }
            None => lines.push(Line { held, in_store: good, damaged: bad }),
        }
    }
    lines.iter().map(|line| row(l, form, what, line)).collect_view().into_any()
}

fn row(l: Locale, form: &FormState, what: What, line: &Line) -> AnyView {
    let lang = i18n::lang(l);
    let held = &line.held;
    let name = format!("{PREFIX}{}", held.batch);
    let part = |part: &str| form.value(&format!("{name}_{part}")).into();
    let typed =
        Typed { cartons: part("cartons"), bundles: part("bundles"), pieces: part("pieces") };
    let title = inside_words(&held.title, &held.short_number);
    let label = format!("{title} · {}", grouped(&held.batch_code));
    let (good, damaged) = (lang.number(line.in_store), lang.number(line.damaged));
    let hint = match what {
        What::Found => td_string!(l, keeping.booked_lost, n = good),
        What::Salvaged => td_string!(l, keeping.booked_damaged, n = damaged),
        What::Disposed | What::HandedBack => {
            td_string!(l, keeping.booked_both, n = good, damaged = damaged)
        }
        What::Damaged | What::Lost | What::Collected => td_string!(l, keeping.booked, n = good),
    };
    let packing = Some((held.pieces_per_bundle, held.bundles_per_carton));
    let error = form.error(&name);
    view! {
        <ui::QuantityField name label words=words::quantity(l) typed packing hint error/>
    }
    .into_any()
}

/// Where pieces were given and how many of them came back.
fn given(l: Locale, form: &FormState, held: &[Held]) -> AnyView {
    let lang = i18n::lang(l);
    let choices = held.iter().filter_map(|held| {
        let value = super::actions::written(held)?;
        let place = held.occasion.clone().unwrap_or_default();
        let pieces = lang.number(held.pieces);
        let label = td_string!(l, keeping.given_at, place = place, what = held.title.clone());
        let hint = td_string!(l, keeping.given_pieces, n = pieces);
        Some(Choice::new(value, format!("{label} · {} · {hint}", grouped(&held.batch_code))))
    });
    let choices: Vec<Choice> = choices.collect();
    let (given, given_wrong) = (form.value("given"), form.error("given"));
    let (pieces, wrong) = (form.value("pieces"), form.error("pieces"));
    view! {
        <ui::SelectField name="given" label=td_string!(l, keeping.given) choices value=given
            prompt=td_string!(l, keeping.given_prompt) error=given_wrong/>
        <ui::NumberField name="pieces" label=td_string!(l, keeping.pieces_back) value=pieces
            error=wrong unit=td_string!(l, runs.pieces)/>
    }
    .into_any()
}

/// Good pieces, or those that are booked as damaged already.
fn from(l: Locale, form: &FormState) -> AnyView {
    let choices = vec![
        Choice::new("damaged", td_string!(l, keeping.from_damaged)),
        Choice::new("store", td_string!(l, keeping.from_store)),
    ];
    let (value, error) = (form.value("from"), form.error("from"));
    view! {
        <ui::RadioCards name="from" label=td_string!(l, keeping.from) choices value error row=true/>
    }
    .into_any()
}

fn disposal(l: Locale, form: &FormState) -> AnyView {
    let choices = vec![
        Choice::new("destroyed", td_string!(l, records.destroyed))
            .hint(td_string!(l, keeping.destroyed_hint)),
        Choice::new("office_use", td_string!(l, records.office_use)),
        Choice::new("archive", td_string!(l, records.archive)),
    ];
    let (value, error) = (form.value("how"), form.error("how"));
    let [first, second, paper] =
        ["witness_1", "witness_2", "certificate"].map(|name| (form.value(name), form.error(name)));
    view! {
        <ui::RadioCards name="how" label=td_string!(l, keeping.how) choices value error/>
        <fieldset class="sheet-row">
            <legend>{td_string!(l, keeping.if_destroyed)}</legend>
            <p class="small warn-text">{td_string!(l, keeping.roles_only)}</p>
            <ui::FieldRow>
                <ui::TextField name="witness_1" label=td_string!(l, keeping.witness_1)
                    value=first.0 error=first.1 maxlength=60/>
                <ui::TextField name="witness_2" label=td_string!(l, keeping.witness_2)
                    value=second.0 error=second.1 maxlength=60/>
                <ui::TextField name="certificate" label=td_string!(l, records.certificate)
                    value=paper.0 error=paper.1 maxlength=60 ltr=true/>
            </ui::FieldRow>
        </fieldset>
    }
    .into_any()
}
