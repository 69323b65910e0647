//! The words and the rules of Tawzi.
//!
//! Pure code: no IO, clock or randomness, so that the phone and the server run the same rules and
//! tests need no set-up. Time, ids and randomness are arguments. Builds for wasm and native.

pub mod account;
pub mod attendance;
pub mod bulletin;
pub mod calendar;
pub mod code;
pub mod consignment;
pub mod decimal;
pub mod event_sheet;
pub mod events;
pub mod field;
pub mod forwarded;
pub mod held;
pub mod hex;
pub mod ids;
pub mod ledger;
pub mod material;
pub mod money;
pub mod numbers;
pub mod pack;
pub mod picture;
pub mod pieces;
pub mod records;
pub mod reference;
pub mod role;
pub mod run;
pub mod small_cells;
pub mod statement;
pub mod text;
pub mod time;
