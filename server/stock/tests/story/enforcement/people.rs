//! Rules 6 and 11: one recall, one standing figure, and two people where there must be two.

use super::Why;
use super::full_books::FullBooks;
use crate::books::{Books, on_both};
use std::sync::Arc;

on_both!(
    another_person_confirms_and_only_once,
    an_edition_is_recalled_once_at_a_time,
    one_reported_figure_of_a_key_stands,
    given_is_split_and_heads_are_counted_up_from_zero,
    a_scope_names_what_it_is_of,
);

async fn another_person_confirms_and_only_once(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, record) = (&full.raw, full.raw.id(&books));
    let delivery = "SELECT record_id FROM delivery LIMIT 1";
    let author = format!("(SELECT actor_id FROM record WHERE id = ({delivery}))");
    let mine = [("id", record.as_str()), ("actor_id", &author)];
    raw.does(&raw.copy("record", "x.kind = 'confirm'", &mine).await).await;
    let confirm = |by: &str, of: &str| {
        format!("INSERT INTO confirmation (record_id, confirms_id) VALUES ({by}, ({of}))")
    };
    raw.refuses(&confirm(&record, delivery), Why::Says("another person confirms")).await;
    let other = raw.id(&books);
    let stranger = [("id", other.as_str()), ("actor_id", &raw.id(&books))];
    raw.does(&raw.copy("record", "x.kind = 'confirm'", &stranger).await).await;
    raw.permits(&[&confirm(&other, delivery)]).await;
    let again = confirm(&other, "SELECT confirms_id FROM confirmation LIMIT 1");
    let taken =
        if raw.is_postgres() { Why::Unique } else { Why::Says("append only: confirmation") };
    raw.refuses(&again, taken).await;
}

async fn an_edition_is_recalled_once_at_a_time(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let any = "(SELECT id FROM record WHERE kind = 'drop' LIMIT 1)";
    let second = raw.copy("recall", "TRUE", &[("record_id", any)]).await;
    raw.refuses(&second, Why::Unique).await;
    let ended = format!("UPDATE recall SET ended_by = {any}");
    raw.permits(&[&ended, &second]).await;
}

async fn one_reported_figure_of_a_key_stands(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let any = "(SELECT id FROM record WHERE kind = 'drop' LIMIT 1)";
    let second = raw.copy("reported_figure", "TRUE", &[("record_id", any)]).await;
    raw.refuses(&second, Why::Unique).await;
    let superseded = format!("UPDATE reported_figure SET superseded_by = {any}");
    raw.permits(&[&superseded, &second]).await;
    for pieces in ["-1", "1000000001"] {
        let changed = [("record_id", any), ("month", "201707"), ("pieces", pieces)];
        raw.refuses(&raw.copy("reported_figure", "TRUE", &changed).await, Why::Check).await;
    }
}

async fn given_is_split_and_heads_are_counted_up_from_zero(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let any = "(SELECT id FROM record WHERE kind = 'recall' LIMIT 1)";
    let sheet = raw.copy("event_sheet", "TRUE", &[("record_id", any)]).await;
    raw.does(&sheet).await;
    let row = async |changed: &[(&str, &str)]| {
        let mut all = vec![("record_id", any)];
        all.extend(changed);
        raw.copy("event_sheet_row", "TRUE", &all).await
    };
    raw.refuses(&row(&[("brought", "x.brought + 1")]).await, Why::Check).await;
    let below = [("left_over", "-1"), ("brought", "x.brought - x.left_over - 1")];
    raw.refuses(&row(&below).await, Why::Check).await;
    raw.permits(&[&row(&[]).await]).await;
    let came = async |women: &str| {
        let changed = [("record_id", any), ("corrects_id", "NULL"), ("women", women)];
        raw.copy("attendance", "TRUE", &changed).await
    };
    raw.refuses(&came("-1").await, Why::Check).await;
    raw.permits(&[&came("0").await]).await;
    raw.permits(&[&came("NULL").await]).await;
}

async fn a_scope_names_what_it_is_of(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let raw = &full.raw;
    let person = |role: &str, scope: &str, place: &str| {
        format!(
            "INSERT INTO person (id, login, name, org_id, role, scope_kind, scope_place,
                password_hash, created_at)
             SELECT {}, 'raw', 'Raw', id, '{role}', '{scope}', {place}, '', 1 FROM org LIMIT 1",
            raw.id(&books)
        )
    };
    raw.refuses(&person("viewer", "place", "NULL"), Why::Check).await;
    raw.refuses(&person("viewer", "everything", "'AF21'"), Why::Check).await;
    raw.refuses(&person("viewer", "org", "NULL"), Why::Check).await;
    raw.refuses(&person("viewer", "place", "'nowhere'"), Why::ForeignKey).await;
    raw.refuses(&person("king", "everything", "NULL"), Why::Check).await;
    raw.permits(&[&person("viewer", "place", "'AF21'")]).await;
}
