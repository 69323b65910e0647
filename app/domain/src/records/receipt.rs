//! What a printer delivered: the decision behind a goods received note.

use super::Body;
use super::cartons::{self, CartonPlan, Cartons, CartonsError, Seal};
pub use super::issued::{IssuedCarton, LabelProblem, WrongLabel, judge};
use crate::account::Account;
use crate::code::Code;
use crate::ids::{BatchId, RunId, StoreId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pieces::{Pieces, PiecesError};
use crate::run::Progress;
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// One delivery of a print run. "Short" is not a line: it stays with the printer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub run: RunId,
    pub store: StoreId,
    /// Sealed cartons with the pieces marked on them; a partial last one is a line of its own.
    pub sealed: Vec<Cartons>,
    /// The pieces counted in each open carton.
    pub open: Vec<Pieces>,
    pub damaged: Vec<DamagedPieces>,
    /// What the printer's own paper says.
    pub claimed: Option<Pieces>,
    pub how: HowCounted,
    pub labels: ReceiptLabels,
}

impl Body for Receipt {
    const KIND: &'static str = "receipt";
    const VERSION: u32 = 1;
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DamagedPieces {
    pub damage: Damage,
    pub pieces: Pieces,
}

/// What is wrong with pieces that came damaged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    Wet,
    Torn,
    MisprintedOrFaulty,
    Other,
}

impl Damage {
    pub const ALL: [Self; 4] = [Self::Wet, Self::Torn, Self::MisprintedOrFaulty, Self::Other];

    pub const fn as_str(self) -> &'static str {
        self.reason().as_str()
    }

    pub const fn reason(self) -> Reason {
        match self {
            Self::Wet => Reason::Wet,
            Self::Torn => Reason::Torn,
            Self::MisprintedOrFaulty => Reason::MisprintedOrFaulty,
            Self::Other => Reason::Other,
        }
    }
}

/// How the receiver knows the number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowCounted {
    SealedAsMarked,
    SampleOpened,
    FullCount,
    Weighed,
}

impl HowCounted {
    pub const ALL: [Self; 4] =
        [Self::SealedAsMarked, Self::SampleOpened, Self::FullCount, Self::Weighed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SealedAsMarked => "sealed_as_marked",
            Self::SampleOpened => "sample_opened",
            Self::FullCount => "full_count",
            Self::Weighed => "weighed",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.as_str() == word)
    }
}

/// Where the labels of the packs come from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptLabels {
    /// Made now. With `bundles_of`, bundles of that many pieces get labels too.
    New { bundles_of: Option<Pieces> },
    /// Stuck by the printer: those that were scanned, or, with no codes, the lowest numbers that
    /// fit what came. Cartons without one get a new label.
    Issued { scanned: Vec<Code>, rest: UnusedLabels },
}

/// What becomes of issued labels that did not come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnusedLabels {
    /// They may come with the next delivery.
    Keep,
    Void,
}

/// Why a delivery cannot be written down as it was typed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptProblem {
    #[error("nothing arrived")]
    Nothing,
    #[error(transparent)]
    Cartons(CartonsError),
    #[error("{0:?} cannot have come with this delivery")]
    Labels(Vec<WrongLabel>),
    #[error("{scanned} labels were scanned for {cartons} cartons")]
    MoreLabelsThanCartons { scanned: usize, cartons: usize },
}

impl From<CartonsError> for ReceiptProblem {
    fn from(error: CartonsError) -> Self {
        Self::Cartons(error)
    }
}

/// What a delivery does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceiptPlan {
    pub good: i64,
    pub damaged: i64,
    /// Cartons that get a new label.
    pub new: Vec<CartonPlan>,
    /// Cartons that came with the printer's label.
    pub activated: Vec<(IssuedCarton, Seal)>,
    /// The run after this delivery.
    pub after: Progress,
}

impl ReceiptPlan {
    /// Sealed cartons for which a label must be made.
    pub fn sealed_without_label(&self) -> i64 {
        self.new.iter().filter(|carton| carton.seal == Seal::Sealed).count() as i64
    }

    /// The batch is on hold until a second person confirms.
    pub fn is_on_hold(&self) -> bool {
        self.after.is_over_tolerance()
    }
}

