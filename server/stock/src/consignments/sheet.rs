//! The sums of a consignment, from its unreversed lines.

use crate::query::Query;
use domain::consignment::{Passage, Tally, tally};
use domain::ids::{BatchId, ConsignmentId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct LineRow {
    batch_id: Uuid,
    pieces: i64,
    from_kind: String,
    from_shadow: bool,
    from_owner: Uuid,
    to_kind: String,
    to_shadow: bool,
    to_owner: Uuid,
    receiver: Uuid,
}

/// What was sent, received and is missing, by batch.
pub(super) async fn tallies(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<BTreeMap<BatchId, Tally>, DbErr> {
    let side = |column: &str| {
        format!(
            "SELECT l.id FROM account a JOIN line l ON l.{column} = a.id
             WHERE a.kind = 'in_transit' AND a.owner_id = "
        )
    };
    let rows: Vec<LineRow> = Query::new(
        "SELECT l.batch_id, l.pieces, f.kind AS from_kind, f.shadow AS from_shadow,
            f.owner_id AS from_owner, t.kind AS to_kind, t.shadow AS to_shadow,
            t.owner_id AS to_owner, c.to_store_id AS receiver
         FROM line l JOIN movement m ON m.id = l.movement_id
         JOIN account f ON f.id = l.from_id JOIN account t ON t.id = l.to_id
         JOIN consignment c ON c.id = ",
    )
    .bind(id.uuid())
    .push(
        " WHERE m.kind <> 'reverse'
            AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id)
            AND l.id IN (",
    )
    .push(&side("from_id"))
    .bind(id.uuid())
    .push(" UNION ")
    .push(&side("to_id"))
    .bind(id.uuid())
    .push(")")
    .all(db)
    .await?;
    Ok(tally(rows.iter().filter_map(|row| {
        let (passage, sign) = passage(row, id.uuid())?;
        Some((BatchId::new(row.batch_id), passage, sign * row.pieces))
    })))
}

fn passage(row: &LineRow, id: Uuid) -> Option<(Passage, i64)> {
    let transit = |kind: &str, owner: Uuid| kind == "in_transit" && owner == id;
    let from = transit(&row.from_kind, row.from_owner);
    let to = transit(&row.to_kind, row.to_owner);
    Some(match (from, row.from_shadow, to, row.to_shadow) {
        // Out of nowhere onto the road, and back into nowhere when a late record covers it.
        (true, true, true, false) => (Passage::Extra, 1),
        (true, false, true, true) => (Passage::Extra, -1),
        (false, false, true, true)
            if row.from_kind == "store" && row.from_owner == row.receiver =>
        {
            (Passage::CountedTooMany, 1)
        }
        (_, _, true, true) => (Passage::ExtraExplained, 1),
        (true, true, _, _) => (Passage::ExtraExplained, -1),
        (false, _, true, false) => (Passage::Sent, 1),
        (true, false, false, _) => match row.to_kind.as_str() {
            "store" if row.to_owner == row.receiver => (Passage::Received, 1),
            "store" => (Passage::Elsewhere, 1),
            "damaged" => (Passage::Damaged, 1),
            "lost" => (Passage::Lost, 1),
            _ => return None,
        },
        (true, false, true, false) | (false, _, false, _) => return None,
    })
}
