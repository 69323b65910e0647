//! The form of a material: one page for new ones and for changes.

use super::page::{list_link, of_path};
use super::{identity, kind_name, language_name};
use crate::features::reference;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Choice, Width};
use domain::decimal::thousandths;
use domain::ids::MaterialId;
use domain::material::{MaterialKind, PrintLanguage};
use domain::reference::Standing;
use leptos::prelude::*;
use stock::reference::materials::Material;

pub async fn new(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let reader = visit.reader()?;
    let number = reader.next_short_number().await?.as_str().to_owned();
    let others = reader.materials().await?;
    let form = visit.form().await?;
    let record = form.record(&visit);
    let values = Values::new(l, &form, number);
    let title = td_string!(l, materials.new).to_owned();
    Ok(editor(visit, title, form, Some(record), values, successors(l, others, None)))
}

pub async fn edit(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let material = of_path(&visit).await?;
    let others = visit.reader()?.materials().await?;
    let form = visit.form().await?;
    let values = Values::of(&form, &material);
    let successors = successors(l, others, Some(&material));
    Ok(editor(visit, material.title, form, None, values, successors))
}

/// What stands in the fields.
#[derive(Clone)]
struct Values {
    kind: String,
    title: String,
    language: String,
    edition: String,
    outside_name: String,
    short_number: String,
    per_bundle: String,
    bundles: String,
    weight: String,
    volume: String,
    contacts: String,
    superseded_by: String,
    back: String,
}

impl Values {
    fn new(l: Locale, form: &FormState, number: String) -> Self {
        let outside = td_string!(l, materials.outside_default, number = number.clone());
        let outside = ui::plain(&outside);
        Self {
            kind: form.value("kind"),
            title: form.value("title"),
            language: form.value("language"),
            edition: form.value("edition"),
            outside_name: form.or("outside_name", outside),
            short_number: form.or("short_number", number),
            per_bundle: form.value("per_bundle"),
            bundles: form.value("bundles"),
            weight: form.value("weight"),
            volume: form.value("volume"),
            contacts: form.value("contacts"),
            superseded_by: form.value("superseded_by"),
            back: "/reference/materials".to_owned(),
        }
    }

    fn of(form: &FormState, material: &Material) -> Self {
        let decimal = |value: Option<i64>| value.map(thousandths).unwrap_or_default();
        let successor = material.superseded_by.map(|id| id.to_string()).unwrap_or_default();
        let packing = material.packing;
        Self {
            kind: form.or("kind", material.kind.as_str()),
            title: form.or("title", &material.title),
            language: form.or("language", material.language.as_str()),
            edition: form.or("edition", &material.edition),
            outside_name: form.or("outside_name", &material.outside_name),
            short_number: form.or("short_number", material.short_number.as_str()),
            per_bundle: form.or("per_bundle", packing.per_bundle().to_string()),
            bundles: form.or("bundles", packing.bundles_per_carton().to_string()),
            weight: form.or("weight", decimal(material.carton_weight_g)),
            volume: form.or("volume", decimal(material.carton_volume_cm3)),
            contacts: form.or("contacts", material.contact_numbers.join("\n")),
            superseded_by: form.or("superseded_by", successor),
            back: format!("/reference/materials/{}", material.id),
        }
    }
}

/// What may supersede a material: others of its kind that are in use and that it does not
/// supersede itself, and what does so already.
fn successors(l: Locale, others: Vec<Material>, of: Option<&Material>) -> Vec<Choice> {
    let all = others.clone();
    let leads_to = |other: &Material, to: MaterialId| {
        let next = |one: &&Material| all.iter().find(|next| Some(next.id) == one.superseded_by);
        std::iter::successors(Some(other), next).take(all.len()).any(|one| one.id == to)
    };
    let fits = |other: &Material| {
        let Some(of) = of else { return other.standing == Standing::InUse };
        let chosen = of.superseded_by == Some(other.id);
        let fits = other.standing == Standing::InUse && other.kind == of.kind;
        chosen || (fits && !leads_to(other, of.id))
    };
    let choice = |other: Material| {
        let identity = identity(l, other.kind, other.language, &other.edition);
        Choice::new(other.id.to_string(), format!("{} · {identity}", other.title))
    };
    others.into_iter().filter(fits).map(choice).collect()
}

