//! The ledger: records, movements, lines, balances; batches, codes and packs.
//!
//! What the database enforces by itself: records, movements and lines are never changed or
//! removed; pieces are whole and above zero; real accounts never fall below zero; a movement is
//! reversed at most once and a reversal never.

use crate::run;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, POSTGRES_RULES).await?;
            for table in APPEND_ONLY {
                let trigger = format!(
                    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                     FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                );
                manager.get_connection().execute_unprepared(&trigger).await?;
                let trigger = format!(
                    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
                );
                manager.get_connection().execute_unprepared(&trigger).await?;
            }
            return Ok(());
        }
        run(manager, SQLITE_RULES).await?;
        for table in APPEND_ONLY {
            for change in ["UPDATE", "DELETE"] {
                let trigger = format!(
                    "CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
                     BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END"
                );
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
    &["record", "record_outcome", "movement", "line", "seal", "count_anchor", "pack_event"];

const TABLES: &[&str] = &[
    // One immutable statement. `content_hash` is over its canonical bytes (domain::records).
    "CREATE TABLE record (
        id {uuid} PRIMARY KEY,
        kind text NOT NULL,
        version bigint NOT NULL,
        body text NOT NULL,
        content_hash {blob} NOT NULL,
        actor_id {uuid} NOT NULL,
        org_id {uuid} NOT NULL,
        on_behalf_org_id {uuid},
        device_id {uuid},
        device_sequence bigint,
        device_time bigint NOT NULL,
        device_offset_minutes bigint NOT NULL,
        clock_difference_ms bigint NOT NULL,
        occurred_on bigint,
        occurred_at bigint NOT NULL,
        local_day bigint NOT NULL,
        recorded_at bigint NOT NULL,
        booked_month bigint NOT NULL,
        entry text NOT NULL CHECK (entry IN ('scanned', 'typed', 'imported')),
        subject_kind text NOT NULL,
        subject_id {uuid} NOT NULL,
        store_id {uuid} REFERENCES store (id),
        note_hash {blob},
        UNIQUE (device_id, device_sequence)
    )",
    "CREATE INDEX record_subject ON record (subject_id, recorded_at)",
    "CREATE INDEX record_kind ON record (kind, recorded_at)",
    "CREATE INDEX record_actor ON record (actor_id, recorded_at, id)",
    // What became of a record, written in the same transaction: posted, held or kept.
    "CREATE TABLE record_outcome (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        outcome text NOT NULL CHECK (outcome IN ('posted', 'held', 'kept')),
        posting_hash {blob} NOT NULL,
        result text NOT NULL
    )",
    // Erasable; the record keeps the salted hash (design, section 5).
    "CREATE TABLE note (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        salt {blob} NOT NULL,
        text text NOT NULL,
        erased_at bigint
    )",
    "CREATE TABLE seal (
        sequence bigint PRIMARY KEY,
        record_id {uuid} NOT NULL UNIQUE REFERENCES record (id),
        hash {blob} NOT NULL
    )",
    // Calendar months that managers close; a month without a row is open.
    "CREATE TABLE period (
        month bigint PRIMARY KEY,
        closed_at bigint
    )",
    // Growing numbers of papers: GRN, waybill, print run.
    "CREATE TABLE counter (
        name text PRIMARY KEY,
        last bigint NOT NULL
    )",
    // Every label's code, unique across kinds.
    "CREATE TABLE code (
        code text PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('batch', 'pack', 'consignment', 'event')),
        subject_id {uuid} NOT NULL UNIQUE,
        state text NOT NULL CHECK (state IN ('issued', 'active', 'voided', 'retired')),
        issued_at bigint NOT NULL
    )",
    "CREATE TABLE batch (
        id {uuid} PRIMARY KEY,
        code text NOT NULL UNIQUE REFERENCES code (code),
        material_id {uuid} NOT NULL REFERENCES material (id),
        run_id {uuid},
        first_store_id {uuid} NOT NULL REFERENCES store (id),
        arrived_on bigint NOT NULL,
        record_id {uuid} NOT NULL REFERENCES record (id)
    )",
    "CREATE INDEX batch_material ON batch (material_id)",
    "CREATE INDEX batch_run ON batch (run_id)",
    // A batch is on hold while it has an unreleased row.
    "CREATE TABLE batch_hold (
        record_id {uuid} NOT NULL REFERENCES record (id),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        reason text NOT NULL,
        released_by {uuid} REFERENCES record (id),
        PRIMARY KEY (record_id, batch_id)
    )",
    "CREATE INDEX batch_hold_batch ON batch_hold (batch_id)",
    // Accounts come into being with their first line. `holder_id` is the store that answers.
    "CREATE TABLE account (
        id {id},
        kind text NOT NULL,
        owner_id {uuid} NOT NULL,
        channel text NOT NULL,
        shadow boolean NOT NULL,
        signed boolean NOT NULL,
        holder_id {uuid} REFERENCES store (id),
        UNIQUE (kind, owner_id, channel, shadow),
        UNIQUE (id, signed)
    )",
    "CREATE INDEX account_owner ON account (owner_id)",
    "CREATE INDEX account_holder ON account (holder_id, kind)",
    "CREATE TABLE movement (
        id {uuid} PRIMARY KEY,
        record_id {uuid} NOT NULL REFERENCES record (id),
        ordinal bigint NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        derived boolean NOT NULL,
        occurred_at bigint NOT NULL,
        local_day bigint NOT NULL,
        booked_month bigint NOT NULL,
        reverses_id {uuid} UNIQUE REFERENCES movement (id),
        cites_id {uuid} REFERENCES record (id),
        UNIQUE (record_id, ordinal)
    )",
    "CREATE INDEX movement_month ON movement (booked_month, kind)",
    "CREATE TABLE line (
        id {id},
        movement_id {uuid} NOT NULL REFERENCES movement (id),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        from_id bigint NOT NULL REFERENCES account (id),
        to_id bigint NOT NULL REFERENCES account (id),
        pieces bigint NOT NULL CHECK (pieces BETWEEN 1 AND 1000000000),
        occurred_at bigint NOT NULL,
        local_day bigint NOT NULL,
        CHECK (from_id <> to_id)
    )",
    "CREATE INDEX line_from ON line (from_id, batch_id, local_day)",
    "CREATE INDEX line_to ON line (to_id, batch_id, local_day)",
    "CREATE INDEX line_movement ON line (movement_id)",
    "CREATE INDEX line_batch ON line (batch_id, local_day)",
    // Kept with the lines, in the same transaction; can be rebuilt from them.
    "CREATE TABLE balance (
        account_id bigint NOT NULL,
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        signed boolean NOT NULL,
        on_hand boolean NOT NULL,
        pieces bigint NOT NULL,
        PRIMARY KEY (account_id, batch_id),
        FOREIGN KEY (account_id, signed) REFERENCES account (id, signed),
        CONSTRAINT never_below_zero CHECK (signed OR pieces >= 0)
    )",
    "CREATE INDEX balance_batch ON balance (batch_id)",
    // What is in somebody's hands now: does not grow with the age of the books.
    "CREATE INDEX balance_on_hand ON balance (account_id, batch_id, pieces)
        WHERE on_hand AND pieces <> 0",
    "CREATE INDEX balance_unexplained ON balance (account_id, batch_id, pieces)
        WHERE signed AND pieces <> 0",
    // The columns of the stock statement and of the chain, a month (domain::statement).
    "CREATE TABLE month_flow (
        booked_month bigint NOT NULL,
        holder_id {uuid} NOT NULL REFERENCES store (id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        flow text NOT NULL,
        pieces bigint NOT NULL,
        PRIMARY KEY (holder_id, material_id, booked_month, flow)
    )",
    "CREATE INDEX month_flow_month ON month_flow (booked_month, flow)",
    // Approved counts: (store, batch, moment) is fixed (rule 8).
    "CREATE TABLE count_anchor (
        store_id {uuid} NOT NULL REFERENCES store (id),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        moment bigint NOT NULL,
        counted bigint NOT NULL CHECK (counted >= 0),
        record_id {uuid} NOT NULL REFERENCES record (id),
        PRIMARY KEY (store_id, batch_id, moment)
    )",
    "CREATE TABLE pack (
        id {uuid} PRIMARY KEY,
        code text NOT NULL UNIQUE REFERENCES code (code),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        parent_id {uuid} REFERENCES pack (id),
        kind text NOT NULL CHECK (kind IN ('carton', 'bundle')),
        number bigint NOT NULL CHECK (number > 0),
        total bigint NOT NULL CHECK (total >= number),
        nominal bigint NOT NULL CHECK (nominal BETWEEN 1 AND 1000000000),
        reprints bigint NOT NULL DEFAULT 0
    )",
    "CREATE INDEX pack_batch ON pack (batch_id, kind, number)",
    "CREATE INDEX pack_parent ON pack (parent_id)",
    // What records said about packs; the state below is the fold over it.
    "CREATE TABLE pack_event (
        pack_id {uuid} NOT NULL REFERENCES pack (id),
        record_id {uuid} NOT NULL REFERENCES record (id),
        ordinal bigint NOT NULL,
        state text NOT NULL
            CHECK (state IN ('expected', 'sealed', 'opened', 'empty', 'check', 'voided')),
        account_id bigint REFERENCES account (id),
        PRIMARY KEY (pack_id, record_id, ordinal)
    )",
    "CREATE TABLE pack_state (
        pack_id {uuid} PRIMARY KEY REFERENCES pack (id),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        state text NOT NULL,
        account_id bigint REFERENCES account (id),
        nominal bigint NOT NULL
    )",
    "CREATE INDEX pack_state_account ON pack_state (account_id, batch_id, state)",
    "CREATE INDEX pack_state_batch ON pack_state (batch_id, state)",
];

const SQLITE_RULES: &[&str] = &["CREATE TRIGGER movement_reverses_once BEFORE INSERT ON movement
     WHEN NEW.reverses_id IS NOT NULL AND (
        NEW.kind <> 'reverse' OR
        (SELECT kind = 'reverse' OR derived FROM movement WHERE id = NEW.reverses_id)
     )
     BEGIN SELECT RAISE(ABORT, 'not reversible'); END"];

const POSTGRES_RULES: &[&str] = &[
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'append only: %', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION refuse_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
        IF NEW.reverses_id IS NOT NULL AND (
            NEW.kind <> 'reverse' OR
            (SELECT kind = 'reverse' OR derived FROM movement WHERE id = NEW.reverses_id)
        ) THEN RAISE EXCEPTION 'not reversible';
        END IF;
        RETURN NEW;
     END $$",
    "CREATE TRIGGER movement_reverses_once BEFORE INSERT ON movement
     FOR EACH ROW EXECUTE FUNCTION refuse_reversal()",
];
