//! What travelled: a waybill for each province, and from there to the partner's stores.

use super::Told;
use super::clock::{june, may};
use super::places::Province;
use super::stage::Stage;
use super::supply::pieces;
use domain::account::Account;
use domain::consignment::{CountedLine, PaperState, Rest};
use domain::ids::{BatchId, ConsignmentId, MaterialId, OrgId, PackId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::records::consignment::{Delivery, DifferenceReason, DifferenceReasons, DifferenceSide};
use domain::role::Actor;
use domain::time::Day;
use stock::consignments::{Carrier, LineWish, NewConsignment, TripDetails};

/// What the receiver found of a material that is not as it was sent.
#[derive(Clone, Copy)]
pub enum Found {
    Missing(MaterialId, i64),
    Wet(MaterialId, i64),
}

impl Found {
    const fn of(&self) -> MaterialId {
        match self {
            Self::Missing(of, _) | Self::Wet(of, _) => *of,
        }
    }
}

/// From the central store to the five provinces, in May.
pub async fn to_provinces(stage: &Stage) -> Told<()> {
    let goods = &stage.goods;
    let sends = &stage.cast.logistics;
    stage.it_is(may(20), 7);
    let balkh = loads(stage, Province::Balkh, own("KBL 1 (invented)")?, 3).await?;
    leaves(stage, sends, balkh).await?;
    // Two provinces on one lorry; Helmand gets leaflets beyond its kits.
    stage.it_is(may(21), 7);
    let kandahar = loads(stage, Province::Kandahar, own("KBL 2 (invented)")?, 2).await?;
    let helmand = loads(stage, Province::Helmand, Carrier::With(kandahar), 2).await?;
    let more = LineWish::Material(goods.leaflet, pieces(1_000)?);
    stage.by(sends).add_lines(helmand, more).await?;
    leaves(stage, sends, kandahar).await?;
    leaves(stage, sends, helmand).await?;
    stage.it_is(may(22), 7);
    let nuristan = loads(stage, Province::Nuristan, own("KBL 3 (invented)")?, 1).await?;
    leaves(stage, sends, nuristan).await?;
    let kabul = loads(stage, Province::Kabul, own("KBL 4 (invented)")?, 3).await?;
    leaves(stage, sends, kabul).await?;

    let counts = |day, province, id, found| counts_in(stage, day, province, id, found);
    counts(may(23), Province::Kabul, kabul, None).await?;
    counts(may(23), Province::Balkh, balkh, None).await?;
    let missing = Found::Missing(goods.sticker, 500);
    counts(may(24), Province::Kandahar, kandahar, Some(missing)).await?;
    counts(may(25), Province::Helmand, helmand, None).await?;
    let wet = Found::Wet(goods.leaflet, 40);
    counts(may(27), Province::Nuristan, nuristan, Some(wet)).await?;

    stage.it_is(june(1), 10);
    let papers = [
        (balkh, PaperState::BackSigned),
        (kabul, PaperState::BackSigned),
        (kandahar, PaperState::BackUnsigned),
        (nuristan, PaperState::Lost),
    ];
    for (id, state) in papers {
        stage.by(sends).set_paper(stage.said(""), id, state, None).await?;
    }
    Ok(())
}

/// Kits from the central store, on the paper.
async fn loads(
    stage: &Stage,
    province: Province,
    carrier: Carrier,
    count: i64,
) -> Told<ConsignmentId> {
    let ends = (stage.places.central, stage.provincial(province)?);
    prepares(stage, &stage.cast.logistics, ends, carrier, &[kits(stage, count)?]).await
}

/// From each provincial store to the partner's store beside it.
pub async fn to_partner(stage: &Stage) -> Told<()> {
    let goods = &stage.goods;
    let lines = |leaflets, stickers, magazines| {
        let wish = |material, n| Ok(LineWish::Material(material, pieces(n)?));
        [(goods.leaflet, leaflets), (goods.sticker, stickers), (goods.magazine, magazines)]
            .into_iter()
            .map(|(material, n)| wish(material, n))
            .collect::<Told<Vec<_>>>()
    };
    let journeys = [
        (may(28), Province::Balkh, vec![kits(stage, 3)?]),
        (may(28), Province::Kabul, vec![kits(stage, 3)?]),
        // What came: one carton of stickers is missing.
        (may(29), Province::Kandahar, lines(5_000, 4_500, 500)?),
        (may(30), Province::Helmand, vec![kits(stage, 2)?]),
        // Forty leaflets stay behind, wet.
        (may(31), Province::Nuristan, lines(2_460, 2_500, 250)?),
    ];
    for (day, province, wishes) in journeys {
        let (from, to) = (stage.provincial(province)?, stage.field(province)?);
        let keeper = stage.keeper(province)?;
        stage.it_is(day, 8);
        let id = prepares(stage, keeper, (from, to), own("hired (invented)")?, &wishes).await?;
        leaves(stage, keeper, id).await?;
        if province == Province::Nuristan {
            told_by_phone(stage, Day(day.0 + 2), province, id).await?;
        } else {
            stage.it_is(Day(day.0 + 1), 9);
            let lines = counted(stage, keeper, id, None).await?;
            delivers(stage, &stage.cast.worker, id, lines, (Rest::NothingMore, None)).await?;
        }
    }
    Ok(())
}

/// The partner has no network there: the keeper writes down what was told, the partner confirms.
async fn told_by_phone(stage: &Stage, day: Day, province: Province, id: ConsignmentId) -> Told<()> {
    let keeper = stage.keeper(province)?;
    stage.it_is(day, 16);
    let lines = counted(stage, keeper, id, None).await?;
    let behalf = Some(stage.places.partner);
    let told = delivers(stage, keeper, id, lines, (Rest::NothingMore, behalf)).await?;
    stage.it_is(Day(day.0 + 2), 9);
    stage.by(&stage.cast.worker).confirm(stage.said(""), told).await?;
    Ok(())
}

pub fn kits(stage: &Stage, kits: i64) -> Told<LineWish> {
    Ok(LineWish::Kit(stage.goods.kit, pieces(kits)?))
}

pub fn own(vehicle: &str) -> Told<Carrier> {
    Ok(Carrier::Own(TripDetails::new("Driver (invented)", vehicle, None)?))
}

/// A draft with its lines.
pub async fn prepares(
    stage: &Stage,
    sender: &Actor,
    (from, to): (StoreId, StoreId),
    carrier: Carrier,
    wishes: &[LineWish],
) -> Told<ConsignmentId> {
    let id = stage.id();
    let writer = stage.by(sender);
    writer.draft_consignment(NewConsignment { id, from, to, carrier }).await?;
    for wish in wishes {
        writer.add_lines(id, wish.clone()).await?;
    }
    Ok(id)
}

pub async fn leaves(stage: &Stage, sender: &Actor, id: ConsignmentId) -> Told<()> {
    stage.by(sender).dispatch(stage.said(""), id).await?;
    Ok(())
}

/// The keeper of a province counts what came, and says why something is missing.
async fn counts_in(
    stage: &Stage,
    day: Day,
    province: Province,
    id: ConsignmentId,
    found: Option<Found>,
) -> Told<()> {
    stage.it_is(day, 11);
    let keeper = stage.keeper(province)?;
    let lines = counted(stage, &stage.cast.logistics, id, found).await?;
    delivers(stage, keeper, id, lines, (Rest::NothingMore, None)).await?;
    let differences = stage.seen_by(keeper).consignment(id).await?.lines;
    let missing =
        differences.iter().filter(|line| line.tally.is_some_and(|tally| tally.in_transit() > 0));
    let reasons: Vec<DifferenceReason> = missing
        .map(|line| DifferenceReason {
            batch: line.title.batch,
            side: DifferenceSide::Missing,
            reason: Reason::Missing,
        })
        .collect();
    if !reasons.is_empty() {
        let reasons = DifferenceReasons { consignment: id, reasons };
        let said = stage.said("the seals of the lorry were broken at a checkpoint");
        stage.by(keeper).give_reasons(said, reasons).await?;
    }
    Ok(())
}

pub async fn delivers(
    stage: &Stage,
    receiver: &Actor,
    consignment: ConsignmentId,
    lines: Vec<CountedLine>,
    (rest, on_behalf): (Rest, Option<OrgId>),
) -> Told<RecordId> {
    let delivery = Delivery { consignment, lines, rest, besides: Vec::new() };
    let mut said = stage.said(if on_behalf.is_some() { "told by phone" } else { "" });
    said.envelope.on_behalf = on_behalf;
    Ok(stage.by(receiver).deliver(said, delivery).await?.record)
}

/// What lies on the vehicle for the receiver to count: what the sender loaded, but for what was
/// lost or got wet on the way.
pub async fn counted(
    stage: &Stage,
    sender: &Actor,
    id: ConsignmentId,
    mut found: Option<Found>,
) -> Told<Vec<CountedLine>> {
    let sent = stage.seen_by(sender).consignment(id).await?.lines;
    let mut lines = Vec::new();
    for line in sent {
        let (batch, packing) = (line.title.batch, line.title.packing);
        let sent = line.tally.map_or(0, |tally| tally.sent);
        // Of one batch, where there are several of the material.
        let (missing, damaged) = match found.take_if(|found| found.of() == line.title.material) {
            Some(Found::Missing(_, pieces)) => (pieces, 0),
            Some(Found::Wet(_, pieces)) => (0, pieces),
            None => (0, 0),
        };
        let good = sent - missing - damaged;
        let full_cartons = good / packing.per_carton();
        let packs = match missing {
            0 => Vec::new(),
            _ => scanned(stage, sender, (id, batch), good).await?,
        };
        lines.push(CountedLine {
            batch,
            full_cartons,
            packs,
            good,
            damaged,
            damage: (damaged > 0).then_some(Reason::Wet),
        });
    }
    Ok(lines)
}

/// The labels of the cartons that are there.
async fn scanned(
    stage: &Stage,
    sender: &Actor,
    (id, batch): (ConsignmentId, BatchId),
    good: i64,
) -> Told<Vec<PackId>> {
    let mut room = good;
    let packs = stage.seen_by(sender).packs_of(batch).await?;
    let there = packs.iter().filter(|pack| pack.at == Some(Account::in_transit(id)));
    let fits = there.filter(|pack| {
        let fits = pack.nominal <= room;
        room -= if fits { pack.nominal } else { 0 };
        fits
    });
    Ok(fits.map(|pack| pack.id).collect())
}
