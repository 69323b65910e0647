//! Deliveries of print runs.

use super::{Press, cartons, confirmed, pieces};
use crate::books::{Books, on_both};
use domain::account::Account;
use domain::ids::RunId;
use domain::ledger::Reason;
use domain::records::receipt::{Damage, DamagedPieces, Receipt, ReceiptProblem};
use domain::reference::OrgKind;
use domain::role::{Permission, Role};
use domain::run::OrderDays;
use domain::run::RunState;
use domain::time::Day;
use sea_orm::{ConnectionTrait, Database};
use std::sync::Arc;
use stock::RecordError;
use stock::access::Denied;
use stock::packs::PackState;
use stock::receipts::{ReceiptWarning, ReceiveError};
use stock::records::{ConfirmError, Confirmation};
use stock::runs::{CloseRunError, SaveRunError};

on_both!(
    a_run_arrives_in_several_deliveries,
    more_than_the_tolerance_waits_for_a_second_person,
    two_people_receive_the_same_delivery,
    a_form_sent_twice_receives_once,
    an_order_changes_until_something_has_come,
    a_late_run_is_marked_until_it_is_complete,
    a_run_is_closed_and_opens_when_something_comes,
    other_organisations_see_no_runs,
    what_cannot_be_is_refused_and_changes_nothing,
    the_database_itself_keeps_receipts,
);

async fn a_run_arrives_in_several_deliveries(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    let first = Receipt {
        open: vec![pieces(110)],
        damaged: vec![
            DamagedPieces { damage: Damage::Wet, pieces: pieces(40) },
            DamagedPieces { damage: Damage::Torn, pieces: pieces(10) },
        ],
        claimed: Some(pieces(6_200)),
        ..press.delivery(run, vec![cartons(12, 500)])
    };
    let yesterday = press.submission(Day(press.today().0 - 1));
    let first = clerk.receive(yesterday, first).await.unwrap();
    assert_eq!((first.number.as_str(), first.new_labels), ("GRN-KBL-0001", 13));
    assert!(!first.on_hold);
    let rest = press.delivery(run, vec![cartons(7, 500), cartons(1, 320)]);
    let second = clerk.receive(press.now(), rest).await.unwrap();
    assert_eq!(second.number, "GRN-KBL-0002");

    let reader = books.reads(&press.clerk);
    let seen = reader.run(run).await.unwrap().unwrap();
    assert_eq!((seen.row.number.as_str(), seen.row.progress.received), ("PR-0001", 9_980));
    assert_eq!((seen.row.progress.short(), seen.row.state), (20, RunState::Complete));
    assert_eq!(seen.receipts.len(), 2);
    let grn = reader.grn(first.receipt).await.unwrap().unwrap();
    assert_eq!((grn.good, grn.damaged_total(), grn.missing_of_claimed()), (6_110, 50, Some(40)));
    assert_eq!(grn.received_so_far, 6_160);
    assert_eq!(grn.damaged[0].reason, Reason::Torn);
    let packs: Vec<_> = grn.packs.iter().map(|p| (p.is_sealed, p.packs, p.each)).collect();
    assert_eq!(packs, [(true, 12, 500), (false, 1, 110)]);

    let at: Vec<_> = reader.whereabouts(first.batch).await.unwrap();
    let at: Vec<_> = at.iter().map(|place| (place.account, place.pieces)).collect();
    assert!(at.contains(&(Account::store(press.kabul), 6_110)), "{at:?}");
    assert!(at.contains(&(Account::damaged(press.kabul), 50)));
    assert!(at.contains(&(Account::Printer(run), -6_160)));
    let packs = reader.packs_of(second.batch).await.unwrap();
    let last = packs.last().unwrap();
    assert_eq!((last.number, last.total, last.nominal), (8, 8, 320));
    assert_eq!(last.state, PackState::Sealed);
    press.adds_up().await;
}

async fn more_than_the_tolerance_waits_for_a_second_person(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    let submission = press.now();
    let much = press.delivery(run, vec![cartons(22, 500)]);
    let asked = clerk.receive(submission.clone(), much.clone()).await;
    let Err(ReceiveError::Asks(warnings)) = asked else { panic!("{asked:?}") };
    let over = ReceiptWarning::OverTolerance { received: 11_000, most: 10_500 };
    assert_eq!(warnings, [over]);
    let received = clerk.receive(confirmed(submission), much).await.unwrap();
    assert!(received.on_hold);
    let reader = books.reads(&press.second);
    assert_eq!(reader.batch(received.batch).await.unwrap().unwrap().holds.len(), 1);
    let waiting = Confirmation::Waiting { by_me: true };
    assert_eq!(reader.confirmation(received.receipt).await.unwrap(), waiting);

    let own = clerk.confirm(press.now(), received.receipt).await;
    assert!(matches!(own, Err(ConfirmError::OwnRecord)), "{own:?}");
    let viewer = books.staff(Role::Viewer);
    let viewer = books.writes(&viewer).confirm(press.now(), received.receipt).await;
    let denied = Denied::NotAllowed(Permission::Confirm);
    assert!(matches!(viewer, Err(ConfirmError::Record(RecordError::Denied(why))) if why == denied));
    let second = books.writes(&press.second);
    assert_eq!(second.confirm(press.now(), received.receipt).await.unwrap().released, 1);
    let again = second.confirm(press.now(), received.receipt).await;
    assert!(matches!(again, Err(ConfirmError::AlreadyConfirmed)), "{again:?}");
    assert!(reader.batch(received.batch).await.unwrap().unwrap().holds.is_empty());
    assert_eq!(reader.confirmation(received.receipt).await.unwrap(), Confirmation::Done);
    press.adds_up().await;
}

