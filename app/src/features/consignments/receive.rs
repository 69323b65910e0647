//! The receiver counts. Nothing on this page says how much was sent (rule 11).

use super::words::{DAMAGES, list_link, path, reasons};
use crate::error::PageError;
use crate::explain;
use crate::features::codes::dispatch;
use crate::features::materials::{inside_words, outside_words};
use crate::forms::FormState;
use crate::i18n::{self, Locale, td_string};
use crate::page::{Frame, Page, PageResult};
use crate::posting::asks;
use crate::session::Visit;
use crate::ui::{self, Choice, QuantityWords, Tone, Typed};
use domain::code::{Code, CodeKind};
use domain::consignment::Rest;
use domain::ids::ConsignmentId;
use leptos::prelude::*;
use stock::consignments::{CountSheet, CountSheetLine};

pub async fn form(visit: Visit) -> PageResult {
    let id: ConsignmentId = visit.param("id")?;
    count(visit, id).await
}

async fn count(visit: Visit, id: ConsignmentId) -> PageResult {
    let l = visit.locale;
    let sheet = visit.reader()?.count_sheet_of(id).await?;
    let here = path(&sheet.consignment);
    let form = visit.form_of(&format!("{here}/receive")).await?;
    let title =
        td_string!(l, consignments.receive_title, number = sheet.consignment.number.clone());
    let heading = title.clone();
    let from = td_string!(l, consignments.from_store, store = sheet.consignment.from.name.clone());
    let fields: Vec<AnyView> =
        sheet.lines.iter().map(|line| batch(l, &form, &sheet, line)).collect();
    let today = visit.stock().world().now().day().to_string();
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let rest = vec![
        Choice::new("nothing_more", td_string!(l, consignments.nothing_more))
            .hint(td_string!(l, consignments.nothing_more_hint)),
        Choice::new("still_coming", td_string!(l, consignments.still_coming))
            .hint(td_string!(l, consignments.still_coming_hint)),
    ];
    let (earlier, another) = (earlier(&visit, &sheet), another(&visit, &form, &sheet));
    let (more, by_phone) = (more(&visit, &form), by_phone(l, &form, &sheet));
    let sure = asks(&form, td_string!(l, consignments.far_sure));
    let (record, lang) = (form.record(&visit), visit.lang());
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle=from crumbs=vec![list_link(l)]/>
            <p>{td_string!(l, consignments.receive_text)}</p>
            {earlier}
            <ui::Form action=format!("{here}/receive") error_title=form.title()
                errors=form.errors() record=record>
                <ui::DateField name="date" label=td_string!(l, consignments.came_on)
                    value=form.or("date", today) error=form.error("date")/>
                {fields}
                <ui::Totals lang/>
                {more}
                <ui::RadioCards name="rest" label=td_string!(l, consignments.rest) choices=rest
                    value=form.value("rest") error=form.error("rest")/>
                {by_phone}
                {another}
                {sure}
                <ui::TextArea name="note" label=td_string!(l, consignments.note)
                    no_names=td_string!(l, consignments.no_names) value=form.value("note") rows=2
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=td_string!(l, consignments.receive_now) cancel=Some(cancel)
                    note=td_string!(l, consignments.receive_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn typed(form: &FormState, name: &str) -> Typed {
    let part = |part: &str| form.value(&format!("{name}_{part}")).into();
    Typed { cartons: part("cartons"), bundles: part("bundles"), pieces: part("pieces") }
}

fn quantity_words(l: Locale, line: &CountSheetLine) -> QuantityWords {
    let lang = i18n::lang(l);
    let (carton, bundle) = (lang.number(line.per_carton), lang.number(line.per_bundle));
    QuantityWords {
        cartons: td_string!(l, consignments.full_cartons, n = carton),
        bundles: td_string!(l, consignments.bundles, n = bundle),
        pieces: td_string!(l, consignments.loose).to_owned(),
        total: td_string!(l, consignments.quantity_total, n = "{n}"),
    }
}

/// One batch: cartons, bundles and loose pieces that are good, pieces that are damaged.
fn batch(l: Locale, form: &FormState, sheet: &CountSheet, line: &CountSheetLine) -> AnyView {
    let batch = line.title.batch;
    let (good, damaged) = (format!("good_{batch}"), format!("damaged_{batch}"));
    let damage = format!("damage_{batch}");
    let bundle = line.per_bundle;
    let packing = (line.per_carton % bundle == 0).then_some((bundle, line.per_carton / bundle));
    let (mut hint, words) = (sizes_hint(l, line), quantity_words(l, line));
    if !sheet.earlier.is_empty() {
        hint = format!("{} {hint}", td_string!(l, consignments.only_new));
    }
    let errors = [form.error(&good), form.error(&damaged), form.error(&damage)];
    let [good_error, damaged_error, damage_error] = errors;
    let heading = line.title.title.clone();
    let outside = outside_words(&line.title.outside_name, &line.title.short_number);
    let names = format!("{outside} · {}", line.title.code.grouped());
    let called = inside_words(&line.title.title, &line.title.short_number);
    ui::note_row(&batch.to_string(), format!("{called} · {}", line.title.code.grouped()));
    let typed = typed(form, &good);
    let (damaged_value, damage_value) = (form.value(&damaged), form.value(&damage));
    view! {
        <ui::Sheet title=heading>
            <p class="quiet small">{names}</p>
            <ui::QuantityField name=good label=td_string!(l, consignments.good) hint
                words typed packing=packing error=good_error/>
            <ui::FieldRow>
                <ui::NumberField name=damaged label=td_string!(l, consignments.damaged_pieces)
                    value=damaged_value error=damaged_error
                    optional=td_string!(l, reference.optional)/>
                <ui::SelectField name=damage label=td_string!(l, consignments.damage_reason)
                    choices=reasons(l, &DAMAGES) value=damage_value error=damage_error
                    prompt=td_string!(l, consignments.choose_reason)/>
            </ui::FieldRow>
        </ui::Sheet>
    }
    .into_any()
}

fn sizes_hint(l: Locale, line: &CountSheetLine) -> String {
    let lang = i18n::lang(l);
    let (carton, bundle) = (lang.number(line.per_carton), lang.number(line.per_bundle));
    let full = td_string!(l, consignments.carton_hint, carton = carton, bundle = bundle);
    if line.other_sizes.is_empty() {
        return full;
    }
    let sizes: Vec<String> = line.other_sizes.iter().map(|size| lang.number(*size)).collect();
    let others = td_string!(l, consignments.other_sizes, sizes = sizes.join(" · "));
    format!("{full} {others}")
}

/// Labels that were scanned, and something that nobody expected.
fn more(visit: &Visit, form: &FormState) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let open = ["codes", "other_code", "other_good"]
        .into_iter()
        .any(|name| !form.value(name).is_empty() || form.error(name).is_some());
    let [codes, other_code, other_good] =
        ["codes", "other_code", "other_good"].map(|name| (form.value(name), form.error(name)));
    view! {
        <details class="more" open=open>
            <summary>{td_string!(l, consignments.labels_and_others)}</summary>
            <ui::Stack>
                <ui::ScanField name="codes" label=td_string!(l, consignments.scanned)
                    words=crate::words::scan(l) lang hint=td_string!(l, consignments.scanned_hint)
                    value=codes.0 error=codes.1 optional=td_string!(l, reference.optional)/>
                <ui::TextField name="other_code" label=td_string!(l, consignments.other_code)
                    hint=td_string!(l, consignments.other_hint) value=other_code.0
                    error=other_code.1 ltr=true
                    optional=td_string!(l, reference.optional)/>
                <ui::NumberField name="other_good" label=td_string!(l, consignments.other_pieces)
                    value=other_good.0 error=other_good.1
                    optional=td_string!(l, reference.optional)/>
            </ui::Stack>
        </details>
    }
    .into_any()
}

fn by_phone(l: Locale, form: &FormState, sheet: &CountSheet) -> AnyView {
    if sheet.on_behalf_only {
        return view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.sender_counts)>
                {td_string!(l, consignments.sender_counts_text)}
                <ui::Hidden name="by_phone" value="true"/>
            </ui::Notice>
        }
        .into_any();
    }
    let note = sheet.to_confirm.then(|| {
        view! { <p class="hint">{td_string!(l, consignments.will_be_confirmed)}</p> }
    });
    view! {
        {note}
        <ui::CheckField name="by_phone" label=td_string!(l, consignments.by_phone)
            hint=td_string!(l, consignments.by_phone_hint) checked=form.checked("by_phone")/>
    }
    .into_any()
}

