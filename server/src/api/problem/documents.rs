//! The refusals of everything that is not a record as problems, one match an operation.

use super::{Code, Problem};
use domain::code::CodeError;
use stock::consignments::{DraftError, LineError};
use stock::whereabouts::CardError;

impl From<CodeError> for Problem {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Length => Code::CodeLength.into(),
            CodeError::Character => Code::CodeCharacter.into(),
            CodeError::Check => Code::CodeCheck.into(),
        }
    }
}

impl From<CardError> for Problem {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Denied(denied) => denied.into(),
            CardError::Database(error) => error.into(),
        }
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Denied(denied) => denied.into(),
            DraftError::SameStore => Code::SameStore.into(),
            DraftError::UnknownReceiver => Self::new(Code::UnknownStore).with("field", "to"),
            DraftError::UnknownSender => Self::new(Code::UnknownStore).with("field", "from"),
            DraftError::OtherTrip => Code::OtherTrip.into(),
            DraftError::NotDraft(state) => Self::new(Code::NotDraft).with("state", state.as_str()),
            DraftError::SavedBefore => Code::SavedBefore.into(),
            DraftError::Database(error) => error.into(),
        }
    }
}

impl From<LineError> for Problem {
    fn from(error: LineError) -> Self {
        match error {
            LineError::Draft(error) => error.into(),
            LineError::Codes(codes) => Self::new(Code::CodesNotLoadable).with("codes", codes),
            LineError::Lacking(lacking) => Self::new(Code::Lacking).with("materials", lacking),
            LineError::UnknownMaterial => Code::UnknownMaterial.into(),
            LineError::UnknownKit => Code::UnknownKit.into(),
            LineError::TooMany => Code::TooManyPieces.into(),
            LineError::ChangedMeanwhile { pieces } => {
                Self::new(Code::ChangedMeanwhile).with("pieces", pieces)
            }
        }
    }
}
