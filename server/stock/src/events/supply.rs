//! Stock that leaves for an event before its sheet, and what comes back without one.

use super::EventError;
use super::find::{EventRow, find, on_behalf};
use super::goods::{self, Chosen, Unbooked};
use super::held_goods::hold;
use super::holdings::{Holder, holdings};
use super::sheet::HeldReason;
use super::waiting;
use crate::access::Writer;
use crate::corrections::ask_to_explain;
use crate::db::TxFuture;
use crate::records::{RecordTx, Subject, Submission};
use domain::account::Account;
use domain::event_sheet::batches::{Stocked, draft, draw};
use domain::ids::{EventId, MaterialId, MovementId, RecordId};
use domain::ledger::{Draft, MovementKind, Reason};
use domain::pieces::Pieces;
use domain::records::Body;
use domain::records::events::{BringBack, TakeStock};
use domain::role::Permission;
use domain::time::Millis;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How often a plan may change while one record about it is being written.
const MOST_CHANGES: usize = 5;

/// What a record about stock at an event did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StockMoved {
    pub record: RecordId,
    pub movements: Vec<MovementId>,
    /// Nobody said which batch it was: the oldest was assumed.
    pub assumed: bool,
    /// Why nothing is in the books yet.
    pub held: Option<HeldReason>,
}

impl Writer<'_> {
    /// Takes stock from the store to its event: a fact. What a code or material cannot be found
    /// for is held.
    pub async fn take_stock(
        &self,
        submission: Submission,
        body: TakeStock,
    ) -> Result<StockMoved, EventError> {
        self.require(Permission::RunEvents)?;
        if body.goods.is_empty() {
            return Err(EventError::Empty);
        }
        let event = body.event;
        self.say_about(submission, event, body, |tx, body| Box::pin(take(tx, body))).await
    }

    /// Brings pieces back from an event to its store, the oldest batches last: a fact.
    pub async fn bring_back(
        &self,
        submission: Submission,
        body: BringBack,
    ) -> Result<StockMoved, EventError> {
        self.require(Permission::TellEvent)?;
        if body.rows.is_empty() {
            return Err(EventError::Empty);
        }
        let event = body.event;
        self.say_about(submission, event, body, |tx, body| Box::pin(bring_back(tx, body))).await
    }

    /// Records what somebody says about an event. Somebody else may change the plan meanwhile,
    /// until the first record stands: then it is said again of the event as it is now.
    pub(super) async fn say_about<B, R, F>(
        &self,
        submission: Submission,
        event: EventId,
        body: B,
        work: F,
    ) -> Result<R, EventError>
    where
        B: Body + Clone + Send + Sync + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        F: for<'t> Fn(&'t RecordTx<'t>, &'t B) -> TxFuture<'t, R, EventError>,
        F: Copy + Send + Sync + 'static,
    {
        for _ in 0..MOST_CHANGES {
            let (said, subject) = self.about(submission.clone(), event).await?;
            match self.record(said, subject, body.clone(), work).await {
                Err(EventError::PlanChanged) => {}
                done => return done,
            }
        }
        Err(EventError::PlanChanged)
    }

    /// What a record about an event carries: on whose behalf, and what it is about.
    async fn about(
        &self,
        submission: Submission,
        event: EventId,
    ) -> Result<(Submission, Subject), EventError> {
        let today = self.stock.world.now().day();
        let event = find::<EventError>(self.stock.db.read(), &self.actor, today, event).await?;
        let mut submission = on_behalf(submission, &self.actor, event.org);
        // The question whether it is meant would tell what a store holds that the actor does not
        // see. Whoever keeps that store explains a shortfall.
        submission.confirmed |= !self.reader().can_see_store(event.store).await?;
        let subject = Subject { kind: "event", id: event.id.uuid(), store: Some(event.store) };
        Ok((submission, subject))
    }
}

/// The event of a record being written; other records about it wait.
pub(super) async fn locked(tx: &RecordTx<'_>, id: EventId) -> Result<EventRow, EventError> {
    tx.lock_event(id).await?;
    find(tx.conn, &tx.actor, tx.today(), id).await
}

/// The same event for a record that says of it what was read before the lock.
pub(super) async fn as_said(tx: &RecordTx<'_>, id: EventId) -> Result<EventRow, EventError> {
    let event = locked(tx, id).await?;
    let behalf = (tx.actor.org != event.org).then_some(event.org);
    let is_same = (tx.store, tx.on_behalf) == (Some(event.store), behalf);
    if is_same { Ok(event) } else { Err(EventError::PlanChanged) }
}

async fn take(tx: &RecordTx<'_>, body: &TakeStock) -> Result<StockMoved, EventError> {
    let event = as_said(tx, body.event).await?;
    let materials = body.goods.materials.iter().map(|(id, _)| *id).collect();
    if !goods::check_materials(tx.conn, &materials).await? {
        return Err(EventError::UnknownMaterial);
    }
    let booked = book_take(tx, &event, body, tx.occurred_at).await?;
    moved(tx, &event, booked).await
}

