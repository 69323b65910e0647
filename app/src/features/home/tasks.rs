use crate::i18n::{Locale, td_string};
use stock::tasks::TaskKind;

/// What is to be done, in a sentence.
pub(crate) fn task_words(l: Locale, kind: TaskKind, what: &str) -> String {
    match kind {
        TaskKind::ConfirmOpening => td_string!(l, home.confirm_opening, what = what),
        TaskKind::ConfirmReceipt => td_string!(l, home.confirm_receipt, what = what),
        TaskKind::ConfirmOnBehalf => td_string!(l, home.confirm_on_behalf, what = what),
        TaskKind::ApproveCount => td_string!(l, home.approve_count, what = what),
        TaskKind::ReceiveConsignment => td_string!(l, home.receive_consignment, what = what),
        TaskKind::ExplainDelivery => td_string!(l, home.explain_delivery, what = what),
        TaskKind::DecideSheet => td_string!(l, home.decide_sheet, what = what),
        TaskKind::DecideDrop => td_string!(l, home.decide_drop, what = what),
        TaskKind::DecideGoods => td_string!(l, home.decide_goods, what = what),
        TaskKind::DecideHeld => td_string!(l, home.decide_held, what = what),
        TaskKind::ExplainShortfall => td_string!(l, home.explain_shortfall, what = what),
        TaskKind::HeldBatchMoved => td_string!(l, home.held_batch_moved, what = what),
        TaskKind::CheckPacks => td_string!(l, home.check_packs, what = what),
        TaskKind::StopGiving => td_string!(l, home.stop_giving, what = what),
        TaskKind::ConfirmAlone => td_string!(l, home.confirm_alone, what = what),
        TaskKind::LateConsignment => td_string!(l, home.late_consignment, what = what),
        TaskKind::PartArrived => td_string!(l, home.part_arrived, what = what),
        TaskKind::MissingSheet => td_string!(l, home.missing_sheet, what = what),
    }
}
