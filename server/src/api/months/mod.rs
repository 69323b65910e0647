//! A month's figures: the statement, the chain, the bulletin, what is behind each figure, and what
//! partners reported beside them.

pub mod behind;
pub mod bulletin;
pub mod chain;
pub mod given;
pub mod on_hand;
pub mod reported;
pub mod statement;

use super::problem::{Code, Problem};
use domain::material::MaterialKind;
use domain::time::Month;
use stock::reconcile::MonthError;

/// The month of a path, `2017-06`. What is no month is not found.
fn month(text: &str) -> Result<Month, Problem> {
    Month::parse(text).ok_or_else(|| Code::NotFound.into())
}

/// The kind of material of a query.
fn kind(word: &str) -> Result<MaterialKind, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "kind");
    MaterialKind::parse(word).ok_or_else(wrong)
}

impl From<MonthError> for Problem {
    fn from(error: MonthError) -> Self {
        match error {
            MonthError::Denied(denied) => denied.into(),
            MonthError::Database(error) => error.into(),
        }
    }
}
