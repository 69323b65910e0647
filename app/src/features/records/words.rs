//! Words for records and where they are looked at.

use crate::error::PageError;
use crate::i18n::{Locale, td_string};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui::{self, Tone};
use domain::ids::{DropId, RecordId};
use domain::role::{Permission, Role};
use stock::corrections::Hindrance;
use stock::events::SheetState;
use stock::records::{Author, Outcome, RecordHead};

pub fn path(record: RecordId) -> String {
    format!("/records/{record}")
}

/// Why the reader cannot take it back, or not at once, and who can.
pub(super) fn hindrance(why: Hindrance, l: Locale) -> &'static str {
    match why {
        Hindrance::Others => td_string!(l, records.mistake_others),
        Hindrance::BuiltOn => td_string!(l, records.built_on),
        Hindrance::Final => td_string!(l, records.not_reversible),
        Hindrance::LaterFirst => td_string!(l, records.later_first),
    }
}

/// A kind of record by its name in the books.
pub fn kind(kind: &str, l: Locale) -> &'static str {
    match kind {
        "first_count" => td_string!(l, records.kind_first_count),
        "receipt" => td_string!(l, records.kind_receipt),
        "issue_labels" => td_string!(l, records.kind_issue_labels),
        "void_labels" => td_string!(l, records.kind_void_labels),
        "close_run" => td_string!(l, records.kind_close_run),
        "open_pack" => td_string!(l, records.kind_open_pack),
        "split_pack" => td_string!(l, records.kind_split_pack),
        "empty_pack" => td_string!(l, records.kind_empty_pack),
        "found_sealed" => td_string!(l, records.kind_found_sealed),
        "reprint_labels" => td_string!(l, records.kind_reprint_labels),
        "dispatch" => td_string!(l, records.kind_dispatch),
        "consignment_cancel" => td_string!(l, records.kind_consignment_cancel),
        "delivery" => td_string!(l, records.kind_delivery),
        "delivery_reasons" => td_string!(l, records.kind_delivery_reasons),
        "consignment_explain" => td_string!(l, records.kind_consignment_explain),
        "waybill_paper" => td_string!(l, records.kind_waybill_paper),
        "event_take" => td_string!(l, records.kind_event_take),
        "event_bring_back" => td_string!(l, records.kind_event_bring_back),
        "event_sheet" => td_string!(l, records.kind_event_sheet),
        "event_sheet_decision" => td_string!(l, records.kind_event_sheet_decision),
        "attendance" => td_string!(l, records.kind_attendance),
        "drop" => td_string!(l, records.kind_drop),
        "drop_decision" => td_string!(l, records.kind_drop_decision),
        "event_goods_decision" => td_string!(l, records.kind_event_goods_decision),
        "stock_change" => td_string!(l, records.kind_stock_change),
        "count" => td_string!(l, records.kind_count),
        "approve_count" => td_string!(l, records.kind_approve_count),
        "decline_count" => td_string!(l, records.kind_decline_count),
        "settle" => td_string!(l, records.kind_settle),
        "reverse" => td_string!(l, records.kind_reverse),
        "confirm" => td_string!(l, records.kind_confirm),
        "recall" => td_string!(l, records.kind_recall),
        "recall_step" => td_string!(l, records.kind_recall_step),
        "end_recall" => td_string!(l, records.kind_end_recall),
        "reported_figure" => td_string!(l, records.kind_reported_figure),
        _ => td_string!(l, records.kind_other),
    }
}

pub fn standing(head: &RecordHead, l: Locale) -> (&'static str, Tone) {
    match head.outcome {
        Outcome::Posted if head.taken_back => (td_string!(l, records.taken_back), Tone::Quiet),
        Outcome::Posted => (td_string!(l, records.posted), Tone::Good),
        Outcome::Held => (td_string!(l, records.held), Tone::Warn),
        Outcome::Kept => (td_string!(l, records.kept), Tone::Accent),
    }
}

/// "Noor · Logistics" of a colleague; "Partner · Fast Relief" of whoever works elsewhere.
pub fn author(by: &Author, l: Locale) -> String {
    if by.role == Some(Role::Link) {
        return by_link(l, by.name.as_deref());
    }
    let role = by.role.map(|role| role_name(l, role));
    let org = by.org_name.clone().filter(|_| by.name.is_none());
    let parts = [by.name.clone(), role, org];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { td_string!(l, records.by_unknown).to_owned() } else { parts.join(" · ") }
}

/// "by link of Ahmad": whose link it was, where that is a colleague.
pub fn by_link(l: Locale, made_by: Option<&str>) -> String {
    match made_by {
        Some(name) => td_string!(l, records.by_link_of, name = name),
        None => role_name(l, Role::Link),
    }
}

/// The form that begins with what a sheet said, once that was taken back.
pub fn again(visit: &Visit, head: &RecordHead) -> Option<ui::Link> {
    let is_gone = head.kind == "event_sheet" && head.taken_back;
    (is_gone && visit.may(Permission::RunEvents)).then(|| {
        let href = format!("/events/{}/sheet?from={}", head.subject, head.id);
        ui::Link::new(href, td_string!(visit.locale, events.enter_again))
    })
}

/// The page where somebody says what becomes of a sheet or drop that could not be booked.
pub async fn waits(visit: &Visit, head: &RecordHead) -> Result<Option<ui::Link>, PageError> {
    let reader = visit.reader()?;
    let href = match head.kind.as_str() {
        "drop" => {
            let drop = reader.drop_off(DropId::new(head.id.uuid())).await?;
            let held = drop.filter(|drop| drop.row.held.is_some());
            held.map(|drop| format!("/drops/{}#decide", drop.row.id))
        }
        "event_sheet" => {
            let sheet = reader.event_sheet(head.id).await?;
            let held = sheet.filter(|(_, sheet)| matches!(sheet.state, SheetState::Held(_)));
            held.map(|(event, sheet)| format!("/events/{event}/sheets/{}", sheet.record))
        }
        _ => None,
    };
    Ok(href.map(|href| ui::Link::new(href, td_string!(visit.locale, records.decide))))
}

/// The page of the paper that the record made or belongs to, where the visitor may go there.
pub fn paper(visit: &Visit, head: &RecordHead) -> Option<ui::Link> {
    let (record, subject) = (head.id.uuid(), head.subject);
    let (pattern, id) = match head.kind.as_str() {
        "receipt" => ("/receipts/{id}", record),
        "first_count" => ("/opening/{id}", record),
        "count" => ("/counts/{id}", record),
        "approve_count" | "decline_count" => ("/counts/{id}", subject),
        "recall" => ("/recalls/{id}", record),
        "recall_step" | "end_recall" => ("/recalls/{id}", subject),
        "confirm" | "event_goods_decision" => ("/records/{id}", subject),
        "drop" => ("/drops/{id}", record),
        "drop_decision" => ("/drops/{id}", subject),
        _ => match head.subject_kind.as_str() {
            "consignment" => ("/consignments/{id}", subject),
            "event" => ("/events/{id}", subject),
            "run" => ("/runs/{id}", subject),
            "store" => ("/stock/stores/{id}", subject),
            _ => return None,
        },
    };
    leads_somewhere(pattern, visit).then(|| {
        let href = pattern.replace("{id}", &id.to_string());
        let label = match pattern {
            "/stock/stores/{id}" => td_string!(visit.locale, records.to_store),
            _ => td_string!(visit.locale, records.to_paper),
        };
        ui::Link::new(href, label)
    })
}
