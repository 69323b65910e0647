//! What comes: all of it, less, more, in parts, or nothing.

use super::road::{Road, delivery, pieces, png};
use crate::books::{Books, on_both};
use domain::consignment::{ArrivalError, PaperState, Rest, State};
use domain::ids::{ConsignmentId, RecordId};
use domain::ledger::Reason;
use domain::records::consignment::{
    Became, DifferenceReason, DifferenceReasons, DifferenceSide, Explain,
};
use domain::records::keeping::Reverse;
use std::sync::Arc;
use stock::access::Denied;
use stock::consignments::{DeliverError, Difference, DraftError, ExplainError, Filter, PaperError};
use stock::documents::DocumentKind;
use stock::records::{ConfirmError, RecordError};
use stock::tasks::TaskKind;
use stock::whereabouts::HoldingFilter;

on_both!(
    all_that_was_sent_arrives,
    a_short_delivery_stays_on_the_road_until_somebody_explains_it,
    more_comes_than_was_sent,
    two_deliveries_bring_one_consignment,
    what_came_up_elsewhere_is_confirmed_there,
    what_a_wrong_count_left_out_did_arrive,
    what_a_wrong_count_added_did_not_come,
    the_same_form_twice_delivers_once,
    a_wrong_count_is_refused_and_changes_nothing,
    a_delivery_that_was_a_mistake_is_undone,
    lists_know_the_state_of_each,
    everybody_learns_what_waits_for_him,
    the_register_knows_where_each_paper_is,
);

impl Road {
    async fn state(&self, id: ConsignmentId) -> State {
        self.books.reads(&self.sender).consignment(id).await.unwrap().consignment.state
    }

    async fn in_balkh(&self) -> i64 {
        let filter = HoldingFilter { store: Some(self.balkh), ..HoldingFilter::default() };
        let holdings = self.books.reads(&self.sender).holdings(&filter).await.unwrap();
        holdings.iter().map(|holding| holding.in_store).sum()
    }

    pub fn explains(&self, id: ConsignmentId, count: i64, became: Became) -> Explain {
        let reason = Reason::Checkpoint;
        Explain { consignment: id, batch: self.batch, pieces: pieces(count), became, reason }
    }
}

async fn all_that_was_sent_arrives(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_200).await;
    assert_eq!(road.state(id).await, State::Dispatched);
    let road_list = road.books.reads(&road.sender).in_transit().await.unwrap();
    assert_eq!((road_list[0].days, road_list[0].consignment.in_transit), (2, Some(1_200)));
    let delivered = road.delivers(&road.receiver, id, road.count(2, 1_200, 0)).await.unwrap();
    assert_eq!((delivered.differences.len(), delivered.to_confirm), (0, false));
    assert_eq!(road.state(id).await, State::Closed);
    assert_eq!(road.in_balkh().await, 1_200);
    let packs = road.books.reads(&road.receiver).packs_of(road.batch).await.unwrap();
    assert_eq!(packs.len(), 2, "the receiver has two sealed cartons");
    // Each card names the paper and the store at the other end of the road.
    let number = road.books.reads(&road.sender).consignment(id).await.unwrap().consignment.number;
    for (actor, store, other, delta) in
        [(&road.sender, road.kabul, "BAL", -1_200), (&road.receiver, road.balkh, "KBL", 1_200)]
    {
        let card = road.books.reads(actor).stock_card(store, road.leaflets, None).await.unwrap();
        let line = &card.lines[0];
        assert_eq!(line.delta, delta);
        let document = line.document.as_ref().unwrap();
        assert_eq!(document.kind, DocumentKind::Consignment);
        assert_eq!((document.id, &document.number), (id.uuid(), &number));
        assert!(document.detail.starts_with(other), "{document:?}");
    }
    let card = road.books.reads(&road.sender).stock_card(road.kabul, road.leaflets, None).await;
    assert_eq!(card.unwrap().lines.last().unwrap().document, None, "counted, and no paper");
    road.verify().await;
}

