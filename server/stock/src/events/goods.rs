//! The batches behind codes and materials, and what a store and an event hold of them.

use super::holdings::{Holder, holdings};
use crate::access::Reader;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::account::Account;
use domain::code::Code;
use domain::event_sheet::batches::{Place, Stocked, Taken, take};
use domain::ids::{BatchId, EventId, MaterialId, PackId, StoreId};
use domain::ledger::{Draft, MovementKind};
use domain::pack::PackState;
use domain::records::events::Goods;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a code on a carton, bundle or batch stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FoundCode {
    pub code: Code,
    pub batch: BatchId,
    pub material: MaterialId,
    /// A pack with its nominal pieces; else the code is of the batch.
    pub pack: Option<(PackId, i64)>,
    /// The pack was opened or is empty: its nominal pieces say nothing any more.
    pub opened: bool,
    /// The store in which the books have the pack.
    pub store: Option<StoreId>,
}

/// Why a code cannot be used here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeProblem {
    Unknown,
    /// Its label was never stuck on anything, or is no longer valid.
    NotActive,
    /// A code of a consignment or event.
    OtherKind,
}

#[derive(FromQueryResult)]
struct CodeRow {
    code: String,
    kind: String,
    state: String,
    batch_id: Option<Uuid>,
    material_id: Option<Uuid>,
    pack_id: Option<Uuid>,
    nominal: Option<i64>,
    pack_state: Option<String>,
    store_id: Option<Uuid>,
}

impl Reader<'_> {
    /// Reads codes before a form is posted, in their order.
    pub async fn find_codes(
        &self,
        codes: &[Code],
    ) -> Result<Vec<(Code, Result<FoundCode, CodeProblem>)>, DbErr> {
        find_codes(self.stock.db.read(), codes).await
    }
}

pub(super) async fn find_codes(
    db: &impl ConnectionTrait,
    codes: &[Code],
) -> Result<Vec<(Code, Result<FoundCode, CodeProblem>)>, DbErr> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<CodeRow> = Query::new(
        "SELECT c.code, c.kind, c.state, b.id AS batch_id, b.material_id, p.id AS pack_id,
            p.nominal, k.state AS pack_state, a.owner_id AS store_id
         FROM code c LEFT JOIN pack p ON p.id = c.subject_id
         LEFT JOIN pack_state k ON k.pack_id = p.id
         LEFT JOIN pack_state o ON o.pack_id = p.parent_id
         LEFT JOIN account a ON a.id = COALESCE(k.account_id, o.account_id) AND a.kind = 'store'
         LEFT JOIN batch b ON b.id = COALESCE(p.batch_id, c.subject_id) WHERE c.code IN ",
    )
    .list(codes.iter().map(|code| code.as_str().to_owned()))
    .all(db)
    .await?;
    let found = |code: &Code| {
        let row = rows.iter().find(|row| row.code == code.as_str()).ok_or(CodeProblem::Unknown)?;
        match row.kind.as_str() {
            "batch" | "pack" if row.state == "active" => {}
            "batch" | "pack" => return Err(CodeProblem::NotActive),
            _ => return Err(CodeProblem::OtherKind),
        }
        let (Some(batch), Some(material)) = (row.batch_id, row.material_id) else {
            return Err(CodeProblem::NotActive);
        };
        let pack = row.pack_id.zip(row.nominal).map(|(id, nominal)| (id.into(), nominal));
        let state = row.pack_state.as_deref().and_then(PackState::parse);
        let opened = matches!(state, Some(PackState::Opened | PackState::Empty));
        let (batch, material) = (batch.into(), material.into());
        let store = row.store_id.map(StoreId::new);
        Ok(FoundCode { code: *code, batch, material, pack, opened, store })
    };
    Ok(codes.iter().map(|code| (*code, found(code))).collect())
}

/// The codes that are known, and the first that is not.
pub(super) async fn known_codes(
    db: &impl ConnectionTrait,
    codes: &[Code],
) -> Result<(Vec<FoundCode>, Option<Code>), DbErr> {
    let mut known = Vec::new();
    let mut unknown = None;
    for (code, found) in find_codes(db, codes).await? {
        match found {
            Ok(found) => known.push(found),
            Err(_) => {
                unknown.get_or_insert(code);
            }
        }
    }
    Ok((known, unknown))
}

