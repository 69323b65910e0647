//! Rules 1, 2, 3 and 5 on movements, lines, accounts and balances.

use super::Why;
use super::full_books::FullBooks;
use crate::books::{Books, on_both};
use std::sync::Arc;

on_both!(
    pieces_are_whole_above_zero_and_at_most_a_thousand_million,
    a_line_joins_two_accounts_of_a_batch_that_exist,
    real_accounts_never_fall_below_zero,
    only_sources_and_shadows_are_signed,
    a_movement_is_undone_once_by_its_mirror,
    a_finished_record_does_nothing_more,
    movements_stand_in_their_time,
    a_month_that_is_closed_stays_closed,
);

/// A line that the program made for a movement that is not finished.
const OPEN: &str = "x.movement_id = (SELECT id FROM movement WHERE kind = 'take' LIMIT 1)";

/// What was left at the clinic.
const DROPPED: &str = "(SELECT m.id FROM movement m JOIN record r ON r.id = m.record_id
    WHERE r.kind = 'drop' AND m.kind = 'give')";

/// Copies a record and one of its movements as they stand before the record is finished.
async fn unfinished(full: &FullBooks, kind: &str) -> (String, String) {
    let (raw, books) = (&full.raw, &full.road.books);
    let (record, movement) = (raw.id(books), raw.id(books));
    let of = format!("x.id = (SELECT record_id FROM movement WHERE kind = '{kind}' LIMIT 1)");
    let later = "x.recorded_at + 60000";
    let sql = raw.copy("record", &of, &[("id", &record), ("recorded_at", later)]).await;
    raw.does(&sql).await;
    let changed = [("id", movement.as_str()), ("record_id", &record)];
    let sql = raw.copy("movement", &format!("x.kind = '{kind}'"), &changed).await;
    raw.does(&sql).await;
    (record, movement)
}

async fn pieces_are_whole_above_zero_and_at_most_a_thousand_million(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (_, movement) = unfinished(&full, "take").await;
    let raw = &full.raw;
    let line = async |pieces: &str| {
        raw.copy("line", OPEN, &[("movement_id", &movement), ("pieces", pieces)]).await
    };
    for pieces in ["0", "-1", "1000000001", "9223372036854775807"] {
        raw.refuses(&line(pieces).await, Why::Check).await;
    }
    if raw.is_postgres() {
        raw.refuses(&line("NULL").await, Why::NotNull).await;
    } else {
        // PostgreSQL rounds 1.5 to the type of the column.
        for pieces in ["1.5", "'many'", "NULL"] {
            raw.refuses(&line(pieces).await, Why::Says("pieces are whole")).await;
        }
        let half = "UPDATE balance SET pieces = pieces + 0.5";
        raw.refuses(half, Why::Says("pieces are whole")).await;
    }
    raw.permits(&[&line("1").await, &line("1000000000").await]).await;
}

async fn a_line_joins_two_accounts_of_a_batch_that_exist(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (_, movement) = unfinished(&full, "take").await;
    let (raw, stranger) = (&full.raw, full.raw.id(&books));
    let line = async |column: &str, value: &str| {
        raw.copy("line", OPEN, &[("movement_id", &movement), (column, value)]).await
    };
    raw.refuses(&line("to_id", "x.from_id").await, Why::Check).await;
    raw.refuses(&line("to_id", "999999").await, Why::ForeignKey).await;
    raw.refuses(&line("from_id", "999999").await, Why::ForeignKey).await;
    raw.refuses(&line("batch_id", &stranger).await, Why::ForeignKey).await;
    raw.refuses(&raw.copy("line", OPEN, &[("movement_id", &stranger)]).await, Why::ForeignKey)
        .await;
    raw.permits(&[&line("batch_id", "x.batch_id").await]).await;
}