async fn a_short_delivery_stays_on_the_road_until_somebody_explains_it(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 2_000).await;
    let delivered = road.delivers(&road.receiver, id, road.count(3, 1_500, 20)).await.unwrap();
    let missing = Difference { batch: road.batch, missing: 480, extra: 0 };
    assert_eq!(delivered.differences, [missing]);
    assert_eq!(road.state(id).await, State::Delivered);
    let reasons = DifferenceReasons {
        consignment: id,
        reasons: vec![DifferenceReason {
            batch: road.batch,
            side: DifferenceSide::Missing,
            reason: Reason::Checkpoint,
        }],
    };
    let receiver = road.books.writes(&road.receiver);
    receiver.give_reasons(road.now(), reasons).await.unwrap();
    let sender = road.books.writes(&road.sender);
    let too_much = sender.explain(road.now(), road.explains(id, 481, Became::Lost)).await;
    assert!(matches!(too_much, Err(ExplainError::TooMany { open: 480 })), "{too_much:?}");
    let back = road.explains(id, 80, Became::CameBack);
    sender.explain(road.now(), back).await.unwrap();
    assert_eq!(road.state(id).await, State::Delivered);
    // The receiver does not explain away what is missing.
    let his = receiver.explain(road.now(), road.explains(id, 400, Became::Lost)).await;
    let denied = matches!(his, Err(ExplainError::Record(RecordError::Denied(Denied::NotFound))));
    assert!(denied, "{his:?}");
    let manager = road.books.writes(&road.manager);
    manager.explain(road.now(), road.explains(id, 400, Became::Lost)).await.unwrap();
    assert_eq!(road.state(id).await, State::Closed);
    let detail = road.books.reads(&road.receiver).consignment(id).await.unwrap();
    let line = &detail.lines[0];
    assert_eq!(line.missing_reason, Some(Reason::Checkpoint));
    let tally = line.tally.unwrap();
    assert_eq!((tally.sent, tally.received, tally.damaged), (2_000, 1_500, 20));
    assert_eq!((tally.elsewhere, tally.lost, tally.in_transit()), (80, 400, 0));
    road.verify().await;
}

async fn more_comes_than_was_sent(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    let delivered = road.delivers(&road.receiver, id, road.count(2, 1_040, 0)).await.unwrap();
    let extra = Difference { batch: road.batch, missing: 0, extra: 40 };
    assert_eq!(delivered.differences, [extra]);
    assert_eq!((road.state(id).await, road.in_balkh().await), (State::Delivered, 1_040));
    let writer = road.books.writes(&road.sender);
    let loaded = |count| road.explains(id, count, Became::LoadedUnwritten);
    let too_much = writer.explain(road.now(), loaded(41)).await;
    assert!(matches!(too_much, Err(ExplainError::TooMany { open: 40 })), "{too_much:?}");
    writer.explain(road.now(), loaded(40)).await.unwrap();
    assert_eq!(road.state(id).await, State::Closed);
    let detail = road.books.reads(&road.sender).consignment(id).await.unwrap();
    let tally = detail.lines[0].tally.unwrap();
    assert_eq!((tally.extra, tally.extra_explained, tally.in_transit()), (0, 40, 0));
    road.verify().await;
}

async fn two_deliveries_bring_one_consignment(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_500).await;
    let writer = road.books.writes(&road.receiver);
    let first = delivery(id, road.count(2, 1_000, 0), Rest::StillComing, &[]);
    let first = writer.deliver(road.now(), first).await.unwrap();
    assert_eq!(first.differences, [], "the rest is said to be on its way");
    assert_eq!(road.state(id).await, State::PartlyDelivered);
    // A colleague enters the same cartons: he learns what is there already.
    let colleague = road.books.staff_in(domain::role::Role::Logistics, "AF21");
    let twice = delivery(id, road.count(2, 1_000, 0), Rest::NothingMore, &[]);
    let twice = road.books.writes(&colleague).deliver(road.now(), twice).await;
    let Err(DeliverError::AlreadyReceived(earlier)) = twice else { panic!("{twice:?}") };
    assert_eq!((earlier[0].record, earlier[0].pieces), (first.record, 1_000));
    assert_eq!(road.in_balkh().await, 1_000);
    // It was another delivery after all.
    let rest = delivery(id, road.count(1, 500, 0), Rest::NothingMore, &[first.record]);
    road.books.writes(&colleague).deliver(road.now(), rest).await.unwrap();
    assert_eq!((road.state(id).await, road.in_balkh().await), (State::Closed, 1_500));
    road.verify().await;
}

