//! Letters (`domain::field::letter`): what people said on phones, sent by whoever came to a network.
//!
//! The signature of a key that the server knows for an account stands in the place of that account's
//! session: what is in a letter is posted in its author's name and with its author's rights, and who
//! sent it is kept beside it.

mod seal;

use crate::access::audit::{self, Action};
use crate::access::{ActorRow, Reader, Writer, phones};
use crate::db::{one, run};
use crate::{DbErr, Stock};
use base64ct::{Base64, Encoding};
use domain::field::letter::{Closed, Letter, POINT, Part, Said, signed};
use domain::hex::from_hex;
use domain::ids::DeviceId;
use domain::role::Actor;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};
use seal::Secret;
use serde_json::Value;
use uuid::Uuid;

/// A century: no clock is further from the server's.
const MOST_DIFFERENCE_MS: i64 = 100 * 365 * 86_400_000;

/// What one author said on one phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenedPart {
    /// In whose name it is posted, once that is proved; what somebody said whose account is closed
    /// by now is held (`crate::held`).
    pub author: Result<Actor, PartProblem>,
    pub phone: DeviceId,
    /// What has to be added to the phone's times.
    pub clock_difference_ms: i64,
    /// As the API takes them.
    pub records: Vec<Value>,
}

/// Why a file is not read at all.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error("not a letter, or cut off")]
    NotALetter,
    #[error("written to another server")]
    OtherServer,
    #[error("some bytes are not what they were")]
    Damaged,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Why what an author said is not posted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartProblem {
    /// Nobody has told the server of this phone's key.
    UnknownPhone,
    /// It was signed by somebody else than it says, or changed since.
    WrongSignature,
}

/// Why the key of a phone is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PhoneKeyError {
    #[error("not a public key")]
    NotAKey,
    #[error("the key of another account")]
    OfAnother,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct SecretRow {
    secret: Vec<u8>,
}

#[derive(FromQueryResult)]
struct KeyRow {
    device_id: Uuid,
    #[sea_orm(nested)]
    person: ActorRow,
}

const SECRET: &str = "SELECT secret FROM letter_secret WHERE id = 1";

impl Stock {
    /// The key to which phones encrypt letters; made when it is first asked for.
    async fn letter_secret(&self) -> Result<Secret, DbErr> {
        if let Some(row) = one::<SecretRow, _>(self.db.read(), SECRET, []).await? {
            return read(&row);
        }
        let (now, new) = (self.world.now(), Secret::new(self.world()).bytes());
        self.db
            .write(move |tx| {
                let new = new.clone();
                Box::pin(async move {
                    // Another node may be first.
                    let text = "INSERT INTO letter_secret (id, secret, made_at) \
                        VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";
                    run(tx, text, [new.into(), now.0.into()]).await?;
                    let row: Option<SecretRow> = one(tx, SECRET, []).await?;
                    read(&row.ok_or_else(|| DbErr::Custom("no key for letters".to_owned()))?)
                })
            })
            .await
    }
}

fn read(row: &SecretRow) -> Result<Secret, DbErr> {
    Secret::read(&row.secret).ok_or_else(|| DbErr::Custom("the key for letters is none".to_owned()))
}

impl Writer<'_> {
    /// Takes down the key with which the actor signs on a phone. Gives the key to which the phone
    /// encrypts.
    pub async fn introduce_phone(
        &self,
        phone: DeviceId,
        key: &[u8],
    ) -> Result<Vec<u8>, PhoneKeyError> {
        if key.len() != POINT || !seal::is_key(key) {
            return Err(PhoneKeyError::NotAKey);
        }
        let (person, now, key) = (self.actor.user, self.stock.world.now(), key.to_vec());
        self.stock
            .db
            .write(move |tx| {
                let key = key.clone();
                Box::pin(async move { note_key(tx, person.uuid(), phone, key, now).await })
            })
            .await?;
        Ok(self.stock.letter_secret().await?.public())
    }
}

async fn note_key(
    tx: &DatabaseTransaction,
    person: Uuid,
    phone: DeviceId,
    key: Vec<u8>,
    now: Millis,
) -> Result<(), PhoneKeyError> {
    if let Some(known) = who_signs(tx, &key).await? {
        let same = known.person.person_id == person && known.device_id == phone.uuid();
        return if same { Ok(()) } else { Err(PhoneKeyError::OfAnother) };
    }
    let text = "INSERT INTO phone_key (key, person_id, device_id, made_at) VALUES ($1, $2, $3, $4)";
    let values = [key.into(), person.into(), phone.uuid().into(), now.0.into()];
    run(tx, text, values).await?;
    phones::meet(tx, person.into(), phone, now).await?;
    let (subject, by) = (phone.to_string(), Some(person.into()));
    Ok(audit::log(tx, now, by, Action::PhoneIntroduced, &subject, "").await?)
}

async fn who_signs<C: ConnectionTrait>(db: &C, key: &[u8]) -> Result<Option<KeyRow>, DbErr> {
    let text = "SELECT k.device_id, p.id AS person_id, p.login, p.name, p.org_id, \
        p.role, p.scope_kind, p.scope_place, p.scope_org \
        FROM phone_key k JOIN person p ON p.id = k.person_id WHERE k.key = $1";
    one(db, text, [key.to_vec().into()]).await
}

impl Reader<'_> {
    /// Opens a letter, whoever the actor is: what is in it is not shown but posted, each part in the
    /// name of its author.
    pub async fn open_letter(&self, text: &str) -> Result<Vec<OpenedPart>, LetterError> {
        let base64: String = text.split_whitespace().collect();
        let bytes = Base64::decode_vec(&base64).map_err(|_| LetterError::NotALetter)?;
        let letter = Closed::parse(&bytes).ok_or(LetterError::NotALetter)?;
        let secret = self.stock.letter_secret().await?;
        let server = secret.public();
        if !letter.is_for(&server) {
            return Err(LetterError::OtherServer);
        }
        let inside = secret.open(letter).ok_or(LetterError::Damaged)?;
        // Only a phone's page writes letters: what it seals is well formed.
        let letter: Letter = serde_json::from_slice(&inside).map_err(|_| LetterError::Damaged)?;
        let mut parts = Vec::with_capacity(letter.parts.len());
        for part in &letter.parts {
            let said: Said = serde_json::from_str(&part.said).map_err(|_| LetterError::Damaged)?;
            parts.push(OpenedPart {
                author: self.signer(&server, part, &said).await?,
                phone: said.phone,
                clock_difference_ms: said
                    .clock_difference_ms
                    .clamp(-MOST_DIFFERENCE_MS, MOST_DIFFERENCE_MS),
                records: said.records,
            });
        }
        Ok(parts)
    }

    async fn signer(
        &self,
        server: &[u8],
        part: &Part,
        said: &Said,
    ) -> Result<Result<Actor, PartProblem>, DbErr> {
        let key = from_hex(&part.key).unwrap_or_default();
        let Some(known) = who_signs(self.stock.db.read(), &key).await? else {
            return Ok(Err(PartProblem::UnknownPhone));
        };
        let is_theirs =
            known.person.person_id == said.account.uuid() && known.device_id == said.phone.uuid();
        let signature = from_hex(&part.signature).unwrap_or_default();
        if !is_theirs || !seal::is_signed(&key, &signed(server, &part.said), &signature) {
            return Ok(Err(PartProblem::WrongSignature));
        }
        known.person.actor().map(Ok)
    }
}
