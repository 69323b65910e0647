//! Accounts begin with an invitation: a link that expires, for one person, with the rights that an
//! administrator chose. Whoever opens it chooses the user name and the password.

use super::audit::{self, Action};
use super::doors::Visitor;
use super::password::{self, WeakPassword};
use super::people::{NewPerson, PersonError, add_person, check_rights};
use super::row::{self, scope_values};
use super::secret::Token;
use super::{Denied, Reader, Writer};
use crate::Stock;
use crate::db::{all, one, run};
use domain::ids::{OrgId, UserId};
use domain::reference::Name;
use domain::role::{Permission, Role, Scope};
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

const LIFETIME_MS: i64 = 7 * 24 * 60 * 60_000;

/// Whom to invite, with which rights.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub id: Uuid,
    pub name: Name,
    pub org: OrgId,
    pub role: Role,
    pub scope: Scope,
}

/// An invitation that can still be accepted.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: Uuid,
    pub name: String,
    pub org_name: String,
    pub role: Role,
    pub expires_at: Millis,
}

/// Why an invitation cannot be accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// Unknown, used, withdrawn or expired: the answer does not say which.
    #[error("this invitation does not work any more")]
    Gone,
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Person(#[from] PersonError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    org_id: Uuid,
    org_name: String,
    role: String,
    scope_kind: String,
    scope_place: Option<String>,
    scope_org: Option<Uuid>,
    expires_at: i64,
}

impl Row {
    fn invitation(&self) -> Result<Invitation, DbErr> {
        Ok(Invitation {
            id: self.id,
            name: self.name.clone(),
            org_name: self.org_name.clone(),
            role: row::role(&self.role)?,
            expires_at: Millis(self.expires_at),
        })
    }
}

const OPEN: &str = "SELECT i.id, i.name, i.org_id, o.name AS org_name, i.role, i.scope_kind, \
    i.scope_place, i.scope_org, i.expires_at FROM invitation i JOIN org o ON o.id = i.org_id \
    WHERE i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $1";

impl Reader<'_> {
    /// The invitations that nobody has accepted yet.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, PersonError> {
        self.require_role(Permission::ManageAccounts)?;
        let text = format!("{OPEN} ORDER BY i.created_at DESC, i.id");
        let now = self.stock.world.now();
        let rows: Vec<Row> = all(self.stock.db.read(), &text, [now.0.into()]).await?;
        Ok(rows.iter().map(Row::invitation).collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Makes an invitation. The token is in the answer and never again: inviting with the same id
    /// once more gives a new link for it, and the former one stops working.
    pub async fn invite(&self, wanted: NewInvitation) -> Result<Token, PersonError> {
        self.require(Permission::ManageAccounts)?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        let token = Token::new(self.stock.world());
        let hash = token.sha256();
        self.stock
            .db
            .write(move |tx| {
                let (wanted, hash) = (wanted.clone(), hash.clone());
                Box::pin(async move {
                    check_rights(tx, wanted.org, wanted.role, &wanted.scope).await?;
                    let [kind, place, org] = scope_values(&wanted.scope);
                    let text = "INSERT INTO invitation (id, token_sha256, name, org_id, role, \
                        scope_kind, scope_place, scope_org, invited_by, created_at, expires_at) \
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                        ON CONFLICT (id) DO UPDATE SET token_sha256 = excluded.token_sha256";
                    let values = [
                        wanted.id.into(),
                        hash.into(),
                        wanted.name.as_str().into(),
                        wanted.org.uuid().into(),
                        wanted.role.word().into(),
                        kind,
                        place,
                        org,
                        by.uuid().into(),
                        now.0.into(),
                        now.plus_ms(LIFETIME_MS).0.into(),
                    ];
                    run(tx, text, values).await?;
                    let subject = wanted.id.to_string();
                    audit::log(tx, now, Some(by), Action::Invited, &subject, "").await?;
                    Ok::<_, PersonError>(())
                })
            })
            .await?;
        Ok(token)
    }

    pub async fn withdraw_invitation(&self, id: Uuid) -> Result<(), PersonError> {
        self.require(Permission::ManageAccounts)?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let text = "UPDATE invitation SET withdrawn_at = $2 \
                        WHERE id = $1 AND accepted_at IS NULL";
                    if run(tx, text, [id.into(), now.0.into()]).await? == 0 {
                        return Err(Denied::NotFound.into());
                    }
                    let (by, subject) = (Some(by), id.to_string());
                    audit::log(tx, now, by, Action::InvitationWithdrawn, &subject, "").await?;
                    Ok::<_, PersonError>(())
                })
            })
            .await
    }
}

impl Stock {
    /// What the link invites to, while it works.
    pub async fn invitation(&self, token: &Token) -> Result<Option<Invitation>, DbErr> {
        let text = format!("{OPEN} AND i.token_sha256 = $2");
        let values = [self.world.now().0.into(), token.sha256().into()];
        let row: Option<Row> = one(self.db.read(), &text, values).await?;
        row.map(|row| row.invitation()).transpose()
    }

    /// Makes the account that the link promises, and begins its first session.
    pub async fn accept_invitation(
        &self,
        token: &Token,
        login: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Token, AcceptError> {
        let known_as = domain::text::normalise(login);
        password::check(&known_as, password)?;
        // Before the costly hash: strangers must not be able to keep the processor busy.
        if self.invitation(token).await?.is_none() {
            return Err(AcceptError::Gone);
        }
        let password_hash = password::hash(self.world(), password).await?;
        let user = UserId::new(self.world().new_id());
        let (now, token, login) = (self.world().now(), token.sha256(), login.to_owned());
        self.db
            .write(move |tx| {
                let (token, login, hash) = (token.clone(), login.clone(), password_hash.clone());
                Box::pin(async move {
                    let text = format!("{OPEN} AND i.token_sha256 = $2");
                    let row: Option<Row> = one(tx, &text, [now.0.into(), token.into()]).await?;
                    let row = row.ok_or(AcceptError::Gone)?;
                    let scope =
                        row::scope(&row.scope_kind, row.scope_place.as_deref(), row.scope_org)?;
                    let name = Name::parse(&row.name).map_err(|e| DbErr::Type(e.to_string()))?;
                    let (org, role) = (OrgId::new(row.org_id), row::role(&row.role)?);
                    let person = NewPerson { login, name, org, role, scope };
                    add_person(tx, user, &person, hash, now).await?;
                    let text =
                        "UPDATE invitation SET accepted_at = $2, accepted_by = $3 WHERE id = $1";
                    let values = [row.id.into(), now.0.into(), user.uuid().into()];
                    run(tx, text, values).await?;
                    let (by, subject) = (Some(user), row.id.to_string());
                    audit::log(tx, now, by, Action::InvitationAccepted, &subject, "").await?;
                    Ok::<_, AcceptError>(())
                })
            })
            .await?;
        Ok(self.begin_session(user, &known_as, visitor, None).await?)
    }
}
