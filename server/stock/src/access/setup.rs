//! The first administrator of new books.

use super::audit::{self, Action};
use super::password::{self, WeakPassword};
use super::people::{NewPerson, PersonError, add_person};
use crate::Stock;
use crate::db::one;
use crate::reference::orgs::{self, OrgInput, SaveOrgError};
use domain::ids::{OrgId, UserId};
use domain::reference::{Name, OrgKind};
use domain::role::{Role, Scope};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Why the books cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("somebody has already been set up")]
    AlreadyDone,
    #[error("another organisation has the programme's name")]
    NameTaken,
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Person(#[from] PersonError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What the first page asks for.
#[derive(Clone)]
pub struct SetUp {
    pub programme: Name,
    pub login: String,
    pub name: Name,
    pub password: String,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

impl Stock {
    /// Whether nobody has an account yet.
    pub async fn is_new(&self) -> Result<bool, DbErr> {
        let row: Option<Id> = one(self.db.read(), "SELECT id FROM person LIMIT 1", []).await?;
        Ok(row.is_none())
    }

    /// Makes the programme's own organisation, if there is none, and its first administrator.
    pub async fn set_up(&self, wanted: SetUp) -> Result<UserId, SetUpError> {
        let login = domain::text::normalise(&wanted.login);
        password::check(&login, &wanted.password)?;
        let hash = password::hash(self.world(), &wanted.password).await?;
        let user = UserId::new(self.world().new_id());
        let org = OrgId::new(self.world().new_id());
        let now = self.world().now();
        self.db
            .write(move |tx| {
                let (wanted, hash) = (wanted.clone(), hash.clone());
                Box::pin(async move {
                    let anyone: Option<Id> = one(tx, "SELECT id FROM person LIMIT 1", []).await?;
                    if anyone.is_some() {
                        return Err(SetUpError::AlreadyDone);
                    }
                    let text = "SELECT id FROM org WHERE kind = 'programme' ORDER BY id LIMIT 1";
                    let known: Option<Id> = one(tx, text, []).await?;
                    let org = match known {
                        Some(known) => known.id.into(),
                        None => {
                            let input = OrgInput {
                                kind: OrgKind::Programme,
                                name: wanted.programme.clone(),
                                short_name: wanted.programme,
                            };
                            orgs::insert(tx, org, &input).await?;
                            org
                        }
                    };
                    let person = NewPerson {
                        login: wanted.login,
                        name: wanted.name,
                        org,
                        role: Role::Administrator,
                        scope: Scope::Everything,
                    };
                    add_person(tx, user, &person, hash, now).await?;
                    let subject = user.to_string();
                    audit::log(tx, now, Some(user), Action::SetUp, &subject, "").await?;
                    Ok(user)
                })
            })
            .await
    }
}

impl From<SaveOrgError> for SetUpError {
    fn from(error: SaveOrgError) -> Self {
        match error {
            SaveOrgError::Database(error) => Self::Database(error),
            // The id is new, so only the name can be in the way.
            SaveOrgError::Denied(_)
            | SaveOrgError::DuplicateName
            | SaveOrgError::SavedBefore(_) => Self::NameTaken,
        }
    }
}
