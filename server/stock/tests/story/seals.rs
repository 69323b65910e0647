//! Seals pin every record: whoever changes, removes, swaps, inserts or cuts off one is found.

use crate::books::{Books, on_both};
use crate::enforcement::full_books::FullBooks;
use domain::material::MaterialKind;
use domain::records::seal::PrintedSeal;
use std::sync::Arc;
use stock::seals::MOST_AT_ONCE;
use stock::verify::{Against, Check, Finding, Step};

on_both!(
    every_record_gets_its_seal_once,
    a_record_that_was_changed_with_all_its_hashes_is_named,
    a_seal_that_was_removed_leaves_a_gap,
    two_records_that_were_swapped_are_named,
    a_record_that_was_dated_back_is_named,
    a_tail_that_was_cut_off_is_missed_by_a_printed_seal,
    a_record_that_slipped_past_the_sealer_is_named,
    what_was_looked_at_before_is_not_read_again,
    a_chain_that_is_not_the_one_looked_at_before_is_named,
);

impl FullBooks {
    async fn sealed(books: Arc<Books>) -> Self {
        let full = Self::build(books).await;
        full.seals().await;
        assert_eq!(full.wrong(&[]).await, []);
        full
    }

    async fn seals(&self) {
        self.road.books.seals().await;
    }

    async fn last_seal(&self) -> PrintedSeal {
        self.road.books.stock.current_seal().await.unwrap().unwrap()
    }

    /// What is wrong with the seals.
    async fn wrong(&self, printed: &[PrintedSeal]) -> Vec<Finding> {
        let against = Against { printed: printed.to_vec(), after: None };
        let report = self.road.books.stock.verify_against(&against, |_| {}).await.unwrap();
        report.findings.into_iter().filter(|finding| finding.check == Check::Seals).collect()
    }

    /// What is wrong when only what comes after a seal is read, and up to which seal all is right.
    async fn after(&self, after: Option<PrintedSeal>) -> (Vec<Check>, Option<PrintedSeal>) {
        let against = Against { printed: Vec::new(), after };
        let mut up_to = None;
        let seen = |step| {
            if let Step::UpTo(seal) = step {
                up_to = Some(seal);
            }
        };
        let report = self.road.books.stock.verify_against(&against, seen).await.unwrap();
        (report.findings.into_iter().map(|finding| finding.check).collect(), up_to)
    }

    /// The record of a seal.
    async fn record_of(&self, sequence: i64) -> String {
        let text = format!("SELECT record_id AS id FROM seal WHERE sequence = {sequence}");
        self.raw.id_of(&text).await
    }
}

async fn every_record_gets_its_seal_once(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let stock = &full.road.books.stock;
    let records = stock.standing().await.unwrap().unsealed;
    assert!(records > 10 && stock.current_seal().await.unwrap().is_none());
    // Four nodes at once.
    let sealed = tokio::join!(
        stock.seal_waiting(),
        stock.seal_waiting(),
        stock.seal_waiting(),
        stock.seal_waiting()
    );
    let sealed: usize =
        [sealed.0, sealed.1, sealed.2, sealed.3].into_iter().map(Result::unwrap).sum();
    assert_eq!((sealed as i64, sealed < MOST_AT_ONCE), (records, true));
    assert_eq!(full.last_seal().await.sequence, records);
    assert_eq!(stock.seal_waiting().await.unwrap(), 0, "nothing waits any more");
    full.road.verify().await;
    // The chain goes on where it ended.
    let first = full.last_seal().await;
    full.reports(MaterialKind::Sticker).await;
    full.seals().await;
    let second = full.last_seal().await;
    assert!(second.sequence > first.sequence);
    assert_eq!(full.wrong(&[first, second]).await, []);
}

async fn a_record_that_was_changed_with_all_its_hashes_is_named(books: Arc<Books>) {
    let full = FullBooks::sealed(books).await;
    let record = full.record_of(5).await;
    let id = full.raw.literal(record.parse().unwrap());
    full.raw.damages(&format!("UPDATE record SET actor_id = org_id WHERE id = {id}")).await;
    let wrong = full.wrong(&[]).await;
    assert_eq!(wrong[0].row, format!("seal 5 of record {record}"));
    assert_eq!(wrong[0].found, "another one: the record or the chain was changed");
}

async fn a_seal_that_was_removed_leaves_a_gap(books: Arc<Books>) {
    let full = FullBooks::sealed(books).await;
    let next = full.record_of(6).await;
    full.raw.damages("DELETE FROM seal WHERE sequence = 5").await;
    let wrong = full.wrong(&[]).await;
    assert_eq!(wrong[0].row, format!("seal 6 of record {next}"));
    assert_eq!(wrong[0].found, "a gap before it");
    // Nor does it help to close the gap.
    full.raw.damages("UPDATE seal SET sequence = -sequence WHERE sequence > 5").await;
    full.raw.damages("UPDATE seal SET sequence = -sequence - 1 WHERE sequence < 0").await;
    assert_eq!(full.wrong(&[]).await[0].row, format!("seal 5 of record {next}"));
}

async fn two_records_that_were_swapped_are_named(books: Arc<Books>) {
    let full = FullBooks::sealed(books).await;
    let (fifth, sixth) = (full.record_of(5).await, full.record_of(6).await);
    let literal = |id: &str| full.raw.literal(id.parse().unwrap());
    let (one, other) = (literal(&fifth), literal(&sixth));
    full.raw
        .damages(&format!(
            "CREATE TABLE swapped AS SELECT sequence, record_id, hash FROM seal
                WHERE sequence IN (5, 6);
             DELETE FROM seal WHERE sequence IN (5, 6);
             INSERT INTO seal (sequence, record_id, hash)
                SELECT 5, {other}, (SELECT hash FROM swapped WHERE sequence = 5);
             INSERT INTO seal (sequence, record_id, hash)
                SELECT 6, {one}, (SELECT hash FROM swapped WHERE sequence = 6)"
        ))
        .await;
    assert_eq!(full.wrong(&[]).await[0].row, format!("seal 5 of record {sixth}"));
}

