//! Records that are kept whole and are in no book (`domain::held`): of a phone that was reported
//! lost, and of people whose account or rights had ended when they came.
//!
//! They wait outside the ledger, so that nothing rests on them, until somebody lets them in: then
//! they are posted like every other record, in their author's name and with his rights of when it
//! happened. A record is either here and waits, or in the books: the database sees to it.

mod decide;
mod names;
mod read;

pub(crate) use decide::count_in;
pub use decide::{DecideHeldError, Waiting};
pub use read::{Decided, HeldEntry, HeldGoods};

use crate::access::rights::rights_at;
use crate::access::{Writer, scope};
use crate::db::run;
use crate::query::Query;
use crate::records::{Outcome, Submission, check_date};
use domain::code::CodeKind;
use domain::held::{Dropped, Gist, Named, Why};
use domain::ids::{ConsignmentId, EventId, StoreId, UserId};
use domain::records::canonical::content_bytes;
use domain::records::{DeviceStamp, Envelope};
use domain::role::Actor;
use domain::time::Millis;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

/// A record as it came, before anybody has looked what it says.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'r> {
    pub submission: &'r Submission,
    pub kind: &'r str,
    pub schema: Option<u32>,
    pub body: &'r Value,
}

/// What became of a record that was held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    Waits(Why),
    /// It was let in: what it did.
    Posted(Outcome, Value),
    Dropped(Dropped),
}

/// Why nobody can say whether a record is held.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    #[error("this id was used for something else")]
    Conflict,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Door {
    has_left: bool,
    phone_is_lost: bool,
    is_recorded: bool,
    held_by: Option<Uuid>,
    held_hash: Option<Vec<u8>>,
    why: Option<String>,
    decision: Option<String>,
    dropped: Option<String>,
    outcome: Option<String>,
    result: Option<String>,
}

impl Arrived<'_> {
    /// What it says, whoever carries it (rule 4).
    fn hash(&self) -> Vec<u8> {
        let version = self.schema.unwrap_or_default();
        let body = self.body.to_string();
        content_bytes(&self.submission.envelope, self.kind, version, &body).hash().to_vec()
    }

    fn device(&self) -> Option<Uuid> {
        self.submission.envelope.device.map(|DeviceStamp { device, .. }| device.uuid())
    }

    /// The phones that it may have come from: the one of its sender, and the one that it names.
    fn phones(&self) -> impl Iterator<Item = Uuid> {
        self.submission.from_phone.map(|phone| phone.uuid()).into_iter().chain(self.device())
    }
}

