//! Reads a filled-in sheet and posts it.

use super::again::{self, FROM};
use super::deciding::IS;
use super::fields::{count, is_filled, quantity, read_attendance};
use super::goods;
use super::sheet::{OTHERS, WHOLE, of_path, other_key};
use super::words::{name_of, path};
use crate::error::PageError;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::{ask, submission};
use crate::session::Visit;
use crate::ui::{self, FieldError};
use domain::attendance::Attendance;
use domain::code::Code;
use domain::event_sheet::{self, Filled, RowError, SheetRow};
use domain::events::{Multiplier, PublicPlace, SheetDecision, Unlikely, unlikely};
use domain::ids::{MaterialId, RecordId, SessionId};
use domain::ledger::Shortage;
use domain::records::events::EventSheet;
use domain::records::{EntryMethod, Occurred};
use stock::RecordError;
use stock::Submission;
use stock::events::{EventDetail, EventError, Fate, SheetState};
use stock::reference::materials::Material;

pub async fn post(mut post: Post) -> Result<Done, Failure> {
    let detail = of_path(&post.visit).await?;
    let event = detail.event.id;
    let materials = post.visit.reader()?.materials().await?;
    let only_works_out = post.fields.has("work_out");
    let submission = submission(&mut post)?;
    let session = session(&mut post, &detail);
    let rows = rows(&mut post, &materials);
    let codes = codes(&mut post, &materials, &rows).await?;
    let attendance = read_attendance(&mut post);
    if only_works_out {
        return Err(post.failed());
    }
    let (Some(mut submission), Some(session), Some(codes), Some(attendance), true) =
        (submission, session, codes, attendance, post.is_right())
    else {
        return Err(post.failed());
    };
    check_likely(&mut post, &detail, &submission, attendance.as_ref());
    let given = rows.iter().filter(|(_, row)| row.given() > 0).map(|(_, row)| row.material);
    goods::ask_recalled(&mut post, given.collect::<Vec<_>>()).await?;
    submission.asks_more = !post.is_right();
    if !codes.is_empty() {
        submission.envelope.entry = EntryMethod::Scanned;
    }
    let record = submission.envelope.id;
    let corrects = again::named(&detail, post.text(FROM));
    let corrects = corrects.is_some_and(|sheet| sheet.state == SheetState::Posted);
    let (keys, rows): (Vec<Key>, Vec<SheetRow>) = rows.into_iter().unzip();
    let body = EventSheet { event, session, rows, codes, attendance };
    let posted = post.visit.writer()?.event_sheet(submission, body).await;
    let here = path(event);
    match posted {
        Ok(posted) => Ok(Done::see(match posted.fate {
            Fate::Posted => format!("{here}?done=sheet"),
            Fate::Kept { .. } if corrects => {
                format!("{here}/sheets/{record}?{IS}={}", SheetDecision::Correction.as_str())
            }
            Fate::Kept { .. } | Fate::Held(_) => format!("{here}/sheets/{record}"),
        })),
        // The same form again with other content: what it posted the first time is shown.
        Err(EventError::Record(RecordError::Conflict)) if is_sheet(&post.visit, record).await? => {
            Ok(Done::see(format!("{here}/sheets/{record}?again=1")))
        }
        Err(error) => {
            let failure = explain(&post.visit, error, &keys, &materials).await?;
            Err(post.failed_too(failure))
        }
    }
}

/// Asks once about a day and a number of people that look like slips.
pub(super) fn check_likely(
    post: &mut Post,
    detail: &EventDetail,
    submission: &Submission,
    attendance: Option<&Attendance>,
) {
    let (l, lang, event) = (post.visit.locale, post.visit.lang(), &detail.event);
    let said_on = match submission.envelope.occurred {
        Occurred::On(day) => day,
        Occurred::AtDeviceTime => submission.envelope.device_time.day(),
    };
    let people = attendance.and_then(|said| said.count.participants());
    let plan = (event.planned_on, event.expected_people);
    for found in unlikely(plan, (said_on, people)) {
        let people = people.unwrap_or_default();
        let (key, words) = match found {
            Unlikely::Day => {
                let (planned, said) = (lang.day(event.planned_on), lang.day(said_on));
                let words = td_string!(l, events.unlikely_day, planned = planned, said = said);
                (format!("day_{said_on}"), words)
            }
            Unlikely::People => {
                let words = td_string!(l, events.unlikely_people, people = lang.number(people));
                (format!("people_{people}"), words)
            }
        };
        ask(post, &key, words);
    }
}

