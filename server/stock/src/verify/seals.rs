//! The chain of seals against the records that it covers.

use super::{Check, Finding};
use crate::db::{all, one};
use crate::seals::{COVERED, CoveredRow};
use domain::records::seal::{BEGINNING, PrintedSeal, seal_hash};
use domain::time::Millis;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

/// Seals that are looked at together.
const SEALS_A_STEP: usize = 500;

/// Clocks of several nodes differ, and a clock may be set back; not by more than this.
const MOST_BACKWARDS: i64 = 24 * 60 * 60_000;

#[derive(FromQueryResult)]
struct SealRow {
    sequence: i64,
    record_id: Uuid,
    hash: Vec<u8>,
}

/// Follows the chain from its beginning, and sees that it passes through every seal of `expected`.
pub(super) async fn lead_on(
    db: &DatabaseTransaction,
    expected: &[PrintedSeal],
) -> Result<Option<Finding>, DbErr> {
    let (mut previous, mut sequence, mut latest) = (BEGINNING, 0, i64::MIN);
    loop {
        let text = format!(
            "SELECT sequence, record_id, hash FROM seal WHERE sequence > $1
             ORDER BY sequence LIMIT {SEALS_A_STEP}"
        );
        let seals: Vec<SealRow> = all(db, &text, [sequence.into()]).await?;
        let (Some(first), Some(last)) = (seals.first(), seals.last()) else { break };
        let text = format!(
            "SELECT {COVERED} FROM seal s JOIN record r ON r.id = s.record_id
             JOIN record_outcome o ON o.record_id = r.id
             WHERE s.sequence BETWEEN $1 AND $2 ORDER BY s.sequence"
        );
        let range = [first.sequence.into(), last.sequence.into()];
        let covered: Vec<CoveredRow> = all(db, &text, range).await?;
        let mut covered = covered.into_iter().map(CoveredRow::covered).peekable();
        for seal in seals {
            sequence += 1;
            let wrong = |expected: String, found: &str| {
                let row = format!("seal {} of record {}", seal.sequence, seal.record_id);
                Ok(Some(Finding { check: Check::Seals, row, expected, found: found.to_owned() }))
            };
            if seal.sequence != sequence {
                return wrong(format!("the number {sequence}"), "a gap before it");
            }
            let record = match covered.next_if(|next| {
                next.as_ref().is_ok_and(|covered| covered.record.uuid() == seal.record_id)
            }) {
                Some(covered) => covered?,
                None => return wrong("its record".to_owned(), "none, or one without an outcome"),
            };
            let hash = seal_hash(&previous, sequence, &record);
            if hash.as_slice() != seal.hash {
                let expected = format!("the hash {}", PrintedSeal::new(sequence, &hash));
                return wrong(expected, "another one: the record or the chain was changed");
            }
            if record.recorded_at.0 + MOST_BACKWARDS < latest {
                let after = format!("a record made after {}", Millis(latest).day());
                return wrong(after, "one that was dated back");
            }
            latest = latest.max(record.recorded_at.0);
            previous = hash;
            if let Some(other) =
                expected.iter().find(|seal| seal.sequence == sequence && !seal.is_of(&hash))
            {
                let printed = PrintedSeal::new(sequence, &hash);
                return wrong(format!("{other}, as it is printed"), &printed.to_string());
            }
        }
    }
    if let Some(beyond) = expected.iter().find(|seal| seal.sequence > sequence) {
        return Ok(Some(Finding {
            check: Check::Seals,
            row: format!("seal {}", beyond.sequence),
            expected: format!("{beyond}, as it is printed"),
            found: format!("been cut off: the last seal is {sequence}"),
        }));
    }
    unsealed(db).await
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// A record without a seal waits for one.
async fn unsealed(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let wrong: Option<IdRow> = one(
        db,
        "SELECT o.record_id AS id FROM record_outcome o
         LEFT JOIN seal s ON s.record_id = o.record_id
         LEFT JOIN unsealed u ON u.record_id = o.record_id
         WHERE (s.record_id IS NULL) = (u.record_id IS NULL) ORDER BY o.record_id LIMIT 1",
        [],
    )
    .await?;
    Ok(wrong.map(|wrong| Finding {
        check: Check::Seals,
        row: format!("record {}", wrong.id),
        expected: "a seal, or a place among those that wait for one".to_owned(),
        found: "neither, or both".to_owned(),
    }))
}
