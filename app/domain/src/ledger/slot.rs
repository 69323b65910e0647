//! One real account and one batch: the smallest thing that has a balance, and its recent days.
//!
//! Within a slot the rules 3, 6, 7 and 8 meet. Shortfalls are what keeps the balance at the end of
//! every day at zero or above: the smallest amounts, as early as they were lacking. That makes them
//! a function of the set of facts and not of their order of arrival (rule 7): by the end of day d
//! they sum to the deepest point that the facts alone would have reached up to d. A count cuts the
//! time line: what happened before it cannot change what was counted (rule 8).

use crate::account::Real;
use crate::ids::{BatchId, RecordId};
use crate::time::{Day, Millis};
use std::collections::BTreeMap;

pub type SlotKey = (Real, BatchId);

/// What storage knows of a slot from the first day that the record touches.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Slot {
    /// The balance over all time.
    pub balance: i64,
    /// The balance of the signed shadow over all time.
    pub unexplained: i64,
    /// The lines on or after the first day that the record touches. Where nothing was or is being
    /// counted, those of one day may stand together.
    pub entries: Vec<Entry>,
    /// Approved counts after the first moment that the record touches, in any order.
    pub anchors: Vec<Anchor>,
}

/// A line as its slot sees it, or lines of a day that are all shortfalls or all none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    pub occurred_at: Millis,
    /// Pieces in, or minus pieces out.
    pub delta: i64,
    /// Whether the other side is this slot's own shadow and the line was derived.
    pub is_shortfall: bool,
}

/// An approved count: the balance at this moment is fixed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Anchor {
    pub moment: Millis,
    pub record: RecordId,
}

/// A change that a record wants to make to a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Change {
    pub occurred_at: Millis,
    pub delta: i64,
}

/// What follows from the changes to one slot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Consequences {
    /// Per day: pieces from the shadow (above zero) or back to it (below zero).
    pub shortfalls: Vec<(Day, i64)>,
    /// Lines that keep counts what they were: the anchor, and pieces in (or minus out).
    pub anchored: Vec<(Anchor, i64)>,
}

impl Slot {
    /// The balance just after a moment that lies within the loaded days.
    pub fn balance_at(&self, moment: Millis) -> i64 {
        let later = self.entries.iter().filter(|entry| entry.occurred_at > moment);
        self.balance - later.map(|entry| entry.delta).sum::<i64>()
    }

    /// What can be taken out on a day without any day's end falling below zero (rule 3).
    pub fn available(&self, from: Day) -> i64 {
        let mut net: BTreeMap<Day, i64> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.occurred_at.day() > from) {
            *net.entry(entry.occurred_at.day()).or_default() += entry.delta;
        }
        // The balance at the end of the last day is today's; walk back from there.
        let mut least = self.balance;
        let mut balance = self.balance;
        for delta in net.into_values().rev() {
            balance -= delta;
            least = least.min(balance);
        }
        least
    }

    /// Works out what `changes` mean for shortfalls and counts. `count` is a count that is being
    /// approved now: its moment and what was counted.
    pub(super) fn consequences(
        &self,
        changes: &[Change],
        count: Option<(Anchor, i64)>,
    ) -> Consequences {
        let mut anchors = self.anchors.clone();
        anchors.extend(count.map(|(anchor, _)| anchor));
        anchors.sort();
        let mut out = Consequences::default();
        let mut carry = 0;
        let mut from = Millis(i64::MIN);
        for anchor in anchors.iter().copied().map(Some).chain([None]) {
            let span = Span { after: from, until: anchor.map(|anchor| anchor.moment), carry };
            let shortfalls = self.regulate(&span, changes);
            let injected: i64 = shortfalls.iter().map(|(_, pieces)| pieces).sum();
            out.shortfalls.extend(shortfalls);
            let Some(anchor) = anchor else { break };
            let fresh: i64 = span.of(changes).map(|change| change.delta).sum();
            let change = carry + fresh + injected;
            let correction = match count {
                Some((new, counted)) if new == anchor => {
                    counted - (self.balance_at(anchor.moment) + change)
                }
                _ => -change,
            };
            if correction != 0 {
                out.anchored.push((anchor, correction));
            }
            carry = change + correction;
            from = anchor.moment;
        }
        out
    }

    /// The shortfalls to add (or take back) on each day of one span between counts.
    fn regulate(&self, span: &Span, changes: &[Change]) -> Vec<(Day, i64)> {
        let first_change = span.of(changes).map(|change| change.occurred_at.day()).min();
        let first = match (span.carry, first_change) {
            (0, None) => return Vec::new(),
            (0, Some(day)) => day,
            (_, _) => span.after.day(),
        };
        // Facts and shortfalls of each day. The day of a closing count has no end in this span.
        let mut days: BTreeMap<Day, (i64, i64)> = BTreeMap::new();
        let mut before = self.balance + span.carry;
        for entry in &self.entries {
            let at = entry.occurred_at;
            if at > span.after && at.day() >= first {
                before -= entry.delta;
            }
            if span.contains(at) && at.day() >= first && !span.closes_on(at.day()) {
                let day = days.entry(at.day()).or_default();
                let side = if entry.is_shortfall { &mut day.1 } else { &mut day.0 };
                *side += entry.delta;
            }
        }
        for change in span.of(changes) {
            let day = change.occurred_at.day();
            if !span.closes_on(day) {
                days.entry(day).or_default().0 += change.delta;
            }
        }
        let mut level = before;
        let mut injected = 0;
        let mut out = Vec::new();
        for (day, (facts, shortfall)) in days {
            level += facts;
            let needed = injected.max(-level) - injected;
            injected += needed;
            if needed != shortfall {
                out.push((day, needed - shortfall));
            }
        }
        out
    }
}

/// The time between two counts.
struct Span {
    after: Millis,
    until: Option<Millis>,
    /// How much higher the balance stands at the beginning than the books say.
    carry: i64,
}

impl Span {
    fn contains(&self, moment: Millis) -> bool {
        moment > self.after && self.until.is_none_or(|until| moment <= until)
    }

    fn closes_on(&self, day: Day) -> bool {
        self.until.is_some_and(|until| until.day() == day)
    }

    fn of<'c>(&'c self, changes: &'c [Change]) -> impl Iterator<Item = &'c Change> {
        changes.iter().filter(|change| self.contains(change.occurred_at))
    }
}
