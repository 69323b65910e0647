//! Stock that is taken by codes, comes back, or is left in a public place.

use super::{Field, pieces, row, sheet};
use crate::books::{Books, on_both};
use domain::account::{Account, Real};
use domain::code::Code;
use domain::events::{PublicPlace, SheetDecision};
use domain::ids::{EventId, RecordId};
use domain::material::MaterialKind;
use domain::records::events::{BringBack, DecideGoods, Goods, LeaveInPublic, TakeStock};
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::role::{Actor, PlaceCode, Role};
use std::sync::Arc;
use stock::access::Denied;
use stock::events::{CodeProblem, DecideError, DropFilter, EventError, GoodsDecided, HeldReason};
use stock::packs::{LabelsOf, PackState};
use stock::tasks::TaskKind;
use stock::{RecordError, Submission};

on_both!(
    cartons_are_taken_by_their_codes_and_come_back_open,
    cartons_that_come_back_whole_stay_sealed,
    an_unknown_code_is_held,
    goods_that_could_not_be_booked_are_posted_later,
    held_goods_that_were_a_mistake_are_dropped,
    pieces_are_left_in_clinics_without_an_event,
    what_a_store_has_used_up_lacks_in_its_last_batch,
);

impl Field {
    /// Takes leaflets for an event without saying which batch.
    pub async fn take(&self, event: EventId, count: i64) {
        let materials = vec![(self.leaflets, pieces(count))];
        let body = TakeStock { event, goods: Goods { materials, ..Goods::default() } };
        let taken = self.books.writes(&self.worker).take_stock(self.said(0), body).await.unwrap();
        assert!(taken.assumed && taken.held.is_none());
    }

    async fn cartons(&self) -> Vec<Code> {
        let reader = self.books.reads(&self.worker);
        let labels = reader.labels(LabelsOf::Batch(self.first.batch)).await.unwrap();
        labels.into_iter().map(|label| label.code).filter(|c| *c != self.first.code).collect()
    }

    async fn state(&self, code: Code) -> PackState {
        let reader = self.books.reads(&self.worker);
        let found = reader.find_codes(&[code]).await.unwrap().remove(0).1.unwrap();
        reader.pack(found.pack.unwrap().0).await.unwrap().unwrap().row.state
    }
}

fn packs(codes: &[Code]) -> Goods {
    Goods { packs: codes.to_vec(), ..Goods::default() }
}

async fn cartons_are_taken_by_their_codes_and_come_back_open(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let codes = field.cartons().await;
    assert_eq!(codes.len(), 3);
    let worker = books.writes(&field.worker);
    let body = TakeStock { event, goods: packs(&codes[..1]) };
    let taken = worker.take_stock(field.said(0), body).await.unwrap();
    assert!(!taken.assumed);
    assert_eq!(field.leaflets_at(event).await.there, 500);
    assert_eq!(field.state(codes[0]).await, PackState::Sealed);
    let rows = vec![row(field.leaflets, 500, 120, 0)];
    let said = worker.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    assert!(!said.assumed, "its batch was scanned when it left");
    assert_eq!(field.state(codes[0]).await, PackState::Opened);
    assert_eq!(field.state(codes[1]).await, PackState::Sealed);
    assert_eq!(field.in_store(field.first.batch).await, 1_120);
    field.adds_up().await;
}

async fn cartons_that_come_back_whole_stay_sealed(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let codes = field.cartons().await;
    let worker = books.writes(&field.worker);
    let body = TakeStock { event, goods: packs(&codes[..2]) };
    worker.take_stock(field.said(0), body).await.unwrap();
    let back = BringBack { event, rows: vec![(field.leaflets, pieces(1_000))] };
    worker.bring_back(field.said(0), back).await.unwrap();
    assert_eq!(field.leaflets_at(event).await.there, 0);
    assert_eq!(field.state(codes[0]).await, PackState::Sealed);
    assert_eq!(field.in_store(field.first.batch).await, 1_500);
    field.adds_up().await;
}

