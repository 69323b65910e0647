//! Writing down one delivery: a fact.

use crate::access::{Denied, Writer, scope};
use crate::packs::{NewPack, PackKind, PackState};
use crate::recall;
use crate::records::{RecordError, RecordTx, Second, Subject, Submission, ask_second_person};
use crate::runs::{in_scope, issued_bundles, unused_cartons, void_unused};
use domain::account::Account;
use domain::code::{Code, CodeKind};
use domain::ids::{BatchId, PackId, RecordId};
use domain::records::cartons::{CartonPlan, Seal};
use domain::records::receipt::{Receipt, ReceiptLabels, ReceiptPlan, ReceiptProblem, UnusedLabels};
use domain::role::Permission;
use domain::time::Day;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Problem(#[from] ReceiptProblem),
    /// Something about it looks wrong: show it, ask once, send again as confirmed.
    #[error("the person must look at this once")]
    Asks(Vec<ReceiptWarning>),
}

impl From<Denied> for ReceiveError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for ReceiveError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReceiptWarning {
    /// Somebody wrote down a delivery of this run, on this day, at this store: perhaps this one.
    SameDay { number: String, pieces: i64 },
    /// It posts at once, and stays on hold until a second person confirms.
    OverTolerance { received: i64, most: i64 },
    /// It came before it was ordered.
    BeforeOrder { ordered_on: Day },
    /// More sealed cartons came than labels of the printer fit: each of these gets a new one.
    NewLabels { cartons: i64 },
}

impl ReceiptWarning {
    /// What its answer is kept under: a question about something else is another one.
    pub fn key(&self) -> String {
        match self {
            Self::SameDay { number, .. } => format!("same_day_{number}"),
            Self::OverTolerance { received, .. } => format!("over_tolerance_{received}"),
            Self::BeforeOrder { .. } => "before_order".to_owned(),
            Self::NewLabels { cartons } => format!("new_labels_{cartons}"),
        }
    }
}

/// What a receipt made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Received {
    pub receipt: RecordId,
    /// Of the goods received note: `GRN-KBL-0001`.
    pub number: String,
    pub batch: BatchId,
    pub code: Code,
    /// Labels that must be printed and stuck: zero when the printer stuck them all.
    pub new_labels: i64,
    pub on_hold: bool,
}

#[derive(FromQueryResult)]
struct Earlier {
    number: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct Short {
    short_name: String,
}

impl Writer<'_> {
    /// Records what a printer delivered, makes the batch, its packs and the goods received note.
    /// Warnings are asked once: `submission.confirmed` posts.
    pub async fn receive(
        &self,
        submission: Submission,
        body: Receipt,
    ) -> Result<Received, ReceiveError> {
        self.require(Permission::Receive)?;
        let subject = Subject { kind: "run", id: body.run.uuid(), store: Some(body.store) };
        self.record(submission, subject, body, |tx, body| Box::pin(receive(tx, body))).await
    }
}

async fn receive(tx: &RecordTx<'_>, body: &Receipt) -> Result<Received, ReceiveError> {
    scope::require_store::<ReceiveError>(tx.conn, &tx.actor, body.store).await?;
    let run = in_scope(tx, body.run).await?;
    let issued = unused_cartons(tx.conn, body.run).await?;
    let plan = body.plan(run.progress, &issued)?;
    let warnings = warnings(tx, body, &plan, run.ordered_on).await?;
    if tx.has_to_ask(warnings.iter().map(ReceiptWarning::key)) {
        return Err(ReceiveError::Asks(warnings));
    }
    let batch: BatchId = tx.new_id();
    let code = tx.world.new_code();
    insert_batch(tx, body, batch, code, run.material.uuid()).await?;
    tx.post_fact(body.drafts(&plan, batch, tx.occurred_at)).await?;
    recall::ask_new_holder(tx, body.store, [batch]).await?;
    let new_labels = make_packs(tx, body, batch, &plan).await?;
    if let ReceiptLabels::Issued { rest: UnusedLabels::Void, .. } = body.labels {
        void_unused(tx, body.run).await?;
    }
    if plan.is_on_hold() {
        tx.run(
            "INSERT INTO batch_hold (record_id, batch_id, reason) VALUES ($1, $2, $3)",
            [tx.id.uuid().into(), batch.uuid().into(), "over_tolerance".into()],
        )
        .await?;
    }
    let number = insert_receipt(tx, body, batch, &plan).await?;
    let on_hold = plan.is_on_hold();
    if on_hold {
        ask_second_person(tx, Second::Receipt, body.store, &number).await?;
    }
    Ok(Received { receipt: tx.id, number, batch, code, new_labels, on_hold })
}

