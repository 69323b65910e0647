//! The sheet: one row a material, in cartons and loose pieces.

use super::page::list_link;
use crate::features::materials::numbered;
use crate::features::recall::stopping::Marks;
use crate::features::receipts::editor::{only, store_choices};
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asked, today};
use crate::session::Visit;
use crate::ui::{self, Choice};
use domain::reference::Standing;
use leptos::prelude::*;
use std::ops::RangeInclusive;
use stock::reference::materials::Material;

/// Rows of a sheet: a store with more materials takes a second sheet.
pub(super) const ROWS: usize = 8;
/// Rows in sight before somebody needs more.
const SHOWN: usize = 3;

pub async fn new(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let (stores, materials) = (reader.stores().await?, reader.materials().await?);
    let marks = Marks::load(&visit).await?;
    let form = visit.form().await?;
    let title = td_string!(l, opening.new);
    let choices = store_choices(&stores);
    let known = visit.query("store").map_or_else(|| only(&choices), str::to_owned);
    let store = form.or("store", known);
    let date = form.or("date", today(&visit));
    let rows = |numbers: RangeInclusive<usize>| {
        numbers.map(|number| row(l, &form, (&materials, &marks), number)).collect_view()
    };
    let (first, others) = (rows(1..=SHOWN), rows(SHOWN + 1..=ROWS));
    let open = (SHOWN + 1..=ROWS).any(|number| is_used(&form, number));
    let cancel = ui::Link::new("/opening", td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let confirm = asked(&form, td_string!(l, opening.confirm_box));
    let note = form.value("note");
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs=vec![list_link(l)]/>
            <p>{td_string!(l, opening.intro)}</p>
            <ui::Form action="/opening/new" error_title errors record>
                <ui::FieldRow>
                    <ui::SelectField name="store" label=td_string!(l, opening.store) choices
                        value=store prompt=td_string!(l, opening.store_prompt)
                        error=form.error("store")/>
                    <ui::DateField name="date" label=td_string!(l, opening.date) value=date
                        error=form.error("date")/>
                </ui::FieldRow>
                {first}
                <details class="more" open=open>
                    <summary>{td_string!(l, opening.more_rows)}</summary>
                    <ui::Stack>{others}</ui::Stack>
                </details>
                <ui::TextArea name="note" label=td_string!(l, receipts.note) rows=2
                    value=note no_names=td_string!(l, receipts.no_names)
                    optional=td_string!(l, runs.optional)/>
                {confirm}
                <ui::SubmitBar label=td_string!(l, opening.post) cancel=Some(cancel)
                    note=td_string!(l, opening.post_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// Whether a form that came back says anything on this row.
fn is_used(form: &FormState, number: usize) -> bool {
    ["material", "cartons", "each", "loose"].iter().any(|field| {
        let name = format!("{field}_{number}");
        !form.value(&name).is_empty() || form.error(&name).is_some()
    })
}

fn row(
    l: Locale,
    form: &FormState,
    (materials, marks): (&[Material], &Marks),
    number: usize,
) -> AnyView {
    let form = form.clone();
    let name = move |field: &str| format!("{field}_{number}");
    let used = materials.iter().filter(|material| material.standing == Standing::InUse);
    let choice = |m: &Material| {
        let label = marks.label(m.id, format!("{} ({})", m.title, numbered(l, m)));
        Choice::new(m.id.to_string(), label)
    };
    let choices: Vec<Choice> = used.map(choice).collect();
    let typed = form.clone();
    let value = move |field: &str| typed.value(&name(field));
    let error = move |field: &str| form.error(&name(field));
    let (material, wrong) = (value("material"), error("material"));
    let legend = td_string!(l, opening.row, number = number);
    let chosen = choices.iter().find(|known| known.value == material);
    ui::note_row(&number.to_string(), chosen.map_or(&legend, |chosen| &chosen.label).as_str());
    let hint = (number == 1).then(|| td_string!(l, opening.each_hint));
    view! {
        <fieldset class="sheet-row">
            <legend>{legend}</legend>
            <ui::SelectField name=name("material") label=td_string!(l, opening.material)
                choices value=material prompt=td_string!(l, opening.material_prompt) error=wrong/>
            <ui::FieldRow boxes=true>
                <ui::NumberField name=name("cartons") label=td_string!(l, opening.cartons)
                    value=value("cartons") error=error("cartons")/>
                <ui::NumberField name=name("each") label=td_string!(l, opening.each)
                    value=value("each") hint error=error("each")/>
                <ui::NumberField name=name("loose") label=td_string!(l, opening.loose)
                    value=value("loose") error=error("loose")/>
            </ui::FieldRow>
        </fieldset>
    }
    .into_any()
}
