//! Cartons as people count them, and the packs that get labels.

use crate::pieces::{MOST_PIECES, Pieces};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// The most labels that one record makes: as many as one job of the label printer takes.
pub const MOST_PACKS: i64 = 10_000;

/// So many cartons that are marked with the same number of pieces: "59 of 500".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cartons {
    pub cartons: NonZeroU32,
    pub each: Pieces,
}

impl Cartons {
    pub const fn pieces(self) -> i64 {
        self.cartons.get() as i64 * self.each.get()
    }
}

/// A carton to be labelled, and the bundles in it if they get labels too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CartonPlan {
    /// "Carton 7 of 60".
    pub number: i64,
    pub total: i64,
    pub nominal: Pieces,
    pub seal: Seal,
    pub bundles: Vec<Pieces>,
}

/// Whether somebody has looked inside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    Sealed,
    Opened,
}

/// Why cartons cannot become packs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CartonsError {
    #[error("{asked} labels are more than {MOST_PACKS}")]
    TooManyPacks { asked: i64 },
    #[error("more than 1,000,000,000 pieces")]
    TooManyPieces,
}

/// The last carton was said to hold more than the full ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the last carton cannot hold more than the {each} of a full one")]
pub struct LastTooFull {
    pub each: Pieces,
}

/// Full cartons, and a last one that holds fewer.
pub fn with_last(full: Option<Cartons>, last: Option<Pieces>) -> Result<Vec<Cartons>, LastTooFull> {
    if let (Some(Cartons { each, .. }), Some(last)) = (full, last)
        && last > each
    {
        return Err(LastTooFull { each });
    }
    let last = last.map(|each| Cartons { cartons: NonZeroU32::MIN, each });
    Ok(full.into_iter().chain(last).collect())
}

/// All pieces of a count.
pub fn total(sealed: &[Cartons], open: &[Pieces]) -> Result<i64, CartonsError> {
    let sum = sealed.iter().map(|cartons| i128::from(cartons.pieces())).sum::<i128>()
        + open.iter().map(|pieces| i128::from(pieces.get())).sum::<i128>();
    match i64::try_from(sum) {
        Ok(sum) if sum <= MOST_PIECES => Ok(sum),
        _ => Err(CartonsError::TooManyPieces),
    }
}

/// The packs of a count: sealed cartons first, then the open ones. With `bundles_of`, every sealed
/// carton also gets its bundles, the last one partial.
pub fn plan(
    sealed: &[Cartons],
    open: &[Pieces],
    bundles_of: Option<Pieces>,
) -> Result<Vec<CartonPlan>, CartonsError> {
    total(sealed, open)?;
    let bundles_in = |each: Pieces| bundles_of.map_or(0, |size| count_bundles(each, size));
    let asked = sealed
        .iter()
        .map(|line| i64::from(line.cartons.get()) * (1 + bundles_in(line.each)))
        .sum::<i64>()
        + open.len() as i64;
    if asked > MOST_PACKS {
        return Err(CartonsError::TooManyPacks { asked });
    }
    let of_sealed = sealed.iter().flat_map(|line| {
        let bundles = bundles_of.map_or_else(Vec::new, |size| bundles(line.each, size));
        let carton = (line.each, Seal::Sealed, bundles);
        std::iter::repeat_n(carton, line.cartons.get() as usize)
    });
    let of_open = open.iter().map(|pieces| (*pieces, Seal::Opened, Vec::new()));
    let cartons: Vec<_> = of_sealed.chain(of_open).collect();
    let total = cartons.len() as i64;
    let plan = cartons.into_iter().zip(1..).map(|((nominal, seal, bundles), number)| CartonPlan {
        number,
        total,
        nominal,
        seal,
        bundles,
    });
    Ok(plan.collect())
}

/// The bundles of a carton: full ones, and what is left as the last.
pub fn bundles(carton: Pieces, size: Pieces) -> Vec<Pieces> {
    let full = (carton.get() / size.get()) as usize;
    let mut bundles = vec![size; full];
    bundles.extend(Pieces::new(carton.get() % size.get()));
    bundles
}

const fn count_bundles(carton: Pieces, size: Pieces) -> i64 {
    let (carton, size) = (carton.get(), size.get());
    carton / size + if carton % size > 0 { 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(count: i64) -> Pieces {
        Pieces::new(count).unwrap()
    }

    fn cartons(cartons: u32, each: i64) -> Cartons {
        Cartons { cartons: NonZeroU32::new(cartons).unwrap(), each: pieces(each) }
    }

    #[test]
    fn cartons_are_numbered_through_and_the_last_one_is_partial() {
        let plan = plan(&[cartons(2, 500), cartons(1, 320)], &[pieces(77)], None).unwrap();
        let seen: Vec<_> = plan.iter().map(|c| (c.number, c.total, c.nominal.get())).collect();
        assert_eq!(seen, [(1, 4, 500), (2, 4, 500), (3, 4, 320), (4, 4, 77)]);
        assert_eq!(plan[2].seal, Seal::Sealed);
        assert_eq!(plan[3].seal, Seal::Opened);
    }

    #[test]
    fn the_last_carton_holds_no_more_than_a_full_one() {
        let full = Some(cartons(10, 100));
        assert_eq!(with_last(full, Some(pieces(140))), Err(LastTooFull { each: pieces(100) }));
        assert_eq!(with_last(full, Some(pieces(40))), Ok(vec![cartons(10, 100), cartons(1, 40)]));
        assert_eq!(with_last(full, None), Ok(vec![cartons(10, 100)]));
        assert_eq!(with_last(None, Some(pieces(140))), Ok(vec![cartons(1, 140)]));
    }

    #[test]
    fn bundles_of_a_carton_add_up_to_it() {
        let plan = plan(&[cartons(1, 320)], &[pieces(60)], Some(pieces(50))).unwrap();
        let bundles: Vec<i64> = plan[0].bundles.iter().map(|bundle| bundle.get()).collect();
        assert_eq!(bundles, [50, 50, 50, 50, 50, 50, 20]);
        assert!(plan[1].bundles.is_empty(), "nobody bundles what lies open");
    }

    #[test]
    fn a_typing_mistake_does_not_print_a_million_labels() {
        let asked = plan(&[cartons(20_000, 5)], &[], None);
        assert_eq!(asked, Err(CartonsError::TooManyPacks { asked: 20_000 }));
        let asked = plan(&[cartons(1_000, 500)], &[], Some(pieces(50)));
        assert_eq!(asked, Err(CartonsError::TooManyPacks { asked: 11_000 }));
        let asked = plan(&[cartons(u32::MAX, 1_000_000_000)], &[], None);
        assert_eq!(asked, Err(CartonsError::TooManyPieces));
    }
}
