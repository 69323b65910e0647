//! Deliveries of print runs: goods received notes.

mod read;
mod receive;

pub use read::{Grn, GrnDamage, GrnPacks};
pub use receive::{ReceiptWarning, ReceiveError, Received};
pub(crate) use receive::{new_packs, paper_number};