impl Receipt {
    /// Decides what the delivery does to a run that has come as far as `before`. `issued` are the
    /// unused labels of the run, by number.
    pub fn plan(
        &self,
        before: Progress,
        issued: &[IssuedCarton],
    ) -> Result<ReceiptPlan, ReceiptProblem> {
        let good = cartons::total(&self.sealed, &self.open)?;
        let damaged: i64 = self.damaged_by_reason()?.values().sum();
        if good + damaged == 0 {
            return Err(ReceiptProblem::Nothing);
        }
        let after =
            Progress { received: before.received + good + damaged, is_closed: false, ..before };
        let (new, activated) = match &self.labels {
            ReceiptLabels::New { bundles_of } => {
                (cartons::plan(&self.sealed, &self.open, *bundles_of)?, Vec::new())
            }
            ReceiptLabels::Issued { scanned, .. } => {
                let plan = cartons::plan(&self.sealed, &self.open, None)?;
                assign(plan, &came(scanned, issued)?, scanned.is_empty())?
            }
        };
        Ok(ReceiptPlan { good, damaged, new, activated, after })
    }

    /// The movements: one for what is good, one for each kind of damage.
    pub fn drafts(&self, plan: &ReceiptPlan, batch: BatchId, at: Millis) -> Vec<Draft> {
        let from = Account::Printer(self.run);
        let draft = |reason, to, pieces| {
            let lines = vec![Line { batch, from, to, pieces }];
            Draft::new(MovementKind::Receive, reason, at, lines)
        };
        let good = Pieces::new(plan.good)
            .map(|pieces| draft(Reason::Planned, Account::store(self.store), pieces));
        let damaged = self.damaged_by_reason().unwrap_or_default();
        let damaged = damaged.into_iter().filter_map(|(damage, pieces)| {
            let pieces = Pieces::new(pieces).ok()?;
            Some(draft(damage.reason(), Account::damaged(self.store), pieces))
        });
        good.into_iter().chain(damaged).collect()
    }

    fn damaged_by_reason(&self) -> Result<BTreeMap<Damage, i64>, CartonsError> {
        let mut by_reason: BTreeMap<Damage, i64> = BTreeMap::new();
        for line in &self.damaged {
            let sum = by_reason.entry(line.damage).or_default();
            *sum = Pieces::new(*sum + line.pieces.get()).map_err(too_many)?.get();
        }
        Ok(by_reason)
    }
}

/// A sum of pieces above zero can only be wrong by being too large.
fn too_many(_: PiecesError) -> CartonsError {
    CartonsError::TooManyPieces
}

/// The issued labels that may have come: those scanned, or all.
fn came(scanned: &[Code], issued: &[IssuedCarton]) -> Result<Vec<IssuedCarton>, ReceiptProblem> {
    if scanned.is_empty() {
        return Ok(issued.to_vec());
    }
    judge(scanned, issued).map_err(ReceiptProblem::Labels)
}

type Assigned = (Vec<CartonPlan>, Vec<(IssuedCarton, Seal)>);

