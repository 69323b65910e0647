//! The refusals of records as problems, one match an operation.

use super::{Code, Problem};
use domain::account::Real;
use domain::consignment::{ArrivalError, State};
use domain::event_sheet::RowError;
use domain::ids::MaterialId;
use domain::ledger::{Refusal, Shortage};
use domain::records::cartons::CartonsError;
use domain::records::opening::FirstCountProblem;
use domain::records::packs::SplitProblem;
use domain::records::receipt::{LabelProblem, ReceiptProblem, WrongLabel};
use serde_json::{Value, json};
use stock::RecordError;
use stock::consignments::{
    CancelError, ConfirmDeliveryError, DeliverError, DispatchError, ExplainError, PaperError,
};
use stock::corrections::CorrectionError;
use stock::events::{DecideError, EventError};
use stock::keeping::KeepingError;
use stock::opening::FirstCountError;
use stock::packs::PackError;
use stock::recall::RecallError;
use stock::receipts::{ReceiptWarning, ReceiveError};
use stock::reconcile::ReportedError;
use stock::records::ConfirmError;
use stock::runs::{CloseRunError, IssueLabelsError, LabelsWarning, VoidLabelsError};

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Denied(denied) => denied.into(),
            RecordError::Conflict => Code::Conflict.into(),
            RecordError::NotOnTheirBehalf => Code::WrongOrganisation.into(),
            RecordError::Future => Code::Future.into(),
            RecordError::TooEarly => Code::WrongTime.into(),
            RecordError::NeedsConfirmation(short) => asks(shortages(&short)),
            RecordError::Refused(refusal) => refusal.into(),
            RecordError::Database(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Nothing => Code::Empty.into(),
            Refusal::Future => Code::Future.into(),
            Refusal::WrongAccounts { kind, from, to } => Self::new(Code::WrongAccounts)
                .with("movement", kind.as_str())
                .with("from", from)
                .with("to", to),
            Refusal::Short(short) => too_little(&short),
            Refusal::SettlesTooMuch { open } => Self::new(Code::SettlesTooMuch).with("open", open),
            Refusal::TooMany => Code::TooManyPieces.into(),
        }
    }
}

fn asks(questions: Vec<Value>) -> Problem {
    Problem::asks(questions)
}

fn shortages(short: &[Shortage]) -> Vec<Value> {
    short.iter().map(shortage).collect()
}

fn shortage(short: &Shortage) -> Value {
    let Shortage { account, batch, requested, available, day } = short;
    json!({
        "question": "shortage",
        "account": account_json(*account),
        "batch": batch,
        "requested": requested,
        "available": available,
        "day": day.to_string(),
    })
}

/// An account as the API names it everywhere.
pub fn account_json(account: Real) -> Value {
    json!({
        "kind": account.kind_str(),
        "owner": account.owner(),
        "channel": account.channel_str(),
    })
}

fn too_little(short: &[Shortage]) -> Problem {
    Problem::new(Code::Short).with("shortages", shortages(short))
}

fn in_state(code: Code, state: State) -> Problem {
    Problem::new(code).with("state", state.as_str())
}

impl From<CartonsError> for Problem {
    fn from(error: CartonsError) -> Self {
        match error {
            CartonsError::TooManyPacks { asked } => {
                Self::new(Code::TooManyPacks).with("asked", asked)
            }
            CartonsError::TooManyPieces => Code::TooManyPieces.into(),
        }
    }
}

impl From<KeepingError> for Problem {
    fn from(error: KeepingError) -> Self {
        match error {
            KeepingError::Record(error) => error.into(),
            KeepingError::Empty => Code::Empty.into(),
            KeepingError::Twice(batch) => Self::new(Code::BatchTwice).with("batch", batch),
            KeepingError::NoWitness => Code::NoWitness.into(),
            KeepingError::OwnCount => Code::OwnRecord.into(),
            KeepingError::AlreadyDecided => Code::AlreadyDecided.into(),
            KeepingError::SameMoment => Code::SameMoment.into(),
            KeepingError::OtherRun(batch) => Self::new(Code::OtherRun).with("batch", batch),
            KeepingError::BeforeArrival { batch, arrived_on } => Self::new(Code::BeforeArrival)
                .with("batch", batch)
                .with("arrived_on", arrived_on.to_string()),
        }
    }
}

