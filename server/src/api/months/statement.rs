//! The stock statement: opening + in + counted + unexplained = given + disposed + lost + out +
//! closing, for every holder and material.

use super::{leaves, month};
use crate::api::extract::{Asked, Asker, Parameters};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use axum::Json;
use domain::ids::{MaterialId, StoreId};
use domain::statement::Column;
use serde::Serialize;
use stock::reconcile::{Break, Broken, Statement, StatementRow};
use utoipa::ToSchema;
use uuid::Uuid;

/// A month of stock: a page of rows, the sum of all rows, and where it does not add up.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2017-06",
    "items": [{
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "store_name": "Balkh store",
        "place": "AF2101",
        "material": "019a0d6e-0000-7000-8000-000000000003",
        "short_number": "M3",
        "title": "Know the risks",
        "pieces": {"opening": 1700, "in": 500, "counted": 0, "unexplained": 0, "given": 590,
            "disposed": 0, "lost": 10, "out": 0, "closing": 1600}
    }],
    "next": null,
    "total": {"opening": 1700, "in": 500, "counted": 0, "unexplained": 0, "given": 590,
        "disposed": 0, "lost": 10, "out": 0, "closing": 1600},
    "broken": []
}))]
pub struct StockStatement {
    pub month: String,
    pub items: Vec<Holder>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
    /// Of all rows, not of this page alone.
    pub total: StatementPieces,
    /// Figures with which something else in the books disagrees; empty when it is proved.
    pub broken: Vec<BrokenFigure>,
}

/// What one store answers for of one material.
#[derive(Serialize, ToSchema)]
pub struct Holder {
    pub store: Uuid,
    pub store_name: String,
    /// The P-code of the store's province or district.
    pub place: String,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub pieces: StatementPieces,
}

/// Pieces: opening + in + counted + unexplained = given + disposed + lost + out + closing. In
/// transit and at events are part of opening and closing.
#[derive(Serialize, ToSchema)]
pub struct StatementPieces {
    pub opening: i64,
    pub r#in: i64,
    pub counted: i64,
    pub unexplained: i64,
    pub given: i64,
    pub disposed: i64,
    pub lost: i64,
    pub out: i64,
    pub closing: i64,
}

#[derive(Serialize, ToSchema)]
pub struct BrokenFigure {
    pub store: Uuid,
    pub store_name: String,
    pub material: Uuid,
    pub title: String,
    /// The column; `closing` for what is left at the end of the month; `on_hand` for what is left
    /// today; `packs` for the sealed packs of a batch.
    pub figure: &'static str,
    /// The code of that batch.
    pub batch_code: Option<String>,
    /// Pieces by the month's sums, and by what was kept apart from them.
    pub kept: i64,
    pub found: i64,
}

impl From<&StatementRow> for StatementPieces {
    fn from(row: &StatementRow) -> Self {
        Self {
            opening: row.opening,
            r#in: row.column(Column::In),
            counted: row.column(Column::Counted),
            unexplained: row.column(Column::Unexplained),
            given: row.column(Column::Given),
            disposed: row.column(Column::Disposed),
            lost: row.column(Column::Lost),
            out: row.column(Column::Out),
            closing: row.closing,
        }
    }
}

impl From<StatementRow> for Holder {
    fn from(row: StatementRow) -> Self {
        Self {
            pieces: (&row).into(),
            store: row.store.map(StoreId::uuid).unwrap_or_default(),
            store_name: row.store_name,
            place: row.place_code,
            material: row.material.map(MaterialId::uuid).unwrap_or_default(),
            short_number: row.short_number,
            title: row.title,
        }
    }
}

impl From<Broken> for BrokenFigure {
    fn from(broken: Broken) -> Self {
        let (figure, batch_code) = match broken.what {
            Break::Figure(column) => (column.as_str(), None),
            Break::Closing => ("closing", None),
            Break::OnHand => ("on_hand", None),
            Break::Packs { batch_code } => ("packs", Some(batch_code)),
        };
        Self {
            store: broken.store.uuid(),
            store_name: broken.store_name,
            material: broken.material.uuid(),
            title: broken.title,
            figure,
            batch_code,
            kept: broken.kept,
            found: broken.found,
        }
    }
}

/// Read the stock statement of a month
///
/// By the month in which things are booked, for every store that you see. The opening is the
/// closing of the month before.
#[utoipa::path(
    get, path = "/months/{month}/statement", tag = "months", operation_id = "read_statement",
    params(("month" = String, Path, example = "2017-06"), PageQuery),
    responses((status = 200, description = "A page", body = StockStatement), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(asked): Parameters<String>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<StockStatement>, Problem> {
    let (month, reader) = (month(&asked)?, asker.reader());
    leaves(&reader, "statement", month).await?;
    let Statement { rows, total, broken, .. } = reader.statement(month).await?;
    let rows: Vec<Holder> = rows.into_iter().map(Holder::from).collect();
    let rows = Page::cut(rows, &page, |row| format!("{}|{}", row.store, row.material))?;
    Ok(Json(StockStatement {
        month: month.to_string(),
        items: rows.items,
        next: rows.next,
        total: (&total).into(),
        broken: broken.into_iter().map(BrokenFigure::from).collect(),
    }))
}