/// Goods as batches and packs.
pub(super) struct Chosen {
    pub batches: Vec<Stocked>,
    pub packs: Vec<PackId>,
    pub assumed: bool,
}

/// Why goods cannot be booked.
pub(super) enum Unbooked {
    Code(Code),
    NoBatch(MaterialId),
}

/// Reads what somebody says left the store, whether by codes or by material.
pub(super) async fn choose(
    tx: &RecordTx<'_>,
    holder: Holder,
    goods: &Goods,
) -> Result<Result<Chosen, Unbooked>, RecordError> {
    let mut codes = goods.packs.clone();
    codes.extend(goods.batches.iter().map(|(code, _)| *code));
    let (known, unknown) = known_codes(tx.conn.ahead(), &codes).await?;
    if let Some(code) = unknown {
        return Ok(Err(Unbooked::Code(code)));
    }
    let mut chosen = Chosen { batches: Vec::new(), packs: Vec::new(), assumed: false };
    for found in &known {
        let typed = goods.batches.iter().find(|(code, _)| *code == found.code);
        match (typed, found.pack) {
            (Some((_, pieces)), whole) => {
                add(&mut chosen.batches, found.batch, pieces.get());
                // All that was packed was counted off a label that the phone did not know.
                let is_whole = |(pack, nominal): &(PackId, i64)| {
                    *nominal == pieces.get() && !found.opened && !chosen.packs.contains(pack)
                };
                let whole = whole.filter(is_whole).map(|(pack, _)| pack);
                chosen.packs.extend(whole);
            }
            (None, Some((pack, nominal))) if !chosen.packs.contains(&pack) => {
                chosen.packs.push(pack);
                add(&mut chosen.batches, found.batch, nominal);
            }
            (None, Some(_)) => {}
            // The code of a batch among packs says nothing about how many.
            (None, None) => return Ok(Err(Unbooked::Code(found.code))),
        }
    }
    let materials: BTreeSet<MaterialId> = goods.materials.iter().map(|(id, _)| *id).collect();
    let holdings = holdings(tx, holder, &materials, &[], &[]).await?;
    // Who names a material twice means both.
    for (material, pieces) in &goods.materials {
        let mut there = holdings.get(material).cloned().unwrap_or_default();
        for stocked in &mut there.in_store {
            let chosen_before: i64 =
                chosen.batches.iter().filter(|c| c.batch == stocked.batch).map(|c| c.pieces).sum();
            stocked.pieces = (stocked.pieces - chosen_before).max(0);
        }
        match take(pieces.get(), &there) {
            Ok(Taken { batches, assumed }) => {
                chosen.assumed |= assumed;
                for Stocked { batch, pieces } in batches {
                    add(&mut chosen.batches, batch, pieces);
                }
            }
            Err(_) => return Ok(Err(Unbooked::NoBatch(*material))),
        }
    }
    Ok(Ok(chosen))
}

fn add(batches: &mut Vec<Stocked>, batch: BatchId, pieces: i64) {
    match batches.iter_mut().find(|stocked| stocked.batch == batch) {
        Some(stocked) => stocked.pieces += pieces,
        None => batches.push(Stocked { batch, pieces }),
    }
}

/// Notes that nobody said which batch it was.
pub(super) fn note_assumed(tx: &RecordTx<'_>, assumed: bool) {
    if assumed {
        let note = Query::new("INSERT INTO batch_assumed (record_id) VALUES ");
        tx.write_last(note.list([tx.id.uuid()]));
    }
}

#[derive(FromQueryResult)]
struct Known {
    id: Uuid,
}

pub(super) async fn check_materials(
    db: &impl ConnectionTrait,
    materials: &BTreeSet<MaterialId>,
) -> Result<bool, DbErr> {
    if materials.is_empty() {
        return Ok(true);
    }
    let known: Vec<Known> = Query::new("SELECT id FROM material WHERE id IN ")
        .list(materials.iter().map(|material| material.uuid()))
        .all(db)
        .await?;
    Ok(known.iter().map(|row| MaterialId::new(row.id)).collect::<BTreeSet<_>>() == *materials)
}

