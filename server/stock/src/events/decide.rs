//! What becomes of a sheet that was kept or held: somebody says so, and it is a record too.

use super::EventError;
use super::find::{EventRow, find};
use super::goods::Unbooked;
use super::sheet::{HeldReason, Undone, put, say_posted};
use super::supply::locked;
use super::waiting;
use crate::access::{Denied, Writer};
use crate::corrections::{Original, standing_movements};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::events::SheetDecision;
use domain::ids::{EventId, MovementId, OrgId, RecordId};
use domain::ledger::Reason;
use domain::records::events::{DecideSheet, EventSheet};
use domain::role::{Actor, Permission};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a sheet stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Event(#[from] EventError),
    #[error("it does not wait for a decision")]
    NotWaiting,
    #[error("a kept sheet is same, a correction or both happened; a held one is posted or dropped")]
    WrongDecision,
    /// It still cannot be booked.
    #[error("it still cannot be booked")]
    StillHeld(HeldReason),
}

impl From<RecordError> for DecideError {
    fn from(error: RecordError) -> Self {
        Self::Event(error.into())
    }
}

impl From<Denied> for DecideError {
    fn from(denied: Denied) -> Self {
        Self::Event(denied.into())
    }
}

impl From<DbErr> for DecideError {
    fn from(error: DbErr) -> Self {
        Self::Event(error.into())
    }
}

/// What a decision did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decided {
    pub event: EventId,
    pub movements: Vec<MovementId>,
    pub assumed: bool,
}

#[derive(FromQueryResult)]
struct Waiting {
    event_id: Uuid,
    body: String,
    occurred_at: i64,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    waits: bool,
    held_reason: Option<String>,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

async fn waiting_sheet(
    db: &impl ConnectionTrait,
    sheet: RecordId,
) -> Result<Option<Waiting>, DbErr> {
    Query::new(&format!(
        "SELECT s.event_id, r.body, r.occurred_at, r.org_id, r.on_behalf_org_id,
            {} AS waits, s.held_reason
         FROM event_sheet s JOIN record r ON r.id = s.record_id WHERE s.record_id = ",
        super::find::WAITS
    ))
    .bind(sheet.uuid())
    .one(db)
    .await
}

impl Writer<'_> {
    /// Says what a kept or held sheet is. A manager may, and the organisation whose sheet it is.
    pub async fn decide_sheet(
        &self,
        submission: Submission,
        body: DecideSheet,
    ) -> Result<Decided, DecideError> {
        let db = self.stock.db.read();
        let sheet = waiting_sheet(db, body.sheet).await?.ok_or(Denied::NotFound)?;
        let today = self.stock.world.now().day();
        let event: EventRow =
            find::<EventError>(db, &self.actor, today, sheet.event_id.into()).await?;
        check_decider(&self.actor, sheet.org_id, sheet.on_behalf_org_id)?;
        let subject = Subject { kind: "event", id: sheet.event_id, store: Some(event.store) };
        self.record(submission, subject, body, |tx, body| Box::pin(decide(tx, body))).await
    }
}

pub(super) fn check_decider(
    actor: &Actor,
    org: Uuid,
    on_behalf: Option<Uuid>,
) -> Result<(), Denied> {
    if actor.may_decide(org.into(), on_behalf.map(OrgId::new)) {
        Ok(())
    } else {
        Err(Denied::NotAllowed(Permission::Reconcile))
    }
}

async fn decide(tx: &RecordTx<'_>, body: &DecideSheet) -> Result<Decided, DecideError> {
    let sheet = waiting_sheet(tx.conn, body.sheet).await?.ok_or(Denied::NotFound)?;
    let event = locked(tx, sheet.event_id.into()).await?;
    // Read again behind the lock: somebody may have decided meanwhile.
    let sheet = waiting_sheet(tx.conn, body.sheet).await?.ok_or(Denied::NotFound)?;
    if !sheet.waits {
        return Err(DecideError::NotWaiting);
    }
    let is_held = sheet.held_reason.is_some();
    let mut decided = Decided { event: event.id, movements: Vec::new(), assumed: false };
    match (body.decision, is_held) {
        (SheetDecision::Same, _) => {}
        (SheetDecision::Correction, false) => {
            let earlier = earlier_sheets(tx, body.sheet).await?;
            let undone = undo(tx, &earlier).await?;
            replace(tx, &earlier, body.sheet).await?;
            post_sheet(tx, &event, (body.sheet, &sheet), undone, &mut decided).await?;
        }
        (SheetDecision::BothHappened, false) | (SheetDecision::PostNow, true) => {
            post_sheet(tx, &event, (body.sheet, &sheet), Undone::default(), &mut decided).await?;
        }
        (SheetDecision::Correction | SheetDecision::BothHappened, true)
        | (SheetDecision::PostNow, false) => return Err(DecideError::WrongDecision),
    }
    Query::new("UPDATE event_sheet SET decision = ")
        .bind(body.decision.as_str())
        .push(", decided_by = ")
        .bind(tx.id.uuid())
        .push(" WHERE record_id = ")
        .bind(body.sheet.uuid())
        .run(tx.conn)
        .await?;
    waiting::refresh(tx, &event).await?;
    Ok(decided)
}

