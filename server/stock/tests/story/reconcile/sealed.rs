//! Sealed lines are summed: reports say the same as before, and what is wrong with a sum is named.

use crate::books::{Books, on_both};
use crate::enforcement::Raw;
use crate::enforcement::full_books::FullBooks;
use crate::events::{Field, row, sheet};
use domain::role::PlaceCode;
use domain::statement::Column;
use domain::time::Month;
use std::sync::Arc;
use stock::Stock;
use stock::events::EventPlan;
use stock::reconcile::{Break, Bulletin};
use stock::verify::Check;

on_both!(
    an_event_that_moves_takes_its_figures_along,
    reports_say_the_same_whatever_is_sealed,
    a_changed_sum_of_sealed_lines_is_named,
    a_changed_sealed_line_is_found_by_verify,
    books_of_before_get_their_sums,
);

const JUNE: Month = Month(201_706);

/// 600 leaflets were taken to an event in Balkh, and 50 came back.
async fn told(books: Arc<Books>) -> (Field, EventPlan) {
    let field = Field::new(books).await;
    let plan = field.plan(0);
    field.books.writes(&field.worker).plan_event(plan.clone()).await.unwrap();
    let rows = vec![row(field.leaflets, 600, 50, 0)];
    let writer = field.books.writes(&field.worker);
    writer.event_sheet(field.said(0), sheet(plan.id, rows)).await.unwrap();
    (field, plan)
}

async fn bulletin(field: &Field) -> Bulletin {
    field.books.reads(&field.manager).bulletin(JUNE).await.unwrap()
}

/// Pieces given, by province.
async fn given(field: &Field) -> Vec<(String, i64)> {
    let places = bulletin(field).await.places;
    places.iter().map(|place| (place.province.as_str().to_owned(), place.pieces())).collect()
}

async fn wrong(field: &Field) -> Vec<(Check, String)> {
    let report = field.books.stock.verify(|_| {}).await.unwrap();
    report.findings.into_iter().map(|finding| (finding.check, finding.row)).collect()
}

async fn an_event_that_moves_takes_its_figures_along(books: Arc<Books>) {
    let (field, plan) = told(books).await;
    let moves = async |place: &str| {
        let plan = EventPlan { place: PlaceCode::new(place), ..plan.clone() };
        field.books.writes(&field.worker).edit_event(plan).await.unwrap();
    };
    assert_eq!(given(&field).await, [("AF21".to_owned(), 550)]);
    moves("AF0101").await;
    assert_eq!(given(&field).await, [("AF01".to_owned(), 550)]);
    field.books.seals().await;
    moves("AF2101").await;
    assert_eq!(given(&field).await, [("AF21".to_owned(), 550)]);
    field.adds_up().await;
}

async fn reports_say_the_same_whatever_is_sealed(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (books, stock) = (&full.road.books, &full.road.books.stock);
    let reader = books.reads(&full.road.manager);
    let months: Vec<Month> = (201_701..=201_707).map(Month).collect();
    let all = async || {
        let mut said = Vec::new();
        for &month in &months {
            said.push((
                reader.statement(month).await.unwrap(),
                reader.bulletin(month).await.unwrap(),
            ));
        }
        said
    };
    let before = all().await;
    assert!(before.iter().any(|(_, bulletin)| !bulletin.kinds.is_empty()));
    // Half of it first: the other half waits.
    let raw = Raw::open(books).await;
    let half = "record_id IN (SELECT id FROM record ORDER BY recorded_at LIMIT 10)";
    let later = "SELECT record_id FROM record_outcome WHERE record_id NOT IN
        (SELECT record_id FROM seal) ORDER BY record_id";
    raw.does(&format!("DELETE FROM unsealed WHERE NOT {half}")).await;
    assert_eq!(stock.seal_waiting().await.unwrap(), 10);
    raw.does(&format!("INSERT INTO unsealed (record_id) {later}")).await;
    assert_eq!(all().await, before);
    books.adds_up().await;
    assert_eq!(all().await, before);
}

async fn a_changed_sum_of_sealed_lines_is_named(books: Arc<Books>) {
    let (field, _) = told(books).await;
    field.adds_up().await;
    let raw = Raw::open(&field.books).await;
    raw.does("UPDATE line_sum SET pieces = pieces + 7 WHERE to_kind = 'given_event'").await;
    let broken = field.books.reads(&field.manager).statement(JUNE).await.unwrap().broken;
    let named: Vec<_> = broken.iter().map(|b| (&b.what, b.kept, b.found)).collect();
    assert_eq!(named, [(&Break::Figure(Column::Given), 550, 557)]);
    let wrong = wrong(&field).await;
    let [(check, row)] = wrong.as_slice() else { panic!("{wrong:?}") };
    assert_eq!(*check, Check::MonthFlows);
    assert!(row.starts_with("line_sum 2017-06 material ") && row.contains(" give from at_event "));
}

async fn a_changed_sealed_line_is_found_by_verify(books: Arc<Books>) {
    let (field, _) = told(books).await;
    field.books.seals().await;
    let raw = Raw::open(&field.books).await;
    let take = "(SELECT id FROM movement WHERE kind = 'take')";
    raw.damages(&format!("UPDATE line SET pieces = 601 WHERE movement_id IN {take}")).await;
    let broken = field.books.reads(&field.manager).statement(JUNE).await.unwrap().broken;
    assert_eq!(broken, [], "the page does not read it");
    let checks: Vec<Check> = wrong(&field).await.into_iter().map(|(check, _)| check).collect();
    assert!(checks.contains(&Check::MonthFlows) && checks.contains(&Check::Balances), "{checks:?}");
}

async fn books_of_before_get_their_sums(books: Arc<Books>) {
    let (field, _) = told(books).await;
    field.books.seals().await;
    let rows = vec![row(field.leaflets, 20, 5, 0)];
    let (event, writer) = (field.planned().await, field.books.writes(&field.worker));
    writer.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    let before = bulletin(&field).await;
    let raw = Raw::open(&field.books).await;
    let sums = raw.count("line_sum").await;
    raw.does(
        "DROP TABLE line_sum;
         DELETE FROM seaql_migrations WHERE version = 'm20261130_000034_line_sums'",
    )
    .await;
    Stock::open(&field.books.url, field.books.world.clone()).await.unwrap();
    assert_eq!(raw.count("line_sum").await, sums);
    assert_eq!(bulletin(&field).await, before);
    field.adds_up().await;
}
