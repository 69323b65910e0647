//! What stood there before, three print runs, and their deliveries: over and under, in two parts.

use super::Told;
use super::clock::{april, may};
use super::stage::{Stage, asked};
use domain::code::Code;
use domain::ids::{BatchId, MaterialId, RunId};
use domain::money::{Currency, Money};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::receipt::{
    Damage, DamagedPieces, HowCounted, Receipt, ReceiptLabels, UnusedLabels,
};
use domain::records::run::IssueLabels;
use domain::run::{Order, Tolerance};
use domain::time::Day;
use std::num::NonZeroU32;

/// A batch with the code on its label.
#[derive(Clone, Copy)]
pub struct Labelled {
    pub batch: BatchId,
    pub code: Code,
}

/// The batches of the month, in the order in which they came.
pub struct Batches {
    pub leaflets: [Labelled; 2],
    pub stickers: [Labelled; 2],
    pub magazines: [Labelled; 2],
}

pub fn pieces(count: i64) -> Told<Pieces> {
    Ok(Pieces::new(count)?)
}

pub fn cartons(cartons: u32, each: i64) -> Told<Cartons> {
    let cartons = NonZeroU32::new(cartons).ok_or("no cartons")?;
    Ok(Cartons { cartons, each: Pieces::new(each)? })
}

/// Counts what stood there, orders, and receives.
pub async fn prints(stage: &Stage) -> Told<Batches> {
    opening(stage).await?;
    let goods = &stage.goods;
    stage.it_is(april(5), 10);
    let leaflets = order(stage, goods.leaflet, 30_000, "INVENTED-2017-01", 420_000).await?;
    let stickers = order(stage, goods.sticker, 30_000, "INVENTED-2017-02", 310_000).await?;
    let magazines = order(stage, goods.magazine, 3_000, "INVENTED-2017-03", 275_000).await?;
    stage.it_is(april(25), 11);
    let labels = IssueLabels { run: stickers, cartons: vec![cartons(60, 500)?], bundles_of: None };
    stage.by(&stage.cast.logistics).issue_labels(stage.said(""), labels).await?;
    let first = [
        receives(stage, may(4), first_leaflets(stage, leaflets)?, "").await?,
        receives(stage, may(6), first_stickers(stage, stickers)?, "").await?,
        receives(stage, may(8), first_magazines(stage, magazines)?, "").await?,
    ];
    let wet = "four cartons stood in the rain on the lorry";
    let second_leaflets = receives(stage, may(11), second_leaflets(stage, leaflets)?, wet).await?;
    let short = "the printer's paper says 15,000";
    let second_stickers =
        receives(stage, may(13), second_stickers(stage, stickers)?, short).await?;
    let over = second_magazines(stage, magazines)?;
    let second_magazines = receives_too_much(stage, may(15), over).await?;
    let [leaflets, stickers, magazines] = first;
    Ok(Batches {
        leaflets: [leaflets, second_leaflets],
        stickers: [stickers, second_stickers],
        magazines: [magazines, second_magazines],
    })
}

/// The edition of the year before, unlabelled and of unknown origin; a second person confirms.
async fn opening(stage: &Stage) -> Told<()> {
    stage.it_is(april(3), 9);
    let row = FirstCountRow {
        material: stage.goods.old_leaflet,
        cartons: Some(cartons(6, 500)?),
        loose: Some(pieces(130)?),
    };
    let count = FirstCount { store: stage.places.central, rows: vec![row] };
    let said = stage.said("stood there before Tawzi");
    let counted = stage.by(&stage.cast.logistics).first_count(said, count).await?;
    stage.it_is(april(4), 9);
    stage.by(&stage.cast.second).confirm(stage.said(""), counted.record).await?;
    Ok(())
}

async fn order(
    stage: &Stage,
    material: MaterialId,
    ordered: i64,
    purchase_order: &str,
    cost: i64,
) -> Told<RunId> {
    let today = stage.now().day();
    places_order(stage, material, ordered, purchase_order, (today, Day(today.0 + 35), cost)).await
}

