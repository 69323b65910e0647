//! Print runs: what is ordered from printers, what has come of it, what is late.

use super::extract::{Asked, Asker, Id, Sent};
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::responses::Refusals;
use super::stopping;
use super::words::date;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::{MaterialId, OrgId, RunId};
use domain::money::{Currency, Money};
use domain::pieces::Pieces;
use domain::records::recall::Purpose;
use domain::run::{Order, OrderDays, RunState, Tolerance};
use domain::time::Day;
use serde::{Deserialize, Serialize};
use stock::runs::{RunReceipt, RunRow, SaveRunError};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// An order to a printer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000010",
    "number": "PR-0001",
    "printer": "019a0d6e-0000-7000-8000-000000000011",
    "printer_name": "Kabul Printing",
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "short_number": "M3",
    "title": "Know the risks",
    "ordered": 30000,
    "tolerance_permille": 20,
    "received": 30500,
    "short": 0,
    "over": 500,
    "ordered_on": "2017-04-02",
    "due_on": "2017-05-01",
    "state": "complete"
}))]
pub struct Run {
    pub id: Uuid,
    pub number: String,
    pub printer: Uuid,
    pub printer_name: String,
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    /// Pieces.
    pub ordered: i64,
    /// By how much more or less may come, in tenths of a per cent.
    pub tolerance_permille: i64,
    /// Pieces that came, good and damaged, less what was handed back.
    pub received: i64,
    /// Pieces that are still missing of the order.
    pub short: i64,
    /// Pieces that came beyond the order.
    pub over: i64,
    pub ordered_on: String,
    pub due_on: String,
    /// `expected`, `late`, `partly`, `complete` or `closed`.
    pub state: &'static str,
}

impl From<RunRow> for Run {
    fn from(run: RunRow) -> Self {
        Self {
            id: run.id.uuid(),
            number: run.number,
            printer: run.printer.uuid(),
            printer_name: run.printer_name,
            material: run.material.uuid(),
            short_number: run.short_number,
            title: run.title,
            ordered: run.progress.ordered.get(),
            tolerance_permille: run.progress.tolerance.get(),
            received: run.progress.received,
            short: run.progress.short(),
            over: run.progress.over(),
            ordered_on: date(run.ordered_on),
            due_on: date(run.progress.due_on),
            state: run.state.as_str(),
        }
    }
}

/// A print run with its deliveries.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "run": {
        "id": "019a0d6e-0000-7000-8000-000000000010",
        "number": "PR-0001",
        "printer": "019a0d6e-0000-7000-8000-000000000011",
        "printer_name": "Kabul Printing",
        "material": "019a0d6e-0000-7000-8000-000000000003",
        "short_number": "M3",
        "title": "Know the risks",
        "ordered": 30000,
        "tolerance_permille": 20,
        "received": 30500,
        "short": 0,
        "over": 500,
        "ordered_on": "2017-04-02",
        "due_on": "2017-05-01",
        "state": "complete"
    },
    "cost": {"minor_units": 450000, "currency": "USD"},
    "purchase_order": "PO-17-031",
    "donor": null,
    "version": 1,
    "editable": false,
    "labels": {"unused": 0, "came": 60, "voided": 1},
    "receipts": [{
        "record": "019a0d6e-0000-7000-8000-000000000012",
        "number": "GRN-KBL-0001",
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "store_name": "Central store",
        "batch": "019a0d6e-0000-7000-8000-000000000013",
        "code": "421A500000F",
        "good": 30488,
        "damaged": 12,
        "day": "2017-05-02",
        "on_hold": false,
        "reversed": false
    }]
}))]
pub struct WholeRun {
    pub run: Run,
    pub cost: Option<Cost>,
    pub purchase_order: String,
    pub donor: Option<Uuid>,
    /// To be sent back with a change.
    pub version: i64,
    /// Nothing has come yet, so the order may still change.
    pub editable: bool,
    pub labels: Labels,
    /// In the order in which they came; only those at stores that you see.
    pub receipts: Vec<Receipt>,
}

/// Money in minor units (cents, puls) of one currency.
#[derive(Serialize, Deserialize, ToSchema, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    pub minor_units: i64,
    /// ISO 4217.
    #[schema(value_type = String)]
    pub currency: Currency,
}

/// Carton labels that were issued to the printer, by what became of them.
#[derive(Serialize, ToSchema)]
pub struct Labels {
    pub unused: i64,
    pub came: i64,
    pub voided: i64,
}

/// A delivery; `GET /receipts/{record}` is its goods received note.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    pub record: Uuid,
    pub number: String,
    pub store: Uuid,
    pub store_name: String,
    pub batch: Uuid,
    pub code: String,
    /// Pieces.
    pub good: i64,
    pub damaged: i64,
    pub day: String,
    pub on_hold: bool,
    /// It was taken back as a mistake.
    pub reversed: bool,
}

impl From<RunReceipt> for Receipt {
    fn from(receipt: RunReceipt) -> Self {
        Self {
            record: receipt.record.uuid(),
            number: receipt.number,
            store: receipt.store.uuid(),
            store_name: receipt.store_name,
            batch: receipt.batch.uuid(),
            code: receipt.code.to_string(),
            good: receipt.good,
            damaged: receipt.damaged,
            day: date(receipt.day),
            on_hold: receipt.on_hold,
            reversed: receipt.is_reversed,
        }
    }
}

