//! Personal tokens for scripts and other systems: named, expiring, shown once.

use super::audit::{self, Action};
use super::row::ActorRow;
use super::secret::Token;
use super::{Denied, Reader, Writer};
use crate::Stock;
use crate::db::{all, one, run};
use domain::ids::{DeviceId, UserId};
use domain::role::Actor;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 60 * 60_000;
pub const MAX_DAYS: i64 = 366;
/// "Last used" is only this exact, so that reading does not write.
const USED_EVERY_MS: i64 = 5 * 60_000;

/// A token that somebody wants for themselves.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in its owner's words.
    pub name: String,
    pub may_write: bool,
    pub days: i64,
}

/// A living token as its owner sees it; the secret itself is nowhere.
#[derive(Clone, Debug)]
pub struct TokenEntry {
    pub id: Uuid,
    pub name: String,
    pub may_write: bool,
    pub created_at: Millis,
    pub expires_at: Millis,
    pub used_at: Option<Millis>,
}

/// Why a token cannot be made or ended.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("a token needs a name")]
    NameMissing,
    #[error("a token lives 1 to {MAX_DAYS} days")]
    Days,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Who is behind a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenHolder {
    pub token: Uuid,
    pub actor: Actor,
    /// Whether it lets them write.
    pub may_write: bool,
    /// The phone that uses it, once that has said so.
    pub phone: Option<DeviceId>,
}

impl Stock {
    /// Who holds the token.
    pub async fn token_holder(&self, token: &Token) -> Result<Option<TokenHolder>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            may_write: i64,
            used_at: Option<i64>,
            phone_id: Option<Uuid>,
            #[sea_orm(nested)]
            person: ActorRow,
        }
        let text = "SELECT t.id, t.may_write, t.used_at, t.phone_id, p.id AS person_id, p.login, p.name, \
            p.org_id, p.role, p.scope_kind, p.scope_place, p.scope_org \
            FROM api_token t JOIN person p ON p.id = t.person_id \
            WHERE t.token_sha256 = $1 AND t.ended_at IS NULL AND p.retired_at IS NULL \
            AND t.expires_at > $2";
        let now = self.world.now();
        let values = [token.sha256().into(), now.0.into()];
        let Some(row) = one::<Row, _>(self.db.read(), text, values).await? else {
            return Ok(None);
        };
        if row.used_at.is_none_or(|used| used < now.0 - USED_EVERY_MS) {
            // Only for the list of tokens: no reason to refuse a request, even on a full disk.
            if let Err(error) = self.note_used(row.id, now).await {
                tracing::warn!(%error, "a token could not be noted as used");
            }
        }
        Ok(Some(TokenHolder {
            token: row.id,
            actor: row.person.actor()?,
            may_write: row.may_write == 1,
            phone: row.phone_id.map(DeviceId::new),
        }))
    }
}

impl Stock {
    async fn note_used(&self, token: Uuid, now: Millis) -> Result<(), DbErr> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let text = "UPDATE api_token SET used_at = $2 WHERE id = $1";
                    run(tx, text, [token.into(), now.0.into()]).await?;
                    Ok::<_, DbErr>(())
                })
            })
            .await
    }
}

impl Reader<'_> {
    /// One's own living tokens, the newest first.
    pub async fn tokens(&self) -> Result<Vec<TokenEntry>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            name: String,
            may_write: i64,
            created_at: i64,
            expires_at: i64,
            used_at: Option<i64>,
        }
        let text = "SELECT id, name, may_write, created_at, expires_at, used_at FROM api_token \
            WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY id DESC";
        let now = self.stock.world.now();
        let values = [self.actor.user.uuid().into(), now.0.into()];
        let rows: Vec<Row> = all(self.stock.db.read(), text, values).await?;
        let entry = |row: Row| TokenEntry {
            id: row.id,
            name: row.name,
            may_write: row.may_write == 1,
            created_at: Millis(row.created_at),
            expires_at: Millis(row.expires_at),
            used_at: row.used_at.map(Millis),
        };
        Ok(rows.into_iter().map(entry).collect())
    }
}

impl Writer<'_> {
    /// Makes a token for oneself. The secret is in the answer and never again.
    pub async fn make_token(&self, wanted: NewToken) -> Result<Token, TokenError> {
        if wanted.name.trim().is_empty() {
            return Err(TokenError::NameMissing);
        }
        if !(1..=MAX_DAYS).contains(&wanted.days) {
            return Err(TokenError::Days);
        }
        let (user, stock) = (self.actor.user, self.stock);
        let token = Token::new(stock.world());
        let (id, now, hash) = (stock.world().new_id(), stock.world().now(), token.sha256());
        stock
            .db
            .write(move |tx| {
                let (wanted, hash) = (wanted.clone(), hash.clone());
                Box::pin(async move {
                    let text = "INSERT INTO api_token (id, person_id, name, token_sha256, \
                        may_write, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
                    let values = [
                        id.into(),
                        user.uuid().into(),
                        wanted.name.trim().to_owned().into(),
                        hash.into(),
                        i64::from(wanted.may_write).into(),
                        now.0.into(),
                        now.plus_ms(wanted.days * DAY_MS).0.into(),
                    ];
                    run(tx, text, values).await?;
                    let subject = id.to_string();
                    audit::log(tx, now, Some(user), Action::TokenMade, &subject, "").await?;
                    Ok::<_, TokenError>(())
                })
            })
            .await?;
        Ok(token)
    }

    /// Ends one of one's own tokens.
    pub async fn end_token(&self, token: Uuid) -> Result<(), TokenError> {
        let (user, now): (UserId, _) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let text = "UPDATE api_token SET ended_at = $3 \
                        WHERE id = $1 AND person_id = $2 AND ended_at IS NULL";
                    let values = [token.into(), user.uuid().into(), now.0.into()];
                    if run(tx, text, values).await? == 0 {
                        return Err(Denied::NotFound.into());
                    }
                    let subject = token.to_string();
                    audit::log(tx, now, Some(user), Action::TokenEnded, &subject, "").await?;
                    Ok::<_, TokenError>(())
                })
            })
            .await
    }
}
