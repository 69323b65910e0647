//! The browser's side of the program: `client`, the islands of the desk's pages, and `phone`, the
//! page for the field, each as WebAssembly and the JavaScript that loads it.
//!
//! wasm-bindgen runs as a library of the same version as the crate (both are pinned in the root
//! Cargo.toml), so that nothing has to be installed. Its own file names are the ones that Leptos
//! looks for.

use crate::tools::{Profile, cargo, check, ensure_wasm_target, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use wasm_bindgen_cli_support::Bindgen;

/// The crates, the names that they are served under (`/pkg/tawzi.js` and `/pkg/tawzi_bg.wasm`), and
/// flags for their compiler. Each is built by itself, because they want different features of the
/// same libraries.
pub const CRATES: [(&str, &str, &str); 2] = [("client", "tawzi", ""), ("phone", "phone", SMALL)];

/// Takes a twentieth off what a phone downloads: views of one type instead of one each, and a hash that
/// is not unrolled. The desk's pages are woken up as the server wrote them, and so stay as they are.
const SMALL: &str = "--cfg erase_components --cfg sha2_backend_soft=\"compact\"";
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Builds into `folder` and returns every file that belongs there.
pub fn build(folder: &Path, profile: Profile) -> Result<Vec<PathBuf>> {
    ensure_wasm_target()?;
    // The dev profile itself, so that macros and build scripts are shared with the server.
    let (cargo_profile, folder_name) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Release => ("wasm-release", "wasm-release"),
    };
    let mut fresh = true;
    let mut inputs = Vec::new();
    for (package, name, flags) in CRATES {
        check(
            cargo()
                .env(FLAGS, flags)
                .args(["build", "--package", package, "--target", "wasm32-unknown-unknown"])
                .args(["--profile", cargo_profile]),
        )?;
        let built = target().join("wasm32-unknown-unknown").join(folder_name);
        let wasm = built.join(format!("{package}.wasm"));
        let made = [folder.join(format!("{name}.js")), folder.join(format!("{name}_bg.wasm"))];
        fresh &= made.iter().all(|file| file.exists());
        inputs.push((wasm, name));
    }
    bind(&inputs, fresh, folder, cargo_profile)
}

fn bind(
    inputs: &[(PathBuf, &str)],
    is_there: bool,
    folder: &Path,
    cargo_profile: &str,
) -> Result<Vec<PathBuf>> {
    let mut stamp = cargo_profile.to_owned();
    for (wasm, _) in inputs {
        let data = fs::metadata(wasm).with_context(|| format!("no {}", wasm.display()))?;
        let nanos = data.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
        stamp.push_str(&format!(" {nanos} {}", data.len()));
    }
    // Outside the site: what lies there is embedded.
    let stamp_file = target().join("xtask-client-stamp");
    let is_fresh = fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp);
    if !is_fresh || !is_there {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        for (wasm, name) in inputs {
            let mut bindgen = Bindgen::new();
            bindgen.input_path(wasm).out_name(name).typescript(false).web(true)?;
            if cargo_profile == "wasm-release" {
                bindgen.remove_name_section(true).remove_producers_section(true);
            }
            bindgen.generate(folder).context("wasm-bindgen cannot read the client")?;
        }
        fs::write(&stamp_file, stamp)?;
    }
    // Also the snippets of crates that bring JavaScript of their own; not the styles, which other
    // code makes, nor compressed forms.
    let ours = |file: &PathBuf| file.extension().is_some_and(|e| e == "js" || e == "wasm");
    Ok(crate::tools::files(folder)?.into_iter().filter(ours).collect())
}
