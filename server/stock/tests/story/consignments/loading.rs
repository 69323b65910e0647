//! What goes onto a consignment, and what may not leave.

use super::road::{Road, material, pieces};
use crate::books::{Books, name, on_both};
use crate::enforcement::Raw;
use domain::code::Code;
use domain::consignment::{Blocked, Lacking, State};
use domain::ids::{ConsignmentId, StoreId};
use domain::ledger::Reason;
use domain::records::recall::{CallBack, RecallMode};
use std::sync::Arc;
use stock::consignments::{
    CancelError, Carrier, CodeTrouble, DispatchError, DraftError, Filter, LineError, LineWish,
    NewConsignment, TripDetails,
};
use stock::reference::kits::KitInput;

on_both!(
    labels_are_scanned_and_each_wrong_one_says_why,
    the_oldest_batch_is_loaded_first,
    a_kit_is_loaded_from_what_there_is,
    what_the_store_does_not_have_is_not_promised,
    two_drafts_cannot_both_take_the_last_pieces,
    a_carton_on_two_drafts_is_said_on_both,
    a_carton_that_left_with_another_truck_is_named,
    loose_pieces_open_a_carton,
    a_recalled_edition_does_not_leave,
    a_recalled_edition_goes_back_up_the_tree_of_stores,
    a_draft_is_given_up_before_it_leaves,
    a_form_that_comes_twice_makes_one_draft,
    a_truck_takes_several_consignments,
    consignments_of_one_truck_take_cartons_of_their_own,
);

async fn a_carton_on_two_drafts_is_said_on_both(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (first, second) = (road.draft(road.balkh).await, road.draft(road.balkh).await);
    let (writer, reader) = (road.books.writes(&road.sender), road.books.reads(&road.sender));
    let code = road.cartons[0].1;
    for draft in [first, second] {
        let codes = vec![(code, None)];
        assert_eq!(reader.judge_codes(draft, &codes).await.unwrap(), []);
        writer.add_lines(draft, LineWish::Codes(codes)).await.unwrap();
    }
    let again = reader.judge_codes(second, &[(code, None)]).await.unwrap();
    assert_eq!(again[0].why, CodeTrouble::AlreadyListed, "judged, and nothing was added");
    for (draft, other) in [(first, second), (second, first)] {
        let twice = reader.consignment(draft).await.unwrap().listed_twice;
        let named: Vec<_> = twice.iter().map(|twice| (twice.code, twice.other)).collect();
        assert_eq!(named, [(code, other)]);
    }
    writer.dispatch(road.now(), first).await.unwrap();
    assert_eq!(reader.consignment(second).await.unwrap().listed_twice, []);
    let theirs = road.books.reads(&road.receiver).judge_codes(second, &[(code, None)]).await;
    assert!(theirs.is_err(), "who does not see the draft does not judge for it");
}

async fn labels_are_scanned_and_each_wrong_one_says_why(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    let (first, second) = (road.cartons[0].1, road.cartons[1].1);
    let codes = LineWish::Codes(vec![(first, None), (road.batch_code, Some(pieces(200)))]);
    writer.add_lines(id, codes).await.unwrap();
    let never_made = Code::from_random(7).or(Code::from_random(8)).unwrap();
    let reader = road.books.reads(&road.sender);
    let own = reader.consignment(id).await.unwrap().consignment.code;
    let wrong = LineWish::Codes(vec![
        (second, None),
        (first, None),
        (never_made, None),
        (own, None),
        (road.batch_code, None),
        (second, Some(pieces(5))),
    ]);
    let Err(LineError::Codes(problems)) = writer.add_lines(id, wrong).await else {
        panic!("wrong labels were loaded");
    };
    let why: Vec<CodeTrouble> = problems.iter().map(|problem| problem.why).collect();
    let expected = [
        CodeTrouble::AlreadyListed,
        CodeTrouble::Unknown,
        CodeTrouble::NotStock,
        CodeTrouble::PiecesMissing { available: 1_100 },
        CodeTrouble::AlreadyListed,
    ];
    assert_eq!(why, expected);
    let lines = reader.consignment(id).await.unwrap().draft_lines;
    let taken: Vec<i64> = lines.iter().map(|line| line.pieces).collect();
    assert_eq!(taken, [500, 200], "of the wrong ones nothing was added");
    writer.remove_line(id, lines[0].line).await.unwrap();
    writer.remove_batch(id, road.batch).await.unwrap();
    assert!(reader.consignment(id).await.unwrap().draft_lines.is_empty());
}

