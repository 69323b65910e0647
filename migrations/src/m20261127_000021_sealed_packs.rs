//! The proof of a month looks at sealed packs only. Of all packs that ever were, few are.

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

const STATEMENTS: &[&str] = &["CREATE INDEX pack_state_sealed
    ON pack_state (account_id, batch_id, pack_id, nominal) WHERE state = 'sealed'"];
