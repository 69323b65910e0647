//! Reference data: places, organisations, stores, materials, kits, event types.

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
    // Provinces and districts; `code_set` names the list, because P-codes changed in 2021.
    // `aliases` are other spellings, one a line; `subject` is the code padded to 16 bytes, by which
    // the table of search tokens knows the place.
    "CREATE TABLE place (
        code {text} PRIMARY KEY,
        subject {uuid} NOT NULL UNIQUE,
        kind text NOT NULL CHECK (kind IN ('province', 'district')),
        parent_code {text} REFERENCES place (code),
        code_set text NOT NULL,
        name_en {text} NOT NULL,
        name_fa {text},
        name_ps {text},
        aliases text NOT NULL DEFAULT '',
        latitude double precision,
        longitude double precision,
        retired_at bigint,
        CHECK ((kind = 'district') = (parent_code IS NOT NULL))
    )",
    "CREATE UNIQUE INDEX place_name_en ON place (COALESCE(parent_code, ''), name_en)",
    "CREATE INDEX place_parent ON place (parent_code)",
    "CREATE TABLE attachment (
        sha256 {blob} PRIMARY KEY CHECK (length(sha256) = 32),
        media_type text NOT NULL,
        bytes {blob} NOT NULL CHECK (length(bytes) <= 5242880),
        added_at bigint NOT NULL
    )",
    // `name_key` is the normalised name: what differs only in case, digits or the form of a yeh
    // is the same name.
    "CREATE TABLE org (
        id {uuid} PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('programme', 'partner', 'printer', 'donor')),
        name {text} NOT NULL,
        name_key text NOT NULL UNIQUE,
        short_name {text} NOT NULL,
        retired_at bigint
    )",
    "CREATE TABLE store (
        id {uuid} PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('central', 'provincial', 'partner')),
        name {text} NOT NULL,
        name_key text NOT NULL UNIQUE,
        short_name {text} NOT NULL UNIQUE,
        org_id {uuid} NOT NULL REFERENCES org (id),
        parent_id {uuid} REFERENCES store (id),
        place_code {text} NOT NULL REFERENCES place (code),
        retired_at bigint,
        CHECK (parent_id IS NULL OR parent_id <> id)
    )",
    "CREATE INDEX store_org ON store (org_id)",
    "CREATE INDEX store_place ON store (place_code)",
    "CREATE INDEX store_parent ON store (parent_id)",
    "CREATE TABLE store_service_area (
        store_id {uuid} NOT NULL REFERENCES store (id),
        place_code {text} NOT NULL REFERENCES place (code),
        PRIMARY KEY (store_id, place_code)
    )",
    "CREATE TABLE material (
        id {uuid} PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('leaflet', 'sticker', 'magazine', 'other')),
        title {text} NOT NULL,
        title_key text NOT NULL,
        language text NOT NULL,
        edition {text} NOT NULL,
        outside_name {text} NOT NULL,
        short_number {text} NOT NULL UNIQUE,
        pieces_per_bundle bigint NOT NULL CHECK (pieces_per_bundle > 0),
        bundles_per_carton bigint NOT NULL CHECK (bundles_per_carton > 0),
        carton_weight_g bigint CHECK (carton_weight_g > 0),
        carton_volume_cm3 bigint CHECK (carton_volume_cm3 > 0),
        contact_numbers text NOT NULL DEFAULT '',
        cover_sha256 {blob} REFERENCES attachment (sha256),
        superseded_by {uuid} REFERENCES material (id),
        retired_at bigint,
        UNIQUE (title_key, kind, language, edition),
        CHECK (superseded_by IS NULL OR superseded_by <> id)
    )",
    "CREATE TABLE kit (
        id {uuid} PRIMARY KEY,
        name {text} NOT NULL,
        name_key text NOT NULL UNIQUE,
        retired_at bigint
    )",
    // A version that was used never changes; the next change makes the next version.
    "CREATE TABLE kit_version (
        id {uuid} PRIMARY KEY,
        kit_id {uuid} NOT NULL REFERENCES kit (id),
        version bigint NOT NULL CHECK (version > 0),
        used_at bigint,
        UNIQUE (kit_id, version)
    )",
    "CREATE TABLE kit_line (
        kit_version_id {uuid} NOT NULL REFERENCES kit_version (id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        pieces bigint NOT NULL CHECK (pieces > 0),
        PRIMARY KEY (kit_version_id, material_id)
    )",
    "CREATE TABLE event_type (
        id {uuid} PRIMARY KEY,
        name {text} NOT NULL,
        name_key text NOT NULL UNIQUE,
        retired_at bigint
    )",
    // Prefixes of normalised words: the search that both databases answer alike.
    "CREATE TABLE search_token (
        token {text} NOT NULL,
        kind text NOT NULL,
        subject {uuid} NOT NULL,
        PRIMARY KEY (token, kind, subject)
    )",
    "CREATE INDEX search_token_subject ON search_token (kind, subject)",
];
