use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui;
use leptos::prelude::*;

pub async fn front(visit: Visit) -> PageResult {
    let l = visit.locale;
    let title = td_string!(l, home.title);
    let body = view! {
        <ui::Page>
            <ui::PageHead title/>
            <ui::Empty title=td_string!(l, home.empty_title) text=td_string!(l, home.empty_text)/>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
