//! What waits, in words that a person can judge, for those who may decide and for its own people.

use super::names::{GoodsNames, Names, key};
use crate::access::{Reader, scope};
use crate::query::Query;
use crate::records::Author;
use crate::tasks::{Task, TaskKind};
use domain::code::Code;
use domain::held::{Dropped, Gist, Ruling, Thing, Why};
use domain::ids::{ConsignmentId, EventId, OrgId, RecordId, StoreId};
use domain::records::Envelope;
use domain::role::{Actor, Permission, Scope};
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

/// A record that is held, or was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldEntry {
    pub id: RecordId,
    pub kind: String,
    pub why: Why,
    pub by: Author,
    /// Who sent it, where its author said it on a phone and somebody else carried it.
    pub sent_by: Option<Author>,
    /// What it is about, by name, as far as the actor sees it.
    pub store: Option<(StoreId, String)>,
    pub event: Option<(EventId, String)>,
    pub consignment: Option<(ConsignmentId, String)>,
    pub goods: Vec<HeldGoods>,
    pub occurred_at: Millis,
    pub arrived_at: Millis,
    pub note: Option<String>,
    pub decided: Option<Decided>,
    pub may_decide: bool,
}

/// Pieces of a material, or of what carries a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldGoods {
    pub title: Option<String>,
    pub short_number: Option<String>,
    pub code: Option<Code>,
    pub pieces: Option<i64>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decided {
    pub ruling: Ruling,
    pub by: Author,
    pub at: Millis,
}

#[derive(FromQueryResult)]
pub(super) struct Held {
    pub id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    pub role: String,
    pub org_id: Uuid,
    pub org_name: String,
    pub on_behalf_org_id: Option<Uuid>,
    pub sender_id: Option<Uuid>,
    pub sender_name: Option<String>,
    pub sender_role: Option<String>,
    pub sender_org_id: Option<Uuid>,
    pub sender_org: Option<String>,
    pub why: String,
    pub kind: String,
    pub version: Option<i64>,
    pub envelope: String,
    pub body: String,
    pub clock_difference_ms: i64,
    pub occurred_at: i64,
    pub store_id: Option<Uuid>,
    pub store_name: Option<String>,
    pub arrived_at: i64,
    pub note: Option<String>,
    pub decision: Option<String>,
    pub dropped: Option<String>,
    pub decided_at: Option<i64>,
    pub decider_id: Option<Uuid>,
    pub decider_name: Option<String>,
    pub decider_role: Option<String>,
    pub decider_org_id: Option<Uuid>,
    pub decider_org: Option<String>,
}

const HELD: &str = "SELECT h.id, h.person_id, p.name, p.role, h.org_id, o.name AS org_name,
        h.on_behalf_org_id, h.sender_id, z.name AS sender_name, z.role AS sender_role,
        z.org_id AS sender_org_id, q.name AS sender_org, h.reason AS why, h.kind, h.version,
        h.envelope, h.body, h.clock_difference_ms, h.occurred_at, h.store_id, s.name AS store_name,
        h.arrived_at, n.text AS note, d.decision, d.reason AS dropped, d.decided_at,
        d.decided_by AS decider_id, y.name AS decider_name, y.role AS decider_role,
        y.org_id AS decider_org_id, x.name AS decider_org
     FROM held_record h JOIN person p ON p.id = h.person_id JOIN org o ON o.id = h.org_id
     LEFT JOIN person z ON z.id = h.sender_id LEFT JOIN org q ON q.id = z.org_id
     LEFT JOIN store s ON s.id = h.store_id LEFT JOIN held_note n ON n.held_id = h.id
     LEFT JOIN held_decision d ON d.held_id = h.id
     LEFT JOIN person y ON y.id = d.decided_by LEFT JOIN org x ON x.id = y.org_id WHERE ";

/// The record `h` is one that the actor may know of: of its organisation, or about a store that it
/// sees.
fn seen(query: Query, actor: &Actor) -> Query {
    let of_org = |query: Query, org: OrgId| {
        let said = query.push("h.org_id = ").bind(org.uuid());
        said.push(" OR h.on_behalf_org_id = ").bind(org.uuid())
    };
    match &actor.scope {
        Scope::Everything => query.push("1 = 1"),
        Scope::Org(org) => of_org(query.push("("), *org).push(")"),
        Scope::Place(_) => of_org(query.push("("), actor.org)
            .push(" OR ")
            .condition(|next| scope::stores(actor, "h.store_id", next))
            .push(")"),
        Scope::Event(_) | Scope::Consignment(_) => query.push("1 = 0"),
    }
}

