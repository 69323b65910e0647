//! Phones that were reported lost, and records that wait for somebody's decision before they are
//! records: of such a phone, or of somebody whose account or rights had ended when they came.

use crate::rules::{self, On, Rule};
use crate::run;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, STATEMENTS).await?;
        rules::keep(manager, "phone").await?;
        for (table, key) in
            [("former_rights", "id"), ("held_record", "id"), ("held_decision", "held_id")]
        {
            rules::append_only(manager, table).await?;
            rules::never_replaced(manager, table, &[key]).await?;
        }
        for rule in RULES {
            rules::refuse(manager, rule).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    // A phone as one of its users: several share one.
    "CREATE TABLE phone (
        person_id {uuid} NOT NULL REFERENCES person (id),
        device_id {uuid} NOT NULL,
        met_at bigint NOT NULL,
        synced_at bigint NOT NULL,
        lost_at bigint,
        lost_by {uuid} REFERENCES person (id),
        PRIMARY KEY (person_id, device_id),
        CHECK ((lost_at IS NULL) = (lost_by IS NULL))
    )",
    "INSERT INTO phone (person_id, device_id, met_at, synced_at)
        SELECT person_id, device_id, MIN(made_at), MAX(made_at) FROM phone_key
        GROUP BY person_id, device_id",
    // On which phone somebody signed in, once that is known.
    "ALTER TABLE session ADD COLUMN phone_id {uuid}",
    "ALTER TABLE api_token ADD COLUMN phone_id {uuid}",
    // What somebody might do until then: what was said before is judged by it.
    "CREATE TABLE former_rights (
        id {uuid} PRIMARY KEY,
        person_id {uuid} NOT NULL REFERENCES person (id),
        org_id {uuid} NOT NULL REFERENCES org (id),
        role text NOT NULL,
        scope_kind text NOT NULL,
        scope_place text,
        scope_org {uuid},
        ended_at bigint NOT NULL
    )",
    "CREATE INDEX former_rights_person ON former_rights (person_id, ended_at)",
    // As it came, whole. `org_id` is in whose name its author spoke, `store_id` the store that it is
    // about, where the books know it.
    "CREATE TABLE held_record (
        id {uuid} PRIMARY KEY,
        person_id {uuid} NOT NULL REFERENCES person (id),
        org_id {uuid} NOT NULL REFERENCES org (id),
        on_behalf_org_id {uuid},
        phone_id {uuid},
        sender_id {uuid} REFERENCES person (id),
        reason text NOT NULL CHECK (reason IN ('phone_lost', 'author_left', 'rights_ended')),
        kind text NOT NULL,
        version bigint,
        envelope text NOT NULL,
        body text NOT NULL,
        content_hash {blob} NOT NULL,
        clock_difference_ms bigint NOT NULL,
        occurred_at bigint NOT NULL,
        store_id {uuid} REFERENCES store (id),
        arrived_at bigint NOT NULL,
        CHECK (occurred_at <= arrived_at)
    )",
    "CREATE INDEX held_record_phone ON held_record (person_id, phone_id)",
    // Free text can be erased, also where nothing is decided; what is decided keeps none here.
    "CREATE TABLE held_note (
        held_id {uuid} PRIMARY KEY REFERENCES held_record (id),
        text text NOT NULL
    )",
    "CREATE TABLE held_decision (
        held_id {uuid} PRIMARY KEY REFERENCES held_record (id),
        decision text NOT NULL CHECK (decision IN ('posted', 'dropped')),
        reason text CHECK (reason IN ('not_so', 'on_paper', 'in_books', 'other')),
        decided_by {uuid} NOT NULL REFERENCES person (id),
        decided_at bigint NOT NULL,
        CHECK ((decision = 'dropped') = (reason IS NOT NULL))
    )",
];

const RULES: &[Rule] = &[
    Rule {
        name: "held_record_comes_once",
        table: "held_record",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM record r WHERE r.id = NEW.id)",
        says: "a record is not held once it is in the books",
    },
    Rule {
        name: "held_record_is_decided_first",
        table: "record",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM held_record h WHERE h.id = NEW.id) AND NOT EXISTS
            (SELECT 1 FROM held_decision d WHERE d.held_id = NEW.id AND d.decision = 'posted')",
        says: "what is held is posted by a decision",
    },
    Rule {
        name: "held_record_author_decides_not",
        table: "held_decision",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM held_record h
            WHERE h.id = NEW.held_id AND h.person_id = NEW.decided_by)",
        says: "another person decides",
    },
    Rule {
        name: "phone_met_before",
        table: "phone",
        on: On::Update,
        when: "NEW.met_at <> OLD.met_at OR NEW.person_id <> OLD.person_id
            OR NEW.device_id <> OLD.device_id OR NEW.synced_at < OLD.synced_at",
        says: "a phone stays whose it is",
    },
];
