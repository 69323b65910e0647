//! SQL put together from parts, and rows written as sets.
//!
//! A statement costs about 50 µs whatever it does, so rows are written many at a time.

use crate::access::scope::Condition;
use crate::db;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Value};
use std::fmt::Write as _;

/// A query that grows with its values, so that placeholders are never counted by hand.
pub(crate) struct Query {
    text: String,
    values: Vec<Value>,
    /// Whether each value stands once in the text, in order, and nothing else is a placeholder.
    in_order: bool,
}

impl Query {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new(), in_order: !text.contains('$') }
    }

    pub fn push(mut self, text: &str) -> Self {
        self.in_order &= !text.contains('$');
        self.text.push_str(text);
        self
    }

    /// Appends a placeholder for the value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        let _ = write!(self.text, "${}", self.values.len());
        self
    }

    /// Appends `(a, b, …)`; an empty list matches nothing.
    pub fn list<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let mut separator = "(";
        for value in values {
            self = self.push(separator).bind(value);
            separator = ", ";
        }
        if separator == "(" { self.push("(NULL)") } else { self.push(")") }
    }

    /// Appends a condition that `make` builds for the next placeholder.
    pub fn condition(mut self, make: impl FnOnce(usize) -> Condition) -> Self {
        let condition = make(self.values.len() + 1);
        // It may name a value twice.
        self.in_order &= condition.values.is_empty();
        self.text.push_str(&condition.sql);
        self.values.extend(condition.values);
        self
    }

    /// Puts text around the query: for one that others build on.
    pub fn wrap(self, before: &str, after: &str) -> Self {
        let in_order = self.in_order && !before.contains('$') && !after.contains('$');
        Self { text: format!("{before}{}{after}", self.text), values: self.values, in_order }
    }

    /// Appends the condition that the row named `alias` is the row of `account`.
    pub fn account(self, alias: &str, account: domain::account::Account) -> Self {
        let (kind, owner, channel, shadow) = crate::movements::parts(account);
        self.push(&format!("{alias}.kind = "))
            .bind(kind)
            .push(&format!(" AND {alias}.owner_id = "))
            .bind(owner)
            .push(&format!(" AND {alias}.channel = "))
            .bind(channel)
            .push(&format!(" AND {alias}.shadow = "))
            .bind(shadow)
    }

    pub async fn all<T: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Vec<T>, DbErr> {
        let (text, values) = self.for_database(db);
        db::all(db, &text, values).await
    }

    pub async fn one<T: FromQueryResult>(
        self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<T>, DbErr> {
        let (text, values) = self.for_database(db);
        db::one(db, &text, values).await
    }

    /// Whether the query finds a row.
    pub async fn finds(self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        let (text, values) = self.for_database(db);
        let statement = db::sql(db, &text, values);
        Ok(db.query_one_raw(statement).await?.is_some())
    }

    pub async fn run(self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let (text, values) = self.for_database(db);
        db::run(db, &text, values).await
    }

    /// SQLite takes `$1` for a name and looks for each among all others of the statement: with
    /// thousands of values that takes longer than writing them. A bare `?` has no name.
    fn for_database(self, db: &impl ConnectionTrait) -> (String, Vec<Value>) {
        if !self.in_order || db.get_database_backend() != DbBackend::Sqlite {
            return (self.text, self.values);
        }
        let mut parts = self.text.split('$');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            text.push('?');
            text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        (text, self.values)
    }
}

/// Values in one statement: SQLite takes 32,766, PostgreSQL 65,535.
pub(crate) const MOST_VALUES: usize = 30_000;

/// Rows in one statement. Each connection keeps its last statements, and more rows save little.
const MOST_ROWS: usize = 200;

/// Inserts rows as sets. `into` is a table with its columns, like `place (code, kind)`; `after`
/// follows the values, like `ON CONFLICT DO NOTHING`.
pub(crate) async fn insert_rows<const N: usize>(
    db: &impl ConnectionTrait,
    into: &str,
    rows: Vec<[Value; N]>,
    after: &str,
) -> Result<(), DbErr> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = Query::new(&format!("INSERT INTO {into} VALUES "));
        let mut separator = "";
        for row in rows.by_ref().take(MOST_ROWS) {
            query = query.push(separator).list(row);
            separator = ", ";
        }
        query.push(" ").push(after).run(db).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Database;

    #[tokio::test]
    async fn what_comes_once_and_in_order_needs_no_name_on_sqlite() {
        let db = Database::connect("sqlite::memory:").await.unwrap();
        let sum = || Query::new("SELECT ").bind(1).push(" + ").bind(20);
        assert_eq!(sum().for_database(&db).0, "SELECT ? + ?");
        assert_eq!(sum().wrap("SELECT (", ")").for_database(&db).0, "SELECT (SELECT ? + ?)");
        assert_eq!(sum().push(" + $1").for_database(&db).0, "SELECT $1 + $2 + $1");
        let twice = |next| Condition { sql: format!("${next} + ${next}"), values: vec![3.into()] };
        let four = sum().push(" + ").condition(twice);
        assert_eq!(four.for_database(&db).0, "SELECT $1 + $2 + $3 + $3");
    }
}
