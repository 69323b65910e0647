//! What a month's statement is made of, kept with the lines: its columns and its closings.

use super::accounts::Accounts;
use super::post::Posted;
use crate::query::{Query, inserts};
use crate::records::{RecordError, RecordTx};
use domain::ids::{BatchId, MaterialId, MovementId, StoreId};
use domain::ledger::MovementKind;
use domain::statement::{Column, Hand, effects, moved_between_hands};
use domain::time::Month;
use sea_orm::{FromQueryResult, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Whose closing of what.
type ClosingKey = (StoreId, MaterialId, Hand);

impl RecordTx<'_> {
    /// What keeps the sums of the months' statements (domain::statement).
    pub(super) async fn sums_of_months(
        &self,
        posted: &[Posted],
        accounts: &Accounts,
    ) -> Result<Vec<Query>, RecordError> {
        let batches: BTreeSet<BatchId> =
            posted.iter().flat_map(|p| &p.movement.lines).map(|line| line.batch).collect();
        let materials = self.materials_of(&batches).await?;
        self.queue_at_months(holders(posted, accounts, &materials)?).await?;
        let mut writes = self.flows(posted, accounts, &materials).await?;
        writes.extend(self.closings(posted, accounts, &materials)?);
        Ok(writes)
    }

    async fn flows(
        &self,
        posted: &[Posted],
        accounts: &Accounts,
        materials: &BTreeMap<BatchId, MaterialId>,
    ) -> Result<Vec<Query>, RecordError> {
        let mut flows: BTreeMap<(Month, StoreId, MaterialId, Column), i64> = BTreeMap::new();
        for Posted { movement, .. } in posted {
            let month = self.booked_month(movement.occurred_at);
            let (kind, sign) = match movement.reverses {
                Some(original) => (self.kind_of(original).await?, -1),
                None => (movement.kind, 1),
            };
            for line in &movement.lines {
                // A reversal takes back what its original added.
                let line = if sign < 0 { line.mirrored() } else { *line };
                let (from, to) = (accounts.side(line.from)?, accounts.side(line.to)?);
                let Some(material) = materials.get(&line.batch) else { continue };
                for (holder, column, pieces) in effects(kind, from, to, line.pieces.get()) {
                    *flows.entry((month, holder, *material, column)).or_default() += sign * pieces;
                }
            }
        }
        flows.retain(|_, pieces| *pieces != 0);
        let rows = flows.into_iter().map(|((month, holder, material, column), pieces)| {
            [
                i64::from(month.0).into(),
                holder.uuid().into(),
                material.uuid().into(),
                column.as_str().into(),
                pieces.into(),
            ]
        });
        Ok(inserts(
            "month_flow (booked_month, holder_id, material_id, flow, pieces)",
            rows,
            "ON CONFLICT (holder_id, material_id, booked_month, flow)
             DO UPDATE SET pieces = month_flow.pieces + excluded.pieces",
        ))
    }

    async fn kind_of(&self, movement: MovementId) -> Result<MovementKind, RecordError> {
        let row: Option<Kind> =
            self.one("SELECT kind FROM movement WHERE id = $1", [movement.uuid().into()]).await?;
        let kind = row.and_then(|row| MovementKind::parse(&row.kind));
        Ok(kind.unwrap_or(MovementKind::Reverse))
    }

    pub(crate) async fn materials_of(
        &self,
        batches: &BTreeSet<BatchId>,
    ) -> Result<BTreeMap<BatchId, MaterialId>, RecordError> {
        let mut materials = self.seen(|seen| seen.materials(batches));
        let unknown: Vec<Uuid> = batches
            .iter()
            .filter(|batch| !materials.contains_key(batch))
            .map(|batch| batch.uuid())
            .collect();
        for chunk in unknown.chunks(200) {
            let rows: Vec<BatchMaterial> =
                Query::new("SELECT id, material_id FROM batch WHERE id IN ")
                    .list(chunk.iter().copied())
                    .all(self.conn)
                    .await?;
            for row in rows {
                materials.insert(BatchId::new(row.id), MaterialId::new(row.material_id));
            }
        }
        self.seen(|seen| seen.remember_materials(materials.clone()));
        Ok(materials)
    }

    /// A closing changes with everything booked up to its month, so the later ones change too:
    /// none or few, because what is booked long ago is rare.
    fn closings(
        &self,
        posted: &[Posted],
        accounts: &Accounts,
        materials: &BTreeMap<BatchId, MaterialId>,
    ) -> Result<Vec<Query>, RecordError> {
        let mut months: BTreeMap<Month, BTreeMap<ClosingKey, i64>> = BTreeMap::new();
        for Posted { movement, .. } in posted {
            let changes = months.entry(self.booked_month(movement.occurred_at)).or_default();
            for line in &movement.lines {
                let (from, to) = (accounts.side(line.from)?, accounts.side(line.to)?);
                let Some(material) = materials.get(&line.batch) else { continue };
                for (holder, hand, pieces) in moved_between_hands(from, to, line.pieces.get()) {
                    *changes.entry((holder, *material, hand)).or_default() += pieces;
                }
            }
        }
        for changes in months.values_mut() {
            changes.retain(|_, pieces| *pieces != 0);
        }
        let mut writes = Vec::new();
        for (month, changes) in months {
            let changes: Vec<(ClosingKey, i64)> = changes.into_iter().collect();
            writes.extend(changes.chunks(200).flat_map(|chunk| closings_of(month, chunk)));
        }
        Ok(writes)
    }
}

