//! Links that open one event or one consignment on a phone without an account.

use crate::{rules, run};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        // Records name it as their author.
        rules::keep(manager, "job_link").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // The secret is stored as SHA-256: who reads the database cannot open the link. `org_id` is in
    // whose place its records are said: who holds the event, or keeps the receiving store.
    "CREATE TABLE job_link (
        id {uuid} PRIMARY KEY,
        token_sha256 {blob} NOT NULL UNIQUE,
        event_id {uuid} REFERENCES event (id),
        consignment_id {uuid} REFERENCES consignment (id),
        org_id {uuid} NOT NULL REFERENCES org (id),
        made_by {uuid} NOT NULL REFERENCES person (id),
        made_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        used_at bigint,
        ended_at bigint,
        CHECK ((event_id IS NULL) <> (consignment_id IS NULL))
    )",
    "CREATE INDEX job_link_event ON job_link (event_id)",
    "CREATE INDEX job_link_consignment ON job_link (consignment_id)",
];
