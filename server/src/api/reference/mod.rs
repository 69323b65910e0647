//! What everything else is made of: places, organisations, stores, materials, kits, event types.
//!
//! Things are put under an id that the caller makes: put again with the same content it stays as
//! it is, with other content it changes. Nothing is deleted; things retire.

pub mod event_types;
pub mod kits;
pub mod materials;
pub mod organisations;
pub mod places;
pub mod stores;

use domain::reference::Standing;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a thing is offered for new work.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"standing": "retired"}))]
pub struct NewStanding {
    /// `in_use` or `retired`.
    #[schema(value_type = String)]
    pub standing: Standing,
}
