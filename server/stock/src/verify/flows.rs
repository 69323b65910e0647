//! What the reports about months are made of, sums and closings, against the lines.

use super::{Check, Finding};
use crate::db::{all, sql};
use crate::movements::{AccountRow, line_sums};
use domain::ids::StoreId;
use domain::ledger::MovementKind;
use domain::statement::{Side, effects, moved_between_hands};
use domain::time::Month;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult, StreamTrait};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Month, holder, material, column.
type Key = (i64, Uuid, Uuid, String);
/// Holder, material, hand.
type ClosingKey = (Uuid, Uuid, String);

/// What the lines make.
#[derive(Default)]
struct Made {
    flows: BTreeMap<Key, i64>,
    /// What each month changed.
    hands: BTreeMap<ClosingKey, BTreeMap<i64, i64>>,
}

#[derive(FromQueryResult)]
struct ClosingRow {
    holder_id: Uuid,
    material_id: Uuid,
    hand: String,
    booked_month: i64,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct LineRow {
    booked_month: i64,
    kind: String,
    original_kind: Option<String>,
    material_id: Uuid,
    from_id: i64,
    to_id: i64,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct LineSumRow {
    booked_month: i64,
    material_id: Uuid,
    kind: String,
    from_kind: String,
    from_store: Uuid,
    to_kind: String,
    to_store: Uuid,
    /// Kept, less what the lines come to.
    pieces: i64,
}

#[derive(FromQueryResult)]
struct FlowRow {
    booked_month: i64,
    holder_id: Uuid,
    material_id: Uuid,
    flow: String,
    pieces: i64,
}

pub(super) async fn equal_their_lines(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let Made { flows: mut made, hands } = from_lines(db).await?;
    let kept: Vec<FlowRow> =
        all(db, "SELECT booked_month, holder_id, material_id, flow, pieces FROM month_flow", [])
            .await?;
    for row in kept {
        let key = (row.booked_month, row.holder_id, row.material_id, row.flow);
        *made.entry(key).or_default() -= row.pieces;
    }
    let wrong = made.into_iter().find(|(_, difference)| *difference != 0);
    if let Some(((month, holder, material, flow), too_few)) = wrong {
        let month = Month(month as i32);
        let row = format!("month_flow {month} holder {holder} material {material} {flow}");
        return Ok(Some(differs(row, too_few)));
    }
    match closings(db, hands).await? {
        None => sealed_lines(db).await,
        wrong => Ok(wrong),
    }
}

/// A sum that is so many pieces short of its lines.
fn differs(row: String, too_few: i64) -> Finding {
    let how = if too_few > 0 { "too few" } else { "too many" };
    Finding {
        check: Check::MonthFlows,
        row,
        expected: "the sum of its lines".to_owned(),
        found: format!("{} pieces {how}", too_few.abs()),
    }
}

/// What sealing summed.
async fn sealed_lines(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let wrong: Option<LineSumRow> = line_sums::wrong_sums().one(db).await?;
    Ok(wrong.map(|sum| {
        let LineSumRow { booked_month, material_id, kind, from_kind, from_store, .. } = &sum;
        let month = Month(*booked_month as i32);
        let row = format!(
            "line_sum {month} material {material_id} {kind} from {from_kind} {from_store} to {} {}",
            sum.to_kind, sum.to_store
        );
        differs(row, -sum.pieces)
    }))
}

/// A closing is what all months up to its own changed; a month with a change has one, and so has
/// the beginning.
async fn closings(
    db: &DatabaseTransaction,
    mut hands: BTreeMap<ClosingKey, BTreeMap<i64, i64>>,
) -> Result<Option<Finding>, DbErr> {
    let kept: Vec<ClosingRow> =
        all(db, "SELECT holder_id, material_id, hand, booked_month, pieces FROM month_closing", [])
            .await?;
    let mut rows: BTreeMap<ClosingKey, BTreeMap<i64, i64>> = BTreeMap::new();
    for row in kept {
        let key = (row.holder_id, row.material_id, row.hand);
        rows.entry(key).or_default().insert(row.booked_month, row.pieces);
    }
    for changes in hands.values_mut() {
        changes.retain(|_, pieces| *pieces != 0);
    }
    hands.retain(|_, changes| !changes.is_empty());
    let keys: BTreeSet<&ClosingKey> = rows.keys().chain(hands.keys()).collect();
    let none = BTreeMap::new();
    for key in keys {
        let (kept, changes) = (rows.get(key).unwrap_or(&none), hands.get(key).unwrap_or(&none));
        let months = kept.keys().chain(changes.keys()).chain([&0]).collect::<BTreeSet<_>>();
        let mut level = 0;
        for month in months {
            level += changes.get(month).copied().unwrap_or(0);
            let found = kept.get(month).copied();
            if found != Some(level) {
                let (holder, material, hand) = key;
                let month = Month(*month as i32);
                return Ok(Some(Finding {
                    check: Check::MonthFlows,
                    row: format!(
                        "month_closing {month} holder {holder} material {material} {hand}"
                    ),
                    expected: format!("{level} pieces, the sum of its lines"),
                    found: found.map_or("no row".to_owned(), |found| format!("{found} pieces")),
                }));
            }
        }
    }
    Ok(None)
}

async fn from_lines(db: &DatabaseTransaction) -> Result<Made, DbErr> {
    use futures_util::TryStreamExt;
    let sides = sides(db).await?;
    let statement = sql(
        db,
        "SELECT m.booked_month, m.kind, o.kind AS original_kind, b.material_id, l.from_id,
            l.to_id, l.pieces
         FROM line l JOIN movement m ON m.id = l.movement_id
         JOIN batch b ON b.id = l.batch_id
         LEFT JOIN movement o ON o.id = m.reverses_id",
        [],
    );
    let mut rows = db.stream_raw(statement).await?;
    let mut made = Made::default();
    while let Some(row) = rows.try_next().await? {
        let row = LineRow::from_query_result(&row, "")?;
        let sign = if row.original_kind.is_some() { -1 } else { 1 };
        let name = row.original_kind.as_deref().unwrap_or(&row.kind);
        let kind = MovementKind::parse(name)
            .ok_or_else(|| DbErr::Type(format!("no movement is of kind {name:?}")))?;
        let (Some(&from), Some(&to)) = (sides.get(&row.from_id), sides.get(&row.to_id)) else {
            continue;
        };
        for (holder, hand, pieces) in moved_between_hands(from, to, row.pieces) {
            let key = (holder.uuid(), row.material_id, hand.as_str().to_owned());
            let changes = made.hands.entry(key).or_default();
            *changes.entry(row.booked_month).or_default() += pieces;
        }
        let (from, to) = if sign < 0 { (to, from) } else { (from, to) };
        for (holder, column, pieces) in effects(kind, from, to, row.pieces) {
            let column = column.as_str().to_owned();
            let key = (row.booked_month, holder.uuid(), row.material_id, column);
            *made.flows.entry(key).or_default() += sign * pieces;
        }
    }
    Ok(made)
}

async fn sides(db: &DatabaseTransaction) -> Result<HashMap<i64, Side>, DbErr> {
    let rows: Vec<AccountRow> =
        all(db, "SELECT id, kind, owner_id, channel, shadow, holder_id FROM account", []).await?;
    rows.into_iter()
        .map(|row| {
            let side = Side { account: row.account()?, holder: row.holder_id.map(StoreId::new) };
            Ok((row.id, side))
        })
        .collect()
}
