//! The stock statement: opening + in + counted + unexplained = given + disposed + lost + out +
//! closing, for every holder and material.
//!
//! The columns come from the month's sums, opening and closing from what was on hand at the end of
//! months; all are kept with the lines. `proof` compares them with what was kept apart from them.

use super::behind::What;
use super::bulletin::MonthError;
use super::closings::{ClosingRow, InHands};
use super::proof::Broken;
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

    /// All rows added up; of no holder and no material.
    pub fn total<'a>(rows: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut total = Self::default();
        for row in rows {
            total.add(row);
        }
        total
    }

    fn add(&mut self, row: &Self) {
        self.opening += row.opening;
        self.closing += row.closing;
        for (column, pieces) in &row.columns {
            *self.columns.entry(*column).or_default() += pieces;
        }
    }

    /// What the opening and the columns come to: the closing, where nothing is broken.
    pub(super) fn sum(&self) -> i64 {
        let change = self.columns.iter().map(|(column, pieces)| column.sign() * pieces);
        self.opening + change.sum::<i64>()
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    pub month: Month,
    pub rows: Vec<StatementRow>,
    pub total: StatementRow,
    /// Where the closing pieces were.
    pub hands: InHands,
    /// Empty when the statement is proved.
    pub broken: Vec<Broken>,
}

impl Statement {
    /// A row for each holder, its materials added up.
    pub fn by_holder(&self) -> Vec<StatementRow> {
        let holders = self.rows.chunk_by(|one, next| one.store == next.store);
        let row = |rows: &[StatementRow]| StatementRow {
            store: rows[0].store,
            store_name: rows[0].store_name.clone(),
            place_code: rows[0].place_code.clone(),
            ..StatementRow::total(rows)
        };
        holders.map(row).collect()
    }
}

/// Whose row of what.
#[derive(FromQueryResult, Clone)]
pub(super) struct Whose {
    pub store_id: Uuid,
    pub store_name: String,
    pub place_code: String,
    pub material_id: Uuid,
    pub short_number: String,
    pub title: String,
}

#[derive(FromQueryResult)]
struct FlowRow {
    #[sea_orm(nested)]
    whose: Whose,
    flow: String,
    pieces: i64,
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
        let (statement, figures, balances, packs) = tokio::try_join!(
            self.figures(month),
            self.broken_figures(month),
            self.broken_balances(),
            self.broken_packs(),
        )?;
        let Statement { rows, total, hands, mut broken, .. } = statement;
        broken.extend(figures.into_iter().chain(balances).chain(packs));
        Ok(Statement { month, rows, total, hands, broken })
    }

    /// The statement with nothing but its own sums to prove it.
    async fn figures(&self, month: Month) -> Result<Statement, DbErr> {
        let db = &self.stock.db.snapshot().await?;
        let flows: Vec<FlowRow> = Query::new(
            "SELECT s.id AS store_id, s.name AS store_name, s.place_code, m.id AS material_id,
                m.short_number, m.title, f.flow, f.pieces
             FROM month_flow f JOIN store s ON s.id = f.holder_id
             JOIN material m ON m.id = f.material_id WHERE f.booked_month = ",
        )
        .bind(i64::from(month.0))
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .all(db)
        .await?;
        let closings = self.closings(db, month, None, What::Everything).await?;
        let mut hands = InHands::default();
        for closing in &closings {
            hands.add(closing.hand()?, closing.closing);
        }
        let rows = rows(flows, closings)?;
        let total = StatementRow::total(&rows);
        let broken = rows.iter().filter_map(Broken::closing).collect();
        Ok(Statement { month, rows, total, hands, broken })
    }
}

/// By the name of the store, its id and the short number of the material.
type Rows = BTreeMap<(String, Uuid, String), StatementRow>;

