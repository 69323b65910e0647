//! Papers by their numbers.

use crate::access::{Denied, Reader};
use crate::consignments::DraftError;
use crate::query::Query;
use domain::numbers::meant;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// What a numbered paper is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentKind {
    Consignment,
    Event,
    Drop,
    GoodsReceivedNote,
    PrintRun,
}

impl DocumentKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consignment => "consignment",
            Self::Event => "event",
            Self::Drop => "drop",
            Self::GoodsReceivedNote => "goods_received_note",
            Self::PrintRun => "print_run",
        }
    }
}

/// A paper that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub kind: DocumentKind,
    pub id: Uuid,
    pub number: String,
    /// The stores, the organisation or the material that it is about.
    pub detail: String,
}

#[derive(FromQueryResult)]
struct Numbered {
    kind: String,
    id: Uuid,
}

impl Reader<'_> {
    /// The papers that the actor sees and `text` is the number of.
    pub async fn documents(&self, text: &str) -> Result<Vec<Document>, DbErr> {
        let numbers = meant(text);
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let tables = [
            ("consignment", "id", "consignment"),
            ("event", "id", "event"),
            ("drop", "id", "drop_off"),
            ("goods_received_note", "record_id", "receipt"),
            ("print_run", "id", "print_run"),
        ];
        let mut query = Query::new("");
        for (place, (kind, id, table)) in tables.into_iter().enumerate() {
            query = query
                .push(if place == 0 { "" } else { " UNION ALL " })
                .push(&format!("SELECT '{kind}' AS kind, {id} AS id FROM {table} WHERE number IN "))
                .list(numbers.iter().map(String::as_str));
        }
        let found: Vec<Numbered> = query.all(self.stock.db.read()).await?;
        let mut documents = Vec::with_capacity(found.len());
        for numbered in found {
            documents.extend(self.document(&numbered).await?);
        }
        Ok(documents)
    }

    /// A paper as its own page would show it to the actor, if at all.
    async fn document(&self, numbered: &Numbered) -> Result<Option<Document>, DbErr> {
        let id = numbered.id;
        let document = |kind, number, detail| Some(Document { kind, id, number, detail });
        Ok(match numbered.kind.as_str() {
            "consignment" => match self.consignment(id.into()).await {
                Ok(detail) => {
                    let row = detail.consignment;
                    let way = format!("{} → {}", row.from.name, row.to.name);
                    document(DocumentKind::Consignment, row.number, way)
                }
                Err(DraftError::Denied(Denied::NotFound | Denied::NotAllowed(_))) => None,
                Err(DraftError::Database(error)) => return Err(error),
                Err(other) => return Err(DbErr::Custom(other.to_string())),
            },
            "event" => self
                .event(id.into())
                .await?
                .and_then(|event| document(DocumentKind::Event, event.number, event.org_name)),
            "drop" => self.drop_off(id.into()).await?.and_then(|drop| {
                document(DocumentKind::Drop, drop.row.number, drop.row.store_name)
            }),
            "goods_received_note" => self
                .grn(id.into())
                .await?
                .and_then(|grn| document(DocumentKind::GoodsReceivedNote, grn.number, grn.title)),
            _ => self
                .run(id.into())
                .await?
                .and_then(|run| document(DocumentKind::PrintRun, run.row.number, run.row.title)),
        })
    }
}
