//! The movements behind a figure of a month.

use super::{kind, month};
use crate::api::extract::{Asked, Asker, Parameters};
use crate::api::holdings::seen_store;
use crate::api::page::{Page, PageQuery};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use crate::api::words::time;
use axum::Json;
use domain::ids::MaterialId;
use serde::{Deserialize, Serialize};
use stock::reconcile::{BehindLine, BehindPage, Figure, FigureOf, What};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A figure with the lines that it is the sum of.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "opening": 0,
    "figure": 590,
    "sum": 590,
    "adds_up": true,
    "cut": false,
    "items": [{
        "movement": "019a0d6e-0000-7000-8000-000000000050",
        "record": "019a0d6e-0000-7000-8000-000000000033",
        "kind": "give",
        "occurred_at": "2017-06-14T12:00:00.000+04:30",
        "batch_code": "421A500000F",
        "from_kind": "at_event",
        "from_holder": "Balkh store",
        "to_kind": "given_event",
        "to_holder": "Balkh store",
        "share": 590
    }],
    "next": null
}))]
pub struct BehindFigure {
    /// Pieces before the month, where the figure begins with them: `closing` does.
    pub opening: i64,
    /// The figure as the month's sums keep it, in pieces.
    pub figure: i64,
    /// The opening and the shares of all lines.
    pub sum: i64,
    pub adds_up: bool,
    /// There are more lines than the 2,000 that are looked at.
    pub cut: bool,
    pub items: Vec<LineBehind>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct LineBehind {
    pub movement: Uuid,
    pub record: Uuid,
    /// `receive`, `dispatch`, `give`, `reverse`, …
    pub kind: &'static str,
    pub occurred_at: String,
    pub batch_code: String,
    /// The kinds of the two accounts, and the stores that answer for them.
    pub from_kind: String,
    pub from_holder: String,
    pub to_kind: String,
    pub to_holder: String,
    /// What the line adds to the figure, in pieces.
    pub share: i64,
}

impl From<BehindLine> for LineBehind {
    fn from(line: BehindLine) -> Self {
        Self {
            movement: line.movement.uuid(),
            record: line.record.uuid(),
            kind: line.kind.as_str(),
            occurred_at: time(line.occurred_at),
            batch_code: line.batch_code,
            from_kind: line.from_kind,
            from_holder: line.from_holder,
            to_kind: line.to_kind,
            to_holder: line.to_holder,
            share: line.share,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// Only what this store answers for.
    pub store: Option<Uuid>,
    /// Only this material.
    pub material: Option<Uuid>,
    /// Only this kind of material, where no material is named.
    pub kind: Option<String>,
}

/// Read what is behind a figure
///
/// A figure is a column of the statement or a step of the chain: `in`, `counted`, `unexplained`,
/// `given`, `disposed`, `lost`, `out`, `closing`, `received`, `dispatched`, `delivered`, `taken`,
/// `brought_back` or `stayed_at_events` (taken less brought back).
#[utoipa::path(
    get, path = "/months/{month}/figures/{figure}", tag = "months",
    operation_id = "read_behind_figure",
    params(
        ("month" = String, Path, example = "2017-06"),
        ("figure" = String, Path, example = "given"),
        FigureQuery, PageQuery
    ),
    responses((status = 200, description = "A page", body = BehindFigure), Refusals)
)]
pub async fn read(
    asker: Asker,
    Parameters((asked, figure)): Parameters<(String, String)>,
    Asked(query): Asked<FigureQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<BehindFigure>, Problem> {
    let reader = asker.reader();
    let what = match (query.material, query.kind.as_deref()) {
        (Some(material), _) => What::Material(MaterialId::new(material)),
        (None, Some(word)) => What::Kind(kind(word)?),
        (None, None) => What::Everything,
    };
    let of = FigureOf {
        month: month(&asked)?,
        store: seen_store(&reader, query.store).await?,
        what,
        figure: Figure::parse(&figure).ok_or(Code::NotFound)?,
    };
    let behind = reader.behind(of).await?;
    let adds_up = behind.adds_up();
    let BehindPage { lines, opening, sum, kept, cut } = behind;
    let lines = Page::cut_alike(lines, &page, key)?.map(LineBehind::from);
    Ok(Json(BehindFigure {
        opening,
        figure: kept,
        sum,
        adds_up,
        cut,
        items: lines.items,
        next: lines.next,
    }))
}

/// A movement may have several lines of a batch: pieces given by different channels.
fn key(line: &BehindLine) -> String {
    format!("{}|{}", line.movement, line.batch_code)
}
