//! Who said something, as others are told.

use crate::access::Reader;
use domain::ids::UserId;
use domain::role::{Role, Scope};
use uuid::Uuid;

/// Who said it. People of other organisations are roles, never names (design.md, section 5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Author {
    pub user: UserId,
    pub name: Option<String>,
    pub role: Option<Role>,
    pub org_name: Option<String>,
}

impl Reader<'_> {
    pub(crate) fn author(
        &self,
        user: Uuid,
        name: Option<String>,
        role: Option<String>,
        (org, org_name): (Uuid, String),
    ) -> Author {
        let colleague = org == self.actor.org.uuid();
        let sees_orgs = match self.actor.scope {
            Scope::Everything | Scope::Place(_) => true,
            Scope::Org(_) | Scope::Event(_) | Scope::Consignment(_) => colleague,
        };
        Author {
            user: user.into(),
            name: name.filter(|_| colleague),
            role: role.as_deref().and_then(Role::of_author),
            org_name: sees_orgs.then_some(org_name),
        }
    }
}
