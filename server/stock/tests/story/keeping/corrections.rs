//! Mistakes taken back, and shortfalls explained.

use crate::books::{Books, on_both};
use crate::consignments::road::Road;
use crate::events::{Field, pieces, row, sheet};
use domain::account::{Account, Real};
use domain::ids::RecordId;
use domain::ledger::{MovementKind, Reason, Refusal};
use domain::records::keeping::{BatchPieces, Change, Reverse, Settle, StockChange};
use domain::reference::OrgKind;
use domain::role::{Actor, PlaceCode, Role, Scope};
use domain::time::Day;
use std::sync::Arc;
use stock::access::Denied;
use stock::corrections::{CorrectionError, Hindrance};
use stock::records::ReadRecordError;
use stock::tasks::TaskKind;
use stock::{RecordError, Submission};

on_both!(
    a_record_tells_what_it_moved_to_whoever_sees_the_store,
    records_are_listed_a_page_at_a_time,
    records_of_few_stores_are_listed_as_those_of_all,
    a_chain_of_movements_is_taken_back_as_one_set,
    what_stands_in_the_way_is_known_before,
    who_may_only_look_takes_nothing_back,
    a_manager_explains_a_shortfall_and_nobody_waits_any_more,
    what_is_explained_leaves_the_later_shortfall_open,
    a_late_fact_explains_the_shortfall_of_an_event,
    what_explains_nothing_is_refused,
);

async fn a_record_tells_what_it_moved_to_whoever_sees_the_store(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let record = field.happened(&field.clerk, field.change(Change::Damaged, 30)).await;
    let read = books.reads(&field.worker).record(record).await.unwrap();
    assert_eq!((read.head.kind.as_str(), read.movements.len()), ("stock_change", 1));
    let movement = &read.movements[0];
    assert_eq!((movement.kind, movement.derived), (MovementKind::Damage, false));
    let line = &movement.lines[0];
    assert_eq!(line.from.account, Account::store(field.store));
    assert_eq!(line.to.account, Account::damaged(field.store));
    assert_eq!((line.pieces, line.to.holder_name.as_str()), (30, "REL"));
    assert_eq!(read.head.by.org_name, None, "whose colleague it was is not told");

    let steps = books.reads(&field.clerk).reversible_movements(record).await.unwrap();
    let reverse = Reverse { movements: steps, reason: Reason::TypedWrong };
    let said = field.said(0);
    let undoing = said.envelope.id;
    books.writes(&field.clerk).reverse(said, reverse).await.unwrap();
    let read = books.reads(&field.worker).record(record).await.unwrap();
    assert_eq!(read.movements[0].reversed_by, Some(undoing));
    let undone = books.reads(&field.clerk).record(undoing).await.unwrap();
    assert_eq!(undone.movements[0].reverses, Some(record));

    let other = books.member(Role::Partner, books.add_org(OrgKind::Partner, "Other").await);
    for hidden in [record, undoing, books.id()] {
        let hidden = books.reads(&other).record(hidden).await;
        let Err(ReadRecordError::Denied(Denied::NotFound)) = hidden else { panic!("{hidden:?}") };
    }
    field.adds_up().await;
}

async fn records_are_listed_a_page_at_a_time(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    for _ in 0..60 {
        field.happened(&field.worker, field.change(Change::Lost, 1)).await;
    }
    let reader = books.reads(&field.worker);
    let (first, next) = reader.records(None).await.unwrap();
    assert_eq!(first.len(), 50);
    let (rest, end) = reader.records(next).await.unwrap();
    assert_eq!((rest.len(), end), (12, None), "with the two first counts");
    let ids: Vec<RecordId> = first.iter().chain(&rest).map(|head| head.id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "the newest first, each once");
    let other = books.member(Role::Partner, books.add_org(OrgKind::Partner, "Other").await);
    assert!(books.reads(&other).records(None).await.unwrap().0.is_empty());
}

async fn records_of_few_stores_are_listed_as_those_of_all(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (mut in_balkh, mut in_kabul) = (Vec::new(), Vec::new());
    for n in 0..60 {
        road.books.world.wait_ms(1);
        let (store, actor, said) = match n % 3 {
            0 => (road.kabul, &road.sender, &mut in_kabul),
            1 => (road.balkh, &road.receiver, &mut in_balkh),
            _ => (road.partner_store, &road.receiver, &mut in_balkh),
        };
        let lines = vec![BatchPieces { batch: road.batch, pieces: pieces(1) }];
        let body = StockChange { store, change: Change::Found, reason: Reason::Other, lines };
        let submission = Submission { confirmed: true, ..road.now() };
        said.insert(0, submission.envelope.id);
        road.books.writes(actor).change_stock(submission, body).await.unwrap();
    }
    let listed = async |actor: &Actor| {
        let (mut ids, mut before, mut pages) = (Vec::new(), None, 0);
        loop {
            let (heads, next) = road.books.reads(actor).records(before).await.unwrap();
            ids.extend(heads.iter().map(|head| head.id));
            (before, pages) = (next, pages + 1);
            if next.is_none() {
                return (ids, pages);
            }
        }
    };
    assert_eq!(listed(&road.receiver).await, (in_balkh, 1));
    assert_eq!(listed(&road.manager).await.0.len(), 61, "with the first count");
    // Whoever now works elsewhere still has what he said.
    let moved = Actor { scope: Scope::Place(PlaceCode::new("AF32")), ..road.sender.clone() };
    let (own, _) = listed(&moved).await;
    assert_eq!((own.len(), &own[..20]), (21, &in_kabul[..]));
}

