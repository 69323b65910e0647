//! What a record moved.

use crate::api::accounts::Account;
use crate::api::extract::{Asked, Asker, Id};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use axum::Json;
use domain::ids::RecordId;
use serde::Serialize;
use stock::records::{ReadRecordError, RecordLine, RecordMovement};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a record did to pieces.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000050",
    "kind": "dispatch",
    "reason": "planned",
    "derived": false,
    "reversed_by": null,
    "reverses": null,
    "lines": [{
        "batch": "019a0d6e-0000-7000-8000-000000000013",
        "batch_code": "421A500000F",
        "short_number": "M3",
        "title": "Know the risks",
        "from": {"kind": "store", "owner": "019a0d6e-0000-7000-8000-000000000001",
            "channel": null, "unexplained": false},
        "from_holder": "Central store",
        "to": {"kind": "in_transit", "owner": "019a0d6e-0000-7000-8000-000000000060",
            "channel": null, "unexplained": false},
        "to_holder": "Central store",
        "pieces": 500
    }]
}))]
pub struct Movement {
    pub id: Uuid,
    /// `open`, `receive`, `dispatch`, `deliver`, `take`, `give`, `reverse`, …
    pub kind: &'static str,
    /// `planned`, `wet`, `found`, …
    pub reason: &'static str,
    /// Made by the rules of the ledger and not asked for.
    pub derived: bool,
    /// The record that undid it.
    pub reversed_by: Option<Uuid>,
    /// The record whose movement this one undoes.
    pub reverses: Option<Uuid>,
    pub lines: Vec<MovementLine>,
}

#[derive(Serialize, ToSchema)]
pub struct MovementLine {
    pub batch: Uuid,
    pub batch_code: String,
    pub short_number: String,
    pub title: String,
    pub from: Account,
    /// The store that answers for it.
    pub from_holder: String,
    pub to: Account,
    pub to_holder: String,
    pub pieces: i64,
}

impl From<RecordLine> for MovementLine {
    fn from(line: RecordLine) -> Self {
        Self {
            batch: line.batch.uuid(),
            batch_code: line.batch_code,
            short_number: line.short_number,
            title: line.title,
            from: line.from.account.into(),
            from_holder: line.from.holder_name,
            to: line.to.account.into(),
            to_holder: line.to.holder_name,
            pieces: line.pieces,
        }
    }
}

impl From<RecordMovement> for Movement {
    fn from(movement: RecordMovement) -> Self {
        Self {
            id: movement.id.uuid(),
            kind: movement.kind.as_str(),
            reason: movement.reason.as_str(),
            derived: movement.derived,
            reversed_by: movement.reversed_by.map(RecordId::uuid),
            reverses: movement.reverses.map(RecordId::uuid),
            lines: movement.lines.into_iter().map(MovementLine::from).collect(),
        }
    }
}

/// Read what a record moved
///
/// Of any record that you see, also of other people: in the order of posting, as far as you see
/// the stores, and at most 500 lines in all.
#[utoipa::path(
    get, path = "/records/{id}/movements", tag = "records", operation_id = "list_movements",
    params(("id" = Uuid, Path, description = "The record's id"), PageQuery),
    responses((status = 200, description = "A page", body = Page<Movement>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Movement>>, Problem> {
    let record = asker.reader().record(id.into()).await?;
    let key = |movement: &RecordMovement| movement.id.to_string();
    Ok(Json(Page::cut(record.movements, &page, key)?.map(Movement::from)))
}

impl From<ReadRecordError> for Problem {
    fn from(error: ReadRecordError) -> Self {
        match error {
            ReadRecordError::Denied(denied) => denied.into(),
            ReadRecordError::Database(error) => error.into(),
        }
    }
}
