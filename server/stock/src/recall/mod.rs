//! Recalls by edition: one list of holders, how they were told, whether they stopped, and what
//! came back or was destroyed.
//!
//! A recall blocks commands that send the edition, never returns, collection or disposal (rule 6).

mod holders;
mod stopping;

pub use holders::{Recall, RecallHolder};
pub use stopping::Stopping;

use crate::access::{Denied, Writer, scope};
use crate::held_moves;
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use crate::tasks::{self, Audience, NewTask, TaskKind};
use domain::ids::{BatchId, RecordId, StoreId};
use domain::records::recall::{CallBack, EndRecall, RecallStep, Step};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why something about a recall is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("this edition is recalled already")]
    AlreadyRecalled,
    #[error("this recall is over")]
    Over,
}

impl From<Denied> for RecallError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for RecallError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Done {
    record: RecordId,
}

impl Writer<'_> {
    /// Recalls an edition.
    pub async fn recall(
        &self,
        submission: Submission,
        body: CallBack,
    ) -> Result<RecordId, RecallError> {
        self.require_everywhere(Permission::Recall)?;
        let subject = Subject { kind: "material", id: body.material.uuid(), store: None };
        let done: Done =
            self.record(submission, subject, body, |tx, body| Box::pin(call(tx, body))).await?;
        Ok(done.record)
    }

    /// Records that a holder was told, or has stopped.
    pub async fn recall_step(
        &self,
        submission: Submission,
        body: RecallStep,
    ) -> Result<RecordId, RecallError> {
        match body.step {
            Step::Told { .. } => self.require(Permission::Recall)?,
            Step::Stopped if self.actor.role.may(Permission::Recall) => {}
            Step::Stopped => self.require(Permission::KeepStore)?,
        }
        let subject = Subject { kind: "recall", id: body.recall.uuid(), store: Some(body.store) };
        let done: Done =
            self.record(submission, subject, body, |tx, body| Box::pin(step(tx, body))).await?;
        Ok(done.record)
    }

    /// Ends a recall.
    pub async fn end_recall(
        &self,
        submission: Submission,
        body: EndRecall,
    ) -> Result<RecordId, RecallError> {
        self.require_everywhere(Permission::Recall)?;
        let subject = Subject { kind: "recall", id: body.recall.uuid(), store: None };
        let done: Done =
            self.record(submission, subject, body, |tx, body| Box::pin(end(tx, body))).await?;
        Ok(done.record)
    }
}

async fn call(tx: &RecordTx<'_>, body: &CallBack) -> Result<Done, RecallError> {
    let known = Query::new("SELECT 1 FROM material WHERE id = ")
        .bind(body.material.uuid())
        .finds(tx.conn)
        .await?;
    if !known {
        return Err(Denied::NotFound.into());
    }
    let recalled = Query::new("SELECT 1 FROM recall WHERE ended_by IS NULL AND material_id = ")
        .bind(body.material.uuid())
        .finds(tx.conn)
        .await?;
    if recalled {
        return Err(RecallError::AlreadyRecalled);
    }
    tx.run(
        "INSERT INTO recall (record_id, material_id, mode, called_at) VALUES ($1, $2, $3, $4)",
        [
            tx.id.uuid().into(),
            body.material.uuid().into(),
            body.mode.as_str().into(),
            tx.occurred_at.0.into(),
        ],
    )
    .await?;
    let own = Query::new(HOLDERS).push(" AND c.record_id = ").bind(tx.id.uuid());
    ask_to_stop(tx, own).await?;
    Ok(Done { record: tx.id })
}

#[derive(FromQueryResult)]
struct HolderRow {
    recall_id: Uuid,
    store_id: Uuid,
    title: String,
    short_number: String,
    store_name: String,
}

/// Who holds an edition that is to stop now.
const HOLDERS: &str = "SELECT DISTINCT c.record_id AS recall_id, s.id AS store_id, m.title,
        m.short_number, s.name AS store_name
     FROM recall c JOIN material m ON m.id = c.material_id JOIN batch t ON t.material_id = m.id
     JOIN balance b ON b.batch_id = t.id AND b.on_hand AND b.pieces <> 0
     JOIN account a ON a.id = b.account_id AND NOT a.shadow
     JOIN store s ON s.id = a.holder_id
     WHERE c.ended_by IS NULL AND c.mode = 'stop_now'";

