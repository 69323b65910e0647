//! The same pieces, or the same pack.

use super::at_once;
use crate::books::{Books, on_both};
use crate::consignments::road::{Road, delivery, pieces};
use crate::runs::{Press, cartons, confirmed};
use domain::account::{Account, Real};
use domain::consignment::Rest;
use domain::ids::BatchId;
use domain::ledger::Reason;
use domain::records::keeping::{BatchPieces, Change, Reverse, StockChange};
use domain::records::packs::FoundSealed;
use domain::role::Role;
use domain::run::Order;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use stock::Submission;
use stock::consignments::{DeliverError, DispatchError, LineWish};
use stock::packs::PackState;

on_both!(
    a_carton_leaves_once,
    nobody_sends_what_another_has_just_sent,
    a_delivery_is_entered_once_by_two_people,
    facts_at_the_same_moment_end_as_one_after_the_other,
    an_order_whose_goods_come_is_not_changed,
    no_pack_is_sealed_of_pieces_that_are_taken_back,
    books_are_proved_while_people_write,
);

const PEOPLE: usize = 6;

async fn a_carton_leaves_once(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let (carton, code) = road.cartons[0];
    let mut drafts = Vec::new();
    for _ in 0..PEOPLE {
        let id = road.draft(road.balkh).await;
        let codes = LineWish::Codes(vec![(code, None)]);
        road.books.writes(&road.sender).add_lines(id, codes).await.unwrap();
        drafts.push(id);
    }
    let sent = at_once(drafts.into_iter().map(|id| {
        let road = road.clone();
        async move { road.books.writes(&road.sender).dispatch(road.now(), id).await }
    }))
    .await;
    assert_eq!(sent.iter().filter(|answer| answer.is_ok()).count(), 1, "{sent:?}");
    for refused in sent.iter().filter_map(|answer| answer.as_ref().err()) {
        let gone = matches!(refused, DispatchError::PacksGone(gone) if gone[..] == [code]);
        assert!(gone, "{refused:?}");
    }
    let packs = road.books.reads(&road.sender).packs_of(road.batch).await.unwrap();
    let there = packs.iter().find(|pack| pack.id == carton).unwrap();
    assert_eq!(there.state, PackState::Sealed);
    road.verify().await;
}

/// 2,300 pieces in cartons of 500 and 300 loose ones, and nine drafts of 290.
async fn nobody_sends_what_another_has_just_sent(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let mut drafts = Vec::new();
    for _ in 0..9 {
        let id = road.draft(road.balkh).await;
        let wish = LineWish::Codes(vec![(road.batch_code, Some(pieces(290)))]);
        road.books.writes(&road.sender).add_lines(id, wish).await.unwrap();
        drafts.push(id);
    }
    let sent = at_once(drafts.into_iter().map(|id| {
        let road = road.clone();
        async move { road.books.writes(&road.sender).dispatch(road.now(), id).await }
    }))
    .await;
    assert_eq!(sent.iter().filter(|answer| answer.is_ok()).count(), 7, "{sent:?}");
    for refused in sent.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(refused, DispatchError::Short(_)), "{refused:?}");
    }
    road.verify().await;
}

async fn a_delivery_is_entered_once_by_two_people(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let id = road.sent(road.balkh, 1_000).await;
    let delivered = at_once((0..PEOPLE).map(|_| {
        let road = road.clone();
        async move {
            let receiver = road.books.staff_in(Role::Logistics, "AF21");
            let counted = delivery(id, road.count(2, 1_000, 0), Rest::NothingMore, &[]);
            road.books.writes(&receiver).deliver(road.now(), counted).await
        }
    }))
    .await;
    assert_eq!(delivered.iter().filter(|answer| answer.is_ok()).count(), 1, "{delivered:?}");
    for refused in delivered.iter().filter_map(|answer| answer.as_ref().err()) {
        let known = matches!(refused, DeliverError::NotUnderWay(_));
        assert!(known || matches!(refused, DeliverError::AlreadyReceived(_)), "{refused:?}");
    }
    road.verify().await;
}

