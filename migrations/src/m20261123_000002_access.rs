//! Who may come in: people, sessions, invitations, reset codes, drafts, tokens, the audit log, and
//! the tasks that wait for people.

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
    // `login` is normalised, so that the same name in other letters is the same account.
    "CREATE TABLE person (
        id {uuid} PRIMARY KEY,
        login text NOT NULL UNIQUE,
        name text NOT NULL,
        org_id {uuid} NOT NULL REFERENCES org (id),
        role text NOT NULL
            CHECK (role IN ('administrator', 'logistics', 'partner', 'manager', 'viewer')),
        scope_kind text NOT NULL CHECK (scope_kind IN ('everything', 'place', 'org')),
        scope_place text REFERENCES place (code),
        scope_org {uuid} REFERENCES org (id),
        password_hash text NOT NULL,
        created_at bigint NOT NULL,
        retired_at bigint,
        CHECK ((scope_kind = 'place') = (scope_place IS NOT NULL)),
        CHECK ((scope_kind = 'org') = (scope_org IS NOT NULL))
    )",
    // Tokens are stored as SHA-256: who reads the database cannot sign in with it.
    "CREATE TABLE session (
        id {uuid} PRIMARY KEY,
        token_sha256 {blob} NOT NULL UNIQUE,
        person_id {uuid} NOT NULL REFERENCES person (id),
        device text NOT NULL,
        created_at bigint NOT NULL,
        seen_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        ended_at bigint
    )",
    "CREATE INDEX session_person ON session (person_id)",
    "CREATE TABLE invitation (
        id {uuid} PRIMARY KEY,
        token_sha256 {blob} NOT NULL UNIQUE,
        name text NOT NULL,
        org_id {uuid} NOT NULL REFERENCES org (id),
        role text NOT NULL
            CHECK (role IN ('administrator', 'logistics', 'partner', 'manager', 'viewer')),
        scope_kind text NOT NULL CHECK (scope_kind IN ('everything', 'place', 'org')),
        scope_place text REFERENCES place (code),
        scope_org {uuid} REFERENCES org (id),
        invited_by {uuid} NOT NULL REFERENCES person (id),
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        withdrawn_at bigint,
        accepted_at bigint,
        accepted_by {uuid} REFERENCES person (id)
    )",
    "CREATE TABLE reset_code (
        id {uuid} PRIMARY KEY,
        person_id {uuid} NOT NULL REFERENCES person (id),
        code_sha256 {blob} NOT NULL,
        made_by {uuid} NOT NULL REFERENCES person (id),
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        tries bigint NOT NULL DEFAULT 0,
        used_at bigint
    )",
    "CREATE INDEX reset_code_person ON reset_code (person_id)",
    "CREATE TABLE login_failure (
        id {id},
        login text NOT NULL,
        failed_at bigint NOT NULL
    )",
    "CREATE INDEX login_failure_login ON login_failure (login, failed_at)",
    // A form that could not be accepted, kept for a day. Owned by a person, or, before anyone has
    // signed in, by the browser that holds the token.
    "CREATE TABLE draft (
        id {uuid} PRIMARY KEY,
        person_id {uuid} REFERENCES person (id),
        browser_sha256 {blob},
        page text NOT NULL,
        fields text NOT NULL,
        errors text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        CHECK ((person_id IS NULL) <> (browser_sha256 IS NULL))
    )",
    "CREATE INDEX draft_person ON draft (person_id)",
    "CREATE INDEX draft_expires ON draft (expires_at)",
    "CREATE TABLE api_token (
        id {uuid} PRIMARY KEY,
        person_id {uuid} NOT NULL REFERENCES person (id),
        name text NOT NULL,
        token_sha256 {blob} NOT NULL UNIQUE,
        may_write bigint NOT NULL CHECK (may_write IN (0, 1)),
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        used_at bigint,
        ended_at bigint
    )",
    "CREATE INDEX api_token_person ON api_token (person_id)",
    "CREATE TABLE audit_log (
        id {id},
        logged_at bigint NOT NULL,
        person_id {uuid},
        action text NOT NULL,
        subject text NOT NULL,
        detail text NOT NULL
    )",
    "CREATE INDEX audit_log_subject ON audit_log (subject)",
    // A task is for one person, or for everyone with a permission, of an organisation, or at a
    // store; the conditions that are given must all hold. `not_person` keeps duties apart.
    "CREATE TABLE task (
        id {uuid} PRIMARY KEY,
        kind text NOT NULL,
        subject text NOT NULL,
        params text NOT NULL,
        for_person {uuid},
        not_person {uuid},
        for_permission text,
        for_org {uuid} REFERENCES org (id),
        for_store {uuid} REFERENCES store (id),
        opened_at bigint NOT NULL,
        due_at bigint,
        closed_at bigint,
        closed_by {uuid}
    )",
    // The same thing waits only once, however often it is noticed.
    "CREATE UNIQUE INDEX task_open ON task (kind, subject) WHERE closed_at IS NULL",
    "CREATE INDEX task_person ON task (for_person)",
];
