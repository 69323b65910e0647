//! What an actor has sent, and what became of it: for phones and scripts that ask later.

use super::Outcome;
use crate::access::Reader;
use crate::query::Query;
use domain::ids::{OrgId, RecordId};
use domain::records::EntryMethod;
use domain::time::{Day, Millis, Month};
use sea_orm::{DbErr, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

/// A record of the actor's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentRecord {
    pub id: RecordId,
    pub kind: String,
    pub schema: u32,
    pub body: Value,
    pub entry: EntryMethod,
    pub on_behalf: Option<OrgId>,
    pub occurred_at: Millis,
    pub day: Day,
    pub recorded_at: Millis,
    pub booked_month: Month,
    pub outcome: Outcome,
    /// What was answered when it was recorded.
    pub result: Value,
}

/// Which of them, the latest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SentFilter {
    pub kind: Option<String>,
    pub outcome: Option<Outcome>,
    /// Those recorded before this one: the next page.
    pub before: Option<(Millis, RecordId)>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    version: i64,
    body: String,
    entry: String,
    on_behalf_org_id: Option<Uuid>,
    occurred_at: i64,
    local_day: i64,
    recorded_at: i64,
    booked_month: i64,
    outcome: String,
    result: String,
}

#[derive(FromQueryResult)]
struct OutcomeRow {
    outcome: String,
}

const SENT: &str = "SELECT r.id, r.kind, r.version, r.body, r.entry, r.on_behalf_org_id,
        r.occurred_at, r.local_day, r.recorded_at, r.booked_month, o.outcome, o.result
     FROM record r JOIN record_outcome o ON o.record_id = r.id WHERE ";

impl Reader<'_> {
    /// What became of a record, whoever sent it; `None` when there is none of this id. Whoever
    /// knows the id learns no more from it than by sending it again.
    pub async fn outcome(&self, id: RecordId) -> Result<Option<Outcome>, DbErr> {
        let row: Option<OutcomeRow> =
            Query::new("SELECT outcome FROM record_outcome WHERE record_id = ")
                .bind(id.uuid())
                .one(self.stock.db.read())
                .await?;
        row.map(|row| outcome(&row.outcome)).transpose()
    }

    /// One of the actor's own records.
    pub async fn sent_record(&self, id: RecordId) -> Result<Option<SentRecord>, DbErr> {
        let row: Option<Row> =
            self.sent().push(" AND r.id = ").bind(id.uuid()).one(self.stock.db.read()).await?;
        row.map(Row::sent).transpose()
    }

    /// The actor's own records, the latest first, at most `limit`.
    pub async fn sent_records(
        &self,
        filter: &SentFilter,
        limit: usize,
    ) -> Result<Vec<SentRecord>, DbErr> {
        let mut query = self.sent();
        if let Some(kind) = &filter.kind {
            query = query.push(" AND r.kind = ").bind(kind.as_str());
        }
        if let Some(outcome) = filter.outcome {
            query = query.push(" AND o.outcome = ").bind(outcome.as_str());
        }
        if let Some((at, id)) = filter.before {
            query = query
                .push(" AND (r.recorded_at, r.id) < (")
                .bind(at.0)
                .push(", ")
                .bind(id.uuid())
                .push(")");
        }
        let rows: Vec<Row> = query
            .push(" ORDER BY r.recorded_at DESC, r.id DESC LIMIT ")
            .bind(limit as i64)
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(Row::sent).collect()
    }

    /// What the actor sent for its organisation. Whoever goes to another one leaves it behind.
    fn sent(&self) -> Query {
        Query::new(SENT)
            .push("r.actor_id = ")
            .bind(self.actor.user.uuid())
            .push(" AND r.org_id = ")
            .bind(self.actor.org.uuid())
    }
}

impl Row {
    fn sent(self) -> Result<SentRecord, DbErr> {
        let json =
            |text: &str| serde_json::from_str(text).map_err(|error| DbErr::Type(error.to_string()));
        Ok(SentRecord {
            id: self.id.into(),
            kind: self.kind,
            schema: self.version as u32,
            body: json(&self.body)?,
            entry: EntryMethod::ALL
                .into_iter()
                .find(|entry| entry.as_str() == self.entry)
                .ok_or_else(|| unknown(&self.entry))?,
            on_behalf: self.on_behalf_org_id.map(OrgId::new),
            occurred_at: Millis(self.occurred_at),
            day: Day(self.local_day as i32),
            recorded_at: Millis(self.recorded_at),
            booked_month: Month(self.booked_month as i32),
            outcome: outcome(&self.outcome)?,
            result: json(&self.result)?,
        })
    }
}

pub(super) fn outcome(word: &str) -> Result<Outcome, DbErr> {
    Outcome::parse(word).ok_or_else(|| unknown(word))
}

fn unknown(word: &str) -> DbErr {
    DbErr::Type(format!("the books hold the unknown word {word:?}"))
}