/// Gives each sealed carton the first label with its number of pieces, and scanned labels that are
/// left to open cartons. Cartons without one get the numbers after the highest that was printed.
fn assign(
    plan: Vec<CartonPlan>,
    labels: &[IssuedCarton],
    by_count: bool,
) -> Result<Assigned, ReceiptProblem> {
    if !by_count && labels.len() > plan.len() {
        let (scanned, cartons) = (labels.len(), plan.len());
        return Err(ReceiptProblem::MoreLabelsThanCartons { scanned, cartons });
    }
    let mut by_pieces: BTreeMap<Pieces, VecDeque<IssuedCarton>> = BTreeMap::new();
    for label in labels {
        by_pieces.entry(label.nominal).or_default().push_back(*label);
    }
    let (mut new, mut activated) = (Vec::new(), Vec::new());
    for carton in plan {
        let fitting = match carton.seal {
            Seal::Sealed => by_pieces.get_mut(&carton.nominal).and_then(VecDeque::pop_front),
            Seal::Opened => None,
        };
        match fitting {
            Some(label) => activated.push((label, carton.seal)),
            None => new.push(carton),
        }
    }
    // An open carton keeps the label that it came with: opened packs have no trusted quantity.
    if !by_count {
        let mut left: VecDeque<IssuedCarton> = by_pieces.into_values().flatten().collect();
        new.retain(|carton| match (carton.seal, left.pop_front()) {
            (Seal::Opened, Some(label)) => {
                activated.push((label, Seal::Opened));
                false
            }
            (Seal::Sealed, Some(label)) => {
                left.push_front(label);
                true
            }
            (_, None) => true,
        });
        if !left.is_empty() {
            let wrong = left.iter().map(|label| {
                let why = LabelProblem::DoesNotFit { nominal: label.nominal };
                WrongLabel { code: label.code, why }
            });
            return Err(ReceiptProblem::Labels(wrong.collect()));
        }
    }
    let highest = labels.iter().map(|label| label.total).max().unwrap_or(0);
    let total = highest + new.len() as i64;
    for (carton, number) in new.iter_mut().zip(highest + 1..) {
        (carton.number, carton.total) = (number, total);
    }
    Ok((new, activated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PackId;
    use crate::run::Tolerance;
    use crate::time::Day;
    use std::num::NonZeroU32;
    use uuid::Uuid;

    fn pieces(count: i64) -> Pieces {
        Pieces::new(count).unwrap()
    }

    fn cartons(cartons: u32, each: i64) -> Cartons {
        Cartons { cartons: NonZeroU32::new(cartons).unwrap(), each: pieces(each) }
    }

    fn receipt(sealed: Vec<Cartons>, open: Vec<i64>, damaged: Vec<(Damage, i64)>) -> Receipt {
        Receipt {
            run: RunId::new(Uuid::from_u128(1)),
            store: StoreId::new(Uuid::from_u128(2)),
            sealed,
            open: open.into_iter().map(pieces).collect(),
            damaged: damaged
                .into_iter()
                .map(|(damage, count)| DamagedPieces { damage, pieces: pieces(count) })
                .collect(),
            claimed: None,
            how: HowCounted::SealedAsMarked,
            labels: ReceiptLabels::New { bundles_of: None },
        }
    }

    /// 10,000 ordered, 5 % more or less.
    fn run(received: i64) -> Progress {
        Progress {
            ordered: pieces(10_000),
            tolerance: Tolerance::permille(50).unwrap(),
            received,
            due_on: Day(100),
            is_closed: false,
        }
    }

    fn issued(count: u64, nominal: i64) -> Vec<IssuedCarton> {
        let codes = (1..).filter_map(Code::from_random);
        let labels = codes.zip(1..=count).map(|(code, number)| IssuedCarton {
            pack: PackId::new(Uuid::from_u128(u128::from(number))),
            code,
            number: number as i64,
            total: count as i64,
            nominal: pieces(nominal),
        });
        labels.collect()
    }

    fn with_labels(receipt: Receipt, scanned: Vec<Code>) -> Receipt {
        let labels = ReceiptLabels::Issued { scanned, rest: UnusedLabels::Keep };
        Receipt { labels, ..receipt }
    }

    #[test]
    fn cartons_become_pieces_and_damage_is_beside_them() {
        let receipt = receipt(
            vec![cartons(19, 500), cartons(1, 320)],
            vec![110],
            vec![(Damage::Wet, 40), (Damage::Torn, 10), (Damage::Wet, 5)],
        );
        let plan = receipt.plan(run(0), &[]).unwrap();
        assert_eq!((plan.good, plan.damaged, plan.new.len()), (9_930, 55, 21));
        assert!(!plan.is_on_hold());
        let drafts = receipt.drafts(&plan, BatchId::new(Uuid::from_u128(3)), Millis(0));
        let moved: Vec<_> =
            drafts.iter().map(|d| (d.reason, d.lines[0].to, d.lines[0].pieces.get())).collect();
        assert_eq!(
            moved,
            [
                (Reason::Planned, Account::store(receipt.store), 9_930),
                (Reason::Wet, Account::damaged(receipt.store), 45),
                (Reason::Torn, Account::damaged(receipt.store), 10),
            ]
        );
    }

    #[test]
    fn damaged_pieces_count_towards_the_tolerance() {
        let just = receipt(vec![cartons(1, 500)], vec![], vec![]);
        assert!(!just.plan(run(10_000), &[]).unwrap().is_on_hold());
        let over = receipt(vec![cartons(1, 500)], vec![], vec![(Damage::Other, 1)]);
        let plan = over.plan(run(10_000), &[]).unwrap();
        assert!(plan.is_on_hold());
        assert_eq!(plan.after.over(), 501);
    }

    #[test]
    fn a_delivery_of_nothing_is_no_delivery() {
        let nothing = receipt(vec![], vec![], vec![]);
        assert_eq!(nothing.plan(run(0), &[]), Err(ReceiptProblem::Nothing));
        let soaked = receipt(vec![], vec![], vec![(Damage::Wet, 500)]);
        let plan = soaked.plan(run(0), &[]).unwrap();
        assert_eq!(soaked.drafts(&plan, BatchId::new(Uuid::nil()), Millis(0)).len(), 1);
    }

    #[test]
    fn too_many_pieces_are_refused_and_do_not_overflow() {
        let damaged = vec![(Damage::Wet, 1_000_000_000), (Damage::Wet, 1_000_000_000)];
        let error = receipt(vec![], vec![], damaged).plan(run(0), &[]);
        assert_eq!(error, Err(ReceiptProblem::Cartons(CartonsError::TooManyPieces)));
    }

    #[test]
    fn labels_that_came_are_used_by_count_and_the_rest_stays() {
        let labels = issued(20, 500);
        let receipt = with_labels(receipt(vec![cartons(12, 500)], vec![], vec![]), vec![]);
        let plan = receipt.plan(run(0), &labels).unwrap();
        let used: Vec<i64> = plan.activated.iter().map(|(label, _)| label.number).collect();
        assert_eq!(used, (1..=12).collect::<Vec<_>>());
        assert!(plan.new.is_empty());
    }

    #[test]
    fn a_carton_that_fits_no_label_gets_the_next_number() {
        let labels = issued(3, 500);
        let sealed = vec![cartons(4, 500), cartons(1, 320)];
        let plan =
            with_labels(receipt(sealed, vec![], vec![]), vec![]).plan(run(0), &labels).unwrap();
        let new: Vec<_> = plan.new.iter().map(|c| (c.number, c.total, c.nominal.get())).collect();
        assert_eq!(new, [(4, 5, 500), (5, 5, 320)]);
        assert_eq!(plan.sealed_without_label(), 2);
    }

    #[test]
    fn scanned_labels_are_those_that_came_and_no_others() {
        let labels = issued(20, 500);
        let scanned = vec![labels[4].code, labels[17].code];
        let two = receipt(vec![cartons(1, 500)], vec![110], vec![]);
        let plan = with_labels(two.clone(), scanned.clone()).plan(run(0), &labels).unwrap();
        let used: Vec<_> = plan.activated.iter().map(|(l, seal)| (l.number, *seal)).collect();
        assert_eq!(used, [(5, Seal::Sealed), (18, Seal::Opened)]);

        let wrong = |code, why| WrongLabel { code, why };
        let both = vec![labels[4].code, labels[17].code, labels[4].code];
        let both = with_labels(two.clone(), both).plan(run(0), &labels[..10]);
        let all = vec![
            wrong(labels[17].code, LabelProblem::NotIssued),
            wrong(labels[4].code, LabelProblem::ScannedTwice),
        ];
        assert_eq!(both, Err(ReceiptProblem::Labels(all)), "each is named at once");
        let many = with_labels(two, labels[..3].iter().map(|l| l.code).collect());
        let many = many.plan(run(0), &labels);
        assert_eq!(many, Err(ReceiptProblem::MoreLabelsThanCartons { scanned: 3, cartons: 2 }));
        let other = with_labels(receipt(vec![cartons(2, 320)], vec![], vec![]), scanned);
        let why = LabelProblem::DoesNotFit { nominal: pieces(500) };
        let other = other.plan(run(0), &labels);
        let both = vec![wrong(labels[4].code, why), wrong(labels[17].code, why)];
        assert_eq!(other, Err(ReceiptProblem::Labels(both)));
    }
}