/// Puts what was taken into the books, or says why it cannot be: its movements, and whether the
/// batches were assumed.
pub(super) async fn book_take(
    tx: &RecordTx<'_>,
    event: &EventRow,
    body: &TakeStock,
    at: Millis,
) -> Result<Result<(Vec<MovementId>, bool), Unbooked>, EventError> {
    let holder = Holder::from(event.books_at(at));
    let Chosen { batches, packs, assumed } = match goods::choose(tx, holder, &body.goods).await? {
        Ok(chosen) => chosen,
        Err(why) => return Ok(Err(why)),
    };
    let (from, to) = (Account::store(event.store), Account::at_event(event.id));
    let moved = draft(MovementKind::Take, Reason::Planned, at, from, to, &batches);
    let movements = post(tx, event, vec![moved]).await?;
    tx.move_packs(&packs, to).await?;
    goods::note_assumed(tx, assumed);
    waiting::refresh(tx, event).await?;
    Ok(Ok((movements, assumed)))
}

/// What became of goods: booked, or held before the eyes of the event's organisation.
async fn moved(
    tx: &RecordTx<'_>,
    event: &EventRow,
    booked: Result<(Vec<MovementId>, bool), Unbooked>,
) -> Result<StockMoved, EventError> {
    let mut moved = StockMoved { record: tx.id, movements: Vec::new(), assumed: false, held: None };
    match booked {
        Ok((movements, assumed)) => (moved.movements, moved.assumed) = (movements, assumed),
        Err(why) => {
            hold(tx, event).await?;
            moved.held = Some(HeldReason::from(why));
        }
    }
    Ok(moved)
}

/// Posts facts about an event and says so where a batch should not have been given out.
pub(super) async fn post(
    tx: &RecordTx<'_>,
    event: &EventRow,
    drafts: Vec<Draft>,
) -> Result<Vec<MovementId>, EventError> {
    // What comes back to its store is where it should be.
    let away = drafts.iter().filter(|draft| draft.kind != MovementKind::BringBack);
    let batches: BTreeSet<_> = away.flat_map(|draft| &draft.lines).map(|line| line.batch).collect();
    let posted = tx.post_fact(drafts).await?;
    waiting::warn_of_held(tx, event, batches).await?;
    ask_to_explain(tx, event.store, event.number.clone(), &posted).await?;
    Ok(posted.into_iter().map(|posted| posted.id).collect())
}

async fn bring_back(tx: &RecordTx<'_>, body: &BringBack) -> Result<StockMoved, EventError> {
    let event = as_said(tx, body.event).await?;
    let materials = body.rows.iter().map(|(id, _)| *id).collect();
    if !goods::check_materials(tx.conn, &materials).await? {
        return Err(EventError::UnknownMaterial);
    }
    let booked = book_back(tx, &event, body, tx.occurred_at).await?;
    moved(tx, &event, booked).await
}

/// The same for what came back.
pub(super) async fn book_back(
    tx: &RecordTx<'_>,
    event: &EventRow,
    body: &BringBack,
    at: Millis,
) -> Result<Result<(Vec<MovementId>, bool), Unbooked>, EventError> {
    let mut wanted: BTreeMap<MaterialId, i64> = BTreeMap::new();
    for (material, pieces) in &body.rows {
        *wanted.entry(*material).or_default() += Pieces::get(*pieces);
    }
    let materials: BTreeSet<MaterialId> = wanted.keys().copied().collect();
    let holder = Holder::from(event.books_at(at));
    let holdings = holdings(tx, holder, &materials, &[], &[]).await?;
    let mut batches = Vec::new();
    let mut assumed = false;
    for (material, pieces) in wanted {
        let mut there = holdings.get(&material).map(|h| h.at_event.clone()).unwrap_or_default();
        // The oldest was given out first: what is left is of the newest.
        there.reverse();
        assumed |= there.iter().filter(|stocked| stocked.pieces > 0).count() > 1;
        let (mut drawn, rest) = draw(&there, pieces);
        if rest > 0 {
            let Some(last) = there.first() else { return Ok(Err(Unbooked::NoBatch(material))) };
            drawn.push(Stocked { batch: last.batch, pieces: rest });
        }
        batches.extend(drawn);
    }
    let (from, to) = (Account::at_event(event.id), Account::store(event.store));
    let moved = draft(MovementKind::BringBack, Reason::Planned, at, from, to, &batches);
    let movements = post(tx, event, vec![moved]).await?;
    goods::note_assumed(tx, assumed);
    goods::return_packs(tx, event, &batches).await?;
    waiting::refresh(tx, event).await?;
    Ok(Ok((movements, assumed)))
}
