//! Turns `locales/` into the module behind `i18n.rs`. A namespace is a file of `locales/en`: a new
//! one needs no list.
//!
//! `leptos_i18n_build` would do the same, and would bring the sources of ICU's data with it.

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

type Texts = BTreeMap<String, String>;

const FALLBACK: &str = "en";
const RIGHT_TO_LEFT: [&str; 2] = ["fa-AF", "ps-AF"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let from = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("locales");
    let out = std::env::var("OUT_DIR")?;
    let to = Path::new(&out).join("locales");
    let mut namespaces = Vec::new();
    for entry in std::fs::read_dir(from.join(FALLBACK))? {
        let name = entry?.file_name();
        let Some(name) = name.to_str().filter(|name| name.ends_with(".json")) else { continue };
        let english = read(&from.join(FALLBACK).join(name))?;
        for locale in RIGHT_TO_LEFT {
            let own = from.join(locale).join(name);
            let own = if own.exists() { read(&own)? } else { Texts::new() };
            write(&to.join(locale), name, &right_to_left(own, &english))?;
        }
        write(&to.join(FALLBACK), name, &english)?;
        namespaces.push(name.trim_end_matches(".json").to_owned());
    }
    namespaces.sort();
    let options = ParseOptions::new().interpolate_display(true).suppress_key_warnings(true);
    let config = Config::new(FALLBACK)?
        .add_locales(RIGHT_TO_LEFT)?
        .add_namespaces(namespaces)?
        .parse_options(options);
    let parsed = parse_locales(Some(out.clone().into()), config)?;
    let code = leptos_i18n_codegen::gen_code(&parsed, None, true, None, false)?;
    let mut text = String::new();
    in_lines(code, &mut text);
    std::fs::write(Path::new(&out).join("i18n.rs"), text)?;
    Ok(())
}

/// The code with a line for each statement and brace. In a single line of five million characters
/// the compiler counts from its beginning for every place that it looks up.
fn in_lines(code: TokenStream, text: &mut String) {
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{\n", "}\n"),
                    Delimiter::Parenthesis => ("(", ") "),
                    Delimiter::Bracket => ("[", "] "),
                    Delimiter::None => ("", " "),
                };
                text.push_str(open);
                in_lines(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                match (punct.as_char(), punct.spacing()) {
                    (';', _) => text.push('\n'),
                    (_, Spacing::Alone) => text.push(' '),
                    (_, Spacing::Joint) => {}
                }
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                text.push_str(&token.to_string());
                text.push(' ');
            }
        }
    }
}

fn read(path: &Path) -> Result<Texts, Box<dyn Error>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

fn write(folder: &Path, name: &str, texts: &Texts) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join(name), serde_json::to_string(texts)?)?)
}

/// The texts of a language that is written from right to left, the missing ones in English.
/// Neither what is filled in nor an English sentence may take the full stop or the number beside
/// it along to its own side.
fn right_to_left(own: Texts, english: &Texts) -> Texts {
    let has = |key: &str| own.keys().any(|known| stem(known) == stem(key));
    let missing = english.iter().filter(|(key, _)| !has(key));
    let mut texts: Texts =
        missing.map(|(key, text)| (key.clone(), from_left(&parts_apart(text)))).collect();
    texts.extend(own.into_iter().map(|(key, text)| (key, parts_apart(&text))));
    texts
}

/// A key without the form of its plural.
fn stem(key: &str) -> &str {
    let forms = ["_zero", "_one", "_two", "_few", "_many", "_other"];
    forms.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

fn parts_apart(text: &str) -> String {
    text.replace("{{", "\u{2068}{{").replace("}}", "}}\u{2069}")
}

/// Words without anything at their ends stand right in any line.
fn from_left(text: &str) -> String {
    let is_one_run = text.starts_with(char::is_alphabetic) && text.ends_with(char::is_alphanumeric);
    if is_one_run { text.to_owned() } else { format!("\u{2066}{text}\u{2069}") }
}
