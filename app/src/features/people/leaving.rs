//! Someone leaves: what they had open goes to a successor, then the account ends.

use super::page::list_link;
use crate::features::home::task_words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::asks;
use crate::routing::may_come;
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Row};
use domain::ids::UserId;
use domain::role::Actor;
use leptos::prelude::*;
use stock::access::{DraftEntry, LeftBehind, Person};

/// The choice that hands nothing over.
pub(super) const NOBODY: &str = "nobody";

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let id: UserId = visit.param("id")?;
    let reader = visit.reader()?;
    let person = reader.person(id).await?;
    let left = reader.left_behind(id).await?;
    let here = visit.path.clone();
    let form = visit.form().await?;
    let successors = reader.people().await?.into_iter().filter(|other| {
        let colleague = other.org == person.org && other.id != person.id;
        colleague && other.retired_at.is_none() && can_go_on(other, &left)
    });
    let nobody = Choice::new(NOBODY, td_string!(l, people.no_successor));
    let successors = successors.map(|other| Choice::new(other.id.to_string(), other.name));
    let successors: Vec<Choice> = successors.chain([nobody]).collect();
    let nothing = left.tasks.is_empty() && left.drafts.is_empty();
    let open = if nothing {
        view! { <ui::Empty title=td_string!(l, people.nothing_open)/> }.into_any()
    } else {
        open_things(&visit, left)
    };
    let sure = asks(&form, td_string!(l, people.sure));
    let title = td_string!(l, people.leaving_title, name = person.name.as_str()).to_string();
    let heading = title.clone();
    let crumbs = vec![list_link(l), ui::Link::new(format!("/people/{id}"), person.name)];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs/>
            <ui::Sheet title=td_string!(l, people.open_things)>{open}</ui::Sheet>
            <ui::Form action=here error_title=form.title() errors=form.errors()>
                <ui::SelectField name="successor" label=td_string!(l, people.successor)
                    prompt=td_string!(l, people.choose_successor) choices=successors
                    hint=td_string!(l, people.successor_hint)
                    value=form.value("successor") error=form.error("successor")/>
                {sure}
                <ui::SubmitBar label=td_string!(l, people.end_account)
                    note=td_string!(l, people.end_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// Whether somebody's rights lead to all that is left behind.
pub(super) fn can_go_on(person: &Person, left: &LeftBehind) -> bool {
    let Person { id: user, org, role, scope, .. } = person.clone();
    let actor = Actor { user, org, role, scope };
    let pages = left.tasks.iter().map(|task| &task.page);
    pages.chain(left.drafts.iter().map(|draft| &draft.page)).all(|page| may_come(page, &actor))
}

fn open_things(visit: &Visit, left: LeftBehind) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let tasks =
        left.tasks.into_iter().map(|task| (task_words(l, task.kind, &task.what), task.opened_at));
    let drafts = left.drafts.into_iter().map(|draft| (form_words(l, &draft), draft.created_at));
    let row = |(words, since): (String, _)| {
        let since = view! { <ui::MomentText moment=since lang/> };
        Row::new(vec![Cell::text(words), Cell::view(since)])
    };
    let rows: Vec<Row> = tasks.chain(drafts).map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, people.open_thing)),
        Column::text(td_string!(l, people.since)),
    ];
    let caption = td_string!(l, people.open_things);
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

/// What an unfinished form was about: the room that it stands in, and the paper.
pub(crate) fn form_words(l: Locale, draft: &DraftEntry) -> String {
    let room = draft.page.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    let about = match room {
        "consignments" => td_string!(l, consignments.title),
        "events" => td_string!(l, events.title),
        "drops" => td_string!(l, drops.title),
        "runs" => td_string!(l, runs.title),
        "receipts" => td_string!(l, receipts.title),
        "counts" => td_string!(l, counts.title),
        "opening" => td_string!(l, opening.title),
        "stock" => td_string!(l, stock.title),
        "recalls" => td_string!(l, recall.title),
        "reported" => td_string!(l, reported.title),
        "unexplained" => td_string!(l, unexplained.title),
        "people" => td_string!(l, people.title),
        "reference" => td_string!(l, reference.title),
        _ => return td_string!(l, people.draft).to_owned(),
    };
    match &draft.number {
        Some(number) => td_string!(l, people.draft_of_paper, about = about, number = number),
        None => td_string!(l, people.draft_of, about = about),
    }
}
