//! Damaged books: each kind of damage is found by its own check, which names the first wrong row.

use crate::books::{Books, on_both};
use crate::consignments::road::material;
use crate::enforcement::full_books::FullBooks;
use std::collections::BTreeSet;
use std::sync::Arc;
use stock::verify::{Check, Finding, Step};
use uuid::Uuid;

on_both!(
    a_balance_that_is_not_its_lines,
    a_balance_in_the_wrong_hands,
    an_account_below_zero_in_the_past,
    a_line_of_another_kind_day_or_month,
    a_reversal_that_is_no_mirror,
    a_record_that_was_rewritten,
    what_a_record_did_was_removed,
    a_note_that_was_rewritten_and_one_that_was_erased,
    a_sum_of_a_month,
    a_closing_of_a_month,
    the_day_of_an_event,
    who_came_to_an_event,
    where_a_consignment_stands,
    what_was_printed,
    a_count_that_no_longer_holds,
    a_pack_in_a_state_that_nobody_said,
    a_pack_that_promises_more_than_there_is,
);

impl FullBooks {
    /// Damages the books and gives what each check then finds.
    async fn damaged(&self, sql: &str) -> Vec<Finding> {
        self.raw.damages(sql).await;
        let mut looked_at = Vec::new();
        let seen = |step| {
            if let Step::Begins(check) = step {
                looked_at.push(check);
            }
        };
        let report = self.road.books.stock.verify(seen).await.unwrap();
        assert_eq!(looked_at, Check::ALL);
        report.findings
    }

    /// After this the books are right again.
    async fn healed(&self, sql: &str) {
        let left = self.damaged(sql).await;
        assert_eq!(left, []);
    }
}

#[track_caller]
fn finds(findings: &[Finding], check: Check, row: &str) {
    let found: BTreeSet<&str> =
        findings.iter().filter(|f| f.check == check).map(|f| f.row.as_str()).collect();
    assert_eq!(found, BTreeSet::from([row]), "{findings:?}");
}

/// The store in Balkh as an account.
const BALKH: &str = "(SELECT a.id FROM account a JOIN store s ON s.id = a.owner_id
    WHERE a.kind = 'store' AND NOT a.shadow AND s.short_name = 'BAL')";

async fn a_balance_that_is_not_its_lines(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (account, batch) =
        (full.raw.number(&format!("SELECT {BALKH} AS n")).await, full.road.batch);
    let add = |more: i64| {
        format!("UPDATE balance SET pieces = pieces + {more} WHERE account_id = {account}")
    };
    let findings = full.damaged(&add(1)).await;
    finds(&findings, Check::Balances, &format!("balance account {account} batch {batch}"));
    finds(&findings, Check::BatchSums, &format!("batch {batch}"));
    let of_balance = &findings[0];
    assert_eq!(of_balance.expected, "890 pieces, the sum of its lines");
    assert_eq!(of_balance.found, "891 pieces");
    full.healed(&add(-1)).await;
    // Below zero, where the database no longer looks.
    let findings = full.damaged(&add(-900)).await;
    assert_eq!(findings[0].found, "-10 pieces");
    full.healed(&add(900)).await;
    // One that is gone, and one that nothing was ever booked to.
    let gone = format!("UPDATE balance SET account_id = -7 WHERE account_id = {account}");
    let findings = full.damaged(&gone).await;
    finds(&findings, Check::Balances, &format!("balance account -7 batch {batch}"));
}

async fn a_balance_in_the_wrong_hands(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (account, batch) =
        (full.raw.number(&format!("SELECT {BALKH} AS n")).await, full.road.batch);
    let row = format!("balance account {account} batch {batch}");
    for column in ["on_hand", "signed"] {
        let turn =
            format!("UPDATE balance SET {column} = NOT {column} WHERE account_id = {account}");
        finds(&full.damaged(&turn).await, Check::Balances, &row);
        full.healed(&turn).await;
    }
    let turn = format!(
        "UPDATE account SET signed = NOT signed WHERE id = {account};
        UPDATE balance SET signed = NOT signed WHERE account_id = {account}"
    );
    finds(&full.damaged(&turn).await, Check::Balances, &row);
    full.healed(&turn).await;
}