/// What others have counted in already.
fn earlier(visit: &Visit, sheet: &CountSheet) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    (!sheet.earlier.is_empty()).then(|| {
        let items = sheet.earlier.iter().map(|delivery| {
            let (day, n) = (lang.day(delivery.at.day()), lang.number(delivery.pieces));
            view! { <li>{td_string!(l, consignments.earlier_one, day = day, n = n)}</li> }
        });
        let items = items.collect_view();
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.earlier)>
                <ul>{items}</ul>
            </ui::Notice>
        }
        .into_any()
    })
}

/// Whether what is counted may stand in the books already. Whoever said that more was coming counts
/// what came then.
pub(super) fn may_be_the_same(visit: &Visit, sheet: &CountSheet) -> bool {
    let own = visit.actor().ok().map(|actor| actor.user);
    let mut earlier = sheet.earlier.iter();
    earlier.any(|delivery| delivery.rest != Rest::StillComing || own != Some(delivery.by))
}

/// The box that says: this comes on top of what is there already.
fn another(visit: &Visit, form: &FormState, sheet: &CountSheet) -> AnyView {
    let l = visit.locale;
    let hidden = sheet.earlier.iter().map(|delivery| {
        view! { <ui::Hidden name="besides" value=delivery.record.to_string()/> }
    });
    let hidden = hidden.collect_view();
    let error = form.error("another");
    if !may_be_the_same(visit, sheet) && error.is_none() {
        return hidden.into_any();
    }
    view! {
        {hidden}
        <ui::CheckField name="another" label=td_string!(l, consignments.another)
            hint=td_string!(l, consignments.another_hint) checked=form.checked("another")
            error=error/>
    }
    .into_any()
}

