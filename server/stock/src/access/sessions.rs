//! Signing in and staying signed in.

use super::audit::{self, Action};
use super::doors::{self, DoorError, Secret, Try, Visitor};
use super::row::ActorRow;
use super::secret::Token;
use super::{Denied, Reader, Writer, password};
use crate::Stock;
use crate::db::{all, one, run};
use crate::query::Query;
use domain::ids::{DeviceId, UserId};
use domain::role::{Actor, Permission};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// However busy, a session ends after this long.
const LIFETIME: i64 = 30 * DAY;
/// Unused, it ends after this long: partners are without network for days.
const IDLE: i64 = 7 * DAY;
/// "Last seen" is only this exact, so that reading a page does not write.
const SEEN_EVERY: i64 = 5 * MINUTE;

/// Why a log-in is refused.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong name, wrong password or a retired account: the answer does not say which.
    #[error("user name and password do not fit")]
    Wrong,
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Who is behind a request.
#[derive(Clone, Debug)]
pub struct Signed {
    pub session: Uuid,
    /// The phone on which it goes on, once that has said so.
    pub phone: Option<DeviceId>,
    pub actor: Actor,
    pub login: String,
    pub name: String,
}

/// A session as its owner or an administrator sees it in a list.
#[derive(Clone, Debug)]
pub struct SessionEntry {
    pub id: Uuid,
    pub device: String,
    pub created_at: Millis,
    pub seen_at: Millis,
}

impl Stock {
    /// Checks name and password and begins a session; the token goes into the cookie.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Token, SignInError> {
        let login = domain::text::normalise(login);
        let knocking = Try::new(Secret::Password, &login, visitor.origin);
        self.knock(&knocking).await?;
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            password_hash: String,
        }
        let text = "SELECT id, password_hash FROM person \
            WHERE login = $1 AND retired_at IS NULL";
        let found = one::<Row, _>(self.db.read(), text, [login.clone().into()]).await?;
        let (id, hash) = found.map(|row| (row.id, row.password_hash)).unzip();
        let fits = password::verify(hash, password).await;
        let id = id.filter(|_| fits).ok_or(SignInError::Wrong)?;
        Ok(self.begin_session(UserId::new(id), &login, visitor, Some(&knocking)).await?)
    }

    /// Begins a session for someone who has just proved who they are.
    pub(crate) async fn begin_session(
        &self,
        person: UserId,
        login: &str,
        visitor: &Visitor,
        right: Option<&Try>,
    ) -> Result<Token, DbErr> {
        let token = Token::new(self.world());
        let (id, now, hash) = (self.world().new_id(), self.world.now(), token.sha256());
        let device: String = visitor.device.chars().take(200).collect();
        let (login, origin, right) = (login.to_owned(), visitor.origin, right.cloned());
        self.db
            .write(move |tx| {
                let (hash, device) = (hash.clone(), device.clone());
                let (login, right) = (login.clone(), right.clone());
                Box::pin(async move {
                    doors::admit(tx, &login, origin, right.as_ref(), now).await?;
                    let text = "INSERT INTO session \
                        (id, token_sha256, person_id, device, created_at, seen_at, expires_at) \
                        VALUES ($1, $2, $3, $4, $5, $5, $6)";
                    let expires = now.plus_ms(LIFETIME).0;
                    let values = [
                        id.into(),
                        hash.into(),
                        person.uuid().into(),
                        device.into(),
                        now.0.into(),
                        expires.into(),
                    ];
                    run(tx, text, values).await?;
                    audit::log(tx, now, Some(person), Action::SignedIn, &id.to_string(), "").await
                })
            })
            .await?;
        Ok(token)
    }

    /// Who holds this token, if its session is alive, or the link of which it is the secret. One
    /// query for each request of somebody with an account.
    pub async fn signed_in(&self, token: &Token) -> Result<Option<Signed>, DbErr> {
        match self.in_session(token).await? {
            None => self.by_link(token).await,
            signed => Ok(signed),
        }
    }

    async fn in_session(&self, token: &Token) -> Result<Option<Signed>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            seen_at: i64,
            phone_id: Option<Uuid>,
            #[sea_orm(nested)]
            person: ActorRow,
        }
        let text = "SELECT s.id, s.seen_at, s.phone_id, p.id AS person_id, p.login, p.name, p.org_id, p.role, \
            p.scope_kind, p.scope_place, p.scope_org \
            FROM session s JOIN person p ON p.id = s.person_id \
            WHERE s.token_sha256 = $1 AND s.ended_at IS NULL AND p.retired_at IS NULL \
            AND s.expires_at > $2 AND s.seen_at > $3";
        let now = self.world.now();
        let values = [token.sha256().into(), now.0.into(), now.plus_ms(-IDLE).0.into()];
        let Some(row) = one::<Row, _>(self.db.read(), text, values).await? else {
            return Ok(None);
        };
        if row.seen_at < now.plus_ms(-SEEN_EVERY).0 && !self.is_read_only() {
            // Only for the list of sessions: no reason to refuse a page, even on a full disk.
            if let Err(error) = self.note_seen(row.id, now).await {
                tracing::warn!(%error, "a session could not be noted as seen");
            }
        }
        Ok(Some(Signed {
            session: row.id,
            phone: row.phone_id.map(DeviceId::new),
            actor: row.person.actor()?,
            login: row.person.login,
            name: row.person.name,
        }))
    }

    /// Whether a session that has begun goes on. Asking does not count as being there.
    pub async fn session_lives(&self, session: Uuid) -> Result<bool, DbErr> {
        let now = self.world.now();
        Query::new("SELECT 1 FROM session s JOIN person p ON p.id = s.person_id WHERE s.id = ")
            .bind(session)
            .push(" AND s.ended_at IS NULL AND p.retired_at IS NULL AND s.expires_at > ")
            .bind(now.0)
            .push(" AND s.seen_at > ")
            .bind(now.plus_ms(-IDLE).0)
            .finds(self.db.read())
            .await
    }

    async fn note_seen(&self, session: Uuid, now: Millis) -> Result<(), DbErr> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let text = "UPDATE session SET seen_at = $2 WHERE id = $1";
                    run(tx, text, [session.into(), now.0.into()]).await?;
                    Ok::<_, DbErr>(())
                })
            })
            .await
    }
}

