//! The form of an order: one page for new ones and for changes.

use super::page::{list_link, of_path};
use super::words::percent;
use crate::error::PageError;
use crate::features::materials::numbered;
use crate::features::recall::stopping::Marks;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asks, made_before, today};
use crate::session::Visit;
use crate::ui::{self, Choice, Width};
use domain::calendar::Lang;
use domain::ids::{OrgId, RunId};
use domain::reference::{OrgKind, Standing};
use leptos::prelude::*;
use stock::reference::materials::Material;
use stock::reference::orgs::Org;
use stock::runs::Run;

pub async fn new(visit: Visit) -> PageResult {
    let form = visit.form().await?;
    let lists = Lists::load(&visit).await?;
    let record = form.record_in_address(&visit)?;
    let id: RunId = record.parse().map_err(|_| PageError::NotFound)?;
    if let Some(run) = visit.reader()?.run(id).await? {
        let (l, href) = (visit.locale, format!("/runs/{id}"));
        return Ok(made_before(l, run.row.number, href, "/runs/new"));
    }
    Ok(editor(&visit, &form, Some(record), &lists, None))
}

pub async fn edit(visit: Visit) -> PageResult {
    let run = of_path(&visit).await?;
    let form = visit.form().await?;
    let lists = Lists::load(&visit).await?;
    Ok(editor(&visit, &form, None, &lists, Some(&run)))
}

struct Lists {
    orgs: Vec<Org>,
    materials: Vec<Material>,
    marks: Marks,
}

impl Lists {
    async fn load(visit: &Visit) -> Result<Self, PageError> {
        let reader = visit.reader()?;
        Ok(Self {
            orgs: reader.orgs().await?,
            materials: reader.materials().await?,
            marks: Marks::load(visit).await?,
        })
    }

    fn orgs(&self, kind: OrgKind, kept: Option<OrgId>) -> Vec<Choice> {
        let fits = |org: &&Org| {
            org.kind == kind && (org.standing == Standing::InUse || kept == Some(org.id))
        };
        let orgs = self.orgs.iter().filter(fits);
        orgs.map(|org| Choice::new(org.id.to_string(), &org.name)).collect()
    }

    fn materials(&self, l: Locale) -> Vec<Choice> {
        let used = self.materials.iter().filter(|m| m.standing == Standing::InUse);
        used.map(|m| {
            let label = self.marks.label(m.id, format!("{} ({})", m.title, numbered(l, m)));
            Choice::new(m.id.to_string(), label)
        })
        .collect()
    }
}

fn editor(
    visit: &Visit,
    form: &FormState,
    record: Option<String>,
    lists: &Lists,
    run: Option<&Run>,
) -> Page {
    let l = visit.locale;
    let title = match run {
        Some(run) => format!("{}: {}", td_string!(l, runs.edit), run.row.number),
        None => td_string!(l, runs.new).to_owned(),
    };
    let back = run.map_or("/runs".to_owned(), |run| format!("/runs/{}", run.row.id));
    let cancel = ui::Link::new(back, td_string!(l, common.cancel));
    let fixed = run.filter(|run| !run.is_editable).map(|_| {
        view! { <ui::Notice title=td_string!(l, runs.is_editable_not)/> }
    });
    let version = run.map(|run| {
        view! { <ui::Hidden name="version" value=form.or("version", run.version.to_string())/> }
    });
    let what = what(l, form, lists, run);
    let paper = paper(l, form, lists, run, today(visit));
    let heading = title.clone();
    let action = visit.path.clone();
    let (error_title, errors) = (form.title(), form.errors());
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=vec![list_link(l)]/>
            {fixed}
            <ui::Form action error_title errors record>
                {version}
                {what}
                {paper}
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Page::new(title, body)
}

