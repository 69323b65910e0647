//! Lists that are longer than a page: the way to the older rows, and back to the newest.

use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Link};
use leptos::prelude::*;
use std::fmt::Display;

/// The most rows of one page.
pub const ROWS: usize = 100;

/// The rows of a page, of as many as it holds and one more, and whether that one is there.
pub fn page<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    (rows, more)
}

/// The links below a list whose page begins after the row that `cursor` names in the query.
/// `last` is the row after which the next page begins; `filters` go with it.
pub fn pager(visit: &Visit, cursor: &str, last: Option<impl Display>, filters: &[&str]) -> AnyView {
    let l = visit.locale;
    // Words, months and ids that were read before; anything else was no filter.
    let known = |text: &&str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    let filters = filters
        .iter()
        .filter_map(|name| visit.query(name).filter(known).map(|value| format!("{name}={value}")));
    let filters: Vec<String> = filters.collect();
    let to = |parts: Vec<String>| format!("{}?{}", visit.path, parts.join("&"));
    let newest =
        visit.query(cursor).map(|_| Link::new(to(filters.clone()), td_string!(l, common.newest)));
    let older = last.map(|last| {
        let mut parts = vec![format!("{cursor}={last}")];
        parts.extend(filters);
        Link::new(to(parts), td_string!(l, common.older))
    });
    let is_whole = newest.is_none() && older.is_none();
    let label = td_string!(l, common.pages);
    let links =
        (!is_whole).then(|| view! { <ui::Pager position="" previous=newest next=older label/> });
    links.into_any()
}