pub(super) async fn one_held(reader: &Reader<'_>, id: RecordId) -> Result<Option<Held>, DbErr> {
    let query = Query::new(HELD).push("h.id = ").bind(id.uuid()).push(" AND ");
    seen(query, &reader.actor).one(reader.stock.db.read()).await
}

impl Held {
    pub fn may_decide(&self, actor: &Actor) -> bool {
        let on_behalf = self.on_behalf_org_id.map(OrgId::new);
        actor.may_let_in(self.person_id.into(), self.org_id.into(), on_behalf)
    }

    /// As it came.
    pub fn said(&self) -> Result<(Envelope, Value), DbErr> {
        let broken = |error: serde_json::Error| {
            DbErr::Type(format!("a record that is held cannot be read: {error}"))
        };
        let envelope: Envelope = serde_json::from_str(&self.envelope).map_err(broken)?;
        let body = serde_json::from_str(&self.body).map_err(broken)?;
        Ok((Envelope { note: self.note.clone(), ..envelope }, body))
    }

    fn ruling(&self) -> Result<Option<Ruling>, DbErr> {
        let Some(decision) = &self.decision else { return Ok(None) };
        let ruling = match self.dropped.as_deref() {
            None => Some(Ruling::Post),
            Some(reason) => Dropped::parse(reason).map(Ruling::Drop),
        };
        let unknown = || DbErr::Type(format!("the books hold the decision {decision:?}"));
        ruling.map(Some).ok_or_else(unknown)
    }
}

#[derive(FromQueryResult)]
struct First {
    id: Uuid,
    arrived_at: i64,
    all_of_them: i64,
}

