//! Properties of the books over random histories.

mod cases;

use super::*;
use crate::account::{Account, Channel, Occasion, Real};
use crate::ids::{BatchId, ConsignmentId, EventId, MovementId, RecordId, RunId, StoreId};
use crate::pieces::Pieces;
use crate::time::{Day, Millis};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const FIRST_DAY: i32 = 17_318;
const LAST_DAY: i32 = FIRST_DAY + 12;

fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(n))
}

fn run() -> Account {
    Account::Printer(id::<RunId>(1))
}

fn central() -> StoreId {
    id(2)
}

fn partner() -> StoreId {
    id(3)
}

fn consignment() -> ConsignmentId {
    id(4)
}

fn event() -> EventId {
    id(5)
}

fn batch() -> BatchId {
    id(6)
}

/// The books in memory: what storage does, without a database.
#[derive(Clone, Default)]
struct Memory {
    posted: Vec<Posted>,
    anchors: Vec<(StoreId, Anchor, i64)>,
    ids: u128,
}

#[derive(Clone)]
struct Posted {
    id: MovementId,
    record: RecordId,
    movement: Planned,
}

impl Memory {
    fn books(&self, from: Day) -> Books {
        let mut books = Books { now: Day(LAST_DAY + 1).noon(), ..Books::default() };
        for posted in &self.posted {
            for line in &posted.movement.lines {
                for (side, other, sign) in [(line.from, line.to, -1), (line.to, line.from, 1)] {
                    let delta = sign * line.pieces.get();
                    match side {
                        Account::Real(real) => {
                            let slot = books.slots.entry((real, line.batch)).or_default();
                            slot.balance += delta;
                            if posted.movement.occurred_at.day() >= from {
                                slot.entries.push(Entry {
                                    occurred_at: posted.movement.occurred_at,
                                    delta,
                                    is_shortfall: other == Account::Unexplained(real),
                                });
                            }
                        }
                        Account::Unexplained(real) => {
                            books.slots.entry((real, line.batch)).or_default().unexplained += delta;
                        }
                        Account::Printer(_) | Account::Opening(_) | Account::CountDifference(_) => {
                        }
                    }
                }
            }
        }
        for (store, anchor, _) in &self.anchors {
            let slot = books.slots.entry((Real::Store(*store), batch())).or_default();
            if anchor.moment.day() >= from {
                slot.anchors.push(*anchor);
            }
        }
        books
    }

    /// The same with the lines of a day together, wherever nothing was counted.
    fn summed(&self, from: Day) -> Books {
        let mut books = self.books(from);
        for slot in books.slots.values_mut().filter(|slot| slot.anchors.is_empty()) {
            let mut days: BTreeMap<(Day, bool), Entry> = BTreeMap::new();
            for entry in slot.entries.drain(..) {
                let key = (entry.occurred_at.day(), entry.is_shortfall);
                let sum = days.entry(key).or_insert(Entry { delta: 0, ..entry });
                sum.delta += entry.delta;
                sum.occurred_at = sum.occurred_at.max(entry.occurred_at);
            }
            slot.entries = days.into_values().collect();
        }
        books
    }

    fn post(
        &mut self,
        drafts: &[Draft],
        counts: &[CountTo],
        nature: Nature,
    ) -> Result<(), Refusal> {
        let days = drafts.iter().map(|draft| draft.occurred_at.day());
        let from = days.chain(counts.iter().map(|c| c.moment.day())).min().unwrap();
        let mut books = self.books(from);
        books.reopenable = self.settled_by_the_originals_of(drafts);
        let plan = decide(&books, drafts, counts, nature);
        if counts.is_empty() {
            books.slots = self.summed(from).slots;
            let same = decide(&books, drafts, counts, nature);
            assert_eq!(same, plan, "lines of a day may stand together");
        }
        let plan = plan?;
        self.ids += 1;
        let record = id(self.ids);
        for movement in plan.movements {
            self.ids += 1;
            self.posted.push(Posted { id: id(self.ids), record, movement });
        }
        for count in counts {
            let anchor = Anchor { moment: count.moment, record: count.record };
            self.anchors.push((count.store, anchor, count.counted));
        }
        Ok(())
    }

