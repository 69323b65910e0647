//! What a receiver counted: which packs that shows, and which movements it makes.
//!
//! The receiver counts without having seen what was sent (rule 11). What he has is his; what is
//! missing stays in transit, and what is too much comes from nowhere until somebody explains it.

use super::Rest;
use super::sorted::{Expected, Sorted};
use crate::account::Account;
use crate::ids::{BatchId, ConsignmentId, PackId, StoreId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pieces::{MOST_PIECES, Pieces};
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was counted of one batch. A line with nothing but zeros says: none of it came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CountedLine {
    pub batch: BatchId,
    /// Whole sealed cartons that look as they should, accepted as marked.
    pub full_cartons: i64,
    /// Labels that were scanned or typed: these packs are here for certain.
    #[serde(default)]
    pub packs: Vec<PackId>,
    /// Good pieces altogether, those in cartons included.
    pub good: i64,
    pub damaged: i64,
    #[serde(default)]
    pub damage: Option<Reason>,
}

/// What follows from a count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Arrival {
    pub drafts: Vec<Draft>,
    /// Packs that are sealed in the receiver's store now.
    pub sealed: Vec<PackId>,
    /// Packs that may be in the receiver's store: somebody has to look for them there.
    pub check: Vec<PackId>,
    /// Packs that did not come although all pieces did, in other packs: where they were loaded,
    /// somebody has to look for them.
    pub left_behind: Vec<PackId>,
}

/// Why a count cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalError {
    #[error("nothing was counted")]
    Nothing,
    #[error("a batch was counted twice")]
    Twice { batch: BatchId },
    #[error("a quantity is negative")]
    Negative { batch: BatchId },
    #[error("more than 1,000,000,000 pieces")]
    TooMany { batch: BatchId },
    #[error("damaged pieces need a reason")]
    DamageReason { batch: BatchId },
}

/// Works out what a count at the store `to` means.
pub fn arrive(
    consignment: ConsignmentId,
    to: StoreId,
    at: Millis,
    counted: &[CountedLine],
    rest: Rest,
    expected: &Expected,
) -> Result<Arrival, ArrivalError> {
    check(counted, rest)?;
    let from = Account::in_transit(consignment);
    let line = |batch, to, pieces| {
        let pieces = Pieces::new(pieces).ok()?;
        Some(Line { batch, from, to, pieces })
    };
    let mut arrival = Arrival::default();
    let good: Vec<Line> = counted
        .iter()
        .filter_map(|counted| line(counted.batch, Account::store(to), counted.good))
        .collect();
    if !good.is_empty() {
        arrival.drafts.push(Draft::new(MovementKind::Deliver, Reason::Planned, at, good));
    }
    let reasons: BTreeSet<Reason> = counted.iter().filter_map(|counted| counted.damage).collect();
    for reason in reasons {
        let lines: Vec<Line> = counted
            .iter()
            .filter(|counted| counted.damage == Some(reason))
            .filter_map(|counted| line(counted.batch, Account::damaged(to), counted.damaged))
            .collect();
        if !lines.is_empty() {
            arrival.drafts.push(Draft::new(MovementKind::Deliver, reason, at, lines));
        }
    }
    for counted in counted {
        let Sorted { sealed, check, left_behind } = expected.sort(counted, rest);
        arrival.sealed.extend(sealed);
        arrival.check.extend(check);
        arrival.left_behind.extend(left_behind);
    }
    Ok(arrival)
}

/// A typing error of one digit more is at least so many times what is there.
const FAR_TOO_MANY_TIMES: i64 = 8;

/// Whether so many pieces were counted of what was sent that it looks like a slip; never a reason
/// to refuse it. What was not sent at all is extra, however much it is.
pub fn is_far_too_many(sent: i64, counted: &CountedLine) -> bool {
    let pieces = counted.good.saturating_add(counted.damaged);
    sent > 0 && pieces > sent.saturating_mul(FAR_TOO_MANY_TIMES)
}

