//! The one pure function that decides what a record does to the books.

use super::movement::{Draft, Line, MovementKind, Reason};
use super::slot::{Anchor, Change, Slot, SlotKey};
use crate::account::{Account, Real};
use crate::ids::{BatchId, MovementId, RecordId, StoreId};
use crate::pieces::{Pieces, PiecesError};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the decision may look at. Holds every slot that the proposal touches, also through
/// shadows; a slot that is missing counts as empty.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub now: Millis,
    pub slots: BTreeMap<SlotKey, Slot>,
    /// For a reversal: the shortfalls that the original's record settled. Undoing the original
    /// opens them again, which is no reason to refuse.
    pub reopenable: BTreeMap<SlotKey, i64>,
}

/// Whether the books may say no (rule 6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// What people say has happened: posts, whatever the books think.
    Fact,
    /// What someone wants to do: refused when the books cannot carry it.
    Command,
}

/// An approved count: a store held this many pieces of a batch at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CountTo {
    pub store: StoreId,
    pub batch: BatchId,
    pub counted: i64,
    pub moment: Millis,
    pub record: RecordId,
    pub reason: Reason,
}

/// The movements to write, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    pub movements: Vec<Planned>,
    /// What accounts lacked for this record: empty when the books could carry it.
    pub shortages: Vec<Shortage>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    pub kind: MovementKind,
    pub reason: Reason,
    pub occurred_at: Millis,
    pub lines: Vec<Line>,
    pub reverses: Option<MovementId>,
    pub cites: Option<RecordId>,
    /// Made by the rules and not by the record: shortfalls, their settlement, counts kept.
    pub derived: bool,
}

/// An account that lacks pieces: asked for, and what there was to give on the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Shortage {
    pub account: Real,
    pub batch: BatchId,
    pub requested: i64,
    pub available: i64,
    pub day: Day,
}

/// Why nothing is posted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    #[error("nothing to post")]
    Nothing,
    #[error("dated in the future")]
    Future,
    #[error("{kind:?} does not go from {from:?} to {to:?}")]
    WrongAccounts { kind: MovementKind, from: Account, to: Account },
    #[error("the books do not hold enough")]
    Short(Vec<Shortage>),
    #[error("only {open} pieces are unexplained")]
    SettlesTooMuch { open: i64 },
    #[error("more than 1,000,000,000 pieces")]
    TooMany,
}

impl From<PiecesError> for Refusal {
    fn from(error: PiecesError) -> Self {
        match error {
            PiecesError::TooMany => Self::TooMany,
            PiecesError::Empty
            | PiecesError::NotWhole
            | PiecesError::Negative
            | PiecesError::Zero => Self::Nothing,
        }
    }
}

/// Decides what `drafts` and `counts` do to `books`.
///
/// # Errors
/// A [`Refusal`]; for [`Nature::Fact`] never because of what the books hold.
pub fn decide(
    books: &Books,
    drafts: &[Draft],
    counts: &[CountTo],
    nature: Nature,
) -> Result<Plan, Refusal> {
    if drafts.is_empty() && counts.is_empty() {
        return Err(Refusal::Nothing);
    }
    for draft in drafts {
        check(books, draft)?;
    }
    if counts.iter().any(|count| count.moment > books.now) {
        return Err(Refusal::Future);
    }
    let changes = changes(drafts);
    let mut derived = Derived::new(books.now);
    let mut shortages = Vec::new();
    let empty = Slot::default();
    for (&key, changed) in &changes {
        let slot = books.slots.get(&key).unwrap_or(&empty);
        let count = counts.iter().find(|count| count.slot() == key);
        let followed = slot.consequences(changed, count.map(CountTo::anchor));
        shortages.extend(shortage(key, changed, &followed.shortfalls));
        derived.add(key, changed, &followed, count);
    }
    for count in counts.iter().filter(|count| !changes.contains_key(&count.slot())) {
        let slot = books.slots.get(&count.slot()).unwrap_or(&empty);
        let followed = slot.consequences(&[], Some(count.anchor()));
        derived.add(count.slot(), &[], &followed, Some(count));
    }
    let reopened = |short: &Shortage| {
        let settled = books.reopenable.get(&(short.account, short.batch)).copied();
        short.requested - short.available <= settled.unwrap_or(0)
    };
    if nature == Nature::Command && !shortages.iter().all(reopened) {
        shortages.retain(|short| !reopened(short));
        return Err(Refusal::Short(shortages));
    }
    let mut movements: Vec<Planned> = drafts.iter().map(Planned::asked_for).collect();
    movements.extend(derived.into_movements()?);
    Ok(Plan { movements, shortages })
}

fn check(books: &Books, draft: &Draft) -> Result<(), Refusal> {
    if draft.lines.is_empty() {
        return Err(Refusal::Nothing);
    }
    if draft.occurred_at > books.now {
        return Err(Refusal::Future);
    }
    for line in &draft.lines {
        let Line { from, to, .. } = *line;
        if from == to || !draft.kind.joins(from, to) {
            return Err(Refusal::WrongAccounts { kind: draft.kind, from, to });
        }
    }
    if draft.kind == MovementKind::Settle { check_settlement(books, draft) } else { Ok(()) }
}

