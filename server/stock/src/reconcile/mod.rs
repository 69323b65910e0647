//! The month's reconciliation: tables that add up, and the movements behind each figure.

mod behind;
mod bulletin;
mod chain;
mod closings;
mod given;
mod proof;
mod reported;
mod statement;

pub use behind::{BehindLine, BehindPage, Figure, FigureOf, What};
pub use bulletin::{Bulletin, KindNumbers, MonthError, PlaceReached};
pub use chain::ChainRow;
pub use closings::InHands;
pub use given::{GivenAt, GivenLine, GivenLines};
pub use proof::{Break, Broken};
pub use reported::{ReportedError, ReportedRow};
pub use statement::{Statement, StatementRow};
