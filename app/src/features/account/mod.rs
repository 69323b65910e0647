//! One's own account: rights, sessions, phones, unfinished forms. Also invitations and forgotten passwords,
//! by which people get (back) into theirs.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod enter;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod phones;
