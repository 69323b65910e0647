//! What was on hand at the end of each month, kept, so that no report adds up all months before.

use crate::rules::keep;
use crate::run;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        keep(manager, "month_closing").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // By who answers for the pieces and in whose hands they were (domain::statement). Only months
    // with a change have a row, so a closing is the last row up to its month. Every key begins with
    // a row of month 0, which holds nothing: together they are the list of keys.
    "CREATE TABLE month_closing (
        holder_id {uuid} NOT NULL REFERENCES store (id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        hand text NOT NULL CHECK (hand IN ('in_store', 'in_transit', 'at_event', 'damaged')),
        booked_month bigint NOT NULL,
        pieces bigint NOT NULL,
        PRIMARY KEY (holder_id, material_id, hand, booked_month)
    )",
    "CREATE INDEX month_closing_keys ON month_closing (holder_id, material_id, hand)
        WHERE booked_month = 0",
    // Books that are older than this table.
    "INSERT INTO month_closing (holder_id, material_id, hand, booked_month, pieces)
     SELECT holder_id, material_id, hand, booked_month,
        CAST(SUM(pieces) OVER (PARTITION BY holder_id, material_id, hand
            ORDER BY booked_month) AS BIGINT)
     FROM (
        SELECT holder_id, material_id, hand, booked_month, CAST(SUM(pieces) AS BIGINT) AS pieces
        FROM (
            SELECT a.holder_id, t.material_id, a.kind, m.booked_month, l.pieces
            FROM line l JOIN movement m ON m.id = l.movement_id
            JOIN batch t ON t.id = l.batch_id JOIN account a ON a.id = l.to_id
            WHERE NOT a.shadow AND a.holder_id IS NOT NULL
            UNION ALL
            SELECT a.holder_id, t.material_id, a.kind, m.booked_month, -l.pieces
            FROM line l JOIN movement m ON m.id = l.movement_id
            JOIN batch t ON t.id = l.batch_id JOIN account a ON a.id = l.from_id
            WHERE NOT a.shadow AND a.holder_id IS NOT NULL
        ) side JOIN (
            SELECT 'store' AS kind, 'in_store' AS hand UNION ALL
            SELECT 'in_transit', 'in_transit' UNION ALL
            SELECT 'at_event', 'at_event' UNION ALL
            SELECT 'damaged', 'damaged'
        ) hands ON hands.kind = side.kind
        GROUP BY holder_id, material_id, hand, booked_month
     ) changes",
    "INSERT INTO month_closing (holder_id, material_id, hand, booked_month, pieces)
     SELECT DISTINCT holder_id, material_id, hand, 0, 0 FROM month_closing",
];
