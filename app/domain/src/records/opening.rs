//! The first count: what stood in a store before Tawzi.

use super::Body;
use super::cartons::{self, Cartons, CartonsError};
use crate::account::Account;
use crate::ids::{BatchId, MaterialId, StoreId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pieces::Pieces;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// One sheet of a first count. Each row makes a batch "before Tawzi"; a second person confirms.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirstCount {
    pub store: StoreId,
    pub rows: Vec<FirstCountRow>,
}

impl Body for FirstCount {
    const KIND: &'static str = "first_count";
    const VERSION: u32 = 1;
}

/// Cartons get a label each; loose pieces share the label of the batch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirstCountRow {
    pub material: MaterialId,
    pub cartons: Option<Cartons>,
    pub loose: Option<Pieces>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstCountProblem {
    #[error("nothing was counted")]
    Nothing,
    #[error("the material in row {row} has no pieces")]
    EmptyRow { row: usize },
    #[error("row {row}: {error}")]
    Cartons { row: usize, error: CartonsError },
}

impl FirstCountRow {
    pub fn sealed(&self) -> Vec<Cartons> {
        self.cartons.into_iter().collect()
    }

    pub fn pieces(&self) -> Result<i64, CartonsError> {
        let loose: Vec<Pieces> = self.loose.into_iter().collect();
        cartons::total(&self.sealed(), &loose)
    }

    pub fn draft(&self, store: StoreId, batch: BatchId, at: Millis, pieces: Pieces) -> Draft {
        let (from, to) = (Account::Opening(store), Account::store(store));
        let lines = vec![Line { batch, from, to, pieces }];
        Draft::new(MovementKind::Open, Reason::FirstCount, at, lines)
    }
}

impl FirstCount {
    /// The pieces of each row. Two rows of one material are two batches: cartons of other sizes.
    pub fn pieces(&self) -> Result<Vec<Pieces>, FirstCountProblem> {
        if self.rows.is_empty() {
            return Err(FirstCountProblem::Nothing);
        }
        let mut labels = 0;
        let mut all = Vec::with_capacity(self.rows.len());
        for (row, line) in (1..).zip(&self.rows) {
            let wrong = |error| FirstCountProblem::Cartons { row, error };
            let pieces = line.pieces().map_err(wrong)?;
            all.push(Pieces::new(pieces).map_err(|_| FirstCountProblem::EmptyRow { row })?);
            labels += line.cartons.map_or(0, |cartons| i64::from(cartons.cartons.get()));
            if labels > cartons::MOST_PACKS {
                return Err(wrong(CartonsError::TooManyPacks { asked: labels }));
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;
    use uuid::Uuid;

    fn row(cartons: u32, each: i64, loose: i64) -> FirstCountRow {
        let each = Pieces::new(each).unwrap();
        FirstCountRow {
            material: MaterialId::new(Uuid::from_u128(1)),
            cartons: NonZeroU32::new(cartons).map(|cartons| Cartons { cartons, each }),
            loose: Pieces::new(loose).ok(),
        }
    }

    fn sheet(rows: Vec<FirstCountRow>) -> FirstCount {
        FirstCount { store: StoreId::new(Uuid::from_u128(2)), rows }
    }

    #[test]
    fn cartons_and_loose_pieces_add_up() {
        let pieces = sheet(vec![row(12, 500, 37), row(0, 500, 5)]).pieces().unwrap();
        assert_eq!(pieces, [Pieces::new(6_037).unwrap(), Pieces::new(5).unwrap()]);
    }

    #[test]
    fn a_sheet_says_which_row_is_wrong() {
        assert_eq!(sheet(vec![]).pieces(), Err(FirstCountProblem::Nothing));
        let empty = sheet(vec![row(1, 5, 0), row(0, 5, 0)]).pieces();
        assert_eq!(empty, Err(FirstCountProblem::EmptyRow { row: 2 }));
        let many = sheet(vec![row(6_000, 5, 0), row(6_000, 5, 0)]).pieces();
        let error = CartonsError::TooManyPacks { asked: 12_000 };
        assert_eq!(many, Err(FirstCountProblem::Cartons { row: 2, error }));
    }
}
