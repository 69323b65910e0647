//! The words for materials, also for the pages that list them.

use crate::i18n::{Locale, td_string};
use domain::material::{MaterialKind, PrintLanguage};
use stock::reference::materials::Material;

pub(crate) fn kind_name(l: Locale, kind: MaterialKind) -> &'static str {
    match kind {
        MaterialKind::Leaflet => td_string!(l, materials.kind_leaflet),
        MaterialKind::Sticker => td_string!(l, materials.kind_sticker),
        MaterialKind::Magazine => td_string!(l, materials.kind_magazine),
        MaterialKind::Other => td_string!(l, materials.kind_other),
    }
}

pub(crate) fn language_name(l: Locale, language: PrintLanguage) -> &'static str {
    match language {
        PrintLanguage::Dari => td_string!(l, materials.language_dari),
        PrintLanguage::Pashto => td_string!(l, materials.language_pashto),
        PrintLanguage::English => td_string!(l, materials.language_english),
        PrintLanguage::DariPashto => td_string!(l, materials.language_dari_pashto),
        PrintLanguage::Other => td_string!(l, materials.language_other),
    }
}

/// What tells an edition from others of the same title: "Leaflet · Dari · 2017-1".
pub(crate) fn identity(
    l: Locale,
    kind: MaterialKind,
    language: PrintLanguage,
    edition: &str,
) -> String {
    format!("{} · {} · {edition}", kind_name(l, kind), language_name(l, language))
}

/// "M1 · Leaflet · Dari · 2017-1".
pub(crate) fn numbered(l: Locale, material: &Material) -> String {
    let what = identity(l, material.kind, material.language, &material.edition);
    format!("{} · {what}", material.short_number.as_str())
}

/// "Know the risks (M1)": what it is called at a desk.
pub(crate) fn inside(material: &Material) -> String {
    inside_words(&material.title, material.short_number.as_str())
}

pub(crate) fn inside_words(title: &str, short_number: &str) -> String {
    format!("{title} ({short_number})")
}

/// What every label and paper calls it: "Printed paper M3", or "Printed paper (M3)" where the name
/// does not say the number itself.
pub(crate) fn outside(material: &Material) -> String {
    outside_words(&material.outside_name, material.short_number.as_str())
}

pub fn outside_words(outside_name: &str, short_number: &str) -> String {
    match outside_name.split_whitespace().any(|word| word == short_number) {
        true => outside_name.to_owned(),
        false => format!("{outside_name} ({short_number})"),
    }
}