/// Where a holder's part of a recall is looked at.
fn page(recall: RecordId, store: StoreId) -> String {
    format!("/recalls/{recall}?store={store}")
}

/// A store to which these batches came holds a recalled edition from now on, if one of them is.
pub(crate) async fn ask_new_holder(
    tx: &RecordTx<'_>,
    store: StoreId,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<(), RecordError> {
    let came = Query::new(HOLDERS)
        .push(" AND s.id = ")
        .bind(store.uuid())
        .push(" AND t.id IN ")
        .list(batches.into_iter().map(BatchId::uuid));
    ask_to_stop(tx, came).await
}

/// Every holder finds it on the front page until he says that he has stopped; once a recall.
async fn ask_to_stop(tx: &RecordTx<'_>, holders: Query) -> Result<(), RecordError> {
    let holders: Vec<HolderRow> = holders.all(tx.conn).await?;
    for HolderRow { recall_id, store_id, title, short_number, store_name } in holders {
        let store = StoreId::new(store_id);
        let (kind, page) = (TaskKind::StopGiving, page(recall_id.into(), store));
        let asked = Query::new("SELECT id FROM task WHERE kind = ")
            .bind(kind.word())
            .push(" AND subject = ")
            .bind(page.as_str());
        if asked.finds(tx.conn).await? {
            continue;
        }
        let audience = Audience {
            permission: Some(Permission::KeepStore),
            store: Some(store),
            ..Audience::default()
        };
        let what = format!("{title} ({short_number}) · {store_name}");
        let task = NewTask { kind, page, what, audience, due_at: None };
        tasks::open(tx.conn, tx.world.as_ref(), &task).await?;
    }
    Ok(())
}

async fn step(tx: &RecordTx<'_>, body: &RecallStep) -> Result<Done, RecallError> {
    scope::require_store::<RecallError>(tx.conn, &tx.actor, body.store).await?;
    require_open(tx, body.recall).await?;
    let (step, how) = match body.step {
        Step::Told { how } => ("told", how.as_str()),
        Step::Stopped => {
            let page = page(body.recall, body.store);
            let (user, now) = (tx.actor.user, tx.recorded_at);
            tasks::close(tx.conn, TaskKind::StopGiving, &page, user, now).await?;
            ("stopped", "")
        }
    };
    tx.run(
        "INSERT INTO recall_step (record_id, recall_id, store_id, step, how, done_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        [
            tx.id.uuid().into(),
            body.recall.uuid().into(),
            body.store.uuid().into(),
            step.into(),
            how.into(),
            tx.occurred_at.0.into(),
        ],
    )
    .await?;
    Ok(Done { record: tx.id })
}

async fn end(tx: &RecordTx<'_>, body: &EndRecall) -> Result<Done, RecallError> {
    require_open(tx, body.recall).await?;
    tx.run(
        "UPDATE recall SET ended_by = $1 WHERE record_id = $2 AND ended_by IS NULL",
        [tx.id.uuid().into(), body.recall.uuid().into()],
    )
    .await?;
    // Nobody has to stop any more.
    Query::new("UPDATE task SET closed_at = ")
        .bind(tx.recorded_at.0)
        .push(", closed_by = ")
        .bind(tx.actor.user.uuid())
        .push(" WHERE closed_at IS NULL AND kind = ")
        .bind(TaskKind::StopGiving.word())
        .push(" AND subject LIKE ")
        .bind(format!("/recalls/{}?%", body.recall))
        .run(tx.conn)
        .await?;
    held_moves::close_freed(tx).await?;
    Ok(Done { record: tx.id })
}

#[derive(FromQueryResult)]
struct RecallState {
    over: bool,
}

async fn require_open(tx: &RecordTx<'_>, recall: RecordId) -> Result<(), RecallError> {
    let state: Option<RecallState> =
        Query::new("SELECT ended_by IS NOT NULL AS over FROM recall WHERE record_id = ")
            .bind(recall.uuid())
            .one(tx.conn)
            .await?;
    match state {
        None => Err(Denied::NotFound.into()),
        Some(RecallState { over: true }) => Err(RecallError::Over),
        Some(RecallState { over: false }) => Ok(()),
    }
}
