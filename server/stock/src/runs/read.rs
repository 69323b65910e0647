//! What is ordered, what has come, what is late.

use crate::access::{Denied, Reader, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::code::Code;
use domain::ids::{BatchId, MaterialId, OrgId, RecordId, RunId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::money::{Currency, Money};
use domain::pieces::Pieces;
use domain::role::{Actor, Scope};
use domain::run::{Progress, RunState, Tolerance};
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A run in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunRow {
    pub id: RunId,
    pub number: String,
    pub printer: OrgId,
    pub printer_name: String,
    pub material: MaterialId,
    pub kind: MaterialKind,
    pub title: String,
    pub language: PrintLanguage,
    pub edition: String,
    pub outside_name: String,
    pub short_number: String,
    /// As the material is usually packed.
    pub packing: Packing,
    pub ordered_on: Day,
    pub progress: Progress,
    pub state: RunState,
}

/// A run with everything that its page shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub row: RunRow,
    pub cost: Option<Money>,
    pub purchase_order: String,
    pub donor: Option<OrgId>,
    pub donor_name: Option<String>,
    pub created_at: Millis,
    /// For the form that edits it.
    pub version: i64,
    /// Nothing has come yet, so the order may still change.
    pub is_editable: bool,
    /// In the order in which they came; only those at stores that the actor sees.
    pub receipts: Vec<RunReceipt>,
    pub labels: IssuedLabels,
}

/// One delivery of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunReceipt {
    pub record: RecordId,
    pub number: String,
    pub store: StoreId,
    pub store_name: String,
    pub batch: BatchId,
    pub code: Code,
    pub good: i64,
    pub damaged: i64,
    pub day: Day,
    pub on_hold: bool,
    /// It was taken back as a mistake.
    pub is_reversed: bool,
}

/// Carton labels that were issued before a delivery, by what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct IssuedLabels {
    pub unused: i64,
    pub came: i64,
    pub voided: i64,
}

impl IssuedLabels {
    pub const fn total(self) -> i64 {
        self.unused + self.came + self.voided
    }
}

/// What became of a label that was issued before a delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabelUse {
    Unused,
    Came,
    Voided,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: String,
    printer_id: Uuid,
    printer_name: String,
    material_id: Uuid,
    kind: String,
    title: String,
    language: String,
    edition: String,
    outside_name: String,
    short_number: String,
    pieces_per_bundle: i64,
    bundles_per_carton: i64,
    ordered: i64,
    tolerance_permille: i64,
    cost_minor_units: Option<i64>,
    cost_currency: Option<String>,
    purchase_order: String,
    donor_id: Option<Uuid>,
    donor_name: Option<String>,
    ordered_on: i64,
    due_on: i64,
    version: i64,
    created_at: i64,
    received: i64,
    is_closed: bool,
    has_receipts: bool,
}

/// What the printer delivered and did not get back is minus the balance of its account, so that
/// reversals and pieces handed back count by themselves.
const RUNS: &str = "SELECT r.id, r.number, r.printer_id, p.name AS printer_name, r.material_id,
        m.kind, m.title, m.language, m.edition, m.outside_name, m.short_number,
        m.pieces_per_bundle, m.bundles_per_carton, r.ordered, r.tolerance_permille,
        r.cost_minor_units, r.cost_currency, r.purchase_order, r.donor_id, d.name AS donor_name,
        r.ordered_on, r.due_on, r.version, r.created_at,
        CAST(COALESCE((SELECT -SUM(b.pieces) FROM account a JOIN balance b ON b.account_id = a.id
            WHERE a.kind = 'printer' AND a.owner_id = r.id), 0) AS BIGINT) AS received,
        EXISTS (SELECT 1 FROM run_close c JOIN record cr ON cr.id = c.record_id
            WHERE c.run_id = r.id AND NOT EXISTS (
                SELECT 1 FROM receipt g JOIN record gr ON gr.id = g.record_id
                WHERE g.run_id = r.id AND gr.recorded_at > cr.recorded_at)) AS is_closed,
        EXISTS (SELECT 1 FROM receipt g WHERE g.run_id = r.id) AS has_receipts
     FROM print_run r JOIN org p ON p.id = r.printer_id JOIN material m ON m.id = r.material_id
     LEFT JOIN org d ON d.id = r.donor_id";