async fn warnings(
    tx: &RecordTx<'_>,
    body: &Receipt,
    plan: &ReceiptPlan,
    ordered_on: Day,
) -> Result<Vec<ReceiptWarning>, RecordError> {
    let earlier: Vec<Earlier> = tx
        .all(
            "SELECT g.number, g.good + g.damaged AS pieces
             FROM receipt g JOIN record r ON r.id = g.record_id
             WHERE g.run_id = $1 AND g.store_id = $2 AND r.local_day = $3
                AND EXISTS (SELECT 1 FROM movement m WHERE m.record_id = g.record_id
                    AND NOT EXISTS (SELECT 1 FROM movement v WHERE v.reverses_id = m.id))
             ORDER BY g.number",
            [
                body.run.uuid().into(),
                body.store.uuid().into(),
                i64::from(tx.occurred_at.day().0).into(),
            ],
        )
        .await?;
    let mut warnings: Vec<ReceiptWarning> = earlier
        .into_iter()
        .map(|Earlier { number, pieces }| ReceiptWarning::SameDay { number, pieces })
        .collect();
    if plan.is_on_hold() {
        let most = plan.after.tolerance.most(plan.after.ordered);
        warnings.push(ReceiptWarning::OverTolerance { received: plan.after.received, most });
    }
    if tx.occurred_at.day() < ordered_on {
        warnings.push(ReceiptWarning::BeforeOrder { ordered_on });
    }
    let cartons = plan.sealed_without_label();
    if matches!(body.labels, ReceiptLabels::Issued { .. }) && cartons > 0 {
        warnings.push(ReceiptWarning::NewLabels { cartons });
    }
    Ok(warnings)
}

async fn insert_batch(
    tx: &RecordTx<'_>,
    body: &Receipt,
    batch: BatchId,
    code: Code,
    material: uuid::Uuid,
) -> Result<(), RecordError> {
    tx.issue_codes([(code, CodeKind::Batch, batch.uuid())], tx.recorded_at).await?;
    tx.run(
        "INSERT INTO batch (id, code, material_id, run_id, first_store_id, arrived_on, record_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            batch.uuid().into(),
            code.as_str().into(),
            material.into(),
            body.run.uuid().into(),
            body.store.uuid().into(),
            i64::from(tx.occurred_at.day().0).into(),
            tx.id.uuid().into(),
        ],
    )
    .await?;
    Ok(())
}

async fn insert_receipt(
    tx: &RecordTx<'_>,
    body: &Receipt,
    batch: BatchId,
    plan: &ReceiptPlan,
) -> Result<String, RecordError> {
    let number = paper_number(tx, "GRN", body.store).await?;
    tx.run(
        "INSERT INTO receipt
            (record_id, number, run_id, store_id, batch_id, good, damaged, claimed, how)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            tx.id.uuid().into(),
            number.as_str().into(),
            body.run.uuid().into(),
            body.store.uuid().into(),
            batch.uuid().into(),
            plan.good.into(),
            plan.damaged.into(),
            body.claimed.map(|claimed| claimed.get()).into(),
            body.how.as_str().into(),
        ],
    )
    .await?;
    Ok(number)
}

