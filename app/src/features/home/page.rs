use super::{backups, begin, picture, task_words};
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Flag, Tone};
use domain::time::Millis;
use leptos::prelude::*;
use stock::tasks::Task;

/// What waits for whoever is signed in, then where they usually begin and where the pieces are.
pub async fn front(visit: Visit) -> PageResult {
    let l = visit.locale;
    let tasks = visit.reader()?.tasks().await?;
    let now = visit.stock().world().now();
    let title = td_string!(l, home.title);
    let (name, role) = match &visit.signed {
        Some(signed) => (signed.name.clone(), Some(signed.actor.role)),
        None => (String::new(), None),
    };
    let steps = begin::first_steps(&visit).await?;
    let waiting = if !tasks.is_empty() {
        let flags = tasks.into_iter().map(|task| flag(&visit, task, now)).collect();
        view! { <ui::Sheet><ui::Flags flags/></ui::Sheet> }.into_any()
    } else if steps.is_some() {
        ().into_any()
    } else {
        view! { <ui::Empty title=td_string!(l, home.empty_title)/> }.into_any()
    };
    let usual = role.map(|role| begin::usual(&visit, role));
    let picture = picture::of(&visit).await?;
    let backups = backups::state(&visit).await?;
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=name/>
            {steps}
            {waiting}
            {usual}
            {backups}
            {picture}
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
