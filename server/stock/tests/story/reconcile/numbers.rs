//! What the figures of a month are made of: the four numbers, and what is behind each.

use crate::books::{Books, on_both};
use crate::consignments::road::Road;
use domain::account::Channel;
use domain::event_sheet::{SheetRow, ToMultipliers, ToPublic};
use domain::events::{Multiplier, PublicPlace};
use domain::ids::EventId;
use domain::ledger::Reason;
use domain::material::MaterialKind;
use domain::records::consignment::Became;
use domain::records::events::EventSheet;
use domain::records::keeping::Reverse;
use domain::role::{Permission, PlaceCode, Role};
use domain::statement::Column;
use domain::time::Month;
use std::collections::BTreeMap;
use std::sync::Arc;
use stock::Submission;
use stock::access::Denied;
use stock::events::EventPlan;
use stock::reconcile::{Figure, FigureOf, KindNumbers, MonthError, What};

on_both!(
    issued_taken_given_and_reported_are_four_numbers,
    a_delivery_that_was_undone_was_not_issued,
    what_is_behind_a_figure_sums_to_it,
    the_chain_counts_what_its_words_say,
    extra_pieces_had_been_sent_or_had_not_come,
    a_closing_is_its_opening_and_every_change,
    the_hands_of_a_month_are_those_of_its_end,
    who_may_not_see_reports_gets_no_figure_of_a_month,
);

const MAY: Month = Month(201_705);
const JUNE: Month = Month(201_706);

/// The partner plans an event that its own store, or another's, supplies.
async fn plans(road: &Road, store: domain::ids::StoreId) -> EventId {
    let books = &road.books;
    let event_type = books.id();
    let kind = crate::books::name(&format!("Community event {event_type}"));
    books.admin().create_event_type(event_type, kind).await.unwrap();
    let plan = EventPlan {
        id: books.id(),
        event_type,
        store,
        org: road.partner,
        place: PlaceCode::new("AF2101"),
        planned_on: books.stock.world().now().day(),
        expected_people: None,
        sessions: Vec::new(),
        kits: BTreeMap::new(),
        materials: BTreeMap::new(),
    };
    let id = plan.id;
    books.writes(&books.staff(Role::Manager)).plan_event(plan).await.unwrap();
    id
}

/// 700 are brought: 100 come back, 200 to participants, 250 to elders, 150 at two clinics.
async fn gives_out(road: &Road, event: EventId) {
    let rows = vec![SheetRow {
        material: road.leaflets,
        brought: 700,
        left: 100,
        spoiled: 0,
        participants: 200,
        multipliers: Some(ToMultipliers { pieces: 250, people: Some(5), who: Multiplier::Elders }),
        public: Some(ToPublic { pieces: 150, places: Some(2), kind: PublicPlace::Clinic }),
    }];
    let sheet = EventSheet { event, session: None, rows, codes: Vec::new(), attendance: None };
    let said = Submission { confirmed: true, ..road.now() };
    road.books.writes(&road.books.staff(Role::Manager)).event_sheet(said, sheet).await.unwrap();
}

/// Told alike before and after what it is made of is sealed.
async fn leaflets(road: &Road, month: Month) -> KindNumbers {
    let reader = road.books.reads(&road.manager);
    let bulletin = reader.bulletin(month).await.unwrap();
    road.books.seals().await;
    assert_eq!(reader.bulletin(month).await.unwrap(), bulletin);
    bulletin.kinds.get(&MaterialKind::Leaflet).cloned().unwrap_or_default()
}

