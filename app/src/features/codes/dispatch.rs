//! One way in for every code: a scan, a typed code, upper or lower case.

use super::words::position;
use super::{batch, pack};
use crate::error::PageError;
use crate::explain;
use crate::i18n::{Locale, td_string};
use crate::page::{Frame, Page, PageResult};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui;
use domain::code::{self, Code, CodeKind};
use http::StatusCode;
use leptos::prelude::*;
use stock::codes::{CodeState, KnownCode, LabelUse, StrangerView};
use stock::consignments::Labelled;
use stock::runs::WhyVoided;

/// `/b/CODE`, `/P/CODE` … in either case.
pub async fn scanned(visit: Visit) -> PageResult {
    let typed: String = visit.param("code")?;
    let letter = visit.path.chars().nth(1).unwrap_or_default();
    let kind = CodeKind::from_letter(letter).ok_or(PageError::NotFound)?;
    let code = match Code::parse(&typed) {
        Ok(code) => code,
        Err(error) => return Ok(misread(&visit, &typed, explain::code(error, visit.locale))),
    };
    let Some(known) = visit.stock().find_code(code).await? else {
        return Ok(unknown(&visit, code));
    };
    if known.kind != kind || letter.is_ascii_uppercase() || typed != code.as_str() {
        return Err(PageError::Elsewhere(path(known.kind, code)));
    }
    if visit.signed.is_none() {
        return stranger(&visit, code).await;
    }
    let shown = match known.state {
        CodeState::Voided => void(&visit, code, &known).await,
        CodeState::Retired => Ok(retired(&visit, code)),
        CodeState::Issued => issued(&visit, code, &known).await,
        CodeState::Active => active(visit.clone(), code, &known).await,
    };
    match shown {
        // What somebody else's label is stuck on is not theirs to see, but they hold it in their
        // hands: they learn where to bring it, as everybody does.
        Err(PageError::NotFound) => match coming(&visit, code, &known).await? {
            Some(page) => Ok(page),
            None => stranger(&visit, code).await,
        },
        shown => shown,
    }
}

/// The page of a code: `/p/4K7M2QXD9V3`.
pub(crate) fn path(kind: CodeKind, code: Code) -> String {
    format!("/{}/{code}", kind.letter().to_ascii_lowercase())
}

/// A typed code, or whatever a scanner put into the field: `/codes?code=…`.
pub async fn typed(visit: Visit) -> PageResult {
    let Some(text) = visit.query("code") else {
        return Ok(form_page(&visit, td_string!(visit.locale, codes.title), String::new(), None));
    };
    let code = match code::read(text) {
        Ok((_, code)) => code,
        Err(error) => return Ok(misread(&visit, text, explain::code(error, visit.locale))),
    };
    match visit.stock().find_code(code).await? {
        Some(known) => Err(PageError::Elsewhere(path(known.kind, code))),
        None => Ok(unknown(&visit, code)),
    }
}

async fn active(visit: Visit, code: Code, known: &KnownCode) -> PageResult {
    match known.kind {
        CodeKind::Batch => batch::show(visit, known.subject.into()).await,
        CodeKind::Pack => pack::show(visit, code, known.subject.into()).await,
        CodeKind::Consignment => {
            Err(PageError::Elsewhere(format!("/consignments/{}", known.subject)))
        }
        CodeKind::Event => {
            let event = visit.reader()?.event(known.subject.into()).await?;
            let event = event.ok_or(PageError::NotFound)?;
            Err(PageError::Elsewhere(format!("/events/{}", event.id)))
        }
    }
}

/// The frame of people who are signed in, or the bare one of strangers.
fn frame(visit: &Visit, page: Page) -> Page {
    if visit.signed.is_some() { page } else { page.frame(Frame::Bare) }
}

pub(crate) fn misread(visit: &Visit, typed: &str, why: String) -> Page {
    let title = td_string!(visit.locale, codes.bad_title);
    let typed: String = typed.chars().take(40).collect();
    form_page(visit, title, typed, Some(why)).status(StatusCode::NOT_FOUND)
}

pub(crate) fn unknown(visit: &Visit, code: Code) -> Page {
    let l = visit.locale;
    let (title, why) = (td_string!(l, codes.unknown_title), td_string!(l, codes.unknown_text));
    form_page(visit, title, code.grouped(), Some(why.to_owned())).status(StatusCode::NOT_FOUND)
}

/// A field to type the code again, with what was wrong with it.
fn form_page(visit: &Visit, title: &'static str, typed: String, why: Option<String>) -> Page {
    let (l, lang) = (visit.locale, visit.lang());
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title/>
            <ui::Form action="/codes" get=true>
                <ui::ScanField name="code" label=td_string!(l, codes.type_label) single=true
                    words=crate::words::scan(l) lang value=typed
                    hint=td_string!(l, codes.type_hint) error=why.unwrap_or_default()/>
                <ui::SubmitBar label=td_string!(l, codes.find)/>
            </ui::Form>
        </ui::Page>
    };
    frame(visit, Page::new(title, body))
}

