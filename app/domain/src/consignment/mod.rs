//! Consignments: pieces under way from one store to another, and their numbered paper.
//!
//! Nothing here is kept as a state that somebody sets: what a consignment is follows from its
//! records and from what its transit account holds. Picking, arriving and weighing are decided
//! here too, so that the phone and the server agree.

mod arrive;
mod pick;
mod sorted;
mod state;
mod tally;

/// The paper names no day of arrival, so a consignment is late when it has been under way for so
/// many days: longer than any road from a store to the next takes.
pub const LATE_DAYS: i32 = 14;

/// The day after which a consignment that left on `left` is late.
pub const fn due(left: Day) -> Day {
    Day(left.0 + LATE_DAYS)
}

/// Whether a consignment should have arrived by today; what the receiver says is missing is to be
/// explained, not waited for.
pub fn is_late(left: Day, latest_rest: Option<Rest>, today: Day) -> bool {
    due(left) < today && latest_rest != Some(Rest::NothingMore)
}

use crate::time::Day;

pub use arrive::{Arrival, ArrivalError, CountedLine, arrive, is_far_too_many};
pub use pick::{Blocked, Lacking, OnHand, Picked, Sealed, open_for, pick};
pub use sorted::{Expected, Parcel, beside};
pub use state::{Facts, PaperState, Rest, State, state};
pub use tally::{Load, Passage, Tally, load, tally};