async fn issued_taken_given_and_reported_are_four_numbers(books: Arc<Books>) {
    let road = Road::build(books).await;
    // To the partner 1,000, of which 20 were wet; to the programme's own store in Balkh 300.
    let partner = road.books.member(Role::Partner, road.partner);
    let to_partner = road.sent(road.partner_store, 1_000).await;
    road.delivers(&partner, to_partner, road.count(0, 980, 20)).await.unwrap();
    let to_balkh = road.sent(road.balkh, 300).await;
    road.delivers(&road.receiver, to_balkh, road.count(0, 300, 0)).await.unwrap();
    let event = plans(&road, road.partner_store).await;
    gives_out(&road, event).await;
    let numbers = leaflets(&road, JUNE).await;
    assert_eq!((numbers.issued, numbers.taken, numbers.reported), (1_000, 600, None));
    let given = [Channel::Participants, Channel::Multipliers, Channel::PublicPlaces];
    assert_eq!(given.map(|channel| numbers.given[&channel]), [200, 250, 150]);
    assert_eq!(numbers.given_in_all(), 600);
    // What a partner's event takes straight from the programme's store is issued too.
    let event = plans(&road, road.kabul).await;
    gives_out(&road, event).await;
    assert_eq!(leaflets(&road, JUNE).await.issued, 1_600);
    assert_eq!(leaflets(&road, MAY).await, KindNumbers::default());
    road.verify().await;
}

async fn a_delivery_that_was_undone_was_not_issued(books: Arc<Books>) {
    let road = Road::build(books).await;
    let partner = road.books.member(Role::Partner, road.partner);
    let sent = road.sent(road.partner_store, 1_000).await;
    road.delivers(&partner, sent, road.count(0, 1_000, 0)).await.unwrap();
    assert_eq!(leaflets(&road, JUNE).await.issued, 1_000);
    let (store, figure) = (Some(road.partner_store), Figure::Column(Column::Delivered));
    let of = FigureOf { month: JUNE, store, what: What::Everything, figure };
    let behind = road.books.reads(&road.manager).behind(of).await.unwrap();
    let movements = behind.lines.iter().map(|line| line.movement).collect();
    let undo = Reverse { movements, reason: Reason::CountedWrong };
    road.books.writes(&partner).reverse(road.now(), undo).await.unwrap();
    assert_eq!(leaflets(&road, JUNE).await.issued, 0);
    road.verify().await;
}

async fn what_is_behind_a_figure_sums_to_it(books: Arc<Books>) {
    let road = Road::build(books).await;
    let sent = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, sent, road.count(0, 950, 20)).await.unwrap();
    let event = plans(&road, road.kabul).await;
    gives_out(&road, event).await;
    let reader = road.books.reads(&road.manager);
    for month in [MAY, JUNE] {
        let statement = reader.statement(month).await.unwrap();
        assert_eq!(statement.broken, []);
        for row in statement.rows.iter().chain([&statement.total]) {
            let what = row.material.map_or(What::Everything, What::Material);
            for column in Column::ALL {
                let figure = Figure::Column(column);
                let of = FigureOf { month, store: row.store, what, figure };
                let page = reader.behind(of).await.unwrap();
                assert_eq!((page.sum, page.kept), (row.column(column), row.column(column)));
            }
        }
    }
    let net = Figure::StayedAtEvents;
    let kind = What::Kind(MaterialKind::Leaflet);
    let of = FigureOf { month: JUNE, store: None, what: kind, figure: net };
    assert_eq!(reader.behind(of).await.unwrap().sum, 600);
    let given = reader.given_lines(JUNE, Some(&PlaceCode::new("AF21")), None).await.unwrap();
    assert_eq!(given.lines.iter().map(|line| line.pieces).sum::<i64>(), 600);
    let elsewhere = reader.given_lines(JUNE, Some(&PlaceCode::new("AF01")), None).await.unwrap();
    assert!(elsewhere.lines.is_empty());
}

async fn extra_pieces_had_been_sent_or_had_not_come(books: Arc<Books>) {
    let road = Road::build(books).await;
    let sent = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, sent, road.count(0, 1_040, 0)).await.unwrap();
    for (count, became) in [(30, Became::LoadedUnwritten), (10, Became::CountedTooMany)] {
        let writer = road.books.writes(&road.sender);
        writer.explain(road.now(), road.explains(sent, count, became)).await.unwrap();
    }
    let chain = road.books.reads(&road.manager).chain(JUNE).await.unwrap();
    let [row] = chain.as_slice() else { panic!("{chain:?}") };
    // The 1,000 left in May.
    assert_eq!((row.dispatched, row.delivered), (30, 1_030));
    road.verify().await;
}

