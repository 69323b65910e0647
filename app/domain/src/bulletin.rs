//! What a careful manager sees in a month's figures.
//!
//! The thresholds and the two suspicions come from the June 2017 case: 146.2 pieces a person, and
//! figures that are exactly ten kits.

use crate::events::{PiecesEach, tenths_a_person};
use crate::material::MaterialKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a month's records add up to, before anybody writes a sentence about it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MonthFigures {
    pub events: i64,
    /// Names or codes of the provinces with events, in the order in which they are shown.
    pub provinces: Vec<String>,
    pub participants: i64,
    /// Women and girls.
    pub females: i64,
    /// Given out, by kind and whatever the channel.
    pub given: BTreeMap<MaterialKind, i64>,
    /// Of those, given to participants themselves.
    pub given_to_participants: BTreeMap<MaterialKind, i64>,
    /// Of those, left in public places without an event: nobody took part there.
    pub given_at_drops: BTreeMap<MaterialKind, i64>,
    pub events_without_attendance: i64,
}

/// A plausibility rule that fired.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// More pieces in the hands of each participant than anybody takes home. Tenths of a piece,
    /// those of a kind as given out.
    PiecesAPerson { each: PiecesEach, by_kind: Vec<(MaterialKind, i64)> },
    /// Exactly this many kits: was it what was issued rather than what was given out?
    ExactKits { kits: i64, kit: String },
    /// Events took place of which nobody recorded who came.
    NoAttendance { events: i64 },
}

impl Flag {
    /// Whether it tells how many people there were: pieces and pieces a person do.
    pub const fn tells_people(&self) -> bool {
        match self {
            Self::PiecesAPerson { .. } => true,
            Self::ExactKits { .. } | Self::NoAttendance { .. } => false,
        }
    }
}

/// Pieces of a kind that one person plausibly takes home.
pub const fn plausible_pieces_a_person(kind: MaterialKind) -> i64 {
    match kind {
        MaterialKind::Leaflet | MaterialKind::Sticker => 5,
        MaterialKind::Magazine => 1,
        MaterialKind::Other => 5,
    }
}

/// What a kit holds, by kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KitContents {
    pub name: String,
    pub pieces: BTreeMap<MaterialKind, i64>,
}

/// `part` of `whole` in tenths of a per cent, rounded half up.
pub fn per_mille(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 2_000 + whole) / (whole * 2))
}

impl MonthFigures {
    pub fn pieces(&self) -> i64 {
        self.given.values().sum()
    }

    pub fn at_drops(&self) -> i64 {
        self.given_at_drops.values().sum()
    }

    pub fn each(&self) -> Option<PiecesEach> {
        let handed = self.given_to_participants.values().sum();
        PiecesEach::of(self.pieces() - self.at_drops(), handed, Some(self.participants))
    }

    /// The rules that these figures set off. Pieces that went to people who pass them on or to
    /// public places explain a high figure, so the limit looks at participants only.
    pub fn flags(&self, kits: &[KitContents]) -> Vec<Flag> {
        let mut flags = Vec::new();
        flags.extend(self.pieces_a_person());
        flags.extend(kits.iter().filter_map(|kit| self.exact_kits(kit)));
        if self.events_without_attendance > 0 {
            flags.push(Flag::NoAttendance { events: self.events_without_attendance });
        }
        flags
    }

    fn pieces_a_person(&self) -> Option<Flag> {
        let too_many = self.given_to_participants.iter().any(|(kind, pieces)| {
            *pieces > plausible_pieces_a_person(*kind).saturating_mul(self.participants)
        });
        if !too_many {
            return None;
        }
        let people = Some(self.participants);
        let each = self.each()?;
        let by_kind = self
            .given
            .iter()
            .map(|(kind, pieces)| {
                (*kind, pieces - self.given_at_drops.get(kind).copied().unwrap_or(0))
            })
            .filter(|(_, pieces)| *pieces > 0)
            .filter_map(|(kind, pieces)| Some((kind, tenths_a_person(pieces, people)?)))
            .collect();
        Some(Flag::PiecesAPerson { each, by_kind })
    }

