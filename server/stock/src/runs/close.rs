//! Nothing more is expected of a run.

use super::{in_scope, void_unused};
use crate::access::Writer;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::ids::RunId;
use domain::records::run::CloseRun;
use domain::role::Permission;
use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error)]
pub enum CloseRunError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("the run is closed")]
    AlreadyClosed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RunClosed {
    /// Labels that were issued and never used.
    pub voided: i64,
    /// What the printer never delivered.
    pub short: i64,
}

impl Writer<'_> {
    /// Closes a run: what has not come stays with the printer, unused labels are void. A delivery
    /// after that is still a fact and opens it again.
    pub async fn close_run(
        &self,
        submission: Submission,
        run: RunId,
    ) -> Result<RunClosed, CloseRunError> {
        self.require(Permission::Receive).map_err(RecordError::from)?;
        let subject = Subject { kind: "run", id: run.uuid(), store: None };
        let body = CloseRun { run };
        self.record(submission, subject, body, |tx, body| Box::pin(close(tx, body))).await
    }
}

async fn close(tx: &RecordTx<'_>, body: &CloseRun) -> Result<RunClosed, CloseRunError> {
    let run = in_scope(tx, body.run).await?;
    if run.progress.is_closed {
        return Err(CloseRunError::AlreadyClosed);
    }
    tx.run(
        "INSERT INTO run_close (record_id, run_id) VALUES ($1, $2)",
        [tx.id.uuid().into(), body.run.uuid().into()],
    )
    .await?;
    let voided = void_unused(tx, body.run).await?;
    Ok(RunClosed { voided, short: run.progress.short() })
}
