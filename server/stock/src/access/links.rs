//! Links that open the phone's page for one event or one consignment, without an account.
//!
//! A link is an actor like others: of the organisation whose job it is, with a role that says what
//! happened and nothing else, and with a scope of that one thing. Its id stands as the author of what
//! is said by it.

use super::audit::{self, Action};
use super::secret::Token;
use super::sessions::Signed;
use super::{Denied, Reader, Writer, scope};
use crate::Stock;
use crate::db::{all, one, run};
use crate::query::Query;
use domain::ids::{ConsignmentId, EventId, OrgId, UserId};
use domain::role::{Actor, Permission, Role, Scope};
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 60 * 60_000;
/// As long as a browser keeps the secret.
pub const MOST_LINK_DAYS: i64 = 30;
/// "Last used" is only this exact, so that reading does not write.
const USED_EVERY_MS: i64 = 5 * 60_000;

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkJob {
    Event(EventId),
    Consignment(ConsignmentId),
}

/// A link as those see it who may make one; the secret itself is nowhere.
#[derive(Clone, Debug)]
pub struct LinkEntry {
    pub id: Uuid,
    pub made_by: String,
    pub made_at: Millis,
    pub expires_at: Millis,
    pub used_at: Option<Millis>,
    pub ended_at: Option<Millis>,
}

/// Why a link is not made or ended.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("a link lives 1 to {MOST_LINK_DAYS} days")]
    Days,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct LinkRow {
    id: Uuid,
    event_id: Option<Uuid>,
    consignment_id: Option<Uuid>,
    org_id: Uuid,
    used_at: Option<i64>,
}

impl LinkRow {
    fn actor(&self) -> Result<Actor, DbErr> {
        let scope = match (self.event_id, self.consignment_id) {
            (Some(event), None) => Scope::Event(event.into()),
            (None, Some(consignment)) => Scope::Consignment(consignment.into()),
            _ => return Err(DbErr::Custom("a link to nothing".to_owned())),
        };
        let (user, org) = (UserId::new(self.id), OrgId::new(self.org_id));
        Ok(Actor { user, org, role: Role::Link, scope })
    }
}

const LIVES: &str = "ended_at IS NULL AND expires_at > ";

impl Stock {
    /// Who holds the token of a link that has not ended.
    pub(super) async fn by_link(&self, token: &Token) -> Result<Option<Signed>, DbErr> {
        let now = self.world.now();
        let row: Option<LinkRow> = Query::new(
            "SELECT id, event_id, consignment_id, org_id, used_at FROM job_link WHERE token_sha256 = ",
        )
        .bind(token.sha256())
        .push(" AND ")
        .push(LIVES)
        .bind(now.0)
        .one(self.db.read())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let is_old = row.used_at.is_none_or(|used| used < now.0 - USED_EVERY_MS);
        if is_old && !self.is_read_only() {
            // Only for the list of links: no reason to refuse a request, even on a full disk.
            if let Err(error) = self.note_link_used(row.id, now).await {
                tracing::warn!(%error, "a link could not be noted as used");
            }
        }
        let actor = row.actor()?;
        Ok(Some(Signed {
            session: row.id,
            phone: None,
            actor,
            login: String::new(),
            name: String::new(),
        }))
    }

    /// Whether a link can be opened. Asking does not count as using it.
    pub async fn link_lives(&self, token: &Token) -> Result<bool, DbErr> {
        Query::new("SELECT 1 FROM job_link WHERE token_sha256 = ")
            .bind(token.sha256())
            .push(" AND ")
            .push(LIVES)
            .bind(self.world.now().0)
            .finds(self.db.read())
            .await
    }

    async fn note_link_used(&self, link: Uuid, now: Millis) -> Result<(), DbErr> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let text = "UPDATE job_link SET used_at = $2 WHERE id = $1";
                    run(tx, text, [link.into(), now.0.into()]).await?;
                    Ok::<_, DbErr>(())
                })
            })
            .await
    }
}

impl LinkJob {
    const fn column(self) -> &'static str {
        match self {
            Self::Event(_) => "event_id",
            Self::Consignment(_) => "consignment_id",
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::Event(event) => event.uuid(),
            Self::Consignment(consignment) => consignment.uuid(),
        }
    }
}

#[derive(FromQueryResult)]
struct OrgRow {
    org_id: Uuid,
}

