//! The newest record by an index that serves nothing else: given one on the moment itself, SQLite
//! walked through all records wherever the few of a list are put in order.

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

const STATEMENTS: &[&str] =
    &["DROP INDEX record_recorded", "CREATE INDEX record_newest ON record ((0 - recorded_at))"];
