//! The mark by which nodes hear of what the others wrote.

use crate::books::{Books, on_both};
use crate::events::{Field, row, sheet};
use std::sync::Arc;
use stock::Stock;
use stock::world::SystemWorld;

on_both!(every_node_sees_that_the_books_have_changed);

async fn every_node_sees_that_the_books_have_changed(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let other = Stock::open(&books.url, Arc::new(SystemWorld)).await.unwrap();
    let before = other.mark().await.unwrap();
    assert_eq!(books.stock.mark().await.unwrap(), before, "it is the books' and not a node's");

    let event = field.planned().await;
    let planned = other.mark().await.unwrap();
    assert!(planned > before, "a plan has a number and no record");

    let told = sheet(event, vec![row(field.leaflets, 20, 0, 0)]);
    books.writes(&field.worker).event_sheet(field.said(0), told).await.unwrap();
    let told = other.mark().await.unwrap();
    assert!(told > planned, "a record is heard of before it is sealed");

    assert!(books.stock.seal_waiting().await.unwrap() > 0);
    assert_eq!(other.mark().await.unwrap(), told, "a seal changes nothing that pages show");
    other.close().await.unwrap();
}
