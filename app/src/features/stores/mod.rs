//! Stores: real places with stock.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod editor;
#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
use crate::i18n::{Locale, td_string};
#[cfg(feature = "ssr")]
use domain::reference::StoreKind;

/// The words for a kind of store.
#[cfg(feature = "ssr")]
pub(crate) fn kind_name(l: Locale, kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Central => td_string!(l, stores.kind_central),
        StoreKind::Provincial => td_string!(l, stores.kind_provincial),
        StoreKind::Partner => td_string!(l, stores.kind_partner),
    }
}