impl Reader<'_> {
    /// All links of an event or consignment that the actor sees, the newest first.
    pub async fn links(&self, job: LinkJob) -> Result<Vec<LinkEntry>, LinkError> {
        self.org_of_link(job).await?;
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            made_by: String,
            made_at: i64,
            expires_at: i64,
            used_at: Option<i64>,
            ended_at: Option<i64>,
        }
        let text = format!(
            "SELECT k.id, p.name AS made_by, k.made_at, k.expires_at, k.used_at, k.ended_at
             FROM job_link k JOIN person p ON p.id = k.made_by
             WHERE k.{} = $1 ORDER BY k.id DESC",
            job.column()
        );
        let rows: Vec<Row> = all(self.stock.db.read(), &text, [job.id().into()]).await?;
        let entry = |row: Row| LinkEntry {
            id: row.id,
            made_by: row.made_by,
            made_at: Millis(row.made_at),
            expires_at: Millis(row.expires_at),
            used_at: row.used_at.map(Millis),
            ended_at: row.ended_at.map(Millis),
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// In whose place something is said by a link; refuses what the actor does not see.
    async fn org_of_link(&self, job: LinkJob) -> Result<OrgId, LinkError> {
        self.require_role(Permission::MakeLinks)?;
        let query = match job {
            LinkJob::Event(event) => Query::new("SELECT e.org_id FROM event e WHERE e.id = ")
                .bind(event.uuid())
                .push(" AND ")
                .condition(|next| scope::events(&self.actor, next)),
            LinkJob::Consignment(consignment) => Query::new(
                "SELECT t.org_id FROM consignment c JOIN store t ON t.id = c.to_store_id
                 WHERE c.left_at IS NOT NULL AND c.id = ",
            )
            .bind(consignment.uuid())
            .push(" AND "),
        };
        let query = match job {
            LinkJob::Event(_) => query,
            LinkJob::Consignment(_) => scope::consignments(query, &self.actor, "c"),
        };
        let row: Option<OrgRow> = query.one(self.stock.db.read()).await?;
        Ok(row.ok_or(Denied::NotFound)?.org_id.into())
    }
}

impl Writer<'_> {
    /// Makes a link. The secret is in the answer and never again.
    pub async fn make_link(&self, job: LinkJob, days: i64) -> Result<(Token, Millis), LinkError> {
        let org = self.reader().org_of_link(job).await?;
        if !(1..=MOST_LINK_DAYS).contains(&days) {
            return Err(LinkError::Days);
        }
        let (by, stock) = (self.actor.user, self.stock);
        let token = Token::new(stock.world());
        let (id, now, hash) = (stock.world().new_id(), stock.world().now(), token.sha256());
        let expires_at = now.plus_ms(days * DAY_MS);
        stock
            .db
            .write(move |tx| {
                let hash = hash.clone();
                Box::pin(async move {
                    let text = format!(
                        "INSERT INTO job_link (id, token_sha256, {}, org_id, made_by, made_at,
                            expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        job.column()
                    );
                    let values = [
                        id.into(),
                        hash.into(),
                        job.id().into(),
                        org.uuid().into(),
                        by.uuid().into(),
                        now.0.into(),
                        expires_at.0.into(),
                    ];
                    run(tx, &text, values).await?;
                    let subject = id.to_string();
                    audit::log(tx, now, Some(by), Action::LinkMade, &subject, "").await?;
                    Ok::<_, LinkError>(())
                })
            })
            .await?;
        Ok((token, expires_at))
    }

    /// Ends a link for good; gives what it was for. What was said by it stays.
    pub async fn end_link(&self, link: Uuid) -> Result<LinkJob, LinkError> {
        let (by, now) = (self.actor.user, self.stock.world.now());
        let text =
            "SELECT id, event_id, consignment_id, org_id, used_at FROM job_link WHERE id = $1";
        let row: Option<LinkRow> = one(self.stock.db.read(), text, [link.into()]).await?;
        let job = match row.ok_or(Denied::NotFound)?.actor()?.scope {
            Scope::Event(event) => LinkJob::Event(event),
            Scope::Consignment(consignment) => LinkJob::Consignment(consignment),
            Scope::Everything | Scope::Place(_) | Scope::Org(_) => {
                return Err(Denied::NotFound.into());
            }
        };
        self.reader().org_of_link(job).await?;
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let text =
                        "UPDATE job_link SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
                    run(tx, text, [link.into(), now.0.into()]).await?;
                    let subject = link.to_string();
                    audit::log(tx, now, Some(by), Action::LinkEnded, &subject, "").await?;
                    Ok::<_, LinkError>(())
                })
            })
            .await?;
        Ok(job)
    }
}
