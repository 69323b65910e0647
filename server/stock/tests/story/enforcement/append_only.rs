//! Rules 2 and 12: what was said stays, and nothing on which records rest is removed.

use super::full_books::FullBooks;
use super::{Raw, Why, held};
use crate::books::{Books, on_both};
use std::sync::Arc;

on_both!(
    every_table_says_what_may_happen_to_its_rows,
    what_was_said_is_never_changed_or_removed,
    what_records_rest_on_is_never_removed,
    a_row_is_not_replaced_by_another,
    only_what_became_of_it_is_noted,
);

/// Statements, and what they did: rows that never change.
const APPEND_ONLY: &[&str] = &[
    "audit_log",
    "batch",
    "batch_assumed",
    "confirmation",
    "count_anchor",
    "delivery",
    "delivery_reason",
    "first_count",
    "former_rights",
    "held_decision",
    "held_record",
    "issued_pack",
    "line",
    "link_phone",
    "movement",
    "pack_event",
    "recall_step",
    "receipt",
    "record",
    "record_outcome",
    "record_sender",
    "run_close",
    "seal",
    "waybill_paper",
];

/// Rows that change and are never removed.
const KEPT: &[&str] = &[
    "account",
    "attachment",
    "attendance",
    "balance",
    "batch_hold",
    "books",
    "code",
    "consignment",
    "counter",
    "drop_off",
    "event",
    "event_sheet",
    "event_sheet_row",
    "event_type",
    "job_link",
    "kit",
    "kit_version",
    "letter_secret",
    "line_sum",
    "material",
    "month_closing",
    "month_flow",
    "note",
    "org",
    "pack",
    "pack_state",
    "period",
    "person",
    "phone",
    "place",
    "print_run",
    "recall",
    "reported_figure",
    "store",
    "trip",
];

/// Plans, drafts, sign-ins and what can be made again.
const CLEARED: &[&str] = &[
    "api_token",
    "consignment_line",
    "door_count",
    "draft",
    "event_planned_kit",
    "event_planned_material",
    "event_session",
    "held_note",
    "invitation",
    "kit_line",
    "phone_key",
    "reset_code",
    "search_token",
    "seaql_migrations",
    "session",
    "store_service_area",
    "task",
    "unsealed",
];

/// Rows that the program does not write yet, or not in this story.
async fn add_what_is_missing(full: &FullBooks) {
    let (raw, books) = (&full.raw, &full.road.books);
    let (person, link) = (raw.id(books), raw.id(books));
    raw.does("INSERT INTO period (month, closed_at) VALUES (201702, 1)").await;
    books.stock.seal_waiting().await.unwrap();
    raw.does(&format!(
        "INSERT INTO person (id, login, name, org_id, role, scope_kind, password_hash, created_at)
         SELECT {person}, 'raw', 'Raw', id, 'viewer', 'everything', '', 1 FROM org LIMIT 1"
    ))
    .await;
    raw.does(&format!(
        "INSERT INTO job_link (id, token_sha256, event_id, org_id, made_by, made_at, expires_at)
         SELECT {link}, r.content_hash, e.id, e.org_id, p.id, 1, 2
         FROM event e, record r, person p LIMIT 1"
    ))
    .await;
    raw.does(&format!(
        "INSERT INTO link_phone (link_id, device_id, met_at) VALUES ({link}, {link}, 1)"
    ))
    .await;
    raw.does(
        "INSERT INTO letter_secret (id, secret, made_at)
         SELECT 1, content_hash, 1 FROM record LIMIT 1",
    )
    .await;
    raw.does(
        "INSERT INTO record_sender (record_id, person_id)
         SELECT r.id, p.id FROM record r, person p LIMIT 1",
    )
    .await;
    held::add(raw, books, &person).await;
    raw.does(&held::decision("posted", "NULL", held::DECIDER)).await;
    raw.does(&format!(
        "INSERT INTO former_rights (id, person_id, org_id, role, scope_kind, ended_at)
         SELECT {}, id, org_id, role, scope_kind, 1 FROM person WHERE id = {person}",
        raw.id(books)
    ))
    .await;
}

async fn every_table_says_what_may_happen_to_its_rows(books: Arc<Books>) {
    let raw = Raw::open(&books).await;
    for table in raw.tables().await {
        let lists = [APPEND_ONLY, KEPT, CLEARED];
        let named = lists.iter().filter(|list| list.contains(&table.as_str())).count();
        assert_eq!(named, 1, "{table} stands in one of the lists of this file");
    }
}