impl From<CorrectionError> for Problem {
    fn from(error: CorrectionError) -> Self {
        match error {
            CorrectionError::Record(error) => error.into(),
            CorrectionError::Empty => Code::Empty.into(),
            CorrectionError::AlreadyReversed(movement) => {
                Self::new(Code::AlreadyReversed).with("movement", movement)
            }
            CorrectionError::NotReversible(movement) => {
                Self::new(Code::NotReversible).with("movement", movement)
            }
            CorrectionError::BuiltOn => Code::BuiltOn.into(),
            CorrectionError::ReverseFirst(steps) => {
                let movements: Vec<_> = steps.iter().map(|step| step.movement).collect();
                Self::new(Code::ReverseFirst).with("movements", movements)
            }
        }
    }
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::Record(error) => error.into(),
            RecallError::AlreadyRecalled => Code::AlreadyRecalled.into(),
            RecallError::Over => Code::RecallOver.into(),
        }
    }
}

impl From<FirstCountError> for Problem {
    fn from(error: FirstCountError) -> Self {
        match error {
            FirstCountError::Record(error) => error.into(),
            FirstCountError::Problem(FirstCountProblem::Nothing) => Code::Empty.into(),
            FirstCountError::Problem(FirstCountProblem::EmptyRow { row }) => {
                Self::new(Code::EmptyRow).with("row", row)
            }
            FirstCountError::Problem(FirstCountProblem::Cartons { row, error }) => {
                Self::from(error).with("row", row)
            }
            FirstCountError::UnknownMaterial { row } => {
                Self::new(Code::UnknownMaterial).with("row", row)
            }
            FirstCountError::CountedBefore(materials) => {
                let about = |id: &MaterialId| json!({"question": "counted_before", "material": id});
                asks(materials.iter().map(about).collect())
            }
        }
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Record(error) => error.into(),
            ReceiveError::Problem(problem) => problem.into(),
            ReceiveError::Asks(warnings) => asks(warnings.iter().map(warning).collect()),
        }
    }
}

fn warning(warning: &ReceiptWarning) -> Value {
    match warning {
        ReceiptWarning::SameDay { number, pieces } => {
            json!({"question": "same_day", "number": number, "pieces": pieces})
        }
        ReceiptWarning::OverTolerance { received, most } => {
            json!({"question": "over_tolerance", "received": received, "most": most})
        }
        ReceiptWarning::BeforeOrder { ordered_on } => {
            json!({"question": "before_order", "ordered_on": ordered_on.to_string()})
        }
        ReceiptWarning::NewLabels { cartons } => {
            json!({"question": "new_labels", "cartons": cartons})
        }
    }
}

impl From<ReceiptProblem> for Problem {
    fn from(problem: ReceiptProblem) -> Self {
        match problem {
            ReceiptProblem::Nothing => Code::Empty.into(),
            ReceiptProblem::Cartons(error) => error.into(),
            ReceiptProblem::Labels(wrong) => wrong_labels(&wrong),
            ReceiptProblem::MoreLabelsThanCartons { scanned, cartons } => {
                let problem = Self::new(Code::MoreLabelsThanCartons);
                problem.with("labels", scanned).with("cartons", cartons)
            }
        }
    }
}

/// The first one gives the problem its code; all of them are listed.
fn wrong_labels(wrong: &[WrongLabel]) -> Problem {
    let Some(WrongLabel { code, why }) = wrong.first() else { return Code::NotIssued.into() };
    let problem = match why {
        LabelProblem::NotIssued => Problem::new(Code::NotIssued),
        LabelProblem::ScannedTwice => Problem::new(Code::ScannedTwice),
        LabelProblem::DoesNotFit { nominal } => {
            Problem::new(Code::LabelDoesNotFit).with("pieces", nominal)
        }
    };
    problem.with("code", code).with("labels", wrong)
}