/// The next number of a store's papers: `GRN-KBL-0001`.
pub(crate) async fn paper_number(
    tx: &RecordTx<'_>,
    paper: &str,
    store: domain::ids::StoreId,
) -> Result<String, RecordError> {
    let row: Option<Short> =
        tx.one("SELECT short_name FROM store WHERE id = $1", [store.uuid().into()]).await?;
    let series = format!("{paper}-{}", row.map(|row| row.short_name).ok_or(Denied::NotFound)?);
    Ok(format!("{series}-{:04}", tx.next_number(&series).await?))
}

/// Makes the packs and gives the number of labels that must be printed.
async fn make_packs(
    tx: &RecordTx<'_>,
    body: &Receipt,
    batch: BatchId,
    plan: &ReceiptPlan,
) -> Result<i64, RecordError> {
    let at = Account::store(body.store);
    let new = new_packs(tx, batch, &plan.new);
    tx.make_packs(&new.sealed, PackState::Sealed, Some(at)).await?;
    tx.make_packs(&new.opened, PackState::Opened, Some(at)).await?;
    tx.make_packs(&new.inside, PackState::Sealed, None).await?;
    let mut came = Packs::default();
    for (label, seal) in &plan.activated {
        let pack = NewPack {
            id: label.pack,
            code: label.code,
            batch,
            parent: None,
            kind: PackKind::Carton,
            number: label.number,
            total: label.total,
            nominal: label.nominal.get(),
        };
        came.carton(pack, *seal);
    }
    let cartons: Vec<PackId> = came.sealed.iter().map(|carton| carton.id).collect();
    for (carton, bundles) in issued_bundles(tx, &cartons).await? {
        for row in bundles {
            came.inside.push(NewPack {
                id: PackId::new(row.id),
                code: row.code()?,
                batch,
                parent: Some(carton),
                kind: PackKind::Bundle,
                number: row.number,
                total: row.total,
                nominal: row.nominal,
            });
        }
    }
    tx.activate_packs(&came.sealed, PackState::Sealed, Some(at)).await?;
    tx.activate_packs(&came.opened, PackState::Opened, Some(at)).await?;
    tx.activate_packs(&came.inside, PackState::Sealed, None).await?;
    Ok(new.count())
}

/// Packs by the state in which they arrive. Bundles in sealed cartons have no account of their
/// own: their pieces are counted with the carton.
#[derive(Default)]
pub(crate) struct Packs {
    pub sealed: Vec<NewPack>,
    pub opened: Vec<NewPack>,
    pub inside: Vec<NewPack>,
}

impl Packs {
    fn carton(&mut self, pack: NewPack, seal: Seal) {
        match seal {
            Seal::Sealed => self.sealed.push(pack),
            Seal::Opened => self.opened.push(pack),
        }
    }

    fn count(&self) -> i64 {
        (self.sealed.len() + self.opened.len() + self.inside.len()) as i64
    }
}

pub(crate) fn new_packs(tx: &RecordTx<'_>, batch: BatchId, plan: &[CartonPlan]) -> Packs {
    let mut packs = Packs::default();
    for carton in plan {
        let id: PackId = tx.new_id();
        let pack = NewPack {
            id,
            code: tx.world.new_code(),
            batch,
            parent: None,
            kind: PackKind::Carton,
            number: carton.number,
            total: carton.total,
            nominal: carton.nominal.get(),
        };
        packs.carton(pack, carton.seal);
        let total = carton.bundles.len() as i64;
        packs.inside.extend((1..).zip(&carton.bundles).map(|(number, nominal)| NewPack {
            id: tx.new_id(),
            code: tx.world.new_code(),
            batch,
            parent: Some(id),
            kind: PackKind::Bundle,
            number,
            total,
            nominal: nominal.get(),
        }));
    }
    packs
}
