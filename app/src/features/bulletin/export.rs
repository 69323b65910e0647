//! The bulletin's table as CSV, for other organisations.

use super::paper::month;
use crate::error::PageError;
use crate::features::reconcile::export;
use crate::features::reconcile::places::{Known, kinds_given, people_for};
use crate::features::reconcile::words::kind_name;
use crate::i18n::td_string;
use crate::page::FileResult;
use crate::session::Visit;
use domain::small_cells::{Eyes, Shown};
use domain::time::Month;

/// `/bulletin/{month}/csv`
pub async fn csv(visit: Visit) -> FileResult {
    let month = month(&visit)?;
    let rows = rows(&visit, month).await?;
    export::csv(&visit, "bulletin", month, rows).await
}

/// A row a province and one for all, as others may see them.
pub(crate) async fn rows(visit: &Visit, month: Month) -> Result<Vec<Vec<String>>, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let bulletin = visit.reader()?.bulletin(month).await?;
    let places = &bulletin.places;
    let kinds = kinds_given(places);
    let mut head = vec![
        td_string!(l, reconcile.month).to_owned(),
        td_string!(l, reconcile.province).to_owned(),
        td_string!(l, reconcile.events).to_owned(),
        td_string!(l, reconcile.participants).to_owned(),
        td_string!(l, reconcile.females).to_owned(),
    ];
    head.extend(kinds.iter().map(|kind| kind_name(*kind, l).to_owned()));
    head.push(td_string!(l, reconcile.pieces).to_owned());
    let with_drops = bulletin.figures.at_drops() != 0;
    head.extend(with_drops.then(|| td_string!(l, reconcile.at_drops).to_owned()));
    let at_drops = |pieces: i64| with_drops.then(|| pieces.to_string());
    let people = |shown: Shown, known: Known| known.words(shown, |count| count.to_string(), l);
    let (shown, sum) = people_for(Eyes::Others, places);
    let mut rows = vec![head];
    for (place, seen) in places.iter().zip(&shown) {
        let mut cells = vec![
            month.to_string(),
            place.name.of(lang).to_owned(),
            place.events.to_string(),
            people(seen.participants, Known::participants(place)),
            people(seen.females, Known::females(place)),
        ];
        let given = |kind| place.given.get(kind).copied().unwrap_or(0).to_string();
        cells.extend(kinds.iter().map(given));
        cells.push(place.pieces().to_string());
        cells.extend(at_drops(place.at_drops));
        rows.push(cells);
    }
    let mut total = vec![
        month.to_string(),
        td_string!(l, reconcile.total).to_owned(),
        bulletin.figures.events.to_string(),
        people(sum.participants, Known::of_all(places, Known::participants)),
        people(sum.females, Known::of_all(places, Known::females)),
    ];
    let given = |kind| bulletin.figures.given.get(kind).copied().unwrap_or(0).to_string();
    total.extend(kinds.iter().map(given));
    total.push(bulletin.figures.pieces().to_string());
    total.extend(at_drops(bulletin.figures.at_drops()));
    rows.push(total);
    Ok(rows)
}
