//! Search by the beginnings of words, in any script and any digits.
//!
//! Tokens are normalised words in one table. Both databases compare them by bytes, so that they
//! find the same things in the same order.

use super::known;
use crate::Reader;
use crate::access::scope;
use crate::query::{Query, insert_rows};
use domain::calendar::Lang;
use domain::code::{Code, CodeKind};
use domain::role::Actor;
use domain::text::{normalise, tokens};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What can be found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    Place,
    Org,
    Store,
    Material,
    Kit,
    EventType,
}

impl SearchKind {
    /// In the order in which results are shown.
    pub const ALL: [Self; 6] =
        [Self::Material, Self::Store, Self::Place, Self::Org, Self::Kit, Self::EventType];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Org => "org",
            Self::Store => "store",
            Self::Material => "material",
            Self::Kit => "kit",
            Self::EventType => "event_type",
        }
    }
}

/// One thing that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hit {
    pub kind: SearchKind,
    /// The id, or the code of a place.
    pub subject: String,
    pub title: String,
    /// What tells it from others of the same name: the short number, the province.
    pub detail: String,
    pub retired: bool,
}

/// The hits of one kind, best first, and how many there are in all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hits {
    pub kind: SearchKind,
    pub total: i64,
    pub hits: Vec<Hit>,
}

/// More words than this add nothing but work.
const MOST_WORDS: usize = 8;

/// Makes a thing findable by the words of `texts`, and by no others any more.
pub(crate) async fn index(
    tx: &impl ConnectionTrait,
    kind: SearchKind,
    subject: Uuid,
    texts: &[&str],
) -> Result<(), DbErr> {
    Query::new("DELETE FROM search_token WHERE kind = ")
        .bind(kind.as_str())
        .push(" AND subject = ")
        .bind(subject)
        .run(tx)
        .await?;
    insert_tokens(tx, token_rows(kind, [(subject, texts.to_vec())])).await
}

pub(super) fn token_rows<'a>(
    kind: SearchKind,
    subjects: impl IntoIterator<Item = (Uuid, Vec<&'a str>)>,
) -> Vec<[Value; 3]> {
    let mut rows = Vec::new();
    for (subject, texts) in subjects {
        for token in words(&texts) {
            rows.push([token.into(), kind.as_str().into(), subject.into()]);
        }
    }
    rows
}

/// The words of each text; a text of several words also as one word, because people write
/// "Sar-e Pul", "Sarepul" and "Sar e Pul".
fn words(texts: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = texts.iter().flat_map(|text| tokens(text)).collect();
    let short = texts.iter().map(|text| normalise(text)).filter(|text| text.len() <= 40);
    words.extend(short.map(|text| text.replace(' ', "")).filter(|word| !word.is_empty()));
    words.sort();
    words.dedup();
    words
}

pub(super) async fn insert_tokens(
    tx: &impl ConnectionTrait,
    rows: Vec<[Value; 3]>,
) -> Result<(), DbErr> {
    insert_rows(tx, "search_token (token, kind, subject)", rows, "ON CONFLICT DO NOTHING").await
}

/// The subject of a place in the table of tokens: its code, padded to 16 bytes.
pub(super) fn place_subject(code: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (slot, byte) in bytes.iter_mut().zip(code.bytes()) {
        *slot = byte;
    }
    Uuid::from_bytes(bytes)
}

fn place_code(subject: Uuid) -> String {
    String::from_utf8_lossy(subject.as_bytes()).trim_end_matches('\0').to_owned()
}

#[derive(FromQueryResult)]
struct CodeRow {
    kind: String,
}

#[derive(FromQueryResult)]
struct HitRow {
    subject: Uuid,
    title: String,
    detail: String,
    retired: i64,
    total: i64,
}

impl Reader<'_> {
    /// What a code is stuck on, whoever holds it: its page decides what the actor sees of it.
    pub async fn code_kind(&self, code: Code) -> Result<Option<CodeKind>, DbErr> {
        let row: Option<CodeRow> = Query::new("SELECT kind FROM code WHERE code = ")
            .bind(code.as_str())
            .one(self.stock.db.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let kind = match row.kind.as_str() {
            "batch" => Some(CodeKind::Batch),
            "pack" => Some(CodeKind::Pack),
            "consignment" => Some(CodeKind::Consignment),
            "event" => Some(CodeKind::Event),
            _ => None,
        };
        known(kind, &row.kind).map(Some)
    }

    /// What the actor sees and `text` names: every typed word is the beginning of one of its
    /// words. At most `limit` hits a kind, places by their name in `lang`; kinds without hits are
    /// left out.
    pub async fn search(&self, text: &str, lang: Lang, limit: i64) -> Result<Vec<Hits>, DbErr> {
        let mut typed = tokens(text);
        typed.truncate(MOST_WORDS);
        let mut found = Vec::new();
        if typed.is_empty() {
            return Ok(found);
        }
        for kind in SearchKind::ALL {
            let rows: Vec<HitRow> = hits_query(&self.actor, kind, &typed, lang, limit)
                .all(self.stock.db.read())
                .await?;
            let Some(total) = rows.first().map(|row| row.total) else { continue };
            let hits = rows.into_iter().map(|row| hit(kind, row)).collect();
            found.push(Hits { kind, total, hits });
        }
        Ok(found)
    }
}

