use crate::books::{Books, on_both};
use sea_orm::{ConnectionTrait, Database};
use std::sync::Arc;
use stock::world::SystemWorld;
use stock::{OpenError, Stock};

on_both![books_of_a_newer_version_are_left_alone, books_open_again_as_they_were];

async fn open(books: &Books) -> Result<Stock, OpenError> {
    Stock::open(&books.url, Arc::new(SystemWorld)).await
}

async fn books_of_a_newer_version_are_left_alone(books: Arc<Books>) {
    let other = Database::connect(&books.url).await.unwrap();
    let text = "INSERT INTO seaql_migrations (version, applied_at) \
        VALUES ('m20991231_000001_future', 0)";
    other.execute_unprepared(text).await.unwrap();
    let refused = open(&books).await.err().unwrap();
    assert!(matches!(refused, OpenError::NewerVersion(_)));
    assert!(refused.to_string().contains("m20991231_000001_future"), "{refused}");
}

async fn books_open_again_as_they_were(books: Arc<Books>) {
    let again = open(&books).await.unwrap();
    assert!(again.is_ready().await);
    let known = again.org_by_short_name("Programme").await.unwrap();
    assert_eq!(known, Some(books.programme));
}
