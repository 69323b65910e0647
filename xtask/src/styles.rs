//! A style sheet and everything it imports, as one file.

use crate::tools::{Profile, root, write_if_changed};
use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};
use std::path::{Path, PathBuf};

/// The oldest browsers that run the client's WebAssembly and know cascade layers; newer CSS is
/// rewritten for them.
const BROWSERS: Browsers = Browsers {
    android: Some(99 << 16),
    chrome: Some(99 << 16),
    edge: Some(99 << 16),
    firefox: Some(97 << 16),
    ie: None,
    ios_saf: Some(15 << 16 | 4 << 8),
    opera: None,
    safari: Some(15 << 16 | 4 << 8),
    samsung: Some(18 << 16),
};

/// Bundles a sheet of `style`.
pub fn build(from: &str, to: &Path, profile: Profile) -> Result<PathBuf> {
    let files = FileProvider::new();
    let main = root().join("style").join(from);
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(&main).map_err(|error| anyhow!("styles: {error}"))?;
    let targets = Targets::from(BROWSERS);
    sheet
        .minify(MinifyOptions { targets, ..Default::default() })
        .map_err(|error| anyhow!("styles: {error}"))?;
    let minify = profile == Profile::Release;
    let printed = sheet
        .to_css(PrinterOptions { minify, targets, ..Default::default() })
        .map_err(|error| anyhow!("styles: {error}"))?;
    write_if_changed(to, printed.code.as_bytes())?;
    Ok(to.to_owned())
}