impl From<stock::runs::Run> for WholeRun {
    fn from(run: stock::runs::Run) -> Self {
        let cost = |Money { minor_units, currency }| Cost { minor_units, currency };
        Self {
            cost: run.cost.map(cost),
            purchase_order: run.purchase_order,
            donor: run.donor.map(OrgId::uuid),
            version: run.version,
            editable: run.is_editable,
            labels: Labels {
                unused: run.labels.unused,
                came: run.labels.came,
                voided: run.labels.voided,
            },
            receipts: run.receipts.into_iter().map(Receipt::from).collect(),
            run: run.row.into(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RunQuery {
    /// Only runs in this state: `expected`, `late`, `partly`, `complete` or `closed`.
    pub state: Option<String>,
}

/// List print runs
///
/// The newest first. Orders are the programme's: whoever is limited to one organisation sees none.
#[utoipa::path(
    get, path = "/print-runs", tag = "arrivals", operation_id = "list_print_runs",
    params(RunQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<Run>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(query): Asked<RunQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Run>>, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "state");
    let known = |word: &str| RunState::ALL.into_iter().find(|state| state.as_str() == word);
    let state = query.state.as_deref().map(|word| known(word).ok_or_else(wrong)).transpose()?;
    let mut runs = asker.reader().runs().await?;
    runs.retain(|run| state.is_none_or(|state| run.state == state));
    Ok(Json(Page::cut(runs, &page, |run| run.id.to_string())?.map(Run::from)))
}

/// Read a print run
#[utoipa::path(
    get, path = "/print-runs/{id}", tag = "arrivals", operation_id = "read_print_run",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The run", body = WholeRun), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholeRun>, Problem> {
    found(&asker, id.into()).await.map(Json)
}

async fn found(asker: &Asker, id: RunId) -> Result<WholeRun, Problem> {
    Ok(asker.reader().run(id).await?.ok_or(Code::NotFound)?.into())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "printer": "019a0d6e-0000-7000-8000-000000000011",
    "material": "019a0d6e-0000-7000-8000-000000000003",
    "ordered": 30000,
    "tolerance_permille": 20,
    "cost": {"minor_units": 450000, "currency": "USD"},
    "purchase_order": "PO-17-031",
    "ordered_on": "2017-04-02",
    "due_on": "2017-05-01",
    "version": 1
}))]
pub struct PutRun {
    #[schema(value_type = Uuid)]
    pub printer: OrgId,
    #[schema(value_type = Uuid)]
    pub material: MaterialId,
    /// Pieces.
    #[schema(value_type = i64)]
    pub ordered: Pieces,
    /// In tenths of a per cent.
    #[schema(value_type = i64)]
    pub tolerance_permille: Tolerance,
    pub cost: Option<Cost>,
    #[serde(default)]
    pub purchase_order: String,
    #[schema(value_type = Option<Uuid>)]
    pub donor: Option<OrgId>,
    pub ordered_on: String,
    pub due_on: String,
    /// The version that you read, when you change a run; none for a new one.
    pub version: Option<i64>,
    /// Whether a person was asked about an edition that is to stop and wants it all the same.
    #[serde(default)]
    pub confirmed: bool,
}

impl PutRun {
    fn order(self) -> Result<Order, Problem> {
        let day = |field: &str, text: &str| {
            Day::parse(text).ok_or_else(|| Problem::new(Code::WrongTime).with("field", field))
        };
        Ok(Order {
            printer: self.printer,
            material: self.material,
            ordered: self.ordered,
            tolerance: self.tolerance_permille,
            cost: self.cost.map(|Cost { minor_units, currency }| Money { minor_units, currency }),
            purchase_order: self.purchase_order,
            donor: self.donor,
            ordered_on: day("ordered_on", &self.ordered_on)?,
            due_on: day("due_on", &self.due_on)?,
        })
    }
}

/// Put a print run
///
/// Orders it under an id of yours. With `version` it changes the order, as long as nothing has
/// come. Put again with the same content it stays as it is.
#[utoipa::path(
    put, path = "/print-runs/{id}", tag = "arrivals", operation_id = "put_print_run",
    params(("id" = Uuid, Path)), request_body = PutRun,
    responses(
        (status = 201, description = "It is new", body = WholeRun),
        (status = 200, description = "It was there", body = WholeRun),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(sent): Sent<PutRun>,
) -> Result<(StatusCode, Json<WholeRun>), Problem> {
    let (id, writer, version) = (RunId::new(id), asker.writer()?, sent.version);
    let (confirmed, reader) = (sent.confirmed, asker.reader());
    let order = sent.order()?;
    let before = reader.run(id).await?.map(|run| run.row.material);
    let is_new = before.is_none();
    let chosen = Some(order.material).filter(|material| before != Some(*material));
    stopping::ask(&reader, chosen, Purpose::More, confirmed).await?;
    match version {
        Some(version) => writer.edit_run(id, version, order).await?,
        None => drop(writer.create_run(id, order).await?),
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(found(&asker, id).await?)))
}

impl From<SaveRunError> for Problem {
    fn from(error: SaveRunError) -> Self {
        match error {
            SaveRunError::Denied(denied) => denied.into(),
            SaveRunError::UnknownPrinter => {
                Self::new(Code::UnknownOrganisation).with("field", "printer")
            }
            SaveRunError::UnknownMaterial => {
                Self::new(Code::UnknownMaterial).with("field", "material")
            }
            SaveRunError::UnknownDonor => {
                Self::new(Code::UnknownOrganisation).with("field", "donor")
            }
            SaveRunError::Days(OrderDays::DueBeforeOrdered) => Code::DueBeforeOrdered.into(),
            SaveRunError::Days(OrderDays::Future) => Code::Future.into(),
            SaveRunError::Days(OrderDays::DueTooLate) => Code::TooFarAhead.into(),
            SaveRunError::Received => Code::Received.into(),
            SaveRunError::ChangedMeanwhile => Code::ChangedMeanwhile.into(),
            SaveRunError::SavedBefore(_) => Code::SavedBefore.into(),
            SaveRunError::Database(error) => error.into(),
        }
    }
}
