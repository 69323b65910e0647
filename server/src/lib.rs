//! The program around the books: HTTP, log-in, command line.

pub mod site;