fn broken(error: impl std::fmt::Display) -> DbErr {
    DbErr::Type(error.to_string())
}

fn unknown(word: &str) -> DbErr {
    DbErr::Type(format!("the books hold the unknown word {word:?}"))
}

impl Row {
    fn run_row(&self, today: Day) -> Result<RunRow, DbErr> {
        let pieces = |count| Pieces::new(count).map_err(broken);
        let packing =
            Packing::new(pieces(self.pieces_per_bundle)?, pieces(self.bundles_per_carton)?);
        let progress = Progress {
            ordered: pieces(self.ordered)?,
            tolerance: Tolerance::permille(self.tolerance_permille).map_err(broken)?,
            received: self.received,
            due_on: Day(self.due_on as i32),
            is_closed: self.is_closed,
        };
        Ok(RunRow {
            id: self.id.into(),
            number: self.number.clone(),
            printer: self.printer_id.into(),
            printer_name: self.printer_name.clone(),
            material: self.material_id.into(),
            kind: MaterialKind::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            title: self.title.clone(),
            language: PrintLanguage::parse(&self.language)
                .ok_or_else(|| unknown(&self.language))?,
            edition: self.edition.clone(),
            outside_name: self.outside_name.clone(),
            short_number: self.short_number.clone(),
            packing: packing.map_err(broken)?,
            ordered_on: Day(self.ordered_on as i32),
            progress,
            state: progress.state(today),
        })
    }

    fn cost(&self) -> Result<Option<Money>, DbErr> {
        match (self.cost_minor_units, &self.cost_currency) {
            (Some(minor_units), Some(currency)) => {
                let currency = Currency::parse(currency).map_err(broken)?;
                Ok(Some(Money { minor_units, currency }))
            }
            (_, _) => Ok(None),
        }
    }
}

/// Print runs are the programme's: whoever is limited to one organisation does not see them.
pub(crate) fn sees_runs(actor: &Actor) -> bool {
    match actor.scope {
        Scope::Everything | Scope::Place(_) => true,
        Scope::Org(_) | Scope::Event(_) | Scope::Consignment(_) => false,
    }
}

/// The run that a record is about, locked until the record is written.
pub(crate) async fn in_scope(tx: &RecordTx<'_>, run: RunId) -> Result<RunRow, RecordError> {
    if !sees_runs(&tx.actor) {
        return Err(Denied::NotFound.into());
    }
    tx.run("UPDATE print_run SET version = version WHERE id = $1", [run.uuid().into()]).await?;
    let row = find(tx.conn, run).await?.ok_or(Denied::NotFound)?;
    Ok(row.run_row(tx.today())?)
}

async fn find(db: &impl ConnectionTrait, run: RunId) -> Result<Option<Row>, DbErr> {
    Query::new(RUNS).push(" WHERE r.id = ").bind(run.uuid()).one(db).await
}

