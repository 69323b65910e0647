//! The day on which an event was held, kept with the event, so that a month finds its events and
//! a missing sheet is found without reading what was said about all others.

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
    // A fold over what was recorded: the local day of the first standing sheet or headcount.
    "ALTER TABLE event ADD COLUMN held_on bigint",
    "UPDATE event SET held_on = (
        SELECT MIN(r.local_day) FROM record r WHERE r.id IN (
            SELECT s.record_id FROM event_sheet s WHERE s.event_id = event.id
                AND s.posted_by IS NOT NULL AND s.replaced_by IS NULL AND (
                    NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
                        AND NOT m.derived AND m.kind <> 'reverse')
                    OR EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
                        AND NOT m.derived AND m.kind <> 'reverse'
                        AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id)))
            UNION
            SELECT t.record_id FROM attendance t WHERE t.event_id = event.id
                AND (t.sheet_id IS NULL OR EXISTS (SELECT 1 FROM event_sheet s
                    WHERE s.record_id = t.sheet_id
                    AND s.posted_by IS NOT NULL AND s.replaced_by IS NULL AND (
                        NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
                            AND NOT m.derived AND m.kind <> 'reverse')
                        OR EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
                            AND NOT m.derived AND m.kind <> 'reverse' AND NOT EXISTS (
                                SELECT 1 FROM movement x WHERE x.reverses_id = m.id)))))))",
    "CREATE INDEX event_happens ON event (COALESCE(held_on, planned_on))",
    "CREATE INDEX event_held ON event (held_on)",
    "CREATE INDEX event_untold ON event (planned_on, org_id)
        WHERE held_on IS NULL AND cancelled_at IS NULL",
];