impl From<EventError> for Problem {
    fn from(error: EventError) -> Self {
        match error {
            EventError::Record(error) => error.into(),
            EventError::Empty => Code::Empty.into(),
            EventError::Rows(rows) => {
                let rows: Vec<Value> = rows.iter().map(wrong_row).collect();
                Self::new(Code::RowsDoNotAddUp).with("rows", rows)
            }
            EventError::Headcount(_) => Code::WrongPeople.into(),
            EventError::UnknownMaterial => Code::UnknownMaterial.into(),
            EventError::UnknownSession => Code::UnknownSession.into(),
            EventError::UnknownPlace => Code::UnknownPlace.into(),
            EventError::PlanChanged => Code::ChangedMeanwhile.into(),
            EventError::NotCorrectable => Code::NotCorrectable.into(),
        }
    }
}

fn wrong_row((material, error): &(MaterialId, RowError)) -> Value {
    json!({"material": material, "wrong": error})
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Event(error) => error.into(),
            DecideError::NotWaiting => Code::SheetNotWaiting.into(),
            DecideError::WrongDecision => Code::WrongDecision.into(),
            DecideError::StillHeld(why) => Self::new(Code::StillHeld).with("held", why),
        }
    }
}

impl From<DispatchError> for Problem {
    fn from(error: DispatchError) -> Self {
        match error {
            DispatchError::Record(error) => error.into(),
            DispatchError::NotDraft(state) => in_state(Code::NotDraft, state),
            DispatchError::Empty => Code::Empty.into(),
            DispatchError::TooMany => Code::TooManyPieces.into(),
            DispatchError::Changed => Code::DraftChanged.into(),
            DispatchError::Blocked(batches) => {
                let batch = |(code, why)| json!({"code": code, "why": why});
                let batches: Vec<Value> = batches.into_iter().map(batch).collect();
                Self::new(Code::Blocked).with("batches", batches)
            }
            DispatchError::PacksGone(codes) => Self::new(Code::PacksGone).with("codes", codes),
            DispatchError::Short(short) => too_little(&short),
        }
    }
}

impl From<DeliverError> for Problem {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::Record(error) => error.into(),
            DeliverError::NotUnderWay(state) => in_state(Code::NotUnderWay, state),
            DeliverError::Count(error) => error.into(),
            DeliverError::UnknownBatch => Code::UnknownBatch.into(),
            DeliverError::BeforeDispatch { left } => {
                Self::new(Code::BeforeDispatch).with("left_on", left.to_string())
            }
            DeliverError::SenderReceives => Code::SenderReceives.into(),
            DeliverError::WrongOrganisation => Code::WrongOrganisation.into(),
            DeliverError::AlreadyReceived(earlier) => {
                let records: Vec<_> = earlier.iter().map(|delivery| delivery.record).collect();
                Self::new(Code::AlreadyReceived).with("deliveries", records)
            }
        }
    }
}

impl From<ArrivalError> for Problem {
    fn from(error: ArrivalError) -> Self {
        match error {
            ArrivalError::Nothing => Code::Empty.into(),
            ArrivalError::Twice { batch } => Self::new(Code::BatchTwice).with("batch", batch),
            ArrivalError::Negative { batch } => Self::new(Code::WrongQuantity).with("batch", batch),
            ArrivalError::TooMany { batch } => Self::new(Code::TooManyPieces).with("batch", batch),
            ArrivalError::DamageReason { batch } => {
                Self::new(Code::DamageReasonMissing).with("batch", batch)
            }
        }
    }
}

impl From<ConfirmDeliveryError> for Problem {
    fn from(error: ConfirmDeliveryError) -> Self {
        match error {
            ConfirmDeliveryError::Record(error) => error.into(),
            ConfirmDeliveryError::NothingToConfirm => Code::NothingToConfirm.into(),
            ConfirmDeliveryError::SamePerson => Code::OwnRecord.into(),
            ConfirmDeliveryError::NotCounted => Code::NotCounted.into(),
            ConfirmDeliveryError::NoDifference => Code::NoDifference.into(),
        }
    }
}

