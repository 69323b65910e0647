//! Who came to an event, kept with the event, so that a month adds up its events without reading
//! what was said about each.

use crate::run;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        run(manager, &[PICTURES_OF_OLDER_BOOKS]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // A fold over the statements that stand; none where nobody filled a box.
    "ALTER TABLE event ADD COLUMN women bigint",
    "ALTER TABLE event ADD COLUMN men bigint",
    "ALTER TABLE event ADD COLUMN girls bigint",
    "ALTER TABLE event ADD COLUMN boys bigint",
    "ALTER TABLE event ADD COLUMN age_not_recorded bigint",
    "ALTER TABLE event ADD COLUMN sex_not_recorded bigint",
    "ALTER TABLE event ADD COLUMN community boolean NOT NULL DEFAULT FALSE",
    "ALTER TABLE event ADD COLUMN officials boolean NOT NULL DEFAULT FALSE",
    "ALTER TABLE event ADD COLUMN religious_leaders boolean NOT NULL DEFAULT FALSE",
    // Two statements about the same people stand, and nobody linked them.
    "ALTER TABLE event ADD COLUMN counted_twice boolean NOT NULL DEFAULT FALSE",
];

/// What is kept from now on, for events of which something was said before: the first statement
/// about each session, or about the whole event where no session has one, of those that stand. A
/// correction falls with the sheet of what it corrects, so that it need not be asked whether it counts.
pub const PICTURES_OF_OLDER_BOOKS: &str = "
WITH counting AS (
    SELECT t.*, r.recorded_at FROM attendance t JOIN record r ON r.id = t.record_id
    WHERE t.sheet_id IS NULL OR EXISTS (SELECT 1 FROM event_sheet s
        WHERE s.record_id = t.sheet_id AND s.posted_by IS NOT NULL AND s.replaced_by IS NULL AND (
            NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
                AND NOT m.derived AND m.kind <> 'reverse')
            OR EXISTS (SELECT 1 FROM movement m WHERE m.record_id = s.posted_by
                AND NOT m.derived AND m.kind <> 'reverse'
                AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id))))
), standing AS (
    SELECT c.*, COALESCE(c.women, 0) + COALESCE(c.men, 0) + COALESCE(c.girls, 0)
            + COALESCE(c.boys, 0) + COALESCE(c.age_not_recorded, 0)
            + COALESCE(c.sex_not_recorded, 0) AS people,
        COALESCE(c.women, c.men, c.girls, c.boys, c.age_not_recorded, c.sex_not_recorded)
            IS NOT NULL AS any_box,
        ROW_NUMBER() OVER (PARTITION BY c.event_id, c.session_id
            ORDER BY c.recorded_at, c.record_id) AS nth,
        c.session_id IS NULL AND COUNT(c.session_id) OVER (PARTITION BY c.event_id) > 0 AS beside
    FROM counting c
    WHERE NOT EXISTS (SELECT 1 FROM attendance n WHERE n.corrects_id = c.record_id)
), picture AS (
    SELECT event_id,
        SUM(CASE WHEN nth = 1 AND NOT beside THEN women END) AS women,
        SUM(CASE WHEN nth = 1 AND NOT beside THEN men END) AS men,
        SUM(CASE WHEN nth = 1 AND NOT beside THEN girls END) AS girls,
        SUM(CASE WHEN nth = 1 AND NOT beside THEN boys END) AS boys,
        SUM(CASE WHEN nth = 1 AND NOT beside THEN age_not_recorded END) AS age_not_recorded,
        SUM(CASE WHEN nth = 1 AND NOT beside THEN sex_not_recorded END) AS sex_not_recorded,
        COUNT(CASE WHEN community AND (nth = 1 OR beside) THEN 1 END) > 0 AS community,
        COUNT(CASE WHEN officials AND (nth = 1 OR beside) THEN 1 END) > 0 AS officials,
        COUNT(CASE WHEN religious_leaders AND (nth = 1 OR beside) THEN 1 END) > 0
            AS religious_leaders,
        COUNT(CASE WHEN nth > 1 AND NOT beside THEN 1 END) > 0
            OR MIN(CASE WHEN beside AND any_box THEN people END)
                <> SUM(CASE WHEN nth = 1 AND NOT beside THEN people ELSE 0 END)
            OR MAX(CASE WHEN beside AND any_box THEN people END)
                <> SUM(CASE WHEN nth = 1 AND NOT beside THEN people ELSE 0 END) AS counted_twice
    FROM standing GROUP BY event_id
)
UPDATE event SET women = CAST(picture.women AS bigint), men = CAST(picture.men AS bigint),
    girls = CAST(picture.girls AS bigint), boys = CAST(picture.boys AS bigint),
    age_not_recorded = CAST(picture.age_not_recorded AS bigint),
    sex_not_recorded = CAST(picture.sex_not_recorded AS bigint),
    community = picture.community, officials = picture.officials,
    religious_leaders = picture.religious_leaders,
    counted_twice = COALESCE(picture.counted_twice, FALSE)
FROM picture WHERE picture.event_id = event.id";
