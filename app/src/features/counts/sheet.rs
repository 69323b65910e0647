//! The sheet, on the screen and on paper. Both are blind: nobody counts what he expects.

use super::actions::typed_batches;
use super::page::list_link;
use crate::error::PageError;
use crate::features::materials::{inside_words, outside_words};
use crate::features::receipts::editor::{only, store_choices};
use crate::forms::FormState;
use crate::i18n::{self, Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::today;
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Typed};
use crate::words;
use domain::code::Code;
use domain::ids::{BatchId, StoreId};
use leptos::prelude::*;
use stock::Reader;
use stock::keeping::CountSheet;

/// What the names of the fields of a batch begin with; its id follows.
pub(super) const PREFIX: &str = "count_";

/// `/counts/new?store=ID`: which store first, then its sheet.
pub async fn new(visit: Visit) -> PageResult {
    let l = visit.locale;
    let form = visit.form().await?;
    let stores = store_choices(&visit.reader()?.stores().await?);
    let asked = visit.query("store").map_or_else(|| only(&stores), str::to_owned);
    match form.or("store", asked).parse::<StoreId>() {
        Ok(store) => sheet(visit, form, store).await,
        Err(_) => {
            let title = td_string!(l, counts.new);
            let body = view! {
                <ui::Page narrow=true>
                    <ui::PageHead title crumbs=vec![list_link(l)]/>
                    <ui::Form action="/counts/new" get=true>
                        <ui::SelectField name="store" label=td_string!(l, counts.which_store)
                            choices=stores prompt=td_string!(l, counts.store_prompt)/>
                        <ui::SubmitBar label=td_string!(l, counts.to_sheet)/>
                    </ui::Form>
                </ui::Page>
            };
            Ok(Page::new(title, body))
        }
    }
}

