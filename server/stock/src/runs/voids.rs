//! Labels that will never be used, and why.

use super::labels::unused_cartons;
use super::{in_scope, sees_runs};
use crate::access::{Denied, Reader, Writer};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::ids::{PackId, RunId};
use domain::records::Body;
use domain::records::issued::{IssuedCarton, VoidLabels};
use domain::records::receipt::{Receipt, ReceiptLabels, UnusedLabels};
use domain::records::run::CloseRun;
use domain::role::Permission;
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum VoidLabelsError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("no labels were chosen")]
    Nothing,
    /// They came meanwhile, are void already, or are labels of another run.
    #[error("{used} of the labels are not unused labels of this run")]
    NotUnused { used: i64 },
}

/// How many labels are void now, those of bundles with them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LabelsVoided {
    pub voided: i64,
}

/// Why a label will never be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WhyVoided {
    /// A delivery came without it, and its goods received note says that it will not come.
    DidNotCome { receipt: String, on: Day },
    /// Somebody chose it.
    Chosen { on: Day },
    /// Nothing more is expected of its run.
    RunClosed { on: Day },
}

#[derive(FromQueryResult)]
struct SaidRow {
    kind: String,
    body: String,
    occurred_at: i64,
    number: Option<String>,
}

impl Reader<'_> {
    /// The carton labels of a run that nobody has used, by number.
    pub async fn unused_labels(&self, run: RunId) -> Result<Vec<IssuedCarton>, RecordError> {
        if !sees_runs(&self.actor) {
            return Err(Denied::NotFound.into());
        }
        unused_cartons(self.stock.db.read(), run).await
    }
}

impl Writer<'_> {
    /// Voids some of the labels of a run that nobody has used.
    pub async fn void_labels(
        &self,
        submission: Submission,
        body: VoidLabels,
    ) -> Result<LabelsVoided, VoidLabelsError> {
        self.require(Permission::Receive).map_err(RecordError::from)?;
        let subject = Subject { kind: "run", id: body.run.uuid(), store: None };
        self.record(submission, subject, body, |tx, body| Box::pin(void(tx, body))).await
    }
}

async fn void(tx: &RecordTx<'_>, body: &VoidLabels) -> Result<LabelsVoided, VoidLabelsError> {
    in_scope(tx, body.run).await?;
    let chosen: BTreeSet<PackId> = body.packs.iter().copied().collect();
    if chosen.is_empty() {
        return Err(VoidLabelsError::Nothing);
    }
    let unused = unused_cartons(tx.conn, body.run).await?;
    let unused: BTreeSet<PackId> = unused.iter().map(|carton| carton.pack).collect();
    let used = chosen.difference(&unused).count() as i64;
    if used > 0 {
        return Err(VoidLabelsError::NotUnused { used });
    }
    let chosen: Vec<Uuid> = chosen.iter().map(|pack| pack.uuid()).collect();
    let mut voided = 0;
    for chunk in chosen.chunks(200) {
        voided += Query::new(
            "UPDATE code SET state = 'voided' WHERE state = 'issued' AND code IN
                (SELECT p.code FROM issued_pack p WHERE p.id IN ",
        )
        .list(chunk.iter().copied())
        .push(" OR p.parent_id IN ")
        .list(chunk.iter().copied())
        .push(")")
        .run(tx.conn)
        .await
        .map_err(RecordError::from)?;
    }
    Ok(LabelsVoided { voided: voided as i64 })
}

/// What record made this label void: the first one since it was issued that says so.
pub(crate) async fn why_voided(
    db: &impl ConnectionTrait,
    run: RunId,
    pack: PackId,
    parent: Option<PackId>,
    issued_at: Millis,
) -> Result<Option<WhyVoided>, DbErr> {
    let rows: Vec<SaidRow> = Query::new(
        "SELECT r.kind, r.body, r.occurred_at, g.number FROM record r
         LEFT JOIN receipt g ON g.record_id = r.id WHERE r.kind IN ",
    )
    .list([Receipt::KIND, CloseRun::KIND, VoidLabels::KIND])
    .push(" AND r.subject_id = ")
    .bind(run.uuid())
    .push(" AND r.recorded_at >= ")
    .bind(issued_at.0)
    .push(" ORDER BY r.recorded_at, r.id")
    .all(db)
    .await?;
    Ok(rows.into_iter().find_map(|row| row.voids(pack, parent)))
}

impl SaidRow {
    fn voids(self, pack: PackId, parent: Option<PackId>) -> Option<WhyVoided> {
        let on = Millis(self.occurred_at).day();
        if self.kind == CloseRun::KIND {
            return Some(WhyVoided::RunClosed { on });
        }
        if self.kind == VoidLabels::KIND {
            let said: VoidLabels = serde_json::from_str(&self.body).ok()?;
            let chosen = said.packs.iter().any(|one| *one == pack || Some(*one) == parent);
            return chosen.then_some(WhyVoided::Chosen { on });
        }
        let said: Receipt = serde_json::from_str(&self.body).ok()?;
        match said.labels {
            ReceiptLabels::Issued { rest: UnusedLabels::Void, .. } => {
                Some(WhyVoided::DidNotCome { receipt: self.number?, on })
            }
            ReceiptLabels::Issued { rest: UnusedLabels::Keep, .. } | ReceiptLabels::New { .. } => {
                None
            }
        }
    }
}
