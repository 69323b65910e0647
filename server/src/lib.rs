//! The program around the books: HTTP, log-in, command line.

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod demo;
pub mod figures;
pub mod layers;
pub mod live;
pub mod origin;
pub mod router;
pub mod serving;
pub mod site;
pub mod worker;