async fn the_oldest_batch_is_loaded_first(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (newer, _) = road.opening_again(road.leaflets).await;
    let id = road.draft(road.balkh).await;
    let wish = LineWish::Material(road.leaflets, pieces(2_500));
    road.books.writes(&road.sender).add_lines(id, wish).await.unwrap();
    let lines = road.books.reads(&road.sender).consignment(id).await.unwrap().draft_lines;
    let of = |batch| lines.iter().filter(move |line| line.title.batch == batch);
    assert_eq!(of(road.batch).map(|line| line.pieces).sum::<i64>(), 2_300);
    assert_eq!(of(road.batch).filter(|line| line.pack.is_some()).count(), 4);
    assert_eq!(of(newer).map(|line| line.pieces).sum::<i64>(), 200);
}

async fn a_kit_is_loaded_from_what_there_is(books: Arc<Books>) {
    let road = Road::build(books).await;
    let stickers = material(&road.books, "Stay safe", "M2").await;
    road.opening(stickers, 2, None).await;
    let kit = road.books.id();
    let lines = [(road.leaflets, pieces(500)), (stickers, pieces(250))].into_iter().collect();
    let input = KitInput { name: name("Event kit"), lines };
    road.books.admin().create_kit(kit, input).await.unwrap();
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    writer.add_lines(id, LineWish::Kit(kit, pieces(2))).await.unwrap();
    let reader = road.books.reads(&road.sender);
    let lines = reader.consignment(id).await.unwrap().draft_lines;
    assert_eq!(lines.iter().map(|line| line.pieces).collect::<Vec<_>>(), [500, 500, 500]);
    assert!(reader.kit(kit).await.unwrap().unwrap().used, "from now on it changes by a version");
    let Err(LineError::Lacking(lacking)) =
        writer.add_lines(id, LineWish::Kit(kit, pieces(4))).await
    else {
        panic!("more was loaded than there is");
    };
    let named: Vec<(&str, i64, i64)> = lacking
        .iter()
        .map(|row| (row.title.as_str(), row.lacking.requested, row.lacking.available))
        .collect();
    assert_eq!(named, [("Know the risks", 2_000, 1_300), ("Stay safe", 1_000, 500)]);
    let unknown = writer.add_lines(id, LineWish::Kit(road.books.id(), pieces(1))).await;
    assert!(matches!(unknown, Err(LineError::UnknownKit)), "{unknown:?}");
}

async fn what_the_store_does_not_have_is_not_promised(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    let wish = LineWish::Material(road.leaflets, pieces(2_301));
    let Err(LineError::Lacking(lacking)) = writer.add_lines(id, wish).await else {
        panic!("more was loaded than there is");
    };
    let expected = Lacking { requested: 2_301, available: 2_300, blocked: 0 };
    assert_eq!(lacking[0].lacking, expected);
    let nothing = writer.dispatch(road.now(), id).await;
    assert!(matches!(nothing, Err(DispatchError::Empty)), "{nothing:?}");
}

async fn two_drafts_cannot_both_take_the_last_pieces(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (all, some) = (road.draft(road.balkh).await, road.draft(road.balkh).await);
    let writer = road.books.writes(&road.sender);
    writer.add_lines(all, LineWish::Material(road.leaflets, pieces(2_300))).await.unwrap();
    let loose = LineWish::Material(road.leaflets, pieces(40));
    writer.add_lines(some, loose).await.unwrap();
    writer.dispatch(road.now(), all).await.unwrap();
    let refused = writer.dispatch(road.now(), some).await;
    let Err(DispatchError::Short(short)) = refused else { panic!("{refused:?}") };
    assert_eq!((short[0].requested, short[0].available), (40, 0));
    let reader = road.books.reads(&road.sender);
    assert_eq!(reader.consignment(some).await.unwrap().consignment.state, State::Draft);
    // Dated before it arrived there was nothing either.
    let refused = writer.dispatch(road.on("2017-05-19"), some).await;
    assert!(matches!(refused, Err(DispatchError::Short(_))), "{refused:?}");
    road.verify().await;
}

async fn a_carton_that_left_with_another_truck_is_named(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (one, two) = (road.draft(road.balkh).await, road.draft(road.balkh).await);
    let writer = road.books.writes(&road.sender);
    let carton = road.cartons[2].1;
    for id in [one, two] {
        writer.add_lines(id, LineWish::Codes(vec![(carton, None)])).await.unwrap();
    }
    writer.dispatch(road.now(), one).await.unwrap();
    let refused = writer.dispatch(road.now(), two).await;
    assert!(
        matches!(&refused, Err(DispatchError::PacksGone(codes)) if *codes == [carton]),
        "{refused:?}"
    );
}

async fn loose_pieces_open_a_carton(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    writer.add_lines(id, LineWish::Material(road.leaflets, pieces(450))).await.unwrap();
    let away = writer.dispatch(road.now(), id).await.unwrap();
    assert_eq!((away.pieces, away.packs, away.opened), (450, 0, 1));
    assert_eq!(away.number, "KBL-0001");
    road.verify().await;
}

