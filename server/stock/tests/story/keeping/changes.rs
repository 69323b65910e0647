//! Damage, loss, finds, disposal, what goes back and what is collected again.

use crate::books::{Books, on_both};
use crate::events::{Field, pieces, row, sheet};
use crate::runs::{Press, cartons};
use domain::account::{Account, Channel, Occasion, Real};
use domain::ids::{BatchId, RunId};
use domain::ledger::Reason;
use domain::records::keeping::{BatchPieces, Change, Disposal, StockChange};
use domain::records::{Envelope, Occurred};
use domain::reference::OrgKind;
use domain::role::Role;
use domain::time::Day;
use std::sync::Arc;
use stock::access::Denied;
use stock::keeping::{HeldAt, KeepingError};
use stock::records::{ConfirmError, Confirmation};
use stock::tasks::TaskKind;
use stock::{RecordError, Submission};

on_both!(
    pieces_get_wet_are_saved_lost_and_found,
    destruction_needs_two_witnesses_and_a_certificate,
    printed_pieces_go_back_to_their_own_printer,
    what_was_given_out_here_is_collected_again,
    what_the_books_lack_is_asked_once_and_waits_for_a_manager,
    what_a_holder_told_waits_for_its_word,
    a_batch_must_exist_and_have_arrived,
);

async fn pieces_get_wet_are_saved_lost_and_found(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (worker, batch) = (field.worker.clone(), field.first.batch);
    for (change, count) in
        [(Change::Damaged, 500), (Change::Salvaged, 100), (Change::Lost, 50), (Change::Found, 20)]
    {
        field.happened(&worker, field.change(change, count)).await;
    }
    let how = Disposal::OfficeUse;
    field.happened(&worker, field.change(Change::Disposed { how, from_damaged: true }, 400)).await;
    assert_eq!(field.in_store(batch).await, 1_500 - 500 + 100 - 50 + 20);
    for (account, count) in [
        (Account::damaged(field.store), 0),
        (Account::lost(field.store), 30),
        (Account::disposed(field.store), 400),
    ] {
        assert_eq!(field.pieces(batch, account).await, count, "{account:?}");
    }
    let held = books.reads(&worker).held_by(field.store, &[HeldAt::Lost], None).await.unwrap();
    let lost = held.iter().find(|held| held.account == Real::Lost(field.store)).unwrap();
    assert_eq!((lost.batch, lost.pieces), (batch, 30));
    let other = books.member(Role::Partner, books.add_org(OrgKind::Partner, "Other").await);
    let hidden = books.reads(&other).held_by(field.store, &[HeldAt::Store], None).await;
    assert!(matches!(hidden, Err(KeepingError::Record(RecordError::Denied(Denied::NotFound)))));
    field.adds_up().await;
}

async fn destruction_needs_two_witnesses_and_a_certificate(books: Arc<Books>) {
    let field = Field::new(books).await;
    let destroyed = |roles: [&str; 2], certificate: &str| {
        let how = Disposal::Destroyed {
            witness_roles: roles.map(str::to_owned),
            certificate: certificate.to_owned(),
        };
        field.change(Change::Disposed { how, from_damaged: false }, 5)
    };
    for (roles, certificate) in
        [(["guard", ""], "C-7"), (["guard", "guard"], "C-7"), (["guard", "keeper"], " ")]
    {
        let refused = field.refused(destroyed(roles, certificate)).await;
        assert!(matches!(refused, KeepingError::NoWitness), "{roles:?} {certificate:?}");
    }
    let record = field.happened(&field.worker, destroyed(["guard", "keeper"], "C-7")).await;
    let read = field.books.reads(&field.worker).record(record).await.unwrap();
    let Some(Change::Disposed { how: Disposal::Destroyed { certificate, .. }, .. }) =
        read.change.map(|change| change.change)
    else {
        panic!("the record tells how")
    };
    assert_eq!(certificate, "C-7");
}

/// Cartons of 500 of a run of its own, and the run.
async fn printed(press: &Press, number: u32) -> (RunId, BatchId) {
    let run = press.ordered().await;
    let delivery = press.delivery(run, vec![cartons(number, 500)]);
    let received = press.books.writes(&press.clerk).receive(press.now(), delivery).await;
    (run, received.unwrap().batch)
}

async fn printed_pieces_go_back_to_their_own_printer(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (run, batch) = printed(&press, 12).await;
    let (other, _) = printed(&press, 2).await;
    let clerk = books.writes(&press.clerk);
    let back = |run| StockChange {
        store: press.kabul,
        change: Change::HandedBack { run, from_damaged: false },
        reason: Reason::MisprintedOrFaulty,
        lines: vec![BatchPieces { batch, pieces: pieces(500) }],
    };
    let refused = clerk.change_stock(press.now(), back(other)).await;
    assert!(matches!(refused, Err(KeepingError::OtherRun(of)) if of == batch), "{refused:?}");
    clerk.change_stock(press.now(), back(run)).await.unwrap();
    let places = books.reads(&press.clerk).whereabouts(batch).await.unwrap();
    let at = |account| places.iter().find(|p| p.account == account).map_or(0, |p| p.pieces);
    assert_eq!(at(Account::store(press.kabul)), 5_500);
    assert_eq!(at(Account::Printer(run)), -5_500);
    press.adds_up().await;
}

