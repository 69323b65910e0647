//! Letters: what others said on their phones, sent by whoever has a network.

use super::extract::{Asker, Id, Sent};
use super::problem::{Code, Problem, ProblemBody};
use super::records;
use super::responses::Refusals;
use app::state::{Fate, LetterFates};
use axum::Json;
use domain::hex::{from_hex, hex};
use domain::ids::UserId;
use domain::role::Actor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stock::Stock;
use stock::letters::{LetterError, OpenedPart, PartProblem, PhoneKeyError};
use utoipa::ToSchema;
use uuid::Uuid;

/// The key with which you sign on a phone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key":
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
     4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"}))]
pub struct PutPhone {
    /// A public key on P-256 as SEC 1 writes it, uncompressed, in hexadecimal digits.
    pub key: String,
}

/// What the phone needs to write letters.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"server_key":
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
     4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"}))]
pub struct IntroducedPhone {
    /// The public key to which letters are encrypted, in the same form.
    pub server_key: String,
}

/// Introduce a phone
///
/// Tells the server with which key you sign on this phone, so that others may send for you what you
/// said on it. The private key never leaves the phone.
#[utoipa::path(
    put, path = "/phones/{id}", tag = "records", operation_id = "put_phone",
    params(("id" = Uuid, Path, description = "The phone's id, as its records name it")),
    request_body = PutPhone,
    responses((status = 200, description = "The key is known", body = IntroducedPhone), Refusals)
)]
pub async fn introduce(
    asker: Asker,
    Id(phone): Id,
    Sent(sent): Sent<PutPhone>,
) -> Result<Json<IntroducedPhone>, Problem> {
    let key = from_hex(&sent.key).unwrap_or_default();
    let server = asker.writer()?.introduce_phone(phone.into(), &key).await?;
    asker.on_phone(phone.into()).await;
    Ok(Json(IntroducedPhone { server_key: hex(&server) }))
}

/// A file that a phone made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"file": "AWzdv7tjCHlJ …"}))]
pub struct PostLetter {
    /// The text of the file.
    pub file: String,
}

/// What became of one record of a letter.
#[derive(Serialize, ToSchema, Debug)]
#[schema(example = json!({
    "id": "019a0d6e-5b7c-7c3a-9d57-3f1f0a6f0001", "kind": "event_sheet", "status": "accepted"
}))]
pub struct LetterResult {
    /// The record's own id; `null` when it could not be read.
    pub id: Option<Uuid>,
    pub kind: Option<String>,
    /// As for records that are posted; what the record did is its author's business.
    pub status: &'static str,
    /// Why it waits, as for records that are posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<&'static str>,
    /// Why it did nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// The results of a letter, in the order in which things were said.
#[derive(Serialize, ToSchema, Debug)]
pub struct LetterResults {
    pub results: Vec<LetterResult>,
}

/// Send a letter
///
/// Posts what others said on their phones, in their names and with their rights; that you sent it is
/// kept. Each record counts once, whoever sends it and however often.
#[utoipa::path(
    post, path = "/letters", tag = "records", operation_id = "post_letter",
    request_body = PostLetter,
    responses((status = 200, description = "What became of each record", body = LetterResults),
        Refusals)
)]
pub async fn post(
    asker: Asker,
    Sent(sent): Sent<PostLetter>,
) -> Result<Json<LetterResults>, Problem> {
    // A token that only reads sends nothing.
    asker.writer()?;
    let results = send(asker.stock(), asker.actor(), &sent.file).await?;
    Ok(Json(LetterResults { results }))
}

async fn send(stock: &Stock, sender: &Actor, file: &str) -> Result<Vec<LetterResult>, LetterError> {
    let parts = stock.reader(sender).open_letter(file).await?;
    let mut results = Vec::new();
    for part in &parts {
        for record in &part.records {
            results.push(one(stock, sender.user, part, record).await);
        }
    }
    Ok(results)
}

async fn one(stock: &Stock, sender: UserId, part: &OpenedPart, record: &Value) -> LetterResult {
    let text = |name| record.get(name).and_then(Value::as_str);
    let kind = text("kind").map(str::to_owned);
    let (id, (status, held), problem) = match &part.author {
        Ok(author) => {
            let difference_ms = part.clock_difference_ms;
            let carried = records::Carried { sender, difference_ms, phone: part.phone };
            let result = records::carried(&stock.writer(author), record, carried).await;
            (result.id, (result.status, result.held), result.problem)
        }
        Err(problem) => {
            let id = text("id").and_then(|id| id.parse().ok());
            (id, ("refused", None), Some(Problem::from(*problem).body()))
        }
    };
    // What stands in a problem is the author's business.
    let problem =
        problem.map(|problem| ProblemBody { params: Value::Object(<_>::default()), ..problem });
    LetterResult { id, kind, status, held, problem }
}

/// The same for the page at the desk.
pub fn for_the_desk(stock: Stock, sender: Actor, file: String) -> LetterFates {
    let fate = |result: LetterResult| Fate {
        kind: result.kind,
        status: result.status,
        code: result.held.or_else(|| result.problem.map(|problem| problem.code)),
    };
    Box::pin(async move {
        let results = send(&stock, &sender, &file).await?;
        Ok(results.into_iter().map(fate).collect())
    })
}

impl From<LetterError> for Problem {
    fn from(error: LetterError) -> Self {
        match error {
            LetterError::NotALetter => Code::NotALetter.into(),
            LetterError::OtherServer => Code::OtherServer.into(),
            LetterError::Damaged => Code::LetterDamaged.into(),
            LetterError::Database(error) => error.into(),
        }
    }
}

impl From<PartProblem> for Problem {
    fn from(problem: PartProblem) -> Self {
        match problem {
            PartProblem::UnknownPhone => Code::UnknownPhone.into(),
            PartProblem::WrongSignature => Code::WrongSignature.into(),
        }
    }
}

impl From<PhoneKeyError> for Problem {
    fn from(error: PhoneKeyError) -> Self {
        match error {
            PhoneKeyError::NotAKey => Code::NotAKey.into(),
            PhoneKeyError::OfAnother => Code::KeyOfAnother.into(),
            PhoneKeyError::Database(error) => error.into(),
        }
    }
}
