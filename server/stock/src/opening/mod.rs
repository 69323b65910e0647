//! First counts: what stood in a store before Tawzi.

mod count;
mod read;

pub use count::{CountedBatch, FirstCountError, FirstCounted};
pub use read::{FirstCountDetail, FirstCountLine, FirstCountRow};