async fn an_unknown_code_is_held(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let code = Code::from_random(42).unwrap();
    let reader = books.reads(&field.worker);
    let found = reader.find_codes(&[code, field.first.code]).await.unwrap();
    assert_eq!(found[0].1, Err(CodeProblem::Unknown));
    assert_eq!(found[1].1.unwrap().batch, field.first.batch);
    let body = TakeStock { event, goods: packs(&[code]) };
    let taken = books.writes(&field.worker).take_stock(field.said(0), body).await.unwrap();
    assert_eq!(taken.held, Some(HeldReason::UnknownCode { code }));
    assert!(field.detail(event).await.materials.is_empty());
    field.adds_up().await;
}

impl Field {
    /// Nine stickers that go to the event, or come back from it: the store has none.
    async fn held_goods(&self, event: EventId) -> [RecordId; 2] {
        let rows = vec![(self.stickers, pieces(9))];
        let goods = Goods { materials: rows.clone(), ..Goods::default() };
        let worker = self.books.writes(&self.worker);
        let took = worker.take_stock(self.said(0), TakeStock { event, goods }).await.unwrap();
        let back = worker.bring_back(self.said(0), BringBack { event, rows }).await.unwrap();
        let why = Some(HeldReason::NoBatch { material: self.stickers });
        assert_eq!((took.held, back.held), (why, why));
        [took.record, back.record]
    }

    async fn decide_goods(
        &self,
        by: &Actor,
        record: RecordId,
        decision: SheetDecision,
    ) -> Result<GoodsDecided, DecideError> {
        let body = DecideGoods { record, decision };
        self.books.writes(by).decide_goods(self.said(0), body).await
    }

    async fn waiting_goods(&self) -> usize {
        let tasks = self.books.reads(&self.worker).tasks().await.unwrap();
        tasks.iter().filter(|task| task.kind == TaskKind::DecideGoods).count()
    }
}

async fn goods_that_could_not_be_booked_are_posted_later(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let [took, back] = field.held_goods(event).await;
    assert_eq!(field.waiting_goods().await, 2);
    let still = field.decide_goods(&field.worker, took, SheetDecision::PostNow).await;
    let Err(DecideError::StillHeld(_)) = still else { panic!("{still:?}") };
    let stranger = books.staff(Role::Logistics);
    let denied = field.decide_goods(&stranger, took, SheetDecision::PostNow).await;
    assert!(matches!(denied, Err(DecideError::Event(_))), "{denied:?}");

    let row = FirstCountRow { material: field.stickers, cartons: None, loose: Some(pieces(100)) };
    let count = FirstCount { store: field.store, rows: vec![row] };
    let counted = books.writes(&field.worker).first_count(field.said(-3), count).await.unwrap();
    let stickers = counted.batches[0].batch;
    let wrong = field.decide_goods(&field.worker, took, SheetDecision::Correction).await;
    assert!(matches!(wrong, Err(DecideError::WrongDecision)), "{wrong:?}");
    let posted = field.decide_goods(&field.worker, took, SheetDecision::PostNow).await.unwrap();
    assert!(posted.assumed && posted.movements.len() == 1);
    assert_eq!(field.in_store(stickers).await, 91);
    field.decide_goods(&field.manager, back, SheetDecision::PostNow).await.unwrap();
    assert_eq!(field.in_store(stickers).await, 100);
    let again = field.decide_goods(&field.worker, back, SheetDecision::Same).await;
    assert!(matches!(again, Err(DecideError::NotWaiting)), "{again:?}");
    assert_eq!(field.waiting_goods().await, 0);
    let said = books.reads(&field.worker).event_records(event).await.unwrap();
    let pieces: Vec<_> = said.iter().map(|said| (said.pieces, said.is_held)).collect();
    assert_eq!(pieces, [(9, false), (9, false)], "{said:?}");
    field.adds_up().await;
}

async fn held_goods_that_were_a_mistake_are_dropped(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    for record in field.held_goods(event).await {
        let held = books.reads(&field.worker).held_goods(record).await.unwrap().unwrap();
        assert_eq!((held.event, held.decided_by), (event, None));
        assert_eq!(held.said.materials, [(field.stickers, pieces(9))]);
        field.decide_goods(&field.worker, record, SheetDecision::Same).await.unwrap();
        let held = books.reads(&field.worker).held_goods(record).await.unwrap().unwrap();
        assert!(held.decided_by.is_some());
    }
    assert_eq!(field.waiting_goods().await, 0);
    let said = books.reads(&field.worker).event_records(event).await.unwrap();
    assert!(said.iter().all(|said| said.is_dropped && !said.is_held), "{said:?}");
    field.adds_up().await;
}

