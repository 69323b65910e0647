//! The corner cases that found mistakes, and each reason to refuse.

use super::*;

fn day(n: i32) -> Millis {
    Day(FIRST_DAY + n).noon()
}

fn unexplained(memory: &Memory, real: Real) -> i64 {
    memory.balances().get(&Account::Unexplained(real)).copied().unwrap_or(0)
}

#[test]
fn a_late_fact_settles_the_shortfall_it_covers() {
    let mut memory = Memory::default();
    memory.post(&[fact(11, day(5), 100)], &[], Nature::Fact).unwrap();
    assert_eq!(unexplained(&memory, Real::Store(central())), -100);
    memory.post(&[fact(0, day(6), 500)], &[], Nature::Fact).unwrap();
    assert_eq!(unexplained(&memory, Real::Store(central())), -100, "came after the shortfall");
    memory.post(&[fact(0, day(3), 60)], &[], Nature::Fact).unwrap();
    assert_eq!(unexplained(&memory, Real::Store(central())), -40);
    let settled = memory.posted.last().unwrap();
    assert_eq!(settled.movement.kind, MovementKind::Settle);
    assert_eq!(settled.movement.occurred_at.day(), day(5).day(), "dated as the shortfall");
    memory.assert_sound();
}

#[test]
fn within_a_day_ins_count_before_outs() {
    let mut memory = Memory::default();
    let morning = Day(FIRST_DAY).start().plus_ms(1);
    memory.post(&[fact(11, morning, 100)], &[], Nature::Fact).unwrap();
    memory.post(&[fact(0, day(0), 100)], &[], Nature::Fact).unwrap();
    assert_eq!(unexplained(&memory, Real::Store(central())), 0);
    memory.assert_sound();
}

#[test]
fn a_refused_command_says_what_is_available() {
    let mut memory = Memory::default();
    memory.post(&[fact(0, day(0), 60)], &[], Nature::Fact).unwrap();
    let dispatch = Draft::new(
        MovementKind::Dispatch,
        Reason::Planned,
        day(1),
        vec![line(Account::store(central()), Account::in_transit(consignment()), 100)],
    );
    let short = Shortage {
        account: Real::Store(central()),
        batch: batch(),
        requested: 100,
        available: 60,
        day: day(1).day(),
    };
    let refused = memory.post(&[dispatch], &[], Nature::Command);
    assert_eq!(refused, Err(Refusal::Short(vec![short])));
}

#[test]
fn a_settlement_cannot_explain_more_than_is_unexplained() {
    let mut memory = Memory::default();
    memory.post(&[fact(11, day(0), 100)], &[], Nature::Fact).unwrap();
    let settle = |pieces| {
        let lost = Account::CountDifference(central());
        let shadow = Account::Unexplained(Real::Store(central()));
        Draft::new(MovementKind::Settle, Reason::Found, day(1), vec![line(lost, shadow, pieces)])
    };
    let refused = memory.post(&[settle(101)], &[], Nature::Command);
    assert_eq!(refused, Err(Refusal::SettlesTooMuch { open: 100 }));
    memory.post(&[settle(100)], &[], Nature::Command).unwrap();
    assert_eq!(unexplained(&memory, Real::Store(central())), 0);
    memory.assert_sound();
}

#[test]
fn a_movement_between_the_wrong_accounts_is_refused() {
    let mut memory = Memory::default();
    let wrong = Draft::new(
        MovementKind::Give,
        Reason::Planned,
        day(0),
        vec![line(run(), Account::store(central()), 1)],
    );
    let refused = memory.post(&[wrong], &[], Nature::Fact);
    assert!(matches!(refused, Err(Refusal::WrongAccounts { .. })));
    let future = fact(0, Day(LAST_DAY + 2).noon(), 1);
    assert_eq!(memory.post(&[future], &[], Nature::Fact), Err(Refusal::Future));
    assert!(memory.posted.is_empty());
}

/// Books that hold one slot of the central store.
fn books_of(slot: Slot) -> Books {
    let slots = BTreeMap::from([((Real::Store(central()), batch()), slot)]);
    Books { now: day(20), slots, ..Books::default() }
}

fn dispatch(pieces: i64) -> Draft {
    let (from, to) = (Account::store(central()), Account::in_transit(consignment()));
    Draft::new(MovementKind::Dispatch, Reason::Planned, day(1), vec![line(from, to, pieces)])
}

