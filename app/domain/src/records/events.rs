//! Records about events, drops and who came.

use super::Body;
use crate::attendance::Attendance;
use crate::code::Code;
use crate::event_sheet::SheetRow;
use crate::events::{PublicPlace, SheetDecision};
use crate::ids::{DropId, EventId, MaterialId, RecordId, SessionId, StoreId};
use crate::pieces::Pieces;
use crate::role::PlaceCode;
use serde::{Deserialize, Serialize};

/// What happened to the pieces at one event or session, and who came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventSheet {
    pub event: EventId,
    #[serde(default)]
    pub session: Option<SessionId>,
    pub rows: Vec<SheetRow>,
    /// Codes of batches or packs that were read off what was brought.
    #[serde(default)]
    pub codes: Vec<Code>,
    #[serde(default)]
    pub attendance: Option<Attendance>,
}

impl Body for EventSheet {
    const KIND: &'static str = "event_sheet";
    const VERSION: u32 = 1;
}

/// What somebody says about a sheet that is kept or held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecideSheet {
    pub sheet: RecordId,
    pub decision: SheetDecision,
}

impl Body for DecideSheet {
    const KIND: &'static str = "event_sheet_decision";
    const VERSION: u32 = 1;
}

/// Who came, without a sheet or as a correction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CountPeople {
    pub event: EventId,
    #[serde(default)]
    pub session: Option<SessionId>,
    pub attendance: Attendance,
    /// The statement that this one takes the place of.
    #[serde(default)]
    pub corrects: Option<RecordId>,
}

impl Body for CountPeople {
    const KIND: &'static str = "attendance";
    const VERSION: u32 = 1;
}

/// Pieces of what was scanned, or of a material whose batch is then assumed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Goods {
    /// Sealed packs: their nominal pieces.
    #[serde(default)]
    pub packs: Vec<Code>,
    #[serde(default)]
    pub batches: Vec<(Code, Pieces)>,
    #[serde(default)]
    pub materials: Vec<(MaterialId, Pieces)>,
}

impl Goods {
    pub fn is_empty(&self) -> bool {
        self.packs.is_empty() && self.batches.is_empty() && self.materials.is_empty()
    }
}

/// Stock leaves the store for an event before its sheet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TakeStock {
    pub event: EventId,
    pub goods: Goods,
}

impl Body for TakeStock {
    const KIND: &'static str = "event_take";
    const VERSION: u32 = 1;
}

/// Pieces that are at an event come back to its store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BringBack {
    pub event: EventId,
    pub rows: Vec<(MaterialId, Pieces)>,
}

impl Body for BringBack {
    const KIND: &'static str = "event_bring_back";
    const VERSION: u32 = 1;
}

/// Pieces left in a public place, without an event or participants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeaveInPublic {
    pub store: StoreId,
    pub place: PlaceCode,
    pub kind: PublicPlace,
    /// How many such places; `None` is not recorded.
    #[serde(default)]
    pub places: Option<i64>,
    pub goods: Goods,
}

impl Body for LeaveInPublic {
    const KIND: &'static str = "drop";
    const VERSION: u32 = 1;
}

/// What somebody says about a drop that could not be booked: posted now, or dropped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecideDrop {
    pub drop: DropId,
    pub decision: SheetDecision,
}

impl Body for DecideDrop {
    const KIND: &'static str = "drop_decision";
    const VERSION: u32 = 1;
}

/// What somebody says about goods of an event that could not be booked, taken there or brought
/// back: posted now, or dropped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecideGoods {
    pub record: RecordId,
    pub decision: SheetDecision,
}

impl Body for DecideGoods {
    const KIND: &'static str = "event_goods_decision";
    const VERSION: u32 = 1;
}
