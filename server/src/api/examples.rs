//! A body of every kind of record, for the documentation; a test posts each of them.

use serde_json::{Value, json};

const ID: &str = "019a0d6e-0000-7000-8000-000000000001";
const OTHER: &str = "019a0d6e-0000-7000-8000-000000000002";
const CODE: &str = "421A500000F";

/// A body of the kind as somebody would send it.
pub fn body(kind: &str) -> Value {
    match kind {
        "first_count" | "issue_labels" | "void_labels" | "receipt" | "close_run" => arrivals(kind),
        "open_pack" | "split_pack" | "empty_pack" | "found_sealed" | "reprint_labels" => {
            packs(kind)
        }
        "dispatch"
        | "consignment_cancel"
        | "delivery"
        | "delivery_reasons"
        | "consignment_explain"
        | "waybill_paper" => consignments(kind),
        "event_take"
        | "event_bring_back"
        | "event_sheet"
        | "event_sheet_decision"
        | "attendance"
        | "drop"
        | "drop_decision"
        | "event_goods_decision" => events(kind),
        other => keeping(other),
    }
}

fn arrivals(kind: &str) -> Value {
    match kind {
        "first_count" => json!({"store": ID, "rows": [
            {"material": OTHER, "cartons": {"cartons": 12, "each": 500}, "loose": 37}]}),
        "issue_labels" => json!({"run": ID, "cartons": [{"cartons": 60, "each": 500}],
            "bundles_of": null}),
        "void_labels" => json!({"run": ID, "packs": [OTHER]}),
        "receipt" => json!({"run": ID, "store": OTHER, "sealed": [{"cartons": 59, "each": 500}],
            "open": [488], "damaged": [{"damage": "wet", "pieces": 12}], "claimed": 30000,
            "how": "sealed_as_marked", "labels": {"new": {"bundles_of": null}}}),
        _ => json!({"run": ID}),
    }
}

fn packs(kind: &str) -> Value {
    match kind {
        "open_pack" => json!({"pack": ID, "found": 498}),
        "split_pack" => json!({"pack": ID, "bundles": [50, 50, 50], "loose": 10}),
        "reprint_labels" => json!({"packs": [ID]}),
        _ => json!({"pack": ID}),
    }
}

fn consignments(kind: &str) -> Value {
    match kind {
        "consignment_cancel" => json!({"consignment": ID, "reason": "road_closed"}),
        "delivery" => json!({"consignment": ID, "rest": "nothing_more", "lines": [
            {"batch": OTHER, "full_cartons": 2, "packs": [], "good": 1000, "damaged": 12,
             "damage": "wet"}]}),
        "delivery_reasons" => json!({"consignment": ID, "reasons": [
            {"batch": OTHER, "side": "missing", "reason": "checkpoint"}]}),
        "consignment_explain" => json!({"consignment": ID, "batch": OTHER, "pieces": 40,
            "became": "lost", "reason": "stolen"}),
        "waybill_paper" => json!({"consignment": ID, "state": "back_signed"}),
        _ => json!({"consignment": ID}),
    }
}

fn events(kind: &str) -> Value {
    match kind {
        "event_take" => json!({"event": ID, "goods": {"materials": [[OTHER, 500]]}}),
        "event_bring_back" => json!({"event": ID, "rows": [[OTHER, 120]]}),
        "event_sheet" => json!({"event": ID, "rows": [
            {"material": OTHER, "brought": 500, "left": 100, "spoiled": 10, "participants": 390}],
            "attendance": {"women": 12, "men": 20, "girls": 4, "boys": 0,
                "groups": ["community", "religious_leaders"]}}),
        "event_sheet_decision" => json!({"sheet": ID, "decision": "correction"}),
        "drop_decision" => json!({"drop": ID, "decision": "post_now"}),
        "event_goods_decision" => json!({"record": ID, "decision": "post_now"}),
        "attendance" => json!({"event": ID, "attendance": {"women": 12, "men": 20, "girls": null,
            "boys": null, "age_not_recorded": 3, "groups": ["community"]}}),
        _ => json!({"store": ID, "place": "AF2101", "kind": "clinic", "places": 2,
            "goods": {"materials": [[OTHER, 200]]}}),
    }
}

fn keeping(kind: &str) -> Value {
    match kind {
        "stock_change" => json!({"store": ID, "what": "damaged", "reason": "wet",
            "lines": [{"batch": OTHER, "pieces": 12}]}),
        "count" => json!({"store": ID, "lines": [{"batch": OTHER, "pieces": 480}]}),
        "approve_count" => json!({"count": ID, "reason": "counted_wrong"}),
        "decline_count" => json!({"count": ID}),
        "confirm" => json!({"record": ID}),
        "settle" => json!({"of": {"store": ID}, "batch": OTHER, "pieces": 40,
            "by": {"opening": ID}, "reason": "not_recorded_at_the_time"}),
        "reverse" => json!({"movements": [ID], "reason": "typed_wrong"}),
        "recall" => json!({"material": ID, "mode": "stop_now"}),
        "recall_step" => json!({"recall": ID, "store": OTHER, "step": "told", "how": "phone"}),
        "end_recall" => json!({"recall": ID}),
        "reported_figure" => json!({"org": ID, "month": 201_706, "kind": "leaflet",
            "pieces": 25_000, "source": "spreadsheet"}),
        _ => json!({"codes": [CODE]}),
    }
}
