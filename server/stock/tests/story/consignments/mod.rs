//! Consignments: what leaves, what comes, and who is told what at which moment.

mod carried;
mod duties;
mod found;
mod late;
mod loading;
mod promised;
pub mod road;
mod travel;
mod undone;
mod wire;
