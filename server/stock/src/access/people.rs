//! People with accounts: listing them, changing their rights, retiring them.

use super::audit::{self, Action};
use super::password::{self, WeakPassword};
use super::rights;
use super::row::{self, ActorRow, scope_values};
use super::sessions::end_all;
use super::{Denied, Reader, Writer};
use crate::Stock;
use crate::db::{all, one, run};
use crate::query::Query;
use domain::events::holds_events;
use domain::ids::{OrgId, UserId};
use domain::reference::{Name, OrgKind};
use domain::role::{Actor, Permission, Role, Scope};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// Someone who gets an account.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub login: String,
    pub name: Name,
    pub org: OrgId,
    pub role: Role,
    pub scope: Scope,
}

/// Someone who has an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub login: String,
    pub name: String,
    pub org: OrgId,
    pub org_name: String,
    pub role: Role,
    pub scope: Scope,
    pub retired_at: Option<Millis>,
}

/// Why an account cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("the user name is taken")]
    LoginTaken,
    #[error("a user name has 3 to 40 letters or digits")]
    LoginMalformed,
    #[error("there is no such organisation")]
    UnknownOrg,
    #[error("there is no such place")]
    UnknownPlace,
    /// A printer's.
    #[error("nobody of an organisation of this kind has an account")]
    NoAccounts,
    /// Nothing in the books is a donor's or a printer's own.
    #[error("an organisation of this kind has neither stores nor events")]
    HoldsNothing,
    /// A partner sees its own organisation and nothing else.
    #[error("a partner's scope is its organisation")]
    PartnerScope,
    /// Accounts are the whole programme's business.
    #[error("an administrator sees everything")]
    AdministratorScope,
    /// Somebody must be able to manage accounts.
    #[error("the last administrator cannot leave")]
    LastAdministrator,
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    person: ActorRow,
    org_name: String,
    retired_at: Option<i64>,
}

impl Row {
    fn person(self) -> Result<Person, DbErr> {
        let actor = self.person.actor()?;
        Ok(Person {
            id: actor.user,
            login: self.person.login,
            name: self.person.name,
            org: actor.org,
            org_name: self.org_name,
            role: actor.role,
            scope: actor.scope,
            retired_at: self.retired_at.map(Millis),
        })
    }
}

const PEOPLE: &str = "SELECT p.id AS person_id, p.login, p.name, p.org_id, p.role, \
    p.scope_kind, p.scope_place, p.scope_org, o.short_name AS org_name, p.retired_at \
    FROM person p JOIN org o ON o.id = p.org_id";

impl Reader<'_> {
    /// Everyone with an account, those who left last.
    pub async fn people(&self) -> Result<Vec<Person>, PersonError> {
        self.require_role(Permission::ManageAccounts)?;
        Ok(self.stock.everyone().await?)
    }

    /// One person: oneself, or anyone for an administrator.
    pub async fn person(&self, id: UserId) -> Result<Person, PersonError> {
        if id != self.actor.user {
            self.require_role(Permission::ManageAccounts)?;
        }
        let text = format!("{PEOPLE} WHERE p.id = $1");
        let row: Option<Row> = one(self.stock.db.read(), &text, [id.uuid().into()]).await?;
        Ok(row.ok_or(Denied::NotFound)?.person()?)
    }
}

impl Stock {
    /// Everyone with an account, for `tawzi user`: whoever can run it has the books anyway.
    pub async fn everyone(&self) -> Result<Vec<Person>, DbErr> {
        let text = format!("{PEOPLE} ORDER BY p.retired_at IS NOT NULL, p.name, p.id");
        let rows: Vec<Row> = all(self.db.read(), &text, []).await?;
        rows.into_iter().map(Row::person).collect()
    }

    /// Who has this user name, if they have not left.
    pub async fn actor_of(&self, login: &str) -> Result<Option<Actor>, DbErr> {
        let login = domain::text::normalise(login);
        let text = format!("{PEOPLE} WHERE p.login = $1 AND p.retired_at IS NULL");
        let row: Option<Row> = one(self.db.read(), &text, [login.into()]).await?;
        row.map(|row| row.person.actor()).transpose()
    }

