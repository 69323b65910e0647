//! The front page: what waits for whoever is signed in.

#[cfg(feature = "ssr")]
mod backups;
#[cfg(feature = "ssr")]
mod begin;
#[cfg(feature = "ssr")]
pub mod held;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod picture;
#[cfg(feature = "ssr")]
mod tasks;

#[cfg(feature = "ssr")]
pub(crate) use tasks::task_words;
