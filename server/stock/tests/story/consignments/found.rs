//! Packs after a count: those that came without being sent, and those that have to be looked for.

use super::road::{Road, delivery, pieces};
use crate::books::{Books, on_both};
use domain::consignment::{CountedLine, Rest, State};
use domain::ids::{ConsignmentId, PackId};
use domain::pack::PackState;
use domain::records::consignment::Became;
use domain::records::packs::FoundSealed;
use std::sync::Arc;
use stock::consignments::{CodeTrouble, Difference, LineError, LineWish};
use stock::packs::PackError;
use stock::tasks::TaskKind;

on_both!(
    a_carton_that_nobody_sent_is_extra_and_has_a_name,
    another_edition_that_nobody_sent_is_extra_too,
    a_carton_that_came_instead_of_another_is_named,
    a_carton_that_was_on_another_road_is_missing_there,
    cartons_counted_without_labels_can_be_sent_on,
    of_too_few_cartons_somebody_looks_for_each,
);

impl Road {
    /// Cartons under way by their codes.
    async fn sent_codes(&self, cartons: &[usize]) -> ConsignmentId {
        let id = self.draft(self.balkh).await;
        let codes = cartons.iter().map(|at| (self.cartons[*at].1, None)).collect();
        let writer = self.books.writes(&self.sender);
        writer.add_lines(id, LineWish::Codes(codes)).await.unwrap();
        writer.dispatch(self.on("2017-05-30"), id).await.unwrap();
        id
    }

    fn read(&self, cartons: &[usize], line: CountedLine) -> CountedLine {
        let packs = cartons.iter().map(|at| self.cartons[*at].0).collect();
        CountedLine { packs, ..line }
    }

    async fn pack_is(&self, pack: PackId) -> (PackState, String) {
        let pack = self.books.reads(&self.sender).pack(pack).await.unwrap().unwrap();
        (pack.row.state, pack.row.holder_name)
    }

    /// A draft from Balkh to the partner with these labels.
    async fn sends_on(&self, cartons: &[usize]) -> Result<(), LineError> {
        self.books.world.wait_ms(1);
        let id = self.books.id();
        let writer = self.books.writes(&self.receiver);
        let trip = stock::consignments::TripDetails::new("Driver", "BAL 1", None).unwrap();
        let carrier = stock::consignments::Carrier::Own(trip);
        let (from, to) = (self.balkh, self.partner_store);
        let new = stock::consignments::NewConsignment { id, from, to, carrier };
        writer.draft_consignment(new).await.unwrap();
        let codes = cartons.iter().map(|at| (self.cartons[*at].1, None)).collect();
        writer.add_lines(id, LineWish::Codes(codes)).await
    }
}

async fn a_carton_that_nobody_sent_is_extra_and_has_a_name(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent_codes(&[0, 1]).await;
    let line = road.read(&[0, 1, 3], road.count(3, 1_500, 0));
    let delivered = road.delivers(&road.receiver, id, line).await.unwrap();
    let extra = Difference { batch: road.batch, missing: 0, extra: 500 };
    assert_eq!(delivered.differences, [extra]);
    let named: Vec<_> =
        delivered.unsent.iter().map(|pack| (pack.pack, pack.code, pack.pieces)).collect();
    assert_eq!(named, [(road.cartons[3].0, road.cartons[3].1, 500)]);
    for at in [0, 1, 3] {
        let sealed = (PackState::Sealed, "BAL".to_owned());
        assert_eq!(road.pack_is(road.cartons[at].0).await, sealed, "carton {at}");
    }
    let detail = road.books.reads(&road.sender).consignment(id).await.unwrap();
    let found = &detail.unsent[0];
    assert_eq!((found.number, found.total, found.pieces), (4, 4, 500));
    assert_eq!(found.title.edition, "2017-1");
    assert_eq!(detail.look_for, []);
    let tasks = road.books.reads(&road.sender).tasks().await.unwrap();
    assert!(tasks.iter().any(|task| task.kind == TaskKind::ExplainDelivery));
    let writer = road.books.writes(&road.sender);
    let loaded = domain::records::consignment::Explain {
        consignment: id,
        batch: road.batch,
        pieces: pieces(500),
        became: Became::LoadedUnwritten,
        reason: domain::ledger::Reason::CountedWrong,
    };
    writer.explain(road.now(), loaded).await.unwrap();
    let closed = road.books.reads(&road.sender).consignment(id).await.unwrap();
    assert_eq!(closed.consignment.state, State::Closed);
    road.verify().await;
}

async fn another_edition_that_nobody_sent_is_extra_too(books: Arc<Books>) {
    let road = Road::build(books).await;
    let stickers = super::road::material(&road.books, "Stickers", "M2").await;
    let (batch, _) = road.opening(stickers, 2, None).await;
    let packs = road.books.reads(&road.sender).packs_of(batch).await.unwrap();
    let id = road.sent_codes(&[0]).await;
    let mut delivery = delivery(id, road.count(1, 500, 0), Rest::NothingMore, &[]);
    delivery.lines.push(CountedLine { batch, packs: vec![packs[1].id], ..road.count(1, 500, 0) });
    let writer = road.books.writes(&road.receiver);
    let delivered = writer.deliver(road.now(), delivery).await.unwrap();
    assert_eq!(delivered.differences, [Difference { batch, missing: 0, extra: 500 }]);
    assert_eq!(delivered.unsent[0].batch, batch);
    assert_eq!(road.pack_is(packs[1].id).await.0, PackState::Sealed);
    // A receiver who has not counted learns nothing of it.
    let other = road.sent_codes(&[1]).await;
    let detail = road.books.reads(&road.receiver).consignment(other).await.unwrap();
    assert_eq!((detail.unsent, detail.look_for), (Vec::new(), Vec::new()));
    road.verify().await;
}

