use super::task_words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Flag, Tone};
use domain::role::Role;
use domain::time::Millis;
use leptos::prelude::*;
use stock::tasks::Task;

/// What waits for whoever is signed in, and where they begin when nothing does.
pub async fn front(visit: Visit) -> PageResult {
    let l = visit.locale;
    let tasks = visit.reader()?.tasks().await?;
    let now = visit.stock().world().now();
    let title = td_string!(l, home.title);
    let (name, role) = match &visit.signed {
        Some(signed) => (signed.name.clone(), Some(signed.actor.role)),
        None => (String::new(), None),
    };
    let waiting = if tasks.is_empty() {
        let text = role.map(|role| beginning(l, role));
        view! { <ui::Empty title=td_string!(l, home.empty_title) text/> }.into_any()
    } else {
        let flags = tasks.into_iter().map(|task| flag(&visit, task, now)).collect();
        view! { <ui::Sheet><ui::Flags flags/></ui::Sheet> }.into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=name/>
            {waiting}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn flag(visit: &Visit, task: Task, now: Millis) -> Flag {
    let (l, lang) = (visit.locale, visit.lang());
    let since = lang.day(task.opened_at.day());
    let text = match task.due_at {
        Some(due) => {
            td_string!(l, home.since_until, since = since, until = lang.day(due.day())).to_string()
        }
        None => td_string!(l, home.since, since = since).to_string(),
    };
    let late = task.due_at.is_some_and(|due| due < now);
    Flag::new(task_words(l, task.kind, &task.what))
        .text(text)
        .action(task.page, td_string!(l, home.open))
        .tone(if late { Tone::Bad } else { Tone::Warn })
}

/// What each role usually begins with.
fn beginning(l: Locale, role: Role) -> &'static str {
    match role {
        Role::Administrator => td_string!(l, home.begin_administrator),
        Role::Logistics => td_string!(l, home.begin_logistics),
        Role::Partner => td_string!(l, home.begin_partner),
        Role::Manager => td_string!(l, home.begin_manager),
        Role::Viewer => td_string!(l, home.begin_viewer),
    }
}