fn closings_of(month: Month, changes: &[(ClosingKey, i64)]) -> [Query; 2] {
    let change = || {
        let mut query = Query::new("WITH change (holder_id, material_id, hand, delta) AS (VALUES ");
        for (n, ((holder, material, hand), pieces)) in changes.iter().enumerate() {
            let row: [Value; 4] = [
                holder.uuid().into(),
                material.uuid().into(),
                hand.as_str().into(),
                (*pieces).into(),
            ];
            query = query.push(if n == 0 { "" } else { ", " }).list(row);
        }
        query.push(") ")
    };
    let month = i64::from(month.0);
    // A month's row begins with what the month before it closed with.
    let begin = change()
        .push(
            "INSERT INTO month_closing (holder_id, material_id, hand, booked_month, pieces)
                 SELECT n.holder_id, n.material_id, n.hand, b.booked_month,
                    COALESCE((SELECT c.pieces FROM month_closing c WHERE c.holder_id = n.holder_id
                        AND c.material_id = n.material_id AND c.hand = n.hand
                        AND c.booked_month < b.booked_month
                        ORDER BY c.booked_month DESC LIMIT 1), 0)
                 FROM change n CROSS JOIN (SELECT 0 AS booked_month UNION ALL SELECT ",
        )
        .bind(month)
        .push(
            ") b WHERE TRUE
                 ON CONFLICT (holder_id, material_id, hand, booked_month) DO NOTHING",
        );
    let add = change()
        .push(
            "UPDATE month_closing SET pieces = month_closing.pieces + change.delta
                 FROM change WHERE month_closing.holder_id = change.holder_id
                    AND month_closing.material_id = change.material_id
                    AND month_closing.hand = change.hand AND month_closing.booked_month >= ",
        )
        .bind(month);
    [begin, add]
}

/// Whose figures of what may change.
fn holders(
    posted: &[Posted],
    accounts: &Accounts,
    materials: &BTreeMap<BatchId, MaterialId>,
) -> Result<BTreeSet<(StoreId, MaterialId)>, RecordError> {
    let mut holders = BTreeSet::new();
    for line in posted.iter().flat_map(|posted| &posted.movement.lines) {
        for account in [line.from, line.to] {
            let holder = accounts.side(account)?.holder;
            holders.extend(holder.zip(materials.get(&line.batch).copied()));
        }
    }
    Ok(holders)
}

#[derive(FromQueryResult)]
struct Kind {
    kind: String,
}

#[derive(FromQueryResult)]
struct BatchMaterial {
    id: Uuid,
    material_id: Uuid,
}
