//! The chain of seals and the records that it covers, in one walk along it.

use super::records::Hashes;
use super::{Against, Check, Finding, Step};
use crate::db::{all, one};
use crate::seals::{COVERED, CoveredRow};
use domain::records::canonical::Hash;
use domain::records::seal::{BEGINNING, Covered, PrintedSeal, seal_hash};
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

#[derive(FromQueryResult)]
struct StartRow {
    hash: Vec<u8>,
    recorded_at: i64,
}

/// The chain as far as it has been followed.
struct Chain {
    printed: Vec<PrintedSeal>,
    hash: Hash,
    sequence: i64,
    /// When the latest of its records was recorded.
    latest: i64,
}

fn wrong(row: String, expected: String, found: &str) -> Finding {
    Finding { check: Check::Seals, row, expected, found: found.to_owned() }
}

impl Chain {
    /// Goes one seal further, or says what is wrong with it.
    fn follow(&mut self, seal: &SealRow, record: Option<Covered>) -> Result<(), Finding> {
        let wrong = |expected: String, found: &str| {
            let row = format!("seal {} of record {}", seal.sequence, seal.record_id);
            Err(wrong(row, expected, found))
        };
        let sequence = self.sequence + 1;
        if seal.sequence != sequence {
            return wrong(format!("the number {sequence}"), "a gap before it");
        }
        let Some(record) = record else {
            return wrong("its record".to_owned(), "none, or one without an outcome");
        };
        let hash = seal_hash(&self.hash, sequence, &record);
        let printed = PrintedSeal::new(sequence, &hash);
        if hash.as_slice() != seal.hash {
            let found = "another one: the record or the chain was changed";
            return wrong(format!("the hash {printed}"), found);
        }
        if record.recorded_at.0 + MOST_BACKWARDS < self.latest {
            let after = format!("a record made after {}", Millis(self.latest).day());
            return wrong(after, "one that was dated back");
        }
        self.latest = self.latest.max(record.recorded_at.0);
        (self.hash, self.sequence) = (hash, sequence);
        let of_this = |other: &&PrintedSeal| other.sequence == sequence && !other.is_of(&hash);
        match self.printed.iter().find(of_this) {
            Some(other) => wrong(format!("{other}, as it is printed"), &printed.to_string()),
            None => Ok(()),
        }
    }

    /// Whether the chain has come to every seal that was printed.
    fn ends(&self) -> Result<(), Finding> {
        match self.printed.iter().find(|seal| seal.sequence > self.sequence) {
            None => Ok(()),
            Some(beyond) => Err(wrong(
                format!("seal {}", beyond.sequence),
                format!("{beyond}, as it is printed"),
                &format!("been cut off: the last seal is {}", self.sequence),
            )),
        }
    }
}

/// What is wrong with the records, and what with their seals.
#[derive(Default)]
pub(super) struct Walked {
    pub records: Option<Finding>,
    pub seals: Option<Finding>,
}

impl Walked {
    fn is_clean(&self) -> bool {
        self.records.is_none() && self.seals.is_none()
    }
}

/// Follows the chain from its beginning, or from where it was followed to before, looks at every
/// record on it, and sees that it passes through every seal that was printed.
pub(super) async fn walk(
    db: &DatabaseTransaction,
    against: &Against,
    seen: &mut impl FnMut(Step),
) -> Result<Walked, DbErr> {
    let mut walked = Walked::default();
    let hashes = Hashes::new(db).await?;
    let mut chain = match start(db, against).await? {
        Ok(chain) => chain,
        Err(finding) => return Ok(Walked { seals: Some(finding), ..walked }),
    };
    let mut at = chain.sequence;
    loop {
        let text = format!(
            "SELECT sequence, record_id, hash FROM seal WHERE sequence > $1
             ORDER BY sequence LIMIT {SEALS_A_STEP}"
        );
        let seals: Vec<SealRow> = all(db, &text, [at.into()]).await?;
        let (Some(first), Some(last)) = (seals.first(), seals.last()) else { break };
        at = last.sequence;
        if walked.records.is_none() {
            walked.records = hashes.of_seals(first.sequence, last.sequence).await?;
        }
        if walked.seals.is_none() {
            walked.seals = follow(db, &mut chain, &seals).await?.err();
        }
        if walked.is_clean() {
            seen(Step::UpTo(PrintedSeal::whole(chain.sequence, &chain.hash)));
        }
    }
    if walked.records.is_none() {
        walked.records = hashes.of_unsealed().await?;
    }
    if walked.seals.is_none() {
        walked.seals = match chain.ends() {
            Ok(()) => unsealed(db).await?,
            Err(finding) => Some(finding),
        };
    }
    Ok(walked)
}

/// The chain up to the seal after which it is to be followed, if the books still hold that one.
/// Only the whole chain proves a printed seal before that one.
async fn start(
    db: &DatabaseTransaction,
    against: &Against,
) -> Result<Result<Chain, Finding>, DbErr> {
    let mut printed = against.printed.clone();
    let comes_first =
        |after: &&PrintedSeal| printed.iter().all(|seal| seal.sequence > after.sequence);
    let Some(after) = against.after.as_ref().filter(comes_first) else {
        printed.extend(against.after.clone());
        return Ok(Ok(Chain { printed, hash: BEGINNING, sequence: 0, latest: i64::MIN }));
    };
    let text = "SELECT s.hash, r.recorded_at FROM seal s JOIN record r ON r.id = s.record_id
        WHERE s.sequence = $1";
    let row: Option<StartRow> = one(db, text, [after.sequence.into()]).await?;
    let same = row.filter(|row| after.is_of(&row.hash));
    let hash = same.as_ref().and_then(|row| Hash::try_from(row.hash.as_slice()).ok());
    let Some((row, hash)) = same.zip(hash) else {
        let row = format!("seal {}", after.sequence);
        let expected = format!("{after}, up to which it was looked at before");
        return Ok(Err(wrong(row, expected, "another one, or none")));
    };
    Ok(Ok(Chain { printed, hash, sequence: after.sequence, latest: row.recorded_at }))
}

async fn follow(
    db: &DatabaseTransaction,
    chain: &mut Chain,
    seals: &[SealRow],
) -> Result<Result<(), Finding>, DbErr> {
    let (Some(first), Some(last)) = (seals.first(), seals.last()) else { return Ok(Ok(())) };
    let text = format!(
        "SELECT {COVERED} FROM seal s JOIN record r ON r.id = s.record_id
         JOIN record_outcome o ON o.record_id = r.id
         WHERE s.sequence BETWEEN $1 AND $2 ORDER BY s.sequence"
    );
    let range = [first.sequence.into(), last.sequence.into()];
    let covered: Vec<CoveredRow> = all(db, &text, range).await?;
    let mut covered = covered.into_iter().map(CoveredRow::covered).peekable();
    for seal in seals {
        let of_this = |next: &Result<Covered, DbErr>| {
            next.as_ref().is_ok_and(|covered| covered.record.uuid() == seal.record_id)
        };
        let record = covered.next_if(of_this).transpose()?;
        if let Err(finding) = chain.follow(seal, record) {
            return Ok(Err(finding));
        }
    }
    Ok(Ok(()))
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
