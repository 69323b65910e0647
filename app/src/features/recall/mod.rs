//! Recalls: who holds an edition that must stop, how he was told, and what came of it.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod stopping;
