//! Which operation a record of each kind is: the same ones that the pages call.

use crate::api::extract;
use crate::api::problem::{Code, Problem};
use domain::ids::{ConsignmentId, MovementId, PackId, RecordId};
use domain::records::Body;
use domain::records::confirm::Confirm;
use domain::records::consignment::{Cancel, Delivery, DifferenceReasons, Dispatch, Explain, Paper};
use domain::records::events::{
    BringBack, CountPeople, DecideDrop, DecideGoods, DecideSheet, EventSheet, LeaveInPublic,
    TakeStock,
};
use domain::records::issued::VoidLabels;
use domain::records::keeping::{
    ApproveCount, Count, DeclineCount, Reverse, Settle, StockChange, TakeBack,
};
use domain::records::opening::FirstCount;
use domain::records::packs::{EmptyPack, FoundSealed, OpenPack, ReprintLabels, SplitPack};
use domain::records::recall::{CallBack, EndRecall, RecallStep};
use domain::records::receipt::Receipt;
use domain::records::reported::ReportedFigure;
use domain::records::run::{CloseRun, IssueLabels};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stock::{Submission, Writer};

macro_rules! kinds {
    ($($body:ident => $post:ident;)+) => {
        /// The name and newest schema of every kind.
        pub const ALL: &[(&str, u32)] = &[$((<$body as Body>::KIND, <$body as Body>::VERSION)),+];

        /// Posts a record of the kind; its result as JSON.
        pub async fn post(
            writer: &Writer<'_>,
            submission: Submission,
            kind: &str,
            schema: Option<u32>,
            body: &Value,
        ) -> Result<Value, Problem> {
            match kind {
                $(<$body as Body>::KIND => {
                    check_schema::<$body>(schema)?;
                    $post(writer, submission, body).await
                })+
                unknown => Err(Problem::new(Code::UnknownKind).with("kind", unknown)),
            }
        }
    };
}

kinds! {
    FirstCount => first_count;
    IssueLabels => issue_labels;
    VoidLabels => void_labels;
    Receipt => receive;
    CloseRun => close_run;
    OpenPack => open_pack;
    SplitPack => split_pack;
    EmptyPack => empty_pack;
    FoundSealed => found_sealed;
    ReprintLabels => reprint_labels;
    Dispatch => dispatch;
    Cancel => cancel;
    Delivery => deliver;
    DifferenceReasons => give_reasons;
    Explain => explain;
    Paper => paper;
    TakeStock => take_stock;
    BringBack => bring_back;
    EventSheet => event_sheet;
    DecideSheet => decide_sheet;
    CountPeople => count_people;
    LeaveInPublic => leave_in_public;
    DecideDrop => decide_drop;
    DecideGoods => decide_goods;
    StockChange => change_stock;
    Count => count_stock;
    ApproveCount => approve_count;
    DeclineCount => decline_count;
    Confirm => confirm;
    Settle => settle;
    Reverse => reverse;
    CallBack => recall;
    RecallStep => recall_step;
    EndRecall => end_recall;
    ReportedFigure => report_figure;
}

/// Every schema so far is version 1. When a kind gets its second one, the first is still read for
/// two years, here.
fn check_schema<B: Body>(schema: Option<u32>) -> Result<(), Problem> {
    match schema {
        None => Ok(()),
        Some(schema) if schema == B::VERSION => Ok(()),
        Some(schema) => Err(Problem::new(Code::UnknownSchema)
            .with("kind", B::KIND)
            .with("schema", schema)
            .with("newest", B::VERSION)),
    }
}

/// Reads a body and refuses fields that it would not keep: what they say would be lost.
pub fn read<T: DeserializeOwned + Serialize>(body: &Value) -> Result<T, Problem> {
    let read: T = extract::read(body)?;
    let kept = serde_json::to_value(&read).map_err(|error| Problem::internal(&error))?;
    match unknown_field(body, &kept) {
        None => Ok(read),
        Some(field) => Err(Problem::new(Code::UnknownField).with("field", field)),
    }
}

/// The path of the first field that was sent and is not kept.
fn unknown_field(sent: &Value, kept: &Value) -> Option<String> {
    match (sent, kept) {
        (Value::Object(sent), Value::Object(kept)) => sent.iter().find_map(|(name, value)| {
            let Some(inner) = kept.get(name) else { return Some(name.clone()) };
            unknown_field(value, inner).map(|rest| join(name, &rest))
        }),
        (Value::Array(sent), Value::Array(kept)) => {
            sent.iter().zip(kept).enumerate().find_map(|(place, (sent, kept))| {
                unknown_field(sent, kept).map(|rest| join(&format!("[{place}]"), &rest))
            })
        }
        _ => None,
    }
}

fn join(name: &str, rest: &str) -> String {
    if rest.starts_with('[') { format!("{name}{rest}") } else { format!("{name}.{rest}") }
}

/// A result as it is kept; ours are plain structs.
fn result(result: impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(result).map_err(|error| Problem::internal(&error))
}

