//! Events, their sheets, who came, and drops.
//!
//! A planned event is a row that people change. What was recorded about it are records; the tables
//! of sheets and attendance repeat in columns what they said, in the record's own transaction.

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
    // `store_id` supplies the event and answers for its accounts. `changed_at` is also what two
    // records about one event queue at.
    "CREATE TABLE event (
        id {uuid} PRIMARY KEY,
        code text NOT NULL UNIQUE REFERENCES code (code),
        number {text} NOT NULL UNIQUE,
        event_type_id {uuid} NOT NULL REFERENCES event_type (id),
        store_id {uuid} NOT NULL REFERENCES store (id),
        org_id {uuid} NOT NULL REFERENCES org (id),
        place_code {text} NOT NULL REFERENCES place (code),
        planned_on bigint NOT NULL,
        expected_people bigint CHECK (expected_people BETWEEN 0 AND 1000000000),
        made_by {uuid} NOT NULL,
        made_at bigint NOT NULL,
        changed_at bigint NOT NULL,
        cancelled_at bigint,
        cancelled_by {uuid}
    )",
    "CREATE INDEX event_day ON event (planned_on, id)",
    "CREATE INDEX event_org ON event (org_id, planned_on)",
    "CREATE INDEX event_place ON event (place_code, planned_on)",
    "CREATE INDEX event_store ON event (store_id)",
    // Sessions share the event's stock; in the order of the day.
    "CREATE TABLE event_session (
        id {uuid} PRIMARY KEY,
        event_id {uuid} NOT NULL REFERENCES event (id),
        ordinal bigint NOT NULL,
        kind text NOT NULL CHECK (kind IN ('women', 'men', 'girls', 'boys', 'mixed')),
        UNIQUE (event_id, ordinal)
    )",
    "CREATE TABLE event_planned_kit (
        event_id {uuid} NOT NULL REFERENCES event (id),
        kit_version_id {uuid} NOT NULL REFERENCES kit_version (id),
        kits bigint NOT NULL CHECK (kits > 0),
        PRIMARY KEY (event_id, kit_version_id)
    )",
    "CREATE TABLE event_planned_material (
        event_id {uuid} NOT NULL REFERENCES event (id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        pieces bigint NOT NULL CHECK (pieces BETWEEN 1 AND 1000000000),
        PRIMARY KEY (event_id, material_id)
    )",
    // ------------------------------------------------------------------ what records said
    // `posted_by` is the record whose movements the sheet made: its own, or the decision's. A
    // sheet without it is kept (a second one) or held (`held_reason`).
    "CREATE TABLE event_sheet (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        event_id {uuid} NOT NULL REFERENCES event (id),
        session_id {uuid} REFERENCES event_session (id),
        posted_by {uuid} REFERENCES record (id),
        held_reason text,
        decision text
            CHECK (decision IN ('same', 'correction', 'both_happened', 'post_now')),
        decided_by {uuid} REFERENCES record (id),
        replaced_by {uuid} REFERENCES record (id),
        CHECK ((decision IS NULL) = (decided_by IS NULL))
    )",
    "CREATE INDEX event_sheet_event ON event_sheet (event_id)",
    "CREATE INDEX event_sheet_posted ON event_sheet (posted_by)",
    "CREATE TABLE event_sheet_row (
        record_id {uuid} NOT NULL REFERENCES event_sheet (record_id),
        material_id {uuid} NOT NULL REFERENCES material (id),
        brought bigint NOT NULL CHECK (brought >= 0),
        left_over bigint NOT NULL CHECK (left_over >= 0),
        spoiled bigint NOT NULL CHECK (spoiled >= 0),
        participants bigint NOT NULL CHECK (participants >= 0),
        multipliers bigint NOT NULL CHECK (multipliers >= 0),
        multiplier_people bigint,
        multiplier_who text,
        public_places bigint NOT NULL CHECK (public_places >= 0),
        public_count bigint,
        public_kind text,
        assumed boolean NOT NULL,
        PRIMARY KEY (record_id, material_id),
        CONSTRAINT given_is_split CHECK (
            brought = left_over + spoiled + participants + multipliers + public_places
        )
    )",
    // Who came. `sheet_id` is the sheet with which the statement stands or falls.
    "CREATE TABLE attendance (
        record_id {uuid} PRIMARY KEY REFERENCES record (id),
        event_id {uuid} NOT NULL REFERENCES event (id),
        session_id {uuid} REFERENCES event_session (id),
        sheet_id {uuid} REFERENCES event_sheet (record_id),
        corrects_id {uuid} UNIQUE REFERENCES attendance (record_id),
        women bigint CHECK (women >= 0),
        men bigint CHECK (men >= 0),
        girls bigint CHECK (girls >= 0),
        boys bigint CHECK (boys >= 0),
        age_not_recorded bigint CHECK (age_not_recorded >= 0),
        sex_not_recorded bigint CHECK (sex_not_recorded >= 0),
        community boolean NOT NULL,
        officials boolean NOT NULL,
        religious_leaders boolean NOT NULL
    )",
    "CREATE INDEX attendance_event ON attendance (event_id)",
    // Stock that left for an event, or pieces at a drop, of which somebody did not say the batch.
    "CREATE TABLE batch_assumed (
        record_id {uuid} PRIMARY KEY REFERENCES record (id)
    )",
    // Pieces left in a public place without an event. The id is that of the record.
    "CREATE TABLE drop_off (
        id {uuid} PRIMARY KEY REFERENCES record (id),
        number {text} NOT NULL UNIQUE,
        store_id {uuid} NOT NULL REFERENCES store (id),
        place_code {text} NOT NULL REFERENCES place (code),
        kind text NOT NULL,
        places bigint CHECK (places BETWEEN 0 AND 1000000000),
        held_reason text
    )",
    "CREATE INDEX drop_off_store ON drop_off (store_id)",
    "CREATE INDEX drop_off_place ON drop_off (place_code)",
];
