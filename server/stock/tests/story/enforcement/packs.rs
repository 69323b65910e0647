//! Rule 9 and the codes: a pack keeps what is printed on it.

use super::Why;
use super::full_books::FullBooks;
use crate::books::{Books, on_both};
use std::sync::Arc;

on_both!(
    a_pack_keeps_what_is_printed_on_it,
    the_state_of_a_pack_is_one_that_exists_and_its_own,
    a_code_is_used_once_and_never_comes_back,
);

async fn a_pack_keeps_what_is_printed_on_it(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, id) = (&full.raw, full.raw.id(&books));
    let printed = Why::Says("a pack keeps what is printed on it");
    for set in ["nominal = 5", "number = number + 1", "total = total + 1", "kind = 'bundle'"] {
        raw.refuses(&format!("UPDATE pack SET {set}"), printed).await;
    }
    raw.refuses("UPDATE pack SET reprints = reprints - 1", printed).await;
    raw.permits(&["UPDATE pack SET reprints = reprints + 1"]).await;
    for (column, value) in [
        ("nominal", "0"),
        ("nominal", "1000000001"),
        ("number", "0"),
        ("total", "x.number - 1"),
        ("kind", "'bag'"),
    ] {
        let changed = [("id", id.as_str()), ("code", "x.code"), (column, value)];
        raw.refuses(&raw.copy("pack", "TRUE", &changed).await, Why::Check).await;
    }
    let same_code = raw.copy("pack", "TRUE", &[("id", &id)]).await;
    raw.refuses(&same_code, Why::Unique).await;
}

async fn the_state_of_a_pack_is_one_that_exists_and_its_own(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let raw = &full.raw;
    let not = Why::Says("not the state of that pack");
    let batch = "batch_id = (SELECT id FROM batch WHERE id <> pack_state.batch_id LIMIT 1)";
    for set in ["state = 'gone'", "nominal = nominal + 1", batch] {
        raw.refuses(&format!("UPDATE pack_state SET {set}"), not).await;
    }
    raw.refuses("UPDATE pack_state SET account_id = 999999", Why::ForeignKey).await;
    raw.permits(&["UPDATE pack_state SET state = 'check'"]).await;
}

async fn a_code_is_used_once_and_never_comes_back(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, id) = (&full.raw, full.raw.id(&books));
    raw.refuses(&raw.copy("code", "TRUE", &[("subject_id", &id)]).await, Why::Unique).await;
    let two = raw.copy("code", "TRUE", &[("code", "'TWOLABELS00'")]).await;
    raw.refuses(&two, Why::Unique).await;
    let new = async |column: &str, value: &str| {
        let changed = [("code", "'NEWLABEL00A'"), ("subject_id", &id), (column, value)];
        raw.copy("code", "TRUE", &changed).await
    };
    raw.refuses(&new("kind", "'person'").await, Why::Check).await;
    raw.refuses(&new("state", "'lost'").await, Why::Check).await;
    raw.permits(&[&new("state", "'issued'").await]).await;
    let once = Why::Says("a code is used once");
    raw.refuses("UPDATE code SET kind = 'event'", once).await;
    raw.refuses("UPDATE code SET state = 'issued'", once).await;
    let nobody = format!("UPDATE code SET subject_id = {id} WHERE kind = 'event'");
    raw.refuses(&nobody, once).await;
    raw.does("UPDATE code SET state = 'voided' WHERE kind = 'event'").await;
    raw.does("UPDATE code SET state = 'retired' WHERE kind = 'consignment'").await;
    raw.refuses("UPDATE code SET state = 'active' WHERE kind = 'event'", once).await;
    raw.refuses("UPDATE code SET state = 'active' WHERE kind = 'consignment'", once).await;
    raw.permits(&["UPDATE code SET state = 'voided' WHERE kind = 'pack'"]).await;
}
