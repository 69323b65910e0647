//! What pages are made of, by itself: the server's tests see it in whole pages.

mod charts;
mod colours;
mod forms;
mod i18n;
mod scan;
mod words;
