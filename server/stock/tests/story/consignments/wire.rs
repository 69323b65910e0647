//! Records that come over the wire: what a phone says it sent, and what became of it.

use super::road::{Road, pieces};
use crate::books::{Books, on_both};
use domain::ids::StoreId;
use domain::ledger::Reason;
use domain::records::consignment::{Dispatch, DispatchLine};
use domain::records::keeping::{BatchPieces, Change, StockChange};
use domain::records::{DeviceStamp, Envelope};
use domain::role::{Actor, Scope};
use std::sync::Arc;
use stock::Submission;
use stock::access::Denied;
use stock::consignments::{DispatchError, LineWish};
use stock::keeping::KeepingError;
use stock::records::{Outcome, RecordError, SentFilter};

on_both!(
    a_dispatch_leaves_as_it_was_said_or_not_at_all,
    one_s_own_records_are_found_again_in_order,
    a_device_counts_its_records,
    who_goes_to_another_organisation_leaves_its_records_behind,
    a_store_that_does_not_exist_is_not_found,
);

impl Road {
    fn wet(&self, store: StoreId, count: i64) -> StockChange {
        let lines = vec![BatchPieces { batch: self.batch, pieces: pieces(count) }];
        StockChange { store, change: Change::Damaged, reason: Reason::Wet, lines }
    }
}

async fn a_dispatch_leaves_as_it_was_said_or_not_at_all(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    writer.add_lines(id, LineWish::Codes(vec![(road.cartons[0].1, None)])).await.unwrap();
    let said = |count| Dispatch {
        consignment: id,
        from: road.kabul,
        to: road.balkh,
        lines: vec![DispatchLine {
            batch: road.batch,
            packs: vec![road.cartons[0].0],
            pieces: pieces(count),
        }],
    };
    let other = writer.dispatch_as_said(road.now(), said(400)).await;
    assert!(matches!(other, Err(DispatchError::Changed)), "{other:?}");
    let away = writer.dispatch_as_said(road.now(), said(500)).await.unwrap();
    assert_eq!((away.pieces, away.packs), (500, 1));
    road.verify().await;
}

async fn one_s_own_records_are_found_again_in_order(books: Arc<Books>) {
    let road = Road::build(books).await;
    let writer = road.books.writes(&road.sender);
    for count in 1..=3 {
        road.books.world.wait_ms(1);
        writer.change_stock(road.now(), road.wet(road.kabul, count)).await.unwrap();
    }
    let reader = road.books.reads(&road.sender);
    let mut filter = SentFilter { kind: Some("stock_change".to_owned()), ..Default::default() };
    let first = reader.sent_records(&filter, 2).await.unwrap();
    filter.before = first.last().map(|last| (last.recorded_at, last.id));
    let second = reader.sent_records(&filter, 2).await.unwrap();
    let said = first.iter().chain(&second).map(|one| one.body["lines"][0]["pieces"].as_i64());
    assert_eq!(said.collect::<Vec<_>>(), [Some(3), Some(2), Some(1)]);
    assert_eq!(reader.outcome(first[0].id).await.unwrap(), Some(Outcome::Posted));
    let held = SentFilter { outcome: Some(Outcome::Held), ..Default::default() };
    assert_eq!(reader.sent_records(&held, 10).await.unwrap(), []);
    // Nobody else has sent them.
    let manager = road.books.reads(&road.manager);
    assert_eq!(manager.sent_record(first[0].id).await.unwrap(), None);
}

async fn a_device_counts_its_records(books: Arc<Books>) {
    let road = Road::build(books).await;
    let writer = road.books.writes(&road.sender);
    let stamp = DeviceStamp { device: road.books.id(), sequence: 1 };
    let stamped = || {
        let envelope = Envelope { device: Some(stamp), ..road.now().envelope };
        Submission::new(envelope)
    };
    writer.change_stock(stamped(), road.wet(road.kabul, 1)).await.unwrap();
    let again = writer.change_stock(stamped(), road.wet(road.kabul, 2)).await;
    assert!(matches!(again, Err(KeepingError::Record(RecordError::Conflict))), "{again:?}");
    // Whoever else uses the number takes nothing away from the device.
    let receiver = road.books.writes(&road.receiver);
    let next = DeviceStamp { sequence: 2, ..stamp };
    let stamped = |stamp| {
        let envelope = Envelope { device: Some(stamp), ..road.now().envelope };
        Submission::confirmed(envelope)
    };
    for stamp in [stamp, next] {
        receiver.change_stock(stamped(stamp), road.wet(road.balkh, 1)).await.unwrap();
    }
    writer.change_stock(stamped(next), road.wet(road.kabul, 3)).await.unwrap();
}

async fn who_goes_to_another_organisation_leaves_its_records_behind(books: Arc<Books>) {
    let road = Road::build(books).await;
    let said = road.now();
    let id = said.envelope.id;
    let change = road.wet(road.kabul, 1);
    let writer = road.books.writes(&road.sender);
    writer.change_stock(said.clone(), change.clone()).await.unwrap();
    assert!(road.books.reads(&road.sender).sent_record(id).await.unwrap().is_some());
    let moved = Actor { org: road.partner, scope: Scope::Org(road.partner), ..road.sender.clone() };
    let reader = road.books.reads(&moved);
    assert_eq!(reader.sent_record(id).await.unwrap(), None);
    assert_eq!(reader.sent_records(&SentFilter::default(), 10).await.unwrap(), []);
    let again = road.books.writes(&moved).change_stock(said, change).await;
    assert!(matches!(again, Err(KeepingError::Record(RecordError::Conflict))), "{again:?}");
}

async fn a_store_that_does_not_exist_is_not_found(books: Arc<Books>) {
    let road = Road::build(books).await;
    let writer = road.books.writes(&road.sender);
    let nowhere = writer.change_stock(road.now(), road.wet(road.books.id(), 1)).await;
    let Err(KeepingError::Record(RecordError::Denied(denied))) = nowhere else {
        panic!("{nowhere:?}")
    };
    assert_eq!(denied, Denied::NotFound);
}
