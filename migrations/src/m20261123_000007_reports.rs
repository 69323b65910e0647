//! What partners reported, and recalls of editions.

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
    // The rows of `reported_figure` records, for adding up; the latest of a key stands.
    "CREATE TABLE reported_figure (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        org_id {uuid} NOT NULL REFERENCES org (id),
        month bigint NOT NULL,
        kind text NOT NULL,
        pieces bigint NOT NULL CHECK (pieces BETWEEN 0 AND 1000000000),
        source text NOT NULL,
        superseded_by {uuid} REFERENCES record (id)
    )",
    "CREATE INDEX reported_figure_month ON reported_figure (month, org_id, kind)",
    // An edition that is no longer sent or given out; over when another record ends it.
    "CREATE TABLE recall (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        mode text NOT NULL CHECK (mode IN ('stop_now', 'use_up')),
        called_at bigint NOT NULL,
        ended_by {uuid} REFERENCES record (id)
    )",
    "CREATE INDEX recall_material ON recall (material_id)",
    // What was done with each holder of a recalled edition.
    "CREATE TABLE recall_step (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        recall_id {uuid} NOT NULL REFERENCES recall (record_id),
        store_id {uuid} NOT NULL REFERENCES store (id),
        step text NOT NULL CHECK (step IN ('told', 'stopped')),
        how text NOT NULL,
        done_at bigint NOT NULL
    )",
    "CREATE INDEX recall_step_recall ON recall_step (recall_id, store_id)",
];
