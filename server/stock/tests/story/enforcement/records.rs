//! Rules 4, 5, 8 and 10 on records, their outcomes, counts and seals.

use super::Why;
use super::full_books::FullBooks;
use crate::books::{Books, on_both};
use std::sync::Arc;

on_both!(
    a_record_has_one_id_one_hash_and_one_outcome,
    a_record_is_never_dated_after_it_came,
    a_count_fixes_a_moment_once,
    seals_have_no_gap,
    what_a_record_rests_on_exists,
);

async fn a_record_has_one_id_one_hash_and_one_outcome(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, id, device) = (&full.raw, full.raw.id(&books), full.raw.id(&books));
    let twice = raw.copy("record", "x.kind = 'drop'", &[]).await;
    let taken = if raw.is_postgres() { Why::Unique } else { Why::Says("append only: record") };
    raw.refuses(&twice, taken).await;
    let short = [("id", id.as_str()), ("content_hash", &raw.bytes(31))];
    let short = raw.copy("record", "x.kind = 'drop'", &short).await;
    raw.refuses(&short, Why::Says("not a SHA-256")).await;
    let guessed = [("id", id.as_str()), ("entry", "'guessed'")];
    let guessed = raw.copy("record", "x.kind = 'drop'", &guessed).await;
    raw.refuses(&guessed, Why::Check).await;

    let stamped = [("id", id.as_str()), ("device_id", &device), ("device_sequence", "1")];
    raw.does(&raw.copy("record", "x.kind = 'drop'", &stamped).await).await;
    let other = raw.id(&books);
    let same_stamp = [("id", other.as_str()), stamped[1], stamped[2]];
    let same_stamp = raw.copy("record", "x.kind = 'drop'", &same_stamp).await;
    raw.refuses(&same_stamp, taken).await;

    let outcome = async |changed: &[(&str, &str)]| {
        let mut all = vec![("record_id", id.as_str())];
        all.extend(changed);
        raw.copy("record_outcome", "x.outcome = 'posted'", &all).await
    };
    raw.refuses(&outcome(&[("outcome", "'forgotten'")]).await, Why::Check).await;
    let short = raw.bytes(33);
    raw.refuses(&outcome(&[("posting_hash", &short)]).await, Why::Says("not a SHA-256")).await;
    raw.permits(&[&outcome(&[]).await]).await;
    raw.does(&outcome(&[]).await).await;
    let taken =
        if raw.is_postgres() { Why::Unique } else { Why::Says("append only: record_outcome") };
    raw.refuses(&outcome(&[]).await, taken).await;
}

async fn a_record_is_never_dated_after_it_came(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, id) = (&full.raw, full.raw.id(&books));
    let record = async |changed: &[(&str, &str)]| {
        let mut all = vec![("id", id.as_str())];
        all.extend(changed);
        raw.copy("record", "x.kind = 'drop'", &all).await
    };
    let late = Why::Says("dated after it was recorded");
    raw.refuses(&record(&[("occurred_at", "x.recorded_at + 1")]).await, late).await;
    let other_day = Why::Says("not the day of its moment");
    raw.refuses(&record(&[("local_day", "x.local_day - 1")]).await, other_day).await;
    raw.permits(&[&record(&[("recorded_at", "x.recorded_at + 1")]).await]).await;
}

async fn a_count_fixes_a_moment_once(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let anchor = async |changed: &[(&str, &str)]| raw.copy("count_anchor", "TRUE", changed).await;
    let taken =
        if raw.is_postgres() { Why::Unique } else { Why::Says("append only: count_anchor") };
    raw.refuses(&anchor(&[("counted", "x.counted + 1")]).await, taken).await;
    let below = anchor(&[("moment", "x.moment + 1"), ("counted", "-1")]).await;
    raw.refuses(&below, Why::Check).await;
    raw.permits(&[&anchor(&[("moment", "x.moment + 1"), ("counted", "0")]).await]).await;
}

async fn seals_have_no_gap(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let seal = |sequence: i64, kind: &str, length: usize| {
        let hash = raw.bytes(length);
        format!(
            "INSERT INTO seal (sequence, record_id, hash)
             SELECT {sequence}, id, {hash} FROM record WHERE kind = '{kind}' LIMIT 1"
        )
    };
    let gap = Why::Says("the seals have no gap");
    raw.refuses(&seal(2, "drop", 32), gap).await;
    raw.refuses(&seal(0, "drop", 32), gap).await;
    raw.refuses(&seal(1, "drop", 20), gap).await;
    raw.does(&seal(1, "drop", 32)).await;
    raw.refuses(&seal(3, "recall", 32), gap).await;
    raw.permits(&[&seal(2, "recall", 32)]).await;
    let taken = if raw.is_postgres() { Why::Unique } else { Why::Says("append only: seal") };
    raw.refuses(&seal(2, "drop", 32), taken).await;
}

async fn what_a_record_rests_on_exists(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, stranger) = (&full.raw, full.raw.id(&books));
    let id = raw.id(&books);
    let nowhere = [("id", id.as_str()), ("store_id", &stranger)];
    let nowhere = raw.copy("record", "x.kind = 'drop'", &nowhere).await;
    raw.refuses(&nowhere, Why::ForeignKey).await;
    for (table, key) in [
        ("record_outcome", "record_id"),
        ("receipt", "run_id"),
        ("delivery", "record_id"),
        ("waybill_paper", "record_id"),
        ("event_sheet", "record_id"),
        ("recall_step", "record_id"),
        ("count_anchor", "record_id"),
    ] {
        // The rest of the row is new where it has to be, so that only this key is in the way.
        let mut changed = vec![(key, stranger.as_str())];
        match table {
            "count_anchor" => changed.push(("moment", "x.moment + 1")),
            "receipt" => changed.extend([
                ("record_id", "(SELECT id FROM record WHERE kind = 'drop')"),
                ("number", "'GRN-KBL-9999'"),
                ("batch_id", "(SELECT batch_id FROM line WHERE batch_id <> x.batch_id LIMIT 1)"),
            ]),
            _ => {}
        }
        let sql = raw.copy(table, "TRUE", &changed).await;
        raw.refuses(&sql, Why::ForeignKey).await;
    }
    // A batch of a print run that nobody ordered.
    let unordered = [
        ("id", id.as_str()),
        ("code", "(SELECT code FROM code WHERE kind = 'event')"),
        ("run_id", &stranger),
    ];
    let batch = raw.copy("batch", "TRUE", &unordered).await;
    let why = if raw.is_postgres() { Why::ForeignKey } else { Why::Says("no such print run") };
    raw.refuses(&batch, why).await;
}
