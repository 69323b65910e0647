//! One permission layer: who is asking decides what there is.

mod api_doors;
pub mod audit;
mod doors;
mod drafts;
mod handover;
mod invitations;
mod links;
mod password;
mod people;
pub(crate) mod phones;
mod resets;
pub(crate) mod rights;
mod row;
pub(crate) mod scope;
mod secret;
mod sessions;
mod setup;
mod tokens;

pub(crate) use api_doors::Taken;
pub use doors::{DoorError, Origin, Visitor};
pub use drafts::{Draft, DraftOwner};
pub use handover::{DraftEntry, LeftBehind};
pub use invitations::{AcceptError, Invitation, NewInvitation};
pub use links::{LinkEntry, LinkError, LinkJob, MOST_LINK_DAYS};
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, WeakPassword};
pub use people::{NewPerson, Person, PersonError};
pub use phones::{Door, PhoneEntry};
pub use resets::{ChangeError, ResetError};
pub(crate) use row::ActorRow;
pub use secret::Token;
pub use sessions::{SessionEntry, SessionsError, SignInError, Signed};
pub use setup::{SetUp, SetUpError};
pub use tokens::{NewToken, TokenEntry, TokenError, TokenHolder};

use crate::Stock;
use crate::records::Answer;
use domain::role::{Actor, Permission, Scope};
use std::sync::Mutex;

/// Reads what its actor may see. Has no methods that write.
pub struct Reader<'a> {
    pub(crate) stock: &'a Stock,
    pub(crate) actor: Actor,
}

/// Writes what its actor may do.
pub struct Writer<'a> {
    pub(crate) stock: &'a Stock,
    pub(crate) actor: Actor,
    /// What became of the record that it posted last.
    pub(crate) answer: Mutex<Option<Answer>>,
}

/// The actor's role does not include the permission, or the thing is outside the actor's scope
/// (which answers like a thing that does not exist).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    #[error("this role may not {0:?}")]
    NotAllowed(Permission),
    #[error("not found")]
    NotFound,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(stock: &'a Stock, actor: Actor) -> Self {
        Self { stock, actor }
    }

    /// For what a role may not even see.
    pub(crate) fn require_role(&self, permission: Permission) -> Result<(), Denied> {
        if self.actor.role.may(permission) { Ok(()) } else { Err(Denied::NotAllowed(permission)) }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl<'a> Writer<'a> {
    pub(crate) fn new(stock: &'a Stock, actor: Actor) -> Self {
        Self { stock, actor, answer: Mutex::default() }
    }

    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.stock, self.actor.clone())
    }

    pub(crate) fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.actor.role.may(permission) { Ok(()) } else { Err(Denied::NotAllowed(permission)) }
    }

    /// For what concerns the whole programme (a material, an organisation): the permission is not
    /// enough for an account that is limited to a place or an organisation.
    pub(crate) fn require_everywhere(&self, permission: Permission) -> Result<(), Denied> {
        self.require(permission)?;
        match self.actor.scope {
            Scope::Everything => Ok(()),
            Scope::Place(_) | Scope::Org(_) | Scope::Event(_) | Scope::Consignment(_) => {
                Err(Denied::NotAllowed(permission))
            }
        }
    }
}