async fn what_came_up_elsewhere_is_confirmed_there(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 500).await;
    let writer = road.books.writes(&road.sender);
    let same =
        writer.explain(road.now(), road.explains(id, 5, Became::Elsewhere(road.balkh))).await;
    assert!(matches!(same, Err(ExplainError::WrongStore)), "{same:?}");
    let elsewhere = road.explains(id, 500, Became::Elsewhere(road.partner_store));
    writer.explain(road.now(), elsewhere).await.unwrap();
    assert_eq!(road.state(id).await, State::Delivered, "the partner has not said so yet");
    let said = road.books.reads(&road.sender).consignment(id).await.unwrap().to_confirm[0];
    let partner = road.books.member(domain::role::Role::Partner, road.partner);
    road.books.writes(&partner).confirm_delivery(road.now(), said).await.unwrap();
    assert_eq!(road.state(id).await, State::Closed);
    let reader = road.books.reads(&partner);
    let card = reader.stock_card(road.partner_store, road.leaflets, None).await.unwrap();
    assert_eq!((card.lines[0].delta, &card.lines[0].document), (500, &None), "not its waybill");
    road.verify().await;
}

async fn what_a_wrong_count_left_out_did_arrive(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 2_000).await;
    let sender = road.books.writes(&road.sender);
    let early = sender.explain(road.now(), road.explains(id, 500, Became::Arrived)).await;
    assert!(matches!(early, Err(ExplainError::TooMany { open: 0 })), "nobody counted: {early:?}");
    road.delivers(&road.receiver, id, road.count(3, 1_500, 0)).await.unwrap();
    sender.explain(road.now(), road.explains(id, 500, Became::Arrived)).await.unwrap();
    assert_eq!(road.in_balkh().await, 2_000);
    assert_eq!(road.state(id).await, State::Delivered, "the receiver has not said so yet");
    let waits = road.books.reads(&road.receiver).consignment(id).await.unwrap();
    assert_eq!(waits.lines[0].tally.unwrap().received, 2_000);
    let packs = road.books.reads(&road.receiver).packs_of(road.batch).await.unwrap();
    assert_eq!(packs.len(), 4, "the fourth carton is in the receiver's store");
    let writer = road.books.writes(&road.receiver);
    writer.confirm_delivery(road.now(), waits.to_confirm[0]).await.unwrap();
    assert_eq!(road.state(id).await, State::Closed);
    road.verify().await;
}

async fn what_a_wrong_count_added_did_not_come(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, id, road.count(2, 1_010, 0)).await.unwrap();
    let sender = road.books.writes(&road.sender);
    let too_many = sender.explain(road.now(), road.explains(id, 11, Became::CountedTooMany)).await;
    assert!(matches!(too_many, Err(ExplainError::TooMany { open: 10 })), "{too_many:?}");
    sender.explain(road.now(), road.explains(id, 10, Became::CountedTooMany)).await.unwrap();
    assert_eq!(road.in_balkh().await, 1_000);
    assert_eq!(road.state(id).await, State::Delivered, "the receiver has not said so yet");
    let waits = road.books.reads(&road.receiver).consignment(id).await.unwrap();
    let tally = waits.lines[0].tally.unwrap();
    assert_eq!((tally.received, tally.extra, tally.extra_explained), (1_000, 0, 0));
    assert_eq!(tally.in_transit(), 0);
    let writer = road.books.writes(&road.receiver);
    writer.confirm_delivery(road.now(), waits.to_confirm[0]).await.unwrap();
    assert_eq!(road.state(id).await, State::Closed);
    road.verify().await;
}

async fn the_same_form_twice_delivers_once(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let sender = road.books.writes(&road.sender);
    let wish = stock::consignments::LineWish::Material(road.leaflets, pieces(1_000));
    sender.add_lines(id, wish).await.unwrap();
    let form = road.now();
    let away = sender.dispatch(form.clone(), id).await.unwrap();
    assert_eq!(sender.dispatch(form, id).await.unwrap(), away);
    let again = sender.dispatch(road.now(), id).await;
    let dispatched = stock::consignments::DispatchError::NotDraft(State::Dispatched);
    assert_eq!(again.unwrap_err().to_string(), dispatched.to_string());
    let writer = road.books.writes(&road.receiver);
    let form = road.now();
    let counted = delivery(id, road.count(2, 1_000, 0), Rest::NothingMore, &[]);
    let first = writer.deliver(form.clone(), counted.clone()).await.unwrap();
    assert_eq!(writer.deliver(form.clone(), counted).await.unwrap(), first);
    let other = delivery(id, road.count(2, 999, 0), Rest::NothingMore, &[]);
    let conflict = writer.deliver(form, other).await;
    let is_conflict = matches!(conflict, Err(DeliverError::Record(RecordError::Conflict)));
    assert!(is_conflict, "{conflict:?}");
    assert_eq!(road.in_balkh().await, 1_000);
}

