use super::words::{document_name, document_path};
use crate::error::PageError;
use crate::features::reference;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::calendar::Lang;
use domain::code::{self, Code, CodeError, CodeKind};
use domain::reference::Standing;
use leptos::prelude::*;
use stock::documents::Document;
use stock::reference::search::{Hit, Hits, SearchKind};

/// Hits of one kind on the page.
const MOST_HITS: i64 = 20;

/// What was typed may be a label's code: then its page is meant and nothing else.
enum Typed {
    Label(CodeKind, Code),
    /// A whole code, but no label has it.
    UnknownCode,
    /// Nearly a code: one character is wrong.
    BrokenCode,
    Words,
}

pub async fn search(visit: Visit) -> PageResult {
    let l = visit.locale;
    let asked = visit.query("q").unwrap_or_default().to_owned();
    let typed = read(&visit, &asked).await?;
    if let Typed::Label(kind, code) = typed {
        return Ok(Page::moved(format!("/{}/{code}", kind.letter().to_ascii_lowercase())));
    }
    let reader = visit.reader()?;
    let found = reader.search(&asked, visit.lang(), MOST_HITS).await?;
    let documents = reader.documents(&asked).await?;
    let nothing = found.is_empty() && documents.is_empty() && !asked.is_empty();
    let notice = match typed {
        Typed::UnknownCode => Some(td_string!(l, search.unknown_code)),
        Typed::BrokenCode => Some(td_string!(l, search.broken_code)),
        Typed::Label(..) | Typed::Words => None,
    };
    let papers = (!documents.is_empty()).then(|| papers(&visit, &documents));
    let sheets: Vec<AnyView> = found.into_iter().map(|hits| sheet(l, visit.lang(), hits)).collect();
    let title = td_string!(l, search.title);
    let body = view! {
        <ui::Page>
            <ui::PageHead title/>
            <ui::Filters action="/search" label=title submit=title>
                <ui::TextField name="q" label=td_string!(l, search.what) kind="search"
                    hint=td_string!(l, search.hint) value=asked/>
            </ui::Filters>
            {notice.map(|words| view! { <ui::Notice tone=Tone::Warn title=words/> })}
            {papers}
            {sheets}
            {nothing.then(|| view! {
                <ui::Empty title=td_string!(l, search.nothing)
                    text=td_string!(l, search.nothing_text)/>
            })}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

async fn read(visit: &Visit, asked: &str) -> Result<Typed, PageError> {
    Ok(match code::read(asked) {
        Ok((_, code)) => match visit.reader()?.code_kind(code).await? {
            Some(kind) => Typed::Label(kind, code),
            None => Typed::UnknownCode,
        },
        // Eleven letters may as well be a name; with a digit they were meant as a code.
        Err(CodeError::Check) if asked.chars().any(char::is_numeric) => Typed::BrokenCode,
        Err(CodeError::Check | CodeError::Length | CodeError::Character) => Typed::Words,
    })
}

fn sheet(l: Locale, lang: Lang, hits: Hits) -> AnyView {
    let title = kind_name(l, hits.kind);
    let shown = i64::try_from(hits.hits.len()).unwrap_or(MOST_HITS);
    let more = (hits.total > shown).then(|| {
        let words =
            td_string!(l, search.more, shown = lang.number(shown), total = lang.number(hits.total));
        view! { <p class="quiet">{words}</p> }
    });
    let rows = hits.hits.iter().map(row).collect();
    let columns = vec![Column::text(td_string!(l, reference.name))];
    view! {
        <ui::Sheet title>
            {reference::table(l, title, columns, rows)}
            {more}
        </ui::Sheet>
    }
    .into_any()
}

/// Papers by their numbers, before everything that only begins with the same letters.
fn papers(visit: &Visit, documents: &[Document]) -> AnyView {
    let l = visit.locale;
    let row = |document: &Document| {
        let number = match document_path(visit, document) {
            Some(path) => Cell::link(path, &document.number),
            None => Cell::text(&document.number),
        };
        let kind = Cell::text(document_name(l, document.kind));
        Row::new(vec![number.below(document.detail.as_str()), kind])
    };
    let rows: Vec<Row> = documents.iter().map(row).collect();
    let title = td_string!(l, search.papers);
    let columns =
        vec![Column::text(td_string!(l, search.number)), Column::text(td_string!(l, search.paper))];
    view! {
        <ui::Sheet title>
            <ui::DataTable caption=title hide_caption=true columns rows/>
        </ui::Sheet>
    }
    .into_any()
}

fn row(hit: &Hit) -> (Vec<Cell>, Standing) {
    let standing = if hit.retired { Standing::Retired } else { Standing::InUse };
    (vec![Cell::link(href(hit), &hit.title).below(hit.detail.as_str())], standing)
}

fn href(hit: &Hit) -> String {
    let subject = &hit.subject;
    match hit.kind {
        SearchKind::Place => format!("/reference/places/{subject}"),
        SearchKind::Org => format!("/reference/organisations/{subject}"),
        SearchKind::Store => format!("/reference/stores/{subject}"),
        SearchKind::Material => format!("/reference/materials/{subject}"),
        SearchKind::Kit => format!("/reference/kits/{subject}"),
        SearchKind::EventType => "/reference/event-types".to_owned(),
    }
}

fn kind_name(l: Locale, kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Place => td_string!(l, reference.places),
        SearchKind::Org => td_string!(l, reference.organisations),
        SearchKind::Store => td_string!(l, reference.stores),
        SearchKind::Material => td_string!(l, reference.materials),
        SearchKind::Kit => td_string!(l, reference.kits),
        SearchKind::EventType => td_string!(l, reference.event_types),
    }
}
