//! The event sheet: what happened to the pieces at one event or session, a row a material.
//!
//! Brought, left over and spoiled are said; given is computed from them, never typed, and then
//! split by channel. [`row`] reads what a person filled in, [`batches`] decides which batches the
//! pieces were of.

pub mod batches;

use crate::account::Channel;
use crate::events::{Multiplier, PublicPlace};
use crate::ids::MaterialId;
use crate::material::Packing;
use crate::pieces::{MOST_PIECES, PiecesError};
use serde::{Deserialize, Serialize};

/// One row of a sheet, in pieces.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SheetRow {
    pub material: MaterialId,
    pub brought: i64,
    pub left: i64,
    #[serde(default)]
    pub spoiled: i64,
    #[serde(default)]
    pub participants: i64,
    #[serde(default)]
    pub multipliers: Option<ToMultipliers>,
    #[serde(default)]
    pub public: Option<ToPublic>,
}

/// Pieces handed to people who will pass them on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ToMultipliers {
    pub pieces: i64,
    /// How many people; `None` is not recorded.
    pub people: Option<i64>,
    pub who: Multiplier,
}

/// Pieces put up or left in public places.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ToPublic {
    pub pieces: i64,
    /// How many places; `None` is not recorded.
    pub places: Option<i64>,
    pub kind: PublicPlace,
}

/// What is wrong with a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum RowError {
    #[error("how many pieces were brought?")]
    BroughtMissing,
    #[error("how many pieces were left over? Enter 0 when nothing was left")]
    LeftMissing,
    #[error("{left} left over and {spoiled} spoiled are more than the {brought} brought")]
    MoreThanBrought { brought: i64, left: i64, spoiled: i64 },
    #[error("{split} pieces are split by channel, but {given} were given")]
    SplitDiffers { given: i64, split: i64 },
    #[error("who will pass the pieces on?")]
    WhoMissing,
    #[error("what kind of place was it?")]
    PlaceMissing,
    #[error("a quantity is between 0 and 1,000,000,000")]
    Quantity,
    #[error("the material is on two rows")]
    Twice,
}

impl SheetRow {
    /// Given = brought − left − spoiled.
    pub const fn given(&self) -> i64 {
        self.brought - self.left - self.spoiled
    }

    /// What went out by one channel.
    pub fn by(&self, channel: Channel) -> i64 {
        match channel {
            Channel::Participants => self.participants,
            Channel::Multipliers => self.multipliers.map_or(0, |to| to.pieces),
            Channel::PublicPlaces => self.public.map_or(0, |to| to.pieces),
        }
    }

    /// Everything that is wrong with the row; a row that comes over the wire is checked again.
    pub fn errors(&self) -> Vec<RowError> {
        let counts =
            [self.multipliers.and_then(|to| to.people), self.public.and_then(|to| to.places)];
        let quantities = [self.brought, self.left, self.spoiled]
            .into_iter()
            .chain(Channel::ALL.map(|channel| self.by(channel)))
            .chain(counts.into_iter().flatten());
        if quantities.into_iter().any(|count| !(0..=MOST_PIECES).contains(&count)) {
            return vec![RowError::Quantity];
        }
        let Self { brought, left, spoiled, .. } = *self;
        if self.given() < 0 {
            return vec![RowError::MoreThanBrought { brought, left, spoiled }];
        }
        let split: i64 = Channel::ALL.into_iter().map(|channel| self.by(channel)).sum();
        if split == self.given() {
            Vec::new()
        } else {
            vec![RowError::SplitDiffers { given: self.given(), split }]
        }
    }
}

/// Checks all rows of a sheet: each by itself, and no material twice.
pub fn errors(rows: &[SheetRow]) -> Vec<(MaterialId, RowError)> {
    let mut errors = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        errors.extend(row.errors().into_iter().map(|error| (row.material, error)));
        if rows[..place].iter().any(|earlier| earlier.material == row.material) {
            errors.push((row.material, RowError::Twice));
        }
    }
    errors
}

/// A row as a person filled it in: every box may be empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Filled {
    pub brought: Option<i64>,
    pub left: Option<i64>,
    pub spoiled: Option<i64>,
    pub participants: Option<i64>,
    pub multipliers: Option<i64>,
    pub multiplier_people: Option<i64>,
    pub multiplier_who: Option<Multiplier>,
    pub public: Option<i64>,
    pub public_places: Option<i64>,
    pub public_kind: Option<PublicPlace>,
}

impl Filled {
    /// Given, as soon as it can be computed and is not negative.
    pub fn given(&self) -> Option<i64> {
        let given = self.brought? - self.left? - self.spoiled.unwrap_or(0);
        (given >= 0).then_some(given)
    }
}

/// Cartons, bundles and loose pieces as pieces; `None` when all three boxes are empty.
pub fn amount(
    packing: Packing,
    [cartons, bundles, loose]: [Option<i64>; 3],
) -> Result<Option<i64>, PiecesError> {
    if cartons.is_none() && bundles.is_none() && loose.is_none() {
        return Ok(None);
    }
    let pieces = packing.pieces(cartons.unwrap_or(0), bundles.unwrap_or(0), loose.unwrap_or(0))?;
    Ok(Some(pieces))
}

