//! What people see.
//!
//! Desk pages are rendered on the server and never hydrated, so pages, forms and routes exist only
//! with the feature `ssr` and talk to `stock` directly. The browser gets the islands, which live
//! beside the page that uses them and must not mention anything behind `ssr`.

// Views nest deep types.
#![recursion_limit = "256"]

pub mod features;
pub mod i18n;
pub mod ui;
pub mod words;

#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod explain;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod long_list;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod posting;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod routing;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod state;
