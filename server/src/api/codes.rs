//! What is behind a code on a label.

use super::extract::{Asker, Parameters};
use super::problem::{Code as Why, Problem};
use super::responses::Refusals;
use axum::Json;
use domain::code::{Code, CodeKind};
use serde::Serialize;
use stock::codes::{CodeState, KnownCode};
use stock::consignments::DraftError;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "code": "4K7M2QXD9V1",
    "kind": "pack",
    "state": "active",
    "id": "019a0d6e-0000-7000-8000-000000000040"
}))]
pub struct KnownLabel {
    /// In the form in which it is printed, without its groups.
    pub code: String,
    /// `batch`, `pack`, `consignment` or `event`: whose address the id belongs to.
    pub kind: &'static str,
    /// `issued` (printed, nothing has arrived yet), `active`, `voided` or `retired`.
    pub state: &'static str,
    pub id: Uuid,
}

const fn kind(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Batch => "batch",
        CodeKind::Pack => "pack",
        CodeKind::Consignment => "consignment",
        CodeKind::Event => "event",
    }
}

const fn state(state: CodeState) -> &'static str {
    match state {
        CodeState::Issued => "issued",
        CodeState::Active => "active",
        CodeState::Voided => "voided",
        CodeState::Retired => "retired",
    }
}

/// Whether the asker sees the thing that the code is stuck on.
async fn is_seen(asker: &Asker, known: &KnownCode) -> Result<bool, Problem> {
    let (reader, subject) = (asker.reader(), known.subject);
    Ok(match known.kind {
        CodeKind::Batch => reader.batch(subject.into()).await?.is_some(),
        CodeKind::Pack => {
            reader.pack(subject.into()).await?.is_some()
                || reader.issued_label(subject.into()).await?.is_some()
        }
        CodeKind::Event => reader.event(subject.into()).await?.is_some(),
        CodeKind::Consignment => match reader.consignment(subject.into()).await {
            Ok(_) => true,
            Err(DraftError::Denied(_)) => false,
            Err(error) => return Err(error.into()),
        },
    })
}

/// Read what a code is stuck on
///
/// Small letters and the groups of the printed form are understood. What you do not see is not
/// found, like a code that Tawzi never made; a mistyped one is refused before anything is looked
/// up.
#[utoipa::path(
    get, path = "/codes/{code}", tag = "stock", operation_id = "read_code",
    params(("code" = String, Path, example = "4K7M2QXD9V1")),
    responses((status = 200, description = "What it is", body = KnownLabel), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(typed): Parameters<String>,
) -> Result<Json<KnownLabel>, Problem> {
    let code = Code::parse(&typed)?;
    let known = asker.stock().find_code(code).await?.ok_or(Why::NotFound)?;
    if !is_seen(&asker, &known).await? {
        return Err(Why::NotFound.into());
    }
    Ok(Json(KnownLabel {
        code: code.to_string(),
        kind: kind(known.kind),
        state: state(known.state),
        id: known.subject,
    }))
}
