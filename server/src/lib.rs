//! The program: configuration, routes, layers, commands.

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod layers;
pub mod router;
pub mod site;
