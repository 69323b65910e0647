//! Print runs: orders to printers, what came of them, labels issued before a delivery.

mod close;
mod labels;
mod read;
mod save;
mod voids;

pub use close::{CloseRunError, RunClosed};
pub use labels::{IssueLabelsError, LabelsIssued, LabelsWarning};
pub(crate) use labels::{issued_bundles, unused_cartons, void_unused};
pub use read::{IssuedLabels, LabelUse, Run, RunReceipt, RunRow};
pub(crate) use read::{in_scope, label_use, sees_runs};
pub use save::{RunInput, SaveRunError};
pub(crate) use voids::why_voided;
pub use voids::{LabelsVoided, VoidLabelsError, WhyVoided};