    fn settled_by_the_originals_of(&self, drafts: &[Draft]) -> BTreeMap<SlotKey, i64> {
        let mut settled = BTreeMap::new();
        let originals = drafts.iter().filter_map(|draft| draft.reverses);
        let records = originals.filter_map(|original| {
            self.posted.iter().find(|posted| posted.id == original).map(|posted| posted.record)
        });
        for record in records {
            let of_record = self.posted.iter().filter(|posted| posted.record == record);
            for posted in of_record.filter(|posted| posted.movement.derived) {
                for line in &posted.movement.lines {
                    if let (Account::Real(real), Account::Unexplained(shadow)) =
                        (line.from, line.to)
                        && real == shadow
                    {
                        *settled.entry((real, line.batch)).or_default() += line.pieces.get();
                    }
                }
            }
        }
        settled
    }

    fn balances(&self) -> BTreeMap<Account, i64> {
        let mut balances = BTreeMap::new();
        for line in self.posted.iter().flat_map(|posted| &posted.movement.lines) {
            *balances.entry(line.from).or_default() -= line.pieces.get();
            *balances.entry(line.to).or_default() += line.pieces.get();
        }
        balances.retain(|_, balance| *balance != 0);
        balances
    }

    fn by_day(&self) -> BTreeMap<Account, BTreeMap<Day, i64>> {
        let mut days: BTreeMap<Account, BTreeMap<Day, i64>> = BTreeMap::new();
        for posted in &self.posted {
            let day = posted.movement.occurred_at.day();
            for line in &posted.movement.lines {
                *days.entry(line.from).or_default().entry(day).or_default() -= line.pieces.get();
                *days.entry(line.to).or_default().entry(day).or_default() += line.pieces.get();
            }
        }
        days
    }

    fn assert_sound(&self) {
        assert_eq!(self.balances().values().sum::<i64>(), 0, "the batch sums to zero");
        for (account, days) in self.by_day() {
            if account.is_signed() {
                continue;
            }
            let mut balance = 0;
            for (day, delta) in days {
                balance += delta;
                assert!(balance >= 0, "{account:?} holds {balance} on {day}");
            }
        }
        for (store, anchor, counted) in &self.anchors {
            let books = self.books(Day(FIRST_DAY - 1));
            let slot = &books.slots[&(Real::Store(*store), batch())];
            assert_eq!(slot.balance_at(anchor.moment), *counted, "counted stock stays counted");
        }
    }
}

fn line(from: Account, to: Account, pieces: i64) -> Line {
    Line { batch: batch(), from, to, pieces: Pieces::new(pieces).unwrap() }
}

fn fact(step: usize, at: Millis, pieces: i64) -> Draft {
    let given = |channel| Account::given(Occasion::Event(event()), channel);
    let (kind, from, to) = match step {
        0 => (MovementKind::Receive, run(), Account::store(central())),
        1 => (MovementKind::Receive, run(), Account::damaged(central())),
        2 => (MovementKind::Deliver, Account::in_transit(consignment()), Account::store(partner())),
        3 => (MovementKind::Take, Account::store(partner()), Account::at_event(event())),
        4 => (MovementKind::Give, Account::at_event(event()), given(Channel::Participants)),
        5 => (MovementKind::BringBack, Account::at_event(event()), Account::store(partner())),
        6 => (MovementKind::Damage, Account::store(partner()), Account::damaged(partner())),
        7 => (MovementKind::Lose, Account::store(central()), Account::lost(central())),
        8 => (MovementKind::Find, Account::lost(central()), Account::store(central())),
        9 => (MovementKind::Salvage, Account::damaged(partner()), Account::store(partner())),
        10 => (MovementKind::Collect, given(Channel::Participants), Account::store(partner())),
        _ => (MovementKind::Take, Account::store(central()), Account::at_event(event())),
    };
    Draft::new(kind, Reason::Planned, at, vec![line(from, to, pieces)])
}

prop_compose! {
    fn any_fact()(
        step in 0..12_usize,
        day in FIRST_DAY..LAST_DAY,
        minute in 0..1440_i64,
        pieces in 1..200_i64,
    ) -> Draft {
        fact(step, Day(day).start().plus_ms(minute * 60_000), pieces)
    }
}

