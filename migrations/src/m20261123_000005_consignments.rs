//! Consignments: what is being prepared, on which vehicle, and what was said about it.
//!
//! A row is editable while it is a draft. From the dispatch on, everything is a record; the tables
//! below the line repeat what a record said in columns, in the record's own transaction, and are
//! never changed.

use crate::run;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &[&str] = &[
    // One journey of one vehicle. Driver and vehicle are for the paper: no record holds them, no
    // export shows them, and they can be erased.
    "CREATE TABLE trip (
        id {uuid} PRIMARY KEY,
        store_id {uuid} NOT NULL REFERENCES store (id),
        driver text NOT NULL,
        vehicle text NOT NULL,
        leaves_on bigint,
        made_at bigint NOT NULL
    )",
    "CREATE INDEX trip_store ON trip (store_id, made_at)",
    "CREATE TABLE consignment (
        id {uuid} PRIMARY KEY,
        code text NOT NULL UNIQUE REFERENCES code (code),
        number {text} NOT NULL UNIQUE,
        from_store_id {uuid} NOT NULL REFERENCES store (id),
        to_store_id {uuid} NOT NULL REFERENCES store (id),
        trip_id {uuid} NOT NULL REFERENCES trip (id),
        made_by {uuid} NOT NULL,
        made_at bigint NOT NULL,
        changed_at bigint NOT NULL,
        CHECK (from_store_id <> to_store_id)
    )",
    "CREATE INDEX consignment_from ON consignment (from_store_id, made_at)",
    "CREATE INDEX consignment_to ON consignment (to_store_id, made_at)",
    "CREATE INDEX consignment_trip ON consignment (trip_id)",
    "CREATE INDEX consignment_made ON consignment (made_at, id)",
    // What will be loaded: a pack, or pieces of a batch beside packs.
    "CREATE TABLE consignment_line (
        id {id},
        consignment_id {uuid} NOT NULL REFERENCES consignment (id),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        pack_id {uuid} REFERENCES pack (id),
        pieces bigint NOT NULL CHECK (pieces BETWEEN 1 AND 1000000000)
    )",
    "CREATE UNIQUE INDEX consignment_line_pack ON consignment_line (consignment_id, pack_id)
     WHERE pack_id IS NOT NULL",
    "CREATE UNIQUE INDEX consignment_line_loose ON consignment_line (consignment_id, batch_id)
     WHERE pack_id IS NULL",
    // ---- what records said ----
    // Whether it was confirmed says the table of confirmations, as for every record. `rest` is what the receiver says of the rest; null where pieces came up in another store.
    "CREATE TABLE delivery (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        consignment_id {uuid} NOT NULL REFERENCES consignment (id),
        store_id {uuid} NOT NULL REFERENCES store (id),
        rest text CHECK (rest IN ('still_coming', 'nothing_more')),
        to_confirm boolean NOT NULL
    )",
    "CREATE INDEX delivery_consignment ON delivery (consignment_id)",
    "CREATE TABLE delivery_reason (
        record_id {uuid} NOT NULL REFERENCES record (id),
        consignment_id {uuid} NOT NULL REFERENCES consignment (id),
        batch_id {uuid} NOT NULL REFERENCES batch (id),
        side text NOT NULL CHECK (side IN ('missing', 'extra')),
        reason text NOT NULL,
        PRIMARY KEY (record_id, batch_id, side)
    )",
    "CREATE INDEX delivery_reason_consignment ON delivery_reason (consignment_id)",
    "CREATE TABLE waybill_paper (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        consignment_id {uuid} NOT NULL REFERENCES consignment (id),
        state text NOT NULL CHECK (state IN ('out', 'back_signed', 'back_unsigned', 'lost')),
        scan_sha256 {blob} REFERENCES attachment (sha256)
    )",
    "CREATE INDEX waybill_paper_consignment ON waybill_paper (consignment_id)",
];
