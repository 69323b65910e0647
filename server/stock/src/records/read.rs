//! What was said, by whom and when, and what it moved: a record as people look at it.

use super::{Author, BY, Outcome, WHO_SAID};
use crate::access::{Denied, Reader, scope};
use crate::movements::AccountRow;
use crate::query::Query;
use domain::account::Account;
use domain::ids::{BatchId, MovementId, OrgId, RecordId, StoreId};
use domain::ledger::{MovementKind, Reason};
use domain::records::Body;
use domain::records::keeping::StockChange;
use domain::role::Scope;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Records on a page of the list.
const PAGE: usize = 50;
/// Stores that are asked for together: SQLite joins at most 500 queries.
const STORES_A_STEP: usize = 100;
/// Lines of one record that are shown.
const MOST_LINES: i64 = 500;

/// One record, for the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordHead {
    pub id: RecordId,
    /// The kind's name in the database and the API: `receipt`, `stock_change`, …
    pub kind: String,
    pub subject_kind: String,
    pub subject: Uuid,
    pub store_name: Option<String>,
    pub occurred_at: Millis,
    pub recorded_at: Millis,
    pub by: Author,
    /// Who sent it, where its author said it on a phone and somebody else carried it.
    pub sent_by: Option<Author>,
    /// Who let it in, where it had been held.
    pub let_in_by: Option<Author>,
    pub outcome: Outcome,
    /// All that it moved was taken back.
    pub taken_back: bool,
    /// In whose place it was said, where the actor sees that organisation.
    pub on_behalf: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordDetail {
    pub head: RecordHead,
    pub store: Option<StoreId>,
    pub note: Option<String>,
    /// What happened to stock, where the record says so in these words.
    pub change: Option<StockChange>,
    /// As far as the actor sees their stores, in the order of posting.
    pub movements: Vec<RecordMovement>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordMovement {
    pub id: MovementId,
    pub kind: MovementKind,
    pub reason: Reason,
    /// Made by the rules and not asked for.
    pub derived: bool,
    /// The record that undid it.
    pub reversed_by: Option<RecordId>,
    /// The record whose movement this one undoes.
    pub reverses: Option<RecordId>,
    pub lines: Vec<RecordLine>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordLine {
    pub batch: BatchId,
    pub batch_code: String,
    pub title: String,
    pub short_number: String,
    pub from: LineEnd,
    pub to: LineEnd,
    pub pieces: i64,
}

/// An account and the store that answers for it; printers have none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineEnd {
    pub account: Account,
    pub holder_name: String,
}

/// Why a record is not shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadRecordError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct HeadRow {
    id: Uuid,
    kind: String,
    subject_kind: String,
    subject_id: Uuid,
    store_id: Option<Uuid>,
    store_name: Option<String>,
    occurred_at: i64,
    recorded_at: i64,
    actor_id: Uuid,
    by_name: Option<String>,
    by_role: Option<String>,
    by_org_id: Uuid,
    org_name: String,
    sender_id: Option<Uuid>,
    sender_name: Option<String>,
    sender_role: Option<String>,
    sender_org_id: Option<Uuid>,
    sender_org_name: Option<String>,
    let_in_id: Option<Uuid>,
    let_in_name: Option<String>,
    let_in_role: Option<String>,
    let_in_org_id: Option<Uuid>,
    let_in_org_name: Option<String>,
    on_behalf_org_id: Option<Uuid>,
    on_behalf: Option<String>,
    outcome: String,
    taken_back: bool,
    note: Option<String>,
    body: String,
}

fn heads() -> Query {
    Query::new(&format!(
        "SELECT r.id, r.kind, r.subject_kind, r.subject_id, r.store_id,
        s.name AS store_name, r.occurred_at, r.recorded_at, r.actor_id, {BY},
        o.name AS org_name, v.person_id AS sender_id,
        z.name AS sender_name, z.role AS sender_role, z.org_id AS sender_org_id,
        q.name AS sender_org_name, i.id AS let_in_id, i.name AS let_in_name,
        i.role AS let_in_role, i.org_id AS let_in_org_id, j.name AS let_in_org_name,
        r.on_behalf_org_id,
        h.name AS on_behalf, t.outcome, n.text AS note, r.body,
        (EXISTS (SELECT 1 FROM movement m WHERE m.record_id = r.id) AND NOT EXISTS (
            SELECT 1 FROM movement m LEFT JOIN movement x ON x.reverses_id = m.id
            WHERE m.record_id = r.id AND x.id IS NULL)) AS taken_back
     FROM record r JOIN org o ON o.id = r.org_id JOIN record_outcome t ON t.record_id = r.id
     LEFT JOIN org h ON h.id = r.on_behalf_org_id LEFT JOIN store s ON s.id = r.store_id
     {WHO_SAID}
     LEFT JOIN record_sender v ON v.record_id = r.id
     LEFT JOIN person z ON z.id = v.person_id LEFT JOIN org q ON q.id = z.org_id
     LEFT JOIN held_decision d ON d.held_id = r.id
     LEFT JOIN person i ON i.id = d.decided_by LEFT JOIN org j ON j.id = i.org_id
     LEFT JOIN note n ON n.record_id = r.id AND n.erased_at IS NULL WHERE "
    ))
}

