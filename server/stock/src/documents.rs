//! Papers by their numbers.

use crate::access::Reader;
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
    pub const ALL: [Self; 5] =
        [Self::Consignment, Self::Event, Self::Drop, Self::GoodsReceivedNote, Self::PrintRun];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consignment => "consignment",
            Self::Event => "event",
            Self::Drop => "drop",
            Self::GoodsReceivedNote => "goods_received_note",
            Self::PrintRun => "print_run",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The table that holds the numbers, and the column of the ids.
    const fn stored(self) -> (&'static str, &'static str) {
        match self {
            Self::Consignment => ("consignment", "id"),
            Self::Event => ("event", "id"),
            Self::Drop => ("drop_off", "id"),
            Self::GoodsReceivedNote => ("receipt", "record_id"),
            Self::PrintRun => ("print_run", "id"),
        }
    }
}

/// A numbered paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub kind: DocumentKind,
    /// The id in its page's address.
    pub id: Uuid,
    pub number: String,
    /// What tells it from others: the stores, the organisation or the material that it is about.
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
        let mut query = Query::new("");
        for (place, kind) in DocumentKind::ALL.into_iter().enumerate() {
            let ((table, id), kind) = (kind.stored(), kind.as_str());
            query = query
                .push(if place == 0 { "" } else { " UNION ALL " })
                .push(&format!("SELECT '{kind}' AS kind, {id} AS id FROM {table} WHERE number IN "))
                .list(numbers.iter().map(String::as_str));
        }
        let found: Vec<Numbered> = query.all(self.stock.db.read()).await?;
        let mut documents = Vec::with_capacity(found.len());
        for Numbered { kind, id } in found {
            if let Some(kind) = DocumentKind::parse(&kind) {
                documents.extend(self.document(kind, id).await?);
            }
        }
        Ok(documents)
    }

    /// A paper as its own page would show it to the actor, if at all.
    async fn document(&self, kind: DocumentKind, id: Uuid) -> Result<Option<Document>, DbErr> {
        let shown = match kind {
            DocumentKind::Consignment => self
                .consignment_summary(id.into())
                .await?
                .map(|row| (row.number, format!("{} → {}", row.from.name, row.to.name))),
            DocumentKind::Event => {
                self.event(id.into()).await?.map(|event| (event.number, event.org_name))
            }
            DocumentKind::Drop => {
                let drop = self.drop_off(id.into()).await?;
                drop.map(|drop| (drop.row.number, drop.row.store_name))
            }
            DocumentKind::GoodsReceivedNote => {
                self.grn(id.into()).await?.map(|grn| (grn.number, grn.title))
            }
            DocumentKind::PrintRun => {
                self.run(id.into()).await?.map(|run| (run.row.number, run.row.title))
            }
        };
        Ok(shown.map(|(number, detail)| Document { kind, id, number, detail }))
    }
}