impl Reader<'_> {
    fn today(&self) -> Day {
        self.stock.world.now().day()
    }

    /// Every run, the newest first.
    pub async fn runs(&self) -> Result<Vec<RunRow>, DbErr> {
        if !sees_runs(&self.actor) {
            return Ok(Vec::new());
        }
        let rows: Vec<Row> = Query::new(RUNS)
            .push(" ORDER BY r.ordered_on DESC, r.number DESC")
            .all(self.stock.db.read())
            .await?;
        rows.iter().map(|row| row.run_row(self.today())).collect()
    }

    /// Runs of which more is expected, the most urgent first.
    pub async fn expected_arrivals(&self) -> Result<Vec<RunRow>, DbErr> {
        let mut runs = self.runs().await?;
        runs.retain(|run| run.state.is_awaited());
        runs.sort_by(|a, b| (a.progress.due_on, &a.number).cmp(&(b.progress.due_on, &b.number)));
        Ok(runs)
    }

    /// One run with its receipts; `None` where there is none for this actor.
    pub async fn run(&self, id: RunId) -> Result<Option<Run>, DbErr> {
        if !sees_runs(&self.actor) {
            return Ok(None);
        }
        let db = self.stock.db.read();
        let Some(row) = find(db, id).await? else { return Ok(None) };
        let run = row.run_row(self.today())?;
        Ok(Some(Run {
            is_editable: !row.has_receipts && !run.progress.is_closed,
            row: run,
            cost: row.cost()?,
            purchase_order: row.purchase_order,
            donor: row.donor_id.map(OrgId::new),
            donor_name: row.donor_name,
            created_at: Millis(row.created_at),
            version: row.version,
            receipts: self.receipts_of(id).await?,
            labels: issued(db, id).await?,
        }))
    }

    async fn receipts_of(&self, run: RunId) -> Result<Vec<RunReceipt>, DbErr> {
        let rows: Vec<ReceiptRow> = Query::new(
            "SELECT g.record_id, g.number, g.store_id, s.name AS store_name, g.batch_id, b.code,
                g.good, g.damaged, r.local_day,
                EXISTS (SELECT 1 FROM batch_hold h WHERE h.batch_id = g.batch_id
                    AND h.released_by IS NULL) AS on_hold,
                NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = g.record_id
                    AND m.kind = 'receive' AND NOT EXISTS (
                        SELECT 1 FROM movement v WHERE v.reverses_id = m.id)) AS is_reversed
             FROM receipt g JOIN record r ON r.id = g.record_id
             JOIN store s ON s.id = g.store_id JOIN batch b ON b.id = g.batch_id
             WHERE g.run_id = ",
        )
        .bind(run.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "g.store_id", next))
        .push(" ORDER BY r.occurred_at, r.recorded_at")
        .all(self.stock.db.read())
        .await?;
        rows.into_iter().map(ReceiptRow::receipt).collect()
    }
}

#[derive(FromQueryResult)]
struct ReceiptRow {
    record_id: Uuid,
    number: String,
    store_id: Uuid,
    store_name: String,
    batch_id: Uuid,
    code: String,
    good: i64,
    damaged: i64,
    local_day: i64,
    on_hold: bool,
    is_reversed: bool,
}

impl ReceiptRow {
    fn receipt(self) -> Result<RunReceipt, DbErr> {
        Ok(RunReceipt {
            record: self.record_id.into(),
            number: self.number,
            store: self.store_id.into(),
            store_name: self.store_name,
            batch: self.batch_id.into(),
            code: Code::parse(&self.code).map_err(broken)?,
            good: self.good,
            damaged: self.damaged,
            day: Day(self.local_day as i32),
            on_hold: self.on_hold,
            is_reversed: self.is_reversed,
        })
    }
}

#[derive(FromQueryResult)]
struct Issued {
    state: String,
    labels: i64,
}

async fn issued(db: &impl ConnectionTrait, run: RunId) -> Result<IssuedLabels, DbErr> {
    let rows: Vec<Issued> = Query::new(
        "SELECT c.state, CAST(COUNT(*) AS BIGINT) AS labels FROM issued_pack p
         JOIN code c ON c.code = p.code WHERE p.kind = 'carton' AND p.run_id = ",
    )
    .bind(run.uuid())
    .push(" GROUP BY c.state")
    .all(db)
    .await?;
    let mut labels = IssuedLabels::default();
    for row in rows {
        match label_use(&row.state) {
            LabelUse::Unused => labels.unused += row.labels,
            LabelUse::Came => labels.came += row.labels,
            LabelUse::Voided => labels.voided += row.labels,
        }
    }
    Ok(labels)
}

/// A label came when its code became active, even if it was retired since.
pub(crate) fn label_use(code_state: &str) -> LabelUse {
    match code_state {
        "issued" => LabelUse::Unused,
        "voided" => LabelUse::Voided,
        _ => LabelUse::Came,
    }
}
