//! One folder a feature. `page` and `actions` exist on the server only, `islands` everywhere.

pub mod event_types;
pub mod home;
pub mod login;
pub mod organisations;
pub mod reference;
pub mod setup;
