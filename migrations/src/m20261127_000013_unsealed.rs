//! Records that wait for their seal. The database itself puts every finished record there, so that
//! the sealer finds what is new without looking through what is sealed.

use crate::run;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        let db = manager.get_connection();
        let triggers = match db.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            DbBackend::Sqlite | DbBackend::MySql => SQLITE,
            other => return Err(DbErr::Migration(format!("{other:?} is not supported"))),
        };
        for trigger in triggers {
            db.execute_unprepared(trigger).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE unsealed (record_id {uuid} PRIMARY KEY REFERENCES record (id))",
    "INSERT INTO unsealed (record_id) SELECT o.record_id FROM record_outcome o
     WHERE NOT EXISTS (SELECT 1 FROM seal s WHERE s.record_id = o.record_id)",
];

const SQLITE: &[&str] = &["CREATE TRIGGER record_waits_for_seal AFTER INSERT ON record_outcome
     BEGIN INSERT INTO unsealed (record_id) VALUES (NEW.record_id); END"];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION record_waits_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN INSERT INTO unsealed (record_id) VALUES (NEW.record_id); RETURN NULL; END $$",
    "CREATE TRIGGER record_waits_for_seal AFTER INSERT ON record_outcome
     FOR EACH ROW EXECUTE FUNCTION record_waits_for_seal()",
];
