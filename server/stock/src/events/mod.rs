//! Events: planned, supplied, and what the sheets say happened there; drops; who came.
//!
//! `plan` writes the rows that people change; `sheet`, `decide`, `supply`, `people` and `drops`
//! post records; `goods` finds the batches behind codes and materials, `holdings` what there is of
//! them; `list`, `detail`, `said` and
//! `month` read. Nobody sees a future event but those who run events in its scope (design,
//! section 5).

mod decide;
mod detail;
mod drops;
mod ends;
mod find;
mod goods;
mod held_drop;
mod held_goods;
mod holdings;
mod list;
mod month;
mod month_people;
mod people;
pub(crate) mod picture;
mod plan;
mod said;
mod sheet;
mod supply;
mod timeline;
mod waiting;

pub use decide::{DecideError, Decided};
pub use detail::{EventDetail, MaterialAtEvent, PlannedKit, PlannedMaterial, Statement};
pub use drops::{DropDetail, DropFilter, DropLine, DropResult, DropRow};
pub use find::{EventRow, Session};
pub use goods::{CodeProblem, FoundCode};
pub use held_drop::DropDecided;
pub use held_goods::{GoodsDecided, HeldGoods};
pub use list::EventFilter;
pub(crate) use month::{GIVEN, GivenSide, TAKEN_BACK};
pub use month::{GivenByProvince, MonthEvents};
pub use month_people::MonthPeople;
pub use people::PeopleCounted;
pub use plan::{CancelEventError, EventPlan, PlanError};
pub use said::{SheetDetail, SheetRowView, SheetState};
pub use sheet::{Fate, HeldReason, SheetPosted};
pub use supply::StockMoved;
pub use timeline::{EventRecord, EventSaid};
pub(crate) use waiting::confirmed;

use crate::access::Denied;
use crate::records::RecordError;
use domain::attendance::ImpossibleHeadcount;
use domain::event_sheet::RowError;
use domain::ids::MaterialId;
use sea_orm::DbErr;

/// Why something about an event or a drop is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("nothing was entered")]
    Empty,
    #[error("rows do not add up")]
    Rows(Vec<(MaterialId, RowError)>),
    #[error(transparent)]
    Headcount(#[from] ImpossibleHeadcount),
    #[error("there is no such material")]
    UnknownMaterial,
    #[error("the event has no such session")]
    UnknownSession,
    #[error("there is no such place in use")]
    UnknownPlace,
    /// Store or organisation changed again and again while this was being said.
    #[error("the plan of the event is changing")]
    PlanChanged,
    /// The statement to correct is not there, or was corrected before.
    #[error("this statement cannot be corrected")]
    NotCorrectable,
}

impl From<Denied> for EventError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for EventError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}
