//! A device numbers the records of whoever uses it. Whoever else sends the number of a device that
//! is not theirs takes nothing away from it.

use crate::rules;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        match db.get_database_backend() {
            DbBackend::Postgres => {
                db.execute_unprepared(POSTGRES).await?;
            }
            DbBackend::Sqlite | DbBackend::MySql => make_anew(manager).await?,
            other => return Err(DbErr::Migration(format!("{other:?} is not supported"))),
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const POSTGRES: &str = "ALTER TABLE record
    DROP CONSTRAINT record_device_id_device_sequence_key,
    ADD CONSTRAINT record_device_id_of_author UNIQUE (actor_id, device_id, device_sequence)";

const BEFORE: &str = "UNIQUE (device_id, device_sequence)";
const AFTER: &str = "UNIQUE (actor_id, device_id, device_sequence)";

/// SQLite cannot take a constraint off a table: the table is made anew, with the indexes and
/// triggers that it had. What points at records is looked at again when all is done.
async fn make_anew(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let table = definitions(manager, "type = 'table'").await?.concat();
    if !table.contains(BEFORE) {
        return Err(DbErr::Migration("the table of records is not as it was made".to_owned()));
    }
    let others = "type IN ('index', 'trigger') AND sql IS NOT NULL AND name <> 'record_no_replace'";
    let others = definitions(manager, others).await?;
    let pointing = pointing_at_records(manager).await?;
    for (n, (table, column)) in pointing.iter().enumerate() {
        let index = format!("CREATE INDEX pointing_{n} ON \"{table}\" (\"{column}\")");
        db.execute_unprepared(&index).await?;
    }
    for statement in [
        "PRAGMA defer_foreign_keys = ON",
        "CREATE TABLE record_before AS SELECT * FROM record",
        "DROP TABLE record",
        &table.replace(BEFORE, AFTER),
        "INSERT INTO record SELECT * FROM record_before",
        "DROP TABLE record_before",
    ] {
        db.execute_unprepared(statement).await?;
    }
    for n in 0..pointing.len() {
        db.execute_unprepared(&format!("DROP INDEX pointing_{n}")).await?;
    }
    for statement in others {
        db.execute_unprepared(&statement).await?;
    }
    let keys = ["id", "actor_id, device_id, device_sequence"];
    rules::never_replaced(manager, "record", &keys).await
}

/// Tables and columns that point at records. Each record that goes is looked for in all of them:
/// without an index of their own for that time, large books would take hours.
async fn pointing_at_records(manager: &SchemaManager<'_>) -> Result<Vec<(String, String)>, DbErr> {
    let text = "SELECT t.name AS pointing, k.\"from\" AS field
        FROM sqlite_master t, pragma_foreign_key_list(t.name) k
        WHERE t.type = 'table' AND k.\"table\" = 'record' ORDER BY t.name, k.id";
    let statement = Statement::from_string(DbBackend::Sqlite, text);
    let rows = manager.get_connection().query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get("", "pointing")?, row.try_get("", "field")?))).collect()
}

async fn definitions(manager: &SchemaManager<'_>, which: &str) -> Result<Vec<String>, DbErr> {
    let db = manager.get_connection();
    let text = format!(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'record' AND {which} ORDER BY rowid"
    );
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, text)).await?;
    rows.iter().map(|row| row.try_get("", "sql")).collect()
}
