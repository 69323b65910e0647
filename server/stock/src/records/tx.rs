//! The transaction of one record, as the work of a feature sees it.

use super::conn::RecordConn;
use super::queue::Turn;
use super::standing::Standing;
use super::{RecordError, Subject, Submission, check_date};
use crate::corrections::close_explained;
use crate::db;
use crate::movements::Seen;
use crate::query::{Query, inserts};
use crate::world::World;
use domain::ids::{BatchId, OrgId, RecordId, StoreId};
use domain::ledger::{MovementKind, Planned};
use domain::records::{Body, Occurred, canonical};
use domain::role::Actor;
use domain::time::{Day, Millis, Month};
use sea_orm::{FromQueryResult, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// What became of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Its movements are in the books (or it needed none).
    Posted,
    /// Something about it is unknown: visible and counted, not in the books.
    Held,
    /// A second statement about the same thing, waiting for somebody's decision.
    Kept,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Posted, Self::Held, Self::Kept];

    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Held => "held",
            Self::Kept => "kept",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// One record being written. Everything that its work reads and writes goes through here.
pub struct RecordTx<'t> {
    pub(crate) conn: &'t RecordConn<'t>,
    pub world: Arc<dyn World>,
    pub actor: Actor,
    pub id: RecordId,
    pub recorded_at: Millis,
    /// The corrected moment of what the record says (rule 5).
    pub occurred_at: Millis,
    pub confirmed: bool,
    /// What the record says of itself: which store answers for it, and in whose place it is said.
    pub(crate) store: Option<StoreId>,
    pub(crate) on_behalf: Option<OrgId>,
    answered: BTreeSet<String>,
    /// Months of which the figures stand.
    closed: BTreeSet<Month>,
    state: Mutex<State>,
}

struct State {
    outcome: Outcome,
    planned: Vec<Planned>,
    /// Where pieces went out: the packs there may no longer fit the balance.
    touched: BTreeSet<(i64, BatchId)>,
    pack_events: i64,
    /// Writes that nothing in the record reads: they go with its outcome.
    last: Vec<Query>,
    seen: Seen,
    turn: Turn,
}

impl<'t> RecordTx<'t> {
    pub(super) fn begin<B: Body>(
        conn: &'t RecordConn<'t>,
        world: Arc<dyn World>,
        actor: Actor,
        (submission, subject): (&Submission, Subject),
        (json, hash): (&str, canonical::Hash),
        (standing, turn): (Standing, Turn),
    ) -> Result<Self, RecordError> {
        let envelope = &submission.envelope;
        let recorded_at = standing.recorded_at(world.now());
        let occurred_at = envelope.occurred_at(submission.clock_difference_ms, recorded_at);
        check_date(envelope, occurred_at, recorded_at)?;
        let tx = Self {
            conn,
            world,
            actor,
            id: envelope.id,
            recorded_at,
            occurred_at,
            closed: standing.closed,
            confirmed: submission.confirmed,
            store: subject.store,
            on_behalf: envelope.on_behalf,
            answered: submission.answered.clone(),
            state: Mutex::new(State {
                outcome: Outcome::Posted,
                planned: Vec::new(),
                touched: BTreeSet::new(),
                pack_events: 0,
                last: Vec::new(),
                seen: Seen::default(),
                turn,
            }),
        };
        tx.insert_record::<B>(submission, subject, json, hash);
        Ok(tx)
    }

    /// Whether somebody still has to answer one of these questions.
    pub(crate) fn has_to_ask(&self, questions: impl IntoIterator<Item = String>) -> bool {
        !self.confirmed && questions.into_iter().any(|key| !self.answered.contains(&key))
    }

