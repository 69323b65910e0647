use super::{backups, begin, picture, task_words};
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Flag, Tone};
use domain::time::Millis;
use leptos::prelude::*;
use stock::access::DraftEntry;
use stock::tasks::Task;

/// What waits for whoever is signed in, then where they usually begin and where the pieces are.
pub async fn front(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let tasks = reader.tasks().await?;
    let drafts = reader.left_behind(visit.actor()?.user).await?.drafts;
    let now = visit.stock().world().now();
    let title = td_string!(l, home.title);
    let (name, role) = match &visit.signed {
        Some(signed) => (signed.name.clone(), Some(signed.actor.role)),
        None => (String::new(), None),
    };
    let steps = begin::first_steps(&visit).await?;
    let flags = tasks.into_iter().map(|task| flag(&visit, task, now));
    let flags: Vec<Flag> = flags.chain(unfinished(&visit, &drafts)).collect();
    let waiting = if !flags.is_empty() {
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

/// Forms that were not accepted, one's own or handed over: the account page lists them.
fn unfinished(visit: &Visit, drafts: &[DraftEntry]) -> Option<Flag> {
    let (l, lang) = (visit.locale, visit.lang());
    let since = drafts.iter().map(|draft| draft.created_at).min()?;
    let n = lang.number(drafts.len() as i64);
    let since = td_string!(l, home.since, since = lang.day(since.day())).to_string();
    Some(
        Flag::new(td_string!(l, home.unfinished, n = n))
            .text(since)
            .action("/account", td_string!(l, home.open))
            .tone(Tone::Quiet),
    )
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
