//! Print runs: orders, expected arrivals, labels for the printer.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod editor;
#[cfg(feature = "ssr")]
pub mod labels;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod voiding;
#[cfg(feature = "ssr")]
pub(crate) mod words;
