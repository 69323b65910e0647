//! Books of another version of the program: whoever reads them says so and changes nothing.

use crate::books::{Books, on_both};
use crate::enforcement::Raw;
use std::sync::Arc;
use stock::{OpenError, Stock};

on_both!(books_of_another_version_are_read_by_nobody);

async fn opened(books: &Books) -> Result<(), OpenError> {
    let read = Stock::open_to_read(&books.url, books.world.clone()).await?;
    read.require_this_version().await
}

async fn books_of_another_version_are_read_by_nobody(books: Arc<Books>) {
    opened(&books).await.unwrap();
    let raw = Raw::open(&books).await;
    let last = "SELECT MAX(version) FROM seaql_migrations";
    raw.damages(&format!("DELETE FROM seaql_migrations WHERE version = ({last})")).await;
    let older = opened(&books).await.unwrap_err();
    assert!(matches!(&older, OpenError::OlderVersion(lacking) if lacking.starts_with("m2026")));
    assert!(older.to_string().contains("`tawzi migrate`"), "{older}");
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_later', 1)";
    raw.damages(newer).await;
    let newer = opened(&books).await.unwrap_err();
    assert!(matches!(&newer, OpenError::NewerVersion(found) if found == "m29990101_later"));
}
