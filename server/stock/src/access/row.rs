//! Roles and scopes as the tables keep them.

use domain::ids::{OrgId, UserId};
use domain::role::{Actor, PlaceCode, Role, Scope};
use sea_orm::{DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// The columns by which a person, session or token becomes an actor.
#[derive(FromQueryResult)]
pub(crate) struct ActorRow {
    pub person_id: Uuid,
    pub login: String,
    pub name: String,
    pub org_id: Uuid,
    pub role: String,
    pub scope_kind: String,
    pub scope_place: Option<String>,
    pub scope_org: Option<Uuid>,
}

impl ActorRow {
    pub(crate) fn actor(&self) -> Result<Actor, DbErr> {
        Ok(Actor {
            user: UserId::new(self.person_id),
            org: OrgId::new(self.org_id),
            role: role(&self.role)?,
            scope: scope(&self.scope_kind, self.scope_place.as_deref(), self.scope_org)?,
        })
    }
}

pub(crate) fn role(word: &str) -> Result<Role, DbErr> {
    Role::parse(word).ok_or_else(|| DbErr::Custom(format!("unknown role {word:?}")))
}

pub(crate) fn scope(kind: &str, place: Option<&str>, org: Option<Uuid>) -> Result<Scope, DbErr> {
    match (kind, place, org) {
        ("everything", None, None) => Ok(Scope::Everything),
        ("place", Some(code), None) => Ok(Scope::Place(PlaceCode::new(code))),
        ("org", None, Some(id)) => Ok(Scope::Org(OrgId::new(id))),
        _ => Err(DbErr::Custom(format!("a scope of kind {kind:?} without its subject"))),
    }
}

/// The three columns of a scope: kind, place, organisation.
pub(crate) fn scope_values(scope: &Scope) -> [Value; 3] {
    let none_place: Option<String> = None;
    let none_org: Option<Uuid> = None;
    match scope {
        Scope::Everything => ["everything".into(), none_place.into(), none_org.into()],
        Scope::Place(code) => ["place".into(), code.as_str().to_owned().into(), none_org.into()],
        Scope::Org(org) => ["org".into(), none_place.into(), org.uuid().into()],
        // A link's: no account has it, and the tables take none that does.
        Scope::Event(_) | Scope::Consignment(_) => {
            ["link".into(), none_place.into(), none_org.into()]
        }
    }
}