fn editor(
    visit: Visit,
    title: String,
    form: FormState,
    record: Option<String>,
    values: Values,
    successors: Vec<Choice>,
) -> Page {
    let l = visit.locale;
    let cancel = ui::Link::new(values.back.clone(), td_string!(l, common.cancel));
    let heading = title.clone();
    let (errors, error_title) = (form.errors(), form.title());
    let what = what_it_is(l, form.clone(), values.clone());
    let outside = outside(l, form.clone(), values.clone());
    let packing = packing(l, form.clone(), values.clone());
    let measures = measures(l, form.clone(), values.clone());
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            <ui::Form action=visit.path error_title errors record>
                {what}
                {outside}
                {packing}
                {measures}
                <ui::TextArea name="contacts" label=td_string!(l, materials.contact_numbers)
                    hint=td_string!(l, materials.contacts_hint) value=values.contacts rows=3
                    optional=td_string!(l, reference.optional) error=form.error("contacts")/>
                <ui::SelectField name="superseded_by" choices=successors
                    label=td_string!(l, materials.superseded_by) value=values.superseded_by
                    prompt=td_string!(l, materials.superseded_none)
                    optional=td_string!(l, reference.optional)
                    error=form.error("superseded_by")/>
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Page::new(title, body)
}

fn what_it_is(l: Locale, form: FormState, values: Values) -> AnyView {
    let kinds = MaterialKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_name(l, kind)));
    let languages = PrintLanguage::ALL
        .map(|language| Choice::new(language.as_str(), language_name(l, language)));
    view! {
        <ui::TextField name="title" label=td_string!(l, materials.title_field)
            hint=td_string!(l, materials.title_hint) value=values.title
            error=form.error("title")/>
        <ui::RadioCards name="kind" label=td_string!(l, reference.kind) choices=kinds.to_vec()
            value=values.kind error=form.error("kind") row=true/>
        <ui::FieldRow>
            <ui::SelectField name="language" label=td_string!(l, materials.language)
                choices=languages.to_vec() value=values.language
                prompt=td_string!(l, materials.language_prompt)
                error=form.error("language")/>
            <ui::TextField name="edition" label=td_string!(l, materials.edition)
                value=values.edition width=Width::Middle error=form.error("edition")/>
        </ui::FieldRow>
    }
    .into_any()
}

fn outside(l: Locale, form: FormState, values: Values) -> AnyView {
    view! {
        <ui::TextField name="outside_name" label=td_string!(l, materials.outside_name)
            hint=td_string!(l, materials.outside_hint) value=values.outside_name
            error=form.error("outside_name")/>
        <ui::TextField name="short_number" label=td_string!(l, materials.short_number)
            hint=td_string!(l, materials.short_number_hint) ltr=true width=Width::Short
            value=values.short_number error=form.error("short_number")/>
    }
    .into_any()
}

fn packing(l: Locale, form: FormState, values: Values) -> AnyView {
    view! {
        <ui::FieldRow>
            <ui::NumberField name="per_bundle" label=td_string!(l, materials.per_bundle)
                unit=td_string!(l, materials.pieces) value=values.per_bundle
                error=form.error("per_bundle")/>
            <ui::NumberField name="bundles" label=td_string!(l, materials.bundles_per_carton)
                unit=td_string!(l, materials.bundles) value=values.bundles
                error=form.error("bundles")/>
        </ui::FieldRow>
    }
    .into_any()
}

fn measures(l: Locale, form: FormState, values: Values) -> AnyView {
    view! {
        <ui::FieldRow>
            <ui::NumberField name="weight" label=td_string!(l, materials.carton_weight)
                unit=td_string!(l, materials.unit_kg) decimal=true value=values.weight
                optional=td_string!(l, reference.optional) error=form.error("weight")/>
            <ui::NumberField name="volume" label=td_string!(l, materials.carton_volume)
                unit=td_string!(l, materials.unit_litre) decimal=true
                value=values.volume optional=td_string!(l, reference.optional)
                hint=td_string!(l, materials.volume_hint) error=form.error("volume")/>
        </ui::FieldRow>
    }
    .into_any()
}
