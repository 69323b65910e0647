use crate::i18n::{Locale, td_string};
use crate::ui::Tone;
use domain::account::{Account, Real};
use domain::calendar::Lang;
use domain::code::Code;
use domain::pack::{PackKind, PackState};

pub(super) fn state_name(l: Locale, state: PackState) -> &'static str {
    match state {
        PackState::Expected => td_string!(l, codes.state_expected),
        PackState::Sealed => td_string!(l, codes.state_sealed),
        PackState::Opened => td_string!(l, codes.state_opened),
        PackState::Empty => td_string!(l, codes.state_empty),
        PackState::Check => td_string!(l, codes.state_check),
        PackState::Voided => td_string!(l, codes.state_voided),
    }
}

pub(super) const fn state_tone(state: PackState) -> Tone {
    match state {
        PackState::Sealed => Tone::Good,
        PackState::Opened | PackState::Expected => Tone::Accent,
        PackState::Check => Tone::Warn,
        PackState::Empty | PackState::Voided => Tone::Quiet,
    }
}

/// "Carton 7 of 60".
pub(crate) fn position(l: Locale, lang: Lang, kind: PackKind, number: i64, total: i64) -> String {
    let (number, total) = (lang.number(number), lang.number(total));
    match kind {
        PackKind::Carton => td_string!(l, codes.carton_of, number = number, total = total),
        PackKind::Bundle => td_string!(l, codes.bundle_of, number = number, total = total),
    }
}

pub(crate) fn account_name(l: Locale, account: Account) -> &'static str {
    match account {
        Account::Real(real) => match real {
            Real::Store(_) => td_string!(l, codes.in_store),
            Real::InTransit(_) => td_string!(l, codes.in_transit),
            Real::AtEvent(_) => td_string!(l, codes.at_event),
            Real::Given(..) => td_string!(l, codes.given),
            Real::Damaged(_) => td_string!(l, codes.damaged),
            Real::Lost(_) => td_string!(l, codes.lost),
            Real::Disposed(_) => td_string!(l, codes.disposed),
        },
        Account::Printer(_) => td_string!(l, codes.from_printer),
        Account::Opening(_) => td_string!(l, codes.from_opening),
        Account::CountDifference(_) => td_string!(l, codes.count_difference),
        Account::Unexplained(_) => td_string!(l, codes.unexplained),
    }
}

/// A code of the books as labels write it: "4K7M-2QXD-9V3".
pub(crate) fn grouped(code: &str) -> String {
    Code::parse(code).map_or_else(|_| code.to_owned(), |code| code.grouped())
}
