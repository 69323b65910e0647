//! Consignments on the screen and on paper.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod counting;
#[cfg(feature = "ssr")]
mod detail;
#[cfg(feature = "ssr")]
pub mod differences;
#[cfg(feature = "ssr")]
mod draft;
#[cfg(feature = "ssr")]
pub(crate) mod elsewhere;
#[cfg(feature = "ssr")]
pub mod explaining;
#[cfg(feature = "ssr")]
pub mod filling;
#[cfg(feature = "ssr")]
mod found;
#[cfg(feature = "ssr")]
pub mod loading;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod paper;
#[cfg(feature = "ssr")]
pub mod receive;
#[cfg(feature = "ssr")]
pub mod register;
#[cfg(feature = "ssr")]
mod timeline;
#[cfg(feature = "ssr")]
pub(crate) mod unopened;
#[cfg(feature = "ssr")]
pub mod words;
