//! The words of the islands and fields that many pages share.
//!
//! Islands get them as values: a phone without network then needs no catalogue of its own.

use crate::i18n::{Locale, td_string};
use crate::ui::{QuantityWords, ScanWords};

/// What a template keeps where the browser will put a number or a code.
const N: &str = "{n}";
const CODE: &str = "{code}";

/// The words of every [`crate::ui::QuantityField`].
pub fn quantity(l: Locale) -> QuantityWords {
    QuantityWords {
        cartons: td_string!(l, widgets.cartons).to_string(),
        bundles: td_string!(l, widgets.bundles).to_string(),
        pieces: td_string!(l, widgets.pieces).to_string(),
        total: td_string!(l, widgets.total, n = N),
    }
}

/// What [`crate::ui::GivenSum`] says below the quantities of one material.
pub fn given(l: Locale) -> String {
    td_string!(l, widgets.given, n = N)
}

/// The words of every [`crate::ui::ScanField`].
pub fn scan(l: Locale) -> ScanWords {
    ScanWords {
        open: td_string!(l, widgets.scan_open).to_string(),
        close: td_string!(l, widgets.scan_close).to_string(),
        aim: td_string!(l, widgets.scan_aim).to_string(),
        none: td_string!(l, widgets.scan_none).to_string(),
        count: td_string!(l, widgets.scan_count, n = N),
        again: td_string!(l, widgets.scan_again, code = CODE),
        added: td_string!(l, widgets.scan_added, code = CODE),
        length: td_string!(l, widgets.scan_length, code = CODE),
        character: td_string!(l, widgets.scan_character, code = CODE),
        check: td_string!(l, widgets.scan_check, code = CODE),
        other: td_string!(l, widgets.scan_other).to_string(),
        refused: td_string!(l, widgets.scan_refused).to_string(),
        missing: td_string!(l, widgets.scan_missing).to_string(),
    }
}
