//! The lines of a draft: by labels, by material, by kit.
//!
//! Everything that is wanted at once is added or nothing is, so that what stays in the form is
//! what still has to be typed.

use super::draft::{DraftError, require_draft};
use super::find::find_sent;
use super::promised::promised;
use super::shelf::{Shelf, Way, shelf, taken, taken_beside};
use super::wish::{Before, CodeProblem, CodeTrouble, LineError, LineWish, MaterialLacking};
use crate::access::{Reader, Writer};
use crate::query::{Query, insert_rows};
use crate::reference::kits;
use domain::code::Code;
use domain::consignment::{Picked, pick};
use domain::ids::{BatchId, ConsignmentId, KitId, KitVersionId, MaterialId, PackId, StoreId};
use domain::pieces::{MOST_PIECES, Pieces};
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct CodeRow {
    code: String,
    kind: String,
    subject_id: Uuid,
    state: String,
}

#[derive(FromQueryResult)]
struct PackAt {
    id: Uuid,
    batch_id: Uuid,
    nominal: i64,
    here: bool,
    in_carton: bool,
}

#[derive(FromQueryResult)]
struct Titled {
    title: String,
}

impl Reader<'_> {
    /// What is wrong with labels that somebody wants to load, without loading any.
    pub async fn judge_codes(
        &self,
        id: ConsignmentId,
        codes: &[(Code, Option<Pieces>)],
    ) -> Result<Vec<CodeProblem>, LineError> {
        let db = self.stock.db.read();
        let known = find_sent::<LineError>(db, &self.actor, id).await?;
        let mut listed = taken(db, id).await?;
        listed.extend(taken_beside(db, &self.actor, &known).await?);
        let mut shelf = shelf(db, Way::of(&known), &BTreeSet::new()).await?;
        shelf.without(&listed);
        let listed = listed.iter().filter_map(|taken| taken.pack).collect();
        match by_codes(db, known.from.id, &mut shelf, codes, listed).await {
            Ok(_) => Ok(Vec::new()),
            Err(LineError::Codes(problems)) => Ok(problems),
            Err(error) => Err(error),
        }
    }
}

