//! Stock cards: every movement with the balance after it, the newest first.
//!
//! A card is read backwards from today's balance, a page at a time, so that its cost does not
//! depend on how old the books are.

use super::on_hand::StoreError;
use crate::access::{Denied, Reader};
use crate::documents::{Document, DocumentKind};
use crate::query::Query;
use domain::ids::{BatchId, MaterialId, MovementId, RecordId, StoreId};
use domain::ledger::{MovementKind, Reason};
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Lines on a page of a card.
const LINES: i64 = 50;

/// Where a page begins: before this line, with this balance after it. `None` is today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CardStart {
    pub occurred_at: Millis,
    pub line: i64,
    pub balance: i64,
}

/// One line of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardLine {
    pub line: i64,
    pub movement: MovementId,
    pub record: RecordId,
    pub kind: MovementKind,
    pub reason: Reason,
    pub derived: bool,
    pub reversed: bool,
    pub occurred_at: Millis,
    pub recorded_at: Millis,
    pub batch_code: String,
    /// The kind of account on the other side, and who answers for it.
    pub other_kind: String,
    pub other_holder: String,
    /// The paper by which it came or went; its detail is the store at the road's other end.
    pub document: Option<Document>,
    /// Pieces in, or minus pieces out.
    pub delta: i64,
    /// The balance after this line.
    pub balance: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardPage {
    pub lines: Vec<CardLine>,
    pub balance_now: i64,
    pub next: Option<CardStart>,
}

#[derive(FromQueryResult)]
struct Row {
    line: i64,
    movement_id: Uuid,
    record_id: Uuid,
    kind: String,
    reason: String,
    derived: bool,
    reversed: bool,
    occurred_at: i64,
    recorded_at: i64,
    batch_code: String,
    other_kind: String,
    other_holder: Option<String>,
    grn: Option<String>,
    paper_id: Option<Uuid>,
    waybill: Option<String>,
    other_store: Option<String>,
    event: Option<String>,
    drop_number: Option<String>,
    delta: i64,
}

#[derive(FromQueryResult)]
struct Total {
    pieces: i64,
}

#[derive(FromQueryResult)]
struct Account {
    id: i64,
}

/// What a card is about.
#[derive(Clone, Copy)]
enum Of {
    Material(MaterialId),
    Batch(BatchId),
}

impl Reader<'_> {
    /// The card of one material in one store.
    pub async fn stock_card(
        &self,
        store: StoreId,
        material: MaterialId,
        start: Option<CardStart>,
    ) -> Result<CardPage, CardError> {
        self.card(store, Of::Material(material), start).await
    }

    /// The card of one batch in one store.
    pub async fn batch_card(
        &self,
        store: StoreId,
        batch: BatchId,
        start: Option<CardStart>,
    ) -> Result<CardPage, CardError> {
        self.card(store, Of::Batch(batch), start).await
    }

    async fn card(
        &self,
        store: StoreId,
        of: Of,
        start: Option<CardStart>,
    ) -> Result<CardPage, CardError> {
        self.require_store(store).await?;
        let db = self.stock.db.read();
        let account: Option<Account> = Query::new("SELECT a.id FROM account a WHERE ")
            .account("a", domain::account::Account::store(store))
            .one(db)
            .await?;
        let Some(Account { id: account }) = account else {
            return Ok(CardPage { lines: Vec::new(), balance_now: 0, next: None });
        };
        let total: Option<Total> = of
            .batches(Query::new(&format!(
                "SELECT CAST(COALESCE(SUM(b.pieces), 0) AS BIGINT) AS pieces FROM balance b
                 WHERE b.account_id = {account} AND b.batch_id IN "
            )))
            .one(db)
            .await?;
        let balance_now = total.map_or(0, |total| total.pieces);
        let mut rows: Vec<Row> = page((store, account), of, start).all(db).await?;
        let more = rows.len() as i64 > LINES;
        rows.truncate(LINES as usize);
        let mut balance = start.map_or(balance_now, |start| start.balance);
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let delta = row.delta;
            lines.push(row.line(balance));
            balance -= delta;
        }
        let next = lines.last().filter(|_| more).map(|last| CardStart {
            occurred_at: last.occurred_at,
            line: last.line,
            balance,
        });
        Ok(CardPage { lines, balance_now, next })
    }
}

