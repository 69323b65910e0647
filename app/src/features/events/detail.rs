//! One event: what was planned, what happened to every piece, who came, and what is to be done.

use super::again;
use super::deciding::confirm_button;
use super::flags::flags;
use super::happened::{facts, history, people, pieces, sheets};
use super::sheet::{SESSION, of_path};
use super::words::{badge, event_line, event_name, list_link, path, session_label, session_name};
use crate::features::home::held::held_notice;
use crate::features::links;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Definition, Tone};
use domain::events::EventState;
use domain::ids::RecordId;
use domain::role::Permission;
use leptos::prelude::*;
use stock::events::{EventDetail, Session, SheetDetail, SheetState};

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let detail = of_path(&visit).await?;
    let event = &detail.event;
    let here = path(event.id);
    let reader = visit.reader()?;
    let entries = reader.event_records(event.id).await?;
    let sees_store = reader.store(event.store).await?.is_some();
    let cancel = visit.form_of(&format!("{here}/cancel")).await?;
    let confirm = visit.form_of(&format!("{here}/confirm")).await?;
    let (title, subtitle) = (event_name(lang, event), event_line(lang, event));
    let (heading, state) = (title.clone(), event.state);
    let done = visit.query("done").and_then(|what| done(l, what));
    let buttons = buttons(&visit, &detail);
    let flags = flags(&visit, &detail, &entries);
    let held = held_notice(&visit, &here).await?;
    let waits = entries.iter().map(|entry| confirm_button(&visit, &detail, entry)).collect_view();
    let facts = facts(&visit, &detail);
    let pieces = pieces(&visit, &detail);
    let people = people(&visit, &detail);
    let sheets = sheets(&visit, &detail, &entries);
    let history = history(&visit, &entries);
    let plan = plan(&visit, &detail, sees_store);
    let give_up = give_up(&visit, &detail, &cancel);
    let errors: Vec<_> = confirm.errors().into_iter().chain(cancel.errors()).collect();
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=vec![list_link(l)]
                status=move || badge(l, state)>
                {buttons}
            </ui::PageHead>
            {done}
            {held}
            <ui::ErrorSummary title=confirm.title() errors/>
            {waits}
            {flags}
            <ui::Facts facts/>
            {pieces}
            <ui::Cols>
                <ui::Stack>{people}{sheets}{history}</ui::Stack>
                {plan}
            </ui::Cols>
            {give_up}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn done(l: Locale, what: &str) -> Option<AnyView> {
    let title = match what {
        "planned" => td_string!(l, events.done_planned),
        "saved" => td_string!(l, events.done_saved),
        "taken" => td_string!(l, events.done_taken),
        "back" => td_string!(l, events.done_back),
        "sheet" => td_string!(l, events.done_sheet),
        "people" => td_string!(l, events.done_people),
        "decided" => td_string!(l, events.done_decided),
        "confirmed" => td_string!(l, events.done_confirmed),
        "held" => {
            let title = td_string!(l, events.done_held);
            return Some(view! { <ui::Notice tone=Tone::Warn title/> }.into_any());
        }
        _ => return None,
    };
    Some(view! { <ui::Notice tone=Tone::Good title/> }.into_any())
}

/// What can be done about an event, by the last part of its path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Take,
    Sheet,
    Correct(RecordId),
    BringBack,
    People,
}

impl Step {
    fn path(self, detail: &EventDetail) -> String {
        match self {
            Self::Take => "take".to_owned(),
            Self::Sheet => match untold(detail) {
                Some(session) => way_for(session),
                None => again::way(detail),
            },
            Self::Correct(sheet) => again::way_from(sheet),
            Self::BringBack => "bring-back".to_owned(),
            Self::People => "people".to_owned(),
        }
    }