fn facts() -> impl Strategy<Value = Vec<Draft>> {
    prop::collection::vec(any_fact(), 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facts_in_any_order_of_arrival_end_as_when_replayed_by_day(
        (arrived, mut by_day) in facts().prop_flat_map(|facts| {
            (Just(facts.clone()).prop_shuffle(), Just(facts))
        })
    ) {
        by_day.sort_by_key(|draft| draft.occurred_at);
        let (mut first, mut second) = (Memory::default(), Memory::default());
        for draft in arrived {
            first.post(&[draft], &[], Nature::Fact).unwrap();
            first.assert_sound();
        }
        for draft in by_day {
            second.post(&[draft], &[], Nature::Fact).unwrap();
        }
        second.assert_sound();
        prop_assert_eq!(first.balances(), second.balances());
        let no_zeros = |mut days: BTreeMap<Account, BTreeMap<Day, i64>>| {
            days.values_mut().for_each(|days| days.retain(|_, delta| *delta != 0));
            days.retain(|_, days| !days.is_empty());
            days
        };
        prop_assert_eq!(no_zeros(first.by_day()), no_zeros(second.by_day()));
    }

    #[test]
    fn counted_stock_stays_counted(
        steps in prop::collection::vec(
            prop_oneof![
                4 => any_fact().prop_map(Step::Fact),
                1 => (FIRST_DAY..LAST_DAY, 0..1440_i64, 0..300_i64).prop_map(
                    |(day, minute, counted)| Step::Count(
                        Day(day).start().plus_ms(minute * 60_000 + 30_000), counted)),
            ],
            1..25,
        )
    ) {
        let mut memory = Memory::default();
        for (place, step) in steps.into_iter().enumerate() {
            match step {
                Step::Fact(draft) => memory.post(&[draft], &[], Nature::Fact).unwrap(),
                Step::Count(moment, counted) => {
                    if memory.anchors.iter().any(|(_, anchor, _)| anchor.moment == moment) {
                        continue;
                    }
                    let record = id(1_000_000 + place as u128);
                    let count = CountTo {
                        store: partner(), batch: batch(), counted, moment, record,
                        reason: Reason::CountedWrong,
                    };
                    memory.post(&[], &[count], Nature::Fact).unwrap();
                }
            }
            memory.assert_sound();
        }
    }

    #[test]
    fn a_reversal_restores_every_balance(before in facts(), wrong in any_fact()) {
        let mut memory = Memory::default();
        for draft in before {
            memory.post(&[draft], &[], Nature::Fact).unwrap();
        }
        let balances = memory.balances();
        memory.post(std::slice::from_ref(&wrong), &[], Nature::Fact).unwrap();
        let record = memory.posted.last().unwrap().record;
        let original = memory
            .posted
            .iter()
            .find(|posted| posted.record == record && !posted.movement.derived)
            .unwrap()
            .clone();
        let reversal = Draft::reversal(
            original.id, Reason::TypedWrong, original.movement.occurred_at, &original.movement.lines,
        );
        // What was posted last always reverses: nobody has built on it.
        memory.post(&[reversal], &[], Nature::Command).unwrap();
        memory.assert_sound();
        prop_assert_eq!(memory.balances(), balances);
    }

    #[test]
    fn a_command_takes_what_is_available_and_not_a_piece_more(
        before in facts(), day in FIRST_DAY..LAST_DAY, more in 1..50_i64,
    ) {
        let mut memory = Memory::default();
        for draft in before {
            memory.post(&[draft], &[], Nature::Fact).unwrap();
        }
        let at = Day(day).noon();
        let books = memory.books(at.day());
        let slot = books.slots.get(&(Real::Store(central()), batch())).cloned().unwrap_or_default();
        let available = slot.available(at.day());
        let dispatch = |pieces| Draft::new(
            MovementKind::Dispatch, Reason::Planned, at,
            vec![line(Account::store(central()), Account::in_transit(consignment()), pieces)],
        );
        let refused = memory.post(&[dispatch(available + more)], &[], Nature::Command);
        prop_assert!(matches!(refused, Err(Refusal::Short(_))), "{refused:?}");
        if available > 0 {
            memory.post(&[dispatch(available)], &[], Nature::Command).unwrap();
            memory.assert_sound();
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Fact(Draft),
    Count(Millis, i64),
}