/// Reads one row. `None` when nothing was filled in: the material was not there.
///
/// Brought and left over must be said, also when they are 0; an empty "spoiled" or channel is 0.
pub fn row(material: MaterialId, filled: &Filled) -> Result<Option<SheetRow>, Vec<RowError>> {
    if *filled == Filled::default() {
        return Ok(None);
    }
    let mut errors = Vec::new();
    if filled.brought.is_none() {
        errors.push(RowError::BroughtMissing);
    }
    if filled.left.is_none() {
        errors.push(RowError::LeftMissing);
    }
    let multipliers = filled.multipliers.filter(|pieces| *pieces != 0);
    if multipliers.is_some() && filled.multiplier_who.is_none() {
        errors.push(RowError::WhoMissing);
    }
    let public = filled.public.filter(|pieces| *pieces != 0);
    if public.is_some() && filled.public_kind.is_none() {
        errors.push(RowError::PlaceMissing);
    }
    let row =
        SheetRow {
            material,
            brought: filled.brought.unwrap_or(0),
            left: filled.left.unwrap_or(0),
            spoiled: filled.spoiled.unwrap_or(0),
            participants: filled.participants.unwrap_or(0),
            multipliers: multipliers.zip(filled.multiplier_who).map(|(pieces, who)| {
                ToMultipliers { pieces, people: filled.multiplier_people, who }
            }),
            public: public.zip(filled.public_kind).map(|(pieces, kind)| ToPublic {
                pieces,
                places: filled.public_places,
                kind,
            }),
        };
    // The sum is only worth a word once everything that goes into it is there.
    if errors.is_empty() {
        errors = row.errors();
    }
    if errors.is_empty() { Ok(Some(row)) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pieces::Pieces;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn leaflets() -> MaterialId {
        MaterialId::new(Uuid::from_u128(1))
    }

    fn filled() -> Filled {
        Filled {
            brought: Some(2_500),
            left: Some(400),
            spoiled: Some(100),
            participants: Some(500),
            multipliers: Some(1_000),
            multiplier_people: Some(12),
            multiplier_who: Some(Multiplier::Elders),
            public: Some(500),
            public_places: Some(3),
            public_kind: Some(PublicPlace::Clinic),
        }
    }

    fn errors_of(filled: Filled) -> Vec<RowError> {
        row(leaflets(), &filled).expect_err("the row is wrong")
    }

    #[test]
    fn given_is_computed_and_split() {
        let row = row(leaflets(), &filled()).unwrap().unwrap();
        assert_eq!(row.given(), 2_000);
        assert_eq!(row.by(Channel::Participants), 500);
        assert_eq!(row.by(Channel::Multipliers), 1_000);
        assert_eq!(row.by(Channel::PublicPlaces), 500);
    }

    #[test]
    fn an_empty_row_is_no_row_and_a_row_of_zeros_is_one() {
        assert_eq!(row(leaflets(), &Filled::default()), Ok(None));
        let zeros = Filled { brought: Some(0), left: Some(0), ..Filled::default() };
        assert_eq!(row(leaflets(), &zeros).unwrap().unwrap().given(), 0);
    }

    #[test]
    fn each_mistake_has_its_own_word() {
        assert_eq!(errors_of(Filled { brought: None, ..filled() }), [RowError::BroughtMissing]);
        assert_eq!(errors_of(Filled { left: None, ..filled() }), [RowError::LeftMissing]);
        assert_eq!(
            errors_of(Filled { left: Some(2_450), ..filled() }),
            [RowError::MoreThanBrought { brought: 2_500, left: 2_450, spoiled: 100 }]
        );
        assert_eq!(
            errors_of(Filled { participants: Some(499), ..filled() }),
            [RowError::SplitDiffers { given: 2_000, split: 1_999 }]
        );
        assert_eq!(errors_of(Filled { multiplier_who: None, ..filled() }), [RowError::WhoMissing]);
        assert_eq!(errors_of(Filled { public_kind: None, ..filled() }), [RowError::PlaceMissing]);
        let huge = Filled { brought: Some(MOST_PIECES + 1), ..filled() };
        assert_eq!(errors_of(huge), [RowError::Quantity]);
    }

    #[test]
    fn a_material_stands_on_one_row() {
        let row = row(leaflets(), &filled()).unwrap().unwrap();
        assert_eq!(errors(&[row.clone(), row]), [(leaflets(), RowError::Twice)]);
    }

    #[test]
    fn an_amount_is_typed_as_people_count() {
        let packing = Packing::new(Pieces::new(50).unwrap(), Pieces::new(10).unwrap()).unwrap();
        assert_eq!(amount(packing, [None, None, None]), Ok(None));
        assert_eq!(amount(packing, [Some(4), Some(3), None]), Ok(Some(2_150)));
        assert_eq!(amount(packing, [None, None, Some(0)]), Ok(Some(0)));
    }

    proptest! {
        #[test]
        fn a_row_that_is_read_adds_up(
            brought in 0..5_000_i64, left in 0..3_000_i64, spoiled in prop::option::of(0..500_i64),
            participants in prop::option::of(0..3_000_i64), public in prop::option::of(0..500_i64),
        ) {
            let filled = Filled {
                brought: Some(brought), left: Some(left), spoiled, participants, public,
                public_kind: Some(PublicPlace::School), ..Filled::default()
            };
            match row(leaflets(), &filled) {
                Ok(row) => {
                    let row = row.unwrap();
                    let split: i64 = Channel::ALL.iter().map(|channel| row.by(*channel)).sum();
                    prop_assert_eq!(row.brought, row.left + row.spoiled + split);
                }
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }
    }
}