async fn a_recalled_edition_does_not_leave(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (loaded, later) = (road.draft(road.balkh).await, road.draft(road.balkh).await);
    let writer = road.books.writes(&road.sender);
    writer.add_lines(loaded, LineWish::Material(road.leaflets, pieces(500))).await.unwrap();
    let recall = CallBack { material: road.leaflets, mode: RecallMode::StopNow };
    road.books.writes(&road.manager).recall(road.now(), recall).await.unwrap();
    let refused = writer.dispatch(road.now(), loaded).await;
    let expected = [(road.batch_code, Blocked::Recalled)];
    assert!(
        matches!(&refused, Err(DispatchError::Blocked(codes)) if *codes == expected),
        "{refused:?}"
    );
    let wish = LineWish::Material(road.leaflets, pieces(500));
    let Err(LineError::Lacking(lacking)) = writer.add_lines(later, wish).await else {
        panic!("a recalled edition was loaded");
    };
    assert_eq!((lacking[0].lacking.available, lacking[0].lacking.blocked), (0, 2_300));
}

async fn a_recalled_edition_goes_back_up_the_tree_of_stores(books: Arc<Books>) {
    let road = Road::build(books).await;
    let raw = Raw::open(&road.books).await;
    let below = |store: StoreId, above: StoreId| {
        let (store, above) = (raw.literal(store.uuid()), raw.literal(above.uuid()));
        format!("UPDATE store SET parent_id = {above} WHERE id = {store}")
    };
    raw.does(&below(road.balkh, road.kabul)).await;
    raw.does(&below(road.partner_store, road.balkh)).await;
    let id = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    // On the day of the recall, but before it.
    let id = road.draft(road.balkh).await;
    let sender = road.books.writes(&road.sender);
    sender.add_lines(id, LineWish::Material(road.leaflets, pieces(300))).await.unwrap();
    sender.dispatch(road.now(), id).await.unwrap();
    road.books.world.wait_ms(1);
    let recall = CallBack { material: road.leaflets, mode: RecallMode::StopNow };
    let recall = road.books.writes(&road.manager).recall(road.now(), recall).await.unwrap();
    let returned = async |store: StoreId| {
        let reader = road.books.reads(&road.manager);
        let (_, holders) = reader.recall_holders(recall).await.unwrap();
        holders.iter().find(|holder| holder.store_id == store.uuid()).unwrap().returned
    };
    assert_eq!(returned(road.kabul).await, 0, "what left before nobody had asked for");

    let writer = road.books.writes(&road.receiver);
    let wish = LineWish::Material(road.leaflets, pieces(1_000));
    let draft = async |to: StoreId| {
        road.books.world.wait_ms(1);
        let trip = TripDetails::new("Driver", "BLH 1", None).unwrap();
        let (id, carrier) = (road.books.id(), Carrier::Own(trip));
        let new = NewConsignment { id, from: road.balkh, to, carrier };
        writer.draft_consignment(new).await.unwrap();
        id
    };
    let down = draft(road.partner_store).await;
    let refused = writer.add_lines(down, wish.clone()).await;
    assert!(matches!(refused, Err(LineError::Lacking(_))), "not to those below: {refused:?}");
    let back = draft(road.kabul).await;
    writer.add_lines(back, wish).await.unwrap();
    let detail = road.books.reads(&road.receiver).consignment(back).await.unwrap();
    assert!(detail.draft_lines.iter().all(|line| line.blocked.is_none()));
    let away = writer.dispatch(road.now(), back).await.unwrap();
    assert_eq!((away.pieces, returned(road.balkh).await), (1_000, 1_000));
    road.verify().await;
}

async fn a_draft_is_given_up_before_it_leaves(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let writer = road.books.writes(&road.sender);
    let again = road.now();
    writer.cancel_consignment(again.clone(), id, Reason::DidNotHappen).await.unwrap();
    writer.cancel_consignment(again, id, Reason::DidNotHappen).await.unwrap();
    let reader = road.books.reads(&road.sender);
    assert_eq!(reader.consignment(id).await.unwrap().consignment.state, State::Cancelled);
    let twice = writer.cancel_consignment(road.now(), id, Reason::Other).await;
    assert!(matches!(twice, Err(CancelError::NotDraft(State::Cancelled))), "{twice:?}");
    let wish = LineWish::Material(road.leaflets, pieces(5));
    let changed = writer.add_lines(id, wish).await;
    let gone = matches!(changed, Err(LineError::Draft(DraftError::NotDraft(State::Cancelled))));
    assert!(gone, "{changed:?}");
    let sent = writer.dispatch(road.now(), id).await;
    assert!(matches!(sent, Err(DispatchError::NotDraft(State::Cancelled))), "{sent:?}");
    let away = road.sent(road.balkh, 500).await;
    let late = writer.cancel_consignment(road.now(), away, Reason::Other).await;
    assert!(matches!(late, Err(CancelError::NotDraft(State::Dispatched))), "{late:?}");
    let (cancelled, _) = reader
        .consignments(Filter { state: Some(State::Cancelled), ..Filter::default() })
        .await
        .unwrap();
    assert_eq!(cancelled.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), ["KBL-0001"]);
}

