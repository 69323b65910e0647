//! Packs that a count found: those that nobody had sent, and those that somebody has to look for.

use super::Known;
use super::deliver::{held, parcels};
use super::find::STANDS;
use super::sheet::tallies;
use super::shelf::{kind, taken};
use super::titles::{BatchTitle, titles};
use crate::access::scope;
use crate::packs::{PackState, unpacked};
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::account::Account;
use domain::code::Code;
use domain::consignment::{CountedLine, Expected, Parcel};
use domain::ids::{BatchId, ConsignmentId, PackId, StoreId};
use domain::pack::PackKind;
use domain::records::consignment::Delivery;
use domain::role::Actor;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A pack whose label was read at a delivery and that the consignment did not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unsent {
    pub pack: PackId,
    pub code: Code,
    pub batch: BatchId,
    pub pieces: i64,
}

/// A pack as the pages of a consignment name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundPack {
    pub pack: PackId,
    pub code: Code,
    pub kind: PackKind,
    pub number: i64,
    pub total: i64,
    pub pieces: i64,
    pub title: BatchTitle,
}

/// What was counted of the full cartons of an edition, of which nobody knows which ones came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CartonsCame {
    pub title: BatchTitle,
    pub counted: i64,
    pub sent: i64,
}

/// What the counts of a consignment leave to be looked at.
#[derive(Default)]
pub(super) struct Found {
    pub unsent: Vec<FoundPack>,
    pub look_for: Vec<FoundPack>,
    pub cartons_came: Vec<CartonsCame>,
}

#[derive(FromQueryResult)]
struct PackRow {
    id: Uuid,
    code: String,
    batch_id: Uuid,
    kind: String,
    number: i64,
    total: i64,
    nominal: i64,
    full_nominal: i64,
    state: String,
    account_kind: Option<String>,
    owner_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct BodyRow {
    body: String,
}

const PACKS: &str = "SELECT p.id, p.code, p.batch_id, p.kind, p.number, p.total, p.nominal,
        s.state, a.kind AS account_kind, a.owner_id, (SELECT MAX(q.nominal) FROM pack q
            WHERE q.batch_id = p.batch_id AND q.kind = p.kind) AS full_nominal
     FROM pack p JOIN pack_state s ON s.pack_id = p.id
     LEFT JOIN pack_state o ON o.pack_id = p.parent_id
     LEFT JOIN account a ON a.id = COALESCE(s.account_id, o.account_id) WHERE p.id IN ";

impl PackRow {
    fn parcel(&self) -> Parcel {
        Parcel {
            id: self.id.into(),
            batch: self.batch_id.into(),
            kind: kind(&self.kind),
            nominal: self.nominal,
            full: self.full_nominal,
        }
    }

    fn code(&self) -> Result<Code, DbErr> {
        Code::parse(&self.code).map_err(|_| DbErr::Type(format!("{:?} is not a code", self.code)))
    }

