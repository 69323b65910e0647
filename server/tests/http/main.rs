//! The real program behind the real router, one module a topic.

// In a test a panic is the failure message.
#![allow(clippy::unwrap_used)]

mod api;
mod audit;
mod bad_input;
mod books;
mod bulletin;
mod command_line;
mod consignments;
mod doors;
mod drafts;
mod events;
mod figures;
mod front;
mod full_disk;
mod invitations;
mod june;
mod keeping;
mod languages;
mod limits;
mod links;
mod live;
mod others;
mod out_of_reach;
mod people;
mod program;
mod reconcile;
mod reference;
mod reported;
mod resets;
mod routes;
mod runs;
mod serving;
mod sessions;
mod set_up;
mod sign_in;
mod small_month;
mod sudden_death;
mod tokens;
mod wrong_books;
