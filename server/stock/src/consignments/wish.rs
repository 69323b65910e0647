//! What somebody wants to load, and why it cannot be loaded.

use super::draft::DraftError;
use crate::access::Denied;
use domain::code::Code;
use domain::consignment::{Blocked, Lacking};
use domain::ids::{KitId, MaterialId};
use domain::pieces::Pieces;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

/// What somebody wants to load.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LineWish {
    /// Labels: a pack as it is, a batch with so many pieces of it.
    Codes(Vec<(Code, Option<Pieces>)>),
    /// So many pieces, the oldest batch first.
    Material(MaterialId, Pieces),
    /// So many times a kit, each material from its oldest batches.
    Kit(KitId, Pieces),
}

/// A label that cannot be loaded, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeProblem {
    pub code: Code,
    pub why: CodeTrouble,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeTrouble {
    Unknown,
    /// The label of a consignment or an event.
    NotStock,
    Voided,
    NotInStore,
    /// A bundle in a sealed carton: the carton is loaded, or opened first.
    InCarton,
    /// Opened, empty or to be checked: it has no trusted quantity.
    NotSealed,
    Blocked(Blocked),
    AlreadyListed,
    /// A batch's label says nothing about pieces.
    PiecesMissing {
        available: i64,
    },
    /// A pack is loaded as a whole.
    WholePack,
    NotEnough {
        available: i64,
    },
}

/// A material of which the store has too little.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MaterialLacking {
    pub material: MaterialId,
    pub title: String,
    pub lacking: Lacking,
}

#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error("some labels cannot be loaded")]
    Codes(Vec<CodeProblem>),
    #[error("the store does not have enough")]
    Lacking(Vec<MaterialLacking>),
    #[error("there is no such material")]
    UnknownMaterial,
    #[error("there is no such kit in use")]
    UnknownKit,
    #[error("more than 1,000,000,000 pieces")]
    TooMany,
    /// Somebody else added or took off lines after the draft was read, or these lines were added
    /// before.
    #[error("{pieces} pieces stand on the draft now")]
    ChangedMeanwhile { pieces: i64 },
}

impl From<Denied> for LineError {
    fn from(denied: Denied) -> Self {
        Self::Draft(denied.into())
    }
}

impl From<DbErr> for LineError {
    fn from(error: DbErr) -> Self {
        Self::Draft(error.into())
    }
}

/// What is known of a draft to which lines are added.
#[derive(Clone, Copy)]
pub(super) enum Before {
    Whatever,
    Pieces(i64),
}

impl Before {
    pub const fn check(self, pieces: i64) -> Result<(), LineError> {
        match self {
            Self::Pieces(seen) if seen != pieces => Err(LineError::ChangedMeanwhile { pieces }),
            Self::Pieces(_) | Self::Whatever => Ok(()),
        }
    }
}
