//! How a record gets into the books: once, whole, or not at all.
//!
//! Features call [`Writer::record`] with a body and a work function. Everything happens in one
//! transaction: the repeat of an id is answered with the first result, the record is written, the
//! work reads, decides and posts through its [`RecordTx`], and the outcome is kept for repeats.

mod author;
mod behalf;
mod confirm;
mod conn;
mod queue;
mod read;
mod sent;
mod standing;
mod tx;

pub use author::Author;
pub use confirm::{ConfirmError, Confirmation, Confirmed};
pub(crate) use confirm::{Second, ask_second_person, may_confirm, nobody_waits_for_reversed};
pub use read::{LineEnd, ReadRecordError, RecordDetail, RecordHead, RecordLine, RecordMovement};
pub use sent::{SentFilter, SentRecord};
pub use tx::{Outcome, RecordTx};

use crate::access::{Denied, Writer};
use crate::db::TxFuture;
use crate::figures;
use crate::held;
use conn::RecordConn;
use domain::ids::{DeviceId, StoreId, UserId};
use domain::ledger::{Refusal, Shortage};
use domain::records::{Body, Envelope, Occurred, WrongDay, canonical, check_day};
use domain::time::Millis;
use queue::Wanted;
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;
use serde::de::DeserializeOwned;
use standing::Standing;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

/// Who said the record `r`: a person, or a link with the person who made it. Goes with [`WHO_SAID`].
pub(crate) const BY: &str = "y.name AS by_name,
    CASE WHEN by_link.id IS NULL THEN y.role ELSE 'link' END AS by_role,
    CASE WHEN by_link.id IS NULL THEN r.org_id ELSE y.org_id END AS by_org_id";
pub(crate) const WHO_SAID: &str = "LEFT JOIN job_link by_link ON by_link.id = r.actor_id
    LEFT JOIN person y ON y.id = COALESCE(by_link.made_by, r.actor_id)";

/// A record on its way in: the envelope, and what the person was asked.
#[derive(Clone, Debug)]
pub struct Submission {
    pub envelope: Envelope,
    /// What was seen of the device's clock at sync, to be added to its times.
    pub clock_difference_ms: i64,
    /// Whether the person has seen that the books lack pieces and says that it happened all the
    /// same (rule 6). Phones always say yes: they have no books to ask.
    pub confirmed: bool,
    /// The questions that the person has answered one by one, by their keys.
    pub answered: BTreeSet<String>,
    /// Something else has still to be asked: what the books would ask is found out, and nothing is
    /// posted.
    pub asks_more: bool,
    /// Who sends what its author said on a phone, where that is somebody else.
    pub sent_by: Option<UserId>,
    /// The phone that it came from, as the session or the signature says.
    pub from_phone: Option<DeviceId>,
    /// Who lets it in after it was held (`crate::held`).
    pub let_in: Option<UserId>,
}

impl Submission {
    pub fn new(envelope: Envelope) -> Self {
        Self {
            envelope,
            clock_difference_ms: 0,
            confirmed: false,
            answered: BTreeSet::new(),
            asks_more: false,
            sent_by: None,
            from_phone: None,
            let_in: None,
        }
    }

    pub fn confirmed(envelope: Envelope) -> Self {
        Self { confirmed: true, ..Self::new(envelope) }
    }
}

/// What every record is about, for lists and for scope.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// `run`, `consignment`, `event`, `drop`, `store`, `batch`, …
    pub kind: &'static str,
    pub id: Uuid,
    /// The store that answers for it, where there is one.
    pub store: Option<StoreId>,
}

/// Why a record of any kind is not posted. Features carry it inside their own error.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The same id came before with other content (rule 4).
    #[error("this id was used for something else")]
    Conflict,
    /// Said in the place of an organisation that it is not about, or of the speaker's own.
    #[error("on behalf of an organisation that this is not about")]
    NotOnTheirBehalf,
    /// The day or moment lies in the future.
    #[error("dated in the future")]
    Future,
    /// The day or moment lies before [`Day::FIRST`](domain::time::Day::FIRST).
    #[error("dated before the year 2000")]
    TooEarly,
    /// A fact takes more than the books know of: show it, ask once, send again as confirmed.
    #[error("the books lack pieces")]
    NeedsConfirmation(Vec<Shortage>),
    /// A command that the books cannot carry.
    #[error(transparent)]
    Refused(Refusal),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<Refusal> for RecordError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Future => Self::Future,
            refusal @ (Refusal::Nothing
            | Refusal::WrongAccounts { .. }
            | Refusal::Short(_)
            | Refusal::SettlesTooMuch { .. }
            | Refusal::TooMany) => Self::Refused(refusal),
        }
    }
}