fn what(l: Locale, form: &FormState, lists: &Lists, run: Option<&Run>) -> AnyView {
    let row = run.map(|run| &run.row);
    let printers = lists.orgs(OrgKind::Printer, row.map(|row| row.printer));
    let none = printers.is_empty().then(|| td_string!(l, runs.printers_none));
    let materials = lists.materials(l);
    let sure = asks(form, td_string!(l, recall.sure));
    let text = |id: Option<String>| id.unwrap_or_default();
    let printer = form.or("printer", text(row.map(|row| row.printer.to_string())));
    let material = form.or("material", text(row.map(|row| row.material.to_string())));
    let ordered = form.or("ordered", text(row.map(|row| row.progress.ordered.to_string())));
    let tolerance = row.map(|row| percent(Lang::En, row.progress.tolerance));
    let tolerance = form.or("tolerance", tolerance.unwrap_or_else(|| "5".to_owned()));
    let form = form.clone();
    view! {
        <ui::SelectField name="printer" label=td_string!(l, runs.printer) choices=printers
            value=printer prompt=td_string!(l, runs.printer_prompt) hint=none
            error=form.error("printer")/>
        <ui::SelectField name="material" label=td_string!(l, runs.material) choices=materials
            value=material prompt=td_string!(l, runs.material_prompt)
            error=form.error("material")/>
        {sure}
        <ui::NumberField name="ordered" label=td_string!(l, runs.ordered) value=ordered
            hint=td_string!(l, runs.ordered_hint) unit=td_string!(l, runs.pieces)
            error=form.error("ordered")/>
        <ui::NumberField name="tolerance" label=td_string!(l, runs.tolerance) value=tolerance
            hint=td_string!(l, runs.tolerance_hint) unit="%" decimal=true
            error=form.error("tolerance")/>
    }
    .into_any()
}

fn paper(l: Locale, form: &FormState, lists: &Lists, run: Option<&Run>, today: String) -> AnyView {
    let donors = lists.orgs(OrgKind::Donor, run.and_then(|run| run.donor));
    let ordered_on = run.map(|run| run.row.ordered_on.to_string()).unwrap_or(today);
    let ordered_on = form.or("ordered_on", ordered_on);
    let due_on = run.map(|run| run.row.progress.due_on.to_string());
    let due_on = form.or("due_on", due_on.unwrap_or_default());
    let purchase_order = run.map(|run| run.purchase_order.clone()).unwrap_or_default();
    let purchase_order = form.or("purchase_order", purchase_order);
    let cost = run.and_then(|run| run.cost);
    let amount = cost.map(|c| format!("{}.{:02}", c.minor_units / 100, c.minor_units % 100));
    let amount = form.or("cost", amount.unwrap_or_default());
    let currency = cost.map_or("USD".to_owned(), |cost| cost.currency.as_str().to_owned());
    let currency = form.or("currency", currency);
    let donor = run.and_then(|run| run.donor).map(|donor| donor.to_string());
    let donor = form.or("donor", donor.unwrap_or_default());
    let optional = td_string!(l, runs.optional);
    let error = |name: &str| form.error(name);
    let (on_error, due_error) = (error("ordered_on"), error("due_on"));
    let (cost_error, currency_error) = (error("cost"), error("currency"));
    let (order_error, donor_error) = (error("purchase_order"), error("donor"));
    view! {
        <ui::FieldRow>
            <ui::DateField name="ordered_on" label=td_string!(l, runs.ordered_on)
                value=ordered_on error=on_error/>
            <ui::DateField name="due_on" label=td_string!(l, runs.due_on) value=due_on
                error=due_error/>
        </ui::FieldRow>
        <ui::TextField name="purchase_order" label=td_string!(l, runs.purchase_order)
            value=purchase_order width=Width::Middle ltr=true optional error=order_error/>
        <ui::FieldRow>
            <ui::NumberField name="cost" label=td_string!(l, runs.cost) value=amount
                decimal=true optional error=cost_error/>
            <ui::TextField name="currency" label=td_string!(l, runs.currency) value=currency
                width=Width::Short ltr=true maxlength=3 error=currency_error/>
        </ui::FieldRow>
        <ui::SelectField name="donor" label=td_string!(l, runs.donor) choices=donors value=donor
            prompt=td_string!(l, runs.donor_none) optional error=donor_error/>
    }
    .into_any()
}