fn notice(
    visit: &Visit,
    code: Code,
    title: &'static str,
    text: String,
    link: Option<ui::Link>,
) -> Page {
    let link = link.map(|link| view! { <ui::ButtonLink href=link.href label=link.label/> });
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=code.grouped()/>
            <ui::Notice tone=ui::Tone::Warn title=text/>
            {link}
        </ui::Page>
    };
    frame(visit, Page::new(title, body))
}

async fn void(visit: &Visit, code: Code, known: &KnownCode) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let label = match visit.reader() {
        Ok(reader) => reader.issued_label(known.subject.into()).await?,
        Err(_) => None,
    };
    let why = label.and_then(|label| {
        let why = label.voided?;
        let run = label.run_number;
        Some(match why {
            WhyVoided::DidNotCome { receipt, on } => {
                let day = lang.day(on);
                td_string!(l, codes.voided_not_come, run = run, receipt = receipt, day = day)
            }
            WhyVoided::Chosen { on } => {
                td_string!(l, codes.voided_chosen, run = run, day = lang.day(on))
            }
            WhyVoided::RunClosed { on } => {
                td_string!(l, codes.voided_closed, run = run, day = lang.day(on))
            }
        })
    });
    let text = td_string!(l, codes.voided_text);
    let text = why.map_or_else(|| text.to_owned(), |why| format!("{why} {text}"));
    let title = td_string!(l, codes.voided_title);
    Ok(notice(visit, code, title, text, None).status(StatusCode::GONE))
}

fn retired(visit: &Visit, code: Code) -> Page {
    let l = visit.locale;
    let (title, text) = (td_string!(l, codes.retired_title), td_string!(l, codes.retired_text));
    notice(visit, code, title, text.to_owned(), None).status(StatusCode::GONE)
}

/// A label that the printer has stuck, or will.
async fn issued(visit: &Visit, code: Code, known: &KnownCode) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let label = visit.reader()?.issued_label(known.subject.into()).await?;
    let label = label.filter(|label| label.used == LabelUse::Unused).ok_or(PageError::NotFound)?;
    let place = position(l, lang, label.kind, label.number, label.total);
    let text = td_string!(
        l,
        codes.issued_text,
        run = label.run_number.clone(),
        position = place,
        pieces = lang.number(label.nominal)
    );
    let receive = visit.may(domain::role::Permission::Receive).then(|| {
        let href = format!("/runs/{}/receive", label.run);
        ui::Link::new(href, td_string!(l, codes.issued_receive))
    });
    Ok(notice(visit, code, td_string!(l, codes.issued_title), text, receive))
}

/// What is under way to the visitor leads to where it is counted.
async fn coming(visit: &Visit, code: Code, known: &KnownCode) -> Result<Option<Page>, PageError> {
    let l = visit.locale;
    let what = match known.kind {
        CodeKind::Pack => Labelled::Pack(known.subject.into()),
        CodeKind::Batch => Labelled::Batch(known.subject.into()),
        CodeKind::Consignment | CodeKind::Event => return Ok(None),
    };
    let Some(coming) = visit.reader()?.coming(what).await? else {
        return Ok(None);
    };
    let (number, store) = (coming.number.clone(), coming.to.name.clone());
    let text = td_string!(l, codes.coming_text, number = number.clone(), store = store);
    let link = if coming.receives && leads_somewhere("/consignments/{id}/receive", visit) {
        let label = td_string!(l, codes.coming_receive, number = number);
        ui::Link::new(format!("/consignments/{}/receive", coming.id), label)
    } else {
        let label = td_string!(l, codes.coming_open, number = number);
        ui::Link::new(format!("/consignments/{}", coming.id), label)
    };
    Ok(Some(notice(visit, code, td_string!(l, codes.coming_title), text, Some(link))))
}

/// Only what stands on the outside, and where to bring it: no title, no numbers, no programme.
async fn stranger(visit: &Visit, code: Code) -> PageResult {
    let l: Locale = visit.locale;
    let view: Option<StrangerView> = visit.stock().stranger_view(code).await?;
    let title = td_string!(l, codes.stranger_title);
    let text = match &view {
        Some(view) => {
            let (store, place) = (view.return_to.clone(), view.place.clone());
            td_string!(l, codes.stranger_text, store = store, place = place)
        }
        None => td_string!(l, codes.stranger_none).to_owned(),
    };
    let name = view.map(|view| view.outside_name).unwrap_or_default();
    let sign_in = visit.signed.is_none().then(|| {
        let href = format!("/login?next={}", visit.path);
        view! { <p><a href=href>{td_string!(l, codes.sign_in)}</a></p> }
    });
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=title subtitle=name/>
            <p class="lead">{text}</p>
            <p class="code">{code.grouped()}</p>
            {sign_in}
        </ui::Page>
    };
    Ok(Page::new(title, body).frame(Frame::Bare))
}
