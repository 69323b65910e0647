//! Organisations: the programme, partners, printers, donors.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
use crate::i18n::{Locale, td_string};
#[cfg(feature = "ssr")]
use domain::reference::OrgKind;

/// The words for a kind of organisation.
#[cfg(feature = "ssr")]
pub(crate) fn kind_name(l: Locale, kind: OrgKind) -> &'static str {
    match kind {
        OrgKind::Programme => td_string!(l, organisations.kind_programme),
        OrgKind::Partner => td_string!(l, organisations.kind_partner),
        OrgKind::Printer => td_string!(l, organisations.kind_printer),
        OrgKind::Donor => td_string!(l, organisations.kind_donor),
    }
}
