//! The kinds of events that the programme holds, in its own words.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;
