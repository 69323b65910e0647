//! Search: by code, title, place, alias, in any script and any digits.

#[cfg(feature = "ssr")]
pub mod page;