async fn two_people_receive_the_same_delivery(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let delivery = press.delivery(run, vec![cartons(10, 500)]);
    books.writes(&press.clerk).receive(press.now(), delivery.clone()).await.unwrap();
    let second = books.writes(&press.second);
    let asked = second.receive(press.now(), delivery.clone()).await;
    let Err(ReceiveError::Asks(warnings)) = asked else { panic!("{asked:?}") };
    let same = ReceiptWarning::SameDay { number: "GRN-KBL-0001".to_owned(), pieces: 5_000 };
    assert_eq!(warnings, [same]);
    // It was another truck after all.
    let other = second.receive(confirmed(press.now()), delivery).await.unwrap();
    assert_eq!(other.number, "GRN-KBL-0002", "a question uses up no number");
    press.adds_up().await;
}

async fn a_form_sent_twice_receives_once(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    let submission = press.now();
    let delivery = press.delivery(run, vec![cartons(10, 500)]);
    let first = clerk.receive(submission.clone(), delivery.clone()).await.unwrap();
    let again = clerk.receive(submission.clone(), delivery).await.unwrap();
    assert_eq!(first, again);
    let other = press.delivery(run, vec![cartons(11, 500)]);
    let other = clerk.receive(submission, other).await;
    assert!(matches!(other, Err(ReceiveError::Record(RecordError::Conflict))), "{other:?}");
    let run = books.reads(&press.clerk).run(run).await.unwrap().unwrap();
    assert_eq!(run.row.progress.received, 5_000);
}

async fn an_order_changes_until_something_has_come(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    assert_eq!(clerk.create_run(run, press.order()).await.unwrap(), "PR-0001");
    let more = domain::run::Order { ordered: pieces(12_000), ..press.order() };
    let again = clerk.create_run(run, more.clone()).await;
    assert!(matches!(again, Err(SaveRunError::SavedBefore(_))), "{again:?}");
    clerk.edit_run(run, 1, more.clone()).await.unwrap();
    clerk.edit_run(run, 1, more.clone()).await.expect("the same form twice is saved once");
    let late = clerk.edit_run(run, 1, press.order()).await;
    assert!(matches!(late, Err(SaveRunError::ChangedMeanwhile)), "{late:?}");
    clerk.receive(press.now(), press.delivery(run, vec![cartons(1, 500)])).await.unwrap();
    let history = clerk.edit_run(run, 2, press.order()).await;
    assert!(matches!(history, Err(SaveRunError::Received)), "{history:?}");

    let wrong = domain::run::Order { printer: books.programme, ..press.order() };
    let wrong = clerk.create_run(books.id(), wrong).await;
    assert!(matches!(wrong, Err(SaveRunError::UnknownPrinter)), "{wrong:?}");
    let wrong = domain::run::Order { due_on: Day(0), ..press.order() };
    let wrong = clerk.create_run(books.id(), wrong).await;
    assert!(matches!(wrong, Err(SaveRunError::Days(OrderDays::DueBeforeOrdered))), "{wrong:?}");
    let wrong = domain::run::Order { ordered_on: Day(press.today().0 + 1), ..press.order() };
    let wrong = clerk.create_run(books.id(), wrong).await;
    assert!(matches!(wrong, Err(SaveRunError::Days(OrderDays::Future))), "{wrong:?}");
}

async fn a_late_run_is_marked_until_it_is_complete(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let due_on = Day(press.today().0 - 1);
    let order = domain::run::Order { due_on, ..press.order() };
    let run = books.id::<RunId>();
    books.writes(&press.clerk).create_run(run, order).await.unwrap();
    press.ordered().await;
    let reader = books.reads(&press.clerk);
    let states = || async {
        let runs = reader.expected_arrivals().await.unwrap();
        runs.into_iter().map(|run| (run.number, run.state)).collect::<Vec<_>>()
    };
    let (late, expected) = (RunState::Late, RunState::Expected);
    assert_eq!(states().await, [("PR-0001".to_owned(), late), ("PR-0002".to_owned(), expected)]);
    let delivery = press.delivery(run, vec![cartons(19, 500)]);
    books.writes(&press.clerk).receive(press.now(), delivery).await.unwrap();
    assert_eq!(states().await, [("PR-0002".to_owned(), expected)]);
}

