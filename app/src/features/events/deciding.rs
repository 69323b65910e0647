//! One sheet, and what to say about it when it stands beside another one.

use super::again;
use super::compare::{left_out, people, rows};
use super::filled::{event_error, lacking};
use super::sheet::of_path;
use super::words::{crumbs, event_line, event_name, held_words, path, session_label, sheet_badge};
use crate::error::PageError;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asked, submission};
use crate::session::Visit;
use crate::ui::{self, Choice, Definition, Tone};
use domain::events::SheetDecision;
use domain::ids::RecordId;
use domain::records::events::DecideSheet;
use domain::role::Permission;
use leptos::prelude::*;
use stock::RecordError;
use stock::events::{
    DecideError, EventDetail, EventError, EventRecord, SheetDetail, SheetRowView, SheetState,
};
use stock::records::Confirmation;

/// The part of the address that says what a sheet was entered as.
pub(super) const IS: &str = "is";

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let detail = of_path(&visit).await?;
    let sheet = sheet_of_path(&visit, &detail)?;
    let form = visit.form().await?;
    let reader = visit.reader()?;
    let entries = reader.event_records(detail.event.id).await?;
    let materials = reader.materials().await?;
    let entry = entries.iter().find(|entry| entry.record == sheet.record);
    let earlier: Vec<&SheetDetail> = collides(&detail, &sheet);
    let title = td_string!(l, events.sheet_of, day = lang.day(sheet.day));
    let heading = title.clone();
    let subtitle =
        format!("{} · {}", event_name(lang, &detail.event), event_line(lang, &detail.event));
    let before = visit.query("again").map(|_| sent_before(l, &detail));
    let reason = match sheet.state {
        SheetState::Held(reason) => Some(held_words(l, reason, &materials)),
        SheetState::Posted
        | SheetState::Kept
        | SheetState::Dropped
        | SheetState::Replaced
        | SheetState::Reversed => None,
    };
    let reason = reason.map(|words| {
        view! { <ui::Notice tone=Tone::Warn title=td_string!(l, events.held_title)>{words}</ui::Notice> }
    });
    let decision = decision(&visit, &detail, (&sheet, &earlier), &form);
    let facts = facts(&visit, &detail, &sheet, entry);
    let confirm = entry.map(|entry| confirm_button(&visit, &detail, entry));
    let rows = rows(&visit, &sheet, &earlier);
    let left_out = left_out(&visit, &sheet, &earlier);
    let people = people(&visit, &sheet, &detail);
    let state = sheet.state;
    let retell = retell(&visit, &detail, &sheet).map(|link| {
        view! { <ui::ButtonLink href=link.href label=link.label/> }
    });
    let crumbs = crumbs(l, &detail.event);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs
                status=move || sheet_badge(l, state)>
                {retell}
            </ui::PageHead>
            {before}
            {reason}
            {confirm}
            <ui::Cols>
                <ui::Stack>{rows}{left_out}{people}</ui::Stack>
                <ui::Stack>
                    {decision}
                    <ui::Sheet><ui::Definitions items=facts/></ui::Sheet>
                </ui::Stack>
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The way to the form that begins with what this sheet said: to correct it, or to enter it again
/// after it was taken back.
pub(super) fn retell(visit: &Visit, detail: &EventDetail, sheet: &SheetDetail) -> Option<ui::Link> {
    let l = visit.locale;
    let label = match sheet.state {
        SheetState::Posted => td_string!(l, events.correct),
        SheetState::Reversed => td_string!(l, events.enter_again),
        SheetState::Kept | SheetState::Held(_) | SheetState::Dropped | SheetState::Replaced => {
            return None;
        }
    };
    let may = visit.may(Permission::RunEvents);
    let href = format!("{}/{}", path(detail.event.id), again::way_from(sheet.record));
    may.then(|| ui::Link::new(href, label))
}

fn sheet_of_path(visit: &Visit, detail: &EventDetail) -> Result<SheetDetail, PageError> {
    let record: RecordId = visit.param("record")?;
    let sheet = detail.sheets.iter().find(|sheet| sheet.record == record);
    sheet.cloned().ok_or(PageError::NotFound)
}

/// The form was sent twice with different content: this is what stands.
fn sent_before(l: Locale, detail: &EventDetail) -> AnyView {
    let here = path(detail.event.id);
    let (another, people) = (format!("{here}/sheet"), format!("{here}/people"));
    view! {
        <ui::Notice tone=Tone::Warn title=td_string!(l, events.again_title)>
            {td_string!(l, events.again_text)}" "
            <a href=another>{td_string!(l, events.another_sheet)}</a>" "
            <a href=people>{td_string!(l, events.correct_people)}</a>
        </ui::Notice>
    }
    .into_any()
}

