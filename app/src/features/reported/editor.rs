//! The form: partner, month, how it reached us, and a figure a kind.

use super::actions::record_field;
use super::page::{list_link, source_name};
use crate::features::reconcile::words::kind_name;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Choice};
use domain::material::MaterialKind;
use domain::records::reported::ReportSource;
use domain::reference::{OrgKind, Standing};
use leptos::prelude::*;
use stock::reference::orgs::Org;

/// The field with the pieces of this kind.
pub(super) fn figure_field(kind: MaterialKind) -> String {
    format!("pieces_{}", kind.as_str())
}

/// `/reported/new?org=ID&month=2017-06`
pub async fn new(visit: Visit) -> PageResult {
    let l = visit.locale;
    let orgs = visit.reader()?.orgs().await?;
    let partners: Vec<&Org> = orgs
        .iter()
        .filter(|org| org.kind == OrgKind::Partner && org.standing == Standing::InUse)
        .collect();
    let form = visit.form().await?;
    // Who has only one partner to choose need not choose it.
    let only = match partners.as_slice() {
        [only] => only.id.to_string(),
        _ => String::new(),
    };
    let org = form.or("org", visit.query("org").map_or(only, str::to_owned));
    let this = visit.stock().world().now().day().month();
    let month = form.or("month", visit.query("month").unwrap_or(&this.to_string()));
    let choices: Vec<Choice> =
        partners.iter().map(|org| Choice::new(org.id.to_string(), org.name.clone())).collect();
    let sources = ReportSource::ALL
        .map(|source| Choice::new(source.as_str(), source_name(source, l)))
        .to_vec();
    let figures = MaterialKind::ALL.map(|kind| figure(&visit, &form, kind));
    let figures = figures.into_iter().collect_view();
    let cancel = ui::Link::new("/reported", td_string!(l, common.cancel));
    let (error_title, errors) = (form.title(), form.errors());
    let source = form.value("source");
    let title = td_string!(l, reported.new);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs=vec![list_link(l)]/>
            <p>{td_string!(l, reported.intro)}</p>
            <ui::Form action="/reported/new" error_title errors>
                <ui::SelectField name="org" label=td_string!(l, reported.partner) choices value=org
                    prompt=td_string!(l, reported.partner_prompt) error=form.error("org")/>
                <ui::DateField name="month" label=td_string!(l, reported.month) value=month
                    month=true hint=td_string!(l, reported.month_hint)
                    error=form.error("month")/>
                <ui::RadioCards name="source" label=td_string!(l, reported.source)
                    choices=sources value=source row=true error=form.error("source")/>
                <fieldset class="group">
                    <legend>{td_string!(l, reported.figures)}</legend>
                    <p class="hint">{td_string!(l, reported.figures_hint)}</p>
                    <ui::FieldRow>{figures}</ui::FieldRow>
                </fieldset>
                <ui::SubmitBar label=td_string!(l, reported.save) cancel=Some(cancel)
                    note=td_string!(l, reported.save_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// One kind: its figure, and the id of the record that will say it.
fn figure(visit: &Visit, form: &FormState, kind: MaterialKind) -> AnyView {
    let l: Locale = visit.locale;
    let (name, hidden) = (figure_field(kind), record_field(kind));
    let kept = form.value(&hidden);
    let record = if kept.is_empty() { visit.stock().world().new_id().to_string() } else { kept };
    let (value, error) = (form.value(&name), form.error(&name));
    view! {
        <div>
            <ui::Hidden name=hidden value=record/>
            <ui::NumberField name label=kind_name(kind, l) value error
                unit=td_string!(l, reported.pieces)/>
        </div>
    }
    .into_any()
}
