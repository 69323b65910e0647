//! The sealer: gives committed records their gap-free sequence and their place in the hash chain
//! (rule 10). A record may wait for its seal for a moment.

use crate::Stock;
use crate::db::{self, all, one};
use crate::movements::line_sums;
use crate::query::{Query, insert_rows};
use domain::records::canonical::Hash;
use domain::records::seal::{BEGINNING, Covered, PrintedSeal, seal_hash};
use domain::time::{Millis, Month};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};
use uuid::Uuid;

/// Records that are sealed in one transaction.
pub const MOST_AT_ONCE: usize = 500;

/// What a seal covers, as it is stored: columns of the record `r` and its outcome `o`.
pub(crate) const COVERED: &str = "r.id, r.content_hash, o.posting_hash, r.note_hash, r.actor_id,
    r.org_id, r.subject_kind, r.subject_id, r.store_id, r.clock_difference_ms, r.occurred_at,
    r.recorded_at, r.booked_month, o.outcome";

#[derive(FromQueryResult)]
pub(crate) struct CoveredRow {
    id: Uuid,
    content_hash: Vec<u8>,
    posting_hash: Vec<u8>,
    note_hash: Option<Vec<u8>>,
    actor_id: Uuid,
    org_id: Uuid,
    subject_kind: String,
    subject_id: Uuid,
    store_id: Option<Uuid>,
    clock_difference_ms: i64,
    occurred_at: i64,
    recorded_at: i64,
    booked_month: i64,
    outcome: String,
}

#[derive(FromQueryResult)]
struct Last {
    sequence: i64,
    hash: Vec<u8>,
}

/// What the figures say of the books as a whole.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct Standing {
    /// The number of the newest seal.
    pub sealed: i64,
    /// Records that wait for theirs.
    pub unsealed: i64,
    pub sessions: i64,
}

impl CoveredRow {
    pub fn covered(self) -> Result<Covered, DbErr> {
        Ok(Covered {
            record: self.id.into(),
            content: hash(&self.content_hash)?,
            posting: hash(&self.posting_hash)?,
            note: self.note_hash.as_deref().map(hash).transpose()?,
            actor: self.actor_id.into(),
            org: self.org_id.into(),
            subject_kind: self.subject_kind,
            subject: self.subject_id,
            store: self.store_id.map(Into::into),
            clock_difference_ms: self.clock_difference_ms,
            occurred_at: Millis(self.occurred_at),
            recorded_at: Millis(self.recorded_at),
            booked_month: Month(i32::try_from(self.booked_month).unwrap_or_default()),
            outcome: self.outcome,
        })
    }
}

fn hash(bytes: &[u8]) -> Result<Hash, DbErr> {
    bytes.try_into().map_err(|_| DbErr::Type(format!("{} bytes are not a hash", bytes.len())))
}

async fn last(db: &impl ConnectionTrait) -> Result<Option<(i64, Hash)>, DbErr> {
    let last: Option<Last> =
        one(db, "SELECT sequence, hash FROM seal ORDER BY sequence DESC LIMIT 1", []).await?;
    last.map(|last| Ok((last.sequence, hash(&last.hash)?))).transpose()
}

pub(crate) async fn newest(db: &impl ConnectionTrait) -> Result<Option<PrintedSeal>, DbErr> {
    let last = last(db).await?;
    Ok(last.map(|(sequence, hash)| PrintedSeal::new(sequence, &hash)))
}

impl Stock {
    /// The newest seal, as reports print it; `None` while nothing is sealed.
    pub async fn current_seal(&self) -> Result<Option<PrintedSeal>, DbErr> {
        newest(self.db.read()).await
    }

    /// Where the books stand, for the figures.
    pub async fn standing(&self) -> Result<Standing, DbErr> {
        let text = "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM seal) AS sealed, \
            (SELECT COUNT(*) FROM unsealed) AS unsealed, \
            (SELECT COUNT(*) FROM session WHERE ended_at IS NULL AND expires_at > $1) AS sessions";
        let row = one(self.db.read(), text, [self.world.now().0.into()]).await?;
        row.ok_or_else(|| DbErr::RecordNotFound("the books' standing".to_owned()))
    }

    /// Seals the records that wait, at most [`MOST_AT_ONCE`]; gives how many. Any number of nodes
    /// may call this: one after the other does it.
    pub async fn seal_waiting(&self) -> Result<usize, DbErr> {
        // Not a transaction, and so no write to the disk, while nothing waits.
        if !Query::new("SELECT record_id FROM unsealed LIMIT 1").finds(self.db.read()).await? {
            return Ok(0);
        }
        self.db.write(|tx: &DatabaseTransaction| Box::pin(seal(tx))).await
    }
}

/// Until the end of the transaction no other one gives seals, or changes what they come with.
pub(crate) async fn one_at_a_time(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        db::run(tx, "SELECT pg_advisory_xact_lock(842018)", []).await?;
    }
    Ok(())
}

async fn seal(tx: &DatabaseTransaction) -> Result<usize, DbErr> {
    one_at_a_time(tx).await?;
    let text = format!(
        "SELECT {COVERED} FROM (SELECT position, record_id FROM unsealed
            ORDER BY position LIMIT {MOST_AT_ONCE}) u JOIN record r ON r.id = u.record_id
         JOIN record_outcome o ON o.record_id = r.id ORDER BY u.position"
    );
    let waiting: Vec<CoveredRow> = all(tx, &text, []).await?;
    let (mut sequence, mut previous) = last(tx).await?.unwrap_or((0, BEGINNING));
    let (mut seals, mut sealed) = (Vec::with_capacity(waiting.len()), Vec::new());
    for row in waiting {
        let covered = row.covered()?;
        sequence += 1;
        previous = seal_hash(&previous, sequence, &covered);
        let record = covered.record.uuid();
        seals.push([sequence.into(), record.into(), previous.to_vec().into()]);
        sealed.push(record);
    }
    let count = sealed.len();
    insert_rows(tx, "seal (sequence, record_id, hash)", seals, "").await?;
    let sealed_now = Query::new("DELETE FROM unsealed WHERE record_id IN ");
    sealed_now.list(sealed.iter().copied()).run(tx).await?;
    line_sums::add_records(tx, sealed).await?;
    Ok(count)
}
