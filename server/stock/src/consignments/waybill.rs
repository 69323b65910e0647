//! The paper: what is on it, for the sender's and the receiver's copy.

use super::find::{Known, StoreRef, find};
use super::shelf::taken;
use super::titles::{BatchTitle, titles};
use super::{DraftError, TripDetails};
use crate::access::{Denied, Reader};
use crate::query::Query;
use domain::code::Code;
use domain::consignment::{Load, State, load};
use domain::ids::{BatchId, ConsignmentId};
use domain::pack::PackKind;
use domain::role::{Actor, Permission};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One waybill. Holds outside names only: it passes checkpoints.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waybill {
    pub id: ConsignmentId,
    pub code: Code,
    pub number: String,
    pub state: State,
    pub from: StoreRef,
    pub from_place: String,
    pub to: StoreRef,
    pub to_place: String,
    pub trip: TripDetails,
    pub dispatched_at: Option<Millis>,
    pub lines: Vec<WaybillLine>,
    pub total: Load,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaybillLine {
    pub title: BatchTitle,
    pub load: Load,
    /// For the receiver's copy.
    pub packs: Vec<WaybillPack>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct WaybillPack {
    pub kind: PackKind,
    pub number: i64,
    pub total: i64,
    pub code: Code,
}

#[derive(FromQueryResult)]
struct PackRow {
    batch_id: Uuid,
    code: String,
    kind: String,
    number: i64,
    total: i64,
}

#[derive(FromQueryResult)]
struct TripRow {
    driver: String,
    vehicle: String,
    leaves_on: Option<i64>,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    name_en: String,
}

#[derive(FromQueryResult)]
struct OnTrip {
    id: Uuid,
}

impl Reader<'_> {
    /// One waybill; for a receiver it does not exist before he has counted.
    pub async fn waybill(&self, id: ConsignmentId) -> Result<Waybill, DraftError> {
        let db = self.stock.db.read();
        let known = find::<DraftError>(db, &self.actor, id).await?;
        if !known.sees_sent() || known.state() == State::Cancelled {
            return Err(Denied::NotFound.into());
        }
        Ok(waybill(db, &self.actor, &known).await?)
    }

    /// The waybills of everything on the same vehicle, by number: the loading list is their sum.
    pub async fn waybills_of_trip(&self, id: ConsignmentId) -> Result<Vec<Waybill>, DraftError> {
        let db = self.stock.db.read();
        let known = find::<DraftError>(db, &self.actor, id).await?;
        if !known.sees_from {
            return Err(Denied::NotFound.into());
        }
        let on_trip: Vec<OnTrip> = Query::new("SELECT id FROM consignment WHERE trip_id = ")
            .bind(known.trip)
            .push(" ORDER BY number")
            .all(db)
            .await?;
        let mut waybills = Vec::with_capacity(on_trip.len());
        for OnTrip { id } in on_trip {
            let known = find::<DraftError>(db, &self.actor, id.into()).await?;
            if known.state() != State::Cancelled {
                waybills.push(waybill(db, &self.actor, &known).await?);
            }
        }
        Ok(waybills)
    }
}

async fn waybill(
    db: &impl ConnectionTrait,
    actor: &Actor,
    known: &Known,
) -> Result<Waybill, DbErr> {
    let mut pieces: BTreeMap<BatchId, (i64, i64)> = BTreeMap::new();
    for taken in taken(db, known.id).await? {
        let (all, loose) = pieces.entry(taken.batch).or_default();
        *all += taken.pieces;
        if taken.pack.is_none() {
            *loose += taken.pieces;
        }
    }
    let mut titles = titles(db, pieces.keys().copied()).await?;
    let mut packs = packs(db, known.id).await?;
    let mut lines = Vec::with_capacity(pieces.len());
    for (batch, (all, loose)) in pieces {
        let Some(title) = titles.remove(&batch) else { continue };
        let packs = packs.remove(&batch).unwrap_or_default();
        let of = |kind| packs.iter().filter(|pack| pack.kind == kind).count() as i64;
        let parts = (of(PackKind::Carton), of(PackKind::Bundle), loose);
        let carton = (title.carton_weight_g, title.carton_volume_cm3);
        lines.push(WaybillLine { load: load(title.packing, parts, all, carton), title, packs });
    }
    lines.sort_by(|a, b| {
        let key = |line: &WaybillLine| (line.title.outside_name.clone(), line.title.code);
        key(a).cmp(&key(b))
    });
    Ok(Waybill {
        id: known.id,
        code: known.code,
        number: known.number.clone(),
        state: known.state(),
        from_place: place(db, &known.from).await?,
        to_place: place(db, &known.to).await?,
        from: known.from.clone(),
        to: known.to.clone(),
        trip: trip(db, actor, known.trip).await?,
        dispatched_at: known.dispatched.map(|(at, _)| at),
        total: Load::sum(lines.iter().map(|line| line.load)),
        lines,
    })
}

/// Who drives is for those who send, receive or look into what is missing.
pub(super) async fn trip(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: Uuid,
) -> Result<TripDetails, DbErr> {
    let row: Option<TripRow> =
        Query::new("SELECT driver, vehicle, leaves_on FROM trip WHERE id = ")
            .bind(id)
            .one(db)
            .await?;
    let is_for = [Permission::Dispatch, Permission::Deliver, Permission::Reconcile];
    let is_for = is_for.into_iter().any(|permission| actor.role.may(permission));
    Ok(row.map_or_else(TripDetails::default, |row| match is_for {
        true => TripDetails::kept(row.driver, row.vehicle, row.leaves_on),
        false => TripDetails::kept(String::new(), String::new(), row.leaves_on),
    }))
}

async fn place(db: &impl ConnectionTrait, store: &StoreRef) -> Result<String, DbErr> {
    let row: Option<PlaceRow> = Query::new(
        "SELECT p.name_en FROM store s JOIN place p ON p.code = s.place_code WHERE s.id = ",
    )
    .bind(store.id.uuid())
    .one(db)
    .await?;
    Ok(row.map(|row| row.name_en).unwrap_or_default())
}

/// The packs of a consignment, as they were listed, in the order of their numbers.
pub(super) async fn packs(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<BTreeMap<BatchId, Vec<WaybillPack>>, DbErr> {
    let rows: Vec<PackRow> = Query::new(
        "SELECT p.batch_id, p.code, p.kind, p.number, p.total
         FROM consignment_line l JOIN pack p ON p.id = l.pack_id WHERE l.consignment_id = ",
    )
    .bind(id.uuid())
    .all(db)
    .await?;
    let mut packs: BTreeMap<BatchId, Vec<WaybillPack>> = BTreeMap::new();
    for row in rows {
        let code = Code::parse(&row.code)
            .map_err(|_| DbErr::Type(format!("{:?} is not a code", row.code)))?;
        let kind = super::shelf::kind(&row.kind);
        let pack = WaybillPack { kind, number: row.number, total: row.total, code };
        packs.entry(row.batch_id.into()).or_default().push(pack);
    }
    for packs in packs.values_mut() {
        packs.sort_by_key(|pack| (pack.kind, pack.number, pack.code));
    }
    Ok(packs)
}