impl Writer<'_> {
    /// Adds lines to a draft.
    pub async fn add_lines(&self, id: ConsignmentId, wish: LineWish) -> Result<(), LineError> {
        self.add(id, wish, Before::Whatever).await
    }

    /// Adds lines to a draft on which so many pieces stand, as whoever adds has read: sent twice,
    /// they are added once.
    pub async fn add_lines_to(
        &self,
        id: ConsignmentId,
        pieces: i64,
        wish: LineWish,
    ) -> Result<(), LineError> {
        self.add(id, wish, Before::Pieces(pieces)).await
    }

    async fn add(
        &self,
        id: ConsignmentId,
        wish: LineWish,
        before: Before,
    ) -> Result<(), LineError> {
        self.require(Permission::Dispatch)?;
        let (now, actor) = (self.stock.world.now(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let (actor, wish) = (actor.clone(), wish.clone());
                Box::pin(async move {
                    let known = require_draft::<LineError>(tx, &actor, id, now).await?;
                    let mut listed = taken(tx, id).await?;
                    before.check(listed.iter().map(|taken| taken.pieces).sum())?;
                    listed.extend(taken_beside(tx, &actor, &known).await?);
                    let wanted = match &wish {
                        LineWish::Codes(_) => BTreeMap::new(),
                        LineWish::Material(material, pieces) => {
                            BTreeMap::from([(*material, pieces.get())])
                        }
                        LineWish::Kit(kit, times) => kit_pieces(tx, *kit, times.get(), now).await?,
                    };
                    let materials: BTreeSet<MaterialId> = wanted.keys().copied().collect();
                    let mut shelf = shelf(tx, Way::of(&known), &materials).await?;
                    shelf.without(&listed);
                    shelf.promise(&promised(tx, &known).await?);
                    let picked = match &wish {
                        LineWish::Codes(codes) => {
                            let listed = listed.iter().filter_map(|taken| taken.pack).collect();
                            by_codes(tx, known.from.id, &mut shelf, codes, listed).await?
                        }
                        LineWish::Material(..) | LineWish::Kit(..) => {
                            by_materials(tx, &shelf, &wanted).await?
                        }
                    };
                    insert(tx, id, &shelf, picked).await
                })
            })
            .await
    }

    /// Takes a line off a draft; one that is not there any more was taken off before.
    pub async fn remove_line(&self, id: ConsignmentId, line: i64) -> Result<(), DraftError> {
        self.require(Permission::Dispatch)?;
        let (now, actor) = (self.stock.world.now(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let actor = actor.clone();
                Box::pin(async move {
                    require_draft::<DraftError>(tx, &actor, id, now).await?;
                    Query::new("DELETE FROM consignment_line WHERE id = ")
                        .bind(line)
                        .push(" AND consignment_id = ")
                        .bind(id.uuid())
                        .run(tx)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Takes all lines of one batch off a draft.
    pub async fn remove_batch(&self, id: ConsignmentId, batch: BatchId) -> Result<(), DraftError> {
        self.require(Permission::Dispatch)?;
        let (now, actor) = (self.stock.world.now(), self.actor.clone());
        self.stock
            .db
            .write(move |tx| {
                let actor = actor.clone();
                Box::pin(async move {
                    require_draft::<DraftError>(tx, &actor, id, now).await?;
                    Query::new("DELETE FROM consignment_line WHERE batch_id = ")
                        .bind(batch.uuid())
                        .push(" AND consignment_id = ")
                        .bind(id.uuid())
                        .run(tx)
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

#[derive(FromQueryResult)]
struct KitLine {
    version_id: Uuid,
    material_id: Uuid,
    pieces: i64,
}

async fn kit_pieces(
    tx: &impl ConnectionTrait,
    kit: KitId,
    times: i64,
    now: Millis,
) -> Result<BTreeMap<MaterialId, i64>, LineError> {
    let lines: Vec<KitLine> = Query::new(
        "SELECT v.id AS version_id, l.material_id, l.pieces FROM kit k
         JOIN kit_version v ON v.kit_id = k.id JOIN kit_line l ON l.kit_version_id = v.id
         WHERE k.retired_at IS NULL AND v.version =
            (SELECT MAX(w.version) FROM kit_version w WHERE w.kit_id = k.id) AND k.id = ",
    )
    .bind(kit.uuid())
    .all(tx)
    .await?;
    let Some(version) = lines.first().map(|line| KitVersionId::new(line.version_id)) else {
        return Err(LineError::UnknownKit);
    };
    kits::mark_used(tx, version, now).await?;
    lines
        .into_iter()
        .map(|line| {
            let pieces = line.pieces.checked_mul(times).filter(|pieces| *pieces <= MOST_PIECES);
            Ok((MaterialId::new(line.material_id), pieces.ok_or(LineError::TooMany)?))
        })
        .collect()
}

async fn by_materials(
    tx: &impl ConnectionTrait,
    shelf: &Shelf,
    wanted: &BTreeMap<MaterialId, i64>,
) -> Result<Vec<Picked>, LineError> {
    let mut picked = Vec::new();
    let mut lacking = Vec::new();
    for (material, pieces) in wanted {
        match pick(&shelf.of(*material), *pieces) {
            Ok(more) => picked.extend(more),
            Err(why) => {
                let titled: Option<Titled> = Query::new("SELECT title FROM material WHERE id = ")
                    .bind(material.uuid())
                    .one(tx)
                    .await?;
                let Titled { title } = titled.ok_or(LineError::UnknownMaterial)?;
                lacking.push(MaterialLacking { material: *material, title, lacking: why });
            }
        }
    }
    if lacking.is_empty() { Ok(picked) } else { Err(LineError::Lacking(lacking)) }
}

async fn by_codes(
    tx: &impl ConnectionTrait,
    from: StoreId,
    shelf: &mut Shelf,
    codes: &[(Code, Option<Pieces>)],
    mut listed: BTreeSet<PackId>,
) -> Result<Vec<Picked>, LineError> {
    let rows: Vec<CodeRow> =
        Query::new("SELECT code, kind, subject_id, state FROM code WHERE code IN ")
            .list(codes.iter().map(|(code, _)| code.as_str()))
            .all(tx)
            .await?;
    let packs: Vec<PackAt> = Query::new(
        "SELECT p.id, p.batch_id, p.nominal,
            (a.kind = 'store' AND NOT a.shadow AND a.owner_id = ",
    )
    .bind(from.uuid())
    .push(
        ") AS here, (s.account_id IS NULL AND o.account_id IS NOT NULL) AS in_carton
         FROM pack p JOIN pack_state s ON s.pack_id = p.id
         LEFT JOIN pack_state o ON o.pack_id = p.parent_id
         JOIN account a ON a.id = COALESCE(s.account_id, o.account_id) WHERE p.id IN ",
    )
    .list(rows.iter().map(|row| row.subject_id))
    .all(tx)
    .await?;
    let mut picked = Vec::new();
    let mut problems = Vec::new();
    // A scanner reads twice what is read once.
    let mut read = BTreeSet::new();
    let mut is_new = |code: Code, pieces: Option<Pieces>| pieces.is_some() || read.insert(code);
    for (code, pieces) in codes.iter().filter(|(code, pieces)| is_new(*code, *pieces)) {
        let row = rows.iter().find(|row| row.code == code.as_str());
        match by_code(shelf, row, &packs, *pieces, &mut listed) {
            Ok(more) => picked.push(more),
            Err(why) => problems.push(CodeProblem { code: *code, why }),
        }
    }
    if problems.is_empty() { Ok(picked) } else { Err(LineError::Codes(problems)) }
}

fn by_code(
    shelf: &mut Shelf,
    row: Option<&CodeRow>,
    packs: &[PackAt],
    pieces: Option<Pieces>,
    listed: &mut BTreeSet<PackId>,
) -> Result<Picked, CodeTrouble> {
    let row = row.ok_or(CodeTrouble::Unknown)?;
    if row.state != "active" {
        return Err(CodeTrouble::Voided);
    }
    let (batch, pack) = match row.kind.as_str() {
        "batch" => (BatchId::new(row.subject_id), None),
        "pack" => {
            let pack = packs.iter().find(|pack| pack.id == row.subject_id);
            let pack = pack.ok_or(CodeTrouble::NotInStore)?;
            (BatchId::new(pack.batch_id), Some(pack))
        }
        _ => return Err(CodeTrouble::NotStock),
    };
    if let Some(pack) = pack {
        if listed.contains(&PackId::new(pack.id)) {
            return Err(CodeTrouble::AlreadyListed);
        }
        if !pack.here {
            return Err(CodeTrouble::NotInStore);
        }
        if pack.in_carton {
            return Err(CodeTrouble::InCarton);
        }
    }
    let Some((_, on_hand)) = shelf.batches.get_mut(&batch) else {
        return Err(CodeTrouble::NotInStore);
    };
    if let Some(why) = on_hand.blocked {
        return Err(CodeTrouble::Blocked(why));
    }
    match (pack, pieces) {
        (Some(_), Some(_)) => Err(CodeTrouble::WholePack),
        (Some(pack), None) => {
            let id = PackId::new(pack.id);
            if on_hand.sealed.iter().all(|sealed| sealed.id != id) {
                return Err(CodeTrouble::NotSealed);
            }
            if on_hand.free < pack.nominal {
                return Err(CodeTrouble::NotEnough { available: on_hand.free });
            }
            on_hand.free -= pack.nominal;
            on_hand.sealed.retain(|sealed| sealed.id != id);
            listed.insert(id);
            Ok(Picked { batch, packs: vec![id], loose: 0 })
        }
        (None, None) => Err(CodeTrouble::PiecesMissing { available: on_hand.free }),
        (None, Some(pieces)) => {
            let picked = pick(std::slice::from_ref(on_hand), pieces.get())
                .map_err(|lacking| CodeTrouble::NotEnough { available: lacking.available })?
                .pop()
                .ok_or(CodeTrouble::NotInStore)?;
            on_hand.free -= pieces.get();
            on_hand.sealed.retain(|sealed| !picked.packs.contains(&sealed.id));
            listed.extend(&picked.packs);
            Ok(picked)
        }
    }
}

async fn insert(
    tx: &impl ConnectionTrait,
    id: ConsignmentId,
    shelf: &Shelf,
    picked: Vec<Picked>,
) -> Result<(), LineError> {
    let mut packs = Vec::new();
    let mut loose: BTreeMap<BatchId, i64> = BTreeMap::new();
    for picked in picked {
        for pack in picked.packs {
            // Every picked pack was found on this shelf.
            let Some(nominal) = shelf.nominal.get(&pack) else { continue };
            packs.push([
                id.uuid().into(),
                picked.batch.uuid().into(),
                pack.uuid().into(),
                (*nominal).into(),
            ]);
        }
        if picked.loose > 0 {
            *loose.entry(picked.batch).or_default() += picked.loose;
        }
    }
    insert_rows(tx, "consignment_line (consignment_id, batch_id, pack_id, pieces)", packs, "")
        .await?;
    let loose = loose
        .into_iter()
        .map(|(batch, pieces)| [id.uuid().into(), batch.uuid().into(), pieces.into()])
        .collect();
    let add = "ON CONFLICT (consignment_id, batch_id) WHERE pack_id IS NULL
        DO UPDATE SET pieces = consignment_line.pieces + excluded.pieces";
    insert_rows(tx, "consignment_line (consignment_id, batch_id, pieces)", loose, add).await?;
    Ok(())
}
