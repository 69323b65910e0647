//! New passwords. One's own is changed with the old one. For a forgotten one an administrator makes a one-time code and reads it out, because there
//! may be no e-mail. Whoever has lost the password types user name, code and a new one.

use super::audit::{self, Action};
use super::doors::{DoorError, Secret, Try, Visitor};
use super::password::{self, WeakPassword};
use super::people::PersonError;
use super::secret::{Token, spoken_code, spoken_sha256};
use super::sessions::{SignInError, end_all};
use super::{Denied, Writer};
use crate::Stock;
use crate::db::{one, run};
use domain::ids::UserId;
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

const LIFETIME_MS: i64 = 60 * 60_000;
/// 50 random bits and this many tries: guessing is hopeless, and from a few addresses nobody uses a
/// code up for somebody else.
const TRIES: i64 = 1_000;

/// Why a password is not reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// No such person, no code, another code, used, expired or tried too often.
    #[error("user name and code do not fit")]
    Wrong,
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Why one's own password is not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Old(#[from] SignInError),
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Writer<'_> {
    /// Makes a code for a person; their former codes stop working.
    pub async fn make_reset_code(&self, person: UserId) -> Result<String, PersonError> {
        self.require(Permission::ManageAccounts)?;
        let (by, world) = (self.actor.user, self.stock.world());
        let code = spoken_code(world);
        let (id, now, hash) = (world.new_id(), world.now(), spoken_sha256(&code));
        self.stock
            .db
            .write(move |tx| {
                let hash = hash.clone();
                Box::pin(async move {
                    let text = "UPDATE reset_code SET used_at = $2 \
                        WHERE person_id = $1 AND used_at IS NULL";
                    run(tx, text, [person.uuid().into(), now.0.into()]).await?;
                    let text = "INSERT INTO reset_code \
                        (id, person_id, code_sha256, made_by, created_at, expires_at) \
                        SELECT $1, id, $3, $4, $5, $6 FROM person \
                        WHERE id = $2 AND retired_at IS NULL";
                    let values = [
                        id.into(),
                        person.uuid().into(),
                        hash.into(),
                        by.uuid().into(),
                        now.0.into(),
                        now.plus_ms(LIFETIME_MS).0.into(),
                    ];
                    if run(tx, text, values).await? == 0 {
                        return Err(Denied::NotFound.into());
                    }
                    let (by, subject) = (Some(by), person.to_string());
                    audit::log(tx, now, by, Action::ResetCodeMade, &subject, "").await?;
                    Ok::<_, PersonError>(())
                })
            })
            .await?;
        Ok(code)
    }
}

impl Stock {
    /// Sets a new password with a code. All sessions and tokens end, and a new session begins.
    pub async fn reset_password(
        &self,
        login: &str,
        code: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Token, ResetError> {
        let login = domain::text::normalise(login);
        password::check(&login, password)?;
        let knocking = Try::new(Secret::ResetCode, &login, visitor.origin);
        self.knock(&knocking).await?;
        let found = self.use_code(login.clone(), spoken_sha256(code)).await?;
        let person = found.ok_or(ResetError::Wrong)?;
        self.set_password(person, password).await?;
        Ok(self.begin_session(person, &login, visitor, Some(&knocking)).await?)
    }

    /// Sets a new password for who knows the old one. A session alone is not enough: the phone may
    /// lie on a table.
    pub async fn change_password(
        &self,
        login: &str,
        old: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Token, ChangeError> {
        let known_as = domain::text::normalise(login);
        password::check(&known_as, password)?;
        // As a log-in, so that guesses are counted.
        let session = self.sign_in(login, old, visitor).await?;
        let signed = self.signed_in(&session).await?.ok_or(SignInError::Wrong)?;
        self.set_password(signed.actor.user, password).await?;
        Ok(self.begin_session(signed.actor.user, &known_as, visitor, None).await?)
    }

    async fn set_password(&self, person: UserId, password: &str) -> Result<(), DbErr> {
        let hash = password::hash(self.world(), password).await?;
        let now = self.world().now();
        self.db
            .write(move |tx| {
                let hash = hash.clone();
                Box::pin(async move {
                    let text = "UPDATE person SET password_hash = $2 WHERE id = $1";
                    run(tx, text, [person.uuid().into(), hash.into()]).await?;
                    end_all(tx, person, now).await?;
                    let (by, subject) = (Some(person), person.to_string());
                    audit::log(tx, now, by, Action::PasswordReset, &subject, "").await?;
                    Ok::<_, DbErr>(())
                })
            })
            .await
    }

    /// Counts the try and, when the code fits, uses it up. A wrong try is written too.
    async fn use_code(&self, login: String, hash: Vec<u8>) -> Result<Option<UserId>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            person_id: Uuid,
            code_sha256: Vec<u8>,
        }
        let now = self.world().now();
        self.db
            .write(move |tx| {
                let (login, hash) = (login.clone(), hash.clone());
                Box::pin(async move {
                    let text = "SELECT r.id, r.person_id, r.code_sha256 FROM reset_code r \
                        JOIN person p ON p.id = r.person_id \
                        WHERE p.login = $1 AND p.retired_at IS NULL AND r.used_at IS NULL \
                        AND r.expires_at > $2 AND r.tries < $3";
                    let values = [login.into(), now.0.into(), TRIES.into()];
                    let Some(row) = one::<Row, _>(tx, text, values).await? else {
                        return Ok(None);
                    };
                    let fits = row.code_sha256 == hash;
                    let used = fits.then_some(now.0);
                    let text =
                        "UPDATE reset_code SET tries = tries + 1, used_at = $2 WHERE id = $1";
                    run(tx, text, [row.id.into(), used.into()]).await?;
                    Ok::<_, DbErr>(fits.then(|| UserId::new(row.person_id)))
                })
            })
            .await
    }
}
