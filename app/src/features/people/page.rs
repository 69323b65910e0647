use super::fields::{Rights, rights, rights_fields, role_hint, scope_words};
use crate::features::account::page::session_table;
use crate::features::account::phones;
use crate::i18n::{self, Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use domain::ids::UserId;
use domain::role::Role;
use domain::time::Millis;
use leptos::prelude::*;
use stock::access::{Invitation, Person};

pub(crate) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/people", td_string!(l, people.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let people = reader.people().await?;
    let invitations = reader.invitations().await?;
    let row = |person: Person| {
        let state = match person.retired_at {
            Some(_) => Cell::badge(td_string!(l, people.retired), Tone::Quiet),
            None => Cell::badge(td_string!(l, people.active), Tone::Good),
        };
        Row::new(vec![
            Cell::link(format!("/people/{}", person.id), person.name),
            Cell::text(person.login),
            Cell::text(role_name(l, person.role)),
            Cell::text(person.org_name),
            state,
        ])
    };
    let rows: Vec<Row> = people.into_iter().map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, people.name)),
        Column::text(td_string!(l, login.login)),
        Column::text(td_string!(l, people.role)),
        Column::text(td_string!(l, people.org)),
        Column::text(td_string!(l, people.state)),
    ];
    let title = td_string!(l, people.title);
    let waiting = invitation_sheet(&visit, invitations);
    let roles = roles(l);
    let body = view! {
        <ui::Page>
            <ui::PageHead title>
                <ui::ButtonLink href="/people/invite" main=true label=td_string!(l, people.invite)/>
            </ui::PageHead>
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
            {waiting}
            {roles}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// What each role may do, a line each.
fn roles(l: Locale) -> AnyView {
    let item = |role: Role| Definition::new(role_name(l, role), role_hint(l, role));
    let items: Vec<Definition> = Role::ALL.map(item).into();
    view! { <ui::Sheet title=td_string!(l, people.roles)><ui::Definitions items/></ui::Sheet> }
        .into_any()
}

fn invitation_sheet(visit: &Visit, invitations: Vec<Invitation>) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    if invitations.is_empty() {
        return None;
    }
    let row = |invitation: Invitation| {
        let action = format!("/people/invitations/{}/withdraw", invitation.id);
        let label = td_string!(l, people.withdraw);
        Row::new(vec![
            Cell::text(invitation.name),
            Cell::text(role_name(l, invitation.role)),
            Cell::text(invitation.org_name),
            Cell::view(view! { <ui::MomentText moment=invitation.expires_at lang/> }),
            Cell::view(view! { <ui::PostButton action label/> }),
        ])
    };
    let rows: Vec<Row> = invitations.into_iter().map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, people.name)),
        Column::text(td_string!(l, people.role)),
        Column::text(td_string!(l, people.org)),
        Column::text(td_string!(l, people.expires)),
        Column::text(td_string!(l, account.what)),
    ];
    let title = td_string!(l, people.invitations);
    Some(
        view! {
            <ui::Sheet title>
                <ui::DataTable caption=title hide_caption=true columns rows/>
            </ui::Sheet>
        }
        .into_any(),
    )
}

