//! One folder a feature. `page` and `actions` exist on the server only, `islands` everywhere.

pub mod account;
pub mod api_tokens;
pub mod codes;
pub mod consignments;
pub mod drops;
pub mod event_types;
pub mod events;
pub mod home;
pub mod kits;
pub mod labels;
pub mod login;
pub mod materials;
pub mod opening;
pub mod organisations;
pub mod people;
pub mod places;
pub mod receipts;
pub mod reconcile;
pub mod reference;
pub mod reported;
pub mod runs;
pub mod search;
pub mod setup;
pub mod stock;
pub mod stores;
