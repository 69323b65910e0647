//! Keeping a store: damage, loss, disposal, and counts that a second person approves.

mod count;

pub use count::{CountLine, CountSheet, PendingCount};

use crate::access::{Denied, Writer, scope};
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::ids::{BatchId, MovementId};
use domain::records::keeping::{Change, Disposal, StockChange};
use domain::role::Permission;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

/// Why something about stock in a store is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum KeepingError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("nothing was entered")]
    Empty,
    /// The same batch stands on two lines.
    #[error("batch {0} stands there twice")]
    Twice(BatchId),
    #[error("destruction needs two witness roles and a certificate")]
    NoWitness,
    /// Whoever counted does not approve (rule 11).
    #[error("somebody else must approve what you counted")]
    OwnCount,
    #[error("this count was decided before")]
    AlreadyDecided,
    #[error("another count of this batch stands at this moment")]
    SameMoment,
}

impl From<Denied> for KeepingError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for KeepingError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

/// What a record about stock did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Changed {
    pub movements: Vec<MovementId>,
}

impl Writer<'_> {
    /// Records damage, loss, a find, salvage, disposal, handing back or collection: a fact.
    pub async fn change_stock(
        &self,
        submission: Submission,
        body: StockChange,
    ) -> Result<Changed, KeepingError> {
        self.require(Permission::KeepStore)?;
        check(&body)?;
        let id = body.store.uuid();
        let subject = Subject { kind: "store", id, store: Some(body.store) };
        self.record(submission, subject, body, |tx, body| Box::pin(change(tx, body))).await
    }
}

fn check(body: &StockChange) -> Result<(), KeepingError> {
    if body.lines.is_empty() {
        return Err(KeepingError::Empty);
    }
    for (n, line) in body.lines.iter().enumerate() {
        if body.lines[..n].iter().any(|earlier| earlier.batch == line.batch) {
            return Err(KeepingError::Twice(line.batch));
        }
    }
    if let Change::Disposed { how: Disposal::Destroyed { witness_roles, certificate }, .. } =
        &body.change
    {
        let witnessed = witness_roles.iter().all(|role| !role.trim().is_empty());
        let distinct = witness_roles[0].trim() != witness_roles[1].trim();
        if !witnessed || !distinct || certificate.trim().is_empty() {
            return Err(KeepingError::NoWitness);
        }
    }
    Ok(())
}

async fn change(tx: &RecordTx<'_>, body: &StockChange) -> Result<Changed, KeepingError> {
    scope::require_store::<KeepingError>(tx.conn, &tx.actor, body.store).await?;
    let posted = tx.post_fact(vec![body.draft(tx.occurred_at)]).await?;
    Ok(Changed { movements: posted.into_iter().map(|posted| posted.id).collect() })
}
