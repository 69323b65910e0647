//! Labels: choosing a sheet, the PDF, one label as SVG.

#[cfg(feature = "ssr")]
pub mod files;
#[cfg(feature = "ssr")]
pub mod page;
