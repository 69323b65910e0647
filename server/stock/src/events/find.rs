//! An event as it stands, if the actor may know of it.

use crate::access::{Denied, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Submission};
use domain::event_sheet::batches::Place;
use domain::events::{EventFacts, EventState, SessionKind};
use domain::ids::{EventId, EventTypeId, OrgId, SessionId, StoreId, UserId};
use domain::reference::PlaceName;
use domain::role::{Actor, Permission, PlaceCode};
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A sheet's movements are in the books and were not undone. Needs the alias `s`.
pub(crate) const STANDS: &str = "(s.posted_by IS NOT NULL AND s.replaced_by IS NULL AND (
    NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
        AND NOT m.derived AND m.kind <> 'reverse')
    OR EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
        AND NOT m.derived AND m.kind <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id))))";

/// A sheet that waits for somebody's word. Needs the alias `s`.
pub(crate) const WAITS: &str = "(s.posted_by IS NULL AND s.decision IS NULL)";

/// A statement about who came that counts. Needs the alias `t`.
pub(super) fn counts() -> String {
    format!(
        "(t.sheet_id IS NULL OR EXISTS (SELECT 1 FROM event_sheet s
            WHERE s.record_id = t.sheet_id AND {STANDS}))"
    )
}

/// A session of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    pub id: SessionId,
    pub kind: SessionKind,
    /// From 1, in the order of the day.
    pub ordinal: i64,
}

/// An event in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRow {
    pub id: EventId,
    /// `E-KBL-0007`.
    pub number: String,
    pub code: String,
    pub event_type: EventTypeId,
    pub type_name: String,
    pub org: OrgId,
    pub org_name: String,
    pub store: StoreId,
    pub store_name: String,
    pub place: PlaceCode,
    pub place_name: PlaceName,
    /// The province itself where the place is one.
    pub province: PlaceCode,
    pub province_name: PlaceName,
    pub planned_on: Day,
    pub expected_people: Option<i64>,
    pub state: EventState,
    /// The local day of the first standing sheet or headcount.
    pub held_on: Option<Day>,
    pub made_by: UserId,
    pub cancelled_at: Option<Millis>,
    /// Sheets that wait for a decision: second ones, and ones that could not be booked.
    pub sheets_kept: i64,
    pub sheets_held: i64,
    /// Takings and returns that could not be booked and wait for a decision.
    pub goods_held: i64,
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    id: Uuid,
    number: String,
    code: String,
    event_type_id: Uuid,
    type_name: String,
    org_id: Uuid,
    org_name: String,
    store_id: Uuid,
    store_name: String,
    place_code: String,
    name_en: String,
    name_fa: Option<String>,
    name_ps: Option<String>,
    province_code: Option<String>,
    province_en: Option<String>,
    province_fa: Option<String>,
    province_ps: Option<String>,
    planned_on: i64,
    expected_people: Option<i64>,
    made_by: Uuid,
    cancelled_at: Option<i64>,
    held_on: Option<i64>,
    sheets_kept: i64,
    sheets_held: i64,
    goods_held: i64,
}

/// Of the event `e`: goods taken there or brought back that wait for a decision.
pub(super) const GOODS_HELD: &str = "record r JOIN record_outcome h ON h.record_id = r.id
    WHERE r.subject_kind = 'event' AND r.subject_id = e.id AND h.outcome = 'held'
        AND r.kind IN ('event_take', 'event_bring_back')
        AND NOT EXISTS (SELECT 1 FROM record c
            WHERE c.subject_id = r.id AND c.kind = 'event_goods_decision')";

/// The text up to and including `WHERE` and the actor's scope.
pub(super) fn select(actor: &Actor, today: Day) -> Query {
    let query = Query::new(&format!(
        "SELECT e.id, e.number, e.code, e.event_type_id, y.name AS type_name, e.org_id,
            o.name AS org_name, e.store_id, k.name AS store_name, e.place_code,
            p.name_en, p.name_fa, p.name_ps, v.code AS province_code, v.name_en AS province_en,
            v.name_fa AS province_fa, v.name_ps AS province_ps,
            e.planned_on, e.expected_people, e.made_by, e.cancelled_at,
            e.held_on,
            (SELECT COUNT(*) FROM event_sheet s WHERE s.event_id = e.id AND {WAITS}
                AND s.held_reason IS NULL) AS sheets_kept,
            (SELECT COUNT(*) FROM event_sheet s WHERE s.event_id = e.id AND {WAITS}
                AND s.held_reason IS NOT NULL) AS sheets_held,
            (SELECT COUNT(*) FROM {GOODS_HELD}) AS goods_held
         FROM event e JOIN event_type y ON y.id = e.event_type_id
         JOIN org o ON o.id = e.org_id JOIN store k ON k.id = e.store_id
         JOIN place p ON p.code = e.place_code LEFT JOIN place v ON v.code = p.parent_code
         WHERE "
    ));
    visible(query, actor, today)
}

