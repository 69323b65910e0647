//! Batches: the pieces that arrived together.

use crate::access::{Reader, scope};
use crate::db;
use crate::query::Query;
use domain::code::Code;
use domain::ids::{BatchId, MaterialId, RecordId, RunId, StoreId};
use domain::material::{MaterialKind, PrintLanguage};
use domain::role::Actor;
use domain::time::Day;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BatchDetail {
    pub id: BatchId,
    pub code: Code,
    pub material: MaterialId,
    pub kind: MaterialKind,
    pub title: String,
    pub outside_name: String,
    pub short_number: String,
    pub language: PrintLanguage,
    pub edition: String,
    pub origin: Origin,
    pub arrived_on: Day,
    /// For those who see the store where it arrived.
    pub arrival: Option<Arrival>,
    /// Reasons why it must not be sent or given out.
    pub holds: Vec<Hold>,
}

/// Where a batch comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    Printed { run: RunId, number: String },
    BeforeTawzi,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// The receipt or first count that made the batch.
    pub record: RecordId,
    /// The number of that paper: `GRN-KBL-0001`, `FC-KBL-0001`.
    pub paper: String,
    pub store: StoreId,
    pub store_name: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// What put it on hold.
    pub record: RecordId,
    /// `over_tolerance`, …
    pub reason: String,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    code: String,
    material_id: Uuid,
    kind: String,
    title: String,
    outside_name: String,
    short_number: String,
    language: String,
    edition: String,
    run_id: Option<Uuid>,
    run_number: Option<String>,
    record_id: Uuid,
    paper: Option<String>,
    first_store_id: Uuid,
    first_store_name: String,
    arrived_on: i64,
}

#[derive(FromQueryResult)]
struct HoldRow {
    record_id: Uuid,
    reason: String,
}

/// That the actor sees where batch `b` arrived or someone who ever held pieces of it.
pub(crate) fn that_is_seen(query: Query, actor: &Actor) -> Query {
    query
        .push("(")
        .condition(|next| scope::stores(actor, "b.first_store_id", next))
        .push(" OR EXISTS (SELECT 1 FROM balance k JOIN account a ON a.id = k.account_id")
        .push(" WHERE k.batch_id = b.id AND ")
        .condition(|next| scope::stores(actor, "a.holder_id", next))
        .push("))")
}

impl Reader<'_> {
    /// A batch, if the actor sees where it arrived or someone who ever held pieces of it.
    pub async fn batch(&self, id: BatchId) -> Result<Option<BatchDetail>, DbErr> {
        let db = self.stock.db.read();
        let query = Query::new(
            "SELECT b.id, b.code, b.material_id, m.kind, m.title, m.outside_name,
                m.short_number, m.language, m.edition, b.run_id, r.number AS run_number,
                b.record_id, COALESCE(g.number, f.number) AS paper, b.first_store_id,
                s.name AS first_store_name, b.arrived_on
             FROM batch b JOIN material m ON m.id = b.material_id
             JOIN store s ON s.id = b.first_store_id
             LEFT JOIN print_run r ON r.id = b.run_id
             LEFT JOIN receipt g ON g.record_id = b.record_id
             LEFT JOIN first_count f ON f.record_id = b.record_id
             WHERE b.id = ",
        )
        .bind(id.uuid())
        .push(" AND ");
        let row: Option<Row> = that_is_seen(query, &self.actor).one(db).await?;
        let Some(row) = row else { return Ok(None) };
        let holds: Vec<HoldRow> = db::all(
            db,
            "SELECT record_id, reason FROM batch_hold
             WHERE batch_id = $1 AND released_by IS NULL ORDER BY record_id",
            [id.uuid().into()],
        )
        .await?;
        let holds = holds
            .into_iter()
            .map(|HoldRow { record_id, reason }| Hold { record: record_id.into(), reason });
        let sees_arrival = self.can_see_store(row.first_store_id.into()).await?;
        Ok(Some(row.batch(holds.collect(), sees_arrival)?))
    }
}

impl Row {
    fn batch(self, holds: Vec<Hold>, sees_arrival: bool) -> Result<BatchDetail, DbErr> {
        let unknown = |word: &str| DbErr::Type(format!("the books hold the word {word:?}"));
        Ok(BatchDetail {
            id: self.id.into(),
            code: Code::parse(&self.code).map_err(|_| unknown(&self.code))?,
            material: self.material_id.into(),
            kind: MaterialKind::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            title: self.title,
            outside_name: self.outside_name,
            short_number: self.short_number,
            language: PrintLanguage::parse(&self.language)
                .ok_or_else(|| unknown(&self.language))?,
            edition: self.edition,
            origin: match (self.run_id, self.run_number) {
                (Some(run), Some(number)) => Origin::Printed { run: run.into(), number },
                (_, _) => Origin::BeforeTawzi,
            },
            arrived_on: Day(self.arrived_on as i32),
            arrival: sees_arrival.then(|| Arrival {
                record: self.record_id.into(),
                paper: self.paper.unwrap_or_default(),
                store: self.first_store_id.into(),
                store_name: self.first_store_name,
            }),
            holds,
        })
    }
}
