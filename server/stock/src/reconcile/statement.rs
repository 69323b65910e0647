//! The stock statement: opening + in + counted + unexplained = given + disposed + lost + out +
//! closing, for every holder and material.
//!
//! Rows come from the month's sums, which are kept with the lines. The page proves them against
//! the balances: all months together must give what is on hand today.

use crate::access::{Reader, scope};
use crate::query::Query;
use domain::ids::{MaterialId, StoreId};
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

/// A holder and material whose sums and balances disagree.
#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult)]
pub struct Broken {
    pub store_name: String,
    pub title: String,
    /// What all months' movements leave on hand.
    pub by_months: i64,
    /// What the balances say is on hand.
    pub by_balances: i64,
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

impl Reader<'_> {
    /// The statement of a month for every visible holder.
    pub async fn statement(&self, month: Month) -> Result<Statement, DbErr> {
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
        let rows = rows(flows)?;
        let total = total(&rows);
        Ok(Statement { month, rows, total, broken: self.broken().await? })
    }

    /// Where the months' sums and the balances disagree.
    async fn broken(&self) -> Result<Vec<Broken>, DbErr> {
        let visible = |alias| move |next| scope::stores(&self.actor, alias, next);
        Query::new(
            "SELECT s.name AS store_name, m.title, CAST(SUM(x.flow) AS BIGINT) AS by_months,
                CAST(SUM(x.held) AS BIGINT) AS by_balances
             FROM (
                SELECT holder_id, material_id, pieces * CASE
                    WHEN flow IN ('in', 'counted', 'unexplained') THEN 1
                    WHEN flow IN ('given', 'disposed', 'lost', 'out') THEN -1
                    ELSE 0 END AS flow, 0 AS held
                FROM month_flow
                UNION ALL
                SELECT a.holder_id, t.material_id, 0 AS flow, b.pieces AS held
                FROM balance b JOIN account a ON a.id = b.account_id
                JOIN batch t ON t.id = b.batch_id WHERE b.on_hand AND b.pieces <> 0
             ) AS x JOIN store s ON s.id = x.holder_id JOIN material m ON m.id = x.material_id
             WHERE ",
        )
        .condition(visible("s.id"))
        .push(
            " GROUP BY s.id, s.name, m.id, m.title HAVING SUM(x.flow) <> SUM(x.held)
             ORDER BY s.name, m.title LIMIT 20",
        )
        .all(self.stock.db.read())
        .await
    }
}

fn rows(flows: Vec<FlowRow>) -> Result<Vec<StatementRow>, DbErr> {
    let mut rows: BTreeMap<(String, Uuid, String), StatementRow> = BTreeMap::new();
    for flow in flows {
        let column = Column::parse(&flow.flow)
            .ok_or_else(|| DbErr::Type(format!("no column is called {:?}", flow.flow)))?;
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