#[test]
fn nothing_is_not_posted() {
    let books = Books { now: day(1), ..Books::default() };
    assert_eq!(decide(&books, &[], &[], Nature::Fact), Err(Refusal::Nothing));
    let empty = Draft::new(MovementKind::Give, Reason::Planned, day(0), Vec::new());
    assert_eq!(decide(&books, &[empty], &[], Nature::Fact), Err(Refusal::Nothing));
}

#[test]
fn this_very_moment_is_not_the_future() {
    let books = Books { now: day(1), ..Books::default() };
    assert!(decide(&books, &[fact(0, day(1), 1)], &[], Nature::Fact).is_ok());
    let next = fact(0, day(1).plus_ms(1), 1);
    assert_eq!(decide(&books, &[next], &[], Nature::Fact), Err(Refusal::Future));
    assert!(decide(&books, &[], &[count(5, day(1))], Nature::Fact).is_ok());
    let counted = [count(5, day(1).plus_ms(1))];
    assert_eq!(decide(&books, &[], &counted, Nature::Fact), Err(Refusal::Future));
}

fn count(counted: i64, moment: Millis) -> CountTo {
    let reason = Reason::Found;
    CountTo { store: central(), batch: batch(), counted, moment, record: id(77), reason }
}

#[test]
fn pieces_do_not_go_from_an_account_to_itself() {
    let store = Account::store(central());
    // A reversal is the only kind that may join any two accounts.
    let lines = [line(store, store, 1)];
    let draft = Draft::reversal(id(9), Reason::TypedWrong, day(0), &lines);
    let refused = decide(&books_of(Slot::default()), &[draft], &[], Nature::Fact);
    assert!(matches!(refused, Err(Refusal::WrongAccounts { .. })), "{refused:?}");
}

fn settle(from: Account, to: Account, pieces: i64) -> Draft {
    Draft::new(MovementKind::Settle, Reason::Found, day(1), vec![line(from, to, pieces)])
}

#[test]
fn a_store_does_not_settle_its_own_shadow() {
    let real = Real::Store(central());
    let books = books_of(Slot { balance: 100, unexplained: -40, ..Slot::default() });
    let own = settle(real.into(), Account::Unexplained(real), 40);
    let refused = decide(&books, &[own], &[], Nature::Fact);
    assert!(matches!(refused, Err(Refusal::WrongAccounts { .. })), "{refused:?}");
}

#[test]
fn a_settlement_goes_towards_zero() {
    let shadow = Account::Unexplained(Real::Store(central()));
    let difference = Account::CountDifference(central());
    let books = books_of(Slot { unexplained: -40, ..Slot::default() });
    assert!(decide(&books, &[settle(difference, shadow, 40)], &[], Nature::Fact).is_ok());
    let away = decide(&books, &[settle(shadow, difference, 10)], &[], Nature::Fact);
    assert_eq!(away, Err(Refusal::SettlesTooMuch { open: 40 }));
}

#[test]
fn a_reversal_opens_again_no_more_than_its_original_had_settled() {
    let key = (Real::Store(central()), batch());
    let mut books = books_of(Slot::default());
    books.reopenable = BTreeMap::from([(key, 10)]);
    assert!(decide(&books, &[dispatch(10)], &[], Nature::Command).is_ok());
    let refused = decide(&books, &[dispatch(11)], &[], Nature::Command);
    assert!(matches!(refused, Err(Refusal::Short(_))), "{refused:?}");
}

#[test]
fn a_refusal_names_only_what_stands_in_the_way() {
    let key = (Real::Store(central()), batch());
    let mut books = books_of(Slot::default());
    books.reopenable = BTreeMap::from([(key, 10)]);
    let elsewhere = fact(3, day(1), 5);
    let refused = decide(&books, &[dispatch(10), elsewhere], &[], Nature::Command);
    let Err(Refusal::Short(short)) = refused else { panic!("{refused:?}") };
    let accounts: Vec<Real> = short.iter().map(|short| short.account).collect();
    assert_eq!(accounts, [Real::Store(partner())]);
}

#[test]
fn what_a_later_day_no_longer_lacks_does_not_make_up_for_an_earlier_one() {
    let mut memory = Memory::default();
    memory.post(&[fact(11, day(5), 15)], &[], Nature::Fact).unwrap();
    let books = memory.books(day(2).day());
    // Out on the second day, and as many in on the fourth: the fifth lacks less than before.
    let plan = decide(&books, &[fact(11, day(2), 5), fact(0, day(4), 5)], &[], Nature::Fact);
    let shortage = plan.unwrap().shortages.remove(0);
    assert_eq!((shortage.requested, shortage.available), (5, 0));
    assert_eq!(shortage.day, day(2).day());
}

