//! SQL put together from parts, and rows written as sets.
//!
//! A statement costs about 50 µs whatever it does, so rows are written many at a time.

use crate::access::scope::Condition;
use crate::db;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::fmt::Write as _;

/// A query that grows with its values, so that placeholders are never counted by hand.
pub(crate) struct Query {
    text: String,
    values: Vec<Value>,
}

impl Query {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    pub fn push(mut self, text: &str) -> Self {
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
        self.text.push_str(&condition.sql);
        self.values.extend(condition.values);
        self
    }

    /// Puts text around the query: for one that others build on.
    pub fn wrap(self, before: &str, after: &str) -> Self {
        Self { text: format!("{before}{}{after}", self.text), values: self.values }
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
        db::all(db, &self.text, self.values).await
    }

    pub async fn one<T: FromQueryResult>(
        self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<T>, DbErr> {
        db::one(db, &self.text, self.values).await
    }

    /// Whether the query finds a row.
    pub async fn finds(self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        let statement = db::sql(db, &self.text, self.values);
        Ok(db.query_one_raw(statement).await?.is_some())
    }

    pub async fn run(self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        db::run(db, &self.text, self.values).await
    }
}

/// Values in one statement: SQLite takes 32,766, PostgreSQL 65,535.
pub(crate) const MOST_VALUES: usize = 30_000;

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
        for row in rows.by_ref().take(MOST_VALUES / N.max(1)) {
            query = query.push(separator).list(row);
            separator = ", ";
        }
        query.push(" ").push(after).run(db).await?;
    }
    Ok(())
}