    fn exact_kits(&self, kit: &KitContents) -> Option<Flag> {
        let given: BTreeMap<_, _> = self.given.iter().filter(|(_, pieces)| **pieces > 0).collect();
        let (kind, in_kit) = kit.pieces.iter().find(|(_, pieces)| **pieces > 0)?;
        let kits = given.get(kind).map(|pieces| **pieces / in_kit)?;
        let is_multiple = given.len() == kit.pieces.len()
            && given.iter().all(|(kind, pieces)| {
                kit.pieces.get(kind).is_some_and(|in_kit| in_kit * kits == **pieces)
            });
        (is_multiple && kits > 1).then(|| Flag::ExactKits { kits, kit: kit.name.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn june() -> MonthFigures {
        use MaterialKind::{Leaflet, Magazine, Sticker};
        let given = BTreeMap::from([(Leaflet, 25_000), (Sticker, 25_000), (Magazine, 2_500)]);
        MonthFigures {
            events: 11,
            provinces: ["Balkh", "Kandahar", "Helmand", "Nuristan", "Kabul"].map(Into::into).into(),
            participants: 359,
            females: 90,
            given_to_participants: given.clone(),
            given,
            given_at_drops: BTreeMap::new(),
            events_without_attendance: 0,
        }
    }

    fn kit() -> KitContents {
        use MaterialKind::{Leaflet, Magazine, Sticker};
        let pieces = BTreeMap::from([(Leaflet, 2_500), (Sticker, 2_500), (Magazine, 250)]);
        KitContents { name: "Event kit".into(), pieces }
    }

    #[test]
    fn june_2017_shows_what_the_case_file_lists() {
        use MaterialKind::{Leaflet, Magazine, Sticker};
        let by_kind = vec![(Leaflet, 696), (Sticker, 696), (Magazine, 70)];
        let each = PiecesEach { given: 1462, handed: 1462 };
        assert_eq!(
            june().flags(&[kit()]),
            [
                Flag::PiecesAPerson { each, by_kind },
                Flag::ExactKits { kits: 10, kit: "Event kit".into() },
            ]
        );
        assert_eq!(per_mille(june().females, june().participants), Some(251));
    }

    #[test]
    fn pieces_for_people_who_pass_them_on_are_no_reason_to_ask() {
        let few = BTreeMap::from([(MaterialKind::Leaflet, 700)]);
        let figures = MonthFigures { given_to_participants: few, ..june() };
        assert_eq!(figures.each(), Some(PiecesEach { given: 1462, handed: 19 }));
        assert_eq!(figures.flags(&[]), []);
    }

    #[test]
    fn what_was_left_without_an_event_is_divided_among_nobody() {
        use MaterialKind::{Leaflet, Magazine, Sticker};
        let mut figures = june();
        figures.given_at_drops = BTreeMap::from([(Leaflet, 7_000), (Magazine, 2_500)]);
        figures.given_to_participants = BTreeMap::from([(Leaflet, 18_000), (Sticker, 25_000)]);
        assert_eq!(figures.each(), Some(PiecesEach { given: 1198, handed: 1198 }));
        let Some(Flag::PiecesAPerson { by_kind, .. }) = figures.flags(&[]).into_iter().next()
        else {
            panic!("many pieces a person")
        };
        assert_eq!(by_kind, [(Leaflet, 501), (Sticker, 696)]);
    }

    #[test]
    fn one_piece_more_is_not_ten_kits() {
        let mut figures = june();
        figures.given.insert(MaterialKind::Magazine, 2_501);
        assert!(!figures.flags(&[kit()]).iter().any(|f| matches!(f, Flag::ExactKits { .. })));
    }

    #[test]
    fn nobody_came_is_not_a_division_by_zero() {
        let figures = MonthFigures { participants: 0, ..june() };
        assert_eq!(figures.each(), None);
        assert_eq!(per_mille(0, 0), None);
    }
}
