//! What was sent, what came, what is still on the road; and how heavy it is.

use crate::ids::BatchId;
use crate::material::Packing;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where an unreversed line moved pieces, seen from the transit account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passage {
    Sent,
    Received,
    Damaged,
    /// Arrived at a third store, or came back.
    Elsewhere,
    Lost,
    /// More came than was sent: pieces out of nowhere.
    Extra,
    /// Somebody said where the extra pieces came from.
    ExtraExplained,
    /// Extra pieces that had not come: they leave the receiver's store again.
    CountedTooMany,
}

/// The sums of one batch of a consignment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    pub sent: i64,
    pub received: i64,
    pub damaged: i64,
    pub elsewhere: i64,
    pub lost: i64,
    /// Arrived beyond what was sent, and nobody has said from where.
    pub extra: i64,
    pub extra_explained: i64,
}

impl Tally {
    /// Pieces still on the road: missing, once the receiver says that nothing more comes.
    pub const fn in_transit(&self) -> i64 {
        self.sent + self.extra + self.extra_explained
            - self.received
            - self.damaged
            - self.elsewhere
            - self.lost
    }
}

/// Adds up the lines of a consignment by batch.
pub fn tally(lines: impl IntoIterator<Item = (BatchId, Passage, i64)>) -> BTreeMap<BatchId, Tally> {
    let mut tallies: BTreeMap<BatchId, Tally> = BTreeMap::new();
    for (batch, passage, pieces) in lines {
        let tally = tallies.entry(batch).or_default();
        match passage {
            Passage::Sent => tally.sent += pieces,
            Passage::Received => tally.received += pieces,
            Passage::Damaged => tally.damaged += pieces,
            Passage::Elsewhere => tally.elsewhere += pieces,
            Passage::Lost => tally.lost += pieces,
            Passage::Extra => tally.extra += pieces,
            Passage::ExtraExplained => {
                tally.extra -= pieces;
                tally.extra_explained += pieces;
            }
            Passage::CountedTooMany => {
                tally.extra -= pieces;
                tally.received -= pieces;
            }
        }
    }
    tallies
}

/// What a part of a consignment weighs on a vehicle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Load {
    pub cartons: i64,
    pub bundles: i64,
    pub loose: i64,
    pub pieces: i64,
    /// Grams; `None` where the material's carton was never weighed.
    pub weight_g: Option<i64>,
    /// Cubic centimetres; `None` where the material's carton was never measured.
    pub volume_cm3: Option<i64>,
}

/// Weight and volume from those of a full carton, by pieces, rounded up.
pub fn load(
    packing: Packing,
    (cartons, bundles, loose): (i64, i64, i64),
    pieces: i64,
    (carton_weight_g, carton_volume_cm3): (Option<i64>, Option<i64>),
) -> Load {
    let share = |of_carton: i64| {
        let total = i128::from(of_carton) * i128::from(pieces);
        let per_carton = i128::from(packing.per_carton());
        i64::try_from((total + per_carton - 1) / per_carton).unwrap_or(i64::MAX)
    };
    Load {
        cartons,
        bundles,
        loose,
        pieces,
        weight_g: carton_weight_g.map(share),
        volume_cm3: carton_volume_cm3.map(share),
    }
}

impl Load {
    /// The load of a whole paper or vehicle; unknown as soon as one part is unknown.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        let nothing = Self { weight_g: Some(0), volume_cm3: Some(0), ..Self::default() };
        parts.into_iter().fold(nothing, |sum, part| Self {
            cartons: sum.cartons + part.cartons,
            bundles: sum.bundles + part.bundles,
            loose: sum.loose + part.loose,
            pieces: sum.pieces + part.pieces,
            weight_g: sum.weight_g.zip(part.weight_g).map(|(a, b)| a.saturating_add(b)),
            volume_cm3: sum.volume_cm3.zip(part.volume_cm3).map(|(a, b)| a.saturating_add(b)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pieces::Pieces;
    use uuid::Uuid;

    #[test]
    fn missing_and_extra_add_up() {
        let a = BatchId::new(Uuid::from_u128(1));
        let b = BatchId::new(Uuid::from_u128(2));
        let sums = tally([
            (a, Passage::Sent, 1_000),
            (a, Passage::Received, 700),
            (a, Passage::Damaged, 100),
            (a, Passage::Lost, 150),
            (b, Passage::Sent, 500),
            (b, Passage::Received, 520),
            (b, Passage::Extra, 20),
        ]);
        assert_eq!(sums[&a].in_transit(), 50);
        assert_eq!((sums[&b].in_transit(), sums[&b].extra), (0, 20));
        let later = tally([(b, Passage::Extra, 20), (b, Passage::ExtraExplained, 20)]);
        assert_eq!((later[&b].extra, later[&b].extra_explained), (0, 20));
    }

    #[test]
    fn a_load_is_weighed_by_the_carton() {
        let packing = Packing::new(Pieces::new(50).unwrap(), Pieces::new(10).unwrap()).unwrap();
        let part = load(packing, (2, 0, 250), 1_250, (Some(8_000), None));
        assert_eq!((part.weight_g, part.volume_cm3), (Some(20_000), None));
        let more = load(packing, (1, 0, 0), 500, (Some(8_001), Some(30_000)));
        let sum = Load::sum([part, more]);
        assert_eq!((sum.cartons, sum.pieces, sum.weight_g), (3, 1_750, Some(28_001)));
        assert_eq!(sum.volume_cm3, None);
        assert_eq!(Load::sum([]).weight_g, Some(0));
    }
}
