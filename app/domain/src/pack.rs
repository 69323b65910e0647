//! Packs: cartons and bundles that carry a label of their own.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackState {
    /// Its label was printed for the printer to stick; nothing has arrived yet.
    Expected,
    Sealed,
    Opened,
    Empty,
    /// The books and the packs disagree here: somebody must look.
    Check,
    /// Its label will never be used.
    Voided,
}

impl PackState {
    pub const ALL: [Self; 6] =
        [Self::Expected, Self::Sealed, Self::Opened, Self::Empty, Self::Check, Self::Voided];

    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Sealed => "sealed",
            Self::Opened => "opened",
            Self::Empty => "empty",
            Self::Check => "check",
            Self::Voided => "voided",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackKind {
    Carton,
    Bundle,
}

impl PackKind {
    pub const ALL: [Self; 2] = [Self::Carton, Self::Bundle];

    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Carton => "carton",
            Self::Bundle => "bundle",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