fn record(record: RecordId) -> Value {
    json!({"record": record})
}

fn movement(movement: Option<MovementId>) -> Value {
    json!({"movements": movement.into_iter().collect::<Vec<_>>()})
}

/// Operations whose body goes to the writer as it is and whose result is told as it is.
macro_rules! plain {
    ($($post:ident: $body:ident;)+) => {$(
        async fn $post(
            writer: &Writer<'_>,
            submission: Submission,
            body: &Value,
        ) -> Result<Value, Problem> {
            result(writer.$post(submission, read::<$body>(body)?).await?)
        }
    )+};
}

plain! {
    first_count: FirstCount;
    issue_labels: IssueLabels;
    void_labels: VoidLabels;
    receive: Receipt;
    open_pack: OpenPack;
    split_pack: SplitPack;
    found_sealed: FoundSealed;
    deliver: Delivery;
    take_stock: TakeStock;
    bring_back: BringBack;
    event_sheet: EventSheet;
    decide_sheet: DecideSheet;
    count_people: CountPeople;
    leave_in_public: LeaveInPublic;
    decide_drop: DecideDrop;
    decide_goods: DecideGoods;
    change_stock: StockChange;
    approve_count: ApproveCount;
    decline_count: DeclineCount;
}

/// Operations whose result is the record's id alone.
macro_rules! kept {
    ($($post:ident: $body:ident;)+) => {$(
        async fn $post(
            writer: &Writer<'_>,
            submission: Submission,
            body: &Value,
        ) -> Result<Value, Problem> {
            Ok(record(writer.$post(submission, read::<$body>(body)?).await?))
        }
    )+};
}

kept! {
    count_stock: Count;
    recall: CallBack;
    recall_step: RecallStep;
    end_recall: EndRecall;
    report_figure: ReportedFigure;
}

async fn close_run(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    result(writer.close_run(submission, read::<CloseRun>(body)?.run).await?)
}

async fn empty_pack(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    result(writer.empty_pack(submission, read::<EmptyPack>(body)?.pack).await?)
}

async fn reprint_labels(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    let packs: Vec<PackId> = read::<ReprintLabels>(body)?.packs;
    Ok(json!({"labels": writer.reprint_labels(submission, packs).await?}))
}

/// A dispatch that names no lines: what stands on the draft leaves.
#[derive(Serialize, Deserialize)]
struct AsDrafted {
    consignment: ConsignmentId,
}

async fn dispatch(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    if body.get("lines").is_some() {
        return result(writer.dispatch_as_said(submission, read::<Dispatch>(body)?).await?);
    }
    let AsDrafted { consignment } = read(body)?;
    result(writer.dispatch(submission, consignment).await?)
}

/// A reversal that names a record: all that it moved.
async fn reverse(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    if body.get("record").is_none() {
        return result(writer.reverse(submission, read::<Reverse>(body)?).await?);
    }
    let TakeBack { record, reason } = read(body)?;
    let movements = writer.reader().asked_movements(record).await?;
    result(writer.reverse(submission, Reverse { movements, reason }).await?)
}

async fn cancel(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    let Cancel { consignment, reason } = read(body)?;
    writer.cancel_consignment(submission, consignment, reason).await?;
    Ok(json!({}))
}

async fn give_reasons(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    writer.give_reasons(submission, read::<DifferenceReasons>(body)?).await?;
    Ok(json!({}))
}

async fn explain(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    writer.explain(submission, read::<Explain>(body)?).await?;
    Ok(json!({}))
}

/// Scans are uploaded on the page of the consignment; a hash alone would name nothing.
async fn paper(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    let Paper { consignment, state, scan } = read(body)?;
    if scan.is_some() {
        return Err(Problem::new(Code::UnknownField).with("field", "scan"));
    }
    writer.set_paper(submission, consignment, state, None).await?;
    Ok(json!({}))
}

async fn confirm(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    result(writer.confirm(submission, read::<Confirm>(body)?.record).await?)
}

async fn settle(
    writer: &Writer<'_>,
    submission: Submission,
    body: &Value,
) -> Result<Value, Problem> {
    Ok(movement(writer.settle(submission, read::<Settle>(body)?).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_nobody_keeps_is_named_by_its_path() {
        let kept = json!({"store": 1, "lines": [{"batch": 1, "pieces": 2}]});
        let sent = json!({"store": 1, "lines": [{"batch": 1, "peices": 2}]});
        assert_eq!(unknown_field(&sent, &kept).as_deref(), Some("lines[0].peices"));
        assert_eq!(unknown_field(&kept, &kept), None);
    }

    /// A kind that somebody adds to the domain must be posted here too.
    #[test]
    fn every_kind_of_the_domain_is_posted() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../app/domain/src/records");
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let names = text.split("const KIND: &'static str = \"").skip(1);
            found.extend(names.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
        let mut known: Vec<&str> = ALL.iter().map(|(kind, _)| *kind).collect();
        known.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, known);
    }
}
