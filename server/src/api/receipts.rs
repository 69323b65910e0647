//! Goods received notes: the paper of one delivery of a print run.

use super::extract::{Asker, Id};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::{date, time};
use axum::Json;
use serde::Serialize;
use stock::receipts::{Grn, GrnDamage, GrnPacks};
use utoipa::ToSchema;
use uuid::Uuid;

/// What arrived, and how it was counted. What is short is not on it: it stays with the printer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "record": "019a0d6e-0000-7000-8000-000000000012",
    "number": "GRN-KBL-0001",
    "run": "019a0d6e-0000-7000-8000-000000000010",
    "run_number": "PR-0001",
    "purchase_order": "PO-17-031",
    "printer_name": "Kabul Printing",
    "store": "019a0d6e-0000-7000-8000-000000000001",
    "store_name": "Central store",
    "batch": "019a0d6e-0000-7000-8000-000000000013",
    "code": "421A500000F",
    "short_number": "M3",
    "title": "Know the risks",
    "outside_name": "Printed paper M3",
    "language": "dari",
    "edition": "1",
    "day": "2017-05-02",
    "recorded_at": "2017-05-02T14:05:00.000+04:30",
    "received_by": "019a0d6e-0000-7000-8000-000000000014",
    "good": 29988,
    "damaged": [{"reason": "wet", "pieces": 12}],
    "damaged_in_all": 12,
    "claimed": 30000,
    "missing_of_claimed": 0,
    "how_counted": "sealed_as_marked",
    "ordered": 30000,
    "received_so_far": 30000,
    "packs": [{"kind": "carton", "sealed": true, "packs": 59, "each": 500}],
    "on_hold": false,
    "reversed": false,
    "note": null
}))]
pub struct GoodsReceivedNote {
    /// The receipt's own record.
    pub record: Uuid,
    pub number: String,
    pub run: Uuid,
    pub run_number: String,
    pub purchase_order: String,
    pub printer_name: String,
    pub store: Uuid,
    pub store_name: String,
    /// The batch that the good and damaged pieces are.
    pub batch: Uuid,
    pub code: String,
    pub short_number: String,
    pub title: String,
    pub outside_name: String,
    pub language: &'static str,
    pub edition: String,
    pub day: String,
    pub recorded_at: String,
    pub received_by: Uuid,
    /// Pieces.
    pub good: i64,
    pub damaged: Vec<Damage>,
    pub damaged_in_all: i64,
    /// Pieces by the printer's own paper.
    pub claimed: Option<i64>,
    /// Claimed less good and damaged; below zero when more came.
    pub missing_of_claimed: Option<i64>,
    /// `sealed_as_marked`, `sample_opened`, `full_count` or `weighed`.
    pub how_counted: &'static str,
    /// Pieces ordered of the run, and what had come with and before this delivery.
    pub ordered: i64,
    pub received_so_far: i64,
    /// As they arrived.
    pub packs: Vec<Packs>,
    /// Over the tolerance: until a second person confirms it, nothing of the batch leaves.
    pub on_hold: bool,
    /// It was taken back as a mistake.
    pub reversed: bool,
    pub note: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Damage {
    /// `wet`, `torn`, `misprinted_or_faulty`, …
    pub reason: &'static str,
    pub pieces: i64,
}

/// So many packs alike.
#[derive(Serialize, ToSchema)]
pub struct Packs {
    /// `carton` or `bundle`.
    pub kind: &'static str,
    pub sealed: bool,
    pub packs: i64,
    /// Pieces in each.
    pub each: i64,
}

impl From<Grn> for GoodsReceivedNote {
    fn from(note: Grn) -> Self {
        let damage =
            |line: &GrnDamage| Damage { reason: line.reason.as_str(), pieces: line.pieces };
        let packs = |packs: &GrnPacks| Packs {
            kind: packs.kind.as_str(),
            sealed: packs.is_sealed,
            packs: packs.packs,
            each: packs.each,
        };
        Self {
            damaged_in_all: note.damaged_total(),
            missing_of_claimed: note.missing_of_claimed(),
            damaged: note.damaged.iter().map(damage).collect(),
            packs: note.packs.iter().map(packs).collect(),
            record: note.record.uuid(),
            number: note.number,
            run: note.run.uuid(),
            run_number: note.run_number,
            purchase_order: note.purchase_order,
            printer_name: note.printer_name,
            store: note.store.uuid(),
            store_name: note.store_name,
            batch: note.batch.uuid(),
            code: note.code.to_string(),
            short_number: note.short_number,
            title: note.title,
            outside_name: note.outside_name,
            language: note.language.as_str(),
            edition: note.edition,
            day: date(note.day),
            recorded_at: time(note.recorded_at),
            received_by: note.received_by.uuid(),
            good: note.good,
            claimed: note.claimed,
            how_counted: note.how.as_str(),
            ordered: note.ordered,
            received_so_far: note.received_so_far,
            on_hold: note.on_hold,
            reversed: note.is_reversed,
            note: note.note,
        }
    }
}

/// Read a goods received note
///
/// By the id of the receipt's record; a print run lists those of its deliveries.
#[utoipa::path(
    get, path = "/receipts/{id}", tag = "arrivals", operation_id = "read_receipt",
    params(("id" = Uuid, Path, description = "The id of the receipt's record")),
    responses((status = 200, description = "The note", body = GoodsReceivedNote), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<GoodsReceivedNote>, Problem> {
    Ok(Json(asker.reader().grn(id.into()).await?.ok_or(Code::NotFound)?.into()))
}