/// The events that the actor may know of: of its place or organisation, and future ones only for
/// those who run events. Needs the alias `e`.
pub(super) fn visible(query: Query, actor: &Actor, today: Day) -> Query {
    let query = query.condition(|next| scope::events(actor, next));
    if actor.role.may(Permission::TellEvent) {
        return query;
    }
    query.push(" AND e.planned_on <= ").bind(i64::from(today.0))
}

impl Row {
    pub fn event(self, today: Day) -> EventRow {
        let planned_on = day(self.planned_on);
        let facts = EventFacts {
            planned_on,
            cancelled: self.cancelled_at.is_some(),
            held_on: self.held_on.map(day),
        };
        let place_name = PlaceName { en: self.name_en, fa: self.name_fa, ps: self.name_ps };
        let place = PlaceCode::new(self.place_code);
        let (province, province_name) = match (self.province_code, self.province_en) {
            (Some(code), Some(en)) => {
                (PlaceCode::new(code), PlaceName { en, fa: self.province_fa, ps: self.province_ps })
            }
            _ => (place.clone(), place_name.clone()),
        };
        EventRow {
            id: self.id.into(),
            number: self.number,
            code: self.code,
            event_type: self.event_type_id.into(),
            type_name: self.type_name,
            org: self.org_id.into(),
            org_name: self.org_name,
            store: self.store_id.into(),
            store_name: self.store_name,
            place,
            place_name,
            province,
            province_name,
            planned_on,
            expected_people: self.expected_people,
            state: EventState::of(facts, today),
            held_on: self.held_on.map(day),
            made_by: self.made_by.into(),
            cancelled_at: self.cancelled_at.map(Millis),
            sheets_kept: self.sheets_kept,
            sheets_held: self.sheets_held,
            goods_held: self.goods_held,
        }
    }
}

pub(super) fn day(day: i64) -> Day {
    Day(i32::try_from(day).unwrap_or_default())
}

pub(super) async fn find<E>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    today: Day,
    id: EventId,
) -> Result<EventRow, E>
where
    E: From<Denied> + From<DbErr>,
{
    let row: Option<Row> =
        select(actor, today).push(" AND e.id = ").bind(id.uuid()).one(db).await?;
    row.map(|row| row.event(today)).ok_or_else(|| Denied::NotFound.into())
}

#[derive(FromQueryResult)]
struct SessionRow {
    id: Uuid,
    kind: String,
    ordinal: i64,
}

pub(super) async fn sessions(
    db: &impl ConnectionTrait,
    id: EventId,
) -> Result<Vec<Session>, DbErr> {
    let rows: Vec<SessionRow> =
        Query::new("SELECT id, kind, ordinal FROM event_session WHERE event_id = ")
            .bind(id.uuid())
            .push(" ORDER BY ordinal")
            .all(db)
            .await?;
    rows.into_iter()
        .map(|row| {
            let kind = SessionKind::parse(&row.kind)
                .ok_or_else(|| DbErr::Type(format!("unknown session {:?}", row.kind)))?;
            Ok(Session { id: row.id.into(), kind, ordinal: row.ordinal })
        })
        .collect()
}

/// Makes records about one event queue.
pub(super) async fn lock(db: &impl ConnectionTrait, id: EventId, now: Millis) -> Result<(), DbErr> {
    Query::new("UPDATE event SET changed_at = ")
        .bind(now.0)
        .push(" WHERE id = ")
        .bind(id.uuid())
        .run(db)
        .await?;
    Ok(())
}

impl RecordTx<'_> {
    /// The same for a record, which queues for it.
    pub(crate) async fn lock_event(&self, id: EventId) -> Result<(), RecordError> {
        self.queue_at("event", id.uuid()).await?;
        Ok(lock(self.conn, id, self.recorded_at).await?)
    }
}

impl EventRow {
    pub(super) fn books_at(&self, at: Millis) -> Place {
        Place { event: self.id, store: self.store, at }
    }
}

/// What somebody outside the event's organisation says about it is said on its behalf.
pub(super) fn on_behalf(mut submission: Submission, actor: &Actor, org: OrgId) -> Submission {
    submission.envelope.on_behalf = (actor.org != org).then_some(org);
    submission
}
