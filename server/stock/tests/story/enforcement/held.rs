//! A record is held or in the books, and somebody else than its author decides which; a phone stays
//! whose it is.

use super::full_books::FullBooks;
use super::{Raw, Why};
use crate::books::{Books, on_both};
use std::sync::Arc;

on_both!(
    what_is_held_comes_into_the_books_by_a_decision,
    another_person_decides_once_and_says_why,
    a_phone_stays_whose_it_is,
);

/// Whoever did not say what is held.
pub const DECIDER: &str = "(SELECT p.id FROM person p WHERE p.login = 'decider')";
const HELD: &str = "(SELECT h.id FROM held_record h)";

/// A phone of a person, and a record of it that is held.
pub async fn add(raw: &Raw, books: &Books, person: &str) {
    let [decider, phone, id] = [(); 3].map(|()| raw.id(books));
    raw.does(&format!(
        "INSERT INTO person (id, login, name, org_id, role, scope_kind, password_hash, created_at)
         SELECT {decider}, 'decider', 'Decider', org_id, 'manager', 'everything', '', 1
         FROM person WHERE id = {person}"
    ))
    .await;
    raw.does(&format!(
        "INSERT INTO phone (person_id, device_id, met_at, synced_at)
         VALUES ({person}, {phone}, 1, 2)"
    ))
    .await;
    raw.does(&format!(
        "INSERT INTO held_record (id, person_id, org_id, reason, kind, envelope, body, content_hash,
            clock_difference_ms, occurred_at, arrived_at)
         SELECT {id}, id, org_id, 'phone_lost', 'drop', '{{}}', '{{}}', {}, 0, 1, 1
         FROM person WHERE id = {person}",
        raw.bytes(32)
    ))
    .await;
    raw.does(&format!("INSERT INTO held_note (held_id, text) VALUES ({HELD}, 'wet')")).await;
}

pub fn decision(word: &str, reason: &str, by: &str) -> String {
    format!(
        "INSERT INTO held_decision (held_id, decision, reason, decided_by, decided_at)
         SELECT {HELD}, '{word}', {reason}, {by}, 3"
    )
}

/// Full books in which something is held.
async fn holding(books: Arc<Books>) -> FullBooks {
    let full = FullBooks::build(books).await;
    let (raw, books) = (&full.raw, &full.road.books);
    let person = raw.id(books);
    raw.does(&format!(
        "INSERT INTO person (id, login, name, org_id, role, scope_kind, password_hash, created_at)
         SELECT {person}, 'author', 'Author', id, 'partner', 'everything', '', 1 FROM org LIMIT 1"
    ))
    .await;
    add(raw, books, &person).await;
    full
}

const AUTHOR: &str = "(SELECT p.id FROM person p WHERE p.login = 'author')";

async fn what_is_held_comes_into_the_books_by_a_decision(books: Arc<Books>) {
    let full = holding(books).await;
    let raw = &full.raw;
    let recorded = raw.copy("record", "x.kind = 'drop'", &[("id", HELD)]).await;
    let waits = Why::Says("what is held is posted by a decision");
    raw.refuses(&recorded, waits).await;
    raw.permits(&[&decision("posted", "NULL", DECIDER), &recorded]).await;
    let in_the_books = "(SELECT r.id FROM record r LIMIT 1)";
    let again = raw.copy("held_record", "TRUE", &[("id", in_the_books)]).await;
    raw.refuses(&again, Why::Says("not held once it is in the books")).await;
    let other = raw.id(&full.road.books);
    raw.permits(&[&raw.copy("held_record", "TRUE", &[("id", &other)]).await]).await;
    for (column, value) in [("reason", "'a whim'"), ("arrived_at", "x.occurred_at - 1")] {
        let wrong = raw.copy("held_record", "TRUE", &[("id", &other), (column, value)]).await;
        raw.refuses(&wrong, Why::Check).await;
    }
    raw.does(&decision("dropped", "'not_so'", DECIDER)).await;
    raw.refuses(&recorded, waits).await;
    full.road.verify().await;
}

async fn another_person_decides_once_and_says_why(books: Arc<Books>) {
    let full = holding(books).await;
    let raw = &full.raw;
    let other = Why::Says("another person decides");
    raw.refuses(&decision("posted", "NULL", AUTHOR), other).await;
    raw.refuses(&decision("dropped", "'not_so'", AUTHOR), other).await;
    for (word, reason) in
        [("dropped", "NULL"), ("posted", "'not_so'"), ("dropped", "'whim'"), ("kept", "NULL")]
    {
        raw.refuses(&decision(word, reason, DECIDER), Why::Check).await;
    }
    raw.permits(&[&decision("posted", "NULL", DECIDER)]).await;
    raw.does(&decision("dropped", "'on_paper'", DECIDER)).await;
    let twice =
        if raw.is_postgres() { Why::Unique } else { Why::Says("append only: held_decision") };
    raw.refuses(&decision("posted", "NULL", DECIDER), twice).await;
    raw.permits(&["DELETE FROM held_note"]).await;
}

async fn a_phone_stays_whose_it_is(books: Arc<Books>) {
    let full = holding(books).await;
    let raw = &full.raw;
    let whose = Why::Says("a phone stays whose it is");
    let other = raw.id(&full.road.books);
    for set in [
        format!("device_id = {other}"),
        format!("person_id = {DECIDER}"),
        "met_at = met_at - 1".to_owned(),
        "synced_at = synced_at - 1".to_owned(),
    ] {
        raw.refuses(&format!("UPDATE phone SET {set}"), whose).await;
    }
    raw.refuses("UPDATE phone SET lost_at = 1", Why::Check).await;
    let lost = format!("UPDATE phone SET lost_at = 1, lost_by = {DECIDER}");
    let found = "UPDATE phone SET lost_at = NULL, lost_by = NULL, synced_at = synced_at + 1";
    raw.permits(&[&lost, found]).await;
}
