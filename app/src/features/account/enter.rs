//! The ways in for who has no password yet, or none any more.

use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Frame, Page, PageResult};
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui;
use http::StatusCode;
use leptos::prelude::*;
use stock::access::Token;

/// The page behind an invitation link.
pub async fn invitation(visit: Visit) -> PageResult {
    let token = Token::from_request(&visit.param::<String>("token")?);
    let Some(invitation) = visit.stock().invitation(&token).await? else {
        visit.stock().missed(visit.visitor.origin).await?;
        return Ok(no_invitation(visit.locale));
    };
    let (l, form) = (visit.locale, visit.form().await?);
    let title = td_string!(l, account.welcome);
    let role = role_name(l, invitation.role);
    let org = invitation.org_name;
    let (expires_at, lang) = (invitation.expires_at, visit.lang());
    let intro = td_string!(l, account.welcome_text, role = role, org = org).to_string();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=invitation.name/>
            <p>{intro}</p>
            <p class="hint">
                {td_string!(l, people.expires)}" "<ui::MomentText moment=expires_at lang/>
            </p>
            <ui::Form action=visit.path.clone() error_title=form.title() errors=form.errors()>
                <ui::TextField name="login" label=td_string!(l, login.login) ltr=true
                    hint=td_string!(l, setup.login_hint) autocomplete="username"
                    value=form.value("login") error=form.error("login")/>
                {password_fields(l, &form)}
                <ui::SubmitBar label=td_string!(l, setup.submit)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body).frame(Frame::Bare))
}

/// Used, withdrawn, too old or mistyped: it does not say which, and where to go in each case.
fn no_invitation(l: Locale) -> Page {
    let title = td_string!(l, account.no_invitation);
    let action = ui::Link::new("/login", td_string!(l, login.sign_in));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title/>
            <ui::Empty title=td_string!(l, account.no_invitation_title)
                text=td_string!(l, account.no_invitation_text) action/>
        </ui::Page>
    };
    Page::new(title, body).frame(Frame::Bare).status(StatusCode::NOT_FOUND)
}

/// A new password with a code that an administrator has read out.
pub async fn reset(visit: Visit) -> PageResult {
    let (l, form) = (visit.locale, visit.form().await?);
    let title = td_string!(l, account.reset);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=td_string!(l, account.reset_text)/>
            <ui::Form action="/reset" error_title=form.title() errors=form.errors()>
                <ui::TextField name="login" label=td_string!(l, login.login) ltr=true
                    autocomplete="username" value=form.value("login") error=form.error("login")/>
                <ui::TextField name="secret_code" label=td_string!(l, account.code) ltr=true
                    autocomplete="one-time-code" hint=td_string!(l, account.code_hint)
                    error=form.error("secret_code")/>
                {password_fields(l, &form)}
                <ui::SubmitBar label=td_string!(l, account.reset_submit)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body).frame(Frame::Bare))
}

/// Another password, for who knows the present one.
pub async fn change_password(visit: Visit) -> PageResult {
    let (l, form) = (visit.locale, visit.form().await?);
    let title = td_string!(l, account.change_password);
    let cancel = Some(ui::Link::new("/account", td_string!(l, common.cancel)));
    let crumbs = vec![ui::Link::new("/account", td_string!(l, account.title))];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs/>
            <ui::Form action="/account/password" error_title=form.title() errors=form.errors()>
                <ui::TextField name="password_old" label=td_string!(l, account.old_password)
                    kind="password" autocomplete="current-password"
                    error=form.error("password_old")/>
                {password_fields(l, &form)}
                <ui::SubmitBar label=td_string!(l, account.reset_submit) cancel
                    note=td_string!(l, account.change_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// A new password, twice.
pub(crate) fn password_fields(l: Locale, form: &FormState) -> AnyView {
    view! {
        <ui::TextField name="password" label=td_string!(l, login.password)
            hint=td_string!(l, setup.password_hint) kind="password"
            autocomplete="new-password" error=form.error("password")/>
        <ui::TextField name="password_again" label=td_string!(l, setup.password_again)
            kind="password" autocomplete="new-password" error=form.error("password_again")/>
    }
    .into_any()
}
