//! Balances of today.

use crate::access::{Denied, Reader, scope};
use crate::movements::AccountRow;
use crate::query::Query;
use domain::account::{Account, Real};
use domain::ids::{BatchId, MaterialId, StoreId};
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What to list; empty lists everything that the actor sees.
#[derive(Clone, Debug, Default)]
pub struct HoldingFilter {
    pub store: Option<StoreId>,
    pub material: Option<MaterialId>,
    /// A province or district, with what lies below it.
    pub place: Option<String>,
}

/// What one store answers for of one material, in pieces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holding {
    pub store: StoreId,
    pub store_name: String,
    pub place_code: String,
    pub material: MaterialId,
    pub short_number: String,
    pub title: String,
    pub pieces_per_bundle: i64,
    pub bundles_per_carton: i64,
    pub in_store: i64,
    /// Sent by this store and not yet delivered.
    pub in_transit: i64,
    pub at_events: i64,
    pub damaged: i64,
}

/// One batch in one store.
#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult)]
pub struct BatchHere {
    pub batch_id: Uuid,
    pub code: String,
    pub material_id: Uuid,
    pub short_number: String,
    pub title: String,
    pub arrived_on: i64,
    pub pieces: i64,
    pub sealed_packs: i64,
    pub on_hold: bool,
    pub recalled: bool,
}

/// The pieces of a batch in one account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whereabouts {
    pub account: Account,
    pub holder: Option<StoreId>,
    pub holder_name: String,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct HoldingRow {
    store_id: Uuid,
    store_name: String,
    place_code: String,
    material_id: Uuid,
    short_number: String,
    title: String,
    pieces_per_bundle: i64,
    bundles_per_carton: i64,
    kind: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct WhereRow {
    id: i64,
    kind: String,
    owner_id: Uuid,
    channel: String,
    shadow: bool,
    holder_id: Option<Uuid>,
    holder_name: Option<String>,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct NameRow {
    name: String,
}

impl Reader<'_> {
    /// What every visible store answers for, by material.
    pub async fn holdings(&self, filter: &HoldingFilter) -> Result<Vec<Holding>, DbErr> {
        // Summed by ids before anything is named: balances are many, and words slow to sort by.
        let mut query = Query::new(
            "SELECT a.holder_id, t.material_id, a.kind, CAST(SUM(b.pieces) AS BIGINT) AS pieces
             FROM balance b JOIN account a ON a.id = b.account_id JOIN batch t ON t.id = b.batch_id
             WHERE b.on_hand AND b.pieces <> 0 AND ",
        )
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next));
        if let Some(store) = filter.store {
            query = query.push(" AND a.holder_id = ").bind(store.uuid());
        }
        if let Some(material) = filter.material {
            query = query.push(" AND t.material_id = ").bind(material.uuid());
        }
        if let Some(place) = &filter.place {
            query = query
                .push(
                    " AND a.holder_id IN (SELECT h.id FROM store h
                        JOIN place p ON p.code = h.place_code WHERE p.code = ",
                )
                .bind(place.as_str())
                .push(" OR p.parent_code = ")
                .bind(place.as_str())
                .push(")");
        }
        let rows: Vec<HoldingRow> = query
            .push(" GROUP BY a.holder_id, t.material_id, a.kind")
            .wrap(
                "SELECT s.id AS store_id, s.name AS store_name, s.place_code, m.id AS material_id,
                    m.short_number, m.title, m.pieces_per_bundle, m.bundles_per_carton, x.kind,
                    x.pieces
                 FROM (",
                ") x JOIN store s ON s.id = x.holder_id JOIN material m ON m.id = x.material_id",
            )
            .all(self.stock.db.read())
            .await?;
        Ok(by_store_and_material(rows))
    }

    /// The batches of a store, the oldest first.
    pub async fn batches_in(
        &self,
        store: StoreId,
        material: Option<MaterialId>,
    ) -> Result<Vec<BatchHere>, DbErr> {
        let mut query = Query::new(
            "SELECT t.id AS batch_id, t.code, m.id AS material_id, m.short_number, m.title,
                t.arrived_on, b.pieces,
                (SELECT COUNT(*) FROM pack_state p WHERE p.account_id = a.id
                    AND p.batch_id = t.id AND p.state = 'sealed') AS sealed_packs,
                EXISTS (SELECT 1 FROM batch_hold h WHERE h.batch_id = t.id
                    AND h.released_by IS NULL) AS on_hold,
                EXISTS (SELECT 1 FROM recall c WHERE c.material_id = m.id
                    AND c.ended_by IS NULL) AS recalled
             FROM account a JOIN balance b ON b.account_id = a.id
                AND b.on_hand AND b.pieces <> 0
             JOIN batch t ON t.id = b.batch_id JOIN material m ON m.id = t.material_id
             WHERE a.kind = 'store' AND NOT a.shadow AND a.owner_id = ",
        )
        .bind(store.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next));
        if let Some(material) = material {
            query = query.push(" AND m.id = ").bind(material.uuid());
        }
        query.push(" ORDER BY m.short_number, t.arrived_on, t.code").all(self.stock.db.read()).await
    }

    /// Every account that holds pieces of a batch, as far as the actor sees their holders.
    pub async fn whereabouts(&self, batch: BatchId) -> Result<Vec<Whereabouts>, DbErr> {
        let rows: Vec<WhereRow> = Query::new(
            "SELECT a.id, a.kind, a.owner_id, a.channel, a.shadow, a.holder_id,
                s.name AS holder_name, b.pieces
             FROM balance b JOIN account a ON a.id = b.account_id
             LEFT JOIN store s ON s.id = a.holder_id
             WHERE b.pieces <> 0 AND b.batch_id = ",
        )
        .bind(batch.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
        .push(" ORDER BY a.kind, s.name")
        .all(self.stock.db.read())
        .await?;
        rows.into_iter().map(WhereRow::whereabouts).collect()
    }

    /// The name of the store that answers for an account, if the actor sees it.
    pub async fn holder_name(&self, account: Real) -> Result<Option<String>, DbErr> {
        let row: Option<NameRow> = Query::new("SELECT s.name FROM store s WHERE (s.id = ")
            .bind(account.owner())
            .push(" OR s.id = (SELECT a.holder_id FROM account a WHERE ")
            .account("a", Account::Real(account))
            .push(")) AND ")
            .condition(|next| scope::stores(&self.actor, "s.id", next))
            .one(self.stock.db.read())
            .await?;
        Ok(row.map(|row| row.name))
    }

    /// The account of a store's stock, if the actor sees the store.
    pub(crate) async fn require_store(&self, store: StoreId) -> Result<(), StoreError> {
        scope::require_store(self.stock.db.read(), &self.actor, store).await
    }
}

