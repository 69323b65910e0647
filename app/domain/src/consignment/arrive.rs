//! What a receiver counted: which packs that shows, and which movements it makes.
//!
//! The receiver counts without having seen what was sent (rule 11). What he has is his; what is
//! missing stays in transit, and what is too much comes from nowhere until somebody explains it.

use crate::account::Account;
use crate::ids::{BatchId, ConsignmentId, PackId, StoreId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pack::PackKind;
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

/// A pack that is in transit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parcel {
    pub id: PackId,
    pub batch: BatchId,
    pub kind: PackKind,
    pub nominal: i64,
    /// The most that a pack of this kind of the batch holds.
    pub full: i64,
}

/// What follows from a count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Arrival {
    pub drafts: Vec<Draft>,
    /// Packs that are sealed in the receiver's store now.
    pub sealed: Vec<PackId>,
    /// Packs that must be somewhere in the receiver's store, in a state that nobody knows.
    pub check: Vec<PackId>,
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

/// Works out what a count means. `in_transit` are the parcels and, for each batch, the pieces that
/// the transit account holds before this delivery.
pub fn arrive(
    consignment: ConsignmentId,
    to: StoreId,
    at: Millis,
    counted: &[CountedLine],
    parcels: &[Parcel],
    in_transit: impl Fn(BatchId) -> i64,
) -> Result<Arrival, ArrivalError> {
    check(counted)?;
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
        let of_batch: Vec<&Parcel> =
            parcels.iter().filter(|parcel| parcel.batch == counted.batch).collect();
        sort_packs(&mut arrival, counted, &of_batch, in_transit(counted.batch));
    }
    Ok(arrival)
}

/// Everything came in good order, or these very labels were scanned, or all full cartons were
/// counted: then the packs are known. Where nothing of the batch is left on the road, the others
/// have to be looked for in the store.
fn sort_packs(arrival: &mut Arrival, counted: &CountedLine, parcels: &[&Parcel], sent: i64) {
    let all_good = counted.damaged == 0 && counted.good >= sent;
    let full = |parcel: &Parcel| parcel.kind == PackKind::Carton && parcel.nominal == parcel.full;
    let full_cartons = parcels.iter().filter(|parcel| full(parcel)).count() as i64;
    let all_full = counted.full_cartons >= full_cartons;
    let nothing_left = counted.good + counted.damaged >= sent;
    let mut room = counted.good;
    let mut rest = Vec::new();
    for parcel in parcels {
        let known = all_good || counted.packs.contains(&parcel.id) || (all_full && full(parcel));
        if known && parcel.nominal <= room {
            room -= parcel.nominal;
            arrival.sealed.push(parcel.id);
        } else {
            rest.push(parcel.id);
        }
    }
    if nothing_left {
        arrival.check.extend(rest);
    }
}

fn check(counted: &[CountedLine]) -> Result<(), ArrivalError> {
    if counted.is_empty() {
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

    /// Three cartons: 500, 500 and a last one of 300.
    fn parcels() -> Vec<Parcel> {
        [(1, 500), (2, 500), (3, 300)]
            .map(|(id, nominal)| Parcel {
                id: PackId::new(Uuid::from_u128(id)),
                batch: BATCH,
                kind: PackKind::Carton,
                nominal,
                full: 500,
            })
            .to_vec()
    }

    fn arrived(line: CountedLine) -> Result<Arrival, ArrivalError> {
        let (consignment, to) = (Uuid::from_u128(9).into(), Uuid::from_u128(8).into());
        arrive(consignment, to, Millis(0), &[line], &parcels(), |_| 1_300)
    }

    fn numbers(packs: &[PackId]) -> Vec<u128> {
        packs.iter().map(|pack| pack.uuid().as_u128()).collect()
    }

    #[test]
    fn all_that_was_sent_arrives_with_its_packs() {
        let arrival = arrived(counted(2, 1_300, 0)).unwrap();
        assert_eq!(arrival.drafts.len(), 1);
        assert_eq!(numbers(&arrival.sealed), [1, 2, 3]);
        assert_eq!(arrival.check, []);
    }

    #[test]
    fn full_cartons_are_known_when_all_of_them_were_counted() {
        let arrival = arrived(counted(2, 1_000, 0)).unwrap();
        assert_eq!(numbers(&arrival.sealed), [1, 2]);
        assert_eq!(arrival.check, [], "the third is still on the road");
    }

    #[test]
    fn of_one_carton_too_few_nobody_knows_which_one_it_is() {
        let arrival = arrived(counted(1, 800, 0)).unwrap();
        assert_eq!(arrival.sealed, []);
        let mut line = counted(1, 800, 0);
        line.packs = vec![parcels()[1].id];
        assert_eq!(numbers(&arrived(line).unwrap().sealed), [2]);
    }

    #[test]
    fn damaged_pieces_make_a_movement_of_their_own_and_packs_to_look_for() {
        let arrival = arrived(counted(2, 1_000, 300)).unwrap();
        assert_eq!(arrival.drafts.len(), 2);
        assert_eq!(arrival.drafts[1].reason, Reason::Wet);
        assert_eq!(numbers(&arrival.sealed), [1, 2]);
        assert_eq!(numbers(&arrival.check), [3]);
    }

    #[test]
    fn nothing_came_is_a_statement_without_movements() {
        assert_eq!(arrived(counted(0, 0, 0)), Ok(Arrival::default()));
    }

    #[test]
    fn sealed_packs_never_promise_more_than_was_counted() {
        let arrival = arrived(counted(2, 700, 0)).unwrap();
        assert_eq!(numbers(&arrival.sealed), [1]);
    }

    #[test]
    fn a_count_that_makes_no_sense_says_why() {
        let batch = BATCH;
        assert_eq!(arrived(counted(0, -1, 0)), Err(ArrivalError::Negative { batch }));
        let many = counted(0, MOST_PIECES + 1, 0);
        assert_eq!(arrived(many), Err(ArrivalError::TooMany { batch }));
        let mut line = counted(0, 0, 5);
        line.damage = None;
        assert_eq!(arrived(line.clone()), Err(ArrivalError::DamageReason { batch }));
        let (consignment, to) = (Uuid::from_u128(9).into(), Uuid::from_u128(8).into());
        let twice = [counted(0, 1, 0), counted(0, 2, 0)];
        let result = arrive(consignment, to, Millis(0), &twice, &[], |_| 0);
        assert_eq!(result, Err(ArrivalError::Twice { batch }));
        let result = arrive(consignment, to, Millis(0), &[], &[], |_| 0);
        assert_eq!(result, Err(ArrivalError::Nothing));
    }
}
