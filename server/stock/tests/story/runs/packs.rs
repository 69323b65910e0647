//! Opening and splitting cartons.

use super::{Press, cartons, pieces};
use crate::books::{Books, on_both};
use domain::account::Account;
use domain::ids::{BatchId, PackId, RunId};
use domain::records::packs::{FoundSealed, OpenPack, SplitPack};
use domain::records::receipt::{Receipt, ReceiptLabels};
use domain::time::Day;
use std::sync::Arc;
use stock::consignments::{Carrier, CodeTrouble, LineError, LineWish, NewConsignment, TripDetails};
use stock::packs::{LabelsOf, PackError, PackState};
use stock::receipts::Received;

on_both!(
    a_carton_is_split_into_labelled_bundles,
    short_as_packed_is_the_printers_and_not_the_holders,
    a_bundle_taken_out_opens_its_carton,
    bundles_that_a_count_did_not_find_are_not_sealed_stock,
    a_carton_in_which_nothing_is_left_has_no_sealed_bundles,
    a_reprint_keeps_the_code,
    what_is_gone_cannot_be_opened,
);

async fn delivered(press: &Press, bundles: bool) -> (RunId, Received) {
    let run = press.ordered().await;
    let bundles_of = bundles.then(|| pieces(50));
    let delivery = press.delivery(run, vec![cartons(2, 500)]);
    let delivery = Receipt { labels: ReceiptLabels::New { bundles_of }, ..delivery };
    let writer = press.books.writes(&press.clerk);
    (run, writer.receive(press.now(), delivery).await.unwrap())
}

async fn carton(press: &Press, batch: BatchId, number: i64) -> PackId {
    let packs = press.books.reads(&press.clerk).packs_of(batch).await.unwrap();
    packs.iter().find(|pack| pack.parent.is_none() && pack.number == number).unwrap().id
}

async fn in_store(press: &Press, batch: BatchId) -> i64 {
    let places = press.books.reads(&press.clerk).whereabouts(batch).await.unwrap();
    let here = places.iter().find(|place| place.account == Account::store(press.kabul));
    here.map_or(0, |place| place.pieces)
}

async fn a_carton_is_split_into_labelled_bundles(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (_, received) = delivered(&press, false).await;
    let pack = carton(&press, received.batch, 1).await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let split = SplitPack { pack, bundles: vec![pieces(50); 4], loose: 300 };
    let split = clerk.split_pack(press.now(), split).await.unwrap();
    assert_eq!((split.short, split.bundles.len(), split.state), (0, 4, PackState::Opened));
    let rest = SplitPack { pack, bundles: vec![pieces(50); 6], loose: 0 };
    let rest = clerk.split_pack(press.now(), rest).await.unwrap();
    assert_eq!((rest.short, rest.state), (0, PackState::Empty));
    let seen = reader.pack(pack).await.unwrap().unwrap();
    let numbers: Vec<i64> = seen.bundles.iter().map(|bundle| bundle.number).collect();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    assert_eq!(seen.history.len(), 3);
    assert_eq!(reader.labels(LabelsOf::BundlesOf(pack)).await.unwrap().len(), 10);
    assert_eq!(in_store(&press, received.batch).await, 1_000, "splitting moves nothing");
    press.adds_up().await;
}

async fn short_as_packed_is_the_printers_and_not_the_holders(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (run, received) = delivered(&press, false).await;
    let clerk = books.writes(&press.clerk);
    let pack = carton(&press, received.batch, 1).await;
    let opened = OpenPack { pack, found: Some(480) };
    assert_eq!(clerk.open_pack(press.now(), opened).await.unwrap().short, 20);
    // An opened carton promises nothing: counting it again is not short as packed.
    let again = OpenPack { pack, found: Some(100) };
    assert_eq!(clerk.open_pack(press.now(), again).await.unwrap().short, 0);
    let other = carton(&press, received.batch, 2).await;
    let split = SplitPack { pack: other, bundles: vec![pieces(50); 10], loose: 3 };
    assert_eq!(clerk.split_pack(press.now(), split).await.unwrap().short, -3);
    assert_eq!(in_store(&press, received.batch).await, 983);
    let seen = books.reads(&press.clerk).run(run).await.unwrap().unwrap();
    assert_eq!(seen.row.progress.received, 983, "the run was received short");
    press.adds_up().await;
}

