//! What stood there before Tawzi.

use super::{Press, cartons, confirmed, pieces};
use crate::books::{Books, on_both};
use domain::records::opening::{FirstCount, FirstCountProblem, FirstCountRow};
use domain::records::receipt::Receipt;
use domain::reference::OrgKind;
use domain::role::Role;
use std::sync::Arc;
use stock::RecordError;
use stock::access::Denied;
use stock::batches::Origin;
use stock::opening::FirstCountError;
use stock::packs::LabelsOf;
use stock::records::ConfirmError;

on_both!(
    unlabelled_cartons_become_batches_before_tawzi,
    a_material_is_not_counted_twice_by_mistake,
    a_partner_counts_its_own_store_and_no_other,
);

fn sheet(press: &Press) -> FirstCount {
    let row = |cartons, loose: Option<i64>| FirstCountRow {
        material: press.leaflet,
        cartons,
        loose: loose.map(pieces),
    };
    let rows = vec![row(Some(cartons(12, 500)), Some(37)), row(None, Some(5))];
    FirstCount { store: press.kabul, rows }
}

async fn unlabelled_cartons_become_batches_before_tawzi(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let counted = clerk.first_count(press.now(), sheet(&press)).await.unwrap();
    assert_eq!(counted.number, "FC-KBL-0001");
    let pieces: Vec<i64> = counted.batches.iter().map(|batch| batch.pieces).collect();
    assert_eq!(pieces, [6_037, 5]);
    let batch = reader.batch(counted.batches[0].batch).await.unwrap().unwrap();
    assert_eq!(
        (batch.origin, batch.arrival.unwrap().paper.as_str()),
        (Origin::BeforeTawzi, "FC-KBL-0001")
    );
    let labels = reader.labels(LabelsOf::Record(counted.record)).await.unwrap();
    assert_eq!(labels.len(), 2 + 12);

    let own = clerk.confirm(press.now(), counted.record).await;
    assert!(matches!(own, Err(ConfirmError::OwnRecord)), "{own:?}");
    assert!(!reader.first_counts().await.unwrap()[0].is_confirmed);
    books.writes(&press.second).confirm(press.now(), counted.record).await.unwrap();
    let sheet = reader.first_count(counted.record).await.unwrap().unwrap();
    assert!(sheet.row.is_confirmed && sheet.row.pieces == 6_042);
    let mut lines: Vec<_> =
        sheet.lines.iter().map(|l| (l.cartons, l.in_cartons, l.pieces)).collect();
    lines.sort_unstable();
    assert_eq!(lines, [(0, 0, 5), (12, 6_000, 6_037)]);
    press.adds_up().await;
}

async fn a_material_is_not_counted_twice_by_mistake(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    books.writes(&press.clerk).first_count(press.now(), sheet(&press)).await.unwrap();
    let second = books.writes(&press.second);
    let asked = second.first_count(press.now(), sheet(&press)).await;
    let Err(FirstCountError::CountedBefore(materials)) = asked else { panic!("{asked:?}") };
    assert_eq!(materials, [press.leaflet]);
    second.first_count(confirmed(press.now()), sheet(&press)).await.unwrap();
    // What a printer has delivered is in the books as well.
    let elsewhere = books.add_store(books.programme, "HER", "AF01").await;
    let (run, clerk) = (press.ordered().await, books.writes(&press.clerk));
    let delivery = Receipt { store: elsewhere, ..press.delivery(run, vec![cartons(2, 500)]) };
    clerk.receive(press.now(), delivery).await.unwrap();
    let there = FirstCount { store: elsewhere, ..sheet(&press) };
    let asked = second.first_count(press.now(), there).await;
    assert!(matches!(asked, Err(FirstCountError::CountedBefore(_))), "{asked:?}");

    let empty = FirstCount { rows: vec![], ..sheet(&press) };
    let empty = second.first_count(press.now(), empty).await;
    let nothing = FirstCountProblem::Nothing;
    assert!(matches!(empty, Err(FirstCountError::Problem(why)) if why == nothing));
    let mut unknown = sheet(&press);
    unknown.rows[1].material = books.id();
    let unknown = second.first_count(press.now(), unknown).await;
    assert!(matches!(unknown, Err(FirstCountError::UnknownMaterial { row: 2 })), "{unknown:?}");
    press.adds_up().await;
}

async fn a_partner_counts_its_own_store_and_no_other(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let relief = books.add_org(OrgKind::Partner, "Relief").await;
    let theirs = books.add_store(relief, "REL", "AF32").await;
    let keeper = books.member(Role::Partner, relief);
    let own = FirstCount { store: theirs, ..sheet(&press) };
    books.writes(&keeper).first_count(press.now(), own).await.unwrap();
    let other = books.writes(&keeper).first_count(press.now(), sheet(&press)).await;
    let denied = Denied::NotFound;
    assert!(
        matches!(other, Err(FirstCountError::Record(RecordError::Denied(why))) if why == denied)
    );
    assert_eq!(books.reads(&keeper).first_counts().await.unwrap().len(), 1);
}