/// What was counted on 20 May is said to have been there only on 31 May, after it was sent.
async fn an_account_below_zero_in_the_past(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (raw, batch) = (&full.raw, full.road.batch);
    let opened = "(SELECT m.id FROM movement m JOIN record r ON r.id = m.record_id
        WHERE r.kind = 'first_count')";
    let later = |days: i64| {
        let ms = days * 86_400_000;
        let set = format!("occurred_at = occurred_at + {ms}, local_day = local_day + {days}");
        format!(
            "UPDATE line SET {set} WHERE movement_id IN {opened};
             UPDATE movement SET {set} WHERE id IN {opened}"
        )
    };
    let account = raw
        .number(
            "SELECT from_id AS n FROM line l JOIN movement m
        ON m.id = l.movement_id WHERE m.kind = 'dispatch' LIMIT 1",
        )
        .await;
    let findings = full.damaged(&later(11)).await;
    let row = format!("lines of account {account} batch {batch} until 2017-05-30");
    finds(&findings, Check::NeverBelowZero, &row);
    let record = raw.id_of("SELECT id FROM record WHERE kind = 'first_count'").await;
    finds(&findings, Check::Records, &format!("record {record}"));
    full.healed(&later(-11)).await;
}

async fn a_line_of_another_kind_day_or_month(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let taken = "(SELECT MIN(l.id) FROM line l JOIN movement m ON m.id = l.movement_id
        WHERE m.kind = 'take')";
    let line = raw.number(&format!("SELECT {taken} AS n")).await;
    let row = format!("line {line}");
    let of_line = format!("(SELECT movement_id FROM line WHERE id = {line})");
    for (damage, back) in [
        (
            format!("UPDATE line SET local_day = local_day - 1 WHERE id = {line}"),
            format!("UPDATE line SET local_day = local_day + 1 WHERE id = {line}"),
        ),
        (
            format!("UPDATE movement SET occurred_at = occurred_at - 5 WHERE id = {of_line}"),
            format!("UPDATE movement SET occurred_at = occurred_at + 5 WHERE id = {of_line}"),
        ),
        // Movement and line agree on a day that is not the one of their moment.
        (
            format!(
                "UPDATE movement SET local_day = local_day - 1 WHERE id = {of_line};
                UPDATE line SET local_day = local_day - 1 WHERE movement_id = {of_line}"
            ),
            format!(
                "UPDATE movement SET local_day = local_day + 1 WHERE id = {of_line};
                UPDATE line SET local_day = local_day + 1 WHERE movement_id = {of_line}"
            ),
        ),
        // Everything says that it was another month.
        (
            format!("UPDATE movement SET booked_month = 201707 WHERE id = {of_line}"),
            format!("UPDATE movement SET booked_month = 201706 WHERE id = {of_line}"),
        ),
        (
            format!("UPDATE movement SET kind = 'deliver' WHERE id = {of_line}"),
            format!("UPDATE movement SET kind = 'take' WHERE id = {of_line}"),
        ),
    ] {
        finds(&full.damaged(&damage).await, Check::Lines, &row);
        full.healed(&back).await;
    }
    // Taken to the store from the event, instead of the other way round.
    let turned =
        format!("UPDATE line SET from_id = to_id, to_id = from_id WHERE movement_id = {of_line}");
    finds(&full.damaged(&turned).await, Check::Lines, &row);
}

async fn a_reversal_that_is_no_mirror(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let reversal = raw.id_of("SELECT id FROM movement WHERE kind = 'reverse'").await;
    let of_it = "(SELECT id FROM movement WHERE kind = 'reverse')";
    let row = format!("movement {reversal}");
    for (damage, back) in [
        ("pieces = pieces + 1", "pieces = pieces - 1"),
        ("from_id = to_id, to_id = from_id", "from_id = to_id, to_id = from_id"),
    ] {
        let set = |what: &str| format!("UPDATE line SET {what} WHERE movement_id = {of_it}");
        finds(&full.damaged(&set(damage)).await, Check::Reversals, &row);
        full.healed(&set(back)).await;
    }
    let dated = |ms: i64| {
        format!("UPDATE movement SET occurred_at = occurred_at + {ms} WHERE id = {of_it}")
    };
    finds(&full.damaged(&dated(1)).await, Check::Reversals, &row);
    full.healed(&dated(-1)).await;
}

async fn a_record_that_was_rewritten(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let id = raw.id_of("SELECT id FROM record WHERE kind = 'reported_figure'").await;
    let row = format!("record {id}");
    let of_it = "WHERE kind = 'reported_figure'";
    for (damage, back) in [
        ("body = REPLACE(body, '170', '710')", "body = REPLACE(body, '710', '170')"),
        ("device_time = device_time - 1", "device_time = device_time + 1"),
        ("version = 2", "version = 1"),
        ("entry = 'scanned'", "entry = 'typed'"),
        ("on_behalf_org_id = org_id", "on_behalf_org_id = NULL"),
        ("occurred_at = occurred_at - 1", "occurred_at = occurred_at + 1"),
        ("local_day = local_day - 1", "local_day = local_day + 1"),
    ] {
        let set = |what: &str| format!("UPDATE record SET {what} {of_it}");
        finds(&full.damaged(&set(damage)).await, Check::Records, &row);
        full.healed(&set(back)).await;
    }
    let forgotten =
        format!("DELETE FROM record_outcome WHERE record_id = (SELECT id FROM record {of_it})");
    let findings = full.damaged(&forgotten).await;
    finds(&findings, Check::Records, &row);
    assert_eq!(findings[0].found, "it has no outcome");
}

