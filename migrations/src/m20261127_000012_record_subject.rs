//! What is recorded about a subject is asked for by kind: SQLite would else look through all records
//! of that kind.

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
    "DROP INDEX record_subject",
    "CREATE INDEX record_subject ON record (subject_id, kind, recorded_at)",
];