async fn the_chain_counts_what_its_words_say(books: Arc<Books>) {
    let road = Road::build(books).await;
    let sent = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, sent, road.count(0, 950, 20)).await.unwrap();
    for (count, became) in [(25, Became::CameBack), (5, Became::Lost)] {
        let writer = road.books.writes(&road.sender);
        writer.explain(road.now(), road.explains(sent, count, became)).await.unwrap();
    }
    let event = plans(&road, road.kabul).await;
    gives_out(&road, event).await;
    let chain = road.books.reads(&road.manager).chain(JUNE).await.unwrap();
    let [row] = chain.as_slice() else { panic!("{chain:?}") };
    // 950 good and 20 wet in Balkh, 25 back in Kabul; the 5 lost ones arrived nowhere.
    assert_eq!((row.dispatched, row.delivered), (0, 995));
    // Of the 700 that were taken, 100 came back.
    assert_eq!((row.taken, row.given), (600, 600));
    road.verify().await;
}

async fn a_closing_is_its_opening_and_every_change(books: Arc<Books>) {
    let road = Road::build(books).await;
    let sent = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, sent, road.count(0, 950, 20)).await.unwrap();
    let reader = road.books.reads(&road.manager);
    let of = |month| FigureOf {
        month,
        store: Some(road.kabul),
        what: What::Everything,
        figure: Figure::Closing,
    };
    let may = reader.behind(of(MAY)).await.unwrap();
    // On the road they are still the sender's.
    assert_eq!((may.opening, may.sum, may.kept), (0, 2_300, 2_300));
    let june = reader.behind(of(JUNE)).await.unwrap();
    assert_eq!((june.opening, june.sum, june.kept), (2_300, 1_330, 1_330));
    // Balkh's people see nothing of what stands in Kabul.
    let elsewhere = road.books.staff_in(Role::Manager, "AF21");
    let hidden = road.books.reads(&elsewhere).behind(of(JUNE)).await.unwrap();
    assert_eq!((hidden.lines.len(), hidden.kept), (0, 0));
}

async fn the_hands_of_a_month_are_those_of_its_end(books: Arc<Books>) {
    let road = Road::build(books).await;
    let sent = road.sent(road.balkh, 1_000).await;
    road.delivers(&road.receiver, sent, road.count(0, 950, 20)).await.unwrap();
    let reader = road.books.reads(&road.manager);
    let may = reader.in_hands(MAY).await.unwrap();
    assert_eq!((may.in_store, may.in_transit, may.damaged), (1_300, 1_000, 0));
    let june = reader.in_hands(JUNE).await.unwrap();
    assert_eq!((june.in_store, june.in_transit, june.damaged), (2_250, 30, 20));
    for (month, hands) in [(MAY, may), (JUNE, june)] {
        assert_eq!(reader.statement(month).await.unwrap().total.closing, hands.total());
    }
}

async fn who_may_not_see_reports_gets_no_figure_of_a_month(books: Arc<Books>) {
    let road = Road::build(books).await;
    let reader = road.books.reads(&road.sender);
    let (what, figure) = (What::Everything, Figure::Closing);
    let of = FigureOf { month: JUNE, store: Some(road.kabul), what, figure };
    let refusals = [
        reader.bulletin(JUNE).await.map(drop),
        reader.statement(JUNE).await.map(drop),
        reader.chain(JUNE).await.map(drop),
        reader.in_hands(JUNE).await.map(drop),
        reader.behind(of).await.map(drop),
        reader.given_lines(JUNE, None, None).await.map(drop),
    ];
    for refused in refusals {
        let denied = Denied::NotAllowed(Permission::SeeReports);
        assert!(matches!(&refused, Err(MonthError::Denied(why)) if *why == denied), "{refused:?}");
    }
}
