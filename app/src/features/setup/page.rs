use super::actions::with_token;
use crate::features::account::enter::password_fields;
use crate::i18n::td_string;
use crate::page::{Frame, Page, PageResult};
use crate::session::Visit;
use crate::ui;
use leptos::prelude::*;

pub async fn first(visit: Visit) -> PageResult {
    with_token(&visit).await?;
    let (l, form) = (visit.locale, visit.form().await?);
    let title = td_string!(l, setup.title);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=td_string!(l, setup.intro)/>
            <ui::Form action=visit.path.clone() error_title=form.title() errors=form.errors()>
                <ui::TextField name="programme" label=td_string!(l, setup.programme)
                    hint=td_string!(l, setup.programme_hint)
                    value=form.value("programme") error=form.error("programme")/>
                <ui::TextField name="name" label=td_string!(l, setup.name) autocomplete="name"
                    value=form.value("name") error=form.error("name")/>
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
