//! The end of June 2017 and the first days of July: what was damaged, counted, reported, recalled.

use super::Told;
use super::clock::{july, june};
use super::events::{attendance, simple_row};
use super::places::Province;
use super::stage::Stage;
use super::supply::{Batches, pieces};
use domain::attendance::Group;
use domain::events::PublicPlace;
use domain::ledger::Reason;
use domain::material::MaterialKind;
use domain::records::events::{EventSheet, Goods, LeaveInPublic};
use domain::records::keeping::{
    ApproveCount, BatchPieces, Change, Count, Counted, Disposal, StockChange,
};
use domain::records::recall::{CallBack, RecallMode, RecallStep, Step, ToldHow};
use domain::records::reported::{ReportSource, ReportedFigure};
use stock::events::EventFilter;

pub async fn closes(stage: &Stage, batches: &Batches) -> Told<()> {
    loses_some(stage, batches).await?;
    second_sheet(stage).await?;
    counts(stage, batches).await?;
    reports(stage).await?;
    leaves_in_clinics(stage, batches).await?;
    recalls(stage).await
}

/// Water in the central store, and the end of what came wet from the printer.
async fn loses_some(stage: &Stage, batches: &Batches) -> Told<()> {
    let store = stage.places.central;
    let keeper = &stage.cast.logistics;
    stage.it_is(june(24), 9);
    let damaged = StockChange {
        store,
        change: Change::Damaged,
        reason: Reason::Wet,
        lines: vec![BatchPieces { batch: batches.stickers[1].batch, pieces: pieces(100)? }],
    };
    let said = stage.said("a pipe leaked over the shelf");
    stage.by(keeper).change_stock(said, damaged).await?;
    stage.it_is(june(27), 11);
    let destroyed = Disposal::Destroyed {
        witness_roles: ["store keeper".to_owned(), "guard".to_owned()],
        certificate: "INVENTED-CERTIFICATE-1".to_owned(),
    };
    let disposed = StockChange {
        store,
        change: Change::Disposed { how: destroyed, from_damaged: true },
        reason: Reason::Wet,
        lines: vec![BatchPieces { batch: batches.leaflets[1].batch, pieces: pieces(120)? }],
    };
    stage.by(keeper).change_stock(stage.said(""), disposed).await?;
    Ok(())
}

/// A colleague sends a sheet of his own about the last event in Kabul: it waits for a decision.
async fn second_sheet(stage: &Stage) -> Told<()> {
    stage.it_is(june(28), 14);
    let colleague = &stage.cast.colleague;
    let filter = EventFilter { month: Some(june(1).month()), ..EventFilter::default() };
    let events = stage.seen_by(colleague).events(&filter, 100).await?;
    let last = events.iter().find(|event| event.planned_on == june(22));
    let event = last.ok_or("the last event of June is gone")?.id;
    let sheet = EventSheet {
        event,
        session: None,
        rows: vec![
            simple_row(stage.goods.leaflet, 2_400, 100),
            simple_row(stage.goods.sticker, 2_100, 0),
        ],
        codes: Vec::new(),
        attendance: Some(attendance([11, 22, 1, 2], &[Group::Community])),
    };
    let said = stage.said_of(june(22), "a second form of the same event");
    stage.by(colleague).event_sheet(said, sheet).await?;
    Ok(())
}

/// Two magazines are not there; another person approves that.
async fn counts(stage: &Stage, batches: &Batches) -> Told<()> {
    let store = stage.places.central;
    stage.it_is(july(1), 10);
    let count = Count {
        store,
        lines: vec![
            Counted { batch: batches.leaflets[1].batch, pieces: 1_880 },
            Counted { batch: batches.magazines[1].batch, pieces: 548 },
        ],
    };
    let count = stage.by(&stage.cast.logistics).count_stock(stage.said(""), count).await?;
    stage.it_is(july(2), 9);
    let approved = ApproveCount { count, reason: Reason::CountedWrong };
    stage.by(&stage.cast.second).approve_count(stage.said(""), approved).await?;
    Ok(())
}

/// The partner reports what it was issued for one kind, and what was given out for the others.
async fn reports(stage: &Stage) -> Told<()> {
    stage.it_is(july(3), 11);
    let figures = [
        (MaterialKind::Leaflet, 25_000),
        (MaterialKind::Sticker, 25_000),
        (MaterialKind::Magazine, 2_750),
    ];
    for (kind, pieces) in figures {
        let figure = ReportedFigure {
            org: stage.places.partner,
            month: june(1).month(),
            kind,
            pieces,
            source: ReportSource::Spreadsheet,
        };
        stage.by(&stage.cast.worker).report_figure(stage.said(""), figure).await?;
    }
    Ok(())
}

async fn leaves_in_clinics(stage: &Stage, batches: &Batches) -> Told<()> {
    stage.it_is(july(4), 12);
    let body = LeaveInPublic {
        store: stage.field(Province::Balkh)?,
        place: Province::Balkh.district(3),
        kind: PublicPlace::Clinic,
        places: Some(2),
        goods: Goods {
            batches: vec![(batches.leaflets[0].code, pieces(200)?)],
            ..Goods::default()
        },
    };
    stage.by(&stage.cast.worker).leave_in_public(stage.said(""), body).await?;
    Ok(())
}

/// The old edition carries a telephone number that is no longer answered.
async fn recalls(stage: &Stage) -> Told<()> {
    stage.it_is(july(10), 9);
    let body = CallBack { material: stage.goods.old_leaflet, mode: RecallMode::StopNow };
    let said = stage.said("its telephone number is no longer answered");
    let recall = stage.by(&stage.cast.manager).recall(said, body).await?;
    let step = Step::Told { how: ToldHow::Phone };
    let told = RecallStep { recall, store: stage.places.central, step };
    stage.by(&stage.cast.manager).recall_step(stage.said(""), told).await?;
    Ok(())
}
