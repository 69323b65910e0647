//! How the books stand when a record begins, and whether it came before.

use super::{Outcome, RecordError};
use crate::db;
use domain::ids::{OrgId, RecordId};
use domain::records::canonical::Hash;
use domain::role::Actor;
use domain::time::{Millis, Month};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) struct Standing {
    /// When the newest record was recorded.
    newest: Option<Millis>,
    /// Months of which the figures stand.
    pub closed: BTreeSet<Month>,
    /// What the record of this id said and did, if there is one.
    earlier: Option<Earlier>,
}

struct Earlier {
    content_hash: Vec<u8>,
    org: OrgId,
    outcome: Outcome,
    result: String,
}

#[derive(FromQueryResult)]
struct Row {
    newest: Option<i64>,
    month: Option<i64>,
    content_hash: Option<Vec<u8>>,
    org_id: Option<Uuid>,
    outcome: Option<String>,
    result: Option<String>,
}

impl Standing {
    pub async fn of(conn: &impl ConnectionTrait, id: RecordId) -> Result<Self, DbErr> {
        // The newest first, as the index has it.
        let text = "SELECT n.newest, p.month, e.content_hash, e.org_id, e.outcome, e.result
             FROM (SELECT (SELECT recorded_at FROM record ORDER BY 0 - recorded_at LIMIT 1)
                AS newest) n
             LEFT JOIN period p ON p.closed_at IS NOT NULL
             LEFT JOIN (SELECT r.content_hash, r.org_id, o.outcome, o.result
                FROM record r JOIN record_outcome o ON o.record_id = r.id WHERE r.id = $1) e
                ON TRUE";
        let rows: Vec<Row> = db::all(conn, text, [id.uuid().into()]).await?;
        let closed = rows.iter().filter_map(|row| row.month).map(|month| Month(month as i32));
        let closed = closed.collect();
        let first = rows.into_iter().next();
        let newest = first.as_ref().and_then(|row| row.newest).map(Millis);
        Ok(Self { newest, closed, earlier: first.map(Row::earlier).transpose()?.flatten() })
    }

    /// The result of the same record sent before and what became of it; a conflict when it said
    /// something else or when the asker may not know.
    pub fn first_result(
        &self,
        hash: &Hash,
        actor: &Actor,
    ) -> Result<Option<(&str, Outcome)>, RecordError> {
        let Some(earlier) = &self.earlier else { return Ok(None) };
        if earlier.content_hash == hash.as_slice() && earlier.org == actor.org {
            Ok(Some((&earlier.result, earlier.outcome)))
        } else {
            Err(RecordError::Conflict)
        }
    }

    /// When a record of `now` is recorded. A clock that was set back does not bring it before those
    /// that it builds on: it follows the newest one until the clock is there again.
    pub fn recorded_at(&self, now: Millis) -> Millis {
        self.newest.filter(|newest| *newest > now).map_or(now, |newest| newest.plus_ms(1))
    }
}

impl Row {
    fn earlier(self) -> Result<Option<Earlier>, DbErr> {
        let Self { content_hash, org_id, outcome, result, .. } = self;
        let (Some(content_hash), Some(org), Some(outcome), Some(result)) =
            (content_hash, org_id, outcome, result)
        else {
            return Ok(None);
        };
        let outcome = super::sent::outcome(&outcome)?;
        Ok(Some(Earlier { content_hash, org: OrgId::new(org), outcome, result }))
    }
}
