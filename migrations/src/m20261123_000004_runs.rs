//! Print runs, goods received notes, first counts, labels issued before a delivery, confirmations.

use crate::run;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        run(manager, if postgres { POSTGRES_RULES } else { SQLITE_RULES }).await?;
        for table in APPEND_ONLY {
            for trigger in append_only(table, postgres) {
                manager.get_connection().execute_unprepared(&trigger).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const APPEND_ONLY: &[&str] =
    &["receipt", "run_close", "first_count", "issued_pack", "confirmation"];

fn append_only(table: &str, postgres: bool) -> Vec<String> {
    if postgres {
        return vec![format!(
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )];
    }
    let trigger = |change: &str| {
        format!(
            "CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
             BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END"
        )
    };
    vec![trigger("UPDATE"), trigger("DELETE")]
}

const TABLES: &[&str] = &[
    // An order to a printer: an ordinary row that can be edited until something was received.
    // Where it stands is a fold over its receipts and closings.
    "CREATE TABLE print_run (
        id {uuid} PRIMARY KEY,
        number text NOT NULL UNIQUE,
        printer_id {uuid} NOT NULL REFERENCES org (id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        ordered bigint NOT NULL CHECK (ordered BETWEEN 1 AND 1000000000),
        tolerance_permille bigint NOT NULL CHECK (tolerance_permille BETWEEN 0 AND 500),
        cost_minor_units bigint CHECK (cost_minor_units >= 0),
        cost_currency text,
        purchase_order {text} NOT NULL,
        donor_id {uuid} REFERENCES org (id),
        ordered_on bigint NOT NULL,
        due_on bigint NOT NULL,
        version bigint NOT NULL,
        created_by {uuid} NOT NULL,
        created_at bigint NOT NULL,
        CHECK ((cost_minor_units IS NULL) = (cost_currency IS NULL)),
        CHECK (due_on >= ordered_on)
    )",
    "CREATE INDEX print_run_due ON print_run (due_on)",
    "CREATE INDEX print_run_material ON print_run (material_id)",
    // A goods received note: what one delivery said. What became of its pieces is in the lines.
    "CREATE TABLE receipt (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        number text NOT NULL UNIQUE,
        run_id {uuid} NOT NULL REFERENCES print_run (id),
        store_id {uuid} NOT NULL REFERENCES store (id),
        batch_id {uuid} NOT NULL UNIQUE REFERENCES batch (id),
        good bigint NOT NULL CHECK (good >= 0),
        damaged bigint NOT NULL CHECK (damaged >= 0),
        claimed bigint CHECK (claimed > 0),
        how text NOT NULL
            CHECK (how IN ('sealed_as_marked', 'sample_opened', 'full_count', 'weighed')),
        CHECK (good + damaged > 0)
    )",
    "CREATE INDEX receipt_run ON receipt (run_id)",
    "CREATE INDEX receipt_store ON receipt (store_id)",
    "CREATE TABLE run_close (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        run_id {uuid} NOT NULL REFERENCES print_run (id)
    )",
    "CREATE INDEX run_close_run ON run_close (run_id)",
    "CREATE TABLE first_count (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        number text NOT NULL UNIQUE,
        store_id {uuid} NOT NULL REFERENCES store (id)
    )",
    "CREATE INDEX first_count_store ON first_count (store_id)",
    // A label that the printer sticks. When its carton arrives it becomes a pack with this id; the
    // state of its code says whether it is still unused, came, or was voided.
    "CREATE TABLE issued_pack (
        id {uuid} PRIMARY KEY,
        code text NOT NULL UNIQUE REFERENCES code (code),
        run_id {uuid} NOT NULL REFERENCES print_run (id),
        record_id {uuid} NOT NULL REFERENCES record (id),
        parent_id {uuid} REFERENCES issued_pack (id),
        kind text NOT NULL CHECK (kind IN ('carton', 'bundle')),
        number bigint NOT NULL CHECK (number > 0),
        total bigint NOT NULL CHECK (total >= number),
        nominal bigint NOT NULL CHECK (nominal BETWEEN 1 AND 1000000000)
    )",
    "CREATE INDEX issued_pack_run ON issued_pack (run_id, kind, number)",
    "CREATE INDEX issued_pack_parent ON issued_pack (parent_id)",
    // A second person stands behind a record.
    "CREATE TABLE confirmation (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        confirms_id {uuid} NOT NULL UNIQUE REFERENCES record (id)
    )",
    "CREATE INDEX batch_record ON batch (record_id)",
];

// A batch names an existing run. SQLite cannot add a foreign key to a table that exists.
const SQLITE_RULES: &[&str] = &["CREATE TRIGGER batch_has_run BEFORE INSERT ON batch
     WHEN NEW.run_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM print_run WHERE id = NEW.run_id)
     BEGIN SELECT RAISE(ABORT, 'no such print run'); END"];

const POSTGRES_RULES: &[&str] = &["ALTER TABLE batch ADD CONSTRAINT batch_run_id_fkey
       FOREIGN KEY (run_id) REFERENCES print_run (id)"];
