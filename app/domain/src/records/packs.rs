//! What people find out about one carton or bundle.

use super::Body;
use super::cartons::MOST_PACKS;
use crate::account::{Account, Real};
use crate::ids::{BatchId, PackId, RunId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pieces::{MOST_PIECES, Pieces};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A pack was opened; perhaps its pieces were counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenPack {
    pub pack: PackId,
    /// `None` when nobody counted; zero is a count.
    pub found: Option<i64>,
}

impl Body for OpenPack {
    const KIND: &'static str = "open_pack";
    const VERSION: u32 = 1;
}

/// A carton was taken apart into bundles that carry labels of their own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SplitPack {
    pub pack: PackId,
    pub bundles: Vec<Pieces>,
    /// Pieces that stay in the carton without a bundle.
    pub loose: i64,
}

impl Body for SplitPack {
    const KIND: &'static str = "split_pack";
    const VERSION: u32 = 1;
}

/// Nothing is left in a pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmptyPack {
    pub pack: PackId,
}

impl Body for EmptyPack {
    const KIND: &'static str = "empty_pack";
    const VERSION: u32 = 1;
}

/// A pack that somebody had to look for is here, and sealed as it is marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FoundSealed {
    pub pack: PackId,
}

impl Body for FoundSealed {
    const KIND: &'static str = "found_sealed";
    const VERSION: u32 = 1;
}

/// Labels were printed again: the codes stay, the reprints are counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReprintLabels {
    pub packs: Vec<PackId>,
}

impl Body for ReprintLabels {
    const KIND: &'static str = "reprint_labels";
    const VERSION: u32 = 1;
}

/// Why a pack cannot be taken apart like that.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitProblem {
    #[error("into no bundles")]
    NoBundles,
    #[error("a quantity is never negative")]
    Negative,
    #[error("more than {MOST_PACKS} bundles or 1,000,000,000 pieces")]
    TooMany,
}

impl SplitPack {
    /// The pieces that were found in the carton.
    pub fn found(&self) -> Result<i64, SplitProblem> {
        if self.bundles.is_empty() {
            return Err(SplitProblem::NoBundles);
        }
        if self.loose < 0 {
            return Err(SplitProblem::Negative);
        }
        if self.loose > MOST_PIECES || self.bundles.len() as i64 > MOST_PACKS {
            return Err(SplitProblem::TooMany);
        }
        let found = self.loose + self.bundles.iter().map(|bundle| bundle.get()).sum::<i64>();
        if found > MOST_PIECES { Err(SplitProblem::TooMany) } else { Ok(found) }
    }
}

/// A sealed pack that was opened and counted, in a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opened {
    pub batch: BatchId,
    /// The print run of the batch; none for what stood there before Tawzi.
    pub run: Option<RunId>,
    /// Where the pack stands.
    pub at: Account,
    pub nominal: Pieces,
    pub found: i64,
}

impl Opened {
    /// What the books learn from it (rule 9).
    ///
    /// Short as packed goes back to the printer's account: those pieces never left the printer,
    /// so the run was received short and no holder answers for them. A count difference would
    /// charge the store, a loss would say that they existed. More than packed is received for the
    /// same reason. A batch from before Tawzi has no printer and becomes a count difference.
    pub fn draft(&self, moment: Millis) -> Option<Draft> {
        let pieces = Pieces::new((self.found - self.nominal.get()).abs()).ok()?;
        let is_short = self.found < self.nominal.get();
        let (kind, reason, other) = match (self.run, self.at) {
            (Some(run), _) if is_short => {
                (MovementKind::HandBack, Reason::ShortAsPacked, Account::Printer(run))
            }
            (Some(run), _) => (MovementKind::Receive, Reason::CountedWrong, Account::Printer(run)),
            (None, Account::Real(Real::Store(store))) => {
                let reason = if is_short { Reason::ShortAsPacked } else { Reason::CountedWrong };
                (MovementKind::Count, reason, Account::CountDifference(store))
            }
            (None, _) => return None,
        };
        let (from, to) = if is_short { (self.at, other) } else { (other, self.at) };
        Some(Draft::new(kind, reason, moment, vec![Line { batch: self.batch, from, to, pieces }]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StoreId;
    use uuid::Uuid;

    fn opened(run: Option<u128>, found: i64) -> Opened {
        Opened {
            batch: BatchId::new(Uuid::from_u128(1)),
            run: run.map(|run| RunId::new(Uuid::from_u128(run))),
            at: Account::store(StoreId::new(Uuid::from_u128(2))),
            nominal: Pieces::new(500).unwrap(),
            found,
        }
    }

    #[test]
    fn a_carton_found_short_is_booked_to_the_run_and_not_to_its_holder() {
        let draft = opened(Some(9), 480).draft(Millis(0)).unwrap();
        let line = draft.lines[0];
        assert_eq!((draft.kind, draft.reason), (MovementKind::HandBack, Reason::ShortAsPacked));
        assert_eq!(line.to, Account::Printer(RunId::new(Uuid::from_u128(9))));
        assert_eq!(line.pieces.get(), 20);
        assert!(draft.kind.joins(line.from, line.to));
    }

    #[test]
    fn more_than_packed_came_from_the_printer_too() {
        let draft = opened(Some(9), 503).draft(Millis(0)).unwrap();
        assert_eq!((draft.kind, draft.lines[0].pieces.get()), (MovementKind::Receive, 3));
        assert!(draft.kind.joins(draft.lines[0].from, draft.lines[0].to));
    }

    #[test]
    fn what_stood_there_before_tawzi_becomes_a_count_difference() {
        for found in [480, 503] {
            let draft = opened(None, found).draft(Millis(0)).unwrap();
            assert_eq!(draft.kind, MovementKind::Count);
            assert!(draft.kind.joins(draft.lines[0].from, draft.lines[0].to));
        }
    }

    #[test]
    fn a_carton_that_holds_what_it_says_changes_nothing() {
        assert_eq!(opened(Some(9), 500).draft(Millis(0)), None);
    }

    #[test]
    fn bundles_and_loose_pieces_are_what_was_found() {
        let split = |bundles: &[i64], loose| SplitPack {
            pack: PackId::new(Uuid::from_u128(3)),
            bundles: bundles.iter().map(|pieces| Pieces::new(*pieces).unwrap()).collect(),
            loose,
        };
        assert_eq!(split(&[50, 50], 7).found(), Ok(107));
        assert_eq!(split(&[], 7).found(), Err(SplitProblem::NoBundles));
        assert_eq!(split(&[50], -1).found(), Err(SplitProblem::Negative));
        assert_eq!(split(&[1_000_000_000, 1], 0).found(), Err(SplitProblem::TooMany));
    }
}
