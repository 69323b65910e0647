//! One consignment with everything that its state is folded from.

use super::deliver::STILL_COMING;
use super::kept::Columns;
use crate::access::{Denied, scope};
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::code::Code;
use domain::consignment::{Facts, Rest, State, state};
use domain::ids::{ConsignmentId, OrgId, StoreId, UserId};
use domain::role::{Actor, Scope};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A store as papers and lists name it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoreRef {
    pub id: StoreId,
    pub name: String,
    pub short_name: String,
    pub org: OrgId,
}

/// A consignment as the books know it; what of it an actor sees depends on his side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub id: ConsignmentId,
    pub code: Code,
    pub number: String,
    pub from: StoreRef,
    pub to: StoreRef,
    pub trip: Uuid,
    pub made_by: UserId,
    pub made_at: Millis,
    pub facts: Facts,
    /// When it left and who said so.
    pub dispatched: Option<(Millis, UserId)>,
    /// Whether the actor sees the sender's store, and the receiver's.
    pub sees_from: bool,
    pub sees_to: bool,
}

#[derive(FromQueryResult)]
pub(super) struct KnownRow {
    id: Uuid,
    code: String,
    number: String,
    from_store_id: Uuid,
    from_name: String,
    from_short: String,
    from_org: Uuid,
    to_store_id: Uuid,
    to_name: String,
    to_short: String,
    to_org: Uuid,
    trip_id: Uuid,
    made_by: Uuid,
    made_at: i64,
    cancels: i64,
    dispatched_at: Option<i64>,
    dispatched_by: Option<Uuid>,
    latest_rest: Option<String>,
    to_confirm: i64,
    in_transit: i64,
    extra: i64,
    /// What lists go by.
    kept_state: String,
    left_at: Option<i64>,
    paper: Option<String>,
}

/// The unreversed dispatch of `c`.
const DISPATCH: &str = "FROM record r JOIN movement m ON m.record_id = r.id
    WHERE r.subject_id = c.id AND r.kind = 'dispatch' AND m.kind = 'dispatch'
        AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id)";

/// A delivery `d` of which nothing was reversed.
pub(super) const STANDS: &str = "NOT EXISTS (SELECT 1 FROM movement m
    JOIN movement x ON x.reverses_id = m.id WHERE m.record_id = d.record_id)";

/// `SELECT` up to and with `FROM consignment c` and its stores.
pub(super) fn select() -> String {
    let transit = |sign: &str, shadow: &str| {
        format!(
            "COALESCE((SELECT CAST(SUM({sign}b.pieces) AS BIGINT) FROM account a
                JOIN balance b ON b.account_id = a.id
                WHERE a.kind = 'in_transit' AND a.owner_id = c.id AND {shadow} a.shadow), 0)"
        )
    };
    format!(
        "SELECT c.id, c.code, c.number, c.from_store_id, f.name AS from_name,
            f.short_name AS from_short, f.org_id AS from_org, c.to_store_id, t.name AS to_name,
            t.short_name AS to_short, t.org_id AS to_org, c.trip_id, c.made_by, c.made_at,
            c.state AS kept_state, c.left_at, c.paper,
            (SELECT COUNT(*) FROM record r
                WHERE r.subject_id = c.id AND r.kind = 'consignment_cancel') AS cancels,
            (SELECT MAX(r.occurred_at) {DISPATCH}) AS dispatched_at,
            (SELECT r.actor_id {DISPATCH} ORDER BY r.recorded_at DESC LIMIT 1) AS dispatched_by,
            (SELECT d.rest FROM delivery d JOIN record r ON r.id = d.record_id
                WHERE d.consignment_id = c.id AND d.rest IS NOT NULL AND {STANDS}
                ORDER BY r.occurred_at DESC, r.recorded_at DESC, r.id DESC LIMIT 1) AS latest_rest,
            (SELECT COUNT(*) FROM delivery d
                WHERE d.consignment_id = c.id AND d.to_confirm AND {STANDS} AND NOT EXISTS
                (SELECT 1 FROM confirmation y WHERE y.confirms_id = d.record_id))
                AS to_confirm,
            {in_transit} AS in_transit, {extra} AS extra
         FROM consignment c
         JOIN store f ON f.id = c.from_store_id JOIN store t ON t.id = c.to_store_id",
        in_transit = transit("", "NOT"),
        extra = transit("-", ""),
    )
}

