//! `/letters`: the file of a phone without a network, sent from a desk.

use crate::error::PageError;
use crate::features::records::words::kind;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::state::Fate;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::calendar::Lang;
use leptos::prelude::*;
use stock::letters::LetterError;

pub async fn form(visit: Visit) -> PageResult {
    let (l, form) = (visit.locale, visit.form().await?);
    let title = td_string!(l, field.send_file);
    let crumbs = vec![ui::Link::new("/records", td_string!(l, records.title))];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs subtitle=td_string!(l, field.send_file_text)/>
            <ui::Form action="/letters" files=true error_title=form.title() errors=form.errors()>
                <ui::FileField name="file" label=td_string!(l, field.file)
                    error=form.error("file") accept=".txt,text/plain"/>
                <ui::SubmitBar label=td_string!(l, field.file_send)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn send(mut post: Post) -> Result<Done, Failure> {
    let (l, lang) = (post.visit.locale, post.visit.lang());
    let Some(file) = post.files.iter().find(|file| file.name == "file") else {
        post.wrong("file", td_string!(l, field.file_missing));
        return Err(post.failed());
    };
    // A file of another kind is no text and no letter either.
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let (stock, sender) = (post.visit.state.stock.clone(), post.visit.actor()?.clone());
    let sent = (post.visit.state.letters)(stock, sender, text).await;
    let fates = sent.map_err(|error| unread(error, l))?;
    Ok(Done::show(move || sent_page(l, lang, &fates)))
}

fn unread(error: LetterError, l: Locale) -> Failure {
    let why = match error {
        LetterError::NotALetter => td_string!(l, field.file_none),
        LetterError::OtherServer => td_string!(l, field.file_other),
        LetterError::Damaged => td_string!(l, field.file_damaged),
        LetterError::Database(error) => return PageError::from(error).into(),
    };
    Failure::field("file", why)
}

/// The answer to the form. What the records say is their authors' business.
fn sent_page(l: Locale, lang: Lang, fates: &[Fate]) -> Page {
    let title = td_string!(l, field.file_sent);
    let row = |(n, fate): (usize, &Fate)| {
        let (state, tone) = state(fate, l);
        let what = fate.kind.as_deref().map_or("", |word| kind(word, l));
        let why = fate.code.map(|code| why(code, l));
        Row::new(vec![
            Cell::number(n as i64 + 1, lang),
            Cell::text(what),
            Cell::badge(state, tone).below(why),
        ])
    };
    let rows: Vec<Row> = fates.iter().enumerate().map(row).collect();
    let columns = vec![
        Column::number(td_string!(l, field.file_line)),
        Column::text(td_string!(l, records.record)),
        Column::text(td_string!(l, records.state)),
    ];
    let crumbs = vec![ui::Link::new("/records", td_string!(l, records.title))];
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs/>
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
            <ui::ButtonLink href="/letters" main=true label=td_string!(l, field.send_file)/>
        </ui::Page>
    };
    Page::new(title, body)
}

fn state(fate: &Fate, l: Locale) -> (&'static str, Tone) {
    match fate.status {
        "accepted" => (td_string!(l, field.fate_accepted), Tone::Good),
        "repeated" => (td_string!(l, field.fate_repeated), Tone::Good),
        "held" | "kept" => (td_string!(l, field.state_asked), Tone::Warn),
        "failed" => (td_string!(l, field.fate_failed), Tone::Bad),
        _ => (td_string!(l, field.fate_refused), Tone::Bad),
    }
}

fn why(code: &str, l: Locale) -> &'static str {
    match code {
        "unknown_phone" => td_string!(l, field.why_phone),
        "wrong_signature" => td_string!(l, field.why_signature),
        "author_left" => td_string!(l, field.why_left),
        "phone_lost" => td_string!(l, field.why_lost),
        "rights_ended" => td_string!(l, field.why_ended),
        "held_dropped" => td_string!(l, field.why_dropped),
        "not_allowed" | "not_found" => td_string!(l, field.why_rights),
        "unknown_code" => td_string!(l, field.why_code),
        "conflict" => td_string!(l, field.why_conflict),
        _ => td_string!(l, field.why_other),
    }
}
