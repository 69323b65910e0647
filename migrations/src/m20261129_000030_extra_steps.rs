//! Extra pieces of a delivery that were explained by a store are steps of the chain too
//! (domain::statement): what had been loaded was dispatched, what had not come was not delivered.

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
    &["INSERT INTO month_flow (booked_month, holder_id, material_id, flow, pieces)
    SELECT booked_month, holder_id, material_id, flow, CAST(SUM(pieces) AS BIGINT)
    FROM (
        SELECT m.booked_month, s.holder_id, t.material_id,
            CASE WHEN s.holder_id = w.holder_id THEN 'dispatched' ELSE 'delivered' END AS flow,
            CASE WHEN s.holder_id = w.holder_id THEN l.pieces ELSE -l.pieces END AS pieces
        FROM account w CROSS JOIN line l JOIN movement m ON m.id = l.movement_id
        JOIN account s ON s.id = l.from_id JOIN batch t ON t.id = l.batch_id
        WHERE w.shadow AND w.kind = 'in_transit' AND l.to_id = w.id
            AND NOT s.shadow AND s.kind = 'store' AND m.kind = 'settle'
        UNION ALL
        SELECT m.booked_month, s.holder_id, t.material_id,
            CASE WHEN s.holder_id = w.holder_id THEN 'dispatched' ELSE 'delivered' END,
            CASE WHEN s.holder_id = w.holder_id THEN -l.pieces ELSE l.pieces END
        FROM account w CROSS JOIN line l JOIN movement m ON m.id = l.movement_id
        JOIN movement o ON o.id = m.reverses_id
        JOIN account s ON s.id = l.to_id JOIN batch t ON t.id = l.batch_id
        WHERE w.shadow AND w.kind = 'in_transit' AND l.from_id = w.id
            AND NOT s.shadow AND s.kind = 'store' AND o.kind = 'settle'
    ) said
    GROUP BY booked_month, holder_id, material_id, flow
    HAVING SUM(pieces) <> 0
    ON CONFLICT (holder_id, material_id, booked_month, flow)
        DO UPDATE SET pieces = month_flow.pieces + excluded.pieces"];
