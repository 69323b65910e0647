//! A second person stands behind what somebody else recorded.

use super::{RecordError, RecordTx, Subject, Submission};
use crate::access::{Denied, Reader, Writer, scope};
use crate::consignments::{ConfirmDeliveryError, may_confirm_delivery};
use crate::db;
use crate::events;
use crate::held_moves;
use crate::query::Query;
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::ids::{EventId, OrgId, RecordId, StoreId, UserId};
use domain::records::Body;
use domain::records::confirm::Confirm;
use domain::records::consignment::{Delivery, Explain};
use domain::records::events::{BringBack, CountPeople, EventSheet, LeaveInPublic, TakeStock};
use domain::records::keeping::StockChange;
use domain::records::opening::FirstCount;
use domain::records::reported::ReportedFigure;
use domain::role::{Actor, Permission};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Whoever recorded it does not confirm it (rule 11).
    #[error("somebody else must confirm what you recorded")]
    OwnRecord,
    #[error("this record needs no second person")]
    NothingToConfirm,
    #[error("this was confirmed before")]
    AlreadyConfirmed,
}

impl From<Denied> for ConfirmError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for ConfirmError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

impl From<ConfirmDeliveryError> for ConfirmError {
    fn from(error: ConfirmDeliveryError) -> Self {
        match error {
            ConfirmDeliveryError::Record(error) => Self::Record(error),
            ConfirmDeliveryError::SamePerson => Self::OwnRecord,
            ConfirmDeliveryError::NothingToConfirm
            | ConfirmDeliveryError::NotCounted
            | ConfirmDeliveryError::NoDifference => Self::NothingToConfirm,
        }
    }
}

/// What was confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    pub record: RecordId,
    /// Batches that are free to go now.
    pub released: i64,
}

/// Whether a record needs a second person, and whether this actor can be the one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confirmation {
    NotNeeded,
    /// `by_me`: the actor may confirm it.
    Waiting {
        by_me: bool,
    },
    Done,
}

/// What a second person is asked to confirm.
#[derive(Clone, Copy)]
pub(crate) enum Second {
    Receipt,
    FirstCount,
    /// What happened to stock, as its holder told somebody else.
    OnBehalf,
}

impl Second {
    const ALL: [Self; 3] = [Self::Receipt, Self::FirstCount, Self::OnBehalf];

    /// The task, and the page where it is done.
    fn task(self, record: RecordId) -> (TaskKind, String) {
        match self {
            Self::Receipt => (TaskKind::ConfirmReceipt, format!("/receipts/{record}")),
            Self::FirstCount => (TaskKind::ConfirmOpening, format!("/opening/{record}")),
            Self::OnBehalf => (TaskKind::ConfirmOnBehalf, format!("/records/{record}")),
        }
    }

    /// Who may be the second person. The holder in whose place it was said keeps the store.
    const fn permission(self) -> Permission {
        match self {
            Self::Receipt | Self::FirstCount => Permission::Confirm,
            Self::OnBehalf => Permission::KeepStore,
        }
    }
}

/// Whether the actor's role may be the second person: one that confirms, or, for the organisation
/// in whose place it was said, one that could have said it.
pub(crate) fn may_confirm(actor: &Actor, kind: &str, on_behalf: Option<OrgId>) -> bool {
    let could_say = || said_with(kind).is_some_and(|permission| actor.role.may(permission));
    actor.role.may(Permission::Confirm) || (on_behalf == Some(actor.org) && could_say())
}

/// What whoever says something of this kind must be allowed to do, where it is said for others.
fn said_with(kind: &str) -> Option<Permission> {
    match kind {
        StockChange::KIND => Some(Permission::KeepStore),
        EventSheet::KIND
        | CountPeople::KIND
        | TakeStock::KIND
        | BringBack::KIND
        | LeaveInPublic::KIND => Some(Permission::RunEvents),
        ReportedFigure::KIND => Some(Permission::Report),
        _ => None,
    }
}

/// Whoever may confirm finds it on the front page, except the person who recorded it.
pub(crate) async fn ask_second_person(
    tx: &RecordTx<'_>,
    what: Second,
    store: StoreId,
    number: &str,
) -> Result<(), RecordError> {
    let audience = Audience {
        not_person: Some(tx.actor.user),
        permission: Some(what.permission()),
        store: Some(store),
        ..Audience::default()
    };
    let (kind, page) = what.task(tx.id);
    let what = number.to_owned();
    let task = NewTask { kind, page, what, audience, due_at: None };
    Ok(tasks::open(tx.conn, tx.world.as_ref(), &task).await?)
}

/// A record waits for nobody once all its movements were taken back.
pub(crate) async fn nobody_waits_for_reversed(
    tx: &RecordTx<'_>,
    record: RecordId,
) -> Result<(), RecordError> {
    let stands = Query::new("SELECT m.id FROM movement m WHERE NOT m.derived AND m.record_id = ")
        .bind(record.uuid())
        .push(" AND NOT EXISTS (SELECT 1 FROM movement v WHERE v.reverses_id = m.id)")
        .finds(tx.conn)
        .await?;
    if stands {
        return Ok(());
    }
    // What is where it was again did not move.
    for page in [format!("/records/{record}"), format!("/drops/{record}")] {
        let kind = TaskKind::HeldBatchMoved;
        tasks::close(tx.conn, kind, &page, tx.actor.user, tx.recorded_at).await?;
    }
    nobody_waits(tx, record).await
}

