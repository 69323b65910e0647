//! A statement that is read while others post, and what they posted is sealed: it adds up, with
//! their pieces or without them.

use crate::books::{Books, on_both};
use crate::events::{Field, row, sheet};
use domain::time::Month;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_both!(what_others_post_meanwhile_breaks_nothing);

const EVENTS: usize = 12;

async fn what_others_post_meanwhile_breaks_nothing(books: Arc<Books>) {
    let field = Field::new(books).await;
    let mut events = Vec::new();
    for _ in 0..EVENTS {
        events.push(field.planned().await);
    }
    let posted = AtomicBool::new(false);
    let post = async {
        for event in events {
            let rows = vec![row(field.leaflets, 20, 5, 0)];
            let writer = field.books.writes(&field.worker);
            writer.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
        }
        posted.store(true, Ordering::Relaxed);
    };
    let read = async {
        let reader = field.books.reads(&field.manager);
        let mut given = Vec::new();
        while !posted.load(Ordering::Relaxed) {
            let statement = reader.statement(Month(201_706)).await.unwrap();
            assert_eq!(statement.broken, []);
            given.push(statement.total.column(domain::statement::Column::Given));
        }
        given
    };
    let seal = async {
        let mut sealed = 0;
        while !posted.load(Ordering::Relaxed) {
            sealed += field.books.stock.seal_waiting().await.unwrap();
        }
        sealed
    };
    let ((), given, sealed) = tokio::join!(post, read, seal);
    let steps: std::collections::BTreeSet<i64> = given.into_iter().collect();
    assert!(steps.len() > 2, "it was read between the posts: {steps:?}");
    assert!(sealed > 2, "they were sealed one after the other: {sealed}");
    field.adds_up().await;
}
