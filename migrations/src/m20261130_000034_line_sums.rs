//! The sealed lines of each month, summed, so that no report about a month adds up all its lines;
//! and the order in which records wait for their seal, so that the sealer begins at the first of
//! many without sorting them.

use crate::rules::keep;
use crate::run;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        let postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        let nobody = if postgres {
            "'00000000-0000-0000-0000-000000000000'::uuid"
        } else {
            "x'00000000000000000000000000000000'"
        };
        let older = OLDER_BOOKS.replace("{nobody}", nobody);
        manager.get_connection().execute_unprepared(&older).await?;
        keep(manager, "line_sum").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // By everything that makes a difference to a report: what kind of movement it was or undid,
    // what sort of account pieces left and came to and which store answers for it (none: a nil id),
    // through which channel they were given, of whose event it was (none: a nil id), and where, if
    // at an event or a drop. Only lines of sealed records; kept in the transaction that seals them.
    "CREATE TABLE line_sum (
        booked_month bigint NOT NULL,
        material_id {uuid} NOT NULL REFERENCES material (id),
        kind text NOT NULL,
        undone boolean NOT NULL,
        from_kind text NOT NULL,
        from_shadow boolean NOT NULL,
        from_store {uuid} NOT NULL,
        from_channel text NOT NULL,
        to_kind text NOT NULL,
        to_shadow boolean NOT NULL,
        to_store {uuid} NOT NULL,
        to_channel text NOT NULL,
        at_org {uuid} NOT NULL,
        at_place text NOT NULL,
        pieces bigint NOT NULL,
        PRIMARY KEY (booked_month, kind, from_store, to_store, material_id, at_org, at_place,
            from_kind, to_kind, from_channel, to_channel, undone, from_shadow, to_shadow)
    )",
    "DROP TABLE unsealed",
    "CREATE TABLE unsealed (
        position {row} PRIMARY KEY,
        record_id {uuid} NOT NULL UNIQUE REFERENCES record (id)
    )",
    "INSERT INTO unsealed (record_id) SELECT o.record_id
     FROM record_outcome o JOIN record r ON r.id = o.record_id
     WHERE NOT EXISTS (SELECT 1 FROM seal s WHERE s.record_id = o.record_id)
     ORDER BY r.recorded_at, r.id",
];

const OLDER_BOOKS: &str =
    "INSERT INTO line_sum (booked_month, material_id, kind, undone, from_kind,
        from_shadow, from_store, from_channel, to_kind, to_shadow, to_store, to_channel, at_org,
        at_place, pieces)
     SELECT m.booked_month, t.material_id, COALESCE(o.kind, m.kind), o.kind IS NOT NULL,
        f.kind, f.shadow, COALESCE(f.holder_id, {nobody}), f.channel,
        g.kind, g.shadow, COALESCE(g.holder_id, {nobody}), g.channel,
        COALESCE(e.org_id, {nobody}), COALESCE(e.place_code, d.place_code, ''),
        CAST(SUM(l.pieces) AS BIGINT)
     FROM seal s JOIN movement m ON m.record_id = s.record_id JOIN line l ON l.movement_id = m.id
     JOIN batch t ON t.id = l.batch_id
     JOIN account f ON f.id = l.from_id JOIN account g ON g.id = l.to_id
     LEFT JOIN movement o ON o.id = m.reverses_id
     LEFT JOIN event e ON e.id = CASE WHEN g.kind IN ('at_event', 'given_event')
        THEN g.owner_id ELSE f.owner_id END
     LEFT JOIN drop_off d ON d.id = CASE WHEN g.kind = 'given_drop'
        THEN g.owner_id ELSE f.owner_id END
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14";
