//! What a quarter needs: printed, sent to the provinces, and from there to the partners' stores.

use super::dice::Dice;
use super::sites::{Edition, LEAFLETS, MAGAZINES, STICKERS, Sites};
use crate::demo::Told;
use crate::demo::roads::{Found, counted, delivers, leaves, own, prepares};
use crate::demo::stage::{Stage, asked};
use crate::demo::supply::{cartons, pieces, places_order, receipt};
use domain::consignment::Rest;
use domain::ids::{BatchId, ConsignmentId, MaterialId};
use domain::ledger::Reason;
use domain::records::consignment::{Became, Explain};
use domain::time::Day;
use stock::consignments::LineWish;

/// Pieces of each material in a carton.
const CARTONS: [i64; 3] = [1_000, 500, 100];
const KIT: [i64; 3] = [LEAFLETS, STICKERS, MAGAZINES];
/// Thousandths of a kit that stay in a partner's store.
const RESERVE: i64 = 400;

/// Supplies a quarter that begins on `first`; `needs` are thousandths of a kit by site. Gives the
/// movements that it made.
pub async fn supply(
    stage: &Stage,
    sites: &mut Sites,
    dice: &mut Dice,
    first: Day,
    needs: &[i64],
) -> Told<u32> {
    let missing = |(site, need): (&super::sites::Site, &i64)| {
        let lacks = need + RESERVE - site.stock;
        (lacks.max(0) + 999) / 1_000
    };
    let to_sites: Vec<i64> = sites.sites.iter().zip(needs).map(missing).collect();
    let mut to_regions = vec![0; sites.regions.len()];
    for (site, kits) in sites.sites.iter().zip(&to_sites) {
        to_regions[site.region] += kits;
    }
    for (region, kits) in sites.regions.iter().zip(&mut to_regions) {
        // One more than is sent on: a carton may be lost.
        *kits = (*kits + 1 - region.spare).max(0);
    }
    let mut moved = 0;
    for number in 0..sites.editions.len() {
        let of_edition = sites.regions.iter().zip(&to_regions);
        let of_edition = of_edition.filter(|(region, _)| region.edition == number);
        let kits: i64 = of_edition.map(|(_, kits)| kits).sum();
        let edition = &mut sites.editions[number];
        let lacks = kits + 2 - edition.spare;
        if lacks > 0 {
            moved += prints(stage, edition, dice, first, lacks).await?;
            edition.spare += lacks;
        }
        edition.spare -= kits;
    }
    moved += to_provinces(stage, sites, dice, first, &to_regions).await?;
    moved += to_partners(stage, sites, first, &to_sites).await?;
    Ok(moved)
}

/// A run of each material of an edition, which comes with a few cartons more.
async fn prints(
    stage: &Stage,
    edition: &Edition,
    dice: &mut Dice,
    first: Day,
    kits: i64,
) -> Told<u32> {
    let materials = [edition.leaflet, edition.sticker, edition.magazine];
    for (n, material) in materials.into_iter().enumerate() {
        stage.it_is(first, 9);
        let ordered = kits * KIT[n];
        let when = (Day(first.0 - 30), Day(first.0 + 5), ordered * 12);
        let run = places_order(stage, material, ordered, "INVENTED", when).await?;
        stage.it_is(Day(first.0 + 1), 10);
        let count = ordered / CARTONS[n] + dice.between(0, 1);
        let body = receipt(stage, run, vec![cartons(count.try_into()?, CARTONS[n])?]);
        let said = asked(stage.said_plainly());
        let received = stage.by(&stage.cast.logistics).receive(said, body).await?;
        if received.on_hold {
            let said = stage.said_plainly();
            stage.by(&stage.cast.second).confirm(said, received.receipt).await?;
        }
    }
    Ok(3)
}

async fn to_provinces(
    stage: &Stage,
    sites: &mut Sites,
    dice: &mut Dice,
    first: Day,
    kits: &[i64],
) -> Told<u32> {
    let sends = &stage.cast.logistics;
    stage.it_is(Day(first.0 + 2), 7);
    let mut on_the_road = Vec::new();
    for (number, kits) in kits.iter().enumerate().filter(|(_, kits)| **kits > 0) {
        let region = &sites.regions[number];
        let wish = LineWish::Kit(sites.editions[region.edition].kit, pieces(*kits)?);
        let ends = (stage.places.central, region.store);
        let id = prepares(stage, sends, ends, own("KBL (invented)")?, &[wish]).await?;
        leaves(stage, sends, id).await?;
        on_the_road.push((number, id));
    }
    let mut moved = 0;
    stage.it_is(Day(first.0 + 4), 9);
    for (number, id) in on_the_road {
        let region = &mut sites.regions[number];
        let sticker = sites.editions[region.edition].sticker;
        let lost = dice.one_in(40).then_some(Found::Missing(sticker, CARTONS[1]));
        let lines = counted(stage, sends, id, lost).await?;
        let short = lines.iter().find(|line| !line.packs.is_empty()).map(|line| line.batch);
        delivers(stage, &region.keeper, id, lines, (Rest::NothingMore, None)).await?;
        region.spare += kits[number];
        moved += 2;
        if let Some(batch) = short {
            explains(stage, id, batch).await?;
            region.spare -= 1;
            moved += 1;
        }
    }
    Ok(moved)
}

/// The driver says that the carton was stolen.
async fn explains(stage: &Stage, consignment: ConsignmentId, batch: BatchId) -> Told<()> {
    let lost = Explain {
        consignment,
        batch,
        pieces: pieces(CARTONS[1])?,
        became: Became::Lost,
        reason: Reason::Stolen,
    };
    stage.by(&stage.cast.logistics).explain(stage.said_plainly(), lost).await?;
    Ok(())
}

async fn to_partners(stage: &Stage, sites: &mut Sites, first: Day, kits: &[i64]) -> Told<u32> {
    stage.it_is(Day(first.0 + 5), 8);
    let mut on_the_road = Vec::new();
    for (number, kits) in kits.iter().enumerate().filter(|(_, kits)| **kits > 0) {
        let site = &sites.sites[number];
        let region = &mut sites.regions[site.region];
        let wish = LineWish::Kit(sites.editions[region.edition].kit, pieces(*kits)?);
        let ends = (region.store, site.store);
        let id = prepares(stage, &region.keeper, ends, own("hired (invented)")?, &[wish]).await?;
        leaves(stage, &region.keeper, id).await?;
        region.spare -= kits;
        on_the_road.push((number, id));
    }
    stage.it_is(Day(first.0 + 7), 9);
    let mut moved = 0;
    for (number, id) in on_the_road {
        let site = &mut sites.sites[number];
        let keeper = &sites.regions[site.region].keeper;
        let lines = counted(stage, keeper, id, None).await?;
        delivers(stage, &site.worker, id, lines, (Rest::NothingMore, None)).await?;
        site.stock += kits[number] * 1_000;
        moved += 2;
    }
    Ok(moved)
}

/// The materials of an edition in the order of [`KIT`].
pub fn materials(edition: &Edition) -> [(MaterialId, i64); 3] {
    let materials = [edition.leaflet, edition.sticker, edition.magazine];
    [0, 1, 2].map(|n| (materials[n], KIT[n]))
}