fn hit(kind: SearchKind, row: HitRow) -> Hit {
    let subject = match kind {
        SearchKind::Place => place_code(row.subject),
        SearchKind::Org
        | SearchKind::Store
        | SearchKind::Material
        | SearchKind::Kit
        | SearchKind::EventType => row.subject.to_string(),
    };
    Hit { kind, subject, title: row.title, detail: row.detail, retired: row.retired != 0 }
}

/// Whole words before beginnings of words, what is in use before what is retired, then by title.
fn hits_query(actor: &Actor, kind: SearchKind, typed: &[String], lang: Lang, limit: i64) -> Query {
    let mut query = Query::new("WITH word AS (");
    for (number, word) in typed.iter().enumerate() {
        query = query
            .push(if number == 0 { "" } else { " UNION ALL " })
            .push("SELECT subject, MAX(CASE WHEN token = ")
            .bind(word.as_str())
            .push(" THEN 1 ELSE 0 END) AS whole FROM (SELECT token, subject FROM search_token t");
        query = begins_with(query, kind, word);
        if kind == SearchKind::Store {
            // A store is found by its place and province too, in each of their languages.
            query = query.push(
                " UNION ALL SELECT t.token, s.id FROM search_token t
                 JOIN place named ON named.subject = t.subject
                 JOIN place p ON p.code = named.code OR p.parent_code = named.code
                 JOIN store s ON s.place_code = p.code",
            );
            query = begins_with(query, SearchKind::Place, word);
        }
        query = query.push(") AS said GROUP BY subject");
    }
    let query = query
        .push("), hit AS (SELECT subject, SUM(whole) AS whole FROM word GROUP BY subject ")
        .push("HAVING COUNT(*) = ")
        .bind(i64::try_from(typed.len()).unwrap_or(i64::MAX))
        .push(
            ") SELECT hit.subject, shown.title, shown.detail, \
             CAST(CASE WHEN shown.retired_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS retired, \
             COUNT(*) OVER () AS total \
             FROM hit JOIN (",
        );
    subjects(query, actor, kind, lang)
        .push(
            " ORDER BY CASE WHEN shown.retired_at IS NULL THEN 0 ELSE 1 END, \
             hit.whole DESC, shown.title, shown.detail, hit.subject LIMIT ",
        )
        .bind(limit)
}

/// The tokens `t` of a kind that begin with a word.
fn begins_with(query: Query, kind: SearchKind, word: &str) -> Query {
    query
        .push(" WHERE t.kind = ")
        .bind(kind.as_str())
        .push(" AND t.token >= ")
        .bind(word)
        .push(" AND t.token < ")
        // The highest character there is: all that begins with the word sorts before it.
        .bind(format!("{word}\u{10ffff}"))
}

/// The things of a kind that the actor sees, with what is shown of them.
fn subjects(query: Query, actor: &Actor, kind: SearchKind, lang: Lang) -> Query {
    match kind {
        SearchKind::Place => {
            let name = match lang {
                Lang::En => "name_en",
                Lang::Fa => "name_fa",
                Lang::Ps => "name_ps",
            };
            query.push(&format!(
                "SELECT p.subject AS id, COALESCE(p.{name}, p.name_en) AS title, \
                 COALESCE(up.{name}, up.name_en, '') AS detail, p.retired_at \
                 FROM place p LEFT JOIN place up ON up.code = p.parent_code"
            ))
        }
        SearchKind::Org => query
            .push("SELECT id, name AS title, short_name AS detail, retired_at FROM org WHERE ")
            .condition(|next| scope::orgs(actor, "id", next)),
        SearchKind::Store => query
            .push("SELECT id, name AS title, short_name AS detail, retired_at FROM store WHERE ")
            .condition(|next| scope::stores(actor, "id", next)),
        SearchKind::Material => {
            query.push("SELECT id, title, short_number AS detail, retired_at FROM material")
        }
        SearchKind::Kit => {
            query.push("SELECT id, name AS title, '' AS detail, retired_at FROM kit")
        }
        SearchKind::EventType => {
            query.push("SELECT id, name AS title, '' AS detail, retired_at FROM event_type")
        }
    }
    .push(") shown ON shown.id = hit.subject")
}