async fn sheet(visit: Visit, form: FormState, id: StoreId) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let store = reader.store(id).await?.ok_or(PageError::NotFound)?;
    let mut batches = reader.count_sheet(id).await?;
    // What was typed comes back, also where the batch has left the books meanwhile.
    for typed in typed_batches(form.fields(), PREFIX) {
        if batches.iter().all(|known| known.batch_id != typed.uuid()) {
            batches.extend(gone(&reader, typed).await?);
        }
    }
    let rows = batches.iter().map(|batch| row(l, &form, batch)).collect_view();
    let none = batches.is_empty().then(|| {
        view! { <p>{td_string!(l, counts.nothing_here)}</p> }
    });
    let title = td_string!(l, counts.sheet_title, store = store.name.clone());
    let heading = title.clone();
    let paper = format!("/counts/paper/{id}");
    let cancel = ui::Link::new("/counts", td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let (date, note) = (form.or("date", today(&visit)), form.value("note"));
    let other = other(l, &form);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=vec![list_link(l)]
                subtitle=td_string!(l, counts.intro)>
                <ui::ButtonLink href=paper label=td_string!(l, counts.print)/>
            </ui::PageHead>
            <ui::Form action="/counts/new" error_title errors record>
                <ui::Hidden name="store" value=id.to_string()/>
                <ui::DateField name="date" label=td_string!(l, counts.date) value=date
                    hint=td_string!(l, counts.date_hint) error=form.error("date")/>
                {none}
                {rows}
                {other}
                <ui::TextArea name="note" label=td_string!(l, records.note) rows=2 value=note
                    no_names=td_string!(l, receipts.no_names)
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=td_string!(l, counts.send) cancel=Some(cancel)
                    note=td_string!(l, counts.send_note)/>
            </ui::Form>
            <ui::Totals lang=i18n::lang(l)/>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// A batch that is not on the sheet any more.
async fn gone(reader: &Reader<'_>, batch: BatchId) -> Result<Option<CountSheet>, PageError> {
    let Some(of) = reader.batch(batch).await? else { return Ok(None) };
    let Some(material) = reader.material(of.material).await? else { return Ok(None) };
    Ok(Some(CountSheet {
        batch_id: batch.uuid(),
        batch_code: of.code.to_string(),
        short_number: of.short_number,
        title: of.title,
        outside_name: of.outside_name,
        pieces_per_bundle: material.packing.per_bundle(),
        bundles_per_carton: material.packing.bundles_per_carton(),
    }))
}

fn row(l: Locale, form: &FormState, batch: &CountSheet) -> AnyView {
    let name = format!("{PREFIX}{}", batch.batch_id);
    let part = |part: &str| form.value(&format!("{name}_{part}")).into();
    let typed =
        Typed { cartons: part("cartons"), bundles: part("bundles"), pieces: part("pieces") };
    let code = Code::parse(&batch.batch_code);
    let code = code.map_or_else(|_| batch.batch_code.clone(), |code| code.grouped());
    let label = format!("{} · {code}", inside_words(&batch.title, &batch.short_number));
    let outside = outside_words(&batch.outside_name, &batch.short_number);
    let hint = format!("{outside} · {}", packed(l, batch));
    let packing = Some((batch.pieces_per_bundle, batch.bundles_per_carton));
    let error = form.error(&name);
    view! {
        <ui::QuantityField name label words=words::quantity(l) typed packing hint error/>
    }
    .into_any()
}

/// "cartons of 500, bundles of 50".
fn packed(l: Locale, batch: &CountSheet) -> String {
    let lang = i18n::lang(l);
    td_string!(
        l,
        counts.packing,
        carton = lang.number(batch.pieces_per_bundle * batch.bundles_per_carton),
        bundle = lang.number(batch.pieces_per_bundle)
    )
}

/// A batch that stands there and that the books do not know of in this store.
fn other(l: Locale, form: &FormState) -> AnyView {
    let [code, pieces] =
        ["other_code", "other_pieces"].map(|name| (form.value(name), form.error(name)));
    view! {
        <fieldset class="sheet-row">
            <legend>{td_string!(l, counts.other)}</legend>
            <ui::FieldRow>
                <ui::TextField name="other_code" label=td_string!(l, counts.other_code)
                    hint=td_string!(l, counts.other_hint) value=code.0 error=code.1 ltr=true
                    optional=td_string!(l, reference.optional)/>
                <ui::NumberField name="other_pieces" label=td_string!(l, counts.other_pieces)
                    value=pieces.0 error=pieces.1 optional=td_string!(l, reference.optional)/>
            </ui::FieldRow>
        </fieldset>
    }
    .into_any()
}

/// `/counts/paper/{id}`: the sheet to walk through the store with.
pub async fn paper(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: StoreId = visit.param("id")?;
    let reader = visit.reader()?;
    let store = reader.store(id).await?.ok_or(PageError::NotFound)?;
    let batches = reader.count_sheet(id).await?;
    let columns = vec![
        Column::text(td_string!(l, counts.batch)),
        Column::text(td_string!(l, counts.material)),
        Column::text(td_string!(l, widgets.cartons)),
        Column::text(td_string!(l, widgets.bundles)),
        Column::text(td_string!(l, widgets.pieces)),
    ];
    let boxed = || Cell::view(view! { <span class="box"></span> });
    let mut rows: Vec<Row> = Vec::with_capacity(batches.len() + 3);
    for batch in &batches {
        let code = Code::parse(&batch.batch_code);
        let code = code.map_or_else(|_| batch.batch_code.clone(), |code| code.grouped());
        let outside = outside_words(&batch.outside_name, &batch.short_number);
        let what = Cell::text(outside).below(packed(l, batch));
        let code = Cell::view(view! { <ui::Ref text=code/> });
        rows.push(Row::new(vec![code, what, boxed(), boxed(), boxed()]));
    }
    // For what stands there and is not on the sheet.
    for _ in 0..3 {
        rows.push(Row::new(vec![boxed(), boxed(), boxed(), boxed(), boxed()]));
    }
    let title = td_string!(l, counts.paper_title);
    let roles = vec![
        td_string!(l, counts.signed_counter).to_owned(),
        td_string!(l, counts.signed_witness).to_owned(),
    ];
    let today = visit.stock().world().now().day();
    let foot = format!("{} · {}", store.name, lang.day(today));
    let caption = td_string!(l, counts.paper_text);
    let name = store.name.clone();
    let body = view! {
        <ui::Page>
            <ui::Paper title subtitle=store.name.clone() foot>
                <ui::DataTable caption columns rows/>
                <ui::Signatures roles name_label=td_string!(l, counts.sign_role)
                    date_label=td_string!(l, receipts.sign_date)/>
            </ui::Paper>
        </ui::Page>
    };
    Ok(Page::paper(format!("{title} {name}"), body, format!("/stock/stores/{}", store.id)))
}
