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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{keeps_apart, plain};

    #[test]
    fn what_is_filled_in_stays_together_on_pages_from_right_to_left() {
        let english = td_string!(Locale::en, home.late_consignment, what = "KBL-0042");
        let dari = td_string!(Locale::fa_AF, home.late_consignment, what = "KBL-0042");
        assert!(!english.contains(keeps_apart));
        assert!(dari.contains("\u{2068}KBL-0042\u{2069}"), "{dari:?}");
        // Not translated yet: an English sentence within a Dari page.
        assert!(dari.starts_with('\u{2066}') && dari.ends_with('\u{2069}'), "{dari:?}");
        assert_eq!(plain(&dari), english);
        let label = td_string!(Locale::ps_AF, events.material);
        assert_eq!(label, td_string!(Locale::en, events.material));
    }

    #[test]
    fn every_way_to_write_dari_and_pashto_is_understood() {
        for tag in ["fa", "fa-AF", "fa-IR", "prs", "PRS-AF"] {
            assert_eq!(locale_of_tag(tag), Some(Locale::fa_AF), "{tag}");
        }
        assert_eq!(locale_of_tag("ps-PK"), Some(Locale::ps_AF));
        assert_eq!(locale_of_tag("de"), None);
    }

    #[test]
    fn the_cookie_wins_over_the_browser() {
        assert_eq!(choose(Some("en"), Some("fa")), Locale::en);
        assert_eq!(choose(None, Some("de, ps;q=0.8, en;q=0.5")), Locale::ps_AF);
        assert_eq!(choose(Some("xx"), None), Locale::en);
    }
}
