//! The month's reconciliation: tables that add up, and the movements behind each figure.

#[cfg(feature = "ssr")]
pub mod behind;
#[cfg(feature = "ssr")]
mod chain;
#[cfg(feature = "ssr")]
pub(crate) mod explain;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub(crate) mod months;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod picture;
#[cfg(feature = "ssr")]
pub(crate) mod places;
#[cfg(feature = "ssr")]
pub mod statement;
#[cfg(feature = "ssr")]
pub(crate) mod words;
