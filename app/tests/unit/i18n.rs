//! Languages.

use app::i18n::{Locale, choose, locale_of_tag, td_string};
use app::ui::{keeps_apart, plain};

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
