//! Labels that go to the printer before a delivery, who sticks them on the cartons.

use super::in_scope;
use crate::access::Writer;
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::code::Code;
use domain::ids::{PackId, RunId};
use domain::pack::PackKind;
use domain::pieces::Pieces;
use domain::records::cartons::{self, CartonPlan, CartonsError};
use domain::records::receipt::IssuedCarton;
use domain::records::run::IssueLabels;
use domain::role::Permission;
use domain::run::Progress;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum IssueLabelsError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("no cartons")]
    Nothing,
    #[error(transparent)]
    Cartons(CartonsError),
    /// Something about it looks wrong: show it, ask once, send again.
    #[error("the person must look at this once")]
    Asks(Vec<LabelsWarning>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabelsWarning {
    /// The run already has labels that nobody has used: printing more would make doubles.
    StillUnused { unused: i64 },
    /// Labels for more pieces than the order, with its tolerance, still lets come.
    MoreThanOrdered { labelled: i64, most: i64 },
}

impl LabelsWarning {
    /// What its answer is kept under.
    pub fn key(self) -> String {
        match self {
            Self::StillUnused { unused } => format!("still_unused_{unused}"),
            Self::MoreThanOrdered { labelled, .. } => format!("more_than_ordered_{labelled}"),
        }
    }
}

/// How many labels were made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LabelsIssued {
    pub cartons: i64,
    pub bundles: i64,
}

#[derive(FromQueryResult)]
struct Counted {
    counted: i64,
}

impl Writer<'_> {
    /// Makes labels for cartons that have not come yet. While earlier ones are unused the person
    /// is asked once (`submission.confirmed`).
    pub async fn issue_labels(
        &self,
        submission: Submission,
        body: IssueLabels,
    ) -> Result<LabelsIssued, IssueLabelsError> {
        self.require(Permission::Receive).map_err(RecordError::from)?;
        let subject = Subject { kind: "run", id: body.run.uuid(), store: None };
        self.record(submission, subject, body, |tx, body| Box::pin(issue(tx, body))).await
    }
}

async fn issue(tx: &RecordTx<'_>, body: &IssueLabels) -> Result<LabelsIssued, IssueLabelsError> {
    let run = in_scope(tx, body.run).await?;
    let plan = cartons::plan(&body.cartons, &[], body.bundles_of);
    let plan = plan.map_err(IssueLabelsError::Cartons)?;
    if plan.is_empty() {
        return Err(IssueLabelsError::Nothing);
    }
    let warnings = warnings(tx, body.run, &run.progress, &plan).await?;
    if tx.has_to_ask(warnings.iter().copied().map(LabelsWarning::key)) {
        return Err(IssueLabelsError::Asks(warnings));
    }
    // Numbers go on where the labels of this run ended, so that two cartons are never "7 of 60".
    let earlier = count(tx, body.run, "AND p.kind = 'carton'").await?;
    let mut packs: Vec<NewLabel> = Vec::new();
    for carton in &plan {
        let id = tx.new_id();
        let (number, total) = (carton.number + earlier, carton.total + earlier);
        let code = tx.world.new_code();
        packs.push(NewLabel { id, code, parent: None, number, total, nominal: carton.nominal });
        let bundles = carton.bundles.len() as i64;
        packs.extend((1..).zip(&carton.bundles).map(|(number, nominal)| NewLabel {
            id: tx.new_id(),
            code: tx.world.new_code(),
            parent: Some(id),
            number,
            total: bundles,
            nominal: *nominal,
        }));
    }
    insert(tx, body.run, &packs).await?;
    let cartons = plan.len() as i64;
    Ok(LabelsIssued { cartons, bundles: packs.len() as i64 - cartons })
}

async fn warnings(
    tx: &RecordTx<'_>,
    run: RunId,
    progress: &Progress,
    plan: &[CartonPlan],
) -> Result<Vec<LabelsWarning>, RecordError> {
    let mut warnings = Vec::new();
    let unused = count(tx, run, "AND c.state = 'issued'").await?;
    if unused > 0 {
        warnings.push(LabelsWarning::StillUnused { unused });
    }
    let before = unused_cartons(tx.conn, run).await?;
    let nominals = plan.iter().map(|carton| carton.nominal.get());
    let labelled = nominals.clone().sum::<i64>()
        + before.iter().map(|carton| carton.nominal.get()).sum::<i64>();
    if progress.labels_too_many(labelled, nominals.max().unwrap_or(0)) {
        let most = progress.may_come();
        warnings.push(LabelsWarning::MoreThanOrdered { labelled, most });
    }
    Ok(warnings)
}

