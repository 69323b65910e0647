//! One folder a feature. `page` and `actions` exist on the server only, `islands` everywhere.

pub mod home;
pub mod login;
pub mod reference;
pub mod setup;
