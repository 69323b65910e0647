//! What pages are made of, by itself: the server's tests see it in whole pages.

// In a test a panic is the failure message.
#![allow(clippy::unwrap_used)]

mod charts;
mod colours;
mod forms;
mod i18n;
mod scan;
mod words;