impl Writer<'_> {
    /// What becomes of a record that does not go straight to the books: it came before and was held,
    /// or has to be held now.
    pub async fn held_back(&self, arrived: &Arrived<'_>) -> Result<Option<Fate>, HeldError> {
        let Some(door) = self.door(arrived).await? else { return Ok(None) };
        if let Some(fate) = self.came_before(arrived, &door)? {
            return Ok(Some(fate));
        }
        match Why::at_the_door(door.has_left, door.phone_is_lost) {
            // The first result is known.
            _ if door.is_recorded => Ok(None),
            None => Ok(None),
            Some(why) => self.hold(arrived, why).await,
        }
    }

    /// The same for a record that its author may not post any more: it is held if he might when it
    /// happened.
    pub async fn held_for_its_time(
        &self,
        arrived: &Arrived<'_>,
    ) -> Result<Option<Fate>, HeldError> {
        let now = self.stock.world.now();
        let Submission { envelope, clock_difference_ms, .. } = arrived.submission;
        let moment = envelope.occurred_at(*clock_difference_ms, now);
        let then = rights_at(self.stock.db.read(), self.actor.user, moment).await?;
        if then.is_none_or(|then| then == self.actor) {
            return Ok(None);
        }
        self.hold(arrived, Why::RightsEnded).await
    }

    /// What is known of the author, his phone and this record; `None` of a link.
    async fn door(&self, arrived: &Arrived<'_>) -> Result<Option<Door>, DbErr> {
        let id = arrived.submission.envelope.id.uuid();
        Query::new(
            "SELECT p.retired_at IS NOT NULL AS has_left,
                EXISTS (SELECT 1 FROM phone f WHERE f.person_id = p.id AND f.lost_at IS NOT NULL
                    AND f.device_id IN ",
        )
        .list(arrived.phones())
        .push(") AS phone_is_lost, o.record_id IS NOT NULL AS is_recorded,
                h.person_id AS held_by, h.content_hash AS held_hash, h.reason AS why,
                d.decision, d.reason AS dropped, o.outcome, o.result
             FROM person p LEFT JOIN held_record h ON h.id = ")
        .bind(id)
        .push(" LEFT JOIN held_decision d ON d.held_id = h.id LEFT JOIN record_outcome o ON o.record_id = ")
        .bind(id)
        .push(" WHERE p.id = ")
        .bind(self.actor.user.uuid())
        .one(self.stock.db.read())
        .await
    }

    fn came_before(&self, arrived: &Arrived<'_>, door: &Door) -> Result<Option<Fate>, HeldError> {
        let Some(hash) = &door.held_hash else { return Ok(None) };
        if door.held_by != Some(self.actor.user.uuid()) || *hash != arrived.hash() {
            return Err(HeldError::Conflict);
        }
        let unknown = |word: &Option<String>| DbErr::Type(format!("unknown word {word:?}"));
        let (dropped, why) = (door.dropped.as_deref(), door.why.as_deref());
        Ok(Some(match (&door.outcome, &door.result, dropped) {
            (Some(outcome), Some(result), _) => {
                let outcome = Outcome::parse(outcome).ok_or_else(|| unknown(&door.outcome))?;
                let result = serde_json::from_str(result)
                    .map_err(|error| DbErr::Type(format!("a result cannot be read: {error}")))?;
                Fate::Posted(outcome, result)
            }
            (_, _, Some(reason)) => {
                Fate::Dropped(Dropped::parse(reason).ok_or_else(|| unknown(&door.dropped))?)
            }
            (_, _, None) => {
                Fate::Waits(why.and_then(Why::parse).ok_or_else(|| unknown(&door.decision))?)
            }
        }))
    }

    async fn hold(&self, arrived: &Arrived<'_>, why: Why) -> Result<Option<Fate>, HeldError> {
        let now = self.stock.world.now();
        let Submission { envelope, clock_difference_ms, .. } = arrived.submission;
        let moment = envelope.occurred_at(*clock_difference_ms, now);
        if check_date(envelope, moment, now).is_err() {
            // It is refused for its date.
            return Ok(None);
        }
        let db = self.stock.db.read();
        let then = rights_at(db, self.actor.user, moment).await?;
        let author = then.unwrap_or_else(|| self.actor.clone());
        let store = self.store_of(&author, &Gist::of(arrived.body)).await?;
        let submission = arrived.submission;
        let row = Row {
            id: envelope.id.uuid(),
            author,
            on_behalf: envelope.on_behalf.map(|org| org.uuid()),
            phone: submission.from_phone.map(|phone| phone.uuid()).or(arrived.device()),
            sender: submission.sent_by.filter(|sender| *sender != self.actor.user),
            why,
            kind: arrived.kind.to_owned(),
            version: arrived.schema.map(i64::from),
            envelope: Envelope { note: None, ..envelope.clone() },
            body: arrived.body.to_string(),
            hash: arrived.hash(),
            clock_difference_ms: *clock_difference_ms,
            occurred_at: moment,
            store,
            arrived_at: now,
            note: envelope.note.clone().filter(|note| !note.trim().is_empty()),
        };
        let kept = self
            .stock
            .db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { row.insert(tx).await })
            })
            .await;
        if let Err(error) = kept {
            // It may have come twice at once.
            let door = self.door(arrived).await?.ok_or(error)?;
            return match self.came_before(arrived, &door)? {
                None if door.is_recorded => Ok(None),
                None => Err(HeldError::Conflict),
                fate => Ok(fate),
            };
        }
        Ok(Some(Fate::Waits(why)))
    }

    /// The store that a record is about, as far as its author saw it.
    async fn store_of(&self, author: &Actor, gist: &Gist) -> Result<Option<StoreId>, DbErr> {
        let db = self.stock.db.read();
        let store = match (gist.store, gist.event, gist.consignment) {
            (Some(store), _, _) => Some(store),
            (None, Some(event), _) => match self.id(event, CodeKind::Event, EventId::uuid).await? {
                None => None,
                Some(event) => {
                    let query = Query::new("SELECT store_id FROM event WHERE id = ").bind(event);
                    query.one::<StoreRow>(db).await?.map(|row| row.store_id.into())
                }
            },
            (None, None, Some(named)) => {
                match self.id(named, CodeKind::Consignment, ConsignmentId::uuid).await? {
                    None => None,
                    Some(id) => {
                        let text = "SELECT to_store_id AS store_id FROM consignment WHERE id = ";
                        let row = Query::new(text).bind(id).one::<StoreRow>(db).await?;
                        row.map(|row| row.store_id.into())
                    }
                }
            }
            (None, None, None) => None,
        };
        let Some(store) = store else { return Ok(None) };
        let sees = scope::can_see_store(db, author, store).await?;
        Ok(Some(store).filter(|_| sees))
    }

    async fn id<T>(
        &self,
        named: Named<T>,
        kind: CodeKind,
        uuid: fn(T) -> Uuid,
    ) -> Result<Option<Uuid>, DbErr> {
        match named {
            Named::Id(id) => Ok(Some(uuid(id))),
            Named::Code(code) => self.reader().named_by(code, kind).await,
        }
    }
}

#[derive(FromQueryResult)]
struct StoreRow {
    store_id: Uuid,
}

#[derive(Clone)]
struct Row {
    id: Uuid,
    author: Actor,
    on_behalf: Option<Uuid>,
    phone: Option<Uuid>,
    sender: Option<UserId>,
    why: Why,
    kind: String,
    version: Option<i64>,
    envelope: Envelope,
    body: String,
    hash: Vec<u8>,
    clock_difference_ms: i64,
    occurred_at: Millis,
    store: Option<StoreId>,
    arrived_at: Millis,
    note: Option<String>,
}

impl Row {
    async fn insert(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let envelope = serde_json::to_string(&self.envelope)
            .map_err(|error| DbErr::Custom(format!("an envelope cannot be written: {error}")))?;
        let text = "INSERT INTO held_record (id, person_id, org_id, on_behalf_org_id, phone_id, \
            sender_id, reason, kind, version, envelope, body, content_hash, clock_difference_ms, \
            occurred_at, store_id, arrived_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let values = [
            self.id.into(),
            self.author.user.uuid().into(),
            self.author.org.uuid().into(),
            self.on_behalf.into(),
            self.phone.into(),
            self.sender.map(|sender| sender.uuid()).into(),
            self.why.word().into(),
            self.kind.into(),
            self.version.into(),
            envelope.into(),
            self.body.into(),
            self.hash.into(),
            self.clock_difference_ms.into(),
            self.occurred_at.0.into(),
            self.store.map(|store| store.uuid()).into(),
            self.arrived_at.0.into(),
        ];
        run(tx, text, values).await?;
        if let Some(note) = self.note {
            let text = "INSERT INTO held_note (held_id, text) VALUES ($1, $2)";
            run(tx, text, [self.id.into(), note.into()]).await?;
        }
        Ok(())
    }
}
