//! Who the token or session belongs to, and what it may do.

use super::extract::PhoneAsker;
use super::problem::Problem;
use super::responses::Refusals;
use axum::Json;
use domain::role::{Permission, Scope};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The account behind the request.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000001",
    "organisation": "019a0d6e-0000-7000-8000-000000000002",
    "role": "logistics",
    "scope": {"kind": "place", "place": "AF21", "organisation": null},
    "permissions": ["keep_store", "receive"],
    "may_write": true,
    "epoch": "5d1f0c9e-6a34-4d0b-9f0e-2b1f7c3a8e10"
}))]
pub struct Me {
    pub id: Uuid,
    pub organisation: Uuid,
    /// `administrator`, `logistics`, `partner`, `manager` or `viewer`; `link` without an account.
    pub role: &'static str,
    pub scope: Seen,
    /// What the role may do.
    pub permissions: Vec<&'static str>,
    /// Whether this token writes too.
    pub may_write: bool,
    /// Changes when the books are restored from a backup: what was sent since then may be gone,
    /// so send again what you still have.
    pub epoch: Uuid,
}

/// The part of the world that the account sees.
#[derive(Serialize, ToSchema)]
pub struct Seen {
    /// `everything`, `place` or `organisation`; for a link `event` or `consignment`.
    pub kind: &'static str,
    pub place: Option<String>,
    pub organisation: Option<Uuid>,
}

impl From<&Scope> for Seen {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Everything => Self { kind: "everything", place: None, organisation: None },
            Scope::Place(place) => {
                let place = Some(place.as_str().to_owned());
                Self { kind: "place", place, organisation: None }
            }
            Scope::Event(_) => Self { kind: "event", place: None, organisation: None },
            Scope::Consignment(_) => Self { kind: "consignment", place: None, organisation: None },
            Scope::Org(org) => {
                Self { kind: "organisation", place: None, organisation: Some(org.uuid()) }
            }
        }
    }
}

/// Read your own account
#[utoipa::path(
    get, path = "/me", tag = "about", operation_id = "read_me",
    responses((status = 200, description = "The account behind the request", body = Me), Refusals)
)]
pub async fn read(asker: PhoneAsker) -> Result<Json<Me>, Problem> {
    let actor = asker.actor();
    let permissions = Permission::ALL.into_iter().filter(|permission| actor.role.may(*permission));
    Ok(Json(Me {
        id: actor.user.uuid(),
        organisation: actor.org.uuid(),
        role: actor.role.word(),
        scope: Seen::from(&actor.scope),
        permissions: permissions.map(Permission::word).collect(),
        may_write: asker.may_write(),
        epoch: asker.stock().epoch().await?,
    }))
}
