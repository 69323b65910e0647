//! The chain from order to report, a row a material: ordered, received, dispatched, arrived,
//! taken, given, and beside it what partners reported of the kind.

use super::bulletin::MonthError;
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::ids::MaterialId;
use domain::role::{Permission, Scope};
use domain::statement::Column;
use domain::time::Month;
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One material's way through a month, in pieces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainRow {
    pub material: MaterialId,
    pub short_number: String,
    pub title: String,
    pub kind: String,
    /// Ordered from printers in the month.
    pub ordered: i64,
    pub received: i64,
    pub dispatched: i64,
    /// Came off consignments, good or damaged, at any store: also back at the sender.
    pub delivered: i64,
    /// Taken to events, less what was brought back.
    pub taken: i64,
    pub given: i64,
}

#[derive(FromQueryResult)]
struct FlowRow {
    material_id: Uuid,
    flow: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct MaterialRow {
    id: Uuid,
    short_number: String,
    title: String,
    kind: String,
    ordered: i64,
}

impl Reader<'_> {
    /// The chain of a month for what the actor sees. Orders belong to the whole programme and are
    /// shown to whoever is not bound to one organisation.
    pub async fn chain(&self, month: Month) -> Result<Vec<ChainRow>, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let db = self.stock.db.read();
        let flows: Vec<FlowRow> = Query::new(
            "SELECT f.material_id, f.flow, CAST(SUM(f.pieces) AS BIGINT) AS pieces
             FROM month_flow f WHERE f.booked_month = ",
        )
        .bind(i64::from(month.0))
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "f.holder_id", next))
        .push(" GROUP BY f.material_id, f.flow")
        .all(db)
        .await?;
        let mut columns: BTreeMap<(Uuid, Column), i64> = BTreeMap::new();
        for row in flows {
            if let Some(column) = Column::parse(&row.flow) {
                columns.insert((row.material_id, column), row.pieces);
            }
        }
        let materials: Vec<MaterialRow> = self.ordered(month).all(db).await?;
        let rows = materials.into_iter().map(|material| {
            let of = |column| columns.get(&(material.id, column)).copied().unwrap_or(0);
            ChainRow {
                material: material.id.into(),
                ordered: material.ordered,
                received: of(Column::Received),
                dispatched: of(Column::Dispatched),
                delivered: of(Column::Delivered),
                taken: of(Column::Taken) - of(Column::BroughtBack),
                given: of(Column::Given),
                short_number: material.short_number,
                title: material.title,
                kind: material.kind,
            }
        });
        Ok(rows.filter(|row| row.has_figures()).collect())
    }

    fn ordered(&self, month: Month) -> Query {
        let query = Query::new(
            "SELECT m.id, m.short_number, m.title, m.kind,
                CAST(COALESCE((SELECT SUM(r.ordered) FROM print_run r
                    WHERE r.material_id = m.id AND r.ordered_on >= ",
        )
        .bind(i64::from(month.first_day().0))
        .push(" AND r.ordered_on <= ")
        .bind(i64::from(month.last_day().0));
        match self.actor.scope {
            Scope::Org(_) | Scope::Event(_) | Scope::Consignment(_) => query.push(" AND 1 = 0"),
            Scope::Everything | Scope::Place(_) => query,
        }
        .push("), 0) AS BIGINT) AS ordered FROM material m ORDER BY m.kind, m.short_number")
    }
}

impl ChainRow {
    fn has_figures(&self) -> bool {
        let Self { ordered, received, dispatched, delivered, taken, given, .. } = self;
        [ordered, received, dispatched, delivered, taken, given].into_iter().any(|n| *n != 0)
    }
}