async fn is_sheet(visit: &Visit, record: RecordId) -> Result<bool, PageError> {
    Ok(visit.reader()?.event_sheet(record).await?.is_some())
}

/// Which fields a row was read from: the end of their names.
#[derive(Clone)]
struct Key {
    key: String,
    material: MaterialId,
}

/// Which session the sheet is about. The outer `None` is a question left open.
pub(super) fn session(post: &mut Post, detail: &EventDetail) -> Option<Option<SessionId>> {
    if detail.sessions.is_empty() {
        return Some(None);
    }
    let l = post.visit.locale;
    post.parse("session", |text| match text {
        WHOLE => Ok(None),
        id => id.parse().map(Some).map_err(|_| td_string!(l, events.choose_session)),
    })
}

/// The rows that say something. What is wrong with the others is noted.
fn rows(post: &mut Post, materials: &[Material]) -> Vec<(Key, SheetRow)> {
    let l = post.visit.locale;
    let known: Vec<String> = post.fields.all("row").map(str::to_owned).collect();
    let others: Vec<String> = (1..=OTHERS).map(other_key).collect();
    let mut rows = Vec::new();
    for key in known.into_iter().chain(others) {
        let select = format!("material_{key}");
        let chosen = match post.text(&select) {
            "" => key.clone(),
            chosen => chosen.to_owned(),
        };
        let Some(material) = materials.iter().find(|known| known.id.to_string() == chosen) else {
            if has_anything(post, &key) {
                post.wrong(select, td_string!(l, events.choose_material));
            }
            continue;
        };
        let Some(filled) = filled(post, &key, material) else { continue };
        let is_chosen = chosen != key;
        match event_sheet::row(material.id, &filled) {
            Ok(Some(row)) => rows.push((Key { key, material: material.id }, row)),
            Ok(None) if is_chosen => {
                note(post, &key, &[RowError::BroughtMissing]);
            }
            Ok(None) => {}
            Err(errors) => note(post, &key, &errors),
        }
    }
    rows
}

fn has_anything(post: &Post, key: &str) -> bool {
    let quantities = ["brought", "left", "spoiled"];
    quantities.iter().any(|field| is_filled(post, &format!("{field}_{key}")))
        || ["participants", "multipliers", "multiplier_people", "public", "public_places"]
            .iter()
            .any(|field| !post.text(&format!("{field}_{key}")).is_empty())
}

fn filled(post: &mut Post, key: &str, material: &Material) -> Option<Filled> {
    let name = |field: &str| format!("{field}_{key}");
    let packing = material.packing;
    let brought = quantity(post, &name("brought"), packing);
    let left = quantity(post, &name("left"), packing);
    let spoiled = quantity(post, &name("spoiled"), packing);
    let participants = count(post, &name("participants"));
    let multipliers = count(post, &name("multipliers"));
    let multiplier_people = count(post, &name("multiplier_people"));
    let public = count(post, &name("public"));
    let public_places = count(post, &name("public_places"));
    Some(Filled {
        brought: brought?,
        left: left?,
        spoiled: spoiled?,
        participants: participants?,
        multipliers: multipliers?,
        multiplier_people: multiplier_people?,
        multiplier_who: Multiplier::parse(post.text(&name("multiplier_who"))),
        public: public?,
        public_places: public_places?,
        public_kind: PublicPlace::parse(post.text(&name("public_kind"))),
    })
}

/// Notes what is wrong with a row beside the box where it can be put right. Whoever only wants
/// to know what was given has not split it yet.
fn note(post: &mut Post, key: &str, errors: &[RowError]) {
    let l = post.visit.locale;
    let only_works_out = post.fields.has("work_out");
    for error in errors {
        if only_works_out && matches!(error, RowError::SplitDiffers { .. }) {
            continue;
        }
        let (field, words) = row_words(*error, l);
        post.wrong(format!("{field}_{key}"), words);
    }
}

