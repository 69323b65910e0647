use crate::i18n::{Locale, td_string};
use domain::ledger::Reason;
use domain::pack::PackKind;
use domain::records::receipt::{Damage, HowCounted};
use stock::receipts::GrnPacks;

pub(super) fn how_name(l: Locale, how: HowCounted) -> &'static str {
    match how {
        HowCounted::SealedAsMarked => td_string!(l, receipts.how_sealed),
        HowCounted::SampleOpened => td_string!(l, receipts.how_sample),
        HowCounted::FullCount => td_string!(l, receipts.how_full),
        HowCounted::Weighed => td_string!(l, receipts.how_weighed),
    }
}

pub(super) fn damage_name(l: Locale, damage: Damage) -> &'static str {
    match damage {
        Damage::Wet => td_string!(l, receipts.damage_wet),
        Damage::Torn => td_string!(l, receipts.damage_torn),
        Damage::MisprintedOrFaulty => td_string!(l, receipts.damage_misprinted),
        Damage::Other => td_string!(l, receipts.damage_other),
    }
}

/// The damage behind the reason of a movement from the printer.
pub(super) fn reason_name(l: Locale, reason: Reason) -> &'static str {
    let damage = Damage::ALL.into_iter().find(|damage| damage.reason() == reason);
    damage_name(l, damage.unwrap_or(Damage::Other))
}

pub(super) fn packs_name(l: Locale, packs: &GrnPacks) -> &'static str {
    match (packs.kind, packs.is_sealed) {
        (PackKind::Bundle, _) => td_string!(l, receipts.bundles),
        (PackKind::Carton, true) => td_string!(l, receipts.sealed_cartons),
        (PackKind::Carton, false) => td_string!(l, receipts.open_cartons),
    }
}