/// The form of an invitation: the example of a form in `docs/adding-a-page.md`.
pub async fn invite(visit: Visit) -> PageResult {
    let (l, form) = (visit.locale, visit.form().await?);
    let rights = rights_fields(&visit, &form, None).await?;
    let title = td_string!(l, people.invite);
    let cancel = Some(ui::Link::new("/people", td_string!(l, common.cancel)));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs=vec![list_link(l)]/>
            <ui::Form action="/people/invite" error_title=form.title() errors=form.errors()
                record=form.record(&visit)>
                <ui::TextField name="name" label=td_string!(l, people.name)
                    value=form.value("name") error=form.error("name")/>
                {rights}
                <ui::SubmitBar label=td_string!(l, people.make_link) cancel
                    note=td_string!(l, people.invite_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The answer to the form above: the link, shown this once.
pub(super) fn invited(l: Locale, name: &str, link: String, expires_at: Millis) -> Page {
    let lang = i18n::lang(l);
    let title = td_string!(l, people.invited_title, name = name).to_string();
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=vec![list_link(l)]/>
            <ui::Sheet>
                <p>{td_string!(l, people.invited_text)}</p>
                <p><code class="address" dir="ltr">{link}</code></p>
                <p>{td_string!(l, people.expires)}" "<ui::MomentText moment=expires_at lang/></p>
            </ui::Sheet>
            <ui::ButtonLink href="/people" main=true label=td_string!(l, people.to_people)/>
        </ui::Page>
    };
    Page::new(title, body)
}

/// A reset code, shown this once.
pub(super) fn reset_code(l: Locale, person: &Person, code: String) -> Page {
    let title = td_string!(l, people.code_title, name = person.name.as_str()).to_string();
    let heading = title.clone();
    let back = format!("/people/{}", person.id);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=vec![list_link(l)]/>
            <ui::Sheet>
                <p>{td_string!(l, people.code_text)}</p>
                <p><strong class="code" dir="ltr">{code}</strong></p>
            </ui::Sheet>
            <ui::ButtonLink href=back main=true label=td_string!(l, common.back)/>
        </ui::Page>
    };
    Page::new(title, body)
}

/// One person: rights, sessions, and the ways to help or to part.
pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let id: UserId = visit.param("id")?;
    let reader = visit.reader()?;
    let person = reader.person(id).await?;
    let sessions = reader.sessions(id).await?;
    let phones = reader.phones(id).await?;
    let scope = scope_words(&visit, &person.scope).await?;
    let here = format!("/people/{id}");
    let items = rights(l, person.role, &person.org_name, scope);
    let this = visit.signed.as_ref().map(|signed| signed.session);
    let is_self = person.id == visit.actor()?.user;
    let sessions = session_table(&visit, sessions, this, &here);
    let phones = phones::sheet(&visit, phones, &here);
    let living = person.retired_at.is_none();
    let helps = (living && !is_self).then(|| {
        view! {
            <ui::Sheet title=td_string!(l, people.forgotten)>
                <p>{td_string!(l, people.forgotten_text)}</p>
                <ui::PostButton action=format!("/people/{id}/reset-code")
                    label=td_string!(l, people.make_code)/>
            </ui::Sheet>
            <ui::Sheet title=td_string!(l, people.leaving)>
                <p>{td_string!(l, people.leaving_text)}</p>
                <ui::ButtonLink href=format!("/people/{id}/leave")
                    label=td_string!(l, people.to_leaving)/>
            </ui::Sheet>
        }
    });
    let retired = (!living).then(|| {
        view! { <ui::Notice title=td_string!(l, people.retired_notice)/> }
    });
    let title = person.name.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=person.name subtitle=person.login crumbs=vec![list_link(l)]>
                {living.then(|| view! {
                    <ui::ButtonLink href=format!("/people/{id}/rights") main=true
                        label=td_string!(l, people.change_rights)/>
                })}
            </ui::PageHead>
            {retired}
            <ui::Sheet><ui::Definitions items/></ui::Sheet>
            <ui::Sheet title=td_string!(l, people.sessions)>{sessions}</ui::Sheet>
            {phones}
            {helps}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn edit_rights(visit: Visit) -> PageResult {
    let (l, form) = (visit.locale, visit.form().await?);
    let id: UserId = visit.param("id")?;
    let person = visit.reader()?.person(id).await?;
    let first = Rights { org: person.org, role: person.role, scope: person.scope };
    let fields = rights_fields(&visit, &form, Some(first)).await?;
    let title = td_string!(l, people.change_rights);
    let here = format!("/people/{id}");
    let cancel = Some(ui::Link::new(here.as_str(), td_string!(l, common.cancel)));
    let crumbs = vec![list_link(l), ui::Link::new(here, person.name)];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs/>
            <ui::Form action=visit.path.clone() error_title=form.title() errors=form.errors()>
                {fields}
                <ui::SubmitBar label=td_string!(l, common.save) cancel
                    note=td_string!(l, people.rights_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
