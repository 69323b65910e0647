//! Bytes of papers: labels as PDF and SVG, QR codes as SVG, CSV files.
//!
//! Pure: texts come in as the caller's catalogue made them, bytes go out. No database, no clock, no
//! sentence for people lives here. Labels pass checkpoints, so nothing here adds a word to what the
//! caller gives: only the neutral outside name is ever printed.

pub mod csv;
pub mod labels;
pub mod qr;
mod text;
