//! Goods of an event that could not be booked, taken there or brought back: they wait on the page of
//! their record until somebody posts them or says that they are not to be.

use super::find::{EventRow, find};
use super::goods::Unbooked;
use super::sheet::HeldReason;
use super::supply::{StockMoved, book_back, book_take, locked};
use super::{DecideError, EventError};
use crate::access::{Denied, Reader, Writer};
use crate::query::Query;
use crate::records::{Outcome, RecordTx, Subject, Submission};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::events::SheetDecision;
use domain::ids::{EventId, MovementId, OrgId, RecordId};
use domain::records::Body;
use domain::records::events::{BringBack, DecideGoods, Goods, TakeStock};
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a decision about goods did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GoodsDecided {
    pub record: RecordId,
    pub movements: Vec<MovementId>,
    pub assumed: bool,
}

/// Goods that could not be booked when they were recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldGoods {
    pub event: EventId,
    pub reason: HeldReason,
    pub said: Goods,
    /// Whose word it is: the organisation that recorded it, and the one in whose place.
    pub by_org: OrgId,
    pub on_behalf: Option<OrgId>,
    /// The record that says what became of them.
    pub decided_by: Option<RecordId>,
}

enum Said {
    Taken(TakeStock),
    Back(BringBack),
}

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    body: String,
    event_id: Uuid,
    occurred_at: i64,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    result: String,
    decided_by: Option<Uuid>,
}

impl Row {
    fn said(&self) -> Result<Said, DbErr> {
        Ok(match self.kind.as_str() {
            TakeStock::KIND => Said::Taken(read(&self.body)?),
            _ => Said::Back(read(&self.body)?),
        })
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbErr> {
    serde_json::from_str(json)
        .map_err(|error| DbErr::Type(format!("goods of an event cannot be read: {error}")))
}

/// The record, if it is one of goods that were held. A decision that is being recorded counts not.
async fn held(
    db: &impl ConnectionTrait,
    record: RecordId,
    deciding: Option<RecordId>,
) -> Result<Option<Row>, DbErr> {
    let deciding = deciding.map_or(Uuid::nil(), RecordId::uuid);
    Query::new(
        "SELECT r.kind, r.body, r.subject_id AS event_id, r.occurred_at, r.org_id,
            r.on_behalf_org_id, o.result, c.id AS decided_by
         FROM record r JOIN record_outcome o ON o.record_id = r.id AND o.outcome = 'held'
         LEFT JOIN record c ON c.subject_id = r.id AND c.kind = ",
    )
    .bind(DecideGoods::KIND)
    .push(" AND c.id <> ")
    .bind(deciding)
    .push(" WHERE r.kind IN ")
    .list([TakeStock::KIND, BringBack::KIND])
    .push(" AND r.id = ")
    .bind(record.uuid())
    .one(db)
    .await
}

/// Keeps goods that cannot be booked before the eyes of those who hold the event.
pub(super) async fn hold(tx: &RecordTx<'_>, event: &EventRow) -> Result<(), DbErr> {
    tx.set_outcome(Outcome::Held);
    let audience = Audience {
        permission: Some(Permission::RunEvents),
        org: Some(event.org),
        ..Audience::default()
    };
    let (page, what) = (page(tx.id), event.number.clone());
    let task = NewTask { kind: TaskKind::DecideGoods, page, what, audience, due_at: None };
    tasks::open(tx.conn, tx.world.as_ref(), &task).await
}

fn page(record: RecordId) -> String {
    format!("/records/{record}")
}

impl Reader<'_> {
    /// What a record says about goods that were held, if the actor may know of their event.
    pub async fn held_goods(&self, record: RecordId) -> Result<Option<HeldGoods>, DbErr> {
        let Some(row) = held(self.stock.db.read(), record, None).await? else { return Ok(None) };
        let Some(event) = self.event(row.event_id.into()).await? else { return Ok(None) };
        let Some(reason) = read::<StockMoved>(&row.result)?.held else { return Ok(None) };
        let said = match row.said()? {
            Said::Taken(body) => body.goods,
            Said::Back(body) => Goods { materials: body.rows, ..Goods::default() },
        };
        Ok(Some(HeldGoods {
            event: event.id,
            reason,
            said,
            by_org: row.org_id.into(),
            on_behalf: row.on_behalf_org_id.map(OrgId::new),
            decided_by: row.decided_by.map(RecordId::new),
        }))
    }
}

impl Writer<'_> {
    /// Posts held goods now, or says that they are not to be. A manager may, and the organisation
    /// whose word it is.
    pub async fn decide_goods(
        &self,
        submission: Submission,
        body: DecideGoods,
    ) -> Result<GoodsDecided, DecideError> {
        let db = self.stock.db.read();
        let row = held(db, body.record, None).await?.ok_or(Denied::NotFound)?;
        let today = self.stock.world.now().day();
        let event = find::<EventError>(db, &self.actor, today, row.event_id.into()).await?;
        super::decide::check_decider(&self.actor, row.org_id, row.on_behalf_org_id)?;
        let subject = Subject { kind: "record", id: body.record.uuid(), store: Some(event.store) };
        self.record(submission, subject, body, |tx, body| Box::pin(decide(tx, body))).await
    }
}

async fn decide(tx: &RecordTx<'_>, body: &DecideGoods) -> Result<GoodsDecided, DecideError> {
    let row = held(tx.conn, body.record, Some(tx.id)).await?.ok_or(Denied::NotFound)?;
    let event = locked(tx, row.event_id.into()).await?;
    // Read again behind the lock: somebody may have decided meanwhile.
    let row = match held(tx.conn, body.record, Some(tx.id)).await? {
        Some(row) if row.decided_by.is_none() => row,
        Some(_) | None => return Err(DecideError::NotWaiting),
    };
    let mut decided = GoodsDecided { record: body.record, movements: Vec::new(), assumed: false };
    match body.decision {
        SheetDecision::Same => {}
        SheetDecision::PostNow => {
            let at = Millis(row.occurred_at);
            let booked = match row.said()? {
                Said::Taken(said) => book_take(tx, &event, &said, at).await?,
                Said::Back(said) => book_back(tx, &event, &said, at).await?,
            };
            (decided.movements, decided.assumed) = match booked {
                Ok(booked) => booked,
                Err(why @ (Unbooked::Code(_) | Unbooked::NoBatch(_))) => {
                    return Err(DecideError::StillHeld(why.into()));
                }
            };
        }
        SheetDecision::Correction | SheetDecision::BothHappened => {
            return Err(DecideError::WrongDecision);
        }
    }
    let (kind, page) = (TaskKind::DecideGoods, page(body.record));
    tasks::close(tx.conn, kind, &page, tx.actor.user, tx.recorded_at).await?;
    Ok(decided)
}
