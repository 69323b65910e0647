//! Reference data: who may change it, who sees what of it, what is found.

mod materials;
mod places;
mod scope;
mod search;