async fn a_record_that_was_dated_back_is_named(books: Arc<Books>) {
    let full = FullBooks::sealed(books).await;
    let id = full.raw.id(&full.road.books);
    full.raw
        .damages(&format!(
            "INSERT INTO record (id, kind, version, body, content_hash, actor_id, org_id,
                device_time, device_offset_minutes, clock_difference_ms, occurred_at, local_day,
                recorded_at, booked_month, entry, subject_kind, subject_id)
             SELECT {id}, kind, version, body, content_hash, actor_id, org_id, device_time,
                device_offset_minutes, clock_difference_ms, occurred_at, local_day,
                recorded_at - 172800000, booked_month, entry, subject_kind, subject_id
             FROM record WHERE recorded_at = (SELECT MAX(recorded_at) FROM record);
             INSERT INTO record_outcome (record_id, outcome, posting_hash, result)
             SELECT {id}, outcome, posting_hash, result FROM record_outcome LIMIT 1;
             DELETE FROM unsealed;
             INSERT INTO unsealed (record_id) VALUES ({id})"
        ))
        .await;
    full.seals().await;
    let wrong = full.wrong(&[]).await;
    assert_eq!(wrong[0].found, "one that was dated back", "{wrong:?}");
}

async fn a_tail_that_was_cut_off_is_missed_by_a_printed_seal(books: Arc<Books>) {
    let full = FullBooks::sealed(books).await;
    let last = full.last_seal().await;
    let sequence = last.sequence;
    full.raw
        .damages(&format!(
            "INSERT INTO unsealed (record_id) SELECT record_id FROM seal
                WHERE sequence = {sequence};
             DELETE FROM seal WHERE sequence = {sequence}"
        ))
        .await;
    assert_eq!(full.wrong(&[]).await, [], "the books alone do not show it");
    let wrong = full.wrong(std::slice::from_ref(&last)).await;
    assert_eq!(wrong[0].row, format!("seal {sequence}"));
    assert_eq!(wrong[0].found, format!("been cut off: the last seal is {}", sequence - 1));
    // The same record gets the same seal; another record would not.
    full.seals().await;
    assert_eq!(full.wrong(std::slice::from_ref(&last)).await, []);
    let other: PrintedSeal = format!("{sequence}:0000000000000000").parse().unwrap();
    let wrong = full.wrong(&[other]).await;
    assert_eq!(wrong[0].expected, format!("{sequence}:0000000000000000, as it is printed"));
    assert_eq!(wrong[0].found, last.to_string());
}

async fn a_record_that_slipped_past_the_sealer_is_named(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    full.raw.damages("DELETE FROM unsealed").await;
    full.seals().await;
    let wrong = full.wrong(&[]).await;
    assert_eq!(wrong[0].found, "neither, or both");
    assert!(wrong[0].row.starts_with("record "));
}

async fn what_was_looked_at_before_is_not_read_again(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    let all = full.road.books.stock.standing().await.unwrap().unsealed;
    // One record is sealed only later.
    let last = "(SELECT id FROM record ORDER BY recorded_at DESC, id DESC LIMIT 1)";
    full.raw.damages(&format!("DELETE FROM unsealed WHERE record_id = {last}")).await;
    full.seals().await;
    full.raw.damages(&format!("INSERT INTO unsealed (record_id) VALUES ({last})")).await;
    let (wrong, before) = full.after(None).await;
    let before = before.unwrap();
    assert_eq!((wrong, before.sequence), (vec![], all - 1));
    full.seals().await;
    let (wrong, up_to) = full.after(Some(before.clone())).await;
    assert_eq!((wrong, up_to.unwrap().sequence), (vec![], all));

    let first = "(SELECT record_id FROM seal WHERE sequence = 1)";
    let longer = |id: &str| format!("UPDATE record SET body = body || ' ' WHERE id = {id}");
    full.raw.damages(&longer(first)).await;
    assert_eq!(full.after(None).await, (vec![Check::Records], None));
    let (wrong, _) = full.after(Some(before.clone())).await;
    assert_eq!(wrong, [], "it was right when it was looked at");
    full.raw.damages(&longer(last)).await;
    assert_eq!(full.after(Some(before)).await, (vec![Check::Records], None));
}

async fn a_chain_that_is_not_the_one_looked_at_before_is_named(books: Arc<Books>) {
    let full = FullBooks::sealed(books).await;
    let last = full.last_seal().await;
    let (wrong, up_to) = full.after(Some(last.clone())).await;
    assert_eq!((wrong, up_to), (vec![], None), "nothing came after it");
    let other: PrintedSeal = format!("{}:0000000000000000", last.sequence).parse().unwrap();
    assert_eq!(full.after(Some(other)).await, (vec![Check::Seals], None));
    let beyond: PrintedSeal = format!("{}:0000000000000000", last.sequence + 1).parse().unwrap();
    assert_eq!(full.after(Some(beyond)).await, (vec![Check::Seals], None));
    // A seal from paper is looked for also before the place to go on from.
    let printed = vec!["1:0000000000000000".parse().unwrap()];
    let against = Against { printed, after: Some(last) };
    let report = full.road.books.stock.verify_against(&against, |_| {}).await.unwrap();
    assert_eq!(report.findings[0].check, Check::Seals);
}