/// Somebody removes a line, and makes everything else fit.
async fn what_a_record_did_was_removed(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let dropped = "(SELECT m.id FROM movement m JOIN record r ON r.id = m.record_id
        WHERE r.kind = 'drop' AND m.kind = 'give')";
    let record = raw.id_of("SELECT id FROM record WHERE kind = 'drop'").await;
    let from = format!("SELECT MIN(from_id) AS n FROM line WHERE movement_id = {dropped}");
    let account = raw.number(&from).await;
    let of = format!("SELECT batch_id AS id FROM line WHERE movement_id = {dropped}");
    let batch = raw.id_of(&of).await;
    let findings = full.damaged(&format!("DELETE FROM line WHERE movement_id = {dropped}")).await;
    finds(&findings, Check::Balances, &format!("balance account {account} batch {batch}"));
    finds(&findings, Check::Records, &format!("record {record}"));
    assert!(findings.iter().any(|finding| finding.check == Check::MonthFlows), "{findings:?}");
    // Balances and months are made to fit: what was hashed still tells.
    let fitting = format!(
        "UPDATE balance SET pieces = COALESCE((SELECT SUM(CASE
            WHEN l.to_id = balance.account_id THEN l.pieces ELSE -l.pieces END) FROM line l
            WHERE balance.account_id IN (l.from_id, l.to_id) AND l.batch_id = balance.batch_id), 0);
        UPDATE month_flow SET pieces = pieces - 30 WHERE flow = 'given';
        UPDATE month_closing SET pieces = pieces + 30 WHERE hand = 'in_store' AND booked_month > 0
            AND holder_id = (SELECT holder_id FROM account WHERE id = {account})"
    );
    let findings = full.damaged(&fitting).await;
    let checks: Vec<Check> = findings.iter().map(|finding| finding.check).collect();
    assert_eq!(checks, [Check::Records], "{findings:?}");
    assert_eq!(findings[0].found, "its movements are not what was hashed");
}

async fn a_note_that_was_rewritten_and_one_that_was_erased(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let id = full.raw.id_of("SELECT record_id AS id FROM note").await;
    let row = format!("record {id}");
    finds(&full.damaged("UPDATE note SET text = 'all is dry'").await, Check::Records, &row);
    full.healed("UPDATE note SET text = 'the roof leaks'").await;
    full.healed("UPDATE note SET text = '', erased_at = 1").await;
    finds(&full.damaged("DELETE FROM note").await, Check::Records, &row);
}

async fn a_sum_of_a_month(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let material = full.road.leaflets;
    let holder = full.road.balkh;
    let add = |more: i64| {
        format!(
            "UPDATE month_flow SET pieces = pieces + {more} WHERE flow = 'in'
            AND holder_id = (SELECT id FROM store WHERE short_name = 'BAL')"
        )
    };
    let findings = full.damaged(&add(3)).await;
    let row = format!("month_flow 2017-06 holder {holder} material {material} in");
    finds(&findings, Check::MonthFlows, &row);
    assert_eq!((findings.len(), findings[0].found.as_str()), (1, "3 pieces too many"));
    full.healed(&add(-3)).await;
    let findings = full.damaged("DELETE FROM month_flow WHERE flow = 'given'").await;
    assert_eq!(findings[0].found, "170 pieces too few");
}

async fn a_closing_of_a_month(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let (material, holder) = (full.road.leaflets, full.road.balkh);
    let balkh = "hand = 'in_store' AND booked_month = 201706
        AND holder_id = (SELECT id FROM store WHERE short_name = 'BAL')";
    let add =
        |more: i64| format!("UPDATE month_closing SET pieces = pieces + {more} WHERE {balkh}");
    let row = format!("month_closing 2017-06 holder {holder} material {material} in_store");
    let findings = full.damaged(&add(3)).await;
    finds(&findings, Check::MonthFlows, &row);
    assert_eq!(findings.len(), 1);
    full.healed(&add(-3)).await;
    let findings = full.damaged(&format!("DELETE FROM month_closing WHERE {balkh}")).await;
    finds(&findings, Check::MonthFlows, &row);
    assert_eq!(findings[0].found, "no row");
}

