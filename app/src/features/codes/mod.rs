//! The pages behind the QR codes: what a code is stuck on, for people who are signed in and for
//! strangers, and what to do when a code is wrong.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod batch;
#[cfg(feature = "ssr")]
pub mod dispatch;
#[cfg(feature = "ssr")]
mod pack;
#[cfg(feature = "ssr")]
pub(crate) mod words;