    pub async fn org_by_short_name(&self, name: &str) -> Result<Option<OrgId>, DbErr> {
        #[derive(FromQueryResult)]
        struct Found {
            id: Uuid,
        }
        let text = "SELECT id FROM org WHERE short_name = $1 AND retired_at IS NULL";
        let found: Option<Found> = one(self.db.read(), text, [name.into()]).await?;
        Ok(found.map(|found| OrgId::new(found.id)))
    }

    /// Makes an account with a password: `tawzi user` and the demo. In the browser accounts are
    /// made by invitation, so that nobody else ever knows the password.
    pub async fn add_person(
        &self,
        person: NewPerson,
        password: &str,
    ) -> Result<UserId, PersonError> {
        password::check(&domain::text::normalise(&person.login), password)?;
        let hash = password::hash(self.world(), password).await?;
        let (id, now) = (UserId::new(self.world().new_id()), self.world().now());
        self.db
            .write(move |tx| {
                let (person, hash) = (person.clone(), hash.clone());
                Box::pin(async move {
                    add_person(tx, id, &person, hash, now).await?;
                    Ok::<_, PersonError>(id)
                })
            })
            .await
    }
}

impl Stock {
    /// Everything that is wrong with what somebody chose for an account, as far as it was typed.
    pub async fn wrong_with_account(
        &self,
        login: Option<&str>,
        password: Option<&str>,
    ) -> Vec<PersonError> {
        let mut wrong = Vec::new();
        if let Some(login) = login {
            wrong.extend(free_login(self.db.read(), login).await.err());
        }
        if let Some(password) = password {
            let login = domain::text::normalise(login.unwrap_or_default());
            wrong.extend(password::check(&login, password).err().map(PersonError::Weak));
        }
        wrong
    }
}

/// The user name as it is kept, if nobody has it.
async fn free_login<C: ConnectionTrait>(conn: &C, login: &str) -> Result<String, PersonError> {
    let login = domain::text::normalise(login);
    let long = login.chars().count();
    if !(3..=40).contains(&long) || login.contains(' ') {
        return Err(PersonError::LoginMalformed);
    }
    let of_somebody = Query::new("SELECT 1 AS one FROM person WHERE login = ").bind(login.as_str());
    if of_somebody.finds(conn).await? { Err(PersonError::LoginTaken) } else { Ok(login) }
}

/// Writes the account, after every check that does not need a password.
pub(crate) async fn add_person<C: ConnectionTrait>(
    tx: &C,
    id: UserId,
    person: &NewPerson,
    password_hash: String,
    now: Millis,
) -> Result<(), PersonError> {
    let login = free_login(tx, &person.login).await?;
    check_rights(tx, person.org, person.role, &person.scope).await?;
    let [kind, place, org] = scope_values(&person.scope);
    let text = "INSERT INTO person (id, login, name, org_id, role, scope_kind, scope_place, \
        scope_org, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = [
        id.uuid().into(),
        login.into(),
        person.name.as_str().into(),
        person.org.uuid().into(),
        person.role.word().into(),
        kind,
        place,
        org,
        password_hash.into(),
        now.0.into(),
    ];
    run(tx, text, values).await?;
    Ok(())
}

/// Organisation and place exist, and a partner sees only its own organisation.
pub(crate) async fn check_rights<C: ConnectionTrait>(
    tx: &C,
    org: OrgId,
    role: Role,
    scope: &Scope,
) -> Result<(), PersonError> {
    if role == Role::Partner && *scope != Scope::Org(org) {
        return Err(PersonError::PartnerScope);
    }
    if role == Role::Administrator && *scope != Scope::Everything {
        return Err(PersonError::AdministratorScope);
    }
    #[derive(FromQueryResult)]
    struct Kind {
        kind: String,
    }
    let kind = async |org: OrgId| {
        let query = Query::new("SELECT kind FROM org WHERE id = ").bind(org.uuid());
        let row: Option<Kind> = query.one(tx).await?;
        Ok::<_, DbErr>(row.and_then(|row| OrgKind::parse(&row.kind)))
    };
    if kind(org).await?.is_some_and(|kind| !kind.has_accounts()) {
        return Err(PersonError::NoAccounts);
    }
    if let Scope::Org(own) = scope
        && kind(*own).await?.is_some_and(|kind| !holds_events(kind))
    {
        return Err(PersonError::HoldsNothing);
    }
    #[derive(FromQueryResult)]
    struct Found {
        found: i64,
    }
    let org_text = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM org \
        WHERE id = $1 AND retired_at IS NULL";
    let mut orgs = vec![org];
    match scope {
        Scope::Everything => {}
        Scope::Event(_) | Scope::Consignment(_) => return Err(PersonError::UnknownPlace),
        Scope::Org(scoped) => orgs.push(*scoped),
        Scope::Place(code) => {
            let text = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM place WHERE code = $1";
            let row: Option<Found> = one(tx, text, [code.as_str().into()]).await?;
            if row.is_none_or(|row| row.found == 0) {
                return Err(PersonError::UnknownPlace);
            }
        }
    }
    for org in orgs {
        let row: Option<Found> = one(tx, org_text, [org.uuid().into()]).await?;
        if row.is_none_or(|row| row.found == 0) {
            return Err(PersonError::UnknownOrg);
        }
    }
    Ok(())
}

