//! What was said about a pack is numbered: a clock that is set back no longer changes what was said
//! last. Records follow the newest one in time for the same reason, and so it is looked up.

use crate::run;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, COLUMNS).await?;
        let (aside, back) = if manager.get_database_backend() == DbBackend::Postgres {
            (
                "ALTER TABLE pack_event DISABLE TRIGGER USER",
                "ALTER TABLE pack_event ENABLE TRIGGER USER",
            )
        } else {
            (
                "DROP TRIGGER pack_event_no_UPDATE",
                "CREATE TRIGGER pack_event_no_UPDATE BEFORE UPDATE ON pack_event
                 BEGIN SELECT RAISE(ABORT, 'append only: pack_event'); END",
            )
        };
        run(manager, &[aside, NUMBERS, back]).await?;
        run(manager, AFTER).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const COLUMNS: &[&str] = &[
    // From 1 on for each pack.
    "ALTER TABLE pack_event ADD COLUMN number bigint NOT NULL DEFAULT 0",
    // The number of what was said last.
    "ALTER TABLE pack_state ADD COLUMN said bigint NOT NULL DEFAULT 0",
];

const NUMBERS: &str = "UPDATE pack_event SET number = x.number FROM (
        SELECT e.pack_id, e.record_id, e.ordinal, ROW_NUMBER() OVER (
            PARTITION BY e.pack_id ORDER BY r.recorded_at, e.record_id, e.ordinal) AS number
        FROM pack_event e JOIN record r ON r.id = e.record_id
    ) x WHERE x.pack_id = pack_event.pack_id AND x.record_id = pack_event.record_id
        AND x.ordinal = pack_event.ordinal";

const AFTER: &[&str] = &[
    "UPDATE pack_state SET said = COALESCE(
        (SELECT MAX(e.number) FROM pack_event e WHERE e.pack_id = pack_state.pack_id), 0)",
    "CREATE UNIQUE INDEX pack_event_number ON pack_event (pack_id, number)",
    "CREATE INDEX record_recorded ON record (recorded_at)",
];
