//! What the sheets of an event say, and where each of them stands.

use super::find::STANDS;
use super::people;
use super::sheet::HeldReason;
use crate::access::Reader;
use crate::query::Query;
use domain::attendance::Attendance;
use domain::code::Code;
use domain::event_sheet::{SheetRow, ToMultipliers, ToPublic};
use domain::events::{Multiplier, PublicPlace, SheetDecision};
use domain::ids::{EventId, OrgId, RecordId, SessionId, UserId};
use domain::records::events::EventSheet;
use domain::small_cells::Eyes;
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where a sheet stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SheetState {
    Posted,
    /// Kept until somebody decides; not in the books.
    Kept,
    Held(HeldReason),
    /// Said to be the same as an earlier one.
    Dropped,
    /// A correction took its place.
    Replaced,
    Reversed,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetDetail {
    pub record: RecordId,
    pub session: Option<SessionId>,
    pub state: SheetState,
    pub decision: Option<SheetDecision>,
    pub day: Day,
    pub recorded_at: Millis,
    pub by: UserId,
    pub by_org: OrgId,
    pub on_behalf: Option<OrgId>,
    /// Entered on behalf and not yet confirmed by anybody else.
    pub to_confirm: bool,
    pub rows: Vec<SheetRowView>,
    /// Read off what was brought.
    pub codes: Vec<Code>,
    /// Who came, as this sheet said it, whether it counts or not.
    pub said: Option<Attendance>,
    pub note: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetRowView {
    pub row: SheetRow,
    pub short_number: String,
    pub title: String,
    pub assumed: bool,
}

impl Reader<'_> {
    /// One sheet that waits beside the standing one with which it collides is part of this.
    pub async fn event_sheet(&self, id: RecordId) -> Result<Option<(EventId, SheetDetail)>, DbErr> {
        #[derive(FromQueryResult)]
        struct Of {
            event_id: Uuid,
        }
        let db = self.stock.db.read();
        let of: Option<Of> = Query::new("SELECT event_id FROM event_sheet WHERE record_id = ")
            .bind(id.uuid())
            .one(db)
            .await?;
        let Some(of) = of else { return Ok(None) };
        let Some(event) = self.event(of.event_id.into()).await? else { return Ok(None) };
        let eyes = self.eyes(Some(event.org)).await?;
        let sheet = sheets(db, event.id, eyes).await?.into_iter().find(|sheet| sheet.record == id);
        Ok(sheet.map(|sheet| (event.id, sheet)))
    }
}

impl SheetDetail {
    fn leave_out_people(&mut self) {
        (self.said, self.note) = (None, None);
        for multipliers in self.rows.iter_mut().filter_map(|view| view.row.multipliers.as_mut()) {
            multipliers.people = None;
        }
    }
}

#[derive(FromQueryResult)]
struct NoteRow {
    text: String,
}

/// The free text of a record, as long as nobody erased it.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    record: RecordId,
) -> Result<Option<String>, DbErr> {
    let note: Option<NoteRow> =
        Query::new("SELECT text FROM note WHERE erased_at IS NULL AND record_id = ")
            .bind(record.uuid())
            .one(db)
            .await?;
    Ok(note.map(|note| note.text))
}

#[derive(FromQueryResult)]
struct SheetHead {
    record_id: Uuid,
    session_id: Option<Uuid>,
    posted_by: Option<Uuid>,
    held_reason: Option<String>,
    decision: Option<String>,
    replaced_by: Option<Uuid>,
    stands: bool,
    local_day: i64,
    recorded_at: i64,
    actor_id: Uuid,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    is_confirmed: bool,
    note: Option<String>,
    body: String,
}

impl SheetHead {
    fn codes(&self) -> Result<Vec<Code>, DbErr> {
        let body: EventSheet = serde_json::from_str(&self.body)
            .map_err(|error| DbErr::Type(format!("a sheet cannot be read: {error}")))?;
        Ok(body.codes)
    }

    fn state(&self, decision: Option<SheetDecision>) -> SheetState {
        let held = self.held_reason.as_deref().and_then(HeldReason::parse);
        match (self.posted_by, decision) {
            (Some(_), _) if self.replaced_by.is_some() => SheetState::Replaced,
            (Some(_), _) if self.stands => SheetState::Posted,
            (Some(_), _) => SheetState::Reversed,
            (None, Some(_)) => SheetState::Dropped,
            (None, None) => held.map_or(SheetState::Kept, SheetState::Held),
        }
    }
}

