//! Records that are held because of their phone or their author: whether each of them counts.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod words;
