//! The event sheet: one record that takes, gives, damages and brings back.

use super::EventError;
use super::find::{EventRow, STANDS, sessions};
use super::goods::{self, FoundCode, Unbooked};
use super::holdings::{Holder, holdings};
use super::people;
use super::supply::{as_said, post};
use super::waiting;
use crate::access::Writer;
use crate::query::{Query, insert_rows};
use crate::records::{Outcome, RecordTx, Submission};
use domain::code::Code;
use domain::event_sheet::batches::{Booked, book, merged};
use domain::event_sheet::{SheetRow, errors};
use domain::events::{Multiplier, PublicPlace};
use domain::ids::{MaterialId, MovementId, RecordId, SessionId};
use domain::ledger::Draft;
use domain::records::events::EventSheet;
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why a record is held: visible and counted, not in the books.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum HeldReason {
    /// The store never had a batch of this material.
    NoBatch {
        material: MaterialId,
    },
    UnknownCode {
        code: Code,
    },
}

impl From<Unbooked> for HeldReason {
    fn from(why: Unbooked) -> Self {
        match why {
            Unbooked::Code(code) => Self::UnknownCode { code },
            Unbooked::NoBatch(material) => Self::NoBatch { material },
        }
    }
}

impl HeldReason {
    /// As the column keeps it.
    pub(super) fn text(self) -> String {
        match self {
            Self::NoBatch { material } => format!("no_batch {material}"),
            Self::UnknownCode { code } => format!("unknown_code {code}"),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("no_batch", id) => Some(Self::NoBatch { material: id.parse().ok()? }),
            ("unknown_code", code) => Some(Self::UnknownCode { code: Code::parse(code).ok()? }),
            _ => None,
        }
    }
}

/// What became of a sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fate")]
pub enum Fate {
    Posted,
    /// A second sheet for the same rows: somebody says "same", "correction" or "both happened".
    Kept {
        earlier: RecordId,
    },
    Held(HeldReason),
}

/// A sheet that was recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SheetPosted {
    pub record: RecordId,
    pub fate: Fate,
    pub movements: Vec<MovementId>,
    /// Nobody said which batches it was: the holder's oldest were assumed.
    pub assumed: bool,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

impl Writer<'_> {
    /// Records what happened to the pieces at an event and who came: a fact. Takes what was not
    /// taken before, gives, damages and brings back. A second sheet for the same rows is kept.
    pub async fn event_sheet(
        &self,
        submission: Submission,
        mut body: EventSheet,
    ) -> Result<SheetPosted, EventError> {
        self.require(Permission::TellEvent)?;
        body.attendance = body.attendance.filter(people::says_something);
        if body.rows.is_empty() && body.attendance.is_none() {
            return Err(EventError::Empty);
        }
        let wrong = errors(&body.rows);
        if !wrong.is_empty() {
            return Err(EventError::Rows(wrong));
        }
        if let Some(attendance) = &body.attendance {
            attendance.count.check()?;
        }
        let event = body.event;
        self.say_about(submission, event, body, |tx, body| Box::pin(sheet(tx, body))).await
    }
}

async fn sheet(tx: &RecordTx<'_>, body: &EventSheet) -> Result<SheetPosted, EventError> {
    let event = as_said(tx, body.event).await?;
    check_session(tx, &event, body.session).await?;
    let materials: BTreeSet<MaterialId> = body.rows.iter().map(|row| row.material).collect();
    if !goods::check_materials(tx.conn, &materials).await? {
        return Err(EventError::UnknownMaterial);
    }
    let earlier = earlier_sheet(tx, body).await?;
    insert(tx, body).await?;
    let posted = |fate, movements, assumed| SheetPosted { record: tx.id, fate, movements, assumed };
    let result = if let Some(earlier) = earlier {
        tx.set_outcome(Outcome::Kept);
        insert_sheet_rows(tx, body, &BTreeSet::new()).await?;
        posted(Fate::Kept { earlier }, Vec::new(), false)
    } else {
        match put(tx, &event, body, tx.occurred_at, Undone::default()).await? {
            Ok(booking) => {
                insert_sheet_rows(tx, body, &booking.assumed).await?;
                say_posted(tx, tx.id).await?;
                let assumed = !booking.assumed.is_empty();
                posted(Fate::Posted, booking.movements, assumed)
            }
            Err(why) => {
                let reason = HeldReason::from(why);
                tx.set_outcome(Outcome::Held);
                insert_sheet_rows(tx, body, &BTreeSet::new()).await?;
                Query::new("UPDATE event_sheet SET held_reason = ")
                    .bind(reason.text())
                    .push(" WHERE record_id = ")
                    .bind(tx.id.uuid())
                    .run(tx.conn)
                    .await?;
                posted(Fate::Held(reason), Vec::new(), false)
            }
        }
    };
    if let Some(attendance) = &body.attendance {
        let sheet = Some(tx.id);
        people::insert(tx, body.event, body.session, attendance, (sheet, None)).await?;
    }
    waiting::refresh(tx, &event).await?;
    Ok(result)
}

pub(super) async fn check_session(
    tx: &RecordTx<'_>,
    event: &EventRow,
    session: Option<SessionId>,
) -> Result<(), EventError> {
    let Some(session) = session else { return Ok(()) };
    let sessions = sessions(tx.conn, event.id).await?;
    if sessions.iter().any(|known| known.id == session) {
        Ok(())
    } else {
        Err(EventError::UnknownSession)
    }
}