async fn a_run_is_closed_and_opens_when_something_comes(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    let closed = clerk.close_run(press.now(), run).await.unwrap();
    assert_eq!(closed.short, 10_000);
    let again = clerk.close_run(press.now(), run).await;
    assert!(matches!(again, Err(CloseRunError::AlreadyClosed)), "{again:?}");
    books.world.wait_ms(60_000);
    let delivery = press.delivery(run, vec![cartons(1, 500)]);
    clerk.receive(press.now(), delivery).await.expect("what arrived is a fact");
    let run = books.reads(&press.clerk).run(run).await.unwrap().unwrap();
    assert_eq!(run.row.state, RunState::Partly);
}

async fn other_organisations_see_no_runs(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let received = books
        .writes(&press.clerk)
        .receive(press.now(), press.delivery(run, vec![cartons(1, 500)]))
        .await
        .unwrap();
    let partner = books.add_org(OrgKind::Partner, "Relief").await;
    let partner = books.member(Role::Logistics, partner);
    let reader = books.reads(&partner);
    assert!(reader.runs().await.unwrap().is_empty());
    assert!(reader.run(run).await.unwrap().is_none());
    assert!(reader.grn(received.receipt).await.unwrap().is_none());
    assert!(reader.batch(received.batch).await.unwrap().is_none());
    assert!(reader.packs_of(received.batch).await.unwrap().is_empty());
    let theirs = press.delivery(run, vec![cartons(1, 500)]);
    let theirs = books.writes(&partner).receive(press.now(), theirs).await;
    let hidden = |why: &ReceiveError| {
        matches!(why, ReceiveError::Record(RecordError::Denied(Denied::NotFound)))
    };
    assert!(theirs.as_ref().is_err_and(hidden), "{theirs:?}");

    let herat = books.add_store(books.programme, "HRT", "AF32").await;
    let in_herat = books.staff_in(Role::Logistics, "AF32");
    let delivery = press.delivery(run, vec![cartons(1, 500)]);
    let elsewhere = books.writes(&in_herat).receive(press.now(), delivery.clone()).await;
    assert!(elsewhere.as_ref().is_err_and(hidden), "{elsewhere:?}");
    let here = Receipt { store: herat, ..delivery };
    let here = books.writes(&in_herat).receive(press.now(), here).await.unwrap();
    assert_eq!(here.number, "GRN-HRT-0001");
    let seen = books.reads(&in_herat).run(run).await.unwrap().unwrap();
    assert_eq!(seen.receipts.len(), 1, "only the receipts of its own province");
}

async fn what_cannot_be_is_refused_and_changes_nothing(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    let tomorrow = press.submission(Day(press.today().0 + 1));
    let future = clerk.receive(tomorrow, press.delivery(run, vec![cartons(1, 500)])).await;
    assert!(matches!(future, Err(ReceiveError::Record(RecordError::Future))), "{future:?}");
    let nothing = clerk.receive(press.now(), press.delivery(run, vec![])).await;
    let problem = ReceiptProblem::Nothing;
    assert!(matches!(nothing, Err(ReceiveError::Problem(why)) if why == problem));
    let before = press.submission(Day(press.order().ordered_on.0 - 1));
    let before = clerk.receive(before, press.delivery(run, vec![cartons(1, 500)])).await;
    assert!(matches!(before, Err(ReceiveError::Asks(_))), "{before:?}");
    let other = clerk.receive(press.now(), press.delivery(books.id(), vec![cartons(1, 500)])).await;
    let denied = Denied::NotFound;
    assert!(matches!(other, Err(ReceiveError::Record(RecordError::Denied(why))) if why == denied));
    let reader = books.reads(&press.clerk);
    assert_eq!(reader.run(run).await.unwrap().unwrap().row.progress.received, 0);
    press.adds_up().await;
}

async fn the_database_itself_keeps_receipts(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let delivery = press.delivery(run, vec![cartons(1, 500)]);
    books.writes(&press.clerk).receive(press.now(), delivery).await.unwrap();
    let raw = Database::connect(&books.url).await.unwrap();
    for change in [
        "UPDATE receipt SET good = 1",
        "DELETE FROM receipt",
        "INSERT INTO batch SELECT record_id, code, material_id, first_store_id, first_store_id,
            arrived_on, record_id FROM batch",
    ] {
        assert!(raw.execute_unprepared(change).await.is_err(), "{change}");
    }
    press.adds_up().await;
}
