//! The month's reconciliation: tables that add up, and the movements behind each figure.

#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub(crate) mod months;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod words;