fn row_words(error: RowError, l: Locale) -> (&'static str, String) {
    let lang = i18n::lang(l);
    match error {
        RowError::BroughtMissing => ("brought", td_string!(l, events.brought_missing).to_owned()),
        RowError::LeftMissing => ("left", td_string!(l, events.left_missing).to_owned()),
        RowError::MoreThanBrought { brought, left, spoiled } => {
            let words = td_string!(
                l,
                events.more_than_brought,
                brought = lang.number(brought),
                left = lang.number(left),
                spoiled = lang.number(spoiled)
            );
            ("left", words)
        }
        RowError::SplitDiffers { given, split } => {
            let (given, split) = (lang.number(given), lang.number(split));
            ("participants", td_string!(l, events.split_differs, given = given, split = split))
        }
        RowError::WhoMissing => ("multiplier_who", td_string!(l, events.who_missing).to_owned()),
        RowError::PlaceMissing => ("public_kind", td_string!(l, events.public_missing).to_owned()),
        RowError::Quantity => ("brought", td_string!(l, errors.too_many).to_owned()),
        RowError::Twice => ("brought", td_string!(l, events.row_twice).to_owned()),
    }
}

/// The codes of what was brought; each belongs to a row of the sheet.
async fn codes(
    post: &mut Post,
    materials: &[Material],
    rows: &[(Key, SheetRow)],
) -> Result<Option<Vec<Code>>, PageError> {
    let l = post.visit.locale;
    let mut codes = Vec::new();
    let text = post.text("codes").to_owned();
    for line in ui::lines(&text) {
        match domain::code::read(line) {
            Ok((_, code)) => codes.push(code),
            Err(error) => post.wrong("codes", format!("{line}: {}", explain::code(error, l))),
        }
    }
    codes.sort_unstable();
    codes.dedup();
    let Some(found) = goods::known(post, "codes", &codes).await? else { return Ok(None) };
    for one in found {
        if !rows.iter().any(|(key, _)| key.material == one.material) {
            let (code, title) = (one.code.grouped(), name_of(materials, one.material));
            let words = td_string!(l, events.code_without_row, code = code, material = title);
            post.wrong("codes", words);
        }
    }
    Ok(post.is_right().then_some(codes))
}

/// Why a sheet was not posted, beside the fields that it is about.
async fn explain(
    visit: &Visit,
    error: EventError,
    keys: &[Key],
    materials: &[Material],
) -> Result<Failure, PageError> {
    let l = visit.locale;
    Ok(match error {
        EventError::Record(RecordError::NeedsConfirmation(short)) => lacking(visit, &short).await?,
        EventError::Rows(errors) => {
            let errors = errors.into_iter().map(|(material, error)| {
                let key = keys.iter().rev().find(|key| key.material == material);
                let key = key.map_or_else(|| material.to_string(), |key| key.key.clone());
                let (field, words) = row_words(error, l);
                FieldError::new(format!("{field}_{key}"), words)
            });
            Failure::Form(errors.collect())
        }
        other @ (EventError::Record(_)
        | EventError::Empty
        | EventError::Headcount(_)
        | EventError::UnknownMaterial
        | EventError::UnknownSession
        | EventError::UnknownPlace
        | EventError::PlanChanged
        | EventError::NotCorrectable) => event_error(other, l, materials),
    })
}

/// What the books lack, each with its name, and the box that answers.
pub(crate) async fn lacking(visit: &Visit, short: &[Shortage]) -> Result<Failure, PageError> {
    let named = explain::named(visit, short, explain::lacking).await?;
    let errors = named.into_iter().map(|words| FieldError::new(ui::CONFIRMED, words));
    Ok(Failure::Form(errors.collect()))
}

/// The sentences that every record about an event shares.
pub(crate) fn event_error(error: EventError, l: Locale, materials: &[Material]) -> Failure {
    match error {
        EventError::Record(error) => explain::record(error, l),
        EventError::Empty => Failure::form(td_string!(l, errors.nothing)),
        EventError::Rows(errors) => Failure::Form(
            errors
                .into_iter()
                .map(|(material, error)| {
                    let (_, words) = row_words(error, l);
                    FieldError::new("", format!("{}: {words}", name_of(materials, material)))
                })
                .collect(),
        ),
        EventError::Headcount(_) => Failure::field("women", td_string!(l, errors.too_many)),
        EventError::UnknownMaterial => Failure::form(td_string!(l, events.choose_material)),
        EventError::UnknownSession => {
            Failure::field("session", td_string!(l, events.choose_session))
        }
        EventError::UnknownPlace => Failure::field("place", td_string!(l, events.choose_place)),
        EventError::PlanChanged => Failure::form(td_string!(l, events.plan_changed)),
        EventError::NotCorrectable => {
            Failure::field("corrects", td_string!(l, events.not_correctable))
        }
    }
}
