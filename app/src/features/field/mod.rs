//! `/field`: the phone's page. A shell without data that the browser keeps; its screens are a program
//! of their own, the crate `phone`.

#[cfg(feature = "ssr")]
pub mod letter;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod words;
