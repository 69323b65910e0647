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
    for statement in others {
        db.execute_unprepared(&statement).await?;
    }
    let keys = ["id", "actor_id, device_id, device_sequence"];
    rules::never_replaced(manager, "record", &keys).await
}

async fn definitions(manager: &SchemaManager<'_>, which: &str) -> Result<Vec<String>, DbErr> {
    let db = manager.get_connection();
    let text = format!(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'record' AND {which} ORDER BY rowid"
    );
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, text)).await?;
    rows.iter().map(|row| row.try_get("", "sql")).collect()
}