async fn real_accounts_never_fall_below_zero(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    raw.refuses("UPDATE balance SET pieces = -1 WHERE NOT signed", Why::Check).await;
    raw.refuses(
        "UPDATE balance SET pieces = -1 WHERE account_id IN (
            SELECT id FROM account WHERE kind = 'given_event')",
        Why::Check,
    )
    .await;
    // What could be said about the account so that the check looks away.
    raw.refuses("UPDATE balance SET signed = TRUE, pieces = -1", Why::Says("a balance stays"))
        .await;
    raw.refuses("UPDATE account SET signed = NOT signed", Why::Says("an account stays")).await;
    let signed = raw
        .copy(
            "balance",
            "NOT x.signed",
            &[
                ("batch_id", "(SELECT id FROM batch ORDER BY id DESC LIMIT 1)"),
                ("account_id", "(SELECT MAX(id) FROM account WHERE NOT signed)"),
                ("signed", "TRUE"),
                ("on_hand", "FALSE"),
                ("pieces", "-5"),
            ],
        )
        .await;
    raw.refuses(&signed, Why::ForeignKey).await;
    raw.permits(&[
        "UPDATE balance SET pieces = 0 WHERE NOT signed",
        "UPDATE balance SET pieces = -1 WHERE signed",
    ])
    .await;
}

async fn only_sources_and_shadows_are_signed(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, stranger) = (&full.raw, full.raw.id(&books));
    // The account of a place that has none of its kind yet.
    let fresh = "x.kind = 'store' AND NOT x.shadow";
    let owner = "(SELECT id FROM store WHERE id NOT IN (
        SELECT owner_id FROM account WHERE kind = 'disposed') LIMIT 1)";
    let account = async |changed: &[(&str, &str)]| {
        let mut all = vec![("kind", "'disposed'"), ("owner_id", owner)];
        all.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        all.extend(changed);
        raw.copy("account", fresh, &all).await
    };
    let no_such = Why::Says("no such account");
    for changed in [
        &[("signed", "TRUE")][..],
        &[("shadow", "TRUE")],
        &[("kind", "'cupboard'")],
        &[("channel", "'participants'")],
        &[("kind", "'opening'")],
        &[("kind", "'opening'"), ("signed", "TRUE"), ("shadow", "TRUE")],
        &[("kind", "'given_event'"), ("owner_id", "(SELECT id FROM event)"), ("channel", "'us'")],
    ] {
        raw.refuses(&account(changed).await, no_such).await;
    }
    let homeless = Why::Says("an account belongs to something");
    raw.refuses(&account(&[("owner_id", &stranger)]).await, homeless).await;
    raw.refuses(&account(&[("kind", "'in_transit'")]).await, homeless).await;
    raw.refuses(&account(&[("kind", "'at_event'")]).await, homeless).await;
    let again = raw.copy("account", fresh, &[]).await;
    raw.refuses(&again, Why::Unique).await;
    let hidden = "UPDATE balance SET on_hand = NOT on_hand";
    raw.refuses(hidden, Why::Says("a balance stays")).await;
    raw.permits(&[&account(&[]).await, &account(&[("signed", "TRUE"), ("shadow", "TRUE")]).await])
        .await;
}

async fn a_movement_is_undone_once_by_its_mirror(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (record, _) = unfinished(&full, "take").await;
    let raw = &full.raw;
    let id = raw.id(&full.road.books);
    let reversal = async |changed: &[(&str, &str)]| {
        let mut all = vec![
            ("id", id.as_str()),
            ("record_id", record.as_str()),
            ("ordinal", "7"),
            ("kind", "'reverse'"),
            ("reverses_id", DROPPED),
        ];
        all.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        all.extend(changed);
        raw.copy("movement", &format!("x.id = {DROPPED}"), &all).await
    };
    let not = Why::Says("not reversible");
    raw.refuses(&reversal(&[("kind", "'give'")]).await, not).await;
    let reversed = "(SELECT id FROM movement WHERE kind = 'reverse' LIMIT 1)";
    let dated = "(SELECT occurred_at FROM movement WHERE kind = 'reverse' LIMIT 1)";
    let of_reversal = [("reverses_id", reversed), ("occurred_at", dated)];
    raw.refuses(&reversal(&of_reversal).await, not).await;
    let derived = "(SELECT id FROM movement WHERE derived LIMIT 1)";
    raw.does(
        &reversal(&[("kind", "'shortfall'"), ("reverses_id", "NULL"), ("derived", "TRUE")]).await,
    )
    .await;
    let id = raw.id(&full.road.books);
    let second = [("id", id.as_str()), ("ordinal", "8")];
    let of_derived = reversal(&[second[0], second[1], ("reverses_id", derived)]).await;
    raw.refuses(&of_derived, not).await;
    let nothing = reversal(&[second[0], second[1], ("reverses_id", "NULL")]).await;
    raw.refuses(&nothing, Why::Says("a reversal names what it reverses")).await;
    let later = [second[0], second[1], ("occurred_at", "x.occurred_at - 1")];
    let dated = Why::Says("a reversal has the date of what it reverses");
    raw.refuses(&reversal(&later).await, dated).await;
    raw.does(&reversal(&second).await).await;

    let line = async |changed: &[(&str, &str)]| {
        let mut all =
            vec![("movement_id", id.as_str()), ("from_id", "x.to_id"), ("to_id", "x.from_id")];
        all.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        all.extend(changed);
        raw.copy("line", &format!("x.movement_id = {DROPPED}"), &all).await
    };
    let mirror = Why::Says("a reversal mirrors what it reverses");
    raw.refuses(&line(&[("pieces", "x.pieces - 1")]).await, mirror).await;
    let same_way = [("from_id", "x.from_id"), ("to_id", "x.to_id")];
    raw.refuses(&line(&same_way).await, mirror).await;
    raw.permits(&[&line(&[]).await]).await;
    let third = raw.id(&full.road.books);
    let once_more = reversal(&[("id", &third), ("ordinal", "9")]).await;
    if raw.is_postgres() {
        raw.refuses(&once_more, Why::Unique).await;
    } else {
        raw.refuses(&once_more, Why::Says("append only: movement")).await;
    }
}

