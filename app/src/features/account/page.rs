use super::phones;
use crate::features::people::leaving::form_words;
use crate::features::people::{rights, scope_words};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::routing::form_page;
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use leptos::prelude::*;
use stock::access::{DraftEntry, SessionEntry};
use uuid::Uuid;

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let person = reader.person(visit.actor()?.user).await?;
    let sessions = reader.sessions(person.id).await?;
    let phones = phones::sheet(&visit, reader.phones(person.id).await?, "/account");
    let drafts = reader.left_behind(person.id).await?.drafts;
    let scope = scope_words(&visit, &person.scope).await?;
    let this = visit.signed.as_ref().map(|signed| signed.session);
    let mut items = vec![Definition::new(td_string!(l, login.login), person.login)];
    items.extend(rights(l, person.role, &person.org_name, scope));
    let title = td_string!(l, account.title);
    let sessions = session_table(&visit, sessions, this, "/account");
    let drafts = (!drafts.is_empty()).then(|| {
        let table = draft_table(&visit, drafts);
        view! { <ui::Sheet title=td_string!(l, account.drafts)>{table}</ui::Sheet> }
    });
    let changed = visit.query("changed").map(|_| {
        let title = td_string!(l, account.password_changed);
        view! { <ui::Notice tone=Tone::Good title/> }
    });
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=person.name>
                <ui::ButtonLink href="/account/tokens" label=td_string!(l, api_tokens.title)/>
                <ui::ButtonLink href="/account/password"
                    label=td_string!(l, account.change_password)/>
            </ui::PageHead>
            {changed}
            <ui::Sheet><ui::Definitions items/></ui::Sheet>
            <ui::Sheet title=td_string!(l, account.sessions)>
                <p>{td_string!(l, account.sessions_text)}</p>
                {sessions}
            </ui::Sheet>
            {phones}
            {drafts}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The living sessions of a person, each with a button that ends it.
pub(crate) fn session_table(
    visit: &Visit,
    sessions: Vec<SessionEntry>,
    this: Option<Uuid>,
    back: &str,
) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    if sessions.is_empty() {
        return view! { <p>{td_string!(l, account.no_session)}</p> }.into_any();
    }
    let row = |session: SessionEntry| {
        let sends = vec![("back".to_owned(), back.to_owned())];
        let end = if Some(session.id) == this {
            Cell::badge(td_string!(l, account.this_session), Tone::Accent)
        } else {
            let action = format!("/account/sessions/{}/end", session.id);
            let label = td_string!(l, account.end_session);
            Cell::view(view! { <ui::PostButton action label sends/> })
        };
        Row::new(vec![
            Cell::text(device_words(l, &session.device)),
            Cell::view(view! { <ui::MomentText moment=session.created_at lang/> }),
            Cell::view(view! { <ui::MomentText moment=session.seen_at lang/> }),
            end,
        ])
    };
    let columns = vec![
        Column::text(td_string!(l, account.device)),
        Column::text(td_string!(l, account.began)),
        Column::text(td_string!(l, account.seen)),
        Column::text(td_string!(l, account.what)),
    ];
    let rows: Vec<Row> = sessions.into_iter().map(row).collect();
    let caption = match this {
        Some(_) => td_string!(l, account.sessions),
        None => td_string!(l, people.sessions),
    };
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

fn draft_table(visit: &Visit, drafts: Vec<DraftEntry>) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let row = |draft: DraftEntry| {
        let words = form_words(l, &draft);
        let form = match form_page(&draft.page) {
            Some(page) => Cell::link(format!("{page}?draft={}", draft.id), words),
            None => Cell::text(words),
        };
        let since = view! { <ui::MomentText moment=draft.created_at lang/> };
        let action = format!("/account/drafts/{}/throw-away", draft.id);
        let label = td_string!(l, account.throw_away);
        let throw_away = view! { <ui::PostButton action label/> };
        Row::new(vec![form, Cell::view(since), Cell::view(throw_away)])
    };
    let columns = vec![
        Column::text(td_string!(l, account.form)),
        Column::text(td_string!(l, account.kept_since)),
        Column::text(td_string!(l, account.what)),
    ];
    let rows: Vec<Row> = drafts.into_iter().map(row).collect();
    let caption = td_string!(l, account.drafts);
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

/// The browser and the system, as far as the header tells them apart; never the whole header.
pub(super) fn device_words(l: Locale, agent: &str) -> String {
    let found = |names: &[&'static str]| names.iter().copied().find(|name| agent.contains(name));
    let browser = found(&["Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari", "curl"]);
    let system = found(&["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => td_string!(l, account.unknown_device).to_owned(),
    }
}
