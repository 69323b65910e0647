//! Languages: English, Dari and Pashto, checked when the program is compiled.
//!
//! `td_string!(locale, people.title)` gives a text, `td!` a view. The locale is a value that is
//! passed along, also into islands. Missing keys of Dari and Pashto fall back to English.

#[allow(unused_imports, clippy::all)]
// Generated code matches plural forms with a wildcard.
#[allow(clippy::wildcard_enum_match_arm)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

use domain::calendar::Lang;

pub use generated::i18n::*;
pub use leptos_i18n::{td, td_string};

/// The cookie that keeps the language.
pub const COOKIE: &str = "lang";

/// The language of a tag as browsers write it: `prs` and every `fa` are Dari, every `ps` Pashto.
pub fn locale_of_tag(tag: &str) -> Option<Locale> {
    let language = tag.trim().split(['-', '_', ';']).next().unwrap_or_default();
    match language.to_ascii_lowercase().as_str() {
        "en" => Some(Locale::en),
        "fa" | "prs" => Some(Locale::fa_AF),
        "ps" => Some(Locale::ps_AF),
        _ => None,
    }
}

/// The cookie's language, else the first one that the browser asks for and Tawzi has.
pub fn choose(cookie: Option<&str>, accept_language: Option<&str>) -> Locale {
    let asked = || accept_language?.split(',').find_map(locale_of_tag);
    cookie.and_then(locale_of_tag).or_else(asked).unwrap_or(Locale::en)
}

/// The language as the rest of the program knows it: digits, calendars, `lang` and `dir`.
pub const fn lang(locale: Locale) -> Lang {
    match locale {
        Locale::en => Lang::En,
        Locale::fa_AF => Lang::Fa,
        Locale::ps_AF => Lang::Ps,
    }
}
