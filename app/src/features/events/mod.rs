//! Events on the screen and on paper: plans, supplies, sheets, who came, decisions.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod again;
#[cfg(feature = "ssr")]
mod compare;
#[cfg(feature = "ssr")]
pub mod deciding;
#[cfg(feature = "ssr")]
mod detail;
#[cfg(feature = "ssr")]
pub mod editor;
#[cfg(feature = "ssr")]
pub(crate) mod fields;
#[cfg(feature = "ssr")]
pub mod filled;
#[cfg(feature = "ssr")]
mod flags;
#[cfg(feature = "ssr")]
pub(crate) mod goods;
#[cfg(feature = "ssr")]
mod happened;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod paper;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod sheet;
#[cfg(feature = "ssr")]
pub mod supply;
#[cfg(feature = "ssr")]
pub(crate) mod words;
