//! Proves the books: makes every balance, sum, hash and state again from the lines and records,
//! and names the first row that is wrong.
//!
//! Reads only, and all of it as it was at one moment, so that books in use are right or wrong. Each
//! check is one query or one stream and knows nothing of the code that wrote the rows beyond the
//! pure functions of `domain`.

mod balances;
mod documents;
mod flows;
mod packs;
mod records;
mod seals;

use crate::Stock;
use crate::seals::newest;
use domain::records::seal::PrintedSeal;
use sea_orm::{DatabaseTransaction, DbErr};
use seals::Walked;

/// What one check looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// Every balance equals the sum of its lines.
    Balances,
    /// Every batch sums to zero over all accounts.
    BatchSums,
    /// No real account is below zero at the end of any day.
    NeverBelowZero,
    /// Every line joins accounts that its kind of movement may join, on its movement's day.
    Lines,
    /// Every reversal is the mirror of its original.
    Reversals,
    /// The month's sums equal what the lines say.
    MonthFlows,
    /// What was counted is what the books say for that moment.
    Counts,
    /// The state of every pack is the last that a record said, and sealed packs fit the balance.
    Packs,
    /// Events and consignments stand where what is recorded about them says.
    Documents,
    /// Every record still has the bytes that were hashed, and did what was hashed.
    Records,
    /// Every seal follows from the one before it and from its record.
    Seals,
}

impl Check {
    pub const ALL: [Self; 11] = [
        Self::Balances,
        Self::BatchSums,
        Self::NeverBelowZero,
        Self::Lines,
        Self::Reversals,
        Self::MonthFlows,
        Self::Counts,
        Self::Packs,
        Self::Documents,
        Self::Records,
        Self::Seals,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Balances => "balances equal their lines",
            Self::BatchSums => "every batch sums to zero",
            Self::NeverBelowZero => "no account below zero on any day",
            Self::Lines => "lines join the right accounts",
            Self::Reversals => "reversals mirror their originals",
            Self::Records => "records have their hashes",
            Self::MonthFlows => "monthly sums equal their lines",
            Self::Counts => "counted stock stayed counted",
            Self::Packs => "packs fit their balances",
            Self::Documents => "events and consignments stand where their records say",
            Self::Seals => "seals lead from record to record",
        }
    }
}

/// The first row that a check found wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    pub check: Check,
    /// The table and key of the row, for whoever repairs it: `balance account 7 batch 0190…`.
    pub row: String,
    pub expected: String,
    pub found: String,
}

/// What `verify` looked at and found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    pub movements: i64,
    pub records: i64,
    /// The newest seal, and how many records wait for theirs.
    pub seal: Option<PrintedSeal>,
    pub unsealed: i64,
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What the books are held against, beside themselves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Against {
    /// Seals from paper, that the chain must pass through.
    pub printed: Vec<PrintedSeal>,
    /// Up to here records and seals were looked at before: only what comes after is read again.
    pub after: Option<PrintedSeal>,
}

/// What is heard of a verification while it goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    Begins(Check),
    /// Every record up to this seal, and the chain to it, was looked at and is right.
    UpTo(PrintedSeal),
}

impl Stock {
    /// Runs every check; `seen` hears of each one before it starts.
    pub async fn verify(&self, seen: impl FnMut(Step)) -> Result<Report, DbErr> {
        self.verify_against(&Against::default(), seen).await
    }

    /// The same, held against what was printed or looked at before.
    pub async fn verify_against(
        &self,
        against: &Against,
        mut seen: impl FnMut(Step),
    ) -> Result<Report, DbErr> {
        let db = &self.db.snapshot().await?;
        let mut report = Report {
            movements: count(db, "SELECT COUNT(*) AS n FROM movement").await?,
            records: count(db, "SELECT COUNT(*) AS n FROM record").await?,
            seal: newest(db).await?,
            unsealed: count(db, "SELECT COUNT(*) AS n FROM unsealed").await?,
            findings: Vec::new(),
        };
        let mut walked = Walked::default();
        for check in Check::ALL {
            seen(Step::Begins(check));
            let finding = match check {
                Check::Balances => balances::equal_their_lines(db).await?,
                Check::BatchSums => balances::batches_sum_to_zero(db).await?,
                Check::NeverBelowZero => balances::never_below_zero(db).await?,
                Check::Lines => records::lines_join(db).await?,
                Check::Reversals => records::reversals_mirror(db).await?,
                Check::MonthFlows => flows::equal_their_lines(db).await?,
                Check::Counts => balances::counts_hold(db).await?,
                Check::Packs => packs::fit(db).await?,
                Check::Documents => documents::stand_where_their_records_say(db).await?,
                Check::Records => {
                    walked = seals::walk(db, against, &mut seen).await?;
                    walked.records.take()
                }
                Check::Seals => walked.seals.take(),
            };
            report.findings.extend(finding);
        }
        Ok(report)
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Count {
    n: i64,
}

async fn count(db: &DatabaseTransaction, text: &str) -> Result<i64, DbErr> {
    Ok(crate::db::one::<Count, _>(db, text, []).await?.map_or(0, |row| row.n))
}
