//! Materials and how they are packed.

use crate::pieces::{MOST_PIECES, Pieces, PiecesError};
use serde::{Deserialize, Serialize};

/// What kind of printed thing a material is; the bulletin adds up by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialKind {
    Leaflet,
    Sticker,
    Magazine,
    Other,
}

impl MaterialKind {
    pub const ALL: [Self; 4] = [Self::Leaflet, Self::Sticker, Self::Magazine, Self::Other];

    /// The word in the database, in forms and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leaflet => "leaflet",
            Self::Sticker => "sticker",
            Self::Magazine => "magazine",
            Self::Other => "other",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The language printed on a material; part of its identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintLanguage {
    Dari,
    Pashto,
    English,
    DariPashto,
    Other,
}

impl PrintLanguage {
    pub const ALL: [Self; 5] =
        [Self::Dari, Self::Pashto, Self::English, Self::DariPashto, Self::Other];

    /// The word in the database, in forms and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dari => "dari",
            Self::Pashto => "pashto",
            Self::English => "english",
            Self::DariPashto => "dari_pashto",
            Self::Other => "other",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == word)
    }
}

/// How pieces are packed: "12 cartons of 500" is how a quantity is typed, never how it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Packing {
    per_bundle: Pieces,
    bundles_per_carton: Pieces,
}

impl Packing {
    pub const fn new(per_bundle: Pieces, bundles_per_carton: Pieces) -> Result<Self, PiecesError> {
        match per_bundle.get().checked_mul(bundles_per_carton.get()) {
            Some(per_carton) if per_carton <= MOST_PIECES => {
                Ok(Self { per_bundle, bundles_per_carton })
            }
            _ => Err(PiecesError::TooMany),
        }
    }

    pub const fn per_bundle(self) -> i64 {
        self.per_bundle.get()
    }

    pub const fn bundles_per_carton(self) -> i64 {
        self.bundles_per_carton.get()
    }

    pub const fn per_carton(self) -> i64 {
        self.per_bundle.get() * self.bundles_per_carton.get()
    }

    /// The pieces of so many cartons, bundles and loose pieces; zero of all three is zero.
    pub fn pieces(self, cartons: i64, bundles: i64, loose: i64) -> Result<i64, PiecesError> {
        if cartons < 0 || bundles < 0 || loose < 0 {
            return Err(PiecesError::Negative);
        }
        let total = cartons
            .checked_mul(self.per_carton())
            .and_then(|sum| sum.checked_add(bundles.checked_mul(self.per_bundle())?))
            .and_then(|sum| sum.checked_add(loose))
            .ok_or(PiecesError::TooMany)?;
        if total > MOST_PIECES { Err(PiecesError::TooMany) } else { Ok(total) }
    }

    /// Pieces as whole cartons, whole bundles and the rest.
    pub const fn split(self, pieces: i64) -> (i64, i64, i64) {
        let rest = pieces % self.per_carton();
        (pieces / self.per_carton(), rest / self.per_bundle(), rest % self.per_bundle())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_goes_both_ways() {
        let packing = Packing::new(Pieces::new(50).unwrap(), Pieces::new(10).unwrap()).unwrap();
        assert_eq!(packing.pieces(12, 3, 7), Ok(6157));
        assert_eq!(packing.split(6157), (12, 3, 7));
        assert_eq!(packing.pieces(i64::MAX, 0, 0), Err(PiecesError::TooMany));
        assert_eq!(packing.pieces(0, -1, 0), Err(PiecesError::Negative));
    }
}
