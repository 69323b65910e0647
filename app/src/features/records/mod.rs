//! What a record said and moved, and how a mistake is taken back.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod held;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod reverse;
#[cfg(feature = "ssr")]
pub mod words;
