//! Whether a record that waits counts. Either answer is final.

use super::read::{Held, one_held};
use crate::access::audit::{self, Action};
use crate::access::rights::rights_at;
use crate::access::{Denied, Reader, Writer};
use crate::db::run;
use crate::query::Query;
use crate::records::{RecordError, Submission};
use domain::held::Dropped;
use domain::ids::{RecordId, UserId};
use domain::role::Actor;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::Value;
use uuid::Uuid;

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideHeldError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The author himself, or somebody who decides nothing of this organisation.
    #[error("others decide")]
    Others,
    #[error("somebody has decided")]
    Decided,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// A record that waits, as it is posted: in its author's name and with his rights of its moment.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub author: Actor,
    pub submission: Submission,
    pub kind: String,
    pub schema: Option<u32>,
    pub body: Value,
}

impl Reader<'_> {
    /// A record that the actor may let in, ready to be posted.
    pub async fn waiting(&self, id: RecordId) -> Result<Waiting, DecideHeldError> {
        let held = self.to_decide(id).await?;
        let db = self.stock.db.read();
        let moment = Millis(held.occurred_at);
        let author = rights_at(db, held.person_id.into(), moment).await?.ok_or(Denied::NotFound)?;
        let (envelope, body) = held.said()?;
        let submission = Submission {
            clock_difference_ms: held.clock_difference_ms,
            sent_by: held.sender_id.map(UserId::new),
            let_in: Some(self.actor.user),
            // Whoever lets it in says that it happened all the same.
            ..Submission::confirmed(envelope)
        };
        let schema = held.version.and_then(|version| u32::try_from(version).ok());
        Ok(Waiting { author, submission, kind: held.kind, schema, body })
    }

    async fn to_decide(&self, id: RecordId) -> Result<Held, DecideHeldError> {
        let held = one_held(self, id).await?.ok_or(Denied::NotFound)?;
        if !held.may_decide(&self.actor) {
            return Err(DecideHeldError::Others);
        }
        if held.decision.is_some() {
            return Err(DecideHeldError::Decided);
        }
        Ok(held)
    }
}

impl Writer<'_> {
    /// Says that a record that waits does not count.
    pub async fn drop_held(&self, id: RecordId, why: Dropped) -> Result<(), DecideHeldError> {
        self.reader().to_decide(id).await?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    if is_decided(tx, id).await? {
                        return Err(DecideHeldError::Decided);
                    }
                    decide(tx, id, ("dropped", Some(why)), by, now).await?;
                    let (subject, detail) = (id.to_string(), why.word());
                    audit::log(tx, now, Some(by), Action::HeldDropped, &subject, detail).await?;
                    Ok(())
                })
            })
            .await
    }
}

pub(crate) async fn is_decided(db: &impl ConnectionTrait, id: RecordId) -> Result<bool, DbErr> {
    Query::new("SELECT 1 AS one FROM held_decision WHERE held_id = ")
        .bind(id.uuid())
        .finds(db)
        .await
}

/// Lets a record in, before it is written.
pub(crate) async fn count_in(
    tx: &DatabaseTransaction,
    id: RecordId,
    by: UserId,
    now: Millis,
) -> Result<(), RecordError> {
    if is_decided(tx, id).await? {
        return Err(RecordError::Conflict);
    }
    decide(tx, id, ("posted", None), by, now).await?;
    let subject = id.to_string();
    Ok(audit::log(tx, now, Some(by), Action::HeldPosted, &subject, "").await?)
}

async fn decide(
    tx: &DatabaseTransaction,
    id: RecordId,
    (decision, why): (&str, Option<Dropped>),
    by: UserId,
    now: Millis,
) -> Result<(), DbErr> {
    let text = "INSERT INTO held_decision (held_id, decision, reason, decided_by, decided_at) \
        VALUES ($1, $2, $3, $4, $5)";
    let values = [
        id.uuid().into(),
        decision.into(),
        why.map(Dropped::word).into(),
        by.uuid().into(),
        now.0.into(),
    ];
    run(tx, text, values).await?;
    // Where it counts, its note is where those of all records are.
    let id: Uuid = id.uuid();
    run(tx, "DELETE FROM held_note WHERE held_id = $1", [id.into()]).await.map(drop)
}