async fn the_day_of_an_event(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let event = full.raw.id_of("SELECT id FROM event WHERE held_on IS NOT NULL").await;
    let row = format!("event {event}");
    finds(&full.damaged("UPDATE event SET held_on = held_on + 1").await, Check::Documents, &row);
    full.healed("UPDATE event SET held_on = held_on - 1").await;
    let findings = full.damaged("UPDATE event SET held_on = NULL").await;
    finds(&findings, Check::Documents, &row);
    assert_eq!(findings[0].found, "not held");
}

async fn who_came_to_an_event(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let event = full.raw.id_of("SELECT id FROM event WHERE women IS NOT NULL").await;
    let row = format!("event {event}");
    finds(&full.damaged("UPDATE event SET women = women + 1").await, Check::Documents, &row);
    full.healed("UPDATE event SET women = women - 1").await;
    let twice = "UPDATE event SET counted_twice = NOT counted_twice";
    let findings = full.damaged(twice).await;
    finds(&findings, Check::Documents, &row);
    assert!(findings[0].found.ends_with("counted twice"), "{findings:?}");
    full.healed(twice).await;
}

async fn what_was_printed(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let batch = full.raw.id_of("SELECT id FROM batch WHERE run_id IS NOT NULL").await;
    let other = material(&full.road.books, "Posters", "M9").await;
    let set = |id: Uuid| format!("UPDATE print_run SET material_id = {}", full.raw.literal(id));
    let findings = full.damaged(&set(other.uuid())).await;
    finds(&findings, Check::Documents, &format!("batch {batch}"));
    full.healed(&set(full.road.leaflets.uuid())).await;
}

async fn where_a_consignment_stands(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let id = full.raw.id_of("SELECT id FROM consignment WHERE state = 'closed' ORDER BY id").await;
    let row = format!("consignment {id}");
    let literal = full.raw.literal(id.parse().unwrap());
    for (damage, back) in [
        ("state = 'dispatched'", "state = 'closed'"),
        ("left_at = left_at + 1", "left_at = left_at - 1"),
        ("paper = 'lost'", "paper = 'out'"),
    ] {
        let set = |what: &str| format!("UPDATE consignment SET {what} WHERE id = {literal}");
        finds(&full.damaged(&set(damage)).await, Check::Documents, &row);
        full.healed(&set(back)).await;
    }
}

async fn a_count_that_no_longer_holds(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let record = full.raw.id_of("SELECT record_id AS id FROM count_anchor").await;
    let (store, batch) = (full.road.balkh, full.road.batch);
    let row = format!("count_anchor store {store} batch {batch} record {record}");
    let findings = full.damaged("UPDATE count_anchor SET counted = counted + 1").await;
    finds(&findings, Check::Counts, &row);
    assert_eq!(findings[0].expected, "891 pieces, as counted");
    assert_eq!(findings[0].found, "890 pieces by the lines");
    full.healed("UPDATE count_anchor SET counted = counted - 1").await;
    let findings = full.damaged("UPDATE count_anchor SET moment = 1").await;
    finds(&findings, Check::Counts, &row);
}

async fn a_pack_in_a_state_that_nobody_said(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let sealed = "SELECT pack_id AS id FROM pack_state WHERE state = 'sealed' ORDER BY pack_id";
    let pack = raw.id_of(sealed).await;
    let literal = raw.literal(pack.parse().unwrap());
    let row = format!("pack_state pack {pack}");
    for (damage, back) in [
        ("state = 'opened'", "state = 'sealed'"),
        ("nominal = nominal - 1", "nominal = nominal + 1"),
        ("account_id = -account_id", "account_id = -account_id"),
    ] {
        let set = |what: &str| format!("UPDATE pack_state SET {what} WHERE pack_id = {literal}");
        finds(&full.damaged(&set(damage)).await, Check::Packs, &row);
        full.healed(&set(back)).await;
    }
}

async fn a_pack_that_promises_more_than_there_is(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let raw = &full.raw;
    let nominal = "UPDATE pack SET nominal = 5000 WHERE id = (SELECT pack_id FROM pack_state
            WHERE state = 'sealed' ORDER BY pack_id LIMIT 1);
        UPDATE pack_state SET nominal = 5000 WHERE pack_id = (SELECT pack_id FROM pack_state
            WHERE state = 'sealed' ORDER BY pack_id LIMIT 1)";
    let account = raw.number(
        "SELECT account_id AS n FROM pack_state WHERE state = 'sealed'
        ORDER BY pack_id LIMIT 1",
    );
    let account = account.await;
    let batch = raw.id_of(
        "SELECT batch_id AS id FROM pack_state WHERE state = 'sealed'
        ORDER BY pack_id LIMIT 1",
    );
    let batch = batch.await;
    let findings = full.damaged(nominal).await;
    finds(&findings, Check::Packs, &format!("sealed packs of account {account} batch {batch}"));
    assert_eq!(findings.len(), 1, "{findings:?}");
}
