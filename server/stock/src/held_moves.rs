//! Stock that moved although its batch is on hold or recalled: somebody looks why.
//!
//! Facts are never refused (rule 6), so such a one opens a task on the page of what moved it. The
//! task is over when somebody who may confirm has looked, or when nothing of what moved is held
//! any more. What a recall asks for (bringing back, disposal, handing back, collection) opens none.

use crate::access::{Denied, Reader, Writer};
use crate::consignments::blocked;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use crate::tasks::{self, Audience, NewTask, Task, TaskKind};
use domain::ids::{BatchId, StoreId};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Why nobody can say that he has looked.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Asks whoever may confirm in this store to look, if one of the batches should have stayed.
/// `page` is where it is looked at, `what` its name for people.
pub(crate) async fn warn(
    tx: &RecordTx<'_>,
    store: StoreId,
    page: String,
    what: String,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<(), RecordError> {
    if blocked(tx.conn, batches).await?.is_empty() {
        return Ok(());
    }
    let audience = Audience {
        permission: Some(Permission::Confirm),
        store: Some(store),
        ..Audience::default()
    };
    let task = NewTask { kind: TaskKind::HeldBatchMoved, page, what, audience, due_at: None };
    Ok(tasks::open(tx.conn, tx.world.as_ref(), &task).await?)
}

#[derive(FromQueryResult)]
struct SubjectRow {
    subject: String,
}

#[derive(FromQueryResult)]
struct BatchRow {
    batch_id: Uuid,
}

/// Closes what nobody has to look at any more, after batches were set free.
pub(crate) async fn close_freed(tx: &RecordTx<'_>) -> Result<(), RecordError> {
    let kind = TaskKind::HeldBatchMoved;
    let waiting: Vec<SubjectRow> =
        Query::new("SELECT subject FROM task WHERE closed_at IS NULL AND kind = ")
            .bind(kind.word())
            .all(tx.conn)
            .await?;
    for SubjectRow { subject } in waiting {
        let id = subject.rsplit('/').next().and_then(|id| id.parse::<Uuid>().ok());
        let Some(id) = id else { continue };
        if blocked(tx.conn, moved_by(tx, id).await?).await?.is_empty() {
            tasks::close(tx.conn, kind, &subject, tx.actor.user, tx.recorded_at).await?;
        }
    }
    Ok(())
}

/// The batches that a record moved, or that came to an event or a consignment.
async fn moved_by(tx: &RecordTx<'_>, id: Uuid) -> Result<Vec<BatchId>, DbErr> {
    let rows: Vec<BatchRow> = Query::new(
        "SELECT l.batch_id FROM movement m JOIN line l ON l.movement_id = m.id
         WHERE m.record_id = ",
    )
    .bind(id)
    .push(
        " UNION SELECT l.batch_id FROM account a JOIN line l ON l.to_id = a.id WHERE a.owner_id = ",
    )
    .bind(id)
    .all(tx.conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.batch_id.into()).collect())
}

impl Reader<'_> {
    /// What the actor is to look at on this page, if stock moved there that should have stayed.
    pub async fn held_move(&self, page: &str) -> Result<Option<Task>, DbErr> {
        let tasks = self.tasks().await?;
        Ok(tasks
            .into_iter()
            .find(|task| task.kind == TaskKind::HeldBatchMoved && task.page == page))
    }
}

impl Writer<'_> {
    /// Somebody who may confirm has looked why held stock moved; gives the page of what moved it.
    pub async fn looked_at(&self, task: Uuid) -> Result<String, LookError> {
        let waiting = self.reader().tasks().await?;
        let task = waiting
            .into_iter()
            .find(|known| known.id == task && known.kind == TaskKind::HeldBatchMoved)
            .ok_or(Denied::NotFound)?;
        let (page, by, now) = (task.page.clone(), self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                let page = task.page.clone();
                Box::pin(async move {
                    tasks::close(tx, TaskKind::HeldBatchMoved, &page, by, now).await?;
                    Ok::<_, LookError>(())
                })
            })
            .await?;
        Ok(page)
    }
}
