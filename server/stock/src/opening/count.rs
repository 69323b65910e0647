//! Writing down the sheet of a first count.

use crate::access::{Denied, Writer, scope};
use crate::packs::{NewPack, PackState};
use crate::query::Query;
use crate::recall;
use crate::receipts::{new_packs, paper_number};
use crate::records::{RecordError, RecordTx, Second, Subject, Submission, ask_second_person};
use domain::account::Account;
use domain::code::{Code, CodeKind};
use domain::ids::{BatchId, MaterialId, RecordId};
use domain::ledger::Draft;
use domain::records::cartons;
use domain::records::opening::{FirstCount, FirstCountProblem};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum FirstCountError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Problem(#[from] FirstCountProblem),
    #[error("there is no such material in row {row}")]
    UnknownMaterial { row: usize },
    /// These materials were counted in this store before, or stand in it by the books: show it, ask
    /// once, send again as confirmed.
    #[error("counted before, or in the books already")]
    CountedBefore(Vec<MaterialId>),
}

impl From<Denied> for FirstCountError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for FirstCountError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

/// What a first count made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirstCounted {
    pub record: RecordId,
    /// Of the sheet: `FC-KBL-0001`.
    pub number: String,
    /// In the order of the rows.
    pub batches: Vec<CountedBatch>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CountedBatch {
    pub batch: BatchId,
    pub code: Code,
    pub material: MaterialId,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

impl Writer<'_> {
    /// Records a sheet of a first count: a fact, to be confirmed by a second person.
    pub async fn first_count(
        &self,
        submission: Submission,
        body: FirstCount,
    ) -> Result<FirstCounted, FirstCountError> {
        self.require(Permission::KeepStore)?;
        let subject = Subject { kind: "store", id: body.store.uuid(), store: Some(body.store) };
        self.record(submission, subject, body, |tx, body| Box::pin(count(tx, body))).await
    }
}

async fn count(tx: &RecordTx<'_>, body: &FirstCount) -> Result<FirstCounted, FirstCountError> {
    scope::require_store::<FirstCountError>(tx.conn, &tx.actor, body.store).await?;
    let pieces = body.pieces()?;
    check_materials(tx, body).await?;
    let mut batches = Vec::with_capacity(pieces.len());
    let mut drafts: Vec<Draft> = Vec::with_capacity(pieces.len());
    let mut packs: Vec<NewPack> = Vec::new();
    for (row, pieces) in body.rows.iter().zip(pieces) {
        let (batch, code) = (tx.new_id::<BatchId>(), tx.world.new_code());
        drafts.push(row.draft(body.store, batch, tx.occurred_at, pieces));
        let plan = cartons::plan(&row.sealed(), &[], None);
        // The whole sheet was checked above, each row is smaller.
        packs.extend(new_packs(tx, batch, &plan.unwrap_or_default()).sealed);
        let (material, pieces) = (row.material, pieces.get());
        batches.push(CountedBatch { batch, code, material, pieces });
    }
    insert_batches(tx, body, &batches).await?;
    tx.post_fact(drafts).await?;
    recall::ask_new_holder(tx, body.store, batches.iter().map(|new| new.batch)).await?;
    tx.make_packs(&packs, PackState::Sealed, Some(Account::store(body.store))).await?;
    let number = paper_number(tx, "FC", body.store).await?;
    tx.run(
        "INSERT INTO first_count (record_id, number, store_id) VALUES ($1, $2, $3)",
        [tx.id.uuid().into(), number.as_str().into(), body.store.uuid().into()],
    )
    .await?;
    ask_second_person(tx, Second::FirstCount, body.store, &number).await?;
    Ok(FirstCounted { record: tx.id, number, batches })
}

async fn check_materials(tx: &RecordTx<'_>, body: &FirstCount) -> Result<(), FirstCountError> {
    let wanted: BTreeSet<MaterialId> = body.rows.iter().map(|row| row.material).collect();
    let materials = || wanted.iter().map(|material| material.uuid());
    let known: Vec<IdRow> = Query::new("SELECT id FROM material WHERE id IN ")
        .list(materials())
        .all(tx.conn)
        .await
        .map_err(RecordError::from)?;
    let known: BTreeSet<MaterialId> = known.into_iter().map(|row| row.id.into()).collect();
    let unknown = body.rows.iter().position(|row| !known.contains(&row.material));
    if let Some(place) = unknown {
        return Err(FirstCountError::UnknownMaterial { row: place + 1 });
    }
    if tx.confirmed {
        return Ok(());
    }
    let before: Vec<IdRow> = Query::new(
        "SELECT b.material_id AS id FROM first_count f
         JOIN batch b ON b.record_id = f.record_id
         WHERE EXISTS (SELECT 1 FROM line l JOIN movement m ON m.id = l.movement_id
                WHERE l.batch_id = b.id AND m.record_id = f.record_id AND NOT EXISTS (
                    SELECT 1 FROM movement v WHERE v.reverses_id = m.id))
            AND f.store_id = ",
    )
    .bind(body.store.uuid())
    .push(" AND b.material_id IN ")
    .list(materials())
    .push(
        " UNION SELECT b.material_id FROM account a JOIN balance k ON k.account_id = a.id
         JOIN batch b ON b.id = k.batch_id WHERE k.pieces > 0 AND ",
    )
    .account("a", Account::store(body.store))
    .push(" AND b.material_id IN ")
    .list(materials())
    .all(tx.conn)
    .await
    .map_err(RecordError::from)?;
    if before.is_empty() {
        return Ok(());
    }
    Err(FirstCountError::CountedBefore(before.into_iter().map(|row| row.id.into()).collect()))
}

async fn insert_batches(
    tx: &RecordTx<'_>,
    body: &FirstCount,
    batches: &[CountedBatch],
) -> Result<(), RecordError> {
    let codes: Vec<_> =
        batches.iter().map(|new| (new.code, CodeKind::Batch, new.batch.uuid())).collect();
    tx.issue_codes(codes, tx.recorded_at).await?;
    tx.insert_set(
        "batch (id, code, material_id, first_store_id, arrived_on, record_id)",
        batches.iter().map(|new| {
            [
                new.batch.uuid().into(),
                new.code.as_str().into(),
                new.material.uuid().into(),
                body.store.uuid().into(),
                i64::from(tx.occurred_at.day().0).into(),
                tx.id.uuid().into(),
            ]
        }),
        "",
    )
    .await
}