#[test]
fn a_shortfall_is_dated_as_the_last_fact_of_its_day() {
    let (morning, evening) = (day(1).plus_ms(-3_600_000), day(1).plus_ms(3_600_000));
    let drafts = [fact(11, morning, 5), fact(11, evening, 5)];
    let plan = decide(&books_of(Slot::default()), &drafts, &[], Nature::Fact).unwrap();
    let shortfall = plan.movements.iter().find(|m| m.kind == MovementKind::Shortfall).unwrap();
    assert_eq!(shortfall.occurred_at, evening);
}

#[test]
fn a_shortfall_without_a_fact_on_its_day_is_dated_at_the_end_of_the_day_or_now() {
    // What stood there until today's dispatch is taken on an earlier day: today is short.
    let entry = Entry { occurred_at: day(20), delta: -10, is_shortfall: false };
    let books = books_of(Slot { balance: 0, entries: vec![entry], ..Slot::default() });
    let plan = decide(&books, &[fact(11, day(10), 4)], &[], Nature::Fact).unwrap();
    let shortfall = plan.movements.iter().find(|m| m.kind == MovementKind::Shortfall).unwrap();
    assert_eq!(shortfall.occurred_at, books.now, "today has not ended");
}

#[test]
fn an_approved_count_carries_its_reason_and_its_record() {
    let books = books_of(Slot { balance: 100, ..Slot::default() });
    let plan = decide(&books, &[], &[count(97, day(3))], Nature::Fact).unwrap();
    let [moved] = &plan.movements[..] else { panic!("{plan:?}") };
    assert_eq!((moved.kind, moved.reason), (MovementKind::Count, Reason::Found));
    assert_eq!((moved.cites, moved.derived), (Some(id(77)), false));
    assert_eq!(moved.lines[0].pieces.get(), 3);
}

#[test]
fn what_keeps_an_earlier_count_is_derived_and_late() {
    let anchor = Anchor { moment: day(5), record: id(77) };
    let books = books_of(Slot { balance: 100, anchors: vec![anchor], ..Slot::default() });
    let plan = decide(&books, &[fact(0, day(2), 30)], &[], Nature::Fact).unwrap();
    let kept = plan.movements.iter().find(|m| m.kind == MovementKind::Count).unwrap();
    assert_eq!((kept.reason, kept.derived), (Reason::LateRecord, true));
    assert_eq!((kept.cites, kept.occurred_at), (Some(id(77)), day(5)));
}

#[test]
fn on_the_day_of_a_count_nothing_is_short_but_the_count_is_kept() {
    let anchor = Anchor { moment: day(5), record: id(77) };
    let books = books_of(Slot { anchors: vec![anchor], ..Slot::default() });
    let morning = fact(11, day(5).plus_ms(-3_600_000), 10);
    let plan = decide(&books, &[morning], &[], Nature::Fact).unwrap();
    let kinds: Vec<MovementKind> = plan.movements.iter().map(|moved| moved.kind).collect();
    assert_eq!(kinds, [MovementKind::Take, MovementKind::Count]);
    assert!(plan.shortages.is_empty());
}

#[test]
fn a_fact_of_the_very_moment_of_a_count_was_counted() {
    let anchor = Anchor { moment: day(5), record: id(77) };
    let books = books_of(Slot { balance: 100, anchors: vec![anchor], ..Slot::default() });
    let plan = decide(&books, &[fact(0, day(5), 30)], &[], Nature::Fact).unwrap();
    let kept = plan.movements.iter().find(|moved| moved.kind == MovementKind::Count).unwrap();
    assert_eq!(
        (kept.lines[0].to, kept.lines[0].pieces.get()),
        (Account::CountDifference(central()), 30)
    );
}

#[test]
fn a_lower_count_makes_later_days_short_from_the_first_that_lacks() {
    // 100 pieces, 80 of which left on the fifth day; counted on the third: 50. And 10 more in on
    // the seventh, in the same record.
    let entry = Entry { occurred_at: day(5), delta: -80, is_shortfall: false };
    let books = books_of(Slot { balance: 20, entries: vec![entry], ..Slot::default() });
    let (late, counted) = ([fact(0, day(7), 10)], [count(50, day(3))]);
    let plan = decide(&books, &late, &counted, Nature::Fact).unwrap();
    let short: Vec<_> =
        plan.movements.iter().filter(|moved| moved.kind == MovementKind::Shortfall).collect();
    let [short] = short[..] else { panic!("{plan:?}") };
    assert_eq!((short.occurred_at.day(), short.lines[0].pieces.get()), (day(5).day(), 30));
}