async fn a_finished_record_does_nothing_more(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (raw, id) = (&full.raw, full.raw.id(&books));
    let finished = Why::Says("the record is finished");
    let movement = [("id", id.as_str()), ("ordinal", "99")];
    raw.refuses(&raw.copy("movement", "x.kind = 'take'", &movement).await, finished).await;
    raw.refuses(&raw.copy("line", OPEN, &[]).await, finished).await;
    let said = raw.copy("pack_event", "x.ordinal = 0", &[("ordinal", "99")]).await;
    raw.refuses(&said, finished).await;
    let (_, open) = unfinished(&full, "take").await;
    raw.permits(&[&raw.copy("line", OPEN, &[("movement_id", &open)]).await]).await;
}

async fn movements_stand_in_their_time(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (record, movement) = unfinished(&full, "take").await;
    let (raw, id) = (&full.raw, full.raw.id(&books));
    let moved = async |changed: &[(&str, &str)]| {
        let mut all = vec![("id", id.as_str()), ("record_id", record.as_str()), ("ordinal", "9")];
        all.extend(changed);
        raw.copy("movement", "x.kind = 'take'", &all).await
    };
    let day = 86_400_000;
    let tomorrow = format!("x.occurred_at + {day}");
    let late = moved(&[("occurred_at", &tomorrow), ("local_day", "x.local_day + 1")]).await;
    raw.refuses(&late, Why::Says("dated after it was recorded")).await;
    for other_day in ["x.local_day + 1", "x.local_day - 1"] {
        let sql = moved(&[("local_day", other_day)]).await;
        raw.refuses(&sql, Why::Says("not the day of its moment")).await;
    }
    raw.refuses(&moved(&[("kind", "'vanish'")]).await, Why::Says("no such movement")).await;
    raw.refuses(&moved(&[("reason", "''")]).await, Why::Says("no such movement")).await;
    let line = async |column: &str, value: &str| {
        raw.copy("line", OPEN, &[("movement_id", &movement), (column, value)]).await
    };
    let dated = Why::Says("a line has the date of its movement");
    raw.refuses(&line("occurred_at", "x.occurred_at - 1").await, dated).await;
    raw.refuses(&line("local_day", "x.local_day - 1").await, dated).await;
    let yesterday = format!("x.occurred_at - {day}");
    let earlier = moved(&[("occurred_at", &yesterday), ("local_day", "x.local_day - 1")]).await;
    raw.permits(&[&earlier]).await;
}

async fn a_month_that_is_closed_stays_closed(books: Arc<Books>) {
    let full = FullBooks::build(books.clone()).await;
    let (record, _) = unfinished(&full, "take").await;
    let (raw, id) = (&full.raw, full.raw.id(&books));
    let changed = [("id", id.as_str()), ("record_id", &record), ("ordinal", "9")];
    let movement = raw.copy("movement", "x.kind = 'take'", &changed).await;
    raw.permits(&[&movement]).await;
    raw.does("INSERT INTO period (month, closed_at) VALUES (201706, 1)").await;
    raw.refuses(&movement, Why::Says("the month is closed")).await;
}