async fn pieces_are_left_in_clinics_without_an_event(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let goods = Goods {
        materials: vec![(field.leaflets, pieces(70)), (field.leaflets, pieces(30))],
        batches: vec![(field.second.code, pieces(40))],
        ..Goods::default()
    };
    let body = LeaveInPublic {
        store: field.store,
        place: PlaceCode::new("AF2101"),
        kind: PublicPlace::Clinic,
        places: Some(3),
        goods,
    };
    let worker = books.writes(&field.worker);
    let left = worker.leave_in_public(field.said(0), body.clone()).await.unwrap();
    assert_eq!((left.number.as_str(), left.assumed), ("D-REL-0001", true));
    let drops = books.reads(&field.worker).drops(&DropFilter::default(), 100).await.unwrap();
    assert_eq!((drops.len(), drops[0].pieces, drops[0].places), (1, 140, Some(3)));
    let detail = books.reads(&field.worker).drop_off(left.drop).await.unwrap().unwrap();
    assert_eq!(detail.lines[0].pieces, 140);
    assert_eq!(field.in_store(field.second.batch).await, 160);
    let month = field.today().month();
    let given = books.reads(&field.manager).month_given(month).await.unwrap();
    assert_eq!((given[0].kind, given[0].at_drops), (MaterialKind::Leaflet, true));
    assert_eq!(books.reads(&field.manager).month_events(month).await.unwrap().held, 0);

    let in_kabul = LeaveInPublic { place: PlaceCode::new("AF0101"), ..body.clone() };
    let in_balkh = books.staff_in(Role::Logistics, "AF21");
    let elsewhere = books.writes(&in_balkh).leave_in_public(field.said(0), in_kabul).await;
    let Err(EventError::Record(RecordError::Denied(Denied::NotFound))) = elsewhere else {
        panic!("{elsewhere:?}")
    };

    let goods = Goods { batches: vec![(field.second.code, pieces(161))], ..Goods::default() };
    let lacking = LeaveInPublic { goods, ..body.clone() };
    let said = Submission { confirmed: true, ..field.said(0) };
    let lacking = worker.leave_in_public(said, lacking).await.unwrap();
    let lacked = async |drop| {
        books.reads(&field.worker).drop_off(drop).await.unwrap().map(|detail| detail.lacked)
    };
    assert_eq!((lacked(left.drop).await, lacked(lacking.drop).await), (Some(0), Some(1)));
    let tasks = books.reads(&field.manager).tasks().await.unwrap();
    assert!(tasks.iter().any(|task| task.kind == TaskKind::ExplainShortfall), "{tasks:?}");

    let goods = Goods { materials: vec![(field.stickers, pieces(9))], ..Goods::default() };
    let held = LeaveInPublic { goods, ..body };
    let held = worker.leave_in_public(field.said(0), held).await.unwrap();
    assert_eq!(held.held, Some(HeldReason::NoBatch { material: field.stickers }));
    let drops = books.reads(&field.worker).drops(&DropFilter::default(), 100).await.unwrap();
    assert!(drops.iter().any(|drop| drop.held.is_some() && drop.pieces == 0));
    field.adds_up().await;
}

async fn what_a_store_has_used_up_lacks_in_its_last_batch(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let left = async |count| {
        let body = LeaveInPublic {
            store: field.store,
            place: PlaceCode::new("AF2101"),
            kind: PublicPlace::Clinic,
            places: None,
            goods: Goods { materials: vec![(field.leaflets, pieces(count))], ..Goods::default() },
        };
        let said = Submission { confirmed: true, ..field.said(0) };
        let left = books.writes(&field.worker).leave_in_public(said, body).await.unwrap();
        assert_eq!(left.held, None);
        books.reads(&field.worker).drop_off(left.drop).await.unwrap().unwrap().lacked
    };
    assert_eq!(left(1_600).await, 0);
    // Of the second batch 100 pieces are there, and nothing of the first one.
    assert_eq!(left(130).await, 30);
    assert_eq!(left(10).await, 10);
    let unexplained = Account::Unexplained(Real::Store(field.store));
    assert_eq!(field.pieces(field.first.batch, unexplained).await, 0);
    assert_eq!(field.pieces(field.second.batch, unexplained).await, -40);
    field.adds_up().await;
}
