use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row};
use leptos::prelude::*;
use stock::access::TokenEntry;

/// One's own tokens, and the form for one more.
pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let form = visit.form().await?;
    let tokens = visit.reader()?.tokens().await?;
    let title = td_string!(l, api_tokens.title);
    let list = if tokens.is_empty() {
        view! { <ui::Empty title=td_string!(l, api_tokens.none)/> }.into_any()
    } else {
        table(&visit, tokens)
    };
    let crumbs = vec![ui::Link::new("/account", td_string!(l, account.title))];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs subtitle=td_string!(l, api_tokens.text)/>
            <ui::Sheet>{list}</ui::Sheet>
            <ui::Form action="/account/tokens" error_title=form.title() errors=form.errors()>
                <ui::TextField name="name" label=td_string!(l, api_tokens.name)
                    hint=td_string!(l, api_tokens.name_hint)
                    value=form.value("name") error=form.error("name")/>
                <ui::NumberField name="days" label=td_string!(l, api_tokens.days)
                    hint=td_string!(l, api_tokens.days_hint)
                    value=form.or("days", "90") error=form.error("days")/>
                <ui::CheckField name="may_write" label=td_string!(l, api_tokens.may_write)
                    hint=td_string!(l, api_tokens.may_write_hint)
                    checked=form.checked("may_write")/>
                <ui::SubmitBar label=td_string!(l, api_tokens.make)
                    note=td_string!(l, api_tokens.note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, tokens: Vec<TokenEntry>) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let row = |token: TokenEntry| {
        let rights = if token.may_write {
            td_string!(l, api_tokens.writes)
        } else {
            td_string!(l, api_tokens.reads)
        };
        let used = match token.used_at {
            Some(used) => Cell::day(used.day(), lang),
            None => Cell::blank(),
        };
        let action = format!("/account/tokens/{}/end", token.id);
        let label = td_string!(l, account.end_session);
        Row::new(vec![
            Cell::text(token.name),
            Cell::text(rights),
            Cell::day(token.expires_at.day(), lang),
            used,
            Cell::view(view! { <ui::PostButton action label/> }),
        ])
    };
    let columns = vec![
        Column::text(td_string!(l, api_tokens.name)),
        Column::text(td_string!(l, api_tokens.rights)),
        Column::text(td_string!(l, api_tokens.until)),
        Column::text(td_string!(l, api_tokens.used)),
        Column::text(td_string!(l, account.what)),
    ];
    let rows: Vec<Row> = tokens.into_iter().map(row).collect();
    let caption = td_string!(l, api_tokens.title);
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

/// The answer to the form: the token, shown this once.
pub(super) fn made(l: Locale, name: &str, token: String) -> Page {
    let title = td_string!(l, api_tokens.made_title, name = name).to_string();
    let heading = title.clone();
    let crumbs = vec![ui::Link::new("/account/tokens", td_string!(l, api_tokens.title))];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs/>
            <ui::Sheet>
                <p>{td_string!(l, api_tokens.made_text)}</p>
                <p><code class="code" dir="ltr">{token}</code></p>
            </ui::Sheet>
            <ui::ButtonLink href="/account/tokens" main=true label=td_string!(l, common.back)/>
        </ui::Page>
    };
    Page::new(title, body)
}