fn check(counted: &[CountedLine], rest: Rest) -> Result<(), ArrivalError> {
    // That nothing came and all of it is still coming is what everybody knows without a count.
    let came = counted.iter().any(|line| line.good != 0 || line.damaged != 0);
    if counted.is_empty() || (rest == Rest::StillComing && !came) {
        return Err(ArrivalError::Nothing);
    }
    let mut seen = BTreeSet::new();
    for line in counted {
        let batch = line.batch;
        if !seen.insert(batch) {
            return Err(ArrivalError::Twice { batch });
        }
        if line.good < 0 || line.damaged < 0 || line.full_cartons < 0 {
            return Err(ArrivalError::Negative { batch });
        }
        if line.good > MOST_PIECES || line.damaged > MOST_PIECES {
            return Err(ArrivalError::TooMany { batch });
        }
        if line.damaged > 0 && line.damage.is_none() {
            return Err(ArrivalError::DamageReason { batch });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const BATCH: BatchId = BatchId::new(Uuid::from_u128(1));

    fn counted(full_cartons: i64, good: i64, damaged: i64) -> CountedLine {
        let damage = (damaged > 0).then_some(Reason::Wet);
        CountedLine { batch: BATCH, full_cartons, packs: Vec::new(), good, damaged, damage }
    }

    fn arrived(lines: &[CountedLine]) -> Result<Arrival, ArrivalError> {
        let (consignment, to) = (Uuid::from_u128(9).into(), Uuid::from_u128(8).into());
        arrive(consignment, to, Millis(0), lines, Rest::NothingMore, &Expected::default())
    }

    #[test]
    fn a_first_part_holds_something() {
        let part = |line| {
            let (consignment, to) = (Uuid::from_u128(9).into(), Uuid::from_u128(8).into());
            let (rest, expected) = (Rest::StillComing, Expected::default());
            arrive(consignment, to, Millis(0), &[line], rest, &expected)
        };
        assert_eq!(part(counted(0, 0, 0)), Err(ArrivalError::Nothing));
        assert!(part(counted(0, 1, 0)).is_ok() && part(counted(0, 0, 1)).is_ok());
    }

    #[test]
    fn a_digit_too_many_is_far_too_many() {
        assert!(!is_far_too_many(1_000, &counted(0, 8_000, 0)));
        assert!(is_far_too_many(1_000, &counted(0, 7_900, 101)));
        assert!(!is_far_too_many(0, &counted(0, 500, 0)), "nothing was sent to compare it with");
    }

    #[test]
    fn damaged_pieces_make_a_movement_of_their_own() {
        let arrival = arrived(&[counted(2, 1_000, 300)]).unwrap();
        assert_eq!(arrival.drafts.len(), 2);
        assert_eq!(arrival.drafts[0].reason, Reason::Planned);
        assert_eq!(arrival.drafts[1].reason, Reason::Wet);
        assert_eq!(arrival.drafts[1].lines[0].pieces.get(), 300);
    }

    #[test]
    fn nothing_came_is_a_statement_without_movements() {
        assert_eq!(arrived(&[counted(0, 0, 0)]), Ok(Arrival::default()));
    }

    #[test]
    fn a_count_that_makes_no_sense_says_why() {
        let batch = BATCH;
        assert_eq!(arrived(&[counted(0, -1, 0)]), Err(ArrivalError::Negative { batch }));
        let many = counted(0, MOST_PIECES + 1, 0);
        assert_eq!(arrived(&[many]), Err(ArrivalError::TooMany { batch }));
        let mut line = counted(0, 0, 5);
        line.damage = None;
        assert_eq!(arrived(&[line]), Err(ArrivalError::DamageReason { batch }));
        let twice = [counted(0, 1, 0), counted(0, 2, 0)];
        assert_eq!(arrived(&twice), Err(ArrivalError::Twice { batch }));
        assert_eq!(arrived(&[]), Err(ArrivalError::Nothing));
    }
}
