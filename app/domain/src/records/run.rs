//! What happens to a print run beside its deliveries.

use super::Body;
use super::cartons::Cartons;
use crate::ids::RunId;
use crate::pieces::Pieces;
use serde::{Deserialize, Serialize};

/// Labels go to the printer, who sticks them on the cartons.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IssueLabels {
    pub run: RunId,
    pub cartons: Vec<Cartons>,
    /// Bundles of so many pieces get labels too.
    pub bundles_of: Option<Pieces>,
}

impl Body for IssueLabels {
    const KIND: &'static str = "issue_labels";
    const VERSION: u32 = 1;
}

/// Nothing more is expected of this run; its unused labels are void.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CloseRun {
    pub run: RunId,
}

impl Body for CloseRun {
    const KIND: &'static str = "close_run";
    const VERSION: u32 = 1;
}