impl KnownRow {
    pub fn columns(&self) -> Columns {
        let (state, paper) = (self.kept_state.clone(), self.paper.clone());
        Columns { state, left_at: self.left_at, paper }
    }

    pub fn known(self, seen: &BTreeSet<StoreId>) -> Result<Known, DbErr> {
        let code = Code::parse(&self.code)
            .map_err(|_| DbErr::Type(format!("{:?} is not a code", self.code)))?;
        let from = StoreId::new(self.from_store_id);
        let to = StoreId::new(self.to_store_id);
        let latest_rest = self.latest_rest.as_deref().map(|rest| match rest {
            STILL_COMING => Rest::StillComing,
            _ => Rest::NothingMore,
        });
        let dispatched = self.dispatched_at.zip(self.dispatched_by);
        Ok(Known {
            id: self.id.into(),
            code,
            number: self.number,
            from: StoreRef {
                id: from,
                name: self.from_name,
                short_name: self.from_short,
                org: self.from_org.into(),
            },
            to: StoreRef {
                id: to,
                name: self.to_name,
                short_name: self.to_short,
                org: self.to_org.into(),
            },
            trip: self.trip_id,
            made_by: self.made_by.into(),
            made_at: Millis(self.made_at),
            facts: Facts {
                cancelled: self.cancels > 0,
                dispatched: dispatched.is_some(),
                latest_rest,
                to_confirm: self.to_confirm,
                in_transit: self.in_transit,
                extra: self.extra.max(0),
            },
            dispatched: dispatched.map(|(at, by)| (Millis(at), UserId::new(by))),
            sees_from: seen.contains(&from),
            sees_to: seen.contains(&to),
        })
    }
}

impl Known {
    pub const fn state(&self) -> State {
        state(&self.facts)
    }

    /// Whether it exists for the actor: the receiver learns of it when it leaves.
    pub const fn is_visible(&self) -> bool {
        self.sees_from || (self.sees_to && self.facts.dispatched)
    }

    /// Whether what was sent may be shown: to the sender's side always, to the receiver's side
    /// once it has counted all that came (rule 11). After a first part the rest is still unseen.
    pub const fn sees_sent(&self) -> bool {
        self.sees_from || matches!(self.facts.latest_rest, Some(Rest::NothingMore))
    }

    pub fn dispatched_by(&self) -> Option<UserId> {
        self.dispatched.map(|(_, by)| by)
    }
}

/// Finds a consignment that the actor may know of.
pub(super) async fn find<E>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: ConsignmentId,
) -> Result<Known, E>
where
    E: From<Denied> + From<DbErr>,
{
    // Whose it is says `is_visible`, but for a link, which may see others of the same store.
    if matches!(&actor.scope, Scope::Consignment(own) if *own != id) {
        return Err(Denied::NotFound.into());
    }
    let row: Option<KnownRow> =
        Query::new(&select()).push(" WHERE c.id = ").bind(id.uuid()).one(db).await?;
    let row = row.ok_or(Denied::NotFound)?;
    let seen = scope::ends(db, actor).await?;
    let known = row.known(&seen)?;
    if known.is_visible() { Ok(known) } else { Err(Denied::NotFound.into()) }
}

/// Finds a consignment whose sender's store the actor sees.
pub(super) async fn find_sent<E>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: ConsignmentId,
) -> Result<Known, E>
where
    E: From<Denied> + From<DbErr>,
{
    let known = find::<E>(db, actor, id).await?;
    if known.sees_from { Ok(known) } else { Err(Denied::NotFound.into()) }
}

/// Makes whoever else writes about this consignment wait until the commit.
pub(super) async fn lock(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
    now: Millis,
) -> Result<(), DbErr> {
    Query::new("UPDATE consignment SET changed_at = ")
        .bind(now.0)
        .push(" WHERE id = ")
        .bind(id.uuid())
        .run(db)
        .await?;
    Ok(())
}

impl RecordTx<'_> {
    /// The same for a record, which queues for it.
    pub(crate) async fn lock_consignment(&self, id: ConsignmentId) -> Result<(), RecordError> {
        self.queue_at("consignment", id.uuid()).await?;
        Ok(lock(self.conn, id, self.recorded_at).await?)
    }
}