/// The standing sheets about the same rows; for a sheet of the whole event those of its sessions.
fn collides<'d>(detail: &'d EventDetail, sheet: &SheetDetail) -> Vec<&'d SheetDetail> {
    let waits = matches!(sheet.state, SheetState::Kept | SheetState::Held(_));
    let same_session = |other: &SheetDetail| {
        other.session.is_none() || sheet.session.is_none() || other.session == sheet.session
    };
    let same_rows = |other: &SheetDetail| {
        let has = |row: &SheetRowView| {
            sheet.rows.iter().any(|mine| mine.row.material == row.row.material)
        };
        other.rows.iter().any(has) || (other.rows.is_empty() && sheet.rows.is_empty())
    };
    let others = detail.sheets.iter().filter(|other| other.state == SheetState::Posted);
    let of_session = |other: &SheetDetail| sheet.session.is_none() && other.session.is_some();
    let same = |other: &SheetDetail| same_rows(other) || of_session(other);
    others.filter(|other| waits && same_session(other) && same(other)).collect()
}

fn decision(
    visit: &Visit,
    detail: &EventDetail,
    (sheet, earlier): (&SheetDetail, &[&SheetDetail]),
    form: &crate::forms::FormState,
) -> Option<AnyView> {
    let l = visit.locale;
    let choice = |decision: SheetDecision| {
        let (label, hint) = decision_words(l, decision);
        Choice::new(decision.as_str(), label).hint(hint)
    };
    let choices: Vec<Choice> = match sheet.state {
        SheetState::Kept => {
            [SheetDecision::Same, SheetDecision::Correction, SheetDecision::BothHappened]
                .map(choice)
                .to_vec()
        }
        SheetState::Held(_) => {
            let drop = td_string!(l, events.drop_held);
            let hint = td_string!(l, events.drop_held_hint);
            vec![
                choice(SheetDecision::PostNow),
                Choice::new(SheetDecision::Same.as_str(), drop).hint(hint),
            ]
        }
        SheetState::Posted | SheetState::Dropped | SheetState::Replaced | SheetState::Reversed => {
            return None;
        }
    };
    let may = visit.actor().is_ok_and(|actor| actor.may_decide(sheet.by_org, sheet.on_behalf));
    if !may {
        let text = td_string!(l, events.others_decide);
        return Some(view! { <ui::Notice tone=Tone::Warn title=text/> }.into_any());
    }
    let action = format!("{}/sheets/{}", path(detail.event.id), sheet.record);
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(visit));
    let entered_as = visit.query(IS).unwrap_or_default();
    let (value, error) = (form.or("decision", entered_as), form.error("decision"));
    let confirm = asked(form, td_string!(l, errors.confirm));
    let replaces = sheet.state == SheetState::Kept && !earlier.is_empty();
    let takes_back = replaces.then(|| takes_back(visit, detail, earlier));
    Some(
        view! {
            <ui::Sheet title=td_string!(l, events.decide_title)>
                {takes_back}
                <ui::Form action error_title errors record>
                    <ui::RadioCards name="decision" label=td_string!(l, events.decide) choices
                        value error/>
                    {confirm}
                    <ui::SubmitBar label=td_string!(l, events.decide_now)/>
                </ui::Form>
            </ui::Sheet>
        }
        .into_any(),
    )
}

/// Which sheets a correction takes the place of.
fn takes_back(visit: &Visit, detail: &EventDetail, earlier: &[&SheetDetail]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let sheets = earlier.iter().map(|sheet| {
        let href = format!("{}/sheets/{}", path(detail.event.id), sheet.record);
        let session = detail.sessions.iter().find(|known| Some(known.id) == sheet.session);
        let session = session.map(|session| session_label(l, lang, session));
        let day = td_string!(l, events.sheet_of, day = lang.day(sheet.day));
        let words = [Some(day), session].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! { <li><a href=href>{words}</a></li> }
    });
    let sheets = sheets.collect_view();
    view! { <p>{td_string!(l, events.takes_back)}</p> <ul>{sheets}</ul> }.into_any()
}

