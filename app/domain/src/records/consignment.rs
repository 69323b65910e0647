//! What people say about consignments.
//!
//! Drivers and vehicles are not part of any record: they stand on the paper only, in a row that
//! can be erased.

use super::Body;
use crate::consignment::{CountedLine, PaperState, Rest};
use crate::ids::{BatchId, ConsignmentId, PackId, RecordId, StoreId};
use crate::ledger::Reason;
use crate::pieces::Pieces;
use serde::{Deserialize, Serialize};

/// "It left": whole packs, and pieces beside them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dispatch {
    pub consignment: ConsignmentId,
    pub from: StoreId,
    pub to: StoreId,
    pub lines: Vec<DispatchLine>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DispatchLine {
    pub batch: BatchId,
    pub packs: Vec<PackId>,
    /// All pieces of the batch, those in packs included.
    pub pieces: Pieces,
}

impl Body for Dispatch {
    const KIND: &'static str = "dispatch";
    const VERSION: u32 = 1;
}

/// "It will not be sent."
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cancel {
    pub consignment: ConsignmentId,
    pub reason: Reason,
}

impl Body for Cancel {
    const KIND: &'static str = "consignment_cancel";
    const VERSION: u32 = 1;
}

/// "This is what came", counted without knowing what was sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delivery {
    pub consignment: ConsignmentId,
    pub lines: Vec<CountedLine>,
    pub rest: Rest,
    /// Earlier deliveries that this one comes on top of. Two people who receive the same cartons
    /// do not know of each other: the second one has to look first.
    #[serde(default)]
    pub besides: Vec<RecordId>,
}

impl Body for Delivery {
    const KIND: &'static str = "delivery";
    const VERSION: u32 = 1;
}

/// "This is why": the receiver's reason for each difference, after the count.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DifferenceReasons {
    pub consignment: ConsignmentId,
    pub reasons: Vec<DifferenceReason>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DifferenceReason {
    pub batch: BatchId,
    pub side: DifferenceSide,
    pub reason: Reason,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceSide {
    Missing,
    Extra,
}

impl Body for DifferenceReasons {
    const KIND: &'static str = "delivery_reasons";
    const VERSION: u32 = 1;
}

/// "This is what became of it": the sender's or a manager's answer to a difference.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Explain {
    pub consignment: ConsignmentId,
    pub batch: BatchId,
    pub pieces: Pieces,
    pub became: Became,
    pub reason: Reason,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Missing pieces are lost.
    Lost,
    /// Missing pieces came back to the sender.
    CameBack,
    /// Missing pieces arrived at another store.
    Elsewhere(StoreId),
    /// Missing pieces did arrive at the receiver's: the count was wrong.
    Arrived,
    /// Extra pieces had been loaded by the sender without being written down.
    LoadedUnwritten,
    /// Extra pieces did not come: the count was wrong.
    CountedTooMany,
}

impl Became {
    /// The reason that is said with it, where nobody gives another one.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Lost => Some(Reason::Missing),
            Self::Elsewhere(_) => Some(Reason::SentElsewhere),
            Self::LoadedUnwritten => Some(Reason::NotRecordedAtTheTime),
            Self::Arrived | Self::CountedTooMany => Some(Reason::CountedWrong),
            Self::CameBack => None,
        }
    }
}

impl Body for Explain {
    const KIND: &'static str = "consignment_explain";
    const VERSION: u32 = 1;
}

/// "The paper is back": where the waybill is, and its scan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Paper {
    pub consignment: ConsignmentId,
    pub state: PaperState,
    /// The SHA-256 of the scan, in hexadecimal digits.
    #[serde(default)]
    pub scan: Option<String>,
}

impl Body for Paper {
    const KIND: &'static str = "waybill_paper";
    const VERSION: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// Phones keep records for weeks: what an earlier release wrote must still be readable.
    #[test]
    fn version_1_of_a_delivery_still_reads() {
        let json = r#"{"consignment":"00000000-0000-0000-0000-000000000001","lines":[
            {"batch":"00000000-0000-0000-0000-000000000002","full_cartons":2,"good":1000,
             "damaged":12,"damage":"wet"}],"rest":"nothing_more"}"#;
        let read: Delivery = serde_json::from_str(json).unwrap();
        assert_eq!(read.consignment.uuid(), Uuid::from_u128(1));
        assert_eq!(read.lines[0].damage, Some(Reason::Wet));
        assert_eq!((read.rest, read.besides.len()), (Rest::NothingMore, 0));
    }

    #[test]
    fn version_1_of_an_explanation_still_reads() {
        let json = r#"{"consignment":"00000000-0000-0000-0000-000000000001",
            "batch":"00000000-0000-0000-0000-000000000002","pieces":40,
            "became":{"elsewhere":"00000000-0000-0000-0000-000000000003"},
            "reason":"sent_elsewhere"}"#;
        let read: Explain = serde_json::from_str(json).unwrap();
        assert_eq!(read.became, Became::Elsewhere(Uuid::from_u128(3).into()));
    }
}
