//! Carries all rows from one database into the empty tables of the other.
//!
//! Rows go as they are, with their ids. What the tables enforce is put aside meanwhile: the rows
//! were let in by the same rules once, their order is none that foreign keys would take, and a rule
//! that fills a table would fill it twice. It is put back before the end, and whoever calls proves
//! the books.

use crate::Db;
use crate::db::{self, sql};
use crate::query::{MOST_VALUES, Query};
use futures_util::TryStreamExt;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, QueryResult,
    StreamTrait, TransactionOptions, TransactionTrait, Value,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A table of PostgreSQL, which alone tells the types apart.
#[derive(Default)]
struct Table {
    columns: Vec<(String, Kind)>,
    /// The column that numbers its rows.
    identity: Option<String>,
}

#[derive(Clone, Copy)]
enum Kind {
    Uuid,
    Bytes,
    Text,
    Whole,
    Yes,
    Real,
}

#[derive(FromQueryResult)]
struct ColumnRow {
    table_name: String,
    column_name: String,
    data_type: String,
    is_identity: bool,
}

/// What is put aside, and the statement that puts it back.
#[derive(FromQueryResult)]
struct Aside {
    away: String,
    back: String,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// Whether a database of PostgreSQL has neither books nor anything else.
pub(super) async fn is_empty(db: &Db) -> Result<bool, DbErr> {
    let count = async |text: &str| {
        let row: Option<Count> = db::one(db.read(), text, []).await?;
        Ok::<_, DbErr>(row.map_or(0, |row| row.count))
    };
    let tables = "SELECT COUNT(*) AS count FROM information_schema.tables
        WHERE table_schema = current_schema()";
    if count(tables).await? == 0 {
        return Ok(true);
    }
    if count(&format!("{tables} AND table_name = 'record'")).await? == 0 {
        return Ok(false);
    }
    let used = "SELECT (SELECT COUNT(*) FROM record) + (SELECT COUNT(*) FROM person) AS count";
    Ok(count(used).await? == 0)
}

/// Into a file whose tables were just made.
pub(super) async fn to_sqlite(from: &DatabaseTransaction, to: &Db) -> Result<(), DbErr> {
    let tables = tables(from).await?;
    // There is one connection that writes, so that this holds for the transaction too.
    to.writer().execute_unprepared("PRAGMA foreign_keys = OFF").await?;
    let tx = to.writer().begin_with_options(TransactionOptions::default()).await?;
    let triggers = "SELECT 'DROP TRIGGER ' || name AS away, sql AS back FROM sqlite_master
        WHERE type = 'trigger'";
    let triggers: Vec<Aside> = db::all(&tx, triggers, []).await?;
    for Aside { away, .. } in &triggers {
        tx.execute_unprepared(away).await?;
    }
    for name in tables.keys() {
        tx.execute_unprepared(&format!("DELETE FROM {name}")).await?;
    }
    for (name, table) in &tables {
        copy(from, &tx, name, table).await?;
    }
    for Aside { back, .. } in &triggers {
        tx.execute_unprepared(back).await?;
    }
    if tx.query_one_raw(sql(&tx, "PRAGMA foreign_key_check", [])).await?.is_some() {
        return Err(DbErr::Custom("rows refer to rows that were not copied".to_owned()));
    }
    tx.commit().await
}

/// Into a database that nobody uses yet.
pub(super) async fn to_postgres(from: &Db, to: &Db) -> Result<(), DbErr> {
    let from = from.snapshot().await?;
    let tx = to.writer().begin_with_options(TransactionOptions::default()).await?;
    let tables = tables(&tx).await?;
    let keys = "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
            AS away,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
            pg_get_constraintdef(oid)) AS back
        FROM pg_constraint
        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
    let keys: Vec<Aside> = db::all(&tx, keys, []).await?;
    for Aside { away, .. } in &keys {
        tx.execute_unprepared(away).await?;
    }
    for name in tables.keys() {
        tx.execute_unprepared(&format!("ALTER TABLE {name} DISABLE TRIGGER USER")).await?;
        tx.execute_unprepared(&format!("TRUNCATE {name}")).await?;
    }
    for (name, table) in &tables {
        copy(&from, &tx, name, table).await?;
        if let Some(id) = &table.identity {
            let next = format!(
                "SELECT setval(pg_get_serial_sequence('{name}', '{id}'), MAX({id})) FROM {name}"
            );
            tx.execute_unprepared(&next).await?;
        }
        tx.execute_unprepared(&format!("ALTER TABLE {name} ENABLE TRIGGER USER")).await?;
    }
    for Aside { back, .. } in &keys {
        tx.execute_unprepared(back).await?;
    }
    tx.commit().await
}