async fn what_was_said_is_never_changed_or_removed(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    add_what_is_missing(&full).await;
    let raw = &full.raw;
    let why = Why::Says("append only");
    for table in APPEND_ONLY {
        assert!(raw.count(table).await > 0, "{table} has rows");
        let column = raw.columns(table).await[0].clone();
        raw.refuses(&format!("UPDATE {table} SET {column} = {column}"), why).await;
        raw.refuses(&format!("DELETE FROM {table}"), why).await;
        if raw.is_postgres() {
            raw.refuses(&format!("TRUNCATE {table} CASCADE"), why).await;
        }
    }
    full.road.verify().await;
}

async fn what_records_rest_on_is_never_removed(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    add_what_is_missing(&full).await;
    let raw = &full.raw;
    let why = Why::Says("append only");
    for table in KEPT {
        assert!(raw.count(table).await > 0, "{table} has rows");
        raw.refuses(&format!("DELETE FROM {table}"), why).await;
        if raw.is_postgres() {
            raw.refuses(&format!("TRUNCATE {table} CASCADE"), why).await;
        }
    }
    raw.permits(&["DELETE FROM search_token", "DELETE FROM event_planned_material"]).await;
    full.road.verify().await;
}

/// SQLite removes the row in the way without asking the triggers of deletions.
async fn a_row_is_not_replaced_by_another(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    add_what_is_missing(&full).await;
    let raw = &full.raw;
    if raw.is_postgres() {
        return;
    }
    // These have no key of their own, or the program itself inserts what may be there already.
    let without = ["delivery_reason"];
    for table in APPEND_ONLY.iter().filter(|table| !without.contains(table)) {
        let columns = raw.columns(table).await.join(", ");
        for word in ["INSERT OR REPLACE", "REPLACE"] {
            let sql = format!("{word} INTO {table} ({columns}) SELECT {columns} FROM {table}");
            raw.refuses(&sql, Why::Trigger).await;
        }
    }
}

async fn only_what_became_of_it_is_noted(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let tried = [
        (
            "event_sheet",
            "session_id = (SELECT id FROM event_session LIMIT 1)",
            "a sheet stays as it was said",
        ),
        (
            "event_sheet_row",
            "brought = brought + 1, participants = participants + 1",
            "a sheet stays as it was said",
        ),
        ("attendance", "women = 41", "who came stays as it was said"),
        ("attendance", "officials = NOT officials", "who came stays as it was said"),
        ("drop_off", "places = 9", "a drop stays as it was said"),
        ("reported_figure", "pieces = 171", "a reported figure stays as it was said"),
        ("recall", "mode = 'use_up'", "a recall ends once"),
        ("batch_hold", "reason = 'other'", "a hold is released once"),
        ("note", "text = 'the roof is fine'", "a note can only be erased"),
        ("note", "erased_at = 1", "a note can only be erased"),
        ("counter", "last = last - 1", "a number is used once"),
        ("counter", "last = last", "a number is used once"),
        ("consignment", "number = 'KBL-9999'", "a consignment keeps its number"),
        ("event", "number = 'E-REL-9999'", "an event keeps its number"),
    ];
    for (table, set, says) in tried {
        raw.refuses(&format!("UPDATE {table} SET {set}"), Why::Says(says)).await;
    }
    let any = "(SELECT id FROM record LIMIT 1)";
    let ended = format!("UPDATE recall SET ended_by = {any}");
    let released = format!("UPDATE batch_hold SET released_by = {any}");
    let superseded = format!("UPDATE reported_figure SET superseded_by = {any}");
    let decided = format!("UPDATE event_sheet SET decision = 'same', decided_by = {any}");
    raw.permits(&[&ended, &released, &superseded, &decided]).await;
    raw.permits(&[
        "UPDATE note SET text = '', erased_at = 1",
        "UPDATE counter SET last = last + 1",
        "UPDATE event_sheet_row SET assumed = NOT assumed",
        "UPDATE consignment SET changed_at = changed_at + 1",
        "UPDATE event SET cancelled_at = 1",
    ])
    .await;
    for (sql, says) in [
        (&ended, "a recall ends once"),
        (&released, "a hold is released once"),
        (&superseded, "a reported figure stays as it was said"),
    ] {
        raw.does(sql).await;
        raw.refuses(sql, Why::Says(says)).await;
    }
    raw.does(&decided).await;
    let other = "UPDATE event_sheet SET decision = 'both_happened'";
    raw.refuses(other, Why::Says("a sheet stays as it was said")).await;
    raw.does("UPDATE note SET text = '', erased_at = 1").await;
    let again = "UPDATE note SET text = '', erased_at = 2";
    raw.refuses(again, Why::Says("a note can only be erased")).await;
    full.road.verify().await;
}