#[derive(FromQueryResult)]
struct RowRow {
    record_id: Uuid,
    material_id: Uuid,
    short_number: String,
    title: String,
    brought: i64,
    left_over: i64,
    spoiled: i64,
    participants: i64,
    multipliers: i64,
    multiplier_people: Option<i64>,
    multiplier_who: Option<String>,
    public_places: i64,
    public_count: Option<i64>,
    public_kind: Option<String>,
    assumed: bool,
}

impl RowRow {
    fn view(self) -> SheetRowView {
        let who = self.multiplier_who.as_deref().and_then(Multiplier::parse);
        let kind = self.public_kind.as_deref().and_then(PublicPlace::parse);
        let (pieces, people) = (self.multipliers, self.multiplier_people);
        let multipliers = who.map(|who| ToMultipliers { pieces, people, who });
        let (pieces, places) = (self.public_places, self.public_count);
        let public = kind.map(|kind| ToPublic { pieces, places, kind });
        let row = SheetRow {
            material: self.material_id.into(),
            brought: self.brought,
            left: self.left_over,
            spoiled: self.spoiled,
            participants: self.participants,
            multipliers,
            public,
        };
        let Self { short_number, title, assumed, .. } = self;
        SheetRowView { row, short_number, title, assumed }
    }
}

/// All sheets of an event. Others learn of its pieces only: not of people, nor what was noted.
pub(super) async fn sheets(
    db: &impl ConnectionTrait,
    id: EventId,
    eyes: Eyes,
) -> Result<Vec<SheetDetail>, DbErr> {
    let heads: Vec<SheetHead> = Query::new(&format!(
        "SELECT s.record_id, s.session_id, s.posted_by, s.held_reason, s.decision, s.replaced_by,
            {STANDS} AS stands, r.local_day, r.recorded_at, r.actor_id, r.org_id,
            r.on_behalf_org_id, EXISTS (SELECT 1 FROM confirmation c
                WHERE c.confirms_id = r.id) AS is_confirmed,
            (SELECT n.text FROM note n WHERE n.record_id = r.id AND n.erased_at IS NULL) AS note,
            r.body
         FROM event_sheet s JOIN record r ON r.id = s.record_id WHERE s.event_id = "
    ))
    .bind(id.uuid())
    .push(" ORDER BY r.recorded_at, r.id")
    .all(db)
    .await?;
    let rows: Vec<RowRow> = Query::new(
        "SELECT w.record_id, w.material_id, m.short_number, m.title, w.brought, w.left_over,
            w.spoiled, w.participants, w.multipliers, w.multiplier_people, w.multiplier_who,
            w.public_places, w.public_count, w.public_kind, w.assumed
         FROM event_sheet_row w JOIN event_sheet s ON s.record_id = w.record_id
         JOIN material m ON m.id = w.material_id WHERE s.event_id = ",
    )
    .bind(id.uuid())
    .push(" ORDER BY m.short_number")
    .all(db)
    .await?;
    let mut said = people::said_on_sheets(db, id).await?;
    let mut by_sheet: BTreeMap<Uuid, Vec<SheetRowView>> = BTreeMap::new();
    for row in rows {
        by_sheet.entry(row.record_id).or_default().push(row.view());
    }
    let sheet = |head: SheetHead| {
        let decision = head.decision.as_deref().and_then(SheetDecision::parse);
        Ok(SheetDetail {
            record: head.record_id.into(),
            session: head.session_id.map(SessionId::new),
            state: head.state(decision),
            decision,
            day: super::find::day(head.local_day),
            recorded_at: Millis(head.recorded_at),
            by: head.actor_id.into(),
            by_org: head.org_id.into(),
            on_behalf: head.on_behalf_org_id.map(OrgId::new),
            to_confirm: head.on_behalf_org_id.is_some() && !head.is_confirmed,
            rows: by_sheet.remove(&head.record_id).unwrap_or_default(),
            codes: head.codes()?,
            said: said.remove(&head.record_id.into()),
            note: head.note,
        })
    };
    let mut sheets: Vec<SheetDetail> =
        heads.into_iter().map(sheet).collect::<Result<_, DbErr>>()?;
    if eyes == Eyes::Others {
        sheets.iter_mut().for_each(SheetDetail::leave_out_people);
    }
    Ok(sheets)
}