/// The tables of PostgreSQL but for the list of migrations, which every database has of its own.
async fn tables(db: &DatabaseTransaction) -> Result<BTreeMap<String, Table>, DbErr> {
    let columns = "SELECT c.table_name::text, c.column_name::text, c.data_type::text,
            c.is_identity = 'YES' AS is_identity
        FROM information_schema.columns c JOIN information_schema.tables t
            ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
            AND c.table_name <> 'seaql_migrations'
        ORDER BY c.table_name, c.ordinal_position";
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in db::all::<ColumnRow, _>(db, columns, []).await? {
        let kind = match row.data_type.as_str() {
            "uuid" => Kind::Uuid,
            "bytea" => Kind::Bytes,
            "text" => Kind::Text,
            "bigint" => Kind::Whole,
            "boolean" => Kind::Yes,
            "double precision" => Kind::Real,
            other => return Err(DbErr::Type(format!("columns of type {other} are not carried"))),
        };
        let table = tables.entry(row.table_name).or_default();
        if row.is_identity {
            table.identity = Some(row.column_name.clone());
        }
        table.columns.push((row.column_name, kind));
    }
    Ok(tables)
}

async fn copy(
    from: &DatabaseTransaction,
    to: &DatabaseTransaction,
    name: &str,
    table: &Table,
) -> Result<(), DbErr> {
    let columns: Vec<String> =
        table.columns.iter().map(|(column, _)| format!("\"{column}\"")).collect();
    let columns = columns.join(", ");
    let select = format!("SELECT {columns} FROM {name}");
    let is_postgres = ConnectionTrait::get_database_backend(to) == DbBackend::Postgres;
    let numbered = if is_postgres { "OVERRIDING SYSTEM VALUE " } else { "" };
    let insert = format!("INSERT INTO {name} ({columns}) {numbered}VALUES ");
    let mut rows = from.stream_raw(sql(from, &select, [])).await?;
    let (mut query, mut load) = (Query::new(&insert), Load::default());
    while let Some(row) = rows.try_next().await? {
        let values = values(&row, table)?;
        query = query.push(if load.is_empty() { "" } else { ", " });
        load.add(&values);
        query = query.list(values);
        if load.is_full() {
            query.run(to).await?;
            (query, load) = (Query::new(&insert), Load::default());
        }
    }
    if !load.is_empty() {
        query.run(to).await?;
    }
    Ok(())
}

/// Bytes of one statement, but for its last row: pictures are not carried by the thousand.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What one statement carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Load {
    values: usize,
    /// Of the last row.
    width: usize,
    bytes: usize,
}

impl Load {
    fn add(&mut self, row: &[Value]) {
        self.values += row.len();
        self.width = row.len();
        self.bytes += row.iter().map(bytes).sum::<usize>();
    }

    fn is_empty(self) -> bool {
        self.values == 0
    }

    /// Whether no row more goes in.
    fn is_full(self) -> bool {
        self.values + self.width > MOST_VALUES || self.bytes >= MOST_BYTES
    }
}

fn bytes(value: &Value) -> usize {
    if let Value::Bytes(Some(bytes)) = value {
        bytes.len()
    } else if let Value::String(Some(text)) = value {
        text.len()
    } else {
        size_of::<Uuid>()
    }
}

fn values(row: &QueryResult, table: &Table) -> Result<Vec<Value>, DbErr> {
    let value = |(place, (_, kind)): (usize, &(String, Kind))| {
        Ok(match kind {
            Kind::Uuid => row.try_get_by_index::<Option<Uuid>>(place)?.into(),
            Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(place)?.into(),
            Kind::Text => row.try_get_by_index::<Option<String>>(place)?.into(),
            Kind::Whole => row.try_get_by_index::<Option<i64>>(place)?.into(),
            Kind::Yes => row.try_get_by_index::<Option<bool>>(place)?.into(),
            Kind::Real => row.try_get_by_index::<Option<f64>>(place)?.into(),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many rows like this one go into a statement.
    fn rows(row: &[Value]) -> usize {
        let mut load = Load::default();
        (1..)
            .find(|_| {
                load.add(row);
                load.is_full()
            })
            .unwrap()
    }

    #[test]
    fn a_statement_carries_thousands_of_small_rows_and_few_pictures() {
        let number = || Value::from(7_i64);
        assert_eq!(rows(&[number()]), MOST_VALUES);
        assert_eq!(rows(&[number(), number(), number(), number()]), MOST_VALUES / 4);
        assert_eq!(rows(&(0..7).map(|_| number()).collect::<Vec<_>>()), MOST_VALUES / 7);
        let picture = |bytes| [number(), Value::from(vec![0_u8; bytes]), Value::from("image/png")];
        assert_eq!(rows(&picture(5 * 1024 * 1024)), 2);
        assert_eq!(rows(&picture(1024 * 1024)), 8);
        assert_eq!(rows(&[Value::from("x".repeat(MOST_BYTES))]), 1);
        assert_eq!(rows(&[Value::Bytes(None), Value::String(None)]), MOST_VALUES / 2);
    }
}
