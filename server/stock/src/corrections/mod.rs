//! Putting the books right: reversals in atomic sets, and settling what is unexplained.

mod original;
mod reverse;
mod settle;

pub(crate) use original::Original;
pub use original::ReversalStep;
pub(crate) use reverse::standing_movements;
pub use reverse::{Hindrance, Reversed};
pub use settle::{ExplainedBy, Unexplained};
pub(crate) use settle::{ask_to_explain, close_explained};

use crate::access::Denied;
use crate::records::RecordError;
use domain::ids::MovementId;
use sea_orm::DbErr;

/// Why a correction is not made.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("no movement was named")]
    Empty,
    #[error("movement {0} was reversed before")]
    AlreadyReversed(MovementId),
    /// Reversals and what the rules derived are not reversible; enter the fact again instead.
    #[error("movement {0} is not reversible")]
    NotReversible(MovementId),
    /// Somebody else has built on it: now a manager, who is not the author, decides.
    #[error("somebody else has built on this; a manager who is not the author may reverse it")]
    BuiltOn,
    /// Later movements use these pieces: the whole set to reverse together, the newest first.
    #[error("later movements use these pieces")]
    ReverseFirst(Vec<ReversalStep>),
}

impl From<Denied> for CorrectionError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for CorrectionError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}
