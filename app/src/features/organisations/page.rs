use super::kind_name;
use crate::error::PageError;
use crate::features::reference;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Definition, Width};
use domain::ids::OrgId;
use domain::reference::OrgKind;
use domain::role::Permission;
use leptos::prelude::*;
use stock::reference::orgs::Org;

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reference/organisations", td_string!(l, organisations.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let orgs = reader.orgs().await?;
    let may_edit = reader.may_everywhere(Permission::EditReference);
    let rows = orgs.iter().map(|org| {
        let href = format!("/reference/organisations/{}", org.id);
        let cells = vec![
            Cell::link(href, &org.name).below(org.short_name.as_str()),
            Cell::text(kind_name(l, org.kind)),
        ];
        (cells, org.standing)
    });
    let rows = rows.collect();
    let columns = vec![
        Column::text(td_string!(l, reference.name)),
        Column::text(td_string!(l, reference.kind)),
    ];
    let title = td_string!(l, organisations.title);
    let new = "/reference/organisations/new";
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=reference::crumbs(l, None)>
                {may_edit.then(|| view! {
                    <ui::ButtonLink href=new label=td_string!(l, organisations.new) main=true/>
                })}
            </ui::PageHead>
            <ui::Sheet>
                {reference::table(l, title, columns, rows)}
            </ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

async fn of_path(visit: &Visit) -> Result<Org, PageError> {
    let id: OrgId = visit.param("id")?;
    visit.reader()?.org(id).await?.ok_or(PageError::NotFound)
}

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let org = of_path(&visit).await?;
    let may_edit = visit.reader()?.may_everywhere(Permission::EditReference);
    let here = format!("/reference/organisations/{}", org.id);
    let standing_form = visit.form_of(&format!("{here}/standing")).await?;
    let items = vec![
        Definition::new(td_string!(l, reference.kind), kind_name(l, org.kind)),
        Definition::new(td_string!(l, reference.short_name), org.short_name.clone()),
    ];
    let title = org.name.clone();
    let end = may_edit.then(|| {
        reference::standing_form(l, format!("{here}/standing"), org.standing, &standing_form)
    });
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=org.name crumbs=reference::crumbs(l, Some(list_link(l)))
                status=move || reference::standing_badge(l, org.standing)>
                {may_edit.then(|| view! {
                    <ui::ButtonLink href=format!("{here}/edit") main=true
                        label=td_string!(l, reference.edit)/>
                })}
            </ui::PageHead>
            {reference::saved_notice(&visit)}
            <ui::Sheet><ui::Definitions items/></ui::Sheet>
            {end}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn new(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let form = visit.form().await?;
    let record = form.record(&visit);
    Ok(editor(l, "/reference/organisations/new".to_owned(), form, Some(record), None))
}

pub async fn edit(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let org = of_path(&visit).await?;
    let form = visit.form().await?;
    Ok(editor(l, visit.path, form, None, Some(org)))
}

fn editor(
    l: Locale,
    action: String,
    form: FormState,
    record: Option<String>,
    org: Option<Org>,
) -> Page {
    let kinds = OrgKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(l, *kind)));
    let kinds: Vec<Choice> = kinds.collect();
    let org = org.as_ref();
    let kind = form.or("kind", org.map_or(OrgKind::Partner, |org| org.kind).as_str());
    let name = form.or("name", org.map_or("", |org| &org.name));
    let short_name = form.or("short_name", org.map_or("", |org| &org.short_name));
    let title = org.map_or(td_string!(l, organisations.new), |org| &org.name).to_owned();
    let heading = title.clone();
    let back = match org {
        Some(org) => format!("/reference/organisations/{}", org.id),
        None => "/reference/organisations".to_owned(),
    };
    let cancel = ui::Link::new(back, td_string!(l, common.cancel));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            <ui::Form action error_title=form.title() errors=form.errors()
                record=record>
                <ui::TextField name="name" label=td_string!(l, reference.name) value=name
                    hint=td_string!(l, organisations.name_hint) error=form.error("name")/>
                <ui::TextField name="short_name" label=td_string!(l, reference.short_name)
                    value=short_name width=Width::Middle error=form.error("short_name")
                    hint=td_string!(l, organisations.short_name_hint)/>
                <ui::RadioCards name="kind" label=td_string!(l, reference.kind) choices=kinds
                    value=kind error=form.error("kind") row=true/>
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Page::new(title, body)
}
