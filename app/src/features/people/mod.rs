//! People with accounts: inviting, changing rights, resetting, retiring, handing over.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod fields;
#[cfg(feature = "ssr")]
pub mod leaving;
#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub(crate) use fields::{rights, scope_words};