async fn a_bundle_taken_out_opens_its_carton(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (_, received) = delivered(&press, true).await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let pack = carton(&press, received.batch, 1).await;
    press.adds_up().await;
    let split = SplitPack { pack, bundles: vec![pieces(50); 10], loose: 0 };
    let split = clerk.split_pack(press.now(), split).await;
    assert!(matches!(split, Err(PackError::HasBundles)), "{split:?}");
    let bundle = reader.pack(pack).await.unwrap().unwrap().bundles[0].id;
    clerk.open_pack(press.now(), OpenPack { pack: bundle, found: Some(45) }).await.unwrap();
    let seen = reader.pack(pack).await.unwrap().unwrap();
    assert_eq!(seen.row.state, PackState::Opened);
    assert_eq!(seen.bundles[0].state, PackState::Opened);
    assert!(seen.bundles[1..].iter().all(|b| b.state == PackState::Sealed && !b.is_inside));
    assert_eq!(in_store(&press, received.batch).await, 995);
    press.adds_up().await;
}

async fn bundles_that_a_count_did_not_find_are_not_sealed_stock(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (_, received) = delivered(&press, true).await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let (id, from) = (books.id(), press.kabul);
    let to = books.add_store(books.programme, "BAL", "AF21").await;
    let trip = TripDetails::new("Driver", "KBL 4711", None).unwrap();
    let new = NewConsignment { id, from, to, carrier: Carrier::Own(trip) };
    clerk.draft_consignment(new).await.unwrap();
    for (number, found, state) in [(1, 0, PackState::Empty), (2, 400, PackState::Check)] {
        let pack = carton(&press, received.batch, number).await;
        let opened = OpenPack { pack, found: Some(found) };
        assert_eq!(clerk.open_pack(press.now(), opened).await.unwrap().short, 500 - found);
        let seen = reader.pack(pack).await.unwrap().unwrap();
        assert_eq!(seen.bundles.len(), 10);
        assert!(seen.bundles.iter().all(|b| b.state == state && !b.is_inside), "{seen:?}");
        let code = seen.bundles[0].code;
        let loaded = clerk.add_lines(id, LineWish::Codes(vec![(code, None)])).await;
        let Err(LineError::Codes(problems)) = loaded else { panic!("{loaded:?}") };
        assert_eq!(problems[0].why, CodeTrouble::NotSealed);
    }
    // Somebody looks, and finds one of them sealed.
    let second = carton(&press, received.batch, 2).await;
    let bundle = reader.pack(second).await.unwrap().unwrap().bundles[0].id;
    clerk.found_sealed(press.now(), FoundSealed { pack: bundle }).await.unwrap();
    assert_eq!(in_store(&press, received.batch).await, 400);
    press.adds_up().await;
}

async fn a_carton_in_which_nothing_is_left_has_no_sealed_bundles(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (_, received) = delivered(&press, true).await;
    let pack = carton(&press, received.batch, 1).await;
    books.writes(&press.clerk).empty_pack(press.now(), pack).await.unwrap();
    let seen = books.reads(&press.clerk).pack(pack).await.unwrap().unwrap();
    assert_eq!((seen.row.state, seen.bundles.len()), (PackState::Empty, 10));
    assert!(seen.bundles.iter().all(|bundle| bundle.state == PackState::Empty), "{seen:?}");
    assert_eq!(in_store(&press, received.batch).await, 1_000, "nothing moves");
    press.adds_up().await;
}

async fn a_reprint_keeps_the_code(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (_, received) = delivered(&press, false).await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let pack = carton(&press, received.batch, 1).await;
    let before = reader.pack(pack).await.unwrap().unwrap().row;
    let submission = press.now();
    assert_eq!(clerk.reprint_labels(submission.clone(), vec![pack]).await.unwrap(), 1);
    clerk.reprint_labels(submission, vec![pack]).await.unwrap();
    let after = reader.pack(pack).await.unwrap().unwrap().row;
    assert_eq!((after.code, after.reprints), (before.code, 1));
}

async fn what_is_gone_cannot_be_opened(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (_, received) = delivered(&press, false).await;
    let clerk = books.writes(&press.clerk);
    let pack = carton(&press, received.batch, 1).await;
    let early = press.submission(Day(press.today().0 - 1));
    let early = clerk.open_pack(early, OpenPack { pack, found: None }).await;
    assert!(matches!(early, Err(PackError::BeforeArrival { .. })), "{early:?}");
    let wrong = clerk.open_pack(press.now(), OpenPack { pack, found: Some(-1) }).await;
    assert!(matches!(wrong, Err(PackError::Quantity)), "{wrong:?}");
    clerk.empty_pack(press.now(), pack).await.unwrap();
    let gone = clerk.open_pack(press.now(), OpenPack { pack, found: None }).await;
    assert!(matches!(gone, Err(PackError::Gone(PackState::Empty))), "{gone:?}");
    press.adds_up().await;
}
