//! What waits today, so that every front page and every list has something to do.

use super::Told;
use super::events::{attendance, plans, simple_row};
use super::places::Province;
use super::roads::{counted, delivers, leaves, own, prepares};
use super::stage::{Stage, asked};
use super::supply::{cartons, pieces, places_order, receipt};
use domain::attendance::Group;
use domain::consignment::Rest;
use domain::events::PublicPlace;
use domain::ids::{ConsignmentId, EventId, StoreId};
use domain::ledger::Reason;
use domain::records::Body;
use domain::records::events::{EventSheet, Goods, LeaveInPublic, TakeStock};
use domain::records::keeping::{Count, Counted};
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::run::IssueLabels;
use domain::reference::Name;
use domain::role::{Role, Scope};
use domain::time::{Day, Millis};
use stock::Submission;
use stock::access::NewInvitation;
use stock::consignments::LineWish;
use stock::held::Arrived;

/// Leads up to `present`.
pub async fn waits(stage: &Stage, present: Millis) -> Told<()> {
    let today = present.day();
    let ago = |days: i32| Day(today.0 - days);
    prints(stage, today).await?;
    stage.it_is(ago(12), 9);
    let supplied = plans(stage, (Province::Balkh, 2), ago(6), Vec::new()).await?;
    let told = plans(stage, (Province::Kabul, 3), ago(4), Vec::new()).await?;
    on_the_road(stage, today).await?;
    stage.it_is(ago(6), 8);
    takes(stage, supplied).await?;
    stage.it_is(ago(3), 15);
    let sheet = EventSheet {
        event: told,
        session: None,
        rows: vec![simple_row(stage.goods.leaflet, 150, 50)],
        codes: Vec::new(),
        attendance: Some(attendance([14, 9, 3, 2], &[Group::Community])),
    };
    let said = stage.said_of(ago(4), "told by phone");
    stage.by(&stage.cast.second).event_sheet(said, sheet).await?;
    stage.it_is(ago(2), 9);
    counts(stage).await?;
    stage.it_is(ago(1), 9);
    found_before_tawzi(stage).await?;
    stage.it_is_exactly(present);
    plans(stage, (Province::Kandahar, 1), Day(today.0 + 10), Vec::new()).await?;
    loses_a_phone(stage).await?;
    invites(stage).await
}

/// The worker has lost a phone, and it goes on sending; another one is in his hands.
async fn loses_a_phone(stage: &Stage) -> Told<()> {
    let worker = &stage.cast.worker;
    let lost = stage.phone_of(worker).await?;
    stage.phone_of(worker).await?;
    stage.by(worker).report_phone_lost(worker.user, lost, stage.id()).await?;
    let body = LeaveInPublic {
        store: stage.field(Province::Balkh)?,
        place: Province::Balkh.keeps(),
        kind: PublicPlace::Clinic,
        places: Some(1),
        goods: Goods { materials: vec![(stage.goods.leaflet, pieces(40)?)], ..Goods::default() },
    };
    let (kind, body) = (LeaveInPublic::KIND, serde_json::to_value(body)?);
    let submission = Submission { from_phone: Some(lost), ..stage.said("left in a clinic") };
    let arrived = Arrived { submission: &submission, kind, schema: None, body: &body };
    stage.by(worker).held_back(&arrived).await?;
    Ok(())
}

/// Stock that went to an event of which nobody has told anything yet.
async fn takes(stage: &Stage, event: EventId) -> Told<()> {
    let materials = vec![(stage.goods.leaflet, pieces(100)?)];
    let take = TakeStock { event, goods: Goods { materials, ..Goods::default() } };
    stage.by(&stage.cast.worker).take_stock(stage.said(""), take).await?;
    Ok(())
}

