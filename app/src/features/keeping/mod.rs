//! What happens to stock in a store: damage, loss, finds, salvage, disposal, what goes back to the
//! printer and what is collected again.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod what;