    fn named(&self, titles: &BTreeMap<BatchId, BatchTitle>) -> Result<Option<FoundPack>, DbErr> {
        let Some(title) = titles.get(&BatchId::new(self.batch_id)) else { return Ok(None) };
        Ok(Some(FoundPack {
            pack: self.id.into(),
            code: self.code()?,
            kind: kind(&self.kind),
            number: self.number,
            total: self.total,
            pieces: self.nominal,
            title: title.clone(),
        }))
    }
}

/// The packs among `read` that are neither on the consignment nor in one of its cartons.
async fn unsent(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
    read: &BTreeSet<PackId>,
) -> Result<Vec<PackRow>, DbErr> {
    let on_it = "(SELECT l.pack_id FROM consignment_line l
        WHERE l.pack_id IS NOT NULL AND l.consignment_id = ";
    Query::new(PACKS)
        .list(read.iter().map(|pack| pack.uuid()))
        .push(&format!(" AND p.id NOT IN {on_it}"))
        .bind(id.uuid())
        .push(&format!(") AND (p.parent_id IS NULL OR p.parent_id NOT IN {on_it}"))
        .bind(id.uuid())
        .push(")) ORDER BY p.batch_id, p.kind, p.number, p.id")
        .all(db)
        .await
}

/// What the books know before a count. Whoever else moves the packs that nobody had sent waits.
pub(super) async fn expected(
    tx: &RecordTx<'_>,
    known: &Known,
    body: &Delivery,
) -> Result<(Expected, Vec<Unsent>), RecordError> {
    let read: BTreeSet<PackId> = body.lines.iter().flat_map(|line| line.packs.clone()).collect();
    let places = unsent(tx.conn, known.id, &read).await?;
    let owners = |kind: &str| -> BTreeSet<Uuid> {
        let there = places.iter().filter(|row| row.account_kind.as_deref() == Some(kind));
        there.filter_map(|row| row.owner_id).collect()
    };
    tx.queue_at_stores(owners("store").into_iter().map(StoreId::new)).await?;
    for other in owners("in_transit") {
        tx.lock_consignment(other.into()).await?;
    }
    let rows = unsent(tx.conn, known.id, &read).await?;
    let holds_pieces = |row: &&PackRow| {
        let (pack, batch) = (PackId::new(row.id), BatchId::new(row.batch_id));
        let counts =
            body.lines.iter().any(|line| line.batch == batch && line.packs.contains(&pack));
        counts
            && [PackState::Sealed, PackState::Check].map(PackState::as_str).contains(&&*row.state)
    };
    let expected = Expected {
        parcels: parcels(tx.conn, known.id).await?,
        unsent: rows.iter().filter(holds_pieces).map(PackRow::parcel).collect(),
        in_transit: held(tx.conn, known.id).await?,
        came_before: came_before(tx.conn, known).await?,
    };
    let named = rows.iter().map(|row| {
        Ok(Unsent {
            pack: row.id.into(),
            code: row.code()?,
            batch: row.batch_id.into(),
            pieces: row.nominal,
        })
    });
    Ok((expected, named.collect::<Result<_, DbErr>>()?))
}

/// Pieces that earlier deliveries brought, as far as they lie in no sealed pack.
async fn came_before(
    db: &impl ConnectionTrait,
    known: &Known,
) -> Result<BTreeMap<BatchId, i64>, DbErr> {
    let tallies = tallies(db, known.id).await?;
    let unpacked = unpacked(db, Account::store(known.to.id), tallies.keys().copied()).await?;
    let came = unpacked.into_iter().filter_map(|(batch, unpacked)| {
        Some((batch, unpacked.min(tallies.get(&batch)?.received).max(0)))
    });
    Ok(came.collect())
}

/// What was counted at deliveries that stand.
async fn counted(db: &impl ConnectionTrait, id: ConsignmentId) -> Result<Vec<CountedLine>, DbErr> {
    let bodies: Vec<BodyRow> = Query::new(
        "SELECT r.body FROM delivery d JOIN record r ON r.id = d.record_id
         WHERE d.rest IS NOT NULL AND ",
    )
    .push(STANDS)
    .push(" AND d.consignment_id = ")
    .bind(id.uuid())
    .all(db)
    .await?;
    let mut counted = Vec::new();
    for row in bodies {
        let said: Delivery =
            serde_json::from_str(&row.body).map_err(|error| DbErr::Type(error.to_string()))?;
        counted.extend(said.lines);
    }
    Ok(counted)
}

/// The packs that came without being sent, and those of the consignment that somebody whom the
/// actor sees has to look for. A pack for which the books have no room is not where it was counted.
pub(super) async fn found(
    db: &impl ConnectionTrait,
    actor: &Actor,
    known: &Known,
) -> Result<Found, DbErr> {
    if !known.sees_sent() || known.facts.latest_rest.is_none() {
        return Ok(Found::default());
    }
    let counted = counted(db, known.id).await?;
    let read = counted.iter().flat_map(|line| line.packs.iter().copied()).collect();
    let unsent = unsent(db, known.id, &read).await?;
    let sent = taken(db, known.id).await?;
    let sent: Vec<Uuid> = sent.iter().filter_map(|line| line.pack).map(PackId::uuid).collect();
    let check: Vec<PackRow> = Query::new(PACKS)
        .list(sent.iter().copied().chain(unsent.iter().map(|row| row.id)))
        .push(" AND s.state = 'check' AND a.kind = 'store' AND a.owner_id IN ")
        .list([known.from.id.uuid(), known.to.id.uuid()])
        .push(" AND ")
        .condition(|next| scope::stores(actor, "a.holder_id", next))
        .push(" ORDER BY p.batch_id, p.kind, p.number, p.id")
        .all(db)
        .await?;
    let check = with_room(db, known, check).await?;
    let batches = unsent.iter().chain(&check).map(|row| BatchId::new(row.batch_id));
    let titles = titles(db, batches).await?;
    let named = |rows: &[PackRow]| -> Result<Vec<FoundPack>, DbErr> {
        rows.iter().filter_map(|row| row.named(&titles).transpose()).collect()
    };
    let mut cartons_came = Vec::new();
    if !check.is_empty() {
        let all: Vec<PackRow> = Query::new(PACKS).list(sent).all(db).await?;
        let looked_for: BTreeSet<Uuid> = check.iter().map(|row| row.batch_id).collect();
        for batch in looked_for.into_iter().map(BatchId::new) {
            let of_batch = all.iter().map(PackRow::parcel).filter(|parcel| parcel.batch == batch);
            let sent = of_batch.filter(Parcel::is_full_carton).count() as i64;
            let came = counted.iter().filter(|line| line.batch == batch);
            let counted = came.map(|line| line.full_cartons).sum();
            if let Some(title) = titles.get(&batch).filter(|_| 0 < counted && counted < sent) {
                cartons_came.push(CartonsCame { title: title.clone(), counted, sent });
            }
        }
    }
    Ok(Found { unsent: named(&unsent)?, look_for: named(&check)?, cartons_came })
}

async fn with_room(
    db: &impl ConnectionTrait,
    known: &Known,
    check: Vec<PackRow>,
) -> Result<Vec<PackRow>, DbErr> {
    let batches: BTreeSet<BatchId> = check.iter().map(|row| row.batch_id.into()).collect();
    let mut room = BTreeMap::new();
    for store in [known.from.id, known.to.id] {
        for (batch, unpacked) in unpacked(db, Account::store(store), batches.clone()).await? {
            room.insert((store.uuid(), batch.uuid()), unpacked);
        }
    }
    let fits = |row: &PackRow| {
        let room = row.owner_id.and_then(|store| room.get(&(store, row.batch_id)));
        room.is_some_and(|room| row.nominal <= *room)
    };
    Ok(check.into_iter().filter(fits).collect())
}