/// Lets [`db::Db::write`] put its own errors into a feature's error.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Failed<E: std::error::Error>(E);

impl<E: From<RecordError> + std::error::Error> From<DbErr> for Failed<E> {
    fn from(error: DbErr) -> Self {
        Self(RecordError::Database(error).into())
    }
}

impl<E: From<RecordError> + std::error::Error> From<RecordError> for Failed<E> {
    fn from(error: RecordError) -> Self {
        Self(error.into())
    }
}

impl Writer<'_> {
    /// Posts one record of kind `B`.
    ///
    /// `work` runs inside the transaction, after the record itself was written; what it returns is
    /// kept and given again to whoever repeats the record.
    pub(crate) async fn record<B, R, E, F>(
        &self,
        submission: Submission,
        subject: Subject,
        body: B,
        work: F,
    ) -> Result<R, E>
    where
        B: Body + Send + Sync + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: From<RecordError> + std::error::Error + Send + 'static,
        F: for<'t> Fn(&'t RecordTx<'t>, &'t B) -> TxFuture<'t, R, E> + Send + Sync + 'static,
    {
        let world = self.stock.world.clone();
        let actor = self.actor.clone();
        let shared = Arc::new((submission, body, work, Wanted::default()));
        let result = self
            .stock
            .db
            .write(move |conn: &DatabaseTransaction| {
                let (world, actor, shared) = (world.clone(), actor.clone(), shared.clone());
                Box::pin(async move {
                    let (submission, body, work, wanted) = shared.as_ref();
                    let json = body_json(body)?;
                    let hash = canonical::content_hash::<B>(&submission.envelope, &json);
                    let id = submission.envelope.id;
                    let turn = wanted.queue(conn, subject).await?;
                    let standing = Standing::of(conn, id).await?;
                    if let Some((first, outcome)) = standing.first_result(&hash, &actor)? {
                        let first = serde_json::from_str(first).map_err(json_error)?;
                        return Ok((first, Answer { outcome, is_repeated: true }));
                    }
                    if let Some(by) = submission.let_in {
                        held::count_in(conn, id, by, world.now()).await?;
                    }
                    behalf::check::<B>(conn, &actor, subject, &submission.envelope).await?;
                    let conn = RecordConn::new(conn);
                    let tx = RecordTx::begin::<B>(
                        &conn,
                        world,
                        actor,
                        (submission, subject),
                        (&json, hash),
                        (standing, turn),
                    )?;
                    let refused = |error| conn.refused().map_or(error, Failed::from);
                    let result = work(&tx, body).await.map_err(|error| refused(Failed(error)))?;
                    if submission.asks_more {
                        return Err(RecordError::NeedsConfirmation(Vec::new()).into());
                    }
                    let kept = serde_json::to_string(&result).map_err(json_error)?;
                    let outcome = tx.finish(&kept).await.map_err(|error| refused(error.into()))?;
                    Ok((result, Answer { outcome, is_repeated: false }))
                })
            })
            .await;
        let result = result.map_err(|Failed(error): Failed<E>| error);
        let answer = result.as_ref().ok().map(|(_, answer)| *answer);
        figures::answered(B::KIND, answer.map_or("refused", Answer::word));
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        result.map(|(result, _)| result)
    }

    /// What became of the record that was posted last; `None` when it was refused.
    pub fn answer(&self) -> Option<Answer> {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What whoever posted a record is told of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    pub outcome: Outcome,
    /// It came before, and this is what became of it then.
    pub is_repeated: bool,
}

impl Answer {
    const fn word(self) -> &'static str {
        if self.is_repeated { "repeated" } else { self.outcome.as_str() }
    }
}

fn body_json<B: Body>(body: &B) -> Result<String, RecordError> {
    serde_json::to_string(body).map_err(json_error)
}

/// Bodies and results are plain structs of ours: that one cannot be written is our mistake.
fn json_error(error: serde_json::Error) -> RecordError {
    RecordError::Database(DbErr::Custom(format!("a record could not be read or written: {error}")))
}

/// Whether a record may carry this date at all: never a future one, nor one from before there were
/// books.
pub(crate) fn check_date(
    envelope: &Envelope,
    occurred_at: Millis,
    recorded_at: Millis,
) -> Result<(), RecordError> {
    let day = match envelope.occurred {
        Occurred::On(day) => day,
        Occurred::AtDeviceTime => occurred_at.day(),
    };
    check_day(day, recorded_at.day()).map_err(|wrong| match wrong {
        WrongDay::Future => RecordError::Future,
        WrongDay::TooEarly => RecordError::TooEarly,
    })
}