async fn a_chain_of_movements_is_taken_back_as_one_set(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let damaged = field.happened(&field.worker, field.change(Change::Damaged, 500)).await;
    let saved = field.happened(&field.worker, field.change(Change::Salvaged, 450)).await;
    let reader = books.reads(&field.worker);
    let movements = reader.reversible_movements(damaged).await.unwrap();
    let reverse = |movements| Reverse { movements, reason: Reason::DidNotHappen };
    let first = worker.reverse(field.said(0), reverse(movements)).await;
    let Err(CorrectionError::ReverseFirst(steps)) = first else { panic!("{first:?}") };
    let records: Vec<RecordId> = steps.iter().map(|step| step.record).collect();
    assert_eq!(records, [saved, damaged], "the newest first");
    let set: Vec<_> = steps.iter().map(|step| step.movement).collect();
    assert_eq!(reader.reversal_steps(&set).await.unwrap(), steps);
    worker.reverse(field.said(0), reverse(set.clone())).await.unwrap();
    assert_eq!(field.in_store(field.first.batch).await, 1_500);
    assert!(reader.reversal_steps(&set).await.unwrap().is_empty());
    let again = worker.reverse(field.said(0), reverse(set)).await;
    assert!(matches!(again, Err(CorrectionError::AlreadyReversed(_))), "{again:?}");
    field.adds_up().await;
}

async fn what_stands_in_the_way_is_known_before(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let damaged = field.happened(&field.worker, field.change(Change::Damaged, 500)).await;
    let movements = books.reads(&field.worker).reversible_movements(damaged).await.unwrap();
    let known = async |who| books.reads(who).hindrance(&movements).await.unwrap();
    let [worker, clerk, manager] = [&field.worker, &field.clerk, &field.manager];
    assert_eq!(known(worker).await, None);
    assert_eq!(known(clerk).await, Some(Hindrance::Others));
    assert_eq!(known(manager).await, None);

    let saved = field.happened(worker, field.change(Change::Salvaged, 450)).await;
    assert_eq!(known(worker).await, Some(Hindrance::LaterFirst));
    let mut set = books.reads(worker).reversible_movements(saved).await.unwrap();
    set.extend(&movements);
    assert_eq!(books.reads(worker).hindrance(&set).await.unwrap(), None, "all together");

    books.world.wait_ms(1);
    field.happened(clerk, field.change(Change::Salvaged, 50)).await;
    assert_eq!(known(worker).await, Some(Hindrance::BuiltOn));
    assert_eq!(known(manager).await, Some(Hindrance::LaterFirst));
    let reverse = Reverse { movements: movements.clone(), reason: Reason::TypedWrong };
    let refused = books.writes(worker).reverse(field.said(0), reverse).await;
    assert!(matches!(refused, Err(CorrectionError::BuiltOn)), "{refused:?}");
}

async fn who_may_only_look_takes_nothing_back(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let record = field.happened(&field.worker, field.change(Change::Lost, 30)).await;
    let movements = books.reads(&field.worker).reversible_movements(record).await.unwrap();
    let reverse = Reverse { movements, reason: Reason::DidNotHappen };
    // The same person, whose account was cut back since.
    let viewer = Actor { role: Role::Viewer, ..field.worker.clone() };
    let refused = books.writes(&viewer).reverse(field.said(0), reverse.clone()).await;
    let Err(CorrectionError::Record(RecordError::Denied(Denied::NotAllowed(_)))) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(field.in_store(field.first.batch).await, 1_470);
    books.writes(&field.worker).reverse(field.said(0), reverse).await.unwrap();
}

impl Field {
    fn settling(&self, by: Account, count: i64) -> Settle {
        Settle {
            of: Real::Store(self.store),
            batch: self.first.batch,
            pieces: pieces(count),
            by,
            reason: Reason::CountedWrong,
        }
    }
}

