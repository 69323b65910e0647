//! Stories in the users' words, each told on SQLite and on PostgreSQL.
//!
//! [`on_both!`] makes two tests of one story. Those on PostgreSQL have the word in their path and
//! need a server in `TAWZI_TEST_POSTGRES_URL`, in which each story makes books of its own.

// In a test a panic is the failure message.
#![allow(clippy::unwrap_used)]

mod access;
mod backup;
mod books;
mod consignments;
mod enforcement;
mod events;
mod histories;
mod keeping;
mod live;
mod months;
mod reconcile;
mod reference;
mod runs;
mod seals;
mod together;
mod verify;
mod version;