async fn nobody_waits(tx: &RecordTx<'_>, record: RecordId) -> Result<(), RecordError> {
    for what in Second::ALL {
        let (kind, page) = what.task(record);
        tasks::close(tx.conn, kind, &page, tx.actor.user, tx.recorded_at).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Target {
    kind: String,
    actor_id: Uuid,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    store_id: Option<Uuid>,
    subject_kind: String,
    subject_id: Uuid,
    is_held: bool,
    is_confirmed: bool,
}

impl Target {
    /// A first count, a receipt over its tolerance, whatever was said in somebody's place.
    fn needs_confirmation(&self) -> bool {
        self.kind == FirstCount::KIND || self.is_held || self.on_behalf_org_id.is_some()
    }

    fn is_by(&self, user: UserId) -> bool {
        self.actor_id == user.uuid()
    }

    fn is_delivery(&self) -> bool {
        [Delivery::KIND, Explain::KIND].contains(&self.kind.as_str())
    }

    /// In whose place it was said, where the word of that organisation is what it waits for: the
    /// programme's own people confirm first counts and receipts.
    fn on_behalf(&self) -> Option<OrgId> {
        let by_us = self.kind == FirstCount::KIND || self.is_held;
        self.on_behalf_org_id.filter(|_| !by_us).map(OrgId::new)
    }

    /// A record about no store belongs to whoever said it.
    fn require_org(&self, actor: &Actor) -> Result<(), Denied> {
        scope::require_org(actor, OrgId::new(self.org_id))
    }
}

async fn target(db: &impl ConnectionTrait, record: RecordId) -> Result<Option<Target>, DbErr> {
    db::one(
        db,
        "SELECT r.kind, r.actor_id, r.org_id, r.on_behalf_org_id, r.store_id, r.subject_kind,
            r.subject_id,
            EXISTS (SELECT 1 FROM batch_hold h WHERE h.record_id = r.id
                AND h.reason = 'over_tolerance') AS is_held,
            EXISTS (SELECT 1 FROM confirmation c WHERE c.confirms_id = r.id) AS is_confirmed
         FROM record r WHERE r.id = $1",
        [record.uuid().into()],
    )
    .await
}

impl Reader<'_> {
    /// Whether a record waits for a second person.
    pub async fn confirmation(&self, record: RecordId) -> Result<Confirmation, DbErr> {
        let db = self.stock.db.read();
        let Some(target) = target(db, record).await? else {
            return Ok(Confirmation::NotNeeded);
        };
        Ok(if target.is_confirmed {
            Confirmation::Done
        } else if target.needs_confirmation() {
            let mut may = may_confirm(&self.actor, &target.kind, target.on_behalf());
            if target.is_delivery() {
                may = may_confirm_delivery(db, &self.actor, record).await?;
            }
            Confirmation::Waiting { by_me: may && !target.is_by(self.actor.user) }
        } else {
            Confirmation::NotNeeded
        })
    }
}

impl Writer<'_> {
    /// Confirms a first count, releases a receipt over its tolerance, or stands behind what was
    /// entered on somebody's behalf. The holder in whose place it was said may confirm it too.
    pub async fn confirm(
        &self,
        submission: Submission,
        record: RecordId,
    ) -> Result<Confirmed, ConfirmError> {
        let db = self.stock.db.read();
        let target = target(db, record).await?.ok_or(Denied::NotFound)?;
        // Who sent a consignment does not confirm that it arrived, and it may be closed by this.
        if target.is_delivery() {
            self.confirm_delivery(submission, record).await?;
            return Ok(Confirmed { record, released: 0 });
        }
        let store = target.store_id.map(StoreId::new);
        // Those in whose place it was said need not see the store: an event of theirs may be
        // supplied by somebody else's.
        if target.on_behalf() != Some(self.actor.org) {
            // Whoever does not see the record does not learn that there is one.
            match store {
                Some(store) => {
                    scope::require_store::<ConfirmError>(db, &self.actor, store).await?;
                }
                None => target.require_org(&self.actor)?,
            }
        }
        if !may_confirm(&self.actor, &target.kind, target.on_behalf()) {
            return Err(Denied::NotAllowed(Permission::Confirm).into());
        }
        let subject = Subject { kind: "record", id: record.uuid(), store };
        let body = Confirm { record };
        self.record(submission, subject, body, |tx, body| Box::pin(confirm(tx, body))).await
    }
}

async fn confirm(tx: &RecordTx<'_>, body: &Confirm) -> Result<Confirmed, ConfirmError> {
    let target = target(tx.conn, body.record).await?.ok_or(Denied::NotFound)?;
    if target.is_by(tx.actor.user) {
        return Err(ConfirmError::OwnRecord);
    }
    if !target.needs_confirmation() {
        return Err(ConfirmError::NothingToConfirm);
    }
    if target.is_confirmed {
        return Err(ConfirmError::AlreadyConfirmed);
    }
    let inserted = Query::new("INSERT INTO confirmation (record_id, confirms_id) VALUES ")
        .list([tx.id.uuid(), body.record.uuid()])
        .run(tx.conn)
        .await;
    match inserted {
        Ok(_) => {}
        // Two people at the same moment: one of them was first.
        Err(error) if db::is_taken(&error, "confirmation", "confirms_id") => {
            return Err(ConfirmError::AlreadyConfirmed);
        }
        Err(error) => return Err(error.into()),
    }
    let released = tx
        .run(
            "UPDATE batch_hold SET released_by = $1 WHERE record_id = $2 AND released_by IS NULL",
            [tx.id.uuid().into(), body.record.uuid().into()],
        )
        .await?;
    nobody_waits(tx, body.record).await?;
    if released > 0 {
        held_moves::close_freed(tx).await?;
    }
    if target.subject_kind == "event" {
        events::confirmed(tx, EventId::new(target.subject_id)).await?;
    }
    Ok(Confirmed { record: body.record, released: released as i64 })
}
