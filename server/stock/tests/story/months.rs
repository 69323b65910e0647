//! In which month's figures something is counted (rule 5).

use crate::books::{Books, on_both};
use crate::consignments::road::{Road, pieces};
use domain::ledger::Reason;
use domain::records::keeping::{BatchPieces, Change, Reverse, StockChange};
use domain::statement::Column;
use domain::time::Month;
use sea_orm::{ConnectionTrait, Database};
use std::sync::Arc;
use stock::Submission;

on_both!(
    a_mistake_of_an_open_month_leaves_its_figures,
    what_a_closed_month_said_stays_and_the_next_one_takes_it_back,
);

const MAY: Month = Month(201_705);
const JUNE: Month = Month(201_706);

/// Ten pieces were lost on 25 May.
async fn loses_ten(road: &Road) -> Reverse {
    let body = StockChange {
        store: road.kabul,
        change: Change::Lost,
        reason: Reason::Stolen,
        lines: vec![BatchPieces { batch: road.batch, pieces: pieces(10) }],
    };
    let keeper = road.books.writes(&road.sender);
    let lost = keeper.change_stock(road.on("2017-05-25"), body).await.unwrap();
    Reverse { movements: lost.movements, reason: Reason::TypedWrong }
}

async fn lost(road: &Road, month: Month) -> (i64, i64) {
    let statement = road.books.reads(&road.manager).statement(month).await.unwrap();
    assert_eq!(statement.broken, []);
    (statement.total.column(Column::Lost), statement.total.closing)
}

async fn a_mistake_of_an_open_month_leaves_its_figures(books: Arc<Books>) {
    let road = Road::build(books).await;
    let undo = loses_ten(&road).await;
    assert_eq!(lost(&road, MAY).await, (10, 2_290));
    road.books.writes(&road.sender).reverse(road.now(), undo).await.unwrap();
    assert_eq!(lost(&road, MAY).await, (0, 2_300), "it never happened in May");
    assert_eq!(lost(&road, JUNE).await, (0, 2_300));
    // What is found late and dated in May is told in May.
    let late = Submission { confirmed: true, ..road.on("2017-05-31") };
    let found = StockChange {
        store: road.kabul,
        change: Change::Found,
        reason: Reason::Found,
        lines: vec![BatchPieces { batch: road.batch, pieces: pieces(5) }],
    };
    road.books.writes(&road.sender).change_stock(late, found).await.unwrap();
    assert_eq!(lost(&road, MAY).await.1, lost(&road, JUNE).await.1, "June brings nothing");
    road.verify().await;
}

async fn what_a_closed_month_said_stays_and_the_next_one_takes_it_back(books: Arc<Books>) {
    let road = Road::build(books).await;
    let undo = loses_ten(&road).await;
    let raw = Database::connect(&road.books.url).await.unwrap();
    let close = "INSERT INTO period (month, closed_at) VALUES (201705, 1496300000000)";
    raw.execute_unprepared(close).await.unwrap();
    road.books.writes(&road.sender).reverse(road.now(), undo).await.unwrap();
    assert_eq!(lost(&road, MAY).await, (10, 2_290));
    assert_eq!(lost(&road, JUNE).await, (-10, 2_300));
    road.verify().await;
}