async fn a_carton_that_came_instead_of_another_is_named(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent_codes(&[0, 1]).await;
    let line = road.read(&[0, 3], road.count(2, 1_000, 0));
    let delivered = road.delivers(&road.receiver, id, line).await.unwrap();
    assert_eq!(delivered.differences, [], "the pieces agree");
    assert_eq!(delivered.unsent[0].code, road.cartons[3].1);
    let (sealed, check) = (PackState::Sealed, PackState::Check);
    assert_eq!(road.pack_is(road.cartons[3].0).await, (sealed, "BAL".to_owned()));
    assert_eq!(road.pack_is(road.cartons[1].0).await, (check, "KBL".to_owned()));
    let look_for = |detail: stock::consignments::Detail| -> Vec<PackId> {
        detail.look_for.iter().map(|pack| pack.pack).collect()
    };
    let sender = road.books.reads(&road.sender).consignment(id).await.unwrap();
    assert_eq!(look_for(sender), [road.cartons[1].0]);
    let receiver = road.books.reads(&road.receiver).consignment(id).await.unwrap();
    assert_eq!(look_for(receiver), [], "the receiver does not look in another store");
    let body = FoundSealed { pack: road.cartons[1].0 };
    road.books.writes(&road.sender).found_sealed(road.now(), body).await.unwrap();
    assert_eq!(road.pack_is(road.cartons[1].0).await.0, sealed);
    road.verify().await;
}

async fn a_carton_that_was_on_another_road_is_missing_there(books: Arc<Books>) {
    let road = Road::build(books).await;
    let first = road.sent_codes(&[0]).await;
    let second = road.sent_codes(&[1]).await;
    let line = road.read(&[0, 1], road.count(2, 1_000, 0));
    let delivered = road.delivers(&road.receiver, first, line).await.unwrap();
    assert_eq!(delivered.differences[0].extra, 500);
    let none = road.delivers(&road.receiver, second, road.count(0, 0, 0)).await.unwrap();
    assert_eq!(none.differences[0].missing, 500);
    let sealed = (PackState::Sealed, "BAL".to_owned());
    assert_eq!(road.pack_is(road.cartons[1].0).await, sealed);
    road.verify().await;
}

async fn cartons_counted_without_labels_can_be_sent_on(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent_codes(&[0, 1, 2]).await;
    // One bundle is wet, the cartons are all there.
    let delivered = road.delivers(&road.receiver, id, road.count(3, 1_500, 50)).await.unwrap();
    assert_eq!(delivered.differences[0].extra, 50);
    road.sends_on(&[0, 1, 2]).await.unwrap();
    road.verify().await;
}

async fn of_too_few_cartons_somebody_looks_for_each(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent_codes(&[0, 1, 2]).await;
    road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    let Err(LineError::Codes(problems)) = road.sends_on(&[0]).await else { panic!("sent") };
    assert_eq!(problems[0].why, CodeTrouble::NotSealed);
    let detail = road.books.reads(&road.receiver).consignment(id).await.unwrap();
    assert_eq!(detail.look_for.len(), 3);
    let writer = road.books.writes(&road.receiver);
    let is_here = async |at: usize| {
        let body = FoundSealed { pack: road.cartons[at].0 };
        writer.found_sealed(road.now(), body).await
    };
    for at in [0, 2] {
        let found = is_here(at).await.unwrap();
        assert_eq!(found.state, PackState::Sealed);
    }
    let third = is_here(1).await;
    assert!(matches!(third, Err(PackError::NoRoom { unpacked: 0 })), "{third:?}");
    let detail = road.books.reads(&road.receiver).consignment(id).await.unwrap();
    assert_eq!(detail.look_for, [], "the third can only be missing");
    let again = is_here(0).await;
    assert!(matches!(again, Err(PackError::NothingToCheck(PackState::Sealed))), "{again:?}");
    road.sends_on(&[0, 2]).await.unwrap();
    // The books have no room for the third one in Balkh: it is where its pieces are.
    let back = domain::records::consignment::Explain {
        consignment: id,
        batch: road.batch,
        pieces: pieces(500),
        became: Became::CameBack,
        reason: domain::ledger::Reason::CountedWrong,
    };
    road.books.writes(&road.sender).explain(road.now(), back).await.unwrap();
    assert_eq!(road.pack_is(road.cartons[1].0).await, (PackState::Check, "KBL".to_owned()));
    let body = FoundSealed { pack: road.cartons[1].0 };
    let sender = road.books.writes(&road.sender);
    let found = sender.found_sealed(road.now(), body).await.unwrap();
    assert_eq!(found.state, PackState::Sealed);
    road.verify().await;
}
