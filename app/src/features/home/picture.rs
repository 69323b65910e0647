//! Where the pieces are that somebody answers for: one bar, with the numbers in its key.

use crate::error::PageError;
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Hue, Link, Part};
use leptos::prelude::*;
use stock::whereabouts::HoldingFilter;

pub(super) async fn of(visit: &Visit) -> Result<Option<AnyView>, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let holdings = visit.reader()?.holdings(&HoldingFilter::default()).await?;
    let sum = |of: fn(&stock::whereabouts::Holding) -> i64| holdings.iter().map(of).sum::<i64>();
    let parts = vec![
        Part::new(Hue::Store, td_string!(l, stock.in_store), sum(|row| row.in_store)),
        Part::new(Hue::Transit, td_string!(l, stock.in_transit), sum(|row| row.in_transit)),
        Part::new(Hue::Event, td_string!(l, stock.at_events), sum(|row| row.at_events)),
        Part::new(Hue::Damaged, td_string!(l, stock.damaged), sum(|row| row.damaged)),
    ];
    let total: i64 = parts.iter().map(|part| part.pieces).sum();
    if total == 0 {
        return Ok(None);
    }
    let title = td_string!(l, home.where_pieces, n = lang.number(total));
    let label = title.clone();
    let more = Link::new("/stock", td_string!(l, home.stock));
    Ok(Some(view! { <ui::Sheet title more><ui::Stacked label parts lang/></ui::Sheet> }.into_any()))
}