    fn label(self, visit: &Visit, detail: &EventDetail) -> String {
        let l = visit.locale;
        if let (Self::Sheet, Some(session)) = (self, untold(detail)) {
            return fill_in(visit, session);
        }
        let label = match self {
            Self::Take => td_string!(l, events.take),
            Self::Sheet if again::taken_back(detail).is_some() => {
                td_string!(l, events.sheet_again)
            }
            Self::Sheet => td_string!(l, events.fill_in),
            Self::Correct(_) => td_string!(l, events.correct_sheet),
            Self::BringBack => td_string!(l, events.bring_back),
            Self::People if detail.people.count.is_recorded() => {
                td_string!(l, events.correct_people)
            }
            Self::People => td_string!(l, events.say_who_came),
        };
        label.to_owned()
    }
}

/// The last part of the way to the sheet of a session.
pub(super) fn way_for(session: &Session) -> String {
    format!("sheet?{SESSION}={}", session.id)
}

pub(super) fn fill_in(visit: &Visit, session: &Session) -> String {
    let session = session_label(visit.locale, visit.lang(), session);
    td_string!(visit.locale, events.fill_in_session, session = session)
}

fn pieces_there(detail: &EventDetail) -> i64 {
    detail.materials.iter().map(|row| row.there).sum()
}

/// Whether every session has a sheet in the books, or the whole event has one.
fn is_told(detail: &EventDetail) -> bool {
    let posted = || detail.sheets.iter().filter(|sheet| sheet.state == SheetState::Posted);
    let whole = posted().any(|sheet| sheet.session.is_none());
    let has_one = |session: &Session| posted().any(|sheet| sheet.session == Some(session.id));
    whole || (!detail.sessions.is_empty() && detail.sessions.iter().all(has_one))
}

/// The first session that has no sheet while another one has, not even one that waits.
pub(super) fn untold(detail: &EventDetail) -> Option<&Session> {
    let said = |sheet: &&SheetDetail| sheet.state == SheetState::Posted || waits(sheet);
    let said = || detail.sheets.iter().filter(said);
    if said().next().is_none() || said().any(|sheet| sheet.session.is_none()) {
        return None;
    }
    let has_none = |session: &&Session| said().all(|sheet| sheet.session != Some(session.id));
    detail.sessions.iter().find(has_none)
}

/// The steps that make sense now; the last one is the next.
fn steps(visit: &Visit, detail: &EventDetail) -> Vec<Step> {
    let there = pieces_there(detail);
    let today = visit.stock().world().now().day();
    let mut posted = detail.sheets.iter().filter(|sheet| sheet.state == SheetState::Posted);
    // Of several sheets each has its way to a correction in the list of them.
    let correct = match (posted.next(), posted.next()) {
        (Some(only), None) => Some(Step::Correct(only.record)),
        (None | Some(_), _) => None,
    };
    let has_sheet = detail.sheets.iter().any(|sheet| sheet.state == SheetState::Posted);
    match detail.event.state {
        EventState::Planned if detail.event.planned_on > today && there == 0 => {
            vec![Step::Sheet, Step::Take]
        }
        EventState::Planned | EventState::SheetMissing if there > 0 => {
            vec![Step::Take, Step::BringBack, Step::Sheet]
        }
        EventState::Planned | EventState::SheetMissing => vec![Step::Take, Step::Sheet],
        EventState::Held if !has_sheet => vec![Step::Take, Step::Sheet],
        EventState::Held => {
            let mut steps: Vec<Step> = correct.into_iter().chain([Step::People]).collect();
            if there > 0 {
                steps.push(Step::BringBack);
            }
            // Another session still waits for its sheet.
            if !is_told(detail) {
                steps.push(Step::Sheet);
            }
            steps
        }
        EventState::Cancelled if there > 0 => vec![Step::BringBack],
        EventState::Cancelled => Vec::new(),
    }
}

