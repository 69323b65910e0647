//! What lies in a store and may be sent.

use super::find::find_sent;
use super::{DraftError, Known};
use crate::query::Query;
use domain::consignment::{Blocked, OnHand, Sealed, State};
use domain::ids::{BatchId, ConsignmentId, MaterialId, PackId, StoreId};
use domain::pack::PackKind;
use domain::role::Actor;
use domain::time::Day;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct BatchRow {
    id: Uuid,
    material_id: Uuid,
    arrived_on: i64,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct PackRow {
    id: Uuid,
    batch_id: Uuid,
    kind: String,
    number: i64,
    nominal: i64,
}

#[derive(FromQueryResult)]
struct BlockedRow {
    batch_id: Uuid,
    recalled: bool,
}

/// Everything that a store has, by batch.
pub(super) struct Shelf {
    pub batches: BTreeMap<BatchId, (MaterialId, OnHand)>,
    /// Nominal pieces of every sealed pack.
    pub nominal: BTreeMap<PackId, i64>,
}

pub(super) fn kind(word: &str) -> PackKind {
    if word == "carton" { PackKind::Carton } else { PackKind::Bundle }
}

/// From which store to which one.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub from: StoreId,
    pub to: StoreId,
}

impl Way {
    pub fn of(known: &Known) -> Self {
        Self { from: known.from.id, to: known.to.id }
    }

    /// Whether it leads up the tree of stores.
    async fn leads_back(self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        Query::new("WITH RECURSIVE up (id) AS (SELECT parent_id FROM store WHERE id = ")
            .bind(self.from.uuid())
            .push(
                " UNION SELECT s.parent_id FROM store s JOIN up ON s.id = up.id)
                 SELECT id FROM up WHERE id = ",
            )
            .bind(self.to.uuid())
            .finds(db)
            .await
    }
}

/// Reads what the sender has of `materials` (of everything, when there are none).
pub(super) async fn shelf(
    db: &impl ConnectionTrait,
    way: Way,
    materials: &BTreeSet<MaterialId>,
) -> Result<Shelf, DbErr> {
    let store = way.from;
    let mut query = Query::new(
        "SELECT b.id, b.material_id, b.arrived_on, l.pieces
         FROM account a JOIN balance l ON l.account_id = a.id JOIN batch b ON b.id = l.batch_id
         WHERE a.kind = 'store' AND NOT a.shadow AND l.on_hand AND l.pieces <> 0
            AND a.owner_id = ",
    )
    .bind(store.uuid());
    if !materials.is_empty() {
        query = query.push(" AND b.material_id IN ").list(materials.iter().map(|id| id.uuid()));
    }
    let rows: Vec<BatchRow> = query.all(db).await?;
    let mut batches: BTreeMap<BatchId, (MaterialId, OnHand)> = rows
        .into_iter()
        .map(|row| {
            let on_hand = OnHand {
                batch: row.id.into(),
                arrived_on: Day(i32::try_from(row.arrived_on).unwrap_or_default()),
                free: row.pieces,
                promised: 0,
                sealed: Vec::new(),
                blocked: None,
            };
            (on_hand.batch, (row.material_id.into(), on_hand))
        })
        .collect();
    let sealed: Vec<PackRow> = Query::new(
        "SELECT p.id, p.batch_id, p.kind, p.number, p.nominal
         FROM account a JOIN pack_state s ON s.account_id = a.id JOIN pack p ON p.id = s.pack_id
         WHERE a.kind = 'store' AND NOT a.shadow AND s.state = 'sealed' AND a.owner_id = ",
    )
    .bind(store.uuid())
    .all(db)
    .await?;
    let nominal = sealed.iter().map(|row| (row.id.into(), row.nominal)).collect();
    for row in sealed {
        if let Some((_, on_hand)) = batches.get_mut(&BatchId::new(row.batch_id)) {
            on_hand.sealed.push(Sealed {
                id: row.id.into(),
                kind: kind(&row.kind),
                number: row.number,
                nominal: row.nominal,
                is_promised: false,
            });
        }
    }
    for (batch, why) in may_not_leave(db, way, batches.keys().copied()).await? {
        if let Some((_, on_hand)) = batches.get_mut(&batch) {
            on_hand.blocked = Some(why);
        }
    }
    Ok(Shelf { batches, nominal })
}