struct NewLabel {
    id: PackId,
    code: Code,
    parent: Option<PackId>,
    number: i64,
    total: i64,
    nominal: Pieces,
}

async fn insert(tx: &RecordTx<'_>, run: RunId, packs: &[NewLabel]) -> Result<(), RecordError> {
    tx.insert_set(
        "code (code, kind, subject_id, state, issued_at)",
        packs.iter().map(|pack| {
            [
                pack.code.as_str().into(),
                "pack".into(),
                pack.id.uuid().into(),
                "issued".into(),
                tx.recorded_at.0.into(),
            ]
        }),
        "",
    )
    .await?;
    tx.insert_set(
        "issued_pack
            (id, code, run_id, record_id, parent_id, kind, number, total, nominal)",
        packs.iter().map(|pack| {
            let kind = if pack.parent.is_some() { PackKind::Bundle } else { PackKind::Carton };
            [
                pack.id.uuid().into(),
                pack.code.as_str().into(),
                run.uuid().into(),
                tx.id.uuid().into(),
                pack.parent.map(PackId::uuid).into(),
                kind.as_str().into(),
                pack.number.into(),
                pack.total.into(),
                pack.nominal.get().into(),
            ]
        }),
        "",
    )
    .await
}

async fn count(tx: &RecordTx<'_>, run: RunId, condition: &str) -> Result<i64, RecordError> {
    let row: Option<Counted> = Query::new(
        "SELECT CAST(COUNT(*) AS BIGINT) AS counted FROM issued_pack p
         JOIN code c ON c.code = p.code WHERE p.run_id = ",
    )
    .bind(run.uuid())
    .push(" ")
    .push(condition)
    .one(tx.conn)
    .await?;
    Ok(row.map_or(0, |row| row.counted))
}

#[derive(FromQueryResult)]
pub(crate) struct IssuedRow {
    pub id: Uuid,
    pub code: String,
    pub parent_id: Option<Uuid>,
    pub number: i64,
    pub total: i64,
    pub nominal: i64,
}

impl IssuedRow {
    pub fn code(&self) -> Result<Code, RecordError> {
        let code = Code::parse(&self.code);
        code.map_err(|error| DbErr::Type(format!("{}: {error}", self.code)).into())
    }

    fn carton(&self) -> Result<IssuedCarton, RecordError> {
        let nominal = Pieces::new(self.nominal);
        Ok(IssuedCarton {
            pack: PackId::new(self.id),
            code: self.code()?,
            number: self.number,
            total: self.total,
            nominal: nominal.map_err(|error| DbErr::Type(error.to_string()))?,
        })
    }
}

/// The carton labels of a run that nobody has used, by number.
pub(crate) async fn unused_cartons(
    db: &impl ConnectionTrait,
    run: RunId,
) -> Result<Vec<IssuedCarton>, RecordError> {
    let rows: Vec<IssuedRow> = Query::new(
        "SELECT p.id, p.code, p.parent_id, p.number, p.total, p.nominal
         FROM issued_pack p JOIN code c ON c.code = p.code
         WHERE p.kind = 'carton' AND c.state = 'issued' AND p.run_id = ",
    )
    .bind(run.uuid())
    .push(" ORDER BY p.number")
    .all(db)
    .await?;
    rows.iter().map(IssuedRow::carton).collect()
}

/// The bundle labels that were printed with cartons, by carton.
pub(crate) async fn issued_bundles(
    tx: &RecordTx<'_>,
    cartons: &[PackId],
) -> Result<BTreeMap<PackId, Vec<IssuedRow>>, RecordError> {
    let mut bundles: BTreeMap<PackId, Vec<IssuedRow>> = BTreeMap::new();
    for chunk in cartons.chunks(200) {
        let rows: Vec<IssuedRow> = Query::new(
            "SELECT id, code, parent_id, number, total, nominal FROM issued_pack
             WHERE parent_id IN ",
        )
        .list(chunk.iter().map(|carton| carton.uuid()))
        .push(" ORDER BY number")
        .all(tx.conn)
        .await?;
        for row in rows {
            if let Some(carton) = row.parent_id {
                bundles.entry(PackId::new(carton)).or_default().push(row);
            }
        }
    }
    Ok(bundles)
}

/// Voids the labels of a run that nobody has used; gives their number.
pub(crate) async fn void_unused(tx: &RecordTx<'_>, run: RunId) -> Result<i64, RecordError> {
    let voided = tx
        .run(
            "UPDATE code SET state = 'voided' WHERE state = 'issued'
                AND code IN (SELECT code FROM issued_pack WHERE run_id = $1)",
            [run.uuid().into()],
        )
        .await?;
    Ok(voided as i64)
}