/// One run that is late, one that came, one that came with too much, one that is expected.
async fn prints(stage: &Stage, today: Day) -> Told<()> {
    let ago = |days: i32| Day(today.0 - days);
    let (leaflet, sticker) = (stage.goods.leaflet, stage.goods.sticker);
    stage.it_is(ago(60), 9);
    let when = (ago(60), ago(10), 300_000);
    places_order(stage, leaflet, 20_000, "INVENTED-LATE", when).await?;
    let when = (ago(60), ago(30), 110_000);
    let came = places_order(stage, sticker, 10_000, "INVENTED-CAME", when).await?;
    let magazine = stage.goods.magazine;
    let when = (ago(60), ago(5), 95_000);
    let over = places_order(stage, magazine, 1_000, "INVENTED-OVER", when).await?;
    let when = (ago(60), Day(today.0 + 20), 220_000);
    let expected = places_order(stage, leaflet, 15_000, "INVENTED-EXPECTED", when).await?;
    let labels = IssueLabels { run: expected, cartons: vec![cartons(30, 500)?], bundles_of: None };
    stage.by(&stage.cast.logistics).issue_labels(stage.said(""), labels).await?;
    stage.it_is(ago(31), 10);
    let body = receipt(stage, came, vec![cartons(20, 500)?]);
    stage.by(&stage.cast.logistics).receive(stage.said(""), body).await?;
    // Received by the second person, so that the first one is asked to confirm.
    stage.it_is(ago(9), 10);
    let body = receipt(stage, over, vec![cartons(11, 100)?]);
    stage.by(&stage.cast.second).receive(asked(stage.said("")), body).await?;
    Ok(())
}

/// A draft, one that was given up, one of which half has come, one on its way to the partner.
async fn on_the_road(stage: &Stage, today: Day) -> Told<()> {
    let ago = |days: i32| Day(today.0 - days);
    let sends = &stage.cast.logistics;
    stage.it_is(ago(8), 8);
    let given_up = loads(stage, stage.provincial(Province::Helmand)?, 500).await?;
    let said = stage.said("the road is closed");
    stage.by(sends).cancel_consignment(said, given_up, Reason::RoadClosed).await?;
    stage.it_is(ago(7), 8);
    let half = loads(stage, stage.provincial(Province::Balkh)?, 2_000).await?;
    leaves(stage, sends, half).await?;
    stage.it_is(ago(5), 11);
    let mut lines = counted(stage, sends, half, None).await?;
    for line in &mut lines {
        line.good /= 2;
        line.full_cartons /= 2;
    }
    let keeper = stage.keeper(Province::Balkh)?;
    delivers(stage, keeper, half, lines, (Rest::StillComing, None)).await?;
    stage.it_is(ago(3), 8);
    let to_partner = loads(stage, stage.field(Province::Kabul)?, 1_000).await?;
    leaves(stage, sends, to_partner).await?;
    stage.it_is(ago(3), 9);
    loads(stage, stage.provincial(Province::Kandahar)?, 1_500).await?;
    Ok(())
}

/// Stickers from the central store, not yet sent.
async fn loads(stage: &Stage, to: StoreId, count: i64) -> Told<ConsignmentId> {
    let wish = LineWish::Material(stage.goods.sticker, pieces(count)?);
    let ends = (stage.places.central, to);
    let carrier = own("KBL 5 (invented)")?;
    prepares(stage, &stage.cast.logistics, ends, carrier, &[wish]).await
}

/// The keeper in Balkh has counted; nobody has approved it yet.
async fn counts(stage: &Stage) -> Told<()> {
    let keeper = stage.keeper(Province::Balkh)?;
    let store = stage.provincial(Province::Balkh)?;
    let batches = stage.seen_by(keeper).batches_in(store, None).await?;
    let lines = batches
        .iter()
        .map(|here| Counted { batch: here.batch_id.into(), pieces: here.pieces - 4 })
        .collect();
    stage.by(keeper).count_stock(stage.said(""), Count { store, lines }).await?;
    Ok(())
}

/// The partner found cartons of the old edition.
async fn found_before_tawzi(stage: &Stage) -> Told<()> {
    let row = FirstCountRow {
        material: stage.goods.old_leaflet,
        cartons: Some(cartons(2, 500)?),
        loose: Some(pieces(75)?),
    };
    let count = FirstCount { store: stage.field(Province::Nuristan)?, rows: vec![row] };
    stage.by(&stage.cast.worker).first_count(stage.said(""), count).await?;
    Ok(())
}

async fn invites(stage: &Stage) -> Told<()> {
    let invitation = NewInvitation {
        id: stage.id(),
        name: Name::parse("New colleague (invented)")?,
        org: stage.cast.administrator.org,
        role: Role::Logistics,
        scope: Scope::Place(Province::Balkh.keeps()),
    };
    stage.by(&stage.cast.administrator).invite(invitation).await?;
    Ok(())
}
