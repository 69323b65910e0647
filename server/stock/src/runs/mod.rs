//! Print runs: orders to printers, what came of them, labels issued before a delivery.

mod close;
mod labels;
mod read;
mod save;

pub use close::{CloseRunError, RunClosed};
pub use labels::{IssueLabelsError, LabelsIssued};
pub(crate) use labels::{issued_bundles, unused_cartons, void_unused};
pub use read::{IssuedLabels, LabelUse, Run, RunReceipt, RunRow};
pub(crate) use read::{in_scope, label_use, sees_runs};
pub use save::{RunInput, SaveRunError};
