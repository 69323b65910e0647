//! Links that open one event or one consignment on a phone without an account.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod open;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod paper;
