//! Where a consignment and its paper stand, kept with it, so that what is open is found without
//! folding the records of everything that was ever sent.

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
    // Folds over what was recorded (domain::consignment): `left_at` is the moment of the dispatch
    // that stands; `paper` is null until then.
    "ALTER TABLE consignment ADD COLUMN state text NOT NULL DEFAULT 'draft' CHECK (state IN
        ('draft', 'cancelled', 'dispatched', 'partly_delivered', 'delivered', 'closed'))",
    "ALTER TABLE consignment ADD COLUMN left_at bigint",
    "ALTER TABLE consignment ADD COLUMN paper text
        CHECK (paper IN ('out', 'back_signed', 'back_unsigned', 'lost'))",
    // Consignments that are older than these columns.
    "UPDATE consignment SET left_at = (SELECT MAX(r.occurred_at) FROM record r
        JOIN movement m ON m.record_id = r.id
        WHERE r.subject_id = consignment.id AND r.kind = 'dispatch' AND m.kind = 'dispatch'
            AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id))",
    "UPDATE consignment SET paper = COALESCE((SELECT p.state FROM waybill_paper p
        JOIN record r ON r.id = p.record_id WHERE p.consignment_id = consignment.id
        ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1), 'out') WHERE left_at IS NOT NULL",
    "UPDATE consignment SET state = COALESCE((
        SELECT CASE
            WHEN x.in_transit <= 0 AND x.extra <= 0 AND x.to_confirm = 0 THEN 'closed'
            WHEN x.latest_rest IS NULL AND x.in_transit > 0 THEN 'dispatched'
            WHEN x.latest_rest = 'still_coming' AND x.in_transit > 0 THEN 'partly_delivered'
            ELSE 'delivered' END
        FROM (
            SELECT c.id,
                (SELECT d.rest FROM delivery d JOIN record r ON r.id = d.record_id
                    WHERE d.consignment_id = c.id AND d.rest IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM movement m
                            JOIN movement y ON y.reverses_id = m.id
                            WHERE m.record_id = d.record_id)
                    ORDER BY r.occurred_at DESC, r.recorded_at DESC, r.id DESC LIMIT 1)
                    AS latest_rest,
                (SELECT COUNT(*) FROM delivery d
                    WHERE d.consignment_id = c.id AND d.to_confirm
                        AND NOT EXISTS (SELECT 1 FROM movement m
                            JOIN movement y ON y.reverses_id = m.id
                            WHERE m.record_id = d.record_id)
                        AND NOT EXISTS (SELECT 1 FROM confirmation y
                            WHERE y.confirms_id = d.record_id)) AS to_confirm,
                COALESCE((SELECT SUM(b.pieces) FROM account a JOIN balance b ON b.account_id = a.id
                    WHERE a.kind = 'in_transit' AND a.owner_id = c.id AND NOT a.shadow), 0)
                    AS in_transit,
                COALESCE((SELECT SUM(-b.pieces) FROM account a JOIN balance b ON b.account_id = a.id
                    WHERE a.kind = 'in_transit' AND a.owner_id = c.id AND a.shadow), 0) AS extra
            FROM consignment c
        ) x WHERE x.id = consignment.id), state) WHERE left_at IS NOT NULL",
    "UPDATE consignment SET state = 'cancelled' WHERE id IN
        (SELECT subject_id FROM record WHERE kind = 'consignment_cancel')",
    "CREATE INDEX consignment_state ON consignment (state, made_at, id)",
    "CREATE INDEX consignment_left ON consignment (left_at, id)",
    "CREATE INDEX consignment_paper ON consignment (paper, left_at, id)",
];
