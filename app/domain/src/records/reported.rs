//! What a partner reported: beside the ledger, never in it.

use super::Body;
use crate::ids::OrgId;
use crate::material::MaterialKind;
use crate::time::Month;
use serde::{Deserialize, Serialize};

/// How the figure reached us.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportSource {
    Spreadsheet,
    Paper,
    Phone,
}

impl ReportSource {
    pub const ALL: [Self; 3] = [Self::Spreadsheet, Self::Paper, Self::Phone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spreadsheet => "spreadsheet",
            Self::Paper => "paper",
            Self::Phone => "phone",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == text)
    }
}

/// A partner's figure for a month and a kind of material. The latest stands; earlier ones are
/// kept and shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportedFigure {
    pub org: OrgId,
    pub month: Month,
    pub kind: MaterialKind,
    /// From 0 to 1,000,000,000; zero was reported as zero.
    pub pieces: i64,
    pub source: ReportSource,
}

impl Body for ReportedFigure {
    const KIND: &'static str = "reported_figure";
    const VERSION: u32 = 1;
}
