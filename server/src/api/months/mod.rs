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
use stock::Reader;
use stock::access::audit::Action;
use stock::reconcile::MonthError;

/// The month of a path, `2017-06`. What is no month is not found.
fn month(text: &str) -> Result<Month, Problem> {
    Month::parse(text).ok_or_else(|| Code::NotFound.into())
}

/// Notes in the audit log what leaves, before it leaves.
async fn leaves(reader: &Reader<'_>, what: &str, month: Month) -> Result<(), Problem> {
    Ok(reader.note(Action::Exported, &format!("{what} {month} by the API")).await?)
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
