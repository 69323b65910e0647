//! Records that somebody else carries: the keys of phones that prove who said them, the key to which
//! the file is encrypted, and who sent it.

use crate::{rules, run};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        rules::append_only(manager, "record_sender").await?;
        rules::never_replaced(manager, "record_sender", &["record_id"]).await?;
        rules::keep(manager, "letter_secret").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // Each account has a key of its own on each phone: several share one.
    "CREATE TABLE phone_key (
        key {blob} PRIMARY KEY,
        person_id {uuid} NOT NULL REFERENCES person (id),
        device_id {uuid} NOT NULL,
        made_at bigint NOT NULL
    )",
    "CREATE INDEX phone_key_person ON phone_key (person_id)",
    // The private key. There is one, made when a phone first asks.
    "CREATE TABLE letter_secret (
        id bigint PRIMARY KEY CHECK (id = 1),
        secret {blob} NOT NULL,
        made_at bigint NOT NULL
    )",
    // Who sent what another had said; without a row its author did.
    "CREATE TABLE record_sender (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        person_id {uuid} NOT NULL REFERENCES person (id)
    )",
];
