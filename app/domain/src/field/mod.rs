//! The phone in the field: what it knows, what it keeps until it is sent, and what became of that.
//!
//! A phone is days without a network, so it works with what it knew last and never refuses a word:
//! whatever is told is kept first and judged by the server later.

pub mod known;
pub mod letter;
pub mod outbox;
pub mod people;
pub mod pin;
pub mod stamp;
pub mod unknown;
pub mod words;
