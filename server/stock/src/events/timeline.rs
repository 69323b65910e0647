//! What was recorded about an event, by whom, and whether somebody must still stand behind it.

use crate::access::Reader;
use crate::query::Query;
use crate::records::{BY, Confirmation, WHO_SAID, may_confirm};
use domain::ids::{EventId, OrgId, RecordId, UserId};
use domain::records::Body;
use domain::records::events::{BringBack, CountPeople, DecideSheet, EventSheet, TakeStock};
use domain::role::Role;
use domain::small_cells::Eyes;
use domain::time::{Day, Millis};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// What a record about an event says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventSaid {
    Taken,
    BroughtBack,
    Sheet,
    Decided,
    People,
    Other,
}

impl EventSaid {
    fn of(kind: &str) -> Self {
        let kinds = [
            (TakeStock::KIND, Self::Taken),
            (BringBack::KIND, Self::BroughtBack),
            (EventSheet::KIND, Self::Sheet),
            (DecideSheet::KIND, Self::Decided),
            (CountPeople::KIND, Self::People),
        ];
        kinds.into_iter().find(|(known, _)| *known == kind).map_or(Self::Other, |(_, said)| said)
    }
}

/// One record about an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRecord {
    pub record: RecordId,
    pub said: EventSaid,
    pub day: Day,
    pub recorded_at: Millis,
    pub by: UserId,
    /// Only to people of the same organisation; others see the role.
    pub by_name: Option<String>,
    pub by_role: Option<Role>,
    pub on_behalf: Option<OrgId>,
    pub confirmation: Confirmation,
    /// Pieces that its movements moved, also where some of them were taken back since.
    pub pieces: i64,
    /// Nobody said which batch it was.
    pub assumed: bool,
    /// It could not be booked, and waits.
    pub is_held: bool,
    /// It could not be booked, and somebody said that it is not to be.
    pub is_dropped: bool,
    pub is_reversed: bool,
    pub note: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    local_day: i64,
    recorded_at: i64,
    actor_id: Uuid,
    by_org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    by_name: Option<String>,
    by_role: Option<String>,
    is_confirmed: bool,
    pieces: Option<i64>,
    assumed: bool,
    is_held: bool,
    is_dropped: bool,
    is_reversed: bool,
    note: Option<String>,
}

impl Reader<'_> {
    /// What was recorded about an event that the actor may know of, in that order.
    pub async fn event_records(&self, id: EventId) -> Result<Vec<EventRecord>, DbErr> {
        let Some(event) = self.event(id).await? else { return Ok(Vec::new()) };
        let eyes = self.eyes(Some(event.org)).await?;
        let rows: Vec<Row> = Query::new(&format!(
            "SELECT r.id, r.kind, r.local_day, r.recorded_at, r.actor_id,
                r.on_behalf_org_id, {BY},
                EXISTS (SELECT 1 FROM confirmation c WHERE c.confirms_id = r.id) AS is_confirmed,
                (SELECT CAST(SUM(l.pieces) AS BIGINT) FROM line l
                    JOIN movement m ON m.id = l.movement_id
                    WHERE m.record_id IN (r.id, c.id) AND NOT m.derived) AS pieces,
                EXISTS (SELECT 1 FROM batch_assumed x WHERE x.record_id IN (r.id, c.id)) AS assumed,
                (o.outcome = 'held' AND c.id IS NULL) AS is_held,
                (c.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM movement m
                    WHERE m.record_id = c.id)) AS is_dropped,
                EXISTS (SELECT 1 FROM movement m JOIN movement x ON x.reverses_id = m.id
                    WHERE m.record_id IN (r.id, c.id)) AS is_reversed,
                n.text AS note
             FROM record r JOIN record_outcome o ON o.record_id = r.id
             LEFT JOIN record c ON c.subject_id = r.id AND c.kind = 'event_goods_decision'
             {WHO_SAID}
             LEFT JOIN note n ON n.record_id = r.id AND n.erased_at IS NULL
             WHERE r.subject_kind = 'event' AND r.subject_id = ",
        ))
        .bind(id.uuid())
        .push(" ORDER BY r.recorded_at, r.id")
        .all(self.stock.db.read())
        .await?;
        let mut records: Vec<_> = rows.into_iter().map(|row| self.event_record(row)).collect();
        if eyes == Eyes::Others {
            records.iter_mut().for_each(|record| record.note = None);
        }
        Ok(records)
    }

    fn event_record(&self, row: Row) -> EventRecord {
        let colleague = row.by_org_id == self.actor.org.uuid();
        let on_behalf = row.on_behalf_org_id.map(OrgId::new);
        let confirmation = match on_behalf {
            None => Confirmation::NotNeeded,
            Some(_) if row.is_confirmed => Confirmation::Done,
            Some(org) => {
                let may = may_confirm(&self.actor, &row.kind, Some(org));
                let by_me = may && row.actor_id != self.actor.user.uuid();
                Confirmation::Waiting { by_me }
            }
        };
        EventRecord {
            record: row.id.into(),
            said: EventSaid::of(&row.kind),
            day: super::find::day(row.local_day),
            recorded_at: Millis(row.recorded_at),
            by: row.actor_id.into(),
            by_name: row.by_name.filter(|_| colleague),
            by_role: row.by_role.as_deref().and_then(Role::of_author),
            on_behalf,
            confirmation,
            pieces: row.pieces.unwrap_or(0),
            assumed: row.assumed,
            is_held: row.is_held,
            is_dropped: row.is_dropped,
            is_reversed: row.is_reversed,
            note: row.note,
        }
    }
}
