//! Consignments: from the draft over the dispatch and what was counted to the last explanation.
//!
//! A receiver counts before what was sent reaches him (rule 11). That is decided in one place,
//! [`Known::sees_sent`]; every read asks it before it gives a figure away.

mod coming;
mod confirm;
mod deliver;
mod detail;
mod dispatch;
mod draft;
mod explain;
mod find;
mod kept;
mod lines;
mod list;
mod offer;
mod paper;
mod promised;
mod receive;
mod sheet;
mod shelf;
mod titles;
mod unsent;
pub(crate) mod waiting;
mod waybill;
mod wish;

pub use coming::Labelled;
pub use confirm::ConfirmDeliveryError;
pub(crate) use confirm::may_confirm as may_confirm_delivery;
pub use deliver::{DeliverError, Delivered, EarlierDelivery};
pub use detail::{Detail, DetailLine, DraftLine, DraftPack, ListedTwice, Said, TimelineEntry};
pub use dispatch::{Away, DispatchError};
pub use draft::{CancelError, Carrier, DraftError, NewConsignment, TripDetails};
pub use explain::ExplainError;
pub use find::{Known, StoreRef};
pub(crate) use kept::first_wrong;
pub use list::{Filter, InTransit, Summary};
pub use offer::{LabelOf, Loadable};
pub use paper::{PaperError, RegisterEntry};
pub use promised::Promised;
pub use receive::{CountSheet, CountSheetLine, Difference};
pub(crate) use shelf::blocked;
pub use titles::BatchTitle;
pub use unsent::{CartonsCame, FoundPack, Unsent};
pub use waybill::{Waybill, WaybillLine, WaybillPack};
pub use wish::{CodeProblem, CodeTrouble, LineError, LineWish, MaterialLacking};
