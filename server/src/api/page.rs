//! Lists in pages of at most 100, and the cursors that lead from one to the next.
//!
//! A cursor is opaque: the key of the last item in hexadecimal digits. It stays good while things
//! are added, because it names a place in the order and not a number of items to skip.

use super::problem::{Code, Problem};
use domain::hex::{from_hex, hex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Items a page, at most and unless fewer are asked for.
pub const MOST_ITEMS: usize = 100;

/// Which page of a list.
#[derive(Deserialize, IntoParams, Clone, Debug, Default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the page before; without it the list begins.
    pub cursor: Option<String>,
    /// Items a page, from 1 to 100; 100 when it is left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// A page of a list.
#[derive(Serialize, ToSchema, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

impl PageQuery {
    pub fn limit(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(MOST_ITEMS),
            Some(limit) if (1..=MOST_ITEMS as u32).contains(&limit) => Ok(limit as usize),
            Some(_) => Err(Problem::new(Code::WrongParameter).with("parameter", "limit")),
        }
    }

    /// The key that the cursor holds.
    pub fn key(&self) -> Result<Option<String>, Problem> {
        self.cursor.as_deref().map(opened).transpose()
    }

    /// The key in parts.
    pub fn parts<const N: usize>(&self) -> Result<Option<[String; N]>, Problem> {
        let Some(key) = self.key()? else { return Ok(None) };
        let parts: Vec<String> = key.splitn(N, '|').map(str::to_owned).collect();
        parts.try_into().map(Some).map_err(|_| Code::WrongCursor.into())
    }
}

impl<T> Page<T> {
    /// Makes a page of items of which one too many was read: that one says that more follow.
    pub fn of(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| sealed(&key(last)));
        Self { items, next }
    }

    /// A page of a short list that is read as a whole. When the item of the cursor has gone, the
    /// list begins again rather than leaving something out.
    pub fn cut(
        items: Vec<T>,
        query: &PageQuery,
        key: impl Fn(&T) -> String,
    ) -> Result<Self, Problem> {
        let limit = query.limit()?;
        let from = match query.key()? {
            None => 0,
            Some(last) => {
                items.iter().position(|item| key(item) == last).map_or(0, |place| place + 1)
            }
        };
        let rest: Vec<T> = items.into_iter().skip(from).take(limit + 1).collect();
        Ok(Self::of(rest, limit, key))
    }

    /// The same for items whose keys may repeat, like lines of one movement: the cursor tells them
    /// apart by their place among those of the same key.
    pub fn cut_alike(
        items: Vec<T>,
        query: &PageQuery,
        key: impl Fn(&T) -> String,
    ) -> Result<Self, Problem> {
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let key = key(&item);
            let before = alike.entry(key.clone()).or_default();
            keyed.push((format!("{key}|{before}"), item));
            *before += 1;
        }
        Ok(Page::cut(keyed, query, |(key, _)| key.clone())?.map(|(_, item)| item))
    }

    pub fn map<U>(self, change: impl Fn(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// A key as a cursor.
pub fn sealed(key: &str) -> String {
    hex(key.as_bytes())
}

fn opened(cursor: &str) -> Result<String, Problem> {
    let key = from_hex(cursor).and_then(|bytes| String::from_utf8(bytes).ok());
    key.ok_or_else(|| Problem::new(Code::WrongCursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(cursor: Option<String>, limit: u32) -> PageQuery {
        PageQuery { cursor, limit: Some(limit) }
    }

    #[test]
    fn pages_follow_one_another_and_end() {
        let mut seen = Vec::new();
        let mut cursor = None;
        for _ in 0..3 {
            let page = Page::cut((0..5).collect(), &query(cursor, 2), i32::to_string).unwrap();
            seen.extend(page.items);
            cursor = page.next;
        }
        assert_eq!((seen, cursor), (vec![0, 1, 2, 3, 4], None));
    }

    #[test]
    fn a_cursor_that_no_list_gave_out_is_refused() {
        for cursor in ["x", "zz", "abc", "ff", "€€"] {
            let page = Page::cut(vec![1], &query(Some(cursor.to_owned()), 2), i32::to_string);
            assert_eq!(page.unwrap_err().code, Code::WrongCursor, "{cursor}");
        }
    }

    #[test]
    fn a_page_has_at_most_100_items() {
        for limit in [0, 101] {
            let page = Page::cut(vec![1], &query(None, limit), i32::to_string);
            assert_eq!(page.unwrap_err().code, Code::WrongParameter);
        }
    }
}