impl From<ExplainError> for Problem {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::Record(error) => error.into(),
            ExplainError::NotUnderWay(state) => in_state(Code::NotUnderWay, state),
            ExplainError::BeforeDispatch { left } => {
                Self::new(Code::BeforeDispatch).with("left_on", left.to_string())
            }
            ExplainError::TooMany { open } => Self::new(Code::SettlesTooMuch).with("open", open),
            ExplainError::WrongStore => Code::WrongStore.into(),
            ExplainError::Short(short) => too_little(&short),
            ExplainError::NotWithReceiver => too_little(&[]),
        }
    }
}

impl From<PaperError> for Problem {
    fn from(error: PaperError) -> Self {
        match error {
            PaperError::Record(error) => error.into(),
            PaperError::NoPaper(state) => in_state(Code::NoPaper, state),
        }
    }
}

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Record(error) => error.into(),
            CancelError::NotDraft(state) => in_state(Code::NotDraft, state),
        }
    }
}

impl From<ConfirmError> for Problem {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::Record(error) => error.into(),
            ConfirmError::OwnRecord => Code::OwnRecord.into(),
            ConfirmError::NothingToConfirm => Code::NothingToConfirm.into(),
            ConfirmError::AlreadyConfirmed => Code::AlreadyDecided.into(),
        }
    }
}

impl From<PackError> for Problem {
    fn from(error: PackError) -> Self {
        match error {
            PackError::Record(error) => error.into(),
            PackError::Split(SplitProblem::NoBundles) => Code::Empty.into(),
            PackError::Split(SplitProblem::Negative) | PackError::Quantity => {
                Code::WrongQuantity.into()
            }
            PackError::Split(SplitProblem::TooMany) => Code::TooManyPacks.into(),
            PackError::Gone(state) => Self::new(Code::PackGone).with("state", state.as_str()),
            PackError::NotInStore => Code::PackNotInStore.into(),
            PackError::BeforeArrival { arrived_on } => {
                Self::new(Code::BeforeArrival).with("arrived_on", arrived_on.to_string())
            }
            PackError::NothingToCheck(state) => {
                Self::new(Code::NothingToCheck).with("state", state.as_str())
            }
            PackError::NoRoom { unpacked } => {
                Self::new(Code::NoRoomForPack).with("unpacked", unpacked)
            }
            PackError::NotACarton => Code::NotACarton.into(),
            PackError::HasBundles => Code::HasBundles.into(),
            PackError::NoLabels => Code::Empty.into(),
        }
    }
}

fn labels_warning(warning: &LabelsWarning) -> Value {
    match warning {
        LabelsWarning::StillUnused { unused } => {
            json!({"question": "still_unused", "unused": unused})
        }
        LabelsWarning::MoreThanOrdered { labelled, most } => {
            json!({"question": "more_than_ordered", "labelled": labelled, "most": most})
        }
    }
}

impl From<VoidLabelsError> for Problem {
    fn from(error: VoidLabelsError) -> Self {
        match error {
            VoidLabelsError::Record(error) => error.into(),
            VoidLabelsError::Nothing => Code::Empty.into(),
            VoidLabelsError::NotUnused { used } => {
                Self::new(Code::LabelsNotUnused).with("used", used)
            }
        }
    }
}

impl From<IssueLabelsError> for Problem {
    fn from(error: IssueLabelsError) -> Self {
        match error {
            IssueLabelsError::Record(error) => error.into(),
            IssueLabelsError::Nothing => Code::Empty.into(),
            IssueLabelsError::Cartons(error) => error.into(),
            IssueLabelsError::Asks(warnings) => asks(warnings.iter().map(labels_warning).collect()),
        }
    }
}

impl From<CloseRunError> for Problem {
    fn from(error: CloseRunError) -> Self {
        match error {
            CloseRunError::Record(error) => error.into(),
            CloseRunError::AlreadyClosed => Code::RunClosed.into(),
        }
    }
}

impl From<ReportedError> for Problem {
    fn from(error: ReportedError) -> Self {
        match error {
            ReportedError::Record(error) => error.into(),
            ReportedError::OutOfRange => Code::WrongQuantity.into(),
            ReportedError::FutureMonth => Code::FutureMonth.into(),
        }
    }
}