async fn a_form_that_comes_twice_makes_one_draft(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id: ConsignmentId = road.books.id();
    let carrier = || Carrier::Own(TripDetails::default());
    let new = |to| NewConsignment { id, from: road.kabul, to, carrier: carrier() };
    let writer = road.books.writes(&road.sender);
    assert_eq!(writer.draft_consignment(new(road.balkh)).await.unwrap(), "KBL-0001");
    assert_eq!(writer.draft_consignment(new(road.balkh)).await.unwrap(), "KBL-0001");
    let other = writer.draft_consignment(new(road.partner_store)).await;
    assert!(matches!(other, Err(DraftError::SavedBefore)), "{other:?}");
    let same = writer.draft_consignment(new(road.kabul)).await;
    assert!(matches!(same, Err(DraftError::SameStore)), "{same:?}");
    let nowhere = NewConsignment { id: road.books.id(), ..new(road.books.id()) };
    let nowhere = writer.draft_consignment(nowhere).await;
    assert!(matches!(nowhere, Err(DraftError::UnknownReceiver)), "{nowhere:?}");
}

async fn a_truck_takes_several_consignments(books: Arc<Books>) {
    let road = Road::build(books).await;
    let first = road.draft(road.balkh).await;
    let second = road.books.id();
    let new = NewConsignment {
        id: second,
        from: road.kabul,
        to: road.partner_store,
        carrier: Carrier::With(first),
    };
    let writer = road.books.writes(&road.sender);
    writer.draft_consignment(new).await.unwrap();
    writer.add_lines(first, LineWish::Material(road.leaflets, pieces(1_200))).await.unwrap();
    writer.add_lines(second, LineWish::Material(road.leaflets, pieces(500))).await.unwrap();
    let details = TripDetails::new("Another driver", "KBL 4712", None).unwrap();
    writer.edit_consignment(second, road.partner_store, details).await.unwrap();
    let reader = road.books.reads(&road.sender);
    let waybills = reader.waybills_of_trip(first).await.unwrap();
    let numbers: Vec<&str> = waybills.iter().map(|waybill| waybill.number.as_str()).collect();
    assert_eq!(numbers, ["KBL-0001", "KBL-0002"]);
    assert!(waybills.iter().all(|waybill| waybill.trip.driver() == "Another driver"));
    let total = waybills[0].total;
    assert_eq!((total.cartons, total.loose, total.pieces), (2, 200, 1_200));
    assert_eq!((total.weight_g, total.volume_cm3), (Some(19_680), Some(72_000)));
    assert_eq!(waybills[0].lines[0].title.outside_name, "Printed paper M1");
    assert_eq!(waybills[0].from_place, "Kabul");
    writer.erase_driver(first).await.unwrap();
    assert_eq!(reader.waybill(second).await.unwrap().trip.driver(), "");
}

async fn consignments_of_one_truck_take_cartons_of_their_own(books: Arc<Books>) {
    let road = Road::build(books).await;
    let first = road.draft(road.balkh).await;
    let second = road.books.id();
    let carrier = Carrier::With(first);
    let new = NewConsignment { id: second, from: road.kabul, to: road.partner_store, carrier };
    let writer = road.books.writes(&road.sender);
    writer.draft_consignment(new).await.unwrap();
    writer.add_lines(first, LineWish::Material(road.leaflets, pieces(1_000))).await.unwrap();
    let free = road.books.reads(&road.sender).loadable(second).await.unwrap();
    assert_eq!(free[0].available, 1_300);
    let listed = LineWish::Codes(vec![(road.cartons[0].1, None)]);
    let Err(LineError::Codes(problems)) = writer.add_lines(second, listed).await else {
        panic!("a carton was loaded twice");
    };
    assert_eq!(problems[0].why, CodeTrouble::AlreadyListed);
    writer.add_lines(second, LineWish::Material(road.leaflets, pieces(1_000))).await.unwrap();
    for id in [first, second] {
        let away = writer.dispatch(road.now(), id).await.unwrap();
        assert_eq!((away.pieces, away.packs), (1_000, 2));
    }
    road.verify().await;
}
