//! What was recorded about a consignment is taken back.

use super::road::{Road, pieces};
use crate::books::{Books, on_both};
use domain::consignment::State;
use domain::ids::{ConsignmentId, PackId, RecordId};
use domain::ledger::Reason;
use domain::records::keeping::{BatchPieces, Change, Reverse, StockChange};
use domain::records::packs::OpenPack;
use domain::role::{Actor, Role};
use std::sync::Arc;
use stock::consignments::LineWish;
use stock::corrections::CorrectionError;
use stock::packs::PackState;

on_both!(
    what_did_not_leave_can_be_sent_again,
    what_did_not_arrive_is_on_the_road_again_in_its_cartons,
    a_carton_that_was_opened_to_send_stays_open,
    movements_of_others_are_not_named,
);

impl Road {
    async fn undo(&self, who: &Actor, record: RecordId) -> Result<(), CorrectionError> {
        let movements = self.books.reads(who).reversible_movements(record).await?;
        let body = Reverse { movements, reason: Reason::DidNotHappen };
        self.books.world.wait_ms(1);
        self.books.writes(who).reverse(self.now(), body).await?;
        Ok(())
    }

    /// The record with which a consignment left.
    async fn dispatch_of(&self, id: ConsignmentId) -> RecordId {
        let timeline = self.books.reads(&self.sender).consignment(id).await.unwrap().timeline;
        timeline
            .iter()
            .find(|entry| entry.what == stock::consignments::Said::Dispatched)
            .unwrap()
            .record
    }

    async fn state_of(&self, id: ConsignmentId) -> State {
        self.books.reads(&self.sender).consignment(id).await.unwrap().consignment.state
    }

    /// How each carton is, and the store that answers for it.
    async fn cartons_are(&self) -> Vec<(PackState, String)> {
        let packs = self.books.reads(&self.sender).packs_of(self.batch).await.unwrap();
        packs.into_iter().map(|pack| (pack.state, pack.holder_name)).collect()
    }
}

fn in_kabul(state: PackState) -> (PackState, String) {
    (state, "KBL".to_owned())
}

async fn what_did_not_leave_can_be_sent_again(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    let dispatch = road.dispatch_of(id).await;
    road.undo(&road.sender, dispatch).await.unwrap();
    assert_eq!(road.state_of(id).await, State::Draft);
    assert_eq!(road.cartons_are().await, vec![in_kabul(PackState::Sealed); 4]);
    road.verify().await;
    road.books.world.wait_ms(1);
    let away = road.books.writes(&road.sender).dispatch(road.now(), id).await.unwrap();
    assert_eq!((away.pieces, away.packs), (1_000, 2));
    road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    road.verify().await;
}

async fn what_did_not_arrive_is_on_the_road_again_in_its_cartons(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    let dispatch = road.dispatch_of(id).await;
    road.books.world.wait_ms(1);
    let arrived = road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    road.undo(&road.receiver, arrived.record).await.unwrap();
    assert_eq!(road.state_of(id).await, State::Dispatched);
    assert_eq!(road.cartons_are().await, vec![in_kabul(PackState::Sealed); 4]);
    road.verify().await;
    road.undo(&road.sender, dispatch).await.unwrap();
    assert_eq!(road.cartons_are().await, vec![in_kabul(PackState::Sealed); 4]);
    road.books.world.wait_ms(1);
    road.books.writes(&road.sender).dispatch(road.now(), id).await.unwrap();
    road.verify().await;
}

async fn a_carton_that_was_opened_to_send_stays_open(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    let packs: Vec<PackId> = road.cartons.iter().map(|(pack, _)| *pack).collect();
    writer.open_pack(road.now(), OpenPack { pack: packs[3], found: None }).await.unwrap();
    writer.add_lines(id, LineWish::Material(road.leaflets, pieces(1_350))).await.unwrap();
    road.books.world.wait_ms(1);
    assert_eq!(writer.dispatch(road.now(), id).await.unwrap().packs, 2);
    let opened = road.cartons_are().await;
    let dispatch = road.dispatch_of(id).await;
    road.undo(&road.sender, dispatch).await.unwrap();
    assert_eq!(road.cartons_are().await, opened, "but in Kabul again");
    road.books.world.wait_ms(1);
    writer.dispatch(road.now(), id).await.unwrap();
    road.verify().await;
}

async fn movements_of_others_are_not_named(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    road.books.world.wait_ms(1);
    let arrived = road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    road.books.world.wait_ms(1);
    let lines = vec![BatchPieces { batch: road.batch, pieces: pieces(400) }];
    let (store, reason) = (road.balkh, Reason::Missing);
    let lost = StockChange { store, change: Change::Lost, reason, lines };
    road.books.writes(&road.receiver).change_stock(road.now(), lost).await.unwrap();

    let offered = road.undo(&road.manager, arrived.record).await;
    let Err(CorrectionError::ReverseFirst(steps)) = offered else { panic!("{offered:?}") };
    assert_eq!(steps.len(), 2);
    // What happened in Balkh is not Kabul's to know.
    let in_kabul = road.books.staff_in(Role::Manager, "AF01");
    let refused = road.undo(&in_kabul, arrived.record).await;
    assert!(matches!(refused, Err(CorrectionError::BuiltOn)), "{refused:?}");
    let in_balkh = road.books.staff_in(Role::Manager, "AF21");
    let offered = road.undo(&in_balkh, arrived.record).await;
    assert!(matches!(offered, Err(CorrectionError::ReverseFirst(_))), "{offered:?}");
}
