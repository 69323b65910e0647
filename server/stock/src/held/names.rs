//! The names of what a record that is held is about: as far as the reader sees it.

use super::read::HeldGoods;
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::held::{Named, Thing};
use domain::ids::{BatchId, ConsignmentId, EventId, MaterialId};
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Numbers of things by their ids and by their codes.
pub(super) type Names = BTreeMap<String, (Uuid, String)>;

#[derive(FromQueryResult)]
struct NameRow {
    id: Uuid,
    code: String,
    number: String,
}

pub(super) fn key<T>(named: Named<T>, uuid: fn(T) -> Uuid) -> String {
    match named {
        Named::Id(id) => uuid(id).to_string(),
        Named::Code(code) => code.as_str().to_owned(),
    }
}

/// `alias.id` or `alias.code` is one of these.
fn one_of<T>(
    query: Query,
    alias: &str,
    named: impl Iterator<Item = Named<T>>,
    uuid: fn(T) -> Uuid,
) -> Query {
    let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for named in named {
        match named {
            Named::Id(id) => drop(ids.insert(uuid(id))),
            Named::Code(code) => drop(codes.insert(code.as_str().to_owned())),
        }
    }
    query
        .push(&format!("({alias}.id IN "))
        .list(ids)
        .push(&format!(" OR {alias}.code IN "))
        .list(codes)
        .push(")")
}

fn by_both(rows: Vec<NameRow>) -> Names {
    let both = |row: NameRow| {
        let name = (row.id, row.number);
        [(row.id.to_string(), name.clone()), (row.code, name)]
    };
    rows.into_iter().flat_map(both).collect()
}

impl Reader<'_> {
    pub(super) async fn event_names(
        &self,
        events: impl Iterator<Item = Named<EventId>>,
    ) -> Result<Names, DbErr> {
        let query = Query::new("SELECT e.id, e.code, e.number FROM event e WHERE ");
        let query = one_of(query, "e", events, EventId::uuid)
            .push(" AND ")
            .condition(|next| scope::events(&self.actor, next));
        Ok(by_both(query.all(self.stock.db.read()).await?))
    }

    pub(super) async fn consignment_names(
        &self,
        consignments: impl Iterator<Item = Named<ConsignmentId>>,
    ) -> Result<Names, DbErr> {
        let query = Query::new("SELECT c.id, c.code, c.number FROM consignment c WHERE ");
        let query = one_of(query, "c", consignments, ConsignmentId::uuid).push(" AND ");
        let query = scope::consignments(query, &self.actor, "c");
        Ok(by_both(query.all(self.stock.db.read()).await?))
    }

    /// Materials are everybody's, and who holds a label may ask what it is on.
    pub(super) async fn goods_names(&self, things: &[Thing]) -> Result<GoodsNames, DbErr> {
        let db = self.stock.db.read();
        let (mut materials, mut batches) = (BTreeSet::new(), BTreeSet::new());
        let mut codes = BTreeSet::new();
        for thing in things {
            match *thing {
                Thing::Material(id) => drop(materials.insert(id.uuid())),
                Thing::Batch(Named::Id(id)) => drop(batches.insert(id.uuid())),
                Thing::Batch(Named::Code(code)) => drop(codes.insert(code.as_str().to_owned())),
            }
        }
        let rows: Vec<GoodsRow> = Query::new(
            "SELECT m.id, m.title, m.short_number, NULL AS code, NULL AS nominal
             FROM material m WHERE m.id IN ",
        )
        .list(materials)
        .all(db)
        .await?;
        let of_batches: Vec<GoodsRow> = Query::new(
            "SELECT t.id, m.title, m.short_number, t.code, NULL AS nominal
             FROM batch t JOIN material m ON m.id = t.material_id WHERE t.id IN ",
        )
        .list(batches)
        .all(db)
        .await?;
        let labels: Vec<GoodsRow> = Query::new(
            "SELECT t.id, m.title, m.short_number, c.code, p.nominal
             FROM code c LEFT JOIN pack p ON p.id = c.subject_id
             JOIN batch t ON t.id = COALESCE(p.batch_id, c.subject_id)
             JOIN material m ON m.id = t.material_id WHERE c.code IN ",
        )
        .list(codes)
        .all(db)
        .await?;
        let rows = rows.into_iter().chain(of_batches).chain(labels).collect();
        Ok(GoodsNames { rows })
    }
}

#[derive(FromQueryResult)]
struct GoodsRow {
    id: Uuid,
    title: String,
    short_number: String,
    code: Option<String>,
    nominal: Option<i64>,
}

pub(super) struct GoodsNames {
    rows: Vec<GoodsRow>,
}

impl GoodsNames {
    pub fn of(&self, thing: Thing, pieces: Option<i64>) -> HeldGoods {
        let code = match thing {
            Thing::Batch(Named::Code(code)) => Some(code),
            Thing::Batch(Named::Id(_)) | Thing::Material(_) => None,
        };
        let is_it = |row: &&GoodsRow| match thing {
            Thing::Material(id) => row.code.is_none() && MaterialId::new(row.id) == id,
            Thing::Batch(Named::Id(id)) => BatchId::new(row.id) == id,
            Thing::Batch(Named::Code(code)) => row.code.as_deref() == Some(code.as_str()),
        };
        let found = self.rows.iter().find(is_it);
        HeldGoods {
            title: found.map(|row| row.title.clone()),
            short_number: found.map(|row| row.short_number.clone()),
            code,
            pieces: pieces.or_else(|| found.and_then(|row| row.nominal)),
        }
    }
}
