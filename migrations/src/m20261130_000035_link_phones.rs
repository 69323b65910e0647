//! On which phones links were used: they end with a phone that is lost.

use crate::rules;
use crate::run;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        rules::append_only(manager, "link_phone").await?;
        rules::never_replaced(manager, "link_phone", &["link_id, device_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE link_phone (
        link_id {uuid} NOT NULL REFERENCES job_link (id),
        device_id {uuid} NOT NULL,
        met_at bigint NOT NULL,
        PRIMARY KEY (link_id, device_id)
    )",
    "CREATE INDEX link_phone_device ON link_phone (device_id)",
];
