//! Records that need the same stores, papers and figures in another order. On PostgreSQL they run
//! beside each other and must not wait in a circle, which the database itself would count.

use super::at_once;
use crate::books::{Books, on_both};
use crate::consignments::road::{Road, delivery, pieces};
use domain::consignment::Rest;
use domain::ids::{ConsignmentId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::records::consignment::Became;
use domain::records::keeping::{BatchPieces, Change, Reverse, StockChange};
use domain::role::Actor;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use stock::Submission;

on_both!(nobody_waits_in_a_circle);

const ROUNDS: usize = 8;
const EACH: usize = 3;

type Told = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

async fn nobody_waits_in_a_circle(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    for _ in 0..ROUNDS {
        let mut all: Vec<Told> = Vec::new();
        for _ in 0..EACH {
            // The sender's store is queued at first, the receiver's later.
            let short = road.sent(road.balkh, 20).await;
            road.delivers(&road.receiver, short, road.count(0, 10, 0)).await.unwrap();
            all.push(Box::pin(explains(road.clone(), short)));
            // The receiver's store first, and what the sender has on the road later.
            let coming = road.sent(road.balkh, 10).await;
            all.push(Box::pin(delivers(road.clone(), coming)));
            // Both stores, after the movements.
            let back = road.sent(road.balkh, 10).await;
            let counted = road.delivers(&road.receiver, back, road.count(0, 10, 0)).await.unwrap();
            all.push(Box::pin(takes_back(road.clone(), counted.record)));
            all.push(Box::pin(damages(road.clone(), road.sender.clone(), road.kabul)));
            all.push(Box::pin(damages(road.clone(), road.receiver.clone(), road.balkh)));
        }
        for told in at_once(all).await {
            told.unwrap();
        }
    }
    assert_eq!(circles(&road.books.url).await, 0);
    road.verify().await;
}

async fn explains(road: Arc<Road>, id: ConsignmentId) -> Result<(), String> {
    let explained = road.explains(id, 10, Became::CameBack);
    let told = road.books.writes(&road.sender).explain(road.now(), explained).await;
    told.map_err(|error| error.to_string())
}

async fn delivers(road: Arc<Road>, id: ConsignmentId) -> Result<(), String> {
    let counted = delivery(id, road.count(0, 10, 0), Rest::NothingMore, &[]);
    let told = road.books.writes(&road.receiver).deliver(road.now(), counted).await;
    told.map(drop).map_err(|error| error.to_string())
}

async fn takes_back(road: Arc<Road>, record: RecordId) -> Result<(), String> {
    let reader = road.books.reads(&road.receiver);
    let movements = reader.reversible_movements(record).await.map_err(|e| e.to_string())?;
    let body = Reverse { movements, reason: Reason::TypedWrong };
    let told = road.books.writes(&road.receiver).reverse(road.now(), body).await;
    told.map(drop).map_err(|error| error.to_string())
}

async fn damages(road: Arc<Road>, keeper: Actor, store: StoreId) -> Result<(), String> {
    let lines = vec![BatchPieces { batch: road.batch, pieces: pieces(1) }];
    let body = StockChange { store, change: Change::Damaged, reason: Reason::Wet, lines };
    let said = Submission { confirmed: true, ..road.now() };
    let told = road.books.writes(&keeper).change_stock(said, body).await;
    told.map(drop).map_err(|error| error.to_string())
}

/// How often the database had to break a circle.
async fn circles(url: &str) -> i64 {
    let db = Database::connect(url).await.unwrap();
    if db.get_database_backend() != DbBackend::Postgres {
        return 0;
    }
    let text = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await.unwrap();
    row.unwrap().try_get("", "deadlocks").unwrap()
}