/// A settlement brings a shadow towards zero and not beyond, and never pays it from its own
/// account: that is what late facts do by themselves.
fn check_settlement(books: &Books, draft: &Draft) -> Result<(), Refusal> {
    let mut settled: BTreeMap<SlotKey, i64> = BTreeMap::new();
    for line in &draft.lines {
        let Line { batch, from, to, pieces } = *line;
        for (side, other, sign) in [(from, to, -1), (to, from, 1)] {
            if let Account::Unexplained(real) = side {
                if other == Account::Real(real) {
                    return Err(Refusal::WrongAccounts { kind: draft.kind, from, to });
                }
                *settled.entry((real, batch)).or_default() += sign * pieces.get();
            }
        }
    }
    for (key, into) in settled {
        let open = books.slots.get(&key).map_or(0, |slot| -slot.unexplained);
        if into.signum() != open.signum() || into.abs() > open.abs() {
            return Err(Refusal::SettlesTooMuch { open: open.abs() });
        }
    }
    Ok(())
}

fn changes(drafts: &[Draft]) -> BTreeMap<SlotKey, Vec<Change>> {
    let mut changes: BTreeMap<SlotKey, Vec<Change>> = BTreeMap::new();
    for draft in drafts {
        for line in &draft.lines {
            for (account, sign) in [(line.from, -1), (line.to, 1)] {
                if let Account::Real(real) = account {
                    let change =
                        Change { occurred_at: draft.occurred_at, delta: sign * line.pieces.get() };
                    changes.entry((real, line.batch)).or_default().push(change);
                }
            }
        }
    }
    changes
}

fn shortage(key: SlotKey, changes: &[Change], shortfalls: &[(Day, i64)]) -> Option<Shortage> {
    let lacking: i64 = shortfalls.iter().map(|(_, pieces)| *pieces).filter(|p| *p > 0).sum();
    let day = shortfalls.iter().find(|(_, pieces)| *pieces > 0).map(|(day, _)| *day)?;
    let requested: i64 = changes.iter().map(|c| c.delta).filter(|d| *d < 0).sum::<i64>().abs();
    let available = (requested - lacking).max(0);
    Some(Shortage { account: key.0, batch: key.1, requested, available, day })
}

impl CountTo {
    const fn slot(&self) -> SlotKey {
        (Real::Store(self.store), self.batch)
    }

    const fn anchor(&self) -> (Anchor, i64) {
        (Anchor { moment: self.moment, record: self.record }, self.counted)
    }
}

impl Planned {
    fn asked_for(draft: &Draft) -> Self {
        let Draft { kind, reason, occurred_at, lines, reverses, cites } = draft.clone();
        Self { kind, reason, occurred_at, lines, reverses, cites, derived: false }
    }
}

/// Collects the movements that follow from the rules, one for each kind and moment.
struct Derived {
    now: Millis,
    movements: BTreeMap<DerivedKey, Vec<(BatchId, Account, Account, i64)>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct DerivedKey {
    occurred_at: Millis,
    kind: MovementKind,
    reason: Reason,
    cites: Option<RecordId>,
    derived: bool,
}

impl Derived {
    fn new(now: Millis) -> Self {
        Self { now, movements: BTreeMap::new() }
    }

    fn add(
        &mut self,
        (real, batch): SlotKey,
        changes: &[Change],
        followed: &super::slot::Consequences,
        count: Option<&CountTo>,
    ) {
        let shadow = Account::Unexplained(real);
        for &(day, pieces) in &followed.shortfalls {
            let occurred_at = self.moment_on(day, changes);
            let (kind, reason) = if pieces > 0 {
                (MovementKind::Shortfall, Reason::NotRecordedAtTheTime)
            } else {
                (MovementKind::Settle, Reason::LateRecord)
            };
            let key = DerivedKey { occurred_at, kind, reason, cites: None, derived: true };
            self.push(key, batch, shadow, real.into(), pieces);
        }
        for &(anchor, pieces) in &followed.anchored {
            let Real::Store(store) = real else { continue };
            let approved = count.filter(|count| count.anchor().0 == anchor);
            let key = DerivedKey {
                occurred_at: anchor.moment,
                kind: MovementKind::Count,
                reason: approved.map_or(Reason::LateRecord, |count| count.reason),
                cites: Some(anchor.record),
                derived: approved.is_none(),
            };
            self.push(key, batch, Account::CountDifference(store), real.into(), pieces);
        }
    }

    fn push(&mut self, key: DerivedKey, batch: BatchId, from: Account, to: Account, pieces: i64) {
        let line = if pieces > 0 { (batch, from, to, pieces) } else { (batch, to, from, -pieces) };
        self.movements.entry(key).or_default().push(line);
    }

    /// A shortfall is dated like the fact of its day, or else at the end of the day.
    fn moment_on(&self, day: Day, changes: &[Change]) -> Millis {
        let same_day = changes.iter().map(|c| c.occurred_at).filter(|at| at.day() == day).max();
        same_day.unwrap_or_else(|| Day(day.0 + 1).start().plus_ms(-1).min(self.now))
    }

    fn into_movements(self) -> Result<Vec<Planned>, Refusal> {
        let mut movements = Vec::with_capacity(self.movements.len());
        for (key, lines) in self.movements {
            let DerivedKey { occurred_at, kind, reason, cites, derived } = key;
            let lines = lines
                .into_iter()
                .map(|(batch, from, to, pieces)| {
                    Ok(Line { batch, from, to, pieces: Pieces::new(pieces)? })
                })
                .collect::<Result<_, PiecesError>>()?;
            let reverses = None;
            movements.push(Planned { kind, reason, occurred_at, lines, reverses, cites, derived });
        }
        Ok(movements)
    }
}