/// The page behind the code of a waybill: a stranger learns where to bring it, the receiver gets
/// to the count, everybody else who may to the consignment.
pub async fn by_code(visit: Visit) -> PageResult {
    let l = visit.locale;
    let typed: String = visit.param("code")?;
    let code = match Code::parse(&typed) {
        Ok(code) => code,
        Err(error) => return Ok(dispatch::misread(&visit, &typed, explain::code(error, l))),
    };
    match visit.stock().find_code(code).await? {
        None => return Ok(dispatch::unknown(&visit, code)),
        Some(known) if known.kind != CodeKind::Consignment => {
            return Err(PageError::Elsewhere(dispatch::path(known.kind, code)));
        }
        Some(_) => {}
    }
    let known = match visit.reader() {
        Ok(reader) => reader.consignment_by_code(code).await?,
        Err(_) => None,
    };
    let Some(id) = known else { return stranger(visit, code).await };
    let detail = visit.reader()?.consignment(id).await?;
    if !detail.sees_sent && visit.may(domain::role::Permission::Deliver) {
        return count(visit, id).await;
    }
    let number = detail.consignment.number.clone();
    let heading = number.clone();
    let subtitle = super::words::way(visit.lang(), &detail.consignment);
    let href = path(&detail.consignment);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle>
                <ui::ButtonLink href main=true
                    label=td_string!(l, consignments.to_consignment)/>
            </ui::PageHead>
        </ui::Page>
    };
    Ok(Page::new(number, body))
}

async fn stranger(visit: Visit, code: Code) -> PageResult {
    let l = visit.locale;
    let found = visit.stock().consignment_return_to(code).await?;
    let Some((store, place)) = found else { return Err(PageError::NotFound) };
    let title = td_string!(l, consignments.stranger_title);
    let text = td_string!(l, consignments.stranger_text, store = store, place = place);
    let sign_in = visit.signed.is_none().then(|| {
        let href = format!("/login?next=/{}/{}", CodeKind::Consignment.letter().to_ascii_lowercase(), code);
        view! { <p class="small"><a href=href>{td_string!(l, consignments.stranger_sign_in)}</a></p> }
    });
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=code.grouped()/>
            <ui::Sheet><p>{text}</p></ui::Sheet>
            {sign_in}
        </ui::Page>
    };
    Ok(Page::new(title, body).frame(Frame::Bare))
}
