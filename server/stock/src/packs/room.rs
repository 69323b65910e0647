//! How many pieces lie outside of sealed packs: the room that the balance leaves (rule 9).

use crate::access::{Reader, scope};
use crate::query::Query;
use domain::account::Account;
use domain::ids::{BatchId, MaterialId, StoreId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct RoomRow {
    batch_id: Uuid,
    unpacked: i64,
}

/// Pieces of each of `batches` that lie at `at` in no sealed pack; a batch that is not there is
/// left out.
pub(crate) async fn unpacked(
    db: &impl ConnectionTrait,
    at: Account,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<BTreeMap<BatchId, i64>, DbErr> {
    let rows: Vec<RoomRow> = Query::new(
        "SELECT b.batch_id, b.pieces - CAST(COALESCE((SELECT SUM(s.nominal) FROM pack_state s
            WHERE s.account_id = b.account_id AND s.batch_id = b.batch_id
                AND s.state = 'sealed'), 0) AS BIGINT) AS unpacked
         FROM account a JOIN balance b ON b.account_id = a.id WHERE ",
    )
    .account("a", at)
    .push(" AND b.batch_id IN ")
    .list(batches.into_iter().map(BatchId::uuid))
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.batch_id.into(), row.unpacked)).collect())
}

#[derive(FromQueryResult)]
struct ShelfRow {
    material_id: Uuid,
    pieces: i64,
    sealed: i64,
}

impl Reader<'_> {
    /// What can be taken of each material in a store, the oldest batch first, before a sealed pack
    /// has to be opened; without the materials of which nothing there is sealed.
    pub async fn loose_in(&self, store: StoreId) -> Result<BTreeMap<MaterialId, i64>, DbErr> {
        let rows: Vec<ShelfRow> = Query::new(
            "SELECT t.material_id, b.pieces, CAST(COALESCE((SELECT SUM(s.nominal) FROM pack_state s
                WHERE s.account_id = b.account_id AND s.batch_id = b.batch_id
                    AND s.state = 'sealed'), 0) AS BIGINT) AS sealed
             FROM account a JOIN balance b ON b.account_id = a.id AND b.pieces > 0
             JOIN batch t ON t.id = b.batch_id WHERE ",
        )
        .account("a", Account::store(store))
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
        .push(" ORDER BY t.arrived_on, t.id")
        .all(self.stock.db.read())
        .await?;
        let (mut loose, mut sealed) = (BTreeMap::new(), BTreeSet::new());
        for row in rows {
            let material = MaterialId::new(row.material_id);
            // What is taken goes on to a younger batch only when the older one is used up.
            if !sealed.contains(&material) {
                *loose.entry(material).or_default() += row.pieces - row.sealed;
            }
            if row.sealed > 0 {
                sealed.insert(material);
            }
        }
        loose.retain(|material, _| sealed.contains(material));
        Ok(loose)
    }
}
