//! A month's tables as CSV. Counts of people leave with small ones hidden; pieces are all there.

use super::chain::{KindRow, kinds, steps};
use super::months;
use super::statement::COLUMNS;
use super::words::{column_name, kind_name};
use crate::error::PageError;
use crate::features::bulletin;
use crate::i18n::td_string;
use crate::page::{File, FileResult};
use crate::session::Visit;
use crate::ui::plain;
use domain::material::MaterialKind;
use domain::time::Month;
use stock::access::audit::Action;

/// Notes in the audit log what leaves, before it leaves.
pub(crate) async fn csv(
    visit: &Visit,
    name: &str,
    month: Month,
    rows: Vec<Vec<String>>,
) -> FileResult {
    visit.reader()?.note(Action::Exported, &format!("{name} {month} as csv")).await?;
    let save_as = Some(format!("{name}-{month}.csv"));
    let rows = rows.iter().map(|row| row.iter().map(|cell| plain(cell)));
    Ok(File { media_type: "text/csv; charset=utf-8", bytes: papers::csv::write(rows), save_as })
}

/// `/reconcile/statement.csv?month=2017-06`
pub async fn statement(visit: Visit) -> FileResult {
    let (l, month) = (visit.locale, months::asked(&visit));
    let statement = visit.reader()?.statement(month).await?;
    let mut head = vec![
        td_string!(l, reconcile.month).to_owned(),
        td_string!(l, reconcile.store).to_owned(),
        td_string!(l, reconcile.material).to_owned(),
        td_string!(l, materials.short_number).to_owned(),
        td_string!(l, reconcile.opening).to_owned(),
    ];
    head.extend(COLUMNS.map(|column| column_name(column, l)));
    head.push(td_string!(l, reconcile.closing).to_owned());
    let mut rows = vec![head];
    for row in &statement.rows {
        let mut cells = vec![month.to_string(), row.store_name.clone(), row.title.clone()];
        cells.extend([row.short_number.clone(), row.opening.to_string()]);
        cells.extend(COLUMNS.map(|column| row.column(column).to_string()));
        cells.push(row.closing.to_string());
        rows.push(cells);
    }
    csv(&visit, "statement", month, rows).await
}

/// `/reconcile/chain.csv?month=2017-06`: a row a material, then a row a kind, like the page.
pub async fn chain(visit: Visit) -> FileResult {
    let (l, month) = (visit.locale, months::asked(&visit));
    let reader = visit.reader()?;
    let chain = reader.chain(month).await?;
    let bulletin = reader.bulletin(month).await?;
    let head = [
        td_string!(l, reconcile.month),
        td_string!(l, reconcile.kind),
        td_string!(l, reconcile.material),
        td_string!(l, materials.short_number),
        td_string!(l, reconcile.ordered),
        td_string!(l, reconcile.received),
        td_string!(l, reconcile.dispatched),
        td_string!(l, reconcile.arrived),
        td_string!(l, reconcile.net_taken),
        td_string!(l, reconcile.given),
        td_string!(l, reconcile.reported),
        td_string!(l, reconcile.difference),
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for row in &chain {
        let kind = MaterialKind::parse(&row.kind).ok_or_else(|| {
            PageError::Internal(format!("the books hold the word {:?}", row.kind))
        })?;
        let mut cells = vec![month.to_string(), kind_name(kind, l).to_owned(), row.title.clone()];
        cells.extend([row.short_number.clone(), row.ordered.to_string()]);
        cells.extend(steps(row).map(|count| count.to_string()));
        cells.extend([String::new(), String::new()]);
        rows.push(cells);
    }
    // A report names a kind, not an edition.
    let all = td_string!(l, reconcile.all_of_kind);
    for KindRow { kind, ordered, steps, reported } in kinds(&chain, &bulletin) {
        let mut cells = vec![month.to_string(), kind_name(kind, l).to_owned(), all.to_owned()];
        cells.extend([String::new(), ordered.to_string()]);
        cells.extend(steps.map(|count| count.to_string()));
        let difference = reported.map(|reported| reported - steps[4]);
        cells.extend([reported, difference].map(|n| n.map(|n| n.to_string()).unwrap_or_default()));
        rows.push(cells);
    }
    csv(&visit, "chain", month, rows).await
}

/// `/reconcile/places.csv?month=2017-06`
pub async fn places(visit: Visit) -> FileResult {
    let month = months::asked(&visit);
    let rows = bulletin::export::rows(&visit, month).await?;
    csv(&visit, "places", month, rows).await
}
