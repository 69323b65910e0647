use super::actions::local_path;
use crate::error::PageError;
use crate::i18n::td_string;
use crate::page::{Frame, Page, PageResult};
use crate::session::Visit;
use crate::ui;
use leptos::prelude::*;

pub async fn sign_in(visit: Visit) -> PageResult {
    let (l, form) = (visit.locale, visit.form().await?);
    let next = form.or("next", visit.query("next").unwrap_or("/"));
    let title = td_string!(l, login.title);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title/>
            <ui::Form action="/login" error_title=form.title() errors=form.errors()>
                <ui::Hidden name="next" value=local_path(&next)/>
                <ui::TextField name="login" label=td_string!(l, login.login) ltr=true
                    autocomplete="username" value=form.value("login") error=form.error("login")/>
                <ui::TextField name="password" label=td_string!(l, login.password)
                    kind="password" autocomplete="current-password"
                    hint=td_string!(l, login.forgotten) error=form.error("password")/>
                <ui::SubmitBar label=td_string!(l, login.sign_in)/>
            </ui::Form>
            <p><a href="/reset">{td_string!(l, login.reset)}</a></p>
        </ui::Page>
    };
    Ok::<_, PageError>(Page::new(title, body).frame(Frame::Bare))
}