async fn what_was_given_out_here_is_collected_again(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let rows = vec![row(field.leaflets, 300, 0, 0)];
    books.writes(&field.worker).event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    let at = [HeldAt::Given];
    let held = books.reads(&field.worker).held_by(field.store, &at, None).await.unwrap();
    let occasion = Occasion::Event(event);
    let given = Real::Given(occasion, Channel::Participants);
    let given = held.iter().find(|held| held.account == given).unwrap();
    assert_eq!(given.pieces, 300);
    assert!(given.occasion.is_some(), "the event has a number");

    let collected = Change::Collected { occasion, channel: Channel::Participants };
    field.happened(&field.worker, field.change(collected.clone(), 40)).await;
    assert_eq!(field.in_store(field.first.batch).await, 1_240);
    // What was given out of one store does not come back into another.
    let elsewhere = books.add_store(books.programme, "KBL", "AF01").await;
    let body = StockChange { store: elsewhere, ..field.change(collected, 40) };
    let refused = books.writes(&field.clerk).change_stock(field.said(0), body).await;
    let Err(KeepingError::Record(RecordError::Denied(Denied::NotFound))) = refused else {
        panic!("{refused:?}")
    };
    field.adds_up().await;
}

async fn what_the_books_lack_is_asked_once_and_waits_for_a_manager(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let body = field.change(Change::Lost, 1_600);
    let asked = field.refused(body.clone()).await;
    let KeepingError::Record(RecordError::NeedsConfirmation(short)) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!((short[0].requested, short[0].available), (1_600, 1_500));
    let record = field.happened(&field.worker, body).await;
    let page = format!("/unexplained?store={}", field.store);
    assert_eq!(field.waits(&field.manager, TaskKind::ExplainShortfall).await, [page]);
    assert!(field.waits(&field.worker, TaskKind::ExplainShortfall).await.is_empty());
    let open = books.reads(&field.manager).unexplained().await.unwrap();
    assert_eq!((open.len(), open[0].pieces, open[0].record), (1, -100, Some(record)));
    field.adds_up().await;
}

async fn what_a_holder_told_waits_for_its_word(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let mut said = field.said(0);
    said.envelope.on_behalf = Some(field.relief);
    let record = said.envelope.id;
    let clerk = books.writes(&field.clerk);
    clerk.change_stock(said, field.change(Change::Lost, 10)).await.unwrap();
    let page = format!("/records/{record}");
    assert_eq!(field.waits(&field.worker, TaskKind::ConfirmOnBehalf).await, [page]);
    assert!(field.waits(&field.clerk, TaskKind::ConfirmOnBehalf).await.is_empty());
    let own = clerk.confirm(field.said(0), record).await;
    assert!(matches!(own, Err(ConfirmError::OwnRecord)), "{own:?}");
    let waiting = books.reads(&field.worker).confirmation(record).await.unwrap();
    assert_eq!(waiting, Confirmation::Waiting { by_me: true });
    books.writes(&field.worker).confirm(field.said(0), record).await.unwrap();
    assert!(field.waits(&field.worker, TaskKind::ConfirmOnBehalf).await.is_empty());
    let read = books.reads(&field.worker).record(record).await.unwrap();
    assert_eq!(read.head.on_behalf.as_deref(), Some("Relief"));
}

async fn a_batch_must_exist_and_have_arrived(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let unknown = field.refused(field.change_of(books.id(), Change::Lost, 5)).await;
    assert!(matches!(unknown, KeepingError::Record(RecordError::Denied(Denied::NotFound))));
    let early = field.said(-21);
    let worker = books.writes(&field.worker);
    let early = worker.change_stock(early, field.change(Change::Lost, 5)).await;
    let Err(KeepingError::BeforeArrival { batch, arrived_on }) = early else { panic!("{early:?}") };
    assert_eq!((batch, arrived_on.0), (field.first.batch, field.today().0 - 20));
    let late = worker.change_stock(field.said(1), field.change(Change::Lost, 5)).await;
    assert!(matches!(late, Err(KeepingError::Record(RecordError::Future))), "{late:?}");
    let first = Day::FIRST.start();
    for (occurred, device_time, clock_difference_ms) in [
        (Occurred::On(Day(Day::FIRST.0 - 1)), first, 0),
        (Occurred::AtDeviceTime, first.plus_ms(-1), 0),
        (Occurred::AtDeviceTime, first, -1),
    ] {
        let envelope = Envelope::typed(books.id(), occurred, device_time);
        let old = Submission { clock_difference_ms, ..Submission::confirmed(envelope) };
        let old = worker.change_stock(old, field.change(Change::Lost, 5)).await;
        assert!(matches!(old, Err(KeepingError::Record(RecordError::TooEarly))), "{old:?}");
    }
    let twice = StockChange {
        lines: [field.change(Change::Lost, 5).lines, field.change(Change::Lost, 6).lines].concat(),
        ..field.change(Change::Lost, 5)
    };
    assert!(matches!(field.refused(twice).await, KeepingError::Twice(_)));
    let nothing = StockChange { lines: Vec::new(), ..field.change(Change::Lost, 5) };
    assert!(matches!(field.refused(nothing).await, KeepingError::Empty));
    // The same record twice is one; with other content it is a conflict.
    let said = Submission { confirmed: true, ..field.said(0) };
    let first = worker.change_stock(said.clone(), field.change(Change::Lost, 5)).await.unwrap();
    let again = worker.change_stock(said.clone(), field.change(Change::Lost, 5)).await.unwrap();
    assert_eq!(first, again);
    let other = worker.change_stock(said, field.change(Change::Lost, 6)).await;
    assert!(matches!(other, Err(KeepingError::Record(RecordError::Conflict))), "{other:?}");
    assert_eq!(field.in_store(field.first.batch).await, 1_495);
}
