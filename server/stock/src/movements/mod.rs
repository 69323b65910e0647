//! Movements: loading what a decision needs, and writing what it decided, as sets.

mod accounts;
pub(crate) mod line_sums;
mod load;
mod post;
mod seen;
mod sums;

pub(crate) use accounts::{AccountRow, Accounts, holder, parts};
pub(crate) use post::{Posted, Posting};
pub(crate) use seen::Seen;
