//! Turns `locales/` into the module behind `i18n.rs`. A namespace is a file of `locales/en`: a new
//! one needs no list.
//!
//! `leptos_i18n_build` would do the same, and would bring the sources of ICU's data with it.

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let folder = std::env::var("CARGO_MANIFEST_DIR")?;
    let mut namespaces = Vec::new();
    for entry in std::fs::read_dir(Path::new(&folder).join("locales/en"))? {
        let name = entry?.file_name();
        namespaces
            .extend(name.to_str().and_then(|name| name.strip_suffix(".json")).map(str::to_owned));
    }
    namespaces.sort();
    let options = ParseOptions::new().interpolate_display(true).suppress_key_warnings(true);
    let config = Config::new("en")?
        .add_locales(["fa-AF", "ps-AF"])?
        .add_namespaces(namespaces)?
        .parse_options(options);
    let parsed = parse_locales(Some(folder.into()), config)?;
    let code = leptos_i18n_codegen::gen_code(&parsed, None, true, None, false)?;
    let out = Path::new(&std::env::var("OUT_DIR")?).join("i18n.rs");
    std::fs::write(out, code.to_string())?;
    Ok(())
}