impl Reader<'_> {
    /// The living sessions of a person: one's own, or anyone's for an administrator.
    pub async fn sessions(&self, person: UserId) -> Result<Vec<SessionEntry>, SessionsError> {
        if person != self.actor.user && !self.actor.role.may(Permission::ManageAccounts) {
            return Err(Denied::NotFound.into());
        }
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            device: String,
            created_at: i64,
            seen_at: i64,
        }
        let text = "SELECT id, device, created_at, seen_at FROM session \
            WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3 \
            ORDER BY seen_at DESC, id";
        let now = self.stock.world.now();
        let values = [person.uuid().into(), now.0.into(), now.plus_ms(-IDLE).0.into()];
        let rows: Vec<Row> = all(self.stock.db.read(), text, values).await?;
        let entry = |row: Row| SessionEntry {
            id: row.id,
            device: row.device,
            created_at: Millis(row.created_at),
            seen_at: Millis(row.seen_at),
        };
        Ok(rows.into_iter().map(entry).collect())
    }
}

/// Why sessions cannot be listed or ended.
#[derive(Debug, thiserror::Error)]
pub enum SessionsError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Writer<'_> {
    /// Ends a session: one's own, or anyone's for an administrator. Ending twice is fine.
    pub async fn end_session(&self, session: Uuid) -> Result<(), SessionsError> {
        let (actor, now) = (self.actor.clone(), self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                let actor = actor.clone();
                Box::pin(async move {
                    #[derive(FromQueryResult)]
                    struct Row {
                        person_id: Uuid,
                    }
                    let text = "SELECT person_id FROM session WHERE id = $1";
                    let owner = one::<Row, _>(tx, text, [session.into()]).await?;
                    let owner = owner.ok_or(Denied::NotFound)?.person_id;
                    if owner != actor.user.uuid() && !actor.role.may(Permission::ManageAccounts) {
                        return Err(Denied::NotFound.into());
                    }
                    let text =
                        "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
                    run(tx, text, [session.into(), now.0.into()]).await?;
                    let subject = session.to_string();
                    let by = Some(actor.user);
                    audit::log(tx, now, by, Action::SessionEnded, &subject, "").await?;
                    Ok::<_, SessionsError>(())
                })
            })
            .await
    }
}

/// Ends all sessions and tokens of a person, in the transaction that changes who they are.
pub(crate) async fn end_all<C: ConnectionTrait>(
    tx: &C,
    person: UserId,
    now: Millis,
) -> Result<(), DbErr> {
    for table in ["session", "api_token"] {
        let text =
            format!("UPDATE {table} SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL");
        run(tx, &text, [person.uuid().into(), now.0.into()]).await?;
    }
    Ok(())
}
