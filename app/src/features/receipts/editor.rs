//! The form of a delivery: cartons first, pieces only for open ones.

use super::words::{damage_name, how_name};
use crate::features::recall::stopping;
use crate::features::runs::page::{list_link, of_path};
use crate::features::runs::words::material;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asks, today};
use crate::session::Visit;
use crate::ui::{self, Choice};
use domain::records::receipt::{Damage, HowCounted};
use domain::reference::Standing;
use leptos::prelude::*;
use stock::reference::stores::Store;
use stock::runs::Run;

/// Fields for open cartons; more than that are better counted as loose pieces of one.
pub(super) const OPEN_CARTONS: usize = 6;

pub async fn receive(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let run = of_path(&visit).await?;
    let form = visit.form().await?;
    let stores = visit.reader()?.stores().await?;
    let to_stop = stopping::warning(&visit, run.row.material).await?;
    let here = format!("/runs/{}", run.row.id);
    let title = td_string!(l, receipts.new);
    let subtitle = format!("{}: {}", run.row.number, material(l, &run.row));
    let ordered = lang.number(run.row.progress.ordered.get());
    let received = lang.number(run.row.progress.received);
    let intro = td_string!(l, receipts.intro, ordered = ordered, received = received);
    let crumbs = vec![list_link(l), ui::Link::new(here.clone(), run.row.number.clone())];
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let place = place(l, &form, &stores, today(&visit));
    let cartons = cartons(l, &form, &run);
    let damage = damage(l, &form);
    let counted = counted(l, &form);
    let labels = labels(&visit, &form, &run);
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let note = form.value("note");
    let confirm = asks(&form, td_string!(l, receipts.confirm_box));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            <p>{intro}</p>
            {to_stop}
            <ui::Form action=format!("{here}/receive") error_title errors record>
                {place}
                {cartons}
                {damage}
                {counted}
                {labels}
                <ui::TextArea name="note" label=td_string!(l, receipts.note) value=note rows=2
                    no_names=td_string!(l, receipts.no_names)
                    optional=td_string!(l, runs.optional)/>
                {confirm}
                <ui::SubmitBar label=td_string!(l, receipts.post) cancel=Some(cancel)
                    note=td_string!(l, receipts.post_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub(crate) fn store_choices(stores: &[Store]) -> Vec<Choice> {
    let used = stores.iter().filter(|store| store.standing == Standing::InUse);
    used.map(|store| Choice::new(store.id.to_string(), &store.name)).collect()
}

/// Where there is only one, nobody has to choose.
pub(crate) fn only(choices: &[Choice]) -> String {
    match choices {
        [one] => one.value.clone(),
        _ => String::new(),
    }
}

fn place(l: Locale, form: &FormState, stores: &[Store], today: String) -> AnyView {
    let choices = store_choices(stores);
    let store = form.or("store", only(&choices));
    let date = form.or("date", today);
    let form = form.clone();
    view! {
        <ui::FieldRow>
            <ui::SelectField name="store" label=td_string!(l, receipts.store) choices
                value=store prompt=td_string!(l, receipts.store_prompt)
                error=form.error("store")/>
            <ui::DateField name="date" label=td_string!(l, receipts.date) value=date
                error=form.error("date")/>
        </ui::FieldRow>
    }
    .into_any()
}

fn cartons(l: Locale, form: &FormState, run: &Run) -> AnyView {
    let pieces = td_string!(l, runs.pieces);
    let each = form.or("each", run.row.packing.per_carton().to_string());
    let open = (1..=OPEN_CARTONS).map(|number| {
        let name = format!("open_{number}");
        let (value, error) = (form.value(&name), form.error(&name));
        let label = td_string!(l, receipts.open_n, number = number);
        view! { <ui::NumberField name label value error/> }
    });
    let open = open.collect_view();
    let form = form.clone();
    view! {
        <h2>{td_string!(l, receipts.cartons_title)}</h2>
        <ui::FieldRow>
            <ui::NumberField name="cartons" label=td_string!(l, receipts.cartons)
                value=form.value("cartons") error=form.error("cartons")/>
            <ui::NumberField name="each" label=td_string!(l, receipts.each) value=each
                unit=pieces error=form.error("each")/>
            <ui::NumberField name="last" label=td_string!(l, receipts.last)
                value=form.value("last") unit=pieces hint=td_string!(l, receipts.last_hint)
                error=form.error("last")/>
        </ui::FieldRow>
        <h2>{td_string!(l, receipts.open_title)}</h2>
        <p>{td_string!(l, receipts.open_text)}</p>
        <ui::FieldRow boxes=true>{open}</ui::FieldRow>
    }
    .into_any()
}

fn damage(l: Locale, form: &FormState) -> AnyView {
    let fields = Damage::ALL.into_iter().map(|damage| {
        let name = format!("damage_{}", damage.as_str());
        let (value, error) = (form.value(&name), form.error(&name));
        let label = damage_name(l, damage);
        view! { <ui::NumberField name label value error/> }
    });
    let fields = fields.collect_view();
    view! {
        <h2>{td_string!(l, receipts.damaged_title)}</h2>
        <p>{td_string!(l, receipts.damaged_text)}</p>
        <ui::FieldRow boxes=true>{fields}</ui::FieldRow>
    }
    .into_any()
}

fn counted(l: Locale, form: &FormState) -> AnyView {
    let choices = HowCounted::ALL.into_iter();
    let choices: Vec<Choice> =
        choices.map(|how| Choice::new(how.as_str(), how_name(l, how))).collect();
    let form = form.clone();
    view! {
        <ui::RadioCards name="how" label=td_string!(l, receipts.how) choices
            value=form.value("how") error=form.error("how")/>
        <ui::NumberField name="claimed" label=td_string!(l, receipts.claimed)
            value=form.value("claimed") unit=td_string!(l, runs.pieces)
            optional=td_string!(l, runs.optional) error=form.error("claimed")/>
    }
    .into_any()
}

fn labels(visit: &Visit, form: &FormState, run: &Run) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let has_issued = run.labels.unused > 0;
    let mut choices = vec![
        Choice::new("new", td_string!(l, receipts.labels_new)),
        Choice::new("bundles", td_string!(l, receipts.labels_bundles)),
    ];
    if has_issued {
        choices.push(Choice::new("issued", td_string!(l, receipts.labels_issued)));
        choices.push(Choice::new("scanned", td_string!(l, receipts.labels_scanned)));
    }
    let value = form.or("labels", if has_issued { "issued" } else { "new" });
    let scanned = has_issued.then(|| {
        let (codes, error) = (form.value("codes"), form.error("codes"));
        let void = form.checked("void_rest");
        view! {
            <ui::ScanField name="codes" label=td_string!(l, receipts.codes)
                words=crate::words::scan(l) lang value=codes hint=td_string!(l, receipts.codes_hint)
                error optional=td_string!(l, runs.optional)/>
            <ui::CheckField name="void_rest" label=td_string!(l, receipts.void_rest)
                checked=void/>
        }
    });
    let error = form.error("labels");
    view! {
        <ui::RadioCards name="labels" label=td_string!(l, receipts.labels) choices value error/>
        {scanned}
    }
    .into_any()
}