async fn post_sheet(
    tx: &RecordTx<'_>,
    event: &EventRow,
    (id, sheet): (RecordId, &Waiting),
    undone: Undone,
    decided: &mut Decided,
) -> Result<(), DecideError> {
    let body: EventSheet = serde_json::from_str(&sheet.body)
        .map_err(|error| DbErr::Type(format!("a sheet cannot be read: {error}")))?;
    match put(tx, event, &body, Millis(sheet.occurred_at), undone).await? {
        Ok(booking) => {
            say_posted(tx, id).await?;
            for material in &booking.assumed {
                Query::new("UPDATE event_sheet_row SET assumed = ")
                    .bind(true)
                    .push(" WHERE record_id = ")
                    .bind(id.uuid())
                    .push(" AND material_id = ")
                    .bind(material.uuid())
                    .run(tx.conn)
                    .await?;
            }
            decided.assumed = !booking.assumed.is_empty();
            decided.movements = booking.movements;
            Ok(())
        }
        Err(why @ (Unbooked::Code(_) | Unbooked::NoBatch(_))) => {
            Err(DecideError::StillHeld(why.into()))
        }
    }
}

/// The standing sheets that share session and rows with a kept one. A sheet of the whole event
/// corrects those of all its sessions, whatever their rows: else what they say stands beside it.
async fn earlier_sheets(tx: &RecordTx<'_>, kept: RecordId) -> Result<Vec<RecordId>, DbErr> {
    let rows: Vec<IdRow> = Query::new(&format!(
        "SELECT s.record_id AS id FROM event_sheet s
         JOIN event_sheet k ON k.event_id = s.event_id AND k.record_id <> s.record_id
         WHERE {} AND (s.session_id IS NULL OR k.session_id IS NULL
            OR s.session_id = k.session_id)
            AND ((k.session_id IS NULL AND s.session_id IS NOT NULL)
                OR EXISTS (SELECT 1 FROM event_sheet_row a JOIN event_sheet_row b
                    ON b.material_id = a.material_id
                    WHERE a.record_id = s.record_id AND b.record_id = k.record_id)
                OR NOT EXISTS (SELECT 1 FROM event_sheet_row a
                    WHERE a.record_id IN (s.record_id, k.record_id)))
            AND k.record_id = ",
        super::find::STANDS
    ))
    .bind(kept.uuid())
    .push(" ORDER BY s.record_id")
    .all(tx.conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// What the earlier sheets moved.
async fn undo(tx: &RecordTx<'_>, sheets: &[RecordId]) -> Result<Undone, DbErr> {
    let mut undone = Undone::default();
    for sheet in sheets {
        let posted: Option<IdRow> =
            Query::new("SELECT posted_by AS id FROM event_sheet WHERE record_id = ")
                .bind(sheet.uuid())
                .one(tx.conn)
                .await?;
        let Some(posted) = posted else { continue };
        undone.records.insert(posted.id.into());
        for movement in standing_movements(tx.conn, posted.id.into()).await? {
            if let Some(original) = Original::load(tx.conn, movement).await? {
                undone.drafts.push(original.reversal(Reason::CountedWrong));
            }
        }
    }
    Ok(undone)
}

/// The corrected sheets no longer stand. What they said about who came moves to the correction,
/// unless that says it itself.
async fn replace(tx: &RecordTx<'_>, earlier: &[RecordId], by: RecordId) -> Result<(), DbErr> {
    let has_own = Query::new("SELECT 1 AS one FROM attendance WHERE sheet_id = ")
        .bind(by.uuid())
        .finds(tx.conn)
        .await?;
    for sheet in earlier {
        Query::new("UPDATE event_sheet SET replaced_by = ")
            .bind(by.uuid())
            .push(" WHERE record_id = ")
            .bind(sheet.uuid())
            .run(tx.conn)
            .await?;
        if !has_own {
            Query::new("UPDATE attendance SET sheet_id = ")
                .bind(by.uuid())
                .push(" WHERE sheet_id = ")
                .bind(sheet.uuid())
                .run(tx.conn)
                .await?;
        }
    }
    Ok(())
}
