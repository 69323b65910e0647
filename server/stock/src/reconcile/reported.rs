//! Reported figures: beside the ledger, never in it.

use crate::access::{Denied, Reader, Writer, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::ids::{OrgId, RecordId};
use domain::pieces::MOST_PIECES;
use domain::records::reported::ReportedFigure;
use domain::role::Permission;
use domain::time::Month;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a reported figure is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum ReportedError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("a figure lies between 0 and 1,000,000,000")]
    OutOfRange,
    #[error("the month lies in the future")]
    FutureMonth,
}

impl From<Denied> for ReportedError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for ReportedError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

/// A figure that stands, or one that a later figure superseded.
#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult)]
pub struct ReportedRow {
    pub record_id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub kind: String,
    pub pieces: i64,
    pub source: String,
    pub recorded_at: i64,
    pub superseded: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Reported {
    record: RecordId,
}

impl Writer<'_> {
    /// Records what a partner reported; supersedes the earlier figure of the same key.
    pub async fn report_figure(
        &self,
        submission: Submission,
        body: ReportedFigure,
    ) -> Result<RecordId, ReportedError> {
        self.require(Permission::Report)?;
        scope::require_org(&self.actor, body.org)?;
        if !(0..=MOST_PIECES).contains(&body.pieces) {
            return Err(ReportedError::OutOfRange);
        }
        if body.month > self.stock.world.now().day().month() {
            return Err(ReportedError::FutureMonth);
        }
        let subject = Subject { kind: "org", id: body.org.uuid(), store: None };
        let reported: Reported =
            self.record(submission, subject, body, |tx, body| Box::pin(report(tx, body))).await?;
        Ok(reported.record)
    }
}

async fn report(tx: &RecordTx<'_>, body: &ReportedFigure) -> Result<Reported, ReportedError> {
    if !is_partner(tx, body.org).await? {
        return Err(Denied::NotFound.into());
    }
    tx.run(
        "UPDATE reported_figure SET superseded_by = $1
         WHERE org_id = $2 AND month = $3 AND kind = $4 AND superseded_by IS NULL",
        [
            tx.id.uuid().into(),
            body.org.uuid().into(),
            i64::from(body.month.0).into(),
            body.kind.as_str().into(),
        ],
    )
    .await?;
    tx.run(
        "INSERT INTO reported_figure (record_id, org_id, month, kind, pieces, source)
         VALUES ($1, $2, $3, $4, $5, $6)",
        [
            tx.id.uuid().into(),
            body.org.uuid().into(),
            i64::from(body.month.0).into(),
            body.kind.as_str().into(),
            body.pieces.into(),
            body.source.as_str().into(),
        ],
    )
    .await?;
    Ok(Reported { record: tx.id })
}

async fn is_partner(tx: &RecordTx<'_>, org: OrgId) -> Result<bool, DbErr> {
    Query::new("SELECT 1 FROM org WHERE kind = 'partner' AND id = ")
        .bind(org.uuid())
        .finds(tx.conn)
        .await
}

impl Reader<'_> {
    /// Every figure reported for a month, the standing one of each key first.
    pub async fn reported(&self, month: Month) -> Result<Vec<ReportedRow>, DbErr> {
        Query::new(
            "SELECT f.record_id, f.org_id, o.name AS org_name, f.kind, f.pieces, f.source,
                r.recorded_at, f.superseded_by IS NOT NULL AS superseded
             FROM reported_figure f JOIN org o ON o.id = f.org_id
             JOIN record r ON r.id = f.record_id WHERE f.month = ",
        )
        .bind(i64::from(month.0))
        .push(" AND ")
        .condition(|next| scope::partners(&self.actor, "f.org_id", next))
        .push(" ORDER BY o.name, f.kind, superseded, r.recorded_at DESC")
        .all(self.stock.db.read())
        .await
    }
}