async fn a_wrong_count_is_refused_and_changes_nothing(books: Arc<Books>) {
    let road = Road::build(books).await;
    let draft = road.draft(road.balkh).await;
    let early = road.delivers(&road.sender, draft, road.count(0, 1, 0)).await;
    assert!(matches!(early, Err(DeliverError::NotUnderWay(State::Draft))), "{early:?}");
    let id = road.sent(road.balkh, 1_000).await;
    let mut line = road.count(0, 0, 5);
    line.damage = None;
    let no_reason = road.delivers(&road.receiver, id, line).await;
    let batch = road.batch;
    let expected = ArrivalError::DamageReason { batch };
    assert!(matches!(no_reason, Err(DeliverError::Count(why)) if why == expected));
    let mut unknown = road.count(0, 5, 0);
    unknown.batch = road.books.id();
    let unknown = road.delivers(&road.receiver, id, unknown).await;
    assert!(matches!(unknown, Err(DeliverError::UnknownBatch)), "{unknown:?}");
    let writer = road.books.writes(&road.receiver);
    let counted = delivery(id, road.count(2, 1_000, 0), Rest::NothingMore, &[]);
    let before = writer.deliver(road.on("2017-05-29"), counted.clone()).await;
    assert!(matches!(before, Err(DeliverError::BeforeDispatch { .. })), "{before:?}");
    let future = writer.deliver(road.on("2017-06-02"), counted).await;
    let is_future = matches!(future, Err(DeliverError::Record(RecordError::Future)));
    assert!(is_future, "{future:?}");
    assert_eq!((road.state(id).await, road.in_balkh().await), (State::Dispatched, 0));
    // That nothing came is a statement: everything is missing.
    let nothing = road.delivers(&road.receiver, id, road.count(0, 0, 0)).await.unwrap();
    assert_eq!(nothing.differences[0].missing, 1_000);
    road.verify().await;
}

async fn a_delivery_that_was_a_mistake_is_undone(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    let delivered = road.delivers(&road.receiver, id, road.count(1, 520, 0)).await.unwrap();
    let movements = road.movements(delivered.record).await;
    let reverse = Reverse { movements, reason: Reason::CountedWrong };
    road.books.writes(&road.receiver).reverse(road.now(), reverse).await.unwrap();
    assert_eq!((road.state(id).await, road.in_balkh().await), (State::Dispatched, 0));
    // Counted again, now without anybody asking about the first one.
    road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    assert_eq!((road.state(id).await, road.in_balkh().await), (State::Closed, 1_000));
    road.verify().await;
}

impl Road {
    async fn movements(&self, record: RecordId) -> Vec<domain::ids::MovementId> {
        let reader = self.books.reads(&self.receiver);
        reader.reversible_movements(record).await.unwrap()
    }
}

async fn lists_know_the_state_of_each(books: Arc<Books>) {
    let road = Road::build(books).await;
    road.draft(road.balkh).await;
    let cancelled = road.draft(road.balkh).await;
    let sender = road.books.writes(&road.sender);
    sender.cancel_consignment(road.now(), cancelled, Reason::Other).await.unwrap();
    road.sent(road.balkh, 100).await;
    let partly = road.sent(road.balkh, 100).await;
    let receiver = road.books.writes(&road.receiver);
    let some = delivery(partly, road.count(0, 60, 0), Rest::StillComing, &[]);
    receiver.deliver(road.now(), some).await.unwrap();
    let short = road.sent(road.balkh, 100).await;
    road.delivers(&road.receiver, short, road.count(0, 60, 0)).await.unwrap();
    let extra = road.sent(road.balkh, 100).await;
    road.delivers(&road.receiver, extra, road.count(0, 110, 0)).await.unwrap();
    let closed = road.sent(road.balkh, 100).await;
    road.delivers(&road.receiver, closed, road.count(0, 100, 0)).await.unwrap();
    let robbed = road.sent(road.balkh, 100).await;
    sender.explain(road.now(), road.explains(robbed, 100, Became::Lost)).await.unwrap();
    let reader = road.books.reads(&road.sender);
    let (all, more) = reader.consignments(Filter::default()).await.unwrap();
    assert_eq!((all.len(), more), (8, false));
    for state in State::ALL {
        let filter = Filter { state: Some(state), store: Some(road.balkh), before: None };
        let (listed, _) = reader.consignments(filter).await.unwrap();
        let listed: Vec<_> = listed.iter().map(|row| row.id).collect();
        let folded: Vec<_> =
            all.iter().filter(|row| row.state == state).map(|row| row.id).collect();
        assert_eq!(listed, folded, "{state:?}");
        assert!(!folded.is_empty(), "{state:?} was tried");
    }
    let filter = Filter { before: Some(all[5].id), ..Filter::default() };
    let (rest, _) = reader.consignments(filter).await.unwrap();
    assert_eq!(rest, all[6..], "the next page goes on where the last one ended");
    let elsewhere = Filter { store: Some(road.partner_store), ..Filter::default() };
    assert_eq!(reader.consignments(elsewhere).await.unwrap().0, []);
}

