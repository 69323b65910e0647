//! The stock statement: opening + in + counted + unexplained = given + disposed + lost + out +
//! closing, for every holder and material.
//!
//! Rows come from the month's sums, which are kept with the lines; `proof` compares them with what
//! was kept apart from them.

use super::bulletin::MonthError;
use super::proof::{Broken, Kept};
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::ids::{MaterialId, StoreId};
use domain::role::Permission;
use domain::statement::Column;
use domain::time::Month;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One holder and material in one month, in pieces.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StatementRow {
    pub store: Option<StoreId>,
    pub store_name: String,
    pub place_code: String,
    pub material: Option<MaterialId>,
    pub short_number: String,
    pub title: String,
    pub opening: i64,
    pub columns: BTreeMap<Column, i64>,
    pub closing: i64,
}

impl StatementRow {
    pub fn column(&self, column: Column) -> i64 {
        self.columns.get(&column).copied().unwrap_or(0)
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    pub month: Month,
    pub rows: Vec<StatementRow>,
    pub total: StatementRow,
    /// Empty when the statement is proved.
    pub broken: Vec<Broken>,
}

#[derive(FromQueryResult)]
struct FlowRow {
    store_id: Uuid,
    store_name: String,
    place_code: String,
    material_id: Uuid,
    short_number: String,
    title: String,
    flow: String,
    before: i64,
    during: i64,
}

impl FlowRow {
    fn column(&self) -> Result<Column, DbErr> {
        let column = Column::parse(&self.flow);
        column.ok_or_else(|| DbErr::Type(format!("no column is called {:?}", self.flow)))
    }
}

impl Reader<'_> {
    /// The statement of a month for every visible holder.
    pub async fn statement(&self, month: Month) -> Result<Statement, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let flows: Vec<FlowRow> = Query::new(
            "SELECT s.id AS store_id, s.name AS store_name, s.place_code, m.id AS material_id,
                m.short_number, m.title, f.flow, CAST(SUM(CASE WHEN f.booked_month < ",
        )
        .bind(i64::from(month.0))
        .push(
            " THEN f.pieces ELSE 0 END) AS BIGINT) AS before, CAST(SUM(CASE WHEN f.booked_month = ",
        )
        .bind(i64::from(month.0))
        .push(
            " THEN f.pieces ELSE 0 END) AS BIGINT) AS during
             FROM month_flow f JOIN store s ON s.id = f.holder_id
             JOIN material m ON m.id = f.material_id WHERE f.booked_month <= ",
        )
        .bind(i64::from(month.0))
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .push(" GROUP BY s.id, s.name, s.place_code, m.id, m.short_number, m.title, f.flow")
        .all(self.stock.db.read())
        .await?;
        let mut kept = Kept::new();
        for flow in flows.iter().filter(|flow| flow.during != 0) {
            kept.insert((flow.store_id, flow.material_id, flow.column()?), flow.during);
        }
        let rows = rows(flows)?;
        let total = total(&rows);
        Ok(Statement { month, rows, total, broken: self.broken(month, kept).await? })
    }
}

fn rows(flows: Vec<FlowRow>) -> Result<Vec<StatementRow>, DbErr> {
    let mut rows: BTreeMap<(String, Uuid, String), StatementRow> = BTreeMap::new();
    for flow in flows {
        let column = flow.column()?;
        let key = (flow.store_name.clone(), flow.store_id, flow.short_number.clone());
        let row = rows.entry(key).or_insert_with(|| StatementRow {
            store: Some(flow.store_id.into()),
            store_name: flow.store_name,
            place_code: flow.place_code,
            material: Some(flow.material_id.into()),
            short_number: flow.short_number,
            title: flow.title,
            ..StatementRow::default()
        });
        row.opening += column.sign() * flow.before;
        row.closing += column.sign() * (flow.before + flow.during);
        if flow.during != 0 {
            row.columns.insert(column, flow.during);
        }
    }
    let is_empty = |row: &StatementRow| {
        row.opening == 0 && row.closing == 0 && row.columns.values().all(|pieces| *pieces == 0)
    };
    Ok(rows.into_values().filter(|row| !is_empty(row)).collect())
}

fn total(rows: &[StatementRow]) -> StatementRow {
    let mut total = StatementRow::default();
    for row in rows {
        total.opening += row.opening;
        total.closing += row.closing;
        for (column, pieces) in &row.columns {
            *total.columns.entry(*column).or_default() += pieces;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(flow: &str, before: i64, during: i64) -> FlowRow {
        FlowRow {
            store_id: Uuid::from_u128(1),
            store_name: "Mazar".into(),
            place_code: "AF21".into(),
            material_id: Uuid::from_u128(2),
            short_number: "M1".into(),
            title: "Know the risks".into(),
            flow: flow.into(),
            before,
            during,
        }
    }

    #[test]
    fn opening_and_the_columns_give_the_closing() {
        let flows = vec![flow("in", 500, 100), flow("given", 50, 200), flow("dispatched", 7, 9)];
        let rows = rows(flows).unwrap();
        assert_eq!((rows[0].opening, rows[0].closing), (450, 350));
        assert_eq!(rows[0].column(Column::Given), 200);
        assert_eq!(rows[0].column(Column::Lost), 0);
    }
}