/// Why a store's page is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl WhereRow {
    fn whereabouts(self) -> Result<Whereabouts, DbErr> {
        let Self { id, kind, owner_id, channel, shadow, holder_id, holder_name, pieces } = self;
        let account = AccountRow { id, kind, owner_id, channel, shadow, holder_id }.account()?;
        let holder = holder_id.map(StoreId::new);
        Ok(Whereabouts { account, holder, holder_name: holder_name.unwrap_or_default(), pieces })
    }
}

fn by_store_and_material(rows: Vec<HoldingRow>) -> Vec<Holding> {
    let mut holdings: BTreeMap<(String, Uuid, String), Holding> = BTreeMap::new();
    for row in rows {
        let key = (row.store_name.clone(), row.store_id, row.short_number.clone());
        let holding = holdings.entry(key).or_insert_with(|| Holding {
            store: row.store_id.into(),
            store_name: row.store_name,
            place_code: row.place_code,
            material: row.material_id.into(),
            short_number: row.short_number,
            title: row.title,
            pieces_per_bundle: row.pieces_per_bundle,
            bundles_per_carton: row.bundles_per_carton,
            in_store: 0,
            in_transit: 0,
            at_events: 0,
            damaged: 0,
        });
        match row.kind.as_str() {
            "store" => holding.in_store += row.pieces,
            "in_transit" => holding.in_transit += row.pieces,
            "at_event" => holding.at_events += row.pieces,
            _ => holding.damaged += row.pieces,
        }
    }
    holdings.into_values().collect()
}