async fn everybody_learns_what_waits_for_him(books: Arc<Books>) {
    let road = Road::build(books).await;
    let waits = async |actor: &domain::role::Actor| {
        let tasks = road.books.reads(actor).tasks().await.unwrap();
        let of_it = tasks.into_iter().filter(|task| task.what == "KBL-0001");
        of_it.map(|task| task.kind).collect::<Vec<_>>()
    };

    let id = road.sent(road.balkh, 1_000).await;
    assert_eq!(waits(&road.receiver).await, [TaskKind::ReceiveConsignment]);
    assert_eq!(waits(&road.sender).await, [], "who sent it does not count it");
    let delivered = road.delivers(&road.receiver, id, road.count(1, 600, 0)).await.unwrap();
    assert_eq!(waits(&road.receiver).await, []);
    assert_eq!(waits(&road.sender).await, [TaskKind::ExplainDelivery]);
    // The count was wrong: it is to be received again, and nothing is left to explain.
    let movements = road.movements(delivered.record).await;
    let reverse = Reverse { movements, reason: Reason::CountedWrong };
    road.books.writes(&road.receiver).reverse(road.now(), reverse).await.unwrap();
    assert_eq!(waits(&road.receiver).await, [TaskKind::ReceiveConsignment]);
    assert_eq!(waits(&road.sender).await, []);
    let colleague = road.books.staff(domain::role::Role::Logistics);
    let delivered = road.delivers(&colleague, id, road.count(2, 1_000, 0)).await.unwrap();
    assert_eq!(waits(&colleague).await, []);
    assert_eq!(waits(&road.receiver).await, [TaskKind::ConfirmOnBehalf]);
    // The page for all confirmations knows the rules of consignments too.
    let own = road.books.writes(&road.sender).confirm(road.now(), delivered.record).await;
    assert!(matches!(own, Err(ConfirmError::OwnRecord)), "{own:?}");
    road.books.writes(&road.receiver).confirm(road.now(), delivered.record).await.unwrap();
    assert_eq!(waits(&road.receiver).await, []);
    assert_eq!(road.state(id).await, State::Closed);
}

async fn the_register_knows_where_each_paper_is(books: Arc<Books>) {
    let road = Road::build(books).await;
    let draft = road.draft(road.balkh).await;
    let id = road.sent(road.balkh, 100).await;
    let other = road.sent(road.balkh, 100).await;
    let writer = road.books.writes(&road.sender);
    let none = writer.set_paper(road.now(), draft, PaperState::Lost, None).await;
    assert!(matches!(none, Err(PaperError::NoPaper(State::Draft))), "{none:?}");
    let scan = domain::picture::Picture::parse(&png()).unwrap();
    writer.set_paper(road.now(), id, PaperState::BackSigned, Some(scan)).await.unwrap();
    let reader = road.books.reads(&road.sender);
    let (register, _) = reader.paper_register(None, None, 50).await.unwrap();
    let rows: Vec<_> =
        register.iter().map(|row| (row.consignment.id, row.state, row.days)).collect();
    assert_eq!(rows, [(id, PaperState::BackSigned, 0), (other, PaperState::Out, 2)]);
    let scan = register[0].scan.unwrap();
    assert!(reader.paper_scan(scan).await.unwrap().is_some());
    let (out, _) = reader.paper_register(Some(PaperState::Out), None, 50).await.unwrap();
    assert_eq!(out.iter().map(|row| row.consignment.id).collect::<Vec<_>>(), [other]);
    let (first, more) = reader.paper_register(None, None, 1).await.unwrap();
    assert_eq!((&first[..], more), (&register[..1], true));
    let (rest, more) = reader.paper_register(None, Some(id), 1).await.unwrap();
    assert_eq!((&rest[..], more), (&register[1..], false), "the next page goes on there");
    // A scan shows what was sent: not to a receiver who still has to count.
    let early = road.books.reads(&road.receiver).paper_scan(scan).await.unwrap();
    assert!(early.is_none());
    let waybill = road.books.reads(&road.receiver).waybill(id).await;
    assert!(matches!(waybill, Err(DraftError::Denied(Denied::NotFound))), "{waybill:?}");
}
