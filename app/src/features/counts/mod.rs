//! Counts: a blind sheet, what was counted beside what the books say, a second person.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod sheet;