fn row(rows: &mut Rows, whose: Whose) -> &mut StatementRow {
    let Whose { store_id, store_name, place_code, material_id, short_number, title } = whose;
    let key = (store_name.clone(), store_id, short_number.clone());
    rows.entry(key).or_insert_with(|| StatementRow {
        store: Some(store_id.into()),
        store_name,
        place_code,
        material: Some(material_id.into()),
        short_number,
        title,
        ..StatementRow::default()
    })
}

fn rows(flows: Vec<FlowRow>, closings: Vec<ClosingRow>) -> Result<Vec<StatementRow>, DbErr> {
    let mut rows = Rows::new();
    for ClosingRow { whose, opening, closing, .. } in closings {
        let row = row(&mut rows, whose);
        row.opening += opening;
        row.closing += closing;
    }
    for flow in flows {
        let column = flow.column()?;
        let row = row(&mut rows, flow.whose);
        if flow.pieces != 0 {
            row.columns.insert(column, flow.pieces);
        }
    }
    let is_empty = |row: &StatementRow| {
        row.opening == 0 && row.closing == 0 && row.columns.values().all(|pieces| *pieces == 0)
    };
    Ok(rows.into_values().filter(|row| !is_empty(row)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::proof::Break;
    use super::*;

    fn whose() -> Whose {
        Whose {
            store_id: Uuid::from_u128(1),
            store_name: "Mazar".into(),
            place_code: "AF21".into(),
            material_id: Uuid::from_u128(2),
            short_number: "M1".into(),
            title: "Know the risks".into(),
        }
    }

    fn flow(flow: &str, pieces: i64) -> FlowRow {
        FlowRow { whose: whose(), flow: flow.into(), pieces }
    }

    fn closing(hand: &str, opening: i64, closing: i64) -> ClosingRow {
        ClosingRow { whose: whose(), hand: hand.into(), opening, closing }
    }

    #[test]
    fn a_row_is_one_holder_and_material_in_all_hands() {
        let flows = vec![flow("in", 100), flow("given", 200), flow("dispatched", 9)];
        let closings = vec![closing("in_store", 400, 350), closing("at_event", 50, 0)];
        let rows = rows(flows, closings).unwrap();
        assert_eq!((rows.len(), rows[0].opening, rows[0].closing), (1, 450, 350));
        assert_eq!(rows[0].column(Column::Given), 200);
        assert_eq!(rows[0].column(Column::Lost), 0);
        assert_eq!(rows[0].sum(), 350, "steps of the chain change nothing");
        assert_eq!(Broken::closing(&rows[0]), None);
    }

    #[test]
    fn a_holder_s_row_adds_its_materials_up_and_no_other_s() {
        let other = |title: &str, store| Whose {
            store_id: Uuid::from_u128(store),
            material_id: Uuid::from_u128(3),
            short_number: title.into(),
            ..whose()
        };
        let mut flows = vec![flow("in", 100), flow("given", 200)];
        flows.push(FlowRow { whose: other("M2", 1), flow: "in".into(), pieces: 7 });
        flows.push(FlowRow { whose: other("M1", 4), flow: "in".into(), pieces: 1 });
        let rows = rows(flows, vec![closing("in_store", 400, 300)]).unwrap();
        let total = StatementRow::total(&rows);
        let hands = InHands::default();
        let statement = Statement { month: Month(201_706), rows, total, hands, broken: vec![] };
        let holders = statement.by_holder();
        let seen: Vec<_> =
            holders.iter().map(|row| (row.opening, row.column(Column::In))).collect();
        assert_eq!(seen, [(400, 107), (0, 1)]);
        assert_eq!(StatementRow::total(&holders), statement.total);
    }

    #[test]
    fn a_closing_that_the_columns_do_not_give_is_named() {
        let rows = rows(vec![flow("in", 100)], vec![closing("in_store", 400, 499)]).unwrap();
        let broken = Broken::closing(&rows[0]).unwrap();
        assert_eq!((broken.what, broken.kept, broken.found), (Break::Closing, 499, 500));
    }
}
