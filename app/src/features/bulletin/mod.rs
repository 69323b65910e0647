//! The month's bulletin: its sentence, its table, its warnings, on the screen and on A4.

#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod paper;
#[cfg(feature = "ssr")]
mod tables;
#[cfg(feature = "ssr")]
pub(crate) mod warnings;
#[cfg(feature = "ssr")]
pub(crate) mod words;
