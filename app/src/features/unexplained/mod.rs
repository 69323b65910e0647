//! Pieces that left an account which did not have them, until a manager says where they came from.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;