#[derive(FromQueryResult)]
struct LineRow {
    movement_id: Uuid,
    kind: String,
    reason: String,
    derived: bool,
    reversed_by: Option<Uuid>,
    reverses: Option<Uuid>,
    batch_id: Uuid,
    batch_code: String,
    title: String,
    short_number: String,
    pieces: i64,
    from_kind: String,
    from_owner: Uuid,
    from_channel: String,
    from_shadow: bool,
    from_name: Option<String>,
    to_kind: String,
    to_owner: Uuid,
    to_channel: String,
    to_shadow: bool,
    to_name: Option<String>,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// The newest records `r` of a query before one, and one more that tells whether there are others.
fn page(mut query: Query, before: Option<RecordId>) -> Query {
    if let Some(before) = before {
        query = query.push(" AND r.id < ").bind(before.uuid());
    }
    query.push(&format!(" ORDER BY r.id DESC LIMIT {}", PAGE + 1))
}

impl Reader<'_> {
    /// A record that the actor's organisation made, or that touches a store the actor sees.
    pub async fn record(&self, id: RecordId) -> Result<RecordDetail, ReadRecordError> {
        let actor = &self.actor;
        let row: Option<HeadRow> = self
            .mine(heads().push("r.id = ").bind(id.uuid()).push(" AND ("))
            .push(
                " OR EXISTS (SELECT 1 FROM movement m JOIN line l ON l.movement_id = m.id
                    JOIN account a ON a.id = l.from_id OR a.id = l.to_id
                    WHERE m.record_id = r.id AND ",
            )
            .condition(|next| scope::stores(actor, "a.holder_id", next))
            .push("))")
            .one(self.stock.db.read())
            .await?;
        let row = row.ok_or(Denied::NotFound)?;
        let movements = self.movements_of(id).await?;
        let change = (row.kind == StockChange::KIND)
            .then(|| serde_json::from_str(&row.body))
            .transpose()
            .map_err(|error| DbErr::Custom(format!("a stored change cannot be read: {error}")))?;
        let reads_notes = self.reads_notes().await?;
        let (store, note) = (row.store_id.map(StoreId::new), row.note.clone());
        let note = note.filter(|_| reads_notes);
        Ok(RecordDetail { head: self.head(row)?, store, note, change, movements })
    }

