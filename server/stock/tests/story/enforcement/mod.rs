//! The rules that the database keeps by itself, tried by raw SQL past the program: each forbidden
//! statement is refused on both databases, and beside it one that is permitted works.

mod append_only;
pub mod full_books;
mod held;
mod lines;
mod packs;
mod people;
mod records;

use crate::books::Books;
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, FromQueryResult, SqlErr,
    Statement, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

/// A connection of somebody who knows the database and does not ask the program.
pub struct Raw {
    db: DatabaseConnection,
}

/// How a database says no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A trigger with these words.
    Says(&'static str),
    /// Any trigger of SQLite.
    Trigger,
    Check,
    Unique,
    ForeignKey,
    NotNull,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

impl Raw {
    pub async fn open(books: &Books) -> Self {
        Self::at(&books.url).await
    }

    pub async fn at(url: &str) -> Self {
        Self { db: Database::connect(url).await.unwrap() }
    }

    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    /// A new id as the database writes it.
    pub fn id(&self, books: &Books) -> String {
        self.literal(books.id())
    }

    pub fn literal(&self, id: Uuid) -> String {
        if self.is_postgres() { format!("'{id}'::uuid") } else { format!("X'{}'", id.simple()) }
    }

    /// Bytes as the database writes them: so many times `ab`.
    pub fn bytes(&self, length: usize) -> String {
        let digits = "ab".repeat(length);
        if self.is_postgres() { format!("'\\x{digits}'::bytea") } else { format!("X'{digits}'") }
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) AS n FROM {table}")).await
    }

    async fn names(&self, postgres: &str, sqlite: &str) -> Vec<String> {
        let text = if self.is_postgres() { postgres } else { sqlite };
        let statement = Statement::from_string(self.db.get_database_backend(), text);
        let names = Name::find_by_statement(statement).all(&self.db).await.unwrap();
        names.into_iter().map(|row| row.name).collect()
    }

    pub async fn tables(&self) -> Vec<String> {
        self.names(
            "SELECT CAST(tablename AS text) AS name FROM pg_tables
             WHERE schemaname = 'public' ORDER BY 1",
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY 1",
        )
        .await
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        self.names(
            &format!(
                "SELECT CAST(column_name AS text) AS name FROM information_schema.columns
                 WHERE table_name = '{table}' AND is_identity = 'NO' ORDER BY ordinal_position"
            ),
            &format!("SELECT name FROM pragma_table_info('{table}')"),
        )
        .await
    }

    /// `INSERT` of a copy of one row that fits `of`, with some columns changed. Growing row
    /// numbers are left to the database.
    pub async fn copy(&self, table: &str, of: &str, changed: &[(&str, &str)]) -> String {
        let grows = ["line", "account", "audit_log"].contains(&table);
        let columns = self.columns(table).await;
        let columns: Vec<_> = columns.iter().filter(|name| !(grows && *name == "id")).collect();
        let values = columns.iter().map(|column| {
            let new = changed.iter().find(|(name, _)| name == column);
            new.map_or_else(|| format!("x.{column}"), |(_, value)| (*value).to_owned())
        });
        let values: Vec<String> = values.collect();
        let names: Vec<_> = columns.iter().map(|name| name.as_str()).collect();
        for (name, _) in changed {
            assert!(names.contains(name), "{table} has no {name}");
        }
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} x WHERE {of} LIMIT 1",
            names.join(", "),
            values.join(", ")
        )
    }

    /// The database refuses this, for this reason, and changes nothing.
    #[track_caller]
    pub fn refuses(&self, sql: &str, why: Why) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        let (db, sql) = (self.db.clone(), sql.to_owned());
        async move {
            let Err(error) = db.execute_unprepared(&sql).await else {
                panic!("{place}: not refused: {sql}");
            };
            assert!(why.is(&error), "{place}: {sql}\n{error} instead of {why:?}");
        }
    }

    /// The control: the database takes this, and it touches a row. The books stay as they were.
    #[track_caller]
    pub fn permits(&self, statements: &[&str]) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        let statements: Vec<String> = statements.iter().map(|sql| (*sql).to_owned()).collect();
        let db = self.db.clone();
        async move {
            let tx = db.begin_with_options(TransactionOptions::default()).await.unwrap();
            for sql in &statements {
                match tx.execute_unprepared(sql).await {
                    Ok(done) => assert!(done.rows_affected() > 0, "{place}: nothing done: {sql}"),
                    Err(error) => panic!("{place}: refused: {sql}\n{error}"),
                }
            }
            tx.rollback().await.unwrap();
        }
    }

    /// Damages the books: with every trigger, key and check out of the way, as a broken disk or
    /// somebody with the rights of the database's owner would.
    pub async fn damages(&self, sql: &str) {
        let text = if self.is_postgres() {
            format!(
                "ALTER TABLE balance DROP CONSTRAINT IF EXISTS never_below_zero;
                 SET session_replication_role = replica; {sql};
                 SET session_replication_role = DEFAULT"
            )
        } else {
            let triggers = self.names("", "SELECT name FROM sqlite_master WHERE type = 'trigger'");
            let dropped: String =
                triggers.await.iter().map(|name| format!("DROP TRIGGER {name};")).collect();
            format!(
                "{dropped} PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}"
            )
        };
        self.db.execute_unprepared(&text).await.unwrap();
    }

    /// One id or number as text.
    pub async fn id_of(&self, sql: &str) -> String {
        #[derive(FromQueryResult)]
        struct Id {
            id: Uuid,
        }
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        Id::find_by_statement(statement).one(&self.db).await.unwrap().unwrap().id.to_string()
    }

    pub async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        Count::find_by_statement(statement).one(&self.db).await.unwrap().unwrap().n
    }

    /// Does something that is not undone.
    pub async fn does(&self, sql: &str) {
        let done = self.db.execute_unprepared(sql).await;
        assert!(done.unwrap().rows_affected() > 0, "nothing done: {sql}");
    }
}

impl Why {
    fn is(self, error: &DbErr) -> bool {
        let text = error.to_string();
        match self {
            Self::Says(words) => text.contains(words),
            Self::Trigger => text.contains("(code: 1811)"),
            Self::Check => text.to_lowercase().contains("check constraint"),
            Self::Unique => {
                matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
            }
            Self::ForeignKey => {
                matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_)))
            }
            Self::NotNull => text.to_lowercase().replace(['-', ' '], "").contains("notnull"),
        }
    }
}