impl Reader<'_> {
    /// Records that wait for a decision, at most `most`, the latest first and before the one of this
    /// id. Nothing for those who neither run events nor reconcile.
    pub async fn held_waiting(
        &self,
        before: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<HeldEntry>, DbErr> {
        let from =
            "(h.arrived_at, h.id) < (SELECT c.arrived_at, c.id FROM held_record c WHERE c.id";
        let ways = ("d.held_id IS NULL", from, "h.arrived_at DESC, h.id DESC");
        self.held(ways, before, most).await
    }

    /// What was decided, the latest first and before the one of this id.
    pub async fn held_decided(
        &self,
        before: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<HeldEntry>, DbErr> {
        let from = "(d.decided_at, h.id) < (SELECT c.decided_at, c.held_id FROM held_decision c
            WHERE c.held_id";
        let ways = ("d.held_id IS NOT NULL", from, "d.decided_at DESC, h.id DESC");
        self.held(ways, before, most).await
    }

    async fn held(
        &self,
        (which, from, order): (&str, &str, &str),
        cursor: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<HeldEntry>, DbErr> {
        if !self.decides_held() {
            return Ok(Vec::new());
        }
        let mut query = seen(Query::new(HELD), &self.actor).push(&format!(" AND {which}"));
        if let Some(cursor) = cursor {
            query = query.push(&format!(" AND {from} = ")).bind(cursor.uuid()).push(")");
        }
        let query = query.push(&format!(" ORDER BY {order} LIMIT ")).bind(most as i64);
        self.in_words(query.all(self.stock.db.read()).await?).await
    }

    /// One of them.
    pub async fn held_record(&self, id: RecordId) -> Result<Option<HeldEntry>, DbErr> {
        if !self.decides_held() {
            return Ok(None);
        }
        let rows = one_held(self, id).await?.into_iter().collect();
        Ok(self.in_words(rows).await?.pop())
    }

    fn decides_held(&self) -> bool {
        self.may(Permission::RunEvents) || self.may(Permission::Reconcile)
    }

    /// One task for all that the actor may decide.
    pub(crate) async fn held_tasks(&self) -> Result<Option<Task>, DbErr> {
        if !self.decides_held() {
            return Ok(None);
        }
        let own = self.actor.org.uuid();
        let mut query = Query::new(
            "SELECT h.id, h.arrived_at, COUNT(*) OVER () AS all_of_them FROM held_record h
             WHERE NOT EXISTS (SELECT 1 FROM held_decision d WHERE d.held_id = h.id)
                AND h.person_id <> ",
        )
        .bind(self.actor.user.uuid())
        .push(" AND ");
        query = seen(query, &self.actor);
        if !self.may(Permission::Reconcile) {
            let ours = query.push(" AND (h.org_id = ").bind(own);
            query = ours.push(" OR h.on_behalf_org_id = ").bind(own).push(")");
        }
        let first: Option<First> =
            query.push(" ORDER BY h.arrived_at, h.id LIMIT 1").one(self.stock.db.read()).await?;
        Ok(first.map(|first| Task {
            id: first.id,
            kind: TaskKind::DecideHeld,
            page: "/held".to_owned(),
            what: first.all_of_them.to_string(),
            opened_at: Millis(first.arrived_at),
            due_at: None,
        }))
    }

    async fn in_words(&self, rows: Vec<Held>) -> Result<Vec<HeldEntry>, DbErr> {
        let reads_notes = self.reads_notes().await?;
        let mut said = Vec::with_capacity(rows.len());
        for row in rows {
            let (_, body) = row.said()?;
            let row = Held { note: row.note.filter(|_| reads_notes), ..row };
            said.push((row, Gist::of(&body)));
        }
        let gists = || said.iter().map(|(_, gist)| gist);
        let events = self.event_names(gists().filter_map(|gist| gist.event)).await?;
        let consignments =
            self.consignment_names(gists().filter_map(|gist| gist.consignment)).await?;
        let things: Vec<Thing> =
            gists().flat_map(|gist| gist.goods.iter().map(|(thing, _)| *thing)).collect();
        let goods = self.goods_names(&things).await?;
        let entry =
            |(row, gist): (Held, Gist)| self.entry(row, gist, &events, &consignments, &goods);
        said.into_iter().map(entry).collect()
    }

    fn entry(
        &self,
        row: Held,
        gist: Gist,
        events: &Names,
        consignments: &Names,
        goods: &GoodsNames,
    ) -> Result<HeldEntry, DbErr> {
        let may_decide = row.may_decide(&self.actor);
        let ruling = row.ruling()?;
        let why = Why::parse(&row.why)
            .ok_or_else(|| DbErr::Type(format!("the books hold the word {:?}", row.why)))?;
        let author = |(id, name, role, org): (Uuid, Option<String>, Option<String>, _)| {
            self.author(id, name, role, org)
        };
        let decider = row.decider_id.zip(row.decider_org_id.zip(row.decider_org));
        let decider =
            decider.map(|(id, org)| author((id, row.decider_name, row.decider_role, org)));
        let sender = row.sender_id.zip(row.sender_org_id.zip(row.sender_org));
        let sender = sender.map(|(id, org)| author((id, row.sender_name, row.sender_role, org)));
        let decided = ruling.zip(decider).zip(row.decided_at).map(|((ruling, by), at)| Decided {
            ruling,
            by,
            at: Millis(at),
        });
        let named =
            |names: &Names, key: Option<String>| key.and_then(|key| names.get(&key).cloned());
        let event = named(events, gist.event.map(|event| key(event, EventId::uuid)));
        let consignment = gist.consignment.map(|named| key(named, ConsignmentId::uuid));
        let consignment = named(consignments, consignment);
        Ok(HeldEntry {
            id: row.id.into(),
            kind: row.kind,
            why,
            by: self.author(
                row.person_id,
                Some(row.name),
                Some(row.role),
                (row.org_id, row.org_name),
            ),
            sent_by: sender,
            store: row.store_id.map(StoreId::new).zip(row.store_name),
            event: event.map(|(id, number)| (id.into(), number)),
            consignment: consignment.map(|(id, number)| (id.into(), number)),
            goods: gist.goods.iter().map(|(thing, pieces)| goods.of(*thing, *pieces)).collect(),
            occurred_at: Millis(row.occurred_at),
            arrived_at: Millis(row.arrived_at),
            note: row.note,
            decided,
            may_decide,
        })
    }
}