impl Shelf {
    /// Leaves out what a draft already takes.
    pub fn without(&mut self, taken: &[Taken]) {
        for taken in taken {
            if let Some((_, on_hand)) = self.batches.get_mut(&taken.batch) {
                on_hand.free -= taken.pieces;
                on_hand.sealed.retain(|pack| Some(pack.id) != taken.pack);
            }
        }
    }

    /// Marks what other drafts want.
    pub fn promise(&mut self, promised: &[Taken]) {
        for promised in promised {
            if let Some((_, on_hand)) = self.batches.get_mut(&promised.batch) {
                on_hand.promised += promised.pieces;
                let sealed = on_hand.sealed.iter_mut();
                let wanted = sealed.filter(|pack| Some(pack.id) == promised.pack);
                wanted.for_each(|pack| pack.is_promised = true);
            }
        }
    }

    pub fn of(&self, material: MaterialId) -> Vec<OnHand> {
        let matching = self.batches.values().filter(|(of, _)| *of == material);
        matching.map(|(_, on_hand)| on_hand.clone()).collect()
    }
}

/// A line of a draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Taken {
    pub batch: BatchId,
    pub pack: Option<PackId>,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
pub(super) struct TakenRow {
    batch_id: Uuid,
    pack_id: Option<Uuid>,
    pieces: i64,
}

impl From<TakenRow> for Taken {
    fn from(row: TakenRow) -> Self {
        let pack = row.pack_id.map(PackId::new);
        Self { batch: row.batch_id.into(), pack, pieces: row.pieces }
    }
}

/// What a draft takes, in the order in which it was added.
pub(super) async fn taken(
    db: &impl ConnectionTrait,
    consignment: ConsignmentId,
) -> Result<Vec<Taken>, DbErr> {
    let rows: Vec<TakenRow> = Query::new(
        "SELECT batch_id, pack_id, pieces FROM consignment_line WHERE consignment_id = ",
    )
    .bind(consignment.uuid())
    .push(" ORDER BY id")
    .all(db)
    .await?;
    Ok(rows.into_iter().map(Taken::from).collect())
}

/// What the other drafts of the same journey take: all of them leave with it.
pub(super) async fn taken_beside(
    db: &impl ConnectionTrait,
    actor: &Actor,
    draft: &Known,
) -> Result<Vec<Taken>, DraftError> {
    let others: Vec<IdRow> = Query::new("SELECT id FROM consignment WHERE trip_id = ")
        .bind(draft.trip)
        .push(" AND id <> ")
        .bind(draft.id.uuid())
        .all(db)
        .await?;
    let mut beside = Vec::new();
    for IdRow { id } in others {
        let other = find_sent::<DraftError>(db, actor, id.into()).await?;
        if other.state() == State::Draft {
            beside.extend(taken(db, other.id).await?);
        }
    }
    Ok(beside)
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// Which of the batches may not be sent this way.
pub(super) async fn may_not_leave(
    db: &impl ConnectionTrait,
    way: Way,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<BTreeMap<BatchId, Blocked>, DbErr> {
    let mut blocked = blocked(db, batches).await?;
    // Few consignments hold what is blocked: most need not know where they lead.
    if !blocked.is_empty() {
        let goes_back = way.leads_back(db).await?;
        blocked.retain(|_, why| why.stops(goes_back));
    }
    Ok(blocked)
}

/// Which of the batches are on hold, or of a recalled edition.
pub(crate) async fn blocked(
    db: &impl ConnectionTrait,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<BTreeMap<BatchId, Blocked>, DbErr> {
    let batches: Vec<Uuid> = batches.into_iter().map(BatchId::uuid).collect();
    let rows: Vec<BlockedRow> = Query::new(
        "SELECT batch_id, FALSE AS recalled FROM batch_hold
         WHERE released_by IS NULL AND batch_id IN ",
    )
    .list(batches.iter().copied())
    .push(
        " UNION ALL SELECT b.id, TRUE FROM recall c JOIN batch b ON b.material_id = c.material_id
         WHERE c.ended_by IS NULL AND b.id IN ",
    )
    .list(batches)
    .all(db)
    .await?;
    let (recalled, held): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.recalled);
    let why = |rows: Vec<BlockedRow>, why| rows.into_iter().map(move |r| (r.batch_id.into(), why));
    // What is both is recalled first of all.
    Ok(why(held, Blocked::Held).chain(why(recalled, Blocked::Recalled)).collect())
}
