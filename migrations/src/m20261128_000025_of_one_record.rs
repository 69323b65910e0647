//! What belongs to one record or sheet is found without reading what belongs to all: the packs of a
//! goods received note, the packs that a reversal puts back, the attendance of a sheet.

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
    "CREATE INDEX pack_event_record ON pack_event (record_id)",
    "CREATE INDEX attendance_sheet ON attendance (sheet_id)",
];