impl Writer<'_> {
    /// Gives a person other rights. Their sessions end, so that the change holds at once.
    pub async fn change_rights(
        &self,
        person: UserId,
        org: OrgId,
        role: Role,
        scope: Scope,
    ) -> Result<(), PersonError> {
        self.require(Permission::ManageAccounts)?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        let former = self.stock.world().new_id();
        self.stock
            .db
            .write(move |tx| {
                let scope = scope.clone();
                Box::pin(async move {
                    let before = role_of(tx, person).await?;
                    check_rights(tx, org, role, &scope).await?;
                    if before == Role::Administrator && role != Role::Administrator {
                        another_administrator(tx, person).await?;
                    }
                    rights::keep_former(tx, former, person, now).await?;
                    let [kind, place, scope_org] = scope_values(&scope);
                    let text = "UPDATE person SET org_id = $2, role = $3, scope_kind = $4, \
                        scope_place = $5, scope_org = $6 WHERE id = $1";
                    let values = [
                        person.uuid().into(),
                        org.uuid().into(),
                        role.word().into(),
                        kind,
                        place,
                        scope_org,
                    ];
                    run(tx, text, values).await?;
                    if person != by {
                        end_all(tx, person, now).await?;
                    }
                    let subject = person.to_string();
                    let detail = role.word();
                    audit::log(tx, now, Some(by), Action::RightsChanged, &subject, detail).await?;
                    Ok::<_, PersonError>(())
                })
            })
            .await
    }

    /// Closes a person's account for good. What they wrote stays theirs.
    pub async fn retire_person(&self, person: UserId) -> Result<(), PersonError> {
        self.require(Permission::ManageAccounts)?;
        self.stock.retire_by(Some(self.actor.user), person).await
    }
}

impl Stock {
    /// The same from the command line, where nobody is signed in.
    pub async fn retire(&self, person: UserId) -> Result<(), PersonError> {
        self.retire_by(None, person).await
    }

    async fn retire_by(&self, by: Option<UserId>, person: UserId) -> Result<(), PersonError> {
        let now = self.world.now();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if role_of(tx, person).await? == Role::Administrator {
                        another_administrator(tx, person).await?;
                    }
                    let text =
                        "UPDATE person SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";
                    run(tx, text, [person.uuid().into(), now.0.into()]).await?;
                    end_all(tx, person, now).await?;
                    let subject = person.to_string();
                    audit::log(tx, now, by, Action::Retired, &subject, "").await?;
                    Ok::<_, PersonError>(())
                })
            })
            .await
    }
}

async fn role_of<C: ConnectionTrait>(tx: &C, person: UserId) -> Result<Role, PersonError> {
    #[derive(FromQueryResult)]
    struct Found {
        role: String,
    }
    let text = "SELECT role FROM person WHERE id = $1";
    let found: Option<Found> = one(tx, text, [person.uuid().into()]).await?;
    Ok(row::role(&found.ok_or(Denied::NotFound)?.role)?)
}

async fn another_administrator<C: ConnectionTrait>(
    tx: &C,
    leaving: UserId,
) -> Result<(), PersonError> {
    #[derive(FromQueryResult)]
    struct Found {
        others: i64,
    }
    let text = "SELECT CAST(COUNT(*) AS BIGINT) AS others FROM person \
        WHERE role = 'administrator' AND retired_at IS NULL AND id <> $1";
    let found: Option<Found> = one(tx, text, [leaving.uuid().into()]).await?;
    match found {
        Some(found) if found.others > 0 => Ok(()),
        _ => Err(PersonError::LastAdministrator),
    }
}
