//! The front page: what waits for whoever is signed in.

#[cfg(feature = "ssr")]
pub mod page;
