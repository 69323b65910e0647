//! The month's reconciliation: tables that add up, and the movements behind each figure.

mod behind;
mod chain;
mod reported;
mod statement;

pub use behind::{BehindLine, BehindPage};
pub use chain::ChainRow;
pub use reported::{ReportedError, ReportedRow};
pub use statement::{Broken, Statement, StatementRow};
