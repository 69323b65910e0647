//! Labels that were printed before a delivery: which of those that were read are right.

use super::Body;
use crate::code::Code;
use crate::ids::{PackId, RunId};
use crate::pieces::Pieces;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A carton label that was printed before the delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IssuedCarton {
    pub pack: PackId,
    pub code: Code,
    pub number: i64,
    pub total: i64,
    pub nominal: Pieces,
}

/// A label that cannot have come with the delivery as it was typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WrongLabel {
    pub code: Code,
    pub why: LabelProblem,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelProblem {
    /// It was not issued for this run, or somebody has used it.
    NotIssued,
    ScannedTwice,
    /// No carton of the count has as many pieces as it says.
    DoesNotFit {
        nominal: Pieces,
    },
}

/// The issued labels that were read, by number, or everything that is wrong with them: whoever
/// typed a list does not want to hear of one mistake at a time.
pub fn judge(
    scanned: &[Code],
    issued: &[IssuedCarton],
) -> Result<Vec<IssuedCarton>, Vec<WrongLabel>> {
    let by_code: BTreeMap<Code, &IssuedCarton> =
        issued.iter().map(|carton| (carton.code, carton)).collect();
    let (mut came, mut wrong) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for code in scanned.iter().copied() {
        match by_code.get(&code) {
            None => wrong.push(WrongLabel { code, why: LabelProblem::NotIssued }),
            Some(_) if !seen.insert(code) => {
                wrong.push(WrongLabel { code, why: LabelProblem::ScannedTwice });
            }
            Some(carton) => came.push(**carton),
        }
    }
    came.sort_by_key(|carton| carton.number);
    if wrong.is_empty() { Ok(came) } else { Err(wrong) }
}

/// Some labels of a run will never be used: the printer spoiled them, or too many were made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VoidLabels {
    pub run: RunId,
    /// Cartons; the labels of their bundles go with them.
    pub packs: Vec<PackId>,
}

impl Body for VoidLabels {
    const KIND: &'static str = "void_labels";
    const VERSION: u32 = 1;
}
