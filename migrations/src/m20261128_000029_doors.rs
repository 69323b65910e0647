//! How often somebody knocked: tries by address and by account, in place of the failures of an
//! account wherever they came from, with which anybody could lock out anybody.

use crate::run;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // `key` is a SHA-256: addresses do not stand here to be read.
    "CREATE TABLE door_count (
        key {blob} PRIMARY KEY,
        used bigint NOT NULL,
        ends_at bigint NOT NULL,
        known_until bigint NOT NULL
    )",
    "CREATE INDEX door_count_ends ON door_count (ends_at)",
    "DROP TABLE login_failure",
];
