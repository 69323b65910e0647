//! Search: by code, title, place, alias, in any script and any digits.

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub(crate) mod words;
