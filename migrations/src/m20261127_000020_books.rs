//! What the books know about themselves: the one row of `books`.
//!
//! `epoch` changes when books are restored from a backup: whoever kept a copy of them then knows
//! that what it was told may be gone.

use crate::{rules, run};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        let db = manager.get_connection();
        let random = match db.get_database_backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            DbBackend::Sqlite | DbBackend::MySql => "randomblob(16)",
            other => return Err(DbErr::Migration(format!("{other:?} is not supported"))),
        };
        db.execute_unprepared(&format!("INSERT INTO books (id, epoch) VALUES (1, {random})"))
            .await?;
        rules::keep(manager, "books").await?;
        rules::never_replaced(manager, "books", &["id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &[&str] = &["CREATE TABLE books (
        id bigint PRIMARY KEY CHECK (id = 1),
        epoch {uuid} NOT NULL,
        backed_up_at bigint,
        -- When the latest backup that was tried was restored and proved.
        restored_at bigint
    )"];