/// `when`: the day of the order, the day on which it is due; and its cost in cents.
pub async fn places_order(
    stage: &Stage,
    material: MaterialId,
    ordered: i64,
    purchase_order: &str,
    (ordered_on, due_on, cents): (Day, Day, i64),
) -> Told<RunId> {
    let run = stage.id();
    let order = Order {
        printer: stage.places.printer,
        material,
        ordered: pieces(ordered)?,
        tolerance: Tolerance::permille(50)?,
        cost: Some(Money { minor_units: cents, currency: Currency::parse("USD")? }),
        purchase_order: purchase_order.to_owned(),
        donor: Some(stage.places.donor),
        ordered_on,
        due_on,
    };
    stage.by(&stage.cast.logistics).create_run(run, order).await?;
    Ok(run)
}

/// Sealed cartons with new labels.
pub fn receipt(stage: &Stage, run: RunId, sealed: Vec<Cartons>) -> Receipt {
    Receipt {
        run,
        store: stage.places.central,
        sealed,
        open: Vec::new(),
        damaged: Vec::new(),
        claimed: None,
        how: HowCounted::SealedAsMarked,
        labels: ReceiptLabels::New { bundles_of: None },
    }
}

fn first_leaflets(stage: &Stage, run: RunId) -> Told<Receipt> {
    Ok(receipt(stage, run, vec![cartons(30, 500)?]))
}

fn second_leaflets(stage: &Stage, run: RunId) -> Told<Receipt> {
    Ok(Receipt {
        open: vec![pieces(380)?],
        damaged: vec![DamagedPieces { damage: Damage::Wet, pieces: pieces(120)? }],
        claimed: Some(pieces(15_500)?),
        how: HowCounted::SampleOpened,
        ..receipt(stage, run, vec![cartons(30, 500)?])
    })
}

fn first_stickers(stage: &Stage, run: RunId) -> Told<Receipt> {
    let labels = ReceiptLabels::Issued { scanned: Vec::new(), rest: UnusedLabels::Keep };
    Ok(Receipt { labels, ..receipt(stage, run, vec![cartons(30, 500)?]) })
}

fn second_stickers(stage: &Stage, run: RunId) -> Told<Receipt> {
    let damage = Damage::MisprintedOrFaulty;
    Ok(Receipt {
        open: vec![pieces(300)?],
        damaged: vec![DamagedPieces { damage, pieces: pieces(200)? }],
        claimed: Some(pieces(15_000)?),
        how: HowCounted::FullCount,
        labels: ReceiptLabels::Issued { scanned: Vec::new(), rest: UnusedLabels::Void },
        ..receipt(stage, run, vec![cartons(28, 500)?])
    })
}

fn first_magazines(stage: &Stage, run: RunId) -> Told<Receipt> {
    let labels = ReceiptLabels::New { bundles_of: Some(pieces(25)?) };
    Ok(Receipt { labels, ..receipt(stage, run, vec![cartons(20, 100)?]) })
}

/// More than the tolerance covers: on hold until a second person confirms.
fn second_magazines(stage: &Stage, run: RunId) -> Told<Receipt> {
    Ok(receipt(stage, run, vec![cartons(13, 100)?]))
}

async fn receives(stage: &Stage, day: Day, body: Receipt, note: &str) -> Told<Labelled> {
    stage.it_is(day, 10);
    let received = stage.by(&stage.cast.logistics).receive(stage.said(note), body).await?;
    Ok(Labelled { batch: received.batch, code: received.code })
}

async fn receives_too_much(stage: &Stage, day: Day, body: Receipt) -> Told<Labelled> {
    stage.it_is(day, 10);
    let said = asked(stage.said("the printer kept the machine running"));
    let received = stage.by(&stage.cast.logistics).receive(said, body).await?;
    stage.it_is(Day(day.0 + 1), 9);
    stage.by(&stage.cast.second).confirm(stage.said(""), received.receipt).await?;
    Ok(Labelled { batch: received.batch, code: received.code })
}