    /// The newest records of the stores that the actor sees, before `before`. Ids carry their
    /// time, so the primary key is the order.
    pub async fn records(
        &self,
        before: Option<RecordId>,
    ) -> Result<(Vec<RecordHead>, Option<RecordId>), DbErr> {
        let query = heads();
        let query = match self.actor.scope {
            Scope::Everything => page(query.push("TRUE"), before),
            Scope::Place(_) | Scope::Org(_) | Scope::Event(_) | Scope::Consignment(_) => {
                page(query.push("r.id IN ").list(self.newest(before).await?), before)
            }
        };
        let mut rows: Vec<HeadRow> = query.all(self.stock.db.read()).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|last| RecordId::new(last.id));
        let heads = rows.into_iter().map(|row| self.head(row)).collect::<Result<_, _>>()?;
        Ok((heads, next))
    }

    /// The newest records of each store that the actor sees, and the newest of its own. The index
    /// has those of one store in order; for those of several together all would be read.
    async fn newest(&self, before: Option<RecordId>) -> Result<BTreeSet<Uuid>, DbErr> {
        let db = self.stock.db.read();
        let stores: Vec<IdRow> = Query::new("SELECT s.id FROM store s WHERE ")
            .condition(|next| scope::stores(&self.actor, "s.id", next))
            .all(db)
            .await?;
        let own = Query::new("SELECT r.id FROM record r WHERE r.actor_id = ")
            .bind(self.actor.user.uuid())
            .push(" AND r.org_id = ")
            .bind(self.actor.org.uuid());
        let mut found: Vec<IdRow> = page(own, before).all(db).await?;
        for stores in stores.chunks(STORES_A_STEP) {
            let (mut query, mut separator) = (Query::new(""), "");
            for store in stores {
                let of_store = query
                    .push(separator)
                    .push("SELECT x.id FROM (SELECT r.id FROM record r WHERE r.store_id = ")
                    .bind(store.id);
                query = page(of_store, before).push(") x");
                separator = " UNION ALL ";
            }
            found.extend(query.all::<IdRow>(db).await?);
        }
        let ids: BTreeSet<Uuid> = found.into_iter().map(|row| row.id).collect();
        Ok(ids.into_iter().rev().take(PAGE + 1).collect())
    }

    /// The record is about a store that the actor sees, or the actor said it.
    fn mine(&self, query: Query) -> Query {
        query
            .condition(|next| scope::stores(&self.actor, "r.store_id", next))
            .push(" OR (r.actor_id = ")
            .bind(self.actor.user.uuid())
            .push(" AND r.org_id = ")
            .bind(self.actor.org.uuid())
            .push(")")
    }

    fn head(&self, row: HeadRow) -> Result<RecordHead, DbErr> {
        let by = self.author(row.actor_id, row.by_name, row.by_role, (row.by_org_id, row.org_name));
        let sender = row.sender_id.zip(row.sender_org_id.zip(row.sender_org_name));
        let sent_by =
            sender.map(|(person, org)| self.author(person, row.sender_name, row.sender_role, org));
        let let_in = row.let_in_id.zip(row.let_in_org_id.zip(row.let_in_org_name));
        let let_in_by =
            let_in.map(|(person, org)| self.author(person, row.let_in_name, row.let_in_role, org));
        let sees = |org| scope::require_org(&self.actor, OrgId::new(org)).is_ok();
        let sees_behalf = row.on_behalf_org_id.is_some_and(sees);
        Ok(RecordHead {
            id: row.id.into(),
            kind: row.kind,
            subject_kind: row.subject_kind,
            subject: row.subject_id,
            store_name: row.store_name,
            occurred_at: Millis(row.occurred_at),
            recorded_at: Millis(row.recorded_at),
            by,
            sent_by,
            let_in_by,
            outcome: Outcome::parse(&row.outcome)
                .ok_or_else(|| DbErr::Type(format!("the books hold the word {:?}", row.outcome)))?,
            taken_back: row.taken_back,
            on_behalf: row.on_behalf.filter(|_| sees_behalf),
        })
    }

    async fn movements_of(&self, record: RecordId) -> Result<Vec<RecordMovement>, DbErr> {
        let rows: Vec<LineRow> = Query::new(
            "SELECT m.id AS movement_id, m.kind, m.reason, m.derived,
                x.record_id AS reversed_by, o.record_id AS reverses, t.id AS batch_id,
                t.code AS batch_code, k.title, k.short_number, l.pieces,
                f.kind AS from_kind, f.owner_id AS from_owner, f.channel AS from_channel,
                f.shadow AS from_shadow, fs.name AS from_name, g.kind AS to_kind,
                g.owner_id AS to_owner, g.channel AS to_channel, g.shadow AS to_shadow,
                gs.name AS to_name
             FROM movement m JOIN line l ON l.movement_id = m.id
             JOIN batch t ON t.id = l.batch_id JOIN material k ON k.id = t.material_id
             JOIN account f ON f.id = l.from_id JOIN account g ON g.id = l.to_id
             LEFT JOIN store fs ON fs.id = f.holder_id LEFT JOIN store gs ON gs.id = g.holder_id
             LEFT JOIN movement x ON x.reverses_id = m.id
             LEFT JOIN movement o ON o.id = m.reverses_id
             WHERE m.record_id = ",
        )
        .bind(record.uuid())
        .push(" AND (")
        .condition(|next| scope::stores(&self.actor, "f.holder_id", next))
        .push(" OR ")
        .condition(|next| scope::stores(&self.actor, "g.holder_id", next))
        .push(&format!(") ORDER BY m.ordinal, l.id LIMIT {MOST_LINES}"))
        .all(self.stock.db.read())
        .await?;
        let mut movements: Vec<RecordMovement> = Vec::new();
        for row in rows {
            let line = row.line()?;
            match movements.last_mut().filter(|last| last.id == MovementId::new(row.movement_id)) {
                Some(last) => last.lines.push(line),
                None => movements.push(row.movement(line)),
            }
        }
        Ok(movements)
    }
}

impl LineRow {
    fn line(&self) -> Result<RecordLine, DbErr> {
        let end = |kind: &str, owner_id, channel: &str, shadow, name: &Option<String>| {
            let (kind, channel) = (kind.to_owned(), channel.to_owned());
            let row = AccountRow { id: 0, kind, owner_id, channel, shadow, holder_id: None };
            let holder_name = name.clone().unwrap_or_default();
            Ok::<_, DbErr>(LineEnd { account: row.account()?, holder_name })
        };
        let Self { from_kind, from_owner, from_channel, from_shadow, from_name, .. } = self;
        let Self { to_kind, to_owner, to_channel, to_shadow, to_name, .. } = self;
        Ok(RecordLine {
            batch: self.batch_id.into(),
            batch_code: self.batch_code.clone(),
            title: self.title.clone(),
            short_number: self.short_number.clone(),
            from: end(from_kind, *from_owner, from_channel, *from_shadow, from_name)?,
            to: end(to_kind, *to_owner, to_channel, *to_shadow, to_name)?,
            pieces: self.pieces,
        })
    }

    fn movement(&self, line: RecordLine) -> RecordMovement {
        RecordMovement {
            id: self.movement_id.into(),
            kind: MovementKind::parse(&self.kind).unwrap_or(MovementKind::Reverse),
            reason: Reason::parse(&self.reason).unwrap_or(Reason::Other),
            derived: self.derived,
            reversed_by: self.reversed_by.map(RecordId::new),
            reverses: self.reverses.map(RecordId::new),
            lines: vec![line],
        }
    }
}
