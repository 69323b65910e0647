//! Words and cells that the pages about a month share.

use crate::i18n::{Locale, td_string};
use crate::ui::{Cell, Tone};
use domain::calendar::Lang;
use domain::material::MaterialKind;

/// A kind of material in the plural: "Leaflets".
pub(crate) fn kind_name(kind: MaterialKind, l: Locale) -> &'static str {
    match kind {
        MaterialKind::Leaflet => td_string!(l, reconcile.kind_leaflet),
        MaterialKind::Sticker => td_string!(l, reconcile.kind_sticker),
        MaterialKind::Magazine => td_string!(l, reconcile.kind_magazine),
        MaterialKind::Other => td_string!(l, reconcile.kind_other),
    }
}

/// How a reported figure differs from the ledger's; amber where somebody has to explain it.
pub(crate) fn difference_cell(difference: i64, l: Locale, lang: Lang) -> Cell {
    let pieces = lang.number(difference.abs());
    match difference {
        0 => Cell::text(td_string!(l, reconcile.agrees)).tone(Tone::Quiet),
        1.. => Cell::text(td_string!(l, reconcile.more_reported, pieces = pieces)).tone(Tone::Warn),
        i64::MIN..=-1 => {
            Cell::text(td_string!(l, reconcile.less_reported, pieces = pieces)).tone(Tone::Warn)
        }
    }
}
