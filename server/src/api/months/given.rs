//! What is behind the pieces given in a month: the events and drops, line by line.

use super::{kind, leaves, month};
use crate::api::extract::{Asked, Asker, Parameters};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::time;
use axum::Json;
use domain::role::PlaceCode;
use serde::{Deserialize, Serialize};
use stock::reconcile::{GivenAt, GivenLine};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A page of what was given.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "pieces": 390,
    "cut": false,
    "items": [{
        "event": "019a0d6e-0000-7000-8000-000000000030",
        "drop": null,
        "number": "E-KBL-0007",
        "record": "019a0d6e-0000-7000-8000-000000000033",
        "occurred_at": "2017-06-14T12:00:00.000+04:30",
        "title": "Know the risks",
        "batch_code": "421A500000F",
        "channel": "participants",
        "pieces": 390
    }],
    "next": null
}))]
pub struct Given {
    /// Of all lines, not of this page alone.
    pub pieces: i64,
    /// There are more lines than the 2,000 that are looked at.
    pub cut: bool,
    pub items: Vec<GivenPieces>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct GivenPieces {
    /// One of the two is set.
    pub event: Option<Uuid>,
    pub drop: Option<Uuid>,
    /// Of the event or drop.
    pub number: String,
    pub record: Uuid,
    pub occurred_at: String,
    pub title: String,
    pub batch_code: String,
    /// `participants`, `multipliers` or `public_places`.
    pub channel: &'static str,
    /// Below zero where it was undone or collected again.
    pub pieces: i64,
}

impl From<GivenLine> for GivenPieces {
    fn from(line: GivenLine) -> Self {
        let (event, drop) = match line.at {
            GivenAt::Event(event) => (Some(event.uuid()), None),
            GivenAt::Drop(drop) => (None, Some(drop.uuid())),
        };
        Self {
            event,
            drop,
            number: line.number,
            record: line.record.uuid(),
            occurred_at: time(line.occurred_at),
            title: line.title,
            batch_code: line.batch_code,
            channel: line.channel.as_str(),
            pieces: line.pieces,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GivenQuery {
    /// Only in this province, by P-code.
    pub province: Option<String>,
    /// Only of this kind of material.
    pub kind: Option<String>,
}

/// Read what was given in a month
#[utoipa::path(
    get, path = "/months/{month}/given", tag = "months", operation_id = "read_given",
    params(("month" = String, Path, example = "2017-06"), GivenQuery, PageQuery),
    responses((status = 200, description = "A page", body = Given), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters(asked): Parameters<String>,
    Asked(query): Asked<GivenQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Given>, Problem> {
    let (month, reader) = (month(&asked)?, asker.reader());
    let kind = query.kind.as_deref().map(kind).transpose()?;
    let province = query.province.map(PlaceCode::new);
    if let Some(province) = &province {
        let wrong = || Problem::new(Code::WrongParameter).with("parameter", "province");
        reader.place(province).await?.ok_or_else(wrong)?;
    }
    leaves(&reader, "given", month).await?;
    let given = reader.given_lines(month, province.as_ref(), kind).await?;
    let pieces = given.lines.iter().map(|line| line.pieces).sum();
    let key = |line: &GivenLine| format!("{}|{}", line.record, line.batch_code);
    let lines = Page::cut_alike(given.lines, &page, key)?.map(GivenPieces::from);
    Ok(Json(Given { pieces, cut: given.cut, items: lines.items, next: lines.next }))
}