#[derive(FromQueryResult)]
struct PackRow {
    id: Uuid,
    batch_id: Uuid,
}

/// The packs that stand at an event, by batch.
pub(super) async fn packs_at(
    tx: &RecordTx<'_>,
    event: EventId,
) -> Result<BTreeMap<BatchId, Vec<PackId>>, DbErr> {
    let rows: Vec<PackRow> = Query::new(
        "SELECT p.pack_id AS id, p.batch_id FROM pack_state p JOIN account a ON a.id = p.account_id
         WHERE a.kind = 'at_event' AND NOT a.shadow AND a.owner_id = ",
    )
    .bind(event.uuid())
    .all(tx.conn)
    .await?;
    let mut packs: BTreeMap<BatchId, Vec<PackId>> = BTreeMap::new();
    for row in rows {
        packs.entry(row.batch_id.into()).or_default().push(row.id.into());
    }
    Ok(packs)
}

#[derive(FromQueryResult)]
struct Rest {
    batch_id: Uuid,
}

/// Batches of which pieces are at the event.
async fn still_there(tx: &RecordTx<'_>, event: EventId) -> Result<BTreeSet<BatchId>, DbErr> {
    let rows: Vec<Rest> = Query::new(
        "SELECT x.batch_id FROM balance x JOIN account a ON a.id = x.account_id
         WHERE x.pieces > 0 AND a.kind = 'at_event' AND NOT a.shadow AND a.owner_id = ",
    )
    .bind(event.uuid())
    .all(tx.conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.batch_id.into()).collect())
}

/// Packs of batches that came back whole go back to the store as they are.
pub(super) async fn return_packs(
    tx: &RecordTx<'_>,
    event: &super::EventRow,
    back: &[Stocked],
) -> Result<(), RecordError> {
    let there = still_there(tx, event.id).await?;
    let batches = back.iter().map(|stocked| stocked.batch).filter(|b| !there.contains(b));
    let packs = packs_at(tx, event.id).await?;
    let all: Vec<PackId> =
        batches.flat_map(|b| packs.get(&b).cloned().unwrap_or_default()).collect();
    if all.is_empty() {
        return Ok(());
    }
    tx.set_packs(&all, crate::packs::PackState::Sealed, Some(Account::store(event.store))).await
}

/// What a sheet means for the packs of its batches: empty when nothing came back, opened and back
/// in the store when something did, sealed as they were when all did.
pub(super) async fn settle_packs(
    tx: &RecordTx<'_>,
    place: Place,
    drafts: &[Draft],
    scanned: &[FoundCode],
) -> Result<(), RecordError> {
    use crate::packs::PackState;
    let there = still_there(tx, place.event).await?;
    let at_event = packs_at(tx, place.event).await?;
    let of = |kind: &[MovementKind]| -> BTreeSet<BatchId> {
        let drafts = drafts.iter().filter(|draft| kind.contains(&draft.kind));
        drafts.flat_map(|draft| &draft.lines).map(|line| line.batch).collect()
    };
    let back = of(&[MovementKind::BringBack]);
    let gone = of(&[MovementKind::Give, MovementKind::Damage]);
    let (mut empty, mut opened, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
    for batch in back.union(&gone).filter(|batch| !there.contains(batch)) {
        let mut packs = at_event.get(batch).cloned().unwrap_or_default();
        let brought = scanned.iter().filter(|code| code.batch == *batch);
        packs.extend(brought.filter_map(|code| code.pack.map(|(pack, _)| pack)));
        packs.sort_unstable();
        packs.dedup();
        match (back.contains(batch), gone.contains(batch)) {
            (true, true) => opened.extend(packs),
            (true, false) => sealed.extend(packs),
            (false, _) => empty.extend(packs),
        }
    }
    let store = Some(Account::store(place.store));
    for (packs, state, account) in [
        (empty, PackState::Empty, None),
        (opened, PackState::Opened, store),
        (sealed, PackState::Sealed, store),
    ] {
        if !packs.is_empty() {
            tx.set_packs(&packs, state, account).await?;
        }
    }
    Ok(())
}
