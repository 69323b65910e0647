//! Stock cards: every movement of a material or batch in a store with the balance after it.

use super::extract::{Asked, Asker, Parameters};
use super::page::{PageQuery, sealed};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::words::time;
use axum::Json;
use domain::time::Millis;
use serde::Serialize;
use stock::documents::{Document, DocumentKind};
use stock::whereabouts::{CardLine, CardPage, CardStart};
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of a stock card, the newest line first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "balance_now": 12000,
    "items": [{
        "movement": "019a0d6e-0000-7000-8000-000000000050",
        "record": "019a0d6e-0000-7000-8000-000000000051",
        "kind": "dispatch",
        "reason": "planned",
        "derived": false,
        "reversed": false,
        "occurred_at": "2017-06-02T12:00:00.000+04:30",
        "recorded_at": "2017-06-02T12:01:00.000+04:30",
        "batch_code": "421A500000F",
        "other_kind": "in_transit",
        "other_holder": "Kabul store",
        "document": {"kind": "consignment", "number": "KBL-0042", "other_store": "Balkh store"},
        "pieces": -500,
        "balance": 12000
    }],
    "next": null
}))]
pub struct StockCard {
    /// Pieces in the store now.
    pub balance_now: i64,
    pub items: Vec<StockCardLine>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct StockCardLine {
    pub movement: Uuid,
    pub record: Uuid,
    /// `receive`, `dispatch`, `deliver`, `take`, …
    pub kind: &'static str,
    /// `planned`, `wet`, `found`, …
    pub reason: &'static str,
    /// Made by the rules of the ledger and not asked for.
    pub derived: bool,
    /// Undone later.
    pub reversed: bool,
    pub occurred_at: String,
    pub recorded_at: String,
    pub batch_code: String,
    /// The kind of account on the other side, and the store that answers for it.
    pub other_kind: String,
    pub other_holder: String,
    /// The numbered paper by which the pieces came or went.
    pub document: Option<PaperBehind>,
    /// Pieces in; below zero: out.
    pub pieces: i64,
    /// Pieces in the store after it.
    pub balance: i64,
}

#[derive(Serialize, ToSchema)]
pub struct PaperBehind {
    /// `goods_received_note`, `consignment`, `event` or `drop`.
    pub kind: &'static str,
    pub number: String,
    /// At the other end of a consignment's road.
    pub other_store: Option<String>,
}

impl From<Document> for PaperBehind {
    fn from(document: Document) -> Self {
        let is_consignment = document.kind == DocumentKind::Consignment;
        Self {
            kind: document.kind.as_str(),
            number: document.number,
            other_store: is_consignment.then_some(document.detail),
        }
    }
}

impl From<CardLine> for StockCardLine {
    fn from(line: CardLine) -> Self {
        Self {
            movement: line.movement.uuid(),
            record: line.record.uuid(),
            kind: line.kind.as_str(),
            reason: line.reason.as_str(),
            derived: line.derived,
            reversed: line.reversed,
            occurred_at: time(line.occurred_at),
            recorded_at: time(line.recorded_at),
            batch_code: line.batch_code,
            other_kind: line.other_kind,
            other_holder: line.other_holder,
            document: line.document.map(PaperBehind::from),
            pieces: line.delta,
            balance: line.balance,
        }
    }
}

fn start(page: &PageQuery) -> Result<Option<CardStart>, Problem> {
    let Some([occurred_at, line, balance]) = page.parts::<3>()? else { return Ok(None) };
    match (occurred_at.parse(), line.parse(), balance.parse()) {
        (Ok(at), Ok(line), Ok(balance)) => {
            Ok(Some(CardStart { occurred_at: Millis(at), line, balance }))
        }
        (_, _, _) => Err(Code::WrongCursor.into()),
    }
}

/// Fewer lines than were read when fewer are asked for.
fn cut(mut page: CardPage, limit: usize) -> StockCard {
    let mut next = page.next;
    if page.lines.len() > limit {
        page.lines.truncate(limit);
        next = page.lines.last().map(|last| CardStart {
            occurred_at: last.occurred_at,
            line: last.line,
            balance: last.balance - last.delta,
        });
    }
    let key =
        |start: CardStart| format!("{}|{}|{}", start.occurred_at.0, start.line, start.balance);
    StockCard {
        balance_now: page.balance_now,
        items: page.lines.into_iter().map(StockCardLine::from).collect(),
        next: next.map(|start| sealed(&key(start))),
    }
}

/// Read the stock card of a material
///
/// At most 50 lines a page.
#[utoipa::path(
    get, path = "/stores/{store}/materials/{material}/card", tag = "stock",
    operation_id = "read_material_card",
    params(("store" = Uuid, Path), ("material" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page", body = StockCard), Refusals)
)]
pub async fn of_material(
    asker: Asker,
    Parameters((store, material)): Parameters<(Uuid, Uuid)>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<StockCard>, Problem> {
    let (limit, start) = (page.limit()?, start(&page)?);
    let reader = asker.reader();
    reader.material(material.into()).await?.ok_or(Code::NotFound)?;
    let card = reader.stock_card(store.into(), material.into(), start).await?;
    Ok(Json(cut(card, limit)))
}

/// Read the stock card of a batch
///
/// At most 50 lines a page.
#[utoipa::path(
    get, path = "/stores/{store}/batches/{batch}/card", tag = "stock",
    operation_id = "read_batch_card",
    params(("store" = Uuid, Path), ("batch" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page", body = StockCard), Refusals)
)]
pub async fn of_batch(
    asker: Asker,
    Parameters((store, batch)): Parameters<(Uuid, Uuid)>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<StockCard>, Problem> {
    let (limit, start) = (page.limit()?, start(&page)?);
    let reader = asker.reader();
    reader.batch(batch.into()).await?.ok_or(Code::NotFound)?;
    let card = reader.batch_card(store.into(), batch.into(), start).await?;
    Ok(Json(cut(card, limit)))
}
