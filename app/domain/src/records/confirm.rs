//! A second person says that what somebody else recorded is so.

use super::Body;
use crate::ids::RecordId;
use serde::{Deserialize, Serialize};

/// Confirms a first count, releases the hold of a receipt over its tolerance, or stands behind
/// what was entered on somebody's behalf. Never by the person who recorded it (rule 11).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirm {
    pub record: RecordId,
}

impl Body for Confirm {
    const KIND: &'static str = "confirm";
    const VERSION: u32 = 1;
}
