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
    for query in inserts(into, rows, after) {
        query.run(db).await?;
    }
    Ok(())
}

/// The statements of [`insert_rows`].
pub(crate) fn inserts<const N: usize>(
    into: &str,
    rows: impl IntoIterator<Item = [Value; N]>,
    after: &str,
) -> Vec<Query> {
    let mut rows = rows.into_iter().peekable();
    let mut queries = Vec::new();
    while rows.peek().is_some() {
        let mut query = Query::new(&format!("INSERT INTO {into} VALUES "));
        let mut separator = "";
        for row in rows.by_ref().take(MOST_ROWS) {
            query = query.push(separator).list(row);
            separator = ", ";
        }
        queries.push(query.push(" ").push(after));
    }
    queries
}

/// Values in statements that are sent together; longer ones are worth a way of their own.
const MOST_TOGETHER: usize = 200;

/// Runs writes one after the other. SQLite takes short ones in one go: the way to its thread and
/// back costs more than they do. PostgreSQL takes a statement at a time.
pub(crate) async fn run_all(db: &impl ConnectionTrait, queries: Vec<Query>) -> Result<(), DbErr> {
    match together(db, queries) {
        Ok(None) => {}
        Ok(Some(all)) => drop(all.run(db).await?),
        Err(queries) => {
            for query in queries {
                query.run(db).await?;
            }
        }
    }
    Ok(())
}

/// Runs writes in the same way, and then asks.
pub(crate) async fn run_and_ask<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    mut writes: Vec<Query>,
    question: Query,
) -> Result<Vec<T>, DbErr> {
    writes.push(question);
    match together(db, writes) {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(all)) => all.all(db).await,
        Err(mut writes) => {
            let question = writes.pop();
            run_all(db, writes).await?;
            match question {
                Some(question) => question.all(db).await,
                None => Ok(Vec::new()),
            }
        }
    }
}

/// The statements as one, where the database takes them so.
fn together(db: &impl ConnectionTrait, queries: Vec<Query>) -> Result<Option<Query>, Vec<Query>> {
    let values: usize = queries.iter().map(|query| query.values.len()).sum();
    let fits = values <= MOST_TOGETHER && queries.iter().all(|query| query.in_order);
    if !fits || db.get_database_backend() != DbBackend::Sqlite {
        return Err(queries);
    }
    Ok(queries.into_iter().reduce(Query::then))
}

impl Query {
    /// Both, one after the other. The names of the values are those of each by itself: only for
    /// SQLite, which is not told them.
    fn then(mut self, next: Self) -> Self {
        self.text.push_str("; ");
        self.text.push_str(&next.text);
        self.values.extend(next.values);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Database;

    #[tokio::test]
    async fn writes_that_go_together_each_have_their_values() {
        let db = Database::connect("sqlite::memory:").await.unwrap();
        db.execute_unprepared("CREATE TABLE pair (a bigint UNIQUE, b text)").await.unwrap();
        let pair = |a: i64, b: &str| inserts("pair (a, b)", [[a.into(), b.into()]], "");
        let change = Query::new("UPDATE pair SET b = ").bind("c").push(" WHERE a = ").bind(2_i64);
        let mut queries = pair(1, "a");
        queries.extend(pair(2, "b"));
        queries.push(change);
        run_all(&db, queries).await.unwrap();
        #[derive(FromQueryResult, Debug, PartialEq)]
        struct Pair {
            a: i64,
            b: String,
        }
        let pairs = || Query::new("SELECT a, b FROM pair ORDER BY a").all::<Pair>(&db);
        let is = |a: i64, b: &str| Pair { a, b: b.to_owned() };
        assert_eq!(pairs().await.unwrap(), [is(1, "a"), is(2, "c")]);
        // What comes after one that fails is not run.
        let mut queries = pair(3, "a");
        queries.extend(pair(3, "b"));
        queries.extend(pair(4, "a"));
        let error = run_all(&db, queries).await.unwrap_err();
        assert!(error.to_string().contains("UNIQUE"), "{error}");
        assert_eq!(pairs().await.unwrap(), [is(1, "a"), is(2, "c"), is(3, "a")]);
    }

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