async fn a_manager_explains_a_shortfall_and_nobody_waits_any_more(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    field.happened(&field.worker, field.change(Change::Lost, 1_600)).await;
    let manager = books.writes(&field.manager);
    let open = books.reads(&field.manager).unexplained().await.unwrap();
    let (one, ends) =
        books.reads(&field.manager).explainable(open[0].account, open[0].batch).await.unwrap();
    assert_eq!(one.pieces, -100);
    let difference = Account::CountDifference(field.store);
    let accounts: Vec<Account> = ends.iter().map(|by| by.end.account).collect();
    for account in [difference, Account::Opening(field.store), Account::lost(field.store)] {
        assert!(accounts.contains(&account), "{account:?}");
    }
    let hidden = books.reads(&field.worker).explainable(open[0].account, books.id()).await;
    assert!(matches!(hidden, Err(CorrectionError::Record(RecordError::Denied(_)))));

    manager.settle(field.said(0), field.settling(difference, 60)).await.unwrap();
    assert_eq!(field.waits(&field.manager, TaskKind::ExplainShortfall).await.len(), 1);
    manager.settle(field.said(0), field.settling(difference, 40)).await.unwrap();
    assert!(field.waits(&field.manager, TaskKind::ExplainShortfall).await.is_empty());
    assert!(books.reads(&field.manager).unexplained().await.unwrap().is_empty());
    field.adds_up().await;
}

async fn what_is_explained_leaves_the_later_shortfall_open(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let lost = async |days: i32, count: i64| {
        let said = Submission { confirmed: true, ..field.said(days) };
        let record = said.envelope.id;
        let body = field.change(Change::Lost, count);
        books.writes(&field.worker).change_stock(said, body).await.unwrap();
        record
    };
    let open = async || books.reads(&field.manager).unexplained().await.unwrap().pop().unwrap();
    let day = |days: i32| Day(field.today().0 + days);
    let older = lost(-3, 1_800).await;
    let later = lost(0, 40).await;
    let both = open().await;
    assert_eq!((both.pieces, both.oldest), (-340, -300));
    assert_eq!((both.since, both.record), (day(-3), Some(older)));

    let difference = Account::CountDifference(field.store);
    let said = field.said(0);
    let settled = said.envelope.id;
    let manager = books.writes(&field.manager);
    manager.settle(said, field.settling(difference, 300)).await.unwrap();
    let left = open().await;
    assert_eq!((left.pieces, left.oldest), (-40, -40));
    assert_eq!((left.since, left.record), (day(0), Some(later)));
    let (one, _) = books.reads(&field.manager).explainable(left.account, left.batch).await.unwrap();
    assert_eq!((one.since, one.oldest), (day(0), -40));

    let movements = books.reads(&field.manager).reversible_movements(settled).await.unwrap();
    let reverse = Reverse { movements, reason: Reason::TypedWrong };
    manager.reverse(field.said(0), reverse).await.unwrap();
    let again = open().await;
    assert_eq!((again.pieces, again.oldest, again.since), (-340, -300, day(-3)));
    field.adds_up().await;
}

async fn a_late_fact_explains_the_shortfall_of_an_event(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    // What is lacking is taken from the newest batch.
    let lost = field.change_of(field.second.batch, Change::Lost, 100);
    let lost = field.happened(&field.worker, lost).await;
    let event = field.planned().await;
    let body = sheet(event, vec![row(field.leaflets, 1_700, 0, 0)]);
    let said = Submission { confirmed: true, ..field.said(0) };
    books.writes(&field.worker).event_sheet(said, body).await.unwrap();
    assert_eq!(field.waits(&field.manager, TaskKind::ExplainShortfall).await.len(), 1);
    // Nothing had been lost after all.
    let movements = books.reads(&field.worker).reversible_movements(lost).await.unwrap();
    let reverse = Reverse { movements, reason: Reason::DidNotHappen };
    books.writes(&field.worker).reverse(field.said(0), reverse).await.unwrap();
    assert!(books.reads(&field.manager).unexplained().await.unwrap().is_empty());
    assert!(field.waits(&field.manager, TaskKind::ExplainShortfall).await.is_empty());
    field.adds_up().await;
}

async fn what_explains_nothing_is_refused(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    field.happened(&field.worker, field.change(Change::Lost, 1_600)).await;
    let manager = books.writes(&field.manager);
    let difference = Account::CountDifference(field.store);
    let too_much = manager.settle(field.said(0), field.settling(difference, 101)).await;
    let Err(CorrectionError::Record(RecordError::Refused(Refusal::SettlesTooMuch { open: 100 }))) =
        too_much
    else {
        panic!("{too_much:?}")
    };
    let itself = field.settling(Account::store(field.store), 100);
    let itself = manager.settle(field.said(0), itself).await;
    let Err(CorrectionError::Record(RecordError::Refused(Refusal::WrongAccounts { .. }))) = itself
    else {
        panic!("{itself:?}")
    };
    let printer = field.settling(Account::Printer(books.id()), 100);
    let printer = manager.settle(field.said(0), printer).await;
    let Err(CorrectionError::Record(RecordError::Denied(Denied::NotFound))) = printer else {
        panic!("{printer:?}")
    };
    for who in [&field.worker, &field.clerk] {
        let body = field.settling(difference, 100);
        let denied = books.writes(who).settle(field.said(0), body).await;
        assert!(matches!(denied, Err(CorrectionError::Record(RecordError::Denied(_)))));
    }
}
