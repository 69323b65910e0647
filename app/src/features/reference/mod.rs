//! Reference data: the page that leads to its six nouns, and what their pages have in common.

#[cfg(feature = "ssr")]
mod common;
#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub(crate) use common::*;
