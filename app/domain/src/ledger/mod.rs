//! The ledger: double entry, append only. One pure decision stands before every write.
//!
//! Storage loads the [`Slot`]s that a record touches, [`decide`] answers with the movements to
//! write or with the reason why not, and storage writes them. Nothing here reads or writes.

mod decide;
mod movement;
mod open;
mod slot;

#[cfg(test)]
mod properties;

pub use decide::{Books, CountTo, Nature, Plan, Planned, Refusal, Shortage, decide};
pub use movement::{Draft, Line, MovementKind, Reason};
pub use open::{Oldest, ShadowLine, oldest};
pub use slot::{Anchor, Entry, Slot, SlotKey};