fn decision_words(l: Locale, decision: SheetDecision) -> (&'static str, &'static str) {
    match decision {
        SheetDecision::Same => (td_string!(l, events.same), td_string!(l, events.same_hint)),
        SheetDecision::Correction => {
            (td_string!(l, events.correction), td_string!(l, events.correction_hint))
        }
        SheetDecision::BothHappened => {
            (td_string!(l, events.both_happened), td_string!(l, events.both_happened_hint))
        }
        SheetDecision::PostNow => {
            (td_string!(l, events.post_now), td_string!(l, events.post_now_hint))
        }
    }
}

/// The words of a decision that was taken.
pub(super) fn decided_name(l: Locale, decision: SheetDecision) -> &'static str {
    decision_words(l, decision).0
}

fn facts(
    visit: &Visit,
    detail: &EventDetail,
    sheet: &SheetDetail,
    entry: Option<&EventRecord>,
) -> Vec<Definition> {
    let (l, lang) = (visit.locale, visit.lang());
    let mut items = vec![Definition::new(td_string!(l, events.held_on), lang.day(sheet.day))];
    if let Some(session) = detail.sessions.iter().find(|known| Some(known.id) == sheet.session) {
        items.push(Definition::new(td_string!(l, events.session), session_label(l, lang, session)));
    }
    if let Some(entry) = entry {
        items.push(Definition::new(
            td_string!(l, events.entered_by),
            super::happened::by_words(l, entry),
        ));
    }
    let moment = sheet.recorded_at;
    items.push(Definition::new(
        td_string!(l, events.entered_at),
        view! { <ui::MomentText moment lang/> },
    ));
    if sheet.on_behalf.is_some() {
        let words = td_string!(l, events.on_behalf_of, org = detail.event.org_name.clone());
        items.push(Definition::new(td_string!(l, events.for_whom), words));
    }
    if let Some(decision) = sheet.decision {
        items.push(Definition::new(td_string!(l, events.decide), decided_name(l, decision)));
    }
    if let Some(note) = &sheet.note {
        items.push(Definition::new(td_string!(l, events.note), note.clone()));
    }
    items
}

/// "On behalf, to confirm", with the button of whoever may confirm it.
pub(super) fn confirm_button(visit: &Visit, detail: &EventDetail, entry: &EventRecord) -> AnyView {
    let l = visit.locale;
    let Confirmation::Waiting { by_me } = entry.confirmation else { return ().into_any() };
    let org = detail.event.org_name.clone();
    let title = td_string!(l, events.to_confirm, org = org);
    let button = by_me.then(|| {
        let sends = vec![
            ("of".to_owned(), entry.record.to_string()),
            ("record".to_owned(), visit.stock().world().new_id().to_string()),
        ];
        let action = format!("{}/confirm", path(detail.event.id));
        view! { <ui::PostButton action sends label=td_string!(l, events.confirm)/> }
    });
    let text = if by_me {
        td_string!(l, events.to_confirm_text)
    } else {
        td_string!(l, events.others_confirm)
    };
    view! { <ui::Notice tone=Tone::Warn title><p>{text}</p>{button}</ui::Notice> }.into_any()
}

pub async fn decide(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let detail = of_path(&post.visit).await?;
    let sheet = sheet_of_path(&post.visit, &detail)?.record;
    let decision = post.parse("decision", |word| {
        SheetDecision::parse(word).ok_or_else(|| td_string!(l, events.decide_missing))
    });
    let submission = submission(&mut post)?;
    let (Some(submission), Some(decision)) = (submission, decision) else {
        return Err(post.failed());
    };
    let body = DecideSheet { sheet, decision };
    let decided = post.visit.writer()?.decide_sheet(submission, body).await;
    match decided {
        Ok(_) => Ok(Done::see(format!("{}?done=decided", path(detail.event.id)))),
        Err(error) => Err(not_decided(&post.visit, error).await?),
    }
}

pub(crate) async fn not_decided(visit: &Visit, error: DecideError) -> Result<Failure, PageError> {
    let l = visit.locale;
    Ok(match error {
        DecideError::Event(EventError::Record(RecordError::NeedsConfirmation(short))) => {
            lacking(visit, &short).await?
        }
        DecideError::Event(error) => event_error(error, l, &visit.reader()?.materials().await?),
        DecideError::NotWaiting => Failure::form(td_string!(l, events.not_waiting)),
        DecideError::WrongDecision => {
            Failure::field("decision", td_string!(l, events.decide_missing))
        }
        DecideError::StillHeld(reason) => {
            let materials = visit.reader()?.materials().await?;
            Failure::field("decision", held_words(l, reason, &materials))
        }
    })
}
