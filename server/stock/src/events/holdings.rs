//! What a store and an event hold of materials, batch by batch.

use super::goods::FoundCode;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::event_sheet::batches::{Holdings, Place, Stocked};
use domain::ids::{BatchId, EventId, MaterialId, StoreId};
use domain::ledger::{Draft, Entry, Slot, SlotKey};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Where the holdings are looked for.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    pub store: StoreId,
    pub event: Option<EventId>,
    pub at: Millis,
}

impl From<Place> for Holder {
    fn from(place: Place) -> Self {
        Self { store: place.store, event: Some(place.event), at: place.at }
    }
}

#[derive(FromQueryResult)]
struct BatchRow {
    id: Uuid,
    material_id: Uuid,
}

/// What store and event hold of each material on the holder's day, as if `undone` were in the
/// books already. The rows are locked.
pub(super) async fn holdings(
    tx: &RecordTx<'_>,
    holder: Holder,
    materials: &BTreeSet<MaterialId>,
    scanned: &[FoundCode],
    undone: &[Draft],
) -> Result<BTreeMap<MaterialId, Holdings>, RecordError> {
    let moved = undone.iter().flat_map(|draft| &draft.lines).map(|line| line.batch);
    let named: BTreeSet<BatchId> = scanned.iter().map(|code| code.batch).chain(moved).collect();
    let batches = batches_there(tx.conn.ahead(), holder, materials, &named).await?;
    tx.seen(|seen| seen.remember_materials(batches.iter().copied()));
    let day = holder.at.day();
    let mut keys: BTreeSet<SlotKey> = BTreeSet::new();
    for (batch, _) in &batches {
        keys.insert((Real::Store(holder.store), *batch));
        keys.extend(holder.event.map(|event| (Real::AtEvent(event), *batch)));
    }
    let mut slots = tx.slots(keys, day).await?;
    undo(&mut slots, undone);
    let stocked = |real: Real, batch: BatchId| Stocked {
        batch,
        pieces: slots.get(&(real, batch)).map_or(0, |slot| slot.available(day).max(0)),
    };
    let mut found: BTreeMap<MaterialId, Holdings> = BTreeMap::new();
    for (batch, material) in batches {
        let holdings = found.entry(material).or_default();
        holdings.in_store.push(stocked(Real::Store(holder.store), batch));
        if let Some(event) = holder.event {
            holdings.at_event.push(stocked(Real::AtEvent(event), batch));
        }
    }
    for code in scanned {
        let holdings = found.entry(code.material).or_default();
        if !holdings.scanned.contains(&code.batch) {
            holdings.scanned.push(code.batch);
        }
    }
    let has_some = |material: &&MaterialId| {
        let in_store = found.get(*material).map(|holdings| &holdings.in_store);
        in_store.is_some_and(|batches| batches.iter().any(|stocked| stocked.pieces > 0))
    };
    let lacking: BTreeSet<MaterialId> =
        materials.iter().filter(|material| !has_some(material)).copied().collect();
    for (batch, material) in last_batches(tx.conn.ahead(), holder, &lacking).await? {
        let holdings = found.entry(material).or_default();
        for batches in [&mut holdings.in_store, &mut holdings.at_event] {
            if batches.iter().all(|stocked| stocked.batch != batch) {
                batches.push(Stocked { batch, pieces: 0 });
            }
        }
    }
    Ok(found)
}

/// The accounts `a` of pieces that lie in the store or at the event.
fn in_hand(query: Query, holder: Holder) -> Query {
    let query = query.push("NOT a.shadow AND a.kind ");
    match holder.event {
        // SQLite makes a table for each list.
        None => query.push("= 'store' AND a.owner_id = ").bind(holder.store.uuid()),
        Some(event) => query
            .push("IN ('store', 'at_event') AND a.owner_id IN ")
            .list([holder.store.uuid(), event.uuid()]),
    }
}

/// The batches of the materials of which store or event have something, and those that are named:
/// oldest first.
async fn batches_there(
    db: &impl ConnectionTrait,
    holder: Holder,
    materials: &BTreeSet<MaterialId>,
    named: &BTreeSet<BatchId>,
) -> Result<Vec<(BatchId, MaterialId)>, DbErr> {
    let materials = || materials.iter().map(|material| material.uuid());
    // Few of all batches that a store ever had are still there: in this order they are found first.
    let there = Query::new(
        "SELECT b.id, b.material_id, b.arrived_on
         FROM account a CROSS JOIN balance x CROSS JOIN batch b WHERE ",
    );
    let mut there = in_hand(there, holder)
        .push(
            " AND x.account_id = a.id AND x.on_hand AND x.pieces <> 0 AND b.id = x.batch_id
             AND b.material_id IN ",
        )
        .list(materials());
    if !named.is_empty() {
        there = there
            .push(" UNION SELECT b.id, b.material_id, b.arrived_on FROM batch b WHERE b.id IN ")
            .list(named.iter().map(|batch| batch.uuid()))
            .push(" AND b.material_id IN ")
            .list(materials());
    }
    let mut rows: Vec<BatchRow> = there.push(" ORDER BY 3, 1").all(db).await?;
    // What lies in the store and at the event comes twice.
    rows.dedup_by_key(|row| row.id);
    Ok(rows.into_iter().map(|row| (row.id.into(), row.material_id.into())).collect())
}

/// The last batch of each material that the store or event ever had.
async fn last_batches(
    db: &impl ConnectionTrait,
    holder: Holder,
    materials: &BTreeSet<MaterialId>,
) -> Result<BTreeMap<BatchId, MaterialId>, DbErr> {
    if materials.is_empty() {
        return Ok(BTreeMap::new());
    }
    let last = Query::new(
        "SELECT b.id, b.material_id FROM material m JOIN batch b ON b.id = (
            SELECT y.id FROM batch y WHERE y.material_id = m.id AND EXISTS (
                SELECT 1 FROM balance x WHERE x.batch_id = y.id AND x.account_id IN (
                    SELECT a.id FROM account a WHERE ",
    );
    let rows: Vec<BatchRow> = in_hand(last, holder)
        .push(")) ORDER BY y.arrived_on DESC, y.id DESC LIMIT 1) WHERE m.id IN ")
        .list(materials.iter().map(|material| material.uuid()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.material_id.into())).collect())
}

fn undo(slots: &mut BTreeMap<SlotKey, Slot>, undone: &[Draft]) {
    for draft in undone {
        if draft.reverses.is_none() {
            continue;
        }
        for line in &draft.lines {
            for (account, sign) in [(line.from, -1), (line.to, 1)] {
                let Account::Real(real) = account else { continue };
                let slot = slots.entry((real, line.batch)).or_default();
                let delta = sign * line.pieces.get();
                slot.balance += delta;
                let occurred_at = draft.occurred_at;
                slot.entries.push(Entry { occurred_at, delta, is_shortfall: false });
            }
        }
    }
}