impl Of {
    fn batches(self, query: Query) -> Query {
        match self {
            Self::Material(material) => query
                .push("(SELECT id FROM batch WHERE material_id = ")
                .bind(material.uuid())
                .push(")"),
            Self::Batch(batch) => query.push("(").bind(batch.uuid()).push(")"),
        }
    }
}

fn page((store, account): (StoreId, i64), of: Of, start: Option<CardStart>) -> Query {
    let side = |query: Query, mine: &str, other: &str, sign: &str| {
        let query = query.push(&format!(
            "SELECT l.id AS line, l.movement_id, l.occurred_at, l.batch_id,
                l.{other} AS other_id, {sign}l.pieces AS delta
             FROM line l WHERE l.{mine} = {account} AND l.batch_id IN "
        ));
        let query = of.batches(query);
        match start {
            None => query,
            Some(start) => query
                .push(" AND (l.occurred_at < ")
                .bind(start.occurred_at.0)
                .push(" OR l.occurred_at = ")
                .bind(start.occurred_at.0)
                .push(" AND l.id < ")
                .bind(start.line)
                .push(")"),
        }
    };
    let query = Query::new(
        "SELECT side.line, side.movement_id, m.record_id, m.kind, m.reason, m.derived,
            EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id) AS reversed,
            side.occurred_at, r.recorded_at, t.code AS batch_code, o.kind AS other_kind,
            s.name AS other_holder, g.number AS grn, o.owner_id AS paper_id, c.number AS waybill,
            w.name AS other_store, e.number AS event, d.number AS drop_number, side.delta
         FROM (SELECT * FROM (",
    );
    let query = side(query, "from_id", "to_id", "-").push(" UNION ALL ");
    // What is joined to a line is looked up for one page of them.
    side(query, "to_id", "from_id", "")
        .push(&format!(
            ") AS lines ORDER BY lines.occurred_at DESC, lines.line DESC LIMIT {}) AS side
             JOIN movement m ON m.id = side.movement_id
             JOIN record r ON r.id = m.record_id JOIN batch t ON t.id = side.batch_id
             JOIN account o ON o.id = side.other_id LEFT JOIN store s ON s.id = o.holder_id
             LEFT JOIN receipt g ON g.record_id = m.record_id
             LEFT JOIN consignment c ON o.kind = 'in_transit' AND c.id = o.owner_id AND ",
            LINES + 1
        ))
        // What came up in a third store is of a consignment that is not open to it.
        .bind(store.uuid())
        .push(
            " IN (c.from_store_id, c.to_store_id)
             LEFT JOIN store w ON w.id = CASE WHEN c.from_store_id = ",
        )
        .bind(store.uuid())
        .push(
            " THEN c.to_store_id ELSE c.from_store_id END
             LEFT JOIN event e ON e.id = o.owner_id LEFT JOIN drop_off d ON d.id = o.owner_id
             ORDER BY side.occurred_at DESC, side.line DESC",
        )
}

impl Row {
    fn document(&mut self) -> Option<Document> {
        let owned = [
            (DocumentKind::Consignment, self.waybill.take()),
            (DocumentKind::Event, self.event.take()),
            (DocumentKind::Drop, self.drop_number.take()),
        ];
        let note = (DocumentKind::GoodsReceivedNote, Some(self.record_id), self.grn.take());
        let papers = owned.map(|(kind, number)| (kind, self.paper_id, number)).into_iter();
        let other_store = self.other_store.take().unwrap_or_default();
        papers.chain([note]).find_map(|(kind, id, number)| {
            Some(Document { kind, id: id?, number: number?, detail: other_store.clone() })
        })
    }

    fn line(mut self, balance: i64) -> CardLine {
        CardLine {
            document: self.document(),
            line: self.line,
            movement: self.movement_id.into(),
            record: self.record_id.into(),
            kind: MovementKind::parse(&self.kind).unwrap_or(MovementKind::Reverse),
            reason: Reason::parse(&self.reason).unwrap_or(Reason::Other),
            derived: self.derived,
            reversed: self.reversed,
            occurred_at: Millis(self.occurred_at),
            recorded_at: Millis(self.recorded_at),
            batch_code: self.batch_code,
            other_kind: self.other_kind,
            other_holder: self.other_holder.unwrap_or_default(),
            delta: self.delta,
            balance,
        }
    }
}

/// Why a card is not shown.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<StoreError> for CardError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Denied(denied) => Self::Denied(denied),
            StoreError::Database(error) => Self::Database(error),
        }
    }
}
