//! What changes a plan: made, changed, called off. And who stands behind what was said for others.

use super::editor::SESSIONS;
use super::fields::count;
use super::words::path;
use crate::error::PageError;
use crate::features::recall::stopping::ask_about;
use crate::features::receipts::actions::confirm_record;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use domain::events::{SessionKind, check_plan};
use domain::ids::{EventId, KitVersionId, MaterialId, RecordId};
use domain::pieces::Pieces;
use domain::records::recall::Purpose;
use domain::role::PlaceCode;
use domain::time::Day;
use std::collections::BTreeMap;
use std::str::FromStr;
use stock::events::{CancelEventError, EventPlan, PlanError};

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: EventId = post.id("record")?;
    let Some(plan) = plan(&mut post, id) else { return Err(post.failed()) };
    ask_about_goods(&mut post, &plan, None).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    let planned = post.visit.writer()?.plan_event(plan).await;
    planned.map_err(|error| not_saved(error, l))?;
    Ok(Done::see(format!("{}?done=planned", path(id))))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: EventId = post.visit.param("id")?;
    let Some(plan) = plan(&mut post, id) else { return Err(post.failed()) };
    let before = post.visit.reader()?.event_plan(id).await?;
    ask_about_goods(&mut post, &plan, before.as_ref()).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    let saved = post.visit.writer()?.edit_event(plan).await;
    saved.map_err(|error| not_saved(error, l))?;
    Ok(Done::see(format!("{}?done=saved", path(id))))
}

/// Asks about editions that are to stop, alone or in a kit, and were not on the plan before.
async fn ask_about_goods(
    post: &mut Post,
    plan: &EventPlan,
    before: Option<&EventPlan>,
) -> Result<(), PageError> {
    let kits = post.visit.reader()?.kits().await?;
    ask_about(post, plan.adds(before, &kits), Purpose::GiveOut).await
}

fn plan(post: &mut Post, id: EventId) -> Option<EventPlan> {
    let l = post.visit.locale;
    let event_type = chosen(post, "type");
    let store = chosen(post, "store");
    let org = chosen(post, "org");
    let place = post.parse("place", |text| match text {
        "" => Err(td_string!(l, events.choose_place)),
        code => Ok(PlaceCode::new(code)),
    });
    let planned_on =
        post.parse("date", |text| Day::parse(text).ok_or_else(|| td_string!(l, errors.date)));
    let expected_people = count(post, "expected");
    let today = post.visit.stock().world().now().day();
    if planned_on.is_some_and(|day| check_plan(day, None, today).is_err()) {
        post.wrong("date", td_string!(l, events.too_far));
    }
    if expected_people.is_some_and(|people| check_plan(today, people, today).is_err()) {
        post.wrong("expected", td_string!(l, events.expected_too_many));
    }
    let sessions = sessions(post);
    let kits = planned::<KitVersionId>(post, "kit_");
    let materials = planned::<MaterialId>(post, "pieces_");
    if !post.is_right() {
        return None;
    }
    Some(EventPlan {
        id,
        event_type: event_type?,
        store: store?,
        org: org?,
        place: place?,
        planned_on: planned_on?,
        expected_people: expected_people?,
        sessions,
        kits,
        materials,
    })
}

fn chosen<T: FromStr>(post: &mut Post, name: &str) -> Option<T> {
    let l = post.visit.locale;
    post.parse(name, |text| text.parse().map_err(|_| td_string!(l, errors.choose)))
}

/// In the order of the fields; a gap between them means nothing.
fn sessions(post: &Post) -> Vec<SessionKind> {
    let kind = |number: usize| SessionKind::parse(post.text(&format!("session_{number}")));
    (1..=SESSIONS).filter_map(kind).collect()
}

/// The counts whose names begin with `prefix`; zero and nothing are not planned.
fn planned<T: FromStr + Ord>(post: &mut Post, prefix: &str) -> BTreeMap<T, Pieces> {
    let names: Vec<String> = post.fields.iter().map(|(name, _)| name.to_owned()).collect();
    let mut planned = BTreeMap::new();
    for name in names {
        let Some(id) = name.strip_prefix(prefix).and_then(|id| id.parse().ok()) else { continue };
        let count = count(post, &name).flatten();
        if let Some(count) = count.and_then(|count| Pieces::new(count).ok()) {
            planned.insert(id, count);
        }
    }
    planned
}

fn not_saved(error: PlanError, l: Locale) -> Failure {
    match error {
        PlanError::Denied(denied) => denied.into(),
        PlanError::UnknownType => Failure::field("type", td_string!(l, errors.choose)),
        PlanError::UnknownStore => Failure::field("store", td_string!(l, errors.choose)),
        PlanError::UnknownOrg => Failure::field("org", td_string!(l, errors.choose)),
        PlanError::HoldsNone => Failure::field("org", td_string!(l, events.holds_none)),
        PlanError::StoreOfOthers => Failure::field("store", td_string!(l, events.store_of_others)),
        PlanError::UnknownPlace => Failure::field("place", td_string!(l, events.choose_place)),
        PlanError::UnknownMaterial => {
            Failure::field("goods", td_string!(l, events.material_retired))
        }
        PlanError::UnknownKit => Failure::field("goods", td_string!(l, events.kit_gone)),
        PlanError::People => Failure::field("expected", td_string!(l, events.expected_too_many)),
        PlanError::TooFar => Failure::field("date", td_string!(l, events.too_far)),
        PlanError::HasRecords => Failure::form(td_string!(l, events.has_records)),
        PlanError::Cancelled => Failure::form(td_string!(l, events.was_cancelled)),
        PlanError::SavedBefore => Failure::form(td_string!(l, reference.saved_before)),
        PlanError::Database(error) => error.into(),
    }
}

pub async fn cancel(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: EventId = post.visit.param("id")?;
    let cancelled = post.visit.writer()?.cancel_event(id).await;
    cancelled.map_err(|error| match error {
        CancelEventError::Denied(denied) => Failure::from(denied),
        CancelEventError::TookPlace => Failure::form(td_string!(l, events.took_place)),
        CancelEventError::StockThere { pieces } => {
            let n = i18n::lang(l).number(pieces);
            Failure::form(td_string!(l, events.stock_there, n = n))
        }
        CancelEventError::Database(error) => error.into(),
    })?;
    Ok(Done::see(path(id)))
}

/// Stands behind what somebody else entered on the organisation's behalf.
pub async fn confirm(mut post: Post) -> Result<Done, Failure> {
    let id: EventId = post.visit.param("id")?;
    let of: RecordId = post.id("of")?;
    // Only what is about this event.
    let reader = post.visit.reader()?;
    if !reader.event_records(id).await?.iter().any(|entry| entry.record == of) {
        return Err(PageError::NotFound.into());
    }
    confirm_record(&mut post, of).await?;
    Ok(Done::see(format!("{}?done=confirmed", path(id))))
}