/// The way to what can be done; the next action is the one main button, unless all is said.
fn buttons(visit: &Visit, detail: &EventDetail) -> AnyView {
    let l = visit.locale;
    let here = path(detail.event.id);
    let form = format!("{here}/form");
    let print = view! { <ui::ButtonLink href=form label=td_string!(l, events.print_form)/> };
    if !visit.may(Permission::RunEvents) {
        return print.into_any();
    }
    let steps = steps(visit, detail);
    let is_done = detail.event.state == EventState::Held
        && pieces_there(detail) == 0
        && detail.people.count.is_recorded()
        && is_told(detail);
    let waits = detail.sheets.iter().find(|sheet| waits(sheet));
    let last = steps.len().saturating_sub(1);
    let links = steps.iter().enumerate().map(|(place, step)| {
        let main = place == last && !is_done && waits.is_none();
        let href = format!("{here}/{}", step.path(detail));
        view! { <ui::ButtonLink href label=step.label(visit, detail) main/> }
    });
    let links = links.collect_view();
    let decide = waits.map(|sheet| {
        let href = format!("{here}/sheets/{}", sheet.record);
        view! { <ui::ButtonLink href label=td_string!(l, events.decide_link) main=true/> }
    });
    view! { {print} {links} {decide} }.into_any()
}

/// Whether somebody has to say what a sheet is.
pub(super) const fn waits(sheet: &SheetDetail) -> bool {
    matches!(sheet.state, SheetState::Kept | SheetState::Held(_))
}

fn plan(visit: &Visit, detail: &EventDetail, sees_store: bool) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let event = &detail.event;
    let day = event.planned_on;
    // Another organisation's store may supply it.
    let store = event.store_name.clone();
    let store = if sees_store {
        let href = format!("/stock/stores/{}", event.store);
        view! { <a href=href>{store}</a> }.into_any()
    } else {
        store.into_any()
    };
    let mut items = vec![
        Definition::new(td_string!(l, events.kind), event.type_name.clone()),
        Definition::new(td_string!(l, events.partner), event.org_name.clone()),
        Definition::new(td_string!(l, events.district), event.place_name.of(lang).to_owned()),
        Definition::new(td_string!(l, events.province), event.province_name.of(lang).to_owned()),
        Definition::new(td_string!(l, events.planned_on), view! { <ui::DayText day lang/> }),
        Definition::new(td_string!(l, events.store), store),
    ];
    if let Some(people) = event.expected_people {
        items.push(Definition::new(td_string!(l, events.expected), lang.number(people)));
    }
    if !detail.sessions.is_empty() {
        let kinds = detail.sessions.iter().map(|session| session_name(l, session.kind));
        let words = kinds.collect::<Vec<_>>().join(" · ");
        items.push(Definition::new(td_string!(l, events.sessions), words));
    }
    if !detail.planned_kits.is_empty() {
        let kits = detail.planned_kits.iter();
        let kits = kits.map(|kit| format!("{} × {}", lang.number(kit.kits), kit.name));
        let words = kits.collect::<Vec<_>>().join(" · ");
        items.push(Definition::new(td_string!(l, events.planned_kits), words));
    }
    if let Ok(code) = domain::code::Code::parse(&event.code) {
        let href = format!("/e/{code}");
        let chip = view! { <ui::CodeChip code href/> };
        items.push(Definition::new(td_string!(l, events.code), chip));
    }
    let edit = visit.may(Permission::RunEvents) && event.state != EventState::Cancelled;
    let edit = edit.then(|| {
        let href = format!("{}/edit", path(event.id));
        view! { <p><a href=href>{td_string!(l, events.edit)}</a></p> }
    });
    let open = matches!(event.state, EventState::Planned | EventState::SheetMissing);
    let link = if open { links::page::button(visit, &path(event.id)) } else { None };
    let link = link.map(|link| view! { <p class="row-actions">{link}</p> });
    view! {
        <ui::Sheet title=td_string!(l, events.plan)>
            <ui::Definitions items/>
            {edit}
            {link}
        </ui::Sheet>
    }
    .into_any()
}

fn give_up(visit: &Visit, detail: &EventDetail, form: &crate::forms::FormState) -> Option<AnyView> {
    let l = visit.locale;
    let open = match detail.event.state {
        EventState::Planned | EventState::SheetMissing => visit.may(Permission::RunEvents),
        EventState::Held | EventState::Cancelled => false,
    };
    open.then(|| {
        let action = format!("{}/cancel", path(detail.event.id));
        let open = !form.errors().is_empty();
        view! {
            <ui::Danger summary=td_string!(l, events.cancel) text=td_string!(l, events.cancel_text)
                action label=td_string!(l, events.cancel_now) open/>
        }
        .into_any()
    })
}