    fn insert_record<B: Body>(
        &self,
        submission: &Submission,
        subject: Subject,
        json: &str,
        hash: canonical::Hash,
    ) {
        let envelope = &submission.envelope;
        let note = envelope.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
        let mut salt = [0; 16];
        self.world.fill_random(&mut salt);
        let note_hash = note.map(|note| canonical::note_hash(&salt, note).to_vec());
        let occurred_on = match envelope.occurred {
            Occurred::On(day) => Some(i64::from(day.0)),
            Occurred::AtDeviceTime => None,
        };
        let into = "INSERT INTO record (id, kind, version, body, content_hash, actor_id, org_id,
                on_behalf_org_id, device_id, device_sequence, device_time, device_offset_minutes,
                clock_difference_ms, occurred_on, occurred_at, local_day, recorded_at,
                booked_month, entry, subject_kind, subject_id, store_id, note_hash) VALUES ";
        self.conn.write_soon(Query::new(into).list::<Value>([
            envelope.id.uuid().into(),
            B::KIND.into(),
            i64::from(B::VERSION).into(),
            json.into(),
            hash.to_vec().into(),
            self.actor.user.uuid().into(),
            self.actor.org.uuid().into(),
            envelope.on_behalf.map(|org| org.uuid()).into(),
            envelope.device.map(|stamp| stamp.device.uuid()).into(),
            envelope.device.map(|stamp| stamp.sequence).into(),
            envelope.device_time.0.into(),
            i64::from(envelope.device_offset_minutes).into(),
            submission.clock_difference_ms.into(),
            occurred_on.into(),
            self.occurred_at.0.into(),
            i64::from(self.occurred_at.day().0).into(),
            self.recorded_at.0.into(),
            i64::from(self.booked_month(self.occurred_at).0).into(),
            envelope.entry.as_str().into(),
            subject.kind.into(),
            subject.id.into(),
            subject.store.map(|store| store.uuid()).into(),
            note_hash.into(),
        ]));
        let id: Value = envelope.id.uuid().into();
        if let Some(note) = note {
            let into = Query::new("INSERT INTO note (record_id, salt, text) VALUES ");
            self.conn.write_soon(into.list([id.clone(), salt.to_vec().into(), note.into()]));
        }
        if let Some(sender) = submission.sent_by.filter(|sender| *sender != self.actor.user) {
            let into = Query::new("INSERT INTO record_sender (record_id, person_id) VALUES ");
            self.conn.write_soon(into.list([id, sender.uuid().into()]));
        }
    }

    /// Says that the record is not in the books; the default is [`Outcome::Posted`].
    pub fn set_outcome(&self, outcome: Outcome) {
        self.lock().outcome = outcome;
    }

    pub(crate) fn remember(&self, movements: &[Planned]) {
        self.lock().planned.extend_from_slice(movements);
    }

    /// How many movements this record has made so far.
    pub(crate) fn movement_count(&self) -> i64 {
        self.lock().planned.len() as i64
    }

    /// Looks up, or notes, what was read before.
    pub(crate) fn seen<T>(&self, work: impl FnOnce(&mut Seen) -> T) -> T {
        work(&mut self.lock().seen)
    }

    pub(super) fn turn<T>(&self, work: impl FnOnce(&mut Turn) -> T) -> T {
        work(&mut self.lock().turn)
    }

    pub(crate) fn touch(&self, account_id: i64, batch: BatchId) {
        self.lock().touched.insert((account_id, batch));
    }

    /// Leaves a write for the end of the record: nothing in it may read what this writes.
    pub(crate) fn write_last(&self, query: Query) {
        self.lock().last.push(query);
    }

    /// Reserves `count` places in the order of what this record says about packs.
    pub(crate) fn pack_event_ordinals(&self, count: usize) -> i64 {
        let mut state = self.lock();
        let first = state.pack_events;
        state.pack_events += count as i64;
        first
    }

    pub(super) async fn finish(&self, result: &str) -> Result<Outcome, RecordError> {
        let touched = std::mem::take(&mut self.lock().touched);
        self.check_packs(&touched).await?;
        if self.may_have_explained() {
            close_explained(self).await?;
        }
        let (outcome, hash, mut writes) = {
            let mut state = self.lock();
            let hash = canonical::posting_hash(&state.planned);
            (state.outcome, hash, std::mem::take(&mut state.last))
        };
        let row: [Value; 4] =
            [self.id.uuid().into(), outcome.as_str().into(), hash.to_vec().into(), result.into()];
        let into = "record_outcome (record_id, outcome, posting_hash, result)";
        writes.extend(inserts(into, [row], ""));
        self.conn.write(writes).await?;
        Ok(outcome)
    }

    /// Late facts, settlements and reversals bring shadows back to zero.
    fn may_have_explained(&self) -> bool {
        let explains = |kind| matches!(kind, MovementKind::Settle | MovementKind::Reverse);
        self.lock().planned.iter().any(|movement| explains(movement.kind))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // The lock is only held for these few lines, none of which can panic.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.world.new_id().into()
    }

    /// The month in whose figures something of this moment is counted: its own if that is open,
    /// else the earliest open one after it (rule 5).
    pub fn booked_month(&self, moment: Millis) -> Month {
        let mut month = moment.day().month();
        while self.closed.contains(&month) {
            month = month.next();
        }
        month
    }

    pub fn today(&self) -> Day {
        self.recorded_at.day()
    }

    /// All rows of a query; `$1` placeholders.
    pub(crate) async fn all<T: FromQueryResult>(
        &self,
        text: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>, RecordError> {
        Ok(db::all(self.conn, text, values).await?)
    }

    /// The first row of a query, if there is one.
    pub(crate) async fn one<T: FromQueryResult>(
        &self,
        text: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<T>, RecordError> {
        Ok(db::one(self.conn, text, values).await?)
    }

    /// Runs one statement and gives the number of rows that it changed.
    pub(crate) async fn run(
        &self,
        text: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, RecordError> {
        Ok(db::run(self.conn, text, values).await?)
    }

    /// The next number of a series of papers: 1, 2, 3, … without gaps.
    pub(crate) async fn next_number(&self, series: &str) -> Result<i64, RecordError> {
        self.queue_at_series(series).await?;
        let next = "INSERT INTO counter (name, last) VALUES ($1, 1)
             ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last";
        let counter: Option<Last> = db::one(self.conn.ahead(), next, [series.into()]).await?;
        Ok(counter.map_or(1, |counter| counter.last))
    }
}

#[derive(FromQueryResult)]
struct Last {
    last: i64,
}
