use crate::error::PageError;
use crate::features::reference;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column};
use domain::ids::EventTypeId;
use domain::role::Permission;
use leptos::prelude::*;

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reference/event-types", td_string!(l, event_types.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let types = reader.event_types().await?;
    let may_edit = reader.may_everywhere(Permission::EditReference);
    let row = |event_type: &stock::reference::event_types::EventType| {
        let name = match may_edit {
            true => {
                let href = format!("/reference/event-types/{}/edit", event_type.id);
                Cell::link(href, &event_type.name)
            }
            false => Cell::text(&event_type.name),
        };
        (vec![name], event_type.standing)
    };
    let rows: Vec<_> = types.iter().map(row).collect();
    let columns = vec![Column::text(td_string!(l, reference.name))];
    let title = td_string!(l, event_types.title);
    let new = ui::Link::new("/reference/event-types/new", td_string!(l, event_types.new));
    let content = if rows.is_empty() {
        let text = td_string!(l, event_types.empty_text);
        reference::empty(td_string!(l, event_types.empty), text, may_edit.then(|| new.clone()))
    } else {
        view! {
            <ui::Sheet>
                {reference::table(l, title, columns, rows)}
            </ui::Sheet>
        }
        .into_any()
    };
    let with_button = may_edit && !types.is_empty();
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=reference::crumbs(l, None)>
                {with_button.then(|| view! {
                    <ui::ButtonLink href=new.href label=new.label main=true/>
                })}
            </ui::PageHead>
            {reference::saved_notice(&visit)}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn new(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let form = visit.form().await?;
    let record = form.record(&visit);
    let title = td_string!(l, event_types.new);
    let content =
        editor(l, "/reference/event-types/new".to_owned(), form, Some(record), String::new());
    Ok(framed(l, title.to_owned(), content, None))
}

pub async fn edit(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let id: EventTypeId = visit.param("id")?;
    let event_type = visit.reader()?.event_type(id).await?.ok_or(PageError::NotFound)?;
    let form = visit.form().await?;
    let standing = format!("/reference/event-types/{id}/standing");
    let standing_form = visit.form_of(&standing).await?;
    let end = reference::standing_form(l, standing, event_type.standing, &standing_form);
    let content = editor(l, visit.path, form, None, event_type.name.clone());
    Ok(framed(l, event_type.name, content, Some(end)))
}

fn framed(l: Locale, title: String, content: AnyView, end: Option<AnyView>) -> Page {
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            {content}
            {end}
        </ui::Page>
    };
    Page::new(title, body)
}

fn editor(
    l: Locale,
    action: String,
    form: FormState,
    record: Option<String>,
    name: String,
) -> AnyView {
    let cancel = ui::Link::new("/reference/event-types", td_string!(l, common.cancel));
    view! {
        <ui::Form action error_title=form.title() errors=form.errors()
            record=record>
            <ui::TextField name="name" label=td_string!(l, reference.name)
                value=form.or("name", name) hint=td_string!(l, event_types.name_hint)
                error=form.error("name")/>
            <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
        </ui::Form>
    }
    .into_any()
}
