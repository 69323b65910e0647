//! What the forms about consignments offer: stores to send to, materials to load, labels found.

use super::find::{StoreRef, find_sent};
use super::shelf::{Way, kind, shelf, taken, taken_beside};
use super::{DraftError, Known};
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::account::Account;
use domain::code::Code;
use domain::consignment::Parcel;
use domain::ids::{BatchId, ConsignmentId, MaterialId, PackId, StoreId};
use domain::material::Packing;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A material of which a store has pieces that may be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loadable {
    pub material: MaterialId,
    pub title: String,
    pub short_number: String,
    pub packing: Packing,
    /// Pieces, less what this draft and others of its journey already take.
    pub available: i64,
}

/// What a scanned label belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LabelOf {
    pub batch: BatchId,
    /// `None` on the label of a batch.
    pub pack: Option<Parcel>,
}

#[derive(FromQueryResult)]
struct StoreRow {
    id: Uuid,
    name: String,
    short_name: String,
    org_id: Uuid,
}

#[derive(FromQueryResult)]
struct LabelRow {
    batch_id: Uuid,
    pack_id: Option<Uuid>,
    kind: Option<String>,
    nominal: Option<i64>,
    full_nominal: Option<i64>,
}

#[derive(FromQueryResult)]
struct ReturnTo {
    name: String,
    place: String,
}

impl LabelRow {
    fn parcel(&self, batch: BatchId) -> Option<Parcel> {
        Some(Parcel {
            id: self.pack_id?.into(),
            batch,
            kind: kind(self.kind.as_deref()?),
            nominal: self.nominal?,
            full: self.full_nominal?,
        })
    }
}

impl Reader<'_> {
    /// The stores to which the actor may send, by name.
    pub async fn consignment_receivers(&self) -> Result<Vec<StoreRef>, DbErr> {
        let query = Query::new(
            "SELECT s.id, s.name, s.short_name, s.org_id FROM store s
             WHERE s.retired_at IS NULL AND ",
        )
        .condition(|next| scope::receivers(&self.actor, "s", next));
        let rows: Vec<StoreRow> =
            query.push(" ORDER BY s.name, s.id").all(self.stock.db.read()).await?;
        Ok(rows
            .into_iter()
            .map(|row| StoreRef {
                id: row.id.into(),
                name: row.name,
                short_name: row.short_name,
                org: row.org_id.into(),
            })
            .collect())
    }

    /// What the sender of a draft can still load, by title.
    pub async fn loadable(&self, id: ConsignmentId) -> Result<Vec<Loadable>, DraftError> {
        let db = self.stock.db.read();
        let known: Known = find_sent::<DraftError>(db, &self.actor, id).await?;
        let mut shelf = shelf(db, Way::of(&known), &BTreeSet::new()).await?;
        shelf.without(&taken(db, id).await?);
        shelf.without(&taken_beside(db, &self.actor, &known).await?);
        let mut free: BTreeMap<MaterialId, i64> = BTreeMap::new();
        for (material, on_hand) in shelf.batches.values() {
            if on_hand.blocked.is_none() && on_hand.free > 0 {
                *free.entry(*material).or_default() += on_hand.free;
            }
        }
        let materials = self.materials().await?;
        Ok(materials
            .into_iter()
            .filter_map(|material| {
                Some(Loadable {
                    available: *free.get(&material.id)?,
                    material: material.id,
                    title: material.title,
                    short_number: material.short_number.as_str().to_owned(),
                    packing: material.packing,
                })
            })
            .collect())
    }

    /// The batch, and perhaps the pack, that a label is stuck on. Whoever holds the label in his
    /// hands may know that much; figures are not part of it.
    pub async fn label_of(&self, code: Code) -> Result<Option<LabelOf>, DbErr> {
        let row: Option<LabelRow> = Query::new(
            "SELECT b.id AS batch_id, p.id AS pack_id, p.kind, p.nominal,
                (SELECT MAX(q.nominal) FROM pack q
                    WHERE q.batch_id = p.batch_id AND q.kind = p.kind) AS full_nominal
             FROM code c
             LEFT JOIN pack p ON p.id = c.subject_id
             JOIN batch b ON b.id = COALESCE(p.batch_id, c.subject_id)
             WHERE c.state = 'active' AND c.code = ",
        )
        .bind(code.as_str())
        .one(self.stock.db.read())
        .await?;
        Ok(row.map(|row| {
            let batch = row.batch_id.into();
            LabelOf { batch, pack: row.parcel(batch) }
        }))
    }
}

#[derive(FromQueryResult)]
struct SealedRow {
    id: Uuid,
}

impl Reader<'_> {
    /// Which of the packs stand sealed in a store that the actor sees: whoever counts what came
    /// has read the label of one that was there before.
    pub async fn sealed_in(
        &self,
        store: StoreId,
        packs: impl IntoIterator<Item = PackId>,
    ) -> Result<BTreeSet<PackId>, DbErr> {
        let rows: Vec<SealedRow> = Query::new(
            "SELECT p.id FROM pack p JOIN pack_state s ON s.pack_id = p.id
             LEFT JOIN pack_state o ON o.pack_id = p.parent_id
             JOIN account a ON a.id = COALESCE(s.account_id, o.account_id)
             WHERE s.state = 'sealed' AND ",
        )
        .account("a", Account::store(store))
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
        .push(" AND p.id IN ")
        .list(packs.into_iter().map(PackId::uuid))
        .all(self.stock.db.read())
        .await?;
        Ok(rows.into_iter().map(|row| row.id.into()).collect())
    }
}

impl crate::Stock {
    /// All that a stranger learns from the code on a waybill: where it came from, so that what was
    /// found can go back there.
    pub async fn consignment_return_to(
        &self,
        code: Code,
    ) -> Result<Option<(String, String)>, DbErr> {
        let row: Option<ReturnTo> = Query::new(
            "SELECT s.name, p.name_en AS place FROM consignment c
             JOIN store s ON s.id = c.from_store_id JOIN place p ON p.code = s.place_code
             WHERE c.code = ",
        )
        .bind(code.as_str())
        .one(self.db.read())
        .await?;
        Ok(row.map(|row| (row.name, row.place)))
    }
}
