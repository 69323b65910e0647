//! Words for movements, reasons and accounts, wherever they are shown.

use crate::i18n::{Locale, td_string};
use domain::account::Account;
use domain::ledger::{MovementKind, Reason};

pub fn kind(kind: MovementKind, l: Locale) -> String {
    use MovementKind as K;
    match kind {
        K::Open => td_string!(l, stock.kind_open),
        K::Receive => td_string!(l, stock.kind_receive),
        K::Dispatch => td_string!(l, stock.kind_dispatch),
        K::Deliver => td_string!(l, stock.kind_deliver),
        K::Take => td_string!(l, stock.kind_take),
        K::Give => td_string!(l, stock.kind_give),
        K::BringBack => td_string!(l, stock.kind_bring_back),
        K::Damage => td_string!(l, stock.kind_damage),
        K::Lose => td_string!(l, stock.kind_lose),
        K::Find => td_string!(l, stock.kind_find),
        K::Salvage => td_string!(l, stock.kind_salvage),
        K::Dispose => td_string!(l, stock.kind_dispose),
        K::HandBack => td_string!(l, stock.kind_hand_back),
        K::Collect => td_string!(l, stock.kind_collect),
        K::Count => td_string!(l, stock.kind_count),
        K::Settle => td_string!(l, stock.kind_settle),
        K::Shortfall => td_string!(l, stock.kind_shortfall),
        K::Reverse => td_string!(l, stock.kind_reverse),
    }
    .to_string()
}

/// Nothing where nobody gave a reason: that it went as planned is then no more than not known.
pub fn reason(reason: Reason, l: Locale) -> String {
    use Reason as R;
    match reason {
        R::Planned => "",
        R::FirstCount => td_string!(l, stock.reason_first_count),
        R::Wet => td_string!(l, stock.reason_wet),
        R::Torn => td_string!(l, stock.reason_torn),
        R::MisprintedOrFaulty => td_string!(l, stock.reason_misprinted_or_faulty),
        R::Outdated => td_string!(l, stock.reason_outdated),
        R::ShortAsPacked => td_string!(l, stock.reason_short_as_packed),
        R::Stolen => td_string!(l, stock.reason_stolen),
        R::Missing => td_string!(l, stock.reason_missing),
        R::Found => td_string!(l, stock.reason_found),
        R::Checkpoint => td_string!(l, stock.reason_checkpoint),
        R::RoadClosed => td_string!(l, stock.reason_road_closed),
        R::SentElsewhere => td_string!(l, stock.reason_sent_elsewhere),
        R::CountedWrong => td_string!(l, stock.reason_counted_wrong),
        R::TypedWrong => td_string!(l, stock.reason_typed_wrong),
        R::EnteredTwice => td_string!(l, stock.reason_entered_twice),
        R::WrongBatch => td_string!(l, stock.reason_wrong_batch),
        R::DidNotHappen => td_string!(l, stock.reason_did_not_happen),
        R::LateRecord => td_string!(l, stock.reason_late_record),
        R::Recall => td_string!(l, stock.reason_recall),
        R::NotRecordedAtTheTime => td_string!(l, stock.reason_not_recorded_at_the_time),
        R::Other => td_string!(l, stock.reason_other),
    }
    .to_string()
}

/// An account by the name of its kind in the books.
pub fn account(kind: &str, l: Locale) -> String {
    match kind {
        "in_transit" => td_string!(l, stock.account_in_transit),
        "at_event" => td_string!(l, stock.account_at_event),
        "given_event" | "given_drop" => td_string!(l, stock.account_given),
        "damaged" => td_string!(l, stock.account_damaged),
        "lost" => td_string!(l, stock.account_lost),
        "disposed" => td_string!(l, stock.account_disposed),
        "printer" => td_string!(l, stock.account_printer),
        "opening" => td_string!(l, stock.account_opening),
        "count_difference" => td_string!(l, stock.account_count_difference),
        _ => td_string!(l, stock.account_store),
    }
    .to_string()
}

/// An account and the store that answers for it: "Mazar, in transit".
pub fn account_of(kind: &str, holder: &str, l: Locale) -> String {
    let account = account(kind, l);
    match (kind, holder) {
        (_, "") => account,
        ("store", holder) => holder.to_owned(),
        (_, holder) => format!("{holder} · {account}"),
    }
}

/// The same for an account of the domain, which also knows what is not explained.
pub fn place(account: Account, holder: &str, l: Locale) -> String {
    match account {
        Account::Real(real) => account_of(real.kind_str(), holder, l),
        Account::Printer(_) => account_of("printer", holder, l),
        Account::Opening(_) => account_of("opening", holder, l),
        Account::CountDifference(_) => account_of("count_difference", holder, l),
        Account::Unexplained(real) => {
            let unexplained = td_string!(l, stock.account_unexplained);
            format!("{} · {unexplained}", account_of(real.kind_str(), holder, l))
        }
    }
}
