//! The statement as CSV.

use super::page::{COLUMNS, column_name, month};
use crate::i18n::td_string;
use crate::page::{File, FileResult};
use crate::session::Visit;

/// `/reconcile/statement.csv?month=2017-06`
pub async fn statement(visit: Visit) -> FileResult {
    let l = visit.locale;
    let month = month(&visit);
    let statement = visit.reader()?.statement(month).await?;
    let mut head = vec![
        td_string!(l, reconcile.month).to_string(),
        td_string!(l, reconcile.store).to_string(),
        td_string!(l, reconcile.material).to_string(),
        td_string!(l, reconcile.opening).to_string(),
    ];
    head.extend(COLUMNS.map(|column| column_name(column, l)));
    head.push(td_string!(l, reconcile.closing).to_string());
    let mut rows = vec![head];
    for row in &statement.rows {
        let mut cells = vec![month.to_string(), row.store_name.clone(), row.title.clone()];
        cells.push(row.opening.to_string());
        cells.extend(COLUMNS.map(|column| row.column(column).to_string()));
        cells.push(row.closing.to_string());
        rows.push(cells);
    }
    let bytes = papers::csv::write(rows);
    let save_as = Some(format!("statement-{month}.csv"));
    Ok(File { media_type: "text/csv; charset=utf-8", bytes, save_as })
}