/// A store that never had the batch: half of them find what the other half loses. One after the
/// other they explain each other, so nothing stays unexplained.
async fn facts_at_the_same_moment_end_as_one_after_the_other(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    for _ in 0..4 {
        let (batch, _) = road.opening_again(road.leaflets).await;
        let changes = [Change::Damaged, Change::Salvaged];
        let done = at_once((0..PEOPLE).map(|n| {
            let (road, change) = (road.clone(), changes[n % 2].clone());
            async move {
                let body = StockChange {
                    store: road.balkh,
                    change,
                    reason: Reason::Wet,
                    lines: vec![BatchPieces { batch, pieces: pieces(10) }],
                };
                let said = Submission { confirmed: true, ..road.now() };
                road.books.writes(&road.receiver).change_stock(said, body).await
            }
        }))
        .await;
        for answer in &done {
            assert!(answer.is_ok(), "{answer:?}");
        }
        for real in [Real::Store(road.balkh), Real::Damaged(road.balkh)] {
            assert_eq!(on(&road, batch, Account::Unexplained(real)).await, 0, "{real:?}");
            assert_eq!(on(&road, batch, Account::Real(real)).await, 0, "{real:?}");
        }
    }
    road.verify().await;
}

/// Of a batch that is damaged as a whole, enough is saved for one carton. Somebody finds that
/// carton sealed while somebody else takes the saving back.
async fn no_pack_is_sealed_of_pieces_that_are_taken_back(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let sender = road.books.writes(&road.sender);
    for _ in 0..6 {
        let (batch, _) = road.opening_again(road.leaflets).await;
        let packs = road.books.reads(&road.sender).packs_of(batch).await.unwrap();
        let change = async |change, count| {
            let lines = vec![BatchPieces { batch, pieces: pieces(count) }];
            let body = StockChange { store: road.kabul, change, reason: Reason::Wet, lines };
            let said = Submission { confirmed: true, ..road.now() };
            let record = said.envelope.id;
            sender.change_stock(said, body).await.unwrap();
            record
        };
        change(Change::Damaged, 1_500).await;
        let saved = change(Change::Salvaged, 600).await;
        let movements = road.books.reads(&road.sender).reversible_movements(saved).await.unwrap();
        let (seals, takes, pack) = (road.clone(), road.clone(), packs[0].id);
        let found: Pin<Box<dyn Future<Output = bool> + Send>> = Box::pin(async move {
            let writer = seals.books.writes(&seals.sender);
            writer.found_sealed(seals.now(), FoundSealed { pack }).await.is_ok()
        });
        let taken_back = Box::pin(async move {
            let body = Reverse { movements, reason: Reason::TypedWrong };
            takes.books.writes(&takes.sender).reverse(takes.now(), body).await.unwrap();
            true
        });
        let done = at_once([found, taken_back]).await;
        let pack = road.books.reads(&road.sender).pack(pack).await.unwrap().unwrap();
        assert_eq!(pack.row.state, PackState::Check, "{done:?}");
    }
    road.verify().await;
}

/// 11,000 pieces are too many for the first order and not for the second.
async fn an_order_whose_goods_come_is_not_changed(books: Arc<Books>) {
    let press = Arc::new(Press::new(books).await);
    for _ in 0..6 {
        let run = press.ordered().await;
        let (clerk, second) = (press.clone(), press.clone());
        let more = Order { ordered: pieces(12_000), ..press.order() };
        let change: Pin<Box<dyn Future<Output = bool> + Send>> = Box::pin(async move {
            clerk.books.writes(&clerk.clerk).edit_run(run, 1, more).await.is_ok()
        });
        let receive = Box::pin(async move {
            let delivery = second.delivery(run, vec![cartons(22, 500)]);
            let said = confirmed(second.now());
            second.books.writes(&second.second).receive(said, delivery).await.unwrap().on_hold
        });
        let [changed, on_hold] = at_once([change, receive]).await[..] else { panic!("two did it") };
        assert_eq!(changed, !on_hold, "it was received by the order that stands");
    }
    press.adds_up().await;
}

async fn on(road: &Road, batch: BatchId, account: Account) -> i64 {
    let places = road.books.reads(&road.manager).whereabouts(batch).await.unwrap();
    places.iter().filter(|place| place.account == account).map(|place| place.pieces).sum()
}

/// What is written meanwhile is in all that the proof looks at, or in nothing of it.
async fn books_are_proved_while_people_write(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let (written, mut proofs) = (Arc::new(AtomicBool::new(false)), 0);
    let writing = tokio::spawn({
        let (road, written) = (road.clone(), written.clone());
        async move {
            for _ in 0..60 {
                let body = StockChange {
                    store: road.kabul,
                    change: Change::Damaged,
                    reason: Reason::Wet,
                    lines: vec![BatchPieces { batch: road.batch, pieces: pieces(1) }],
                };
                road.books.writes(&road.sender).change_stock(road.now(), body).await.unwrap();
                road.books.stock.seal_waiting().await.unwrap();
            }
            written.store(true, Ordering::SeqCst);
        }
    });
    while !written.load(Ordering::SeqCst) && proofs < 1_000 {
        road.books.is_right().await;
        proofs += 1;
    }
    writing.await.unwrap();
    assert!(proofs > 1);
}
