//! Who comes in, what waits for them, and what they leave behind.

mod accounts;
mod doors;
mod opening;
mod waiting;