/// A standing sheet for the same session (or the whole event) with one of the same materials, or
/// one that says nothing but who came, where this one does too.
async fn earlier_sheet(
    tx: &RecordTx<'_>,
    body: &EventSheet,
) -> Result<Option<RecordId>, EventError> {
    let mut query = Query::new(&format!(
        "SELECT s.record_id AS id FROM event_sheet s JOIN record r ON r.id = s.record_id
         WHERE {STANDS} AND s.event_id = "
    ))
    .bind(body.event.uuid());
    if let Some(session) = body.session {
        query = query
            .push(" AND (s.session_id IS NULL OR s.session_id = ")
            .bind(session.uuid())
            .push(")");
    }
    query = if body.rows.is_empty() {
        query.push(
            " AND NOT EXISTS (SELECT 1 FROM event_sheet_row w WHERE w.record_id = s.record_id)",
        )
    } else {
        query
            .push(
                " AND EXISTS (SELECT 1 FROM event_sheet_row w WHERE w.record_id = s.record_id
                    AND w.material_id IN ",
            )
            .list(body.rows.iter().map(|row| row.material.uuid()))
            .push(")")
    };
    let row: Option<IdRow> =
        query.push(" ORDER BY r.recorded_at, r.id LIMIT 1").one(tx.conn).await?;
    Ok(row.map(|row| row.id.into()))
}

async fn insert(tx: &RecordTx<'_>, body: &EventSheet) -> Result<(), DbErr> {
    Query::new("INSERT INTO event_sheet (record_id, event_id, session_id) VALUES ")
        .list::<Value>([
            tx.id.uuid().into(),
            body.event.uuid().into(),
            body.session.map(|session| session.uuid()).into(),
        ])
        .run(tx.conn)
        .await
        .map(|_| ())
}

async fn insert_sheet_rows(
    tx: &RecordTx<'_>,
    body: &EventSheet,
    assumed: &BTreeSet<MaterialId>,
) -> Result<(), DbErr> {
    let values = |row: &SheetRow| {
        [
            tx.id.uuid().into(),
            row.material.uuid().into(),
            row.brought.into(),
            row.left.into(),
            row.spoiled.into(),
            row.participants.into(),
            row.multipliers.map_or(0, |to| to.pieces).into(),
            row.multipliers.and_then(|to| to.people).into(),
            row.multipliers.map(|to| Multiplier::as_str(to.who)).into(),
            row.public.map_or(0, |to| to.pieces).into(),
            row.public.and_then(|to| to.places).into(),
            row.public.map(|to| PublicPlace::as_str(to.kind)).into(),
            assumed.contains(&row.material).into(),
        ]
    };
    let into = "event_sheet_row (record_id, material_id, brought, left_over, spoiled,
        participants, multipliers, multiplier_people, multiplier_who, public_places,
        public_count, public_kind, assumed)";
    insert_rows(tx.conn, into, body.rows.iter().map(values).collect(), "").await
}

/// Notes which record made the movements of a sheet.
pub(super) async fn say_posted(tx: &RecordTx<'_>, sheet: RecordId) -> Result<(), DbErr> {
    Query::new("UPDATE event_sheet SET posted_by = ")
        .bind(tx.id.uuid())
        .push(" WHERE record_id = ")
        .bind(sheet.uuid())
        .run(tx.conn)
        .await
        .map(|_| ())
}

/// What a sheet did to the books.
pub(super) struct Booking {
    pub movements: Vec<MovementId>,
    /// Materials whose batches were assumed.
    pub assumed: BTreeSet<MaterialId>,
}

/// What a correction takes back: the mirrors of what earlier sheets moved, and who moved it.
#[derive(Default)]
pub(super) struct Undone {
    pub drafts: Vec<Draft>,
    pub records: BTreeSet<RecordId>,
}

/// Puts a sheet into the books together with what it takes back, or says why it cannot be.
pub(super) async fn put(
    tx: &RecordTx<'_>,
    event: &EventRow,
    sheet: &EventSheet,
    at: Millis,
    undone: Undone,
) -> Result<Result<Booking, Unbooked>, EventError> {
    let (codes, unknown): (Vec<FoundCode>, _) = goods::known_codes(tx.conn, &sheet.codes).await?;
    if let Some(code) = unknown {
        return Ok(Err(Unbooked::Code(code)));
    }
    let place = event.books_at(at);
    let materials: BTreeSet<MaterialId> = sheet.rows.iter().map(|row| row.material).collect();
    let codes: Vec<FoundCode> =
        codes.into_iter().filter(|code| materials.contains(&code.material)).collect();
    let holdings = holdings(tx, Holder::from(place), &materials, &codes, &undone.drafts).await?;
    let mut drafts = Vec::new();
    let mut assumed = BTreeSet::new();
    for row in &sheet.rows {
        let there = holdings.get(&row.material).cloned().unwrap_or_default();
        let Ok(booked) = book(row, &there, place) else {
            return Ok(Err(Unbooked::NoBatch(row.material)));
        };
        let Booked { drafts: of_row, assumed: is_assumed, .. } = booked;
        if is_assumed {
            assumed.insert(row.material);
        }
        drafts.extend(of_row);
    }
    let drafts = merged(drafts);
    let mut all = undone.drafts;
    all.extend(drafts.iter().cloned());
    let movements = if all.is_empty() { Vec::new() } else { post(tx, event, all).await? };
    // The packs are where they were before the earlier sheet, before this one says where they went.
    if !undone.records.is_empty() {
        tx.put_packs_back(&undone.records).await?;
    }
    goods::settle_packs(tx, place, &drafts, &codes).await?;
    Ok(Ok(Booking { movements, assumed }))
}
