//! Figures that partners report: beside the ledger, never in it.

use crate::books::{Books, on_both};
use crate::events::{Field, row, sheet};
use domain::ids::OrgId;
use domain::material::MaterialKind;
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::reference::OrgKind;
use domain::role::Role;
use domain::time::Month;
use std::sync::Arc;
use stock::RecordError;
use stock::access::Denied;
use stock::events::EventPlan;
use stock::reconcile::ReportedError;

on_both!(
    a_later_figure_replaces_the_earlier_one,
    each_partner_reports_for_itself,
    what_was_given_is_known_by_who_gave_it,
    a_place_knows_the_figures_of_its_partners_only,
);

const JUNE: Month = Month(201_706);

fn leaflets(org: OrgId, pieces: i64) -> ReportedFigure {
    let (month, kind, source) = (JUNE, MaterialKind::Leaflet, ReportSource::Phone);
    ReportedFigure { org, month, kind, pieces, source }
}

async fn a_later_figure_replaces_the_earlier_one(books: Arc<Books>) {
    let field = Field::new(books).await;
    let (worker, clerk) = (field.books.writes(&field.worker), field.books.writes(&field.clerk));
    let first = field.said(0);
    let record = worker.report_figure(first.clone(), leaflets(field.relief, 25_000)).await.unwrap();
    let again = worker.report_figure(first.clone(), leaflets(field.relief, 25_000)).await.unwrap();
    assert_eq!(again, record, "the same record once more");
    let other = worker.report_figure(first, leaflets(field.relief, 1)).await;
    assert!(matches!(other, Err(ReportedError::Record(RecordError::Conflict))), "{other:?}");
    clerk.report_figure(field.said(0), leaflets(field.relief, 0)).await.unwrap();
    let rows = field.books.reads(&field.manager).reported(JUNE).await.unwrap();
    let said: Vec<(i64, bool)> = rows.iter().map(|row| (row.pieces, row.superseded)).collect();
    assert_eq!(said, [(0, false), (25_000, true)]);
    let bulletin = field.books.reads(&field.manager).bulletin(JUNE).await.unwrap();
    assert_eq!(bulletin.kinds[&MaterialKind::Leaflet].reported, Some(0), "zero was reported");
    assert_eq!(bulletin.figures.pieces(), 0);
    field.adds_up().await;
}

async fn each_partner_reports_for_itself(books: Arc<Books>) {
    let field = Field::new(books).await;
    let worker = field.books.writes(&field.worker);
    worker.report_figure(field.said(0), leaflets(field.relief, 25_000)).await.unwrap();
    let other = field.books.member(Role::Partner, field.books.programme);
    let refused =
        field.books.writes(&other).report_figure(field.said(0), leaflets(field.relief, 1)).await;
    let Err(ReportedError::Record(RecordError::Denied(Denied::NotFound))) = refused else {
        panic!("{refused:?}")
    };
    assert!(field.books.reads(&other).reported(JUNE).await.unwrap().is_empty());
    let july = ReportedFigure { month: Month(201_707), ..leaflets(field.relief, 1) };
    let early = worker.report_figure(field.said(0), july).await;
    assert!(matches!(early, Err(ReportedError::FutureMonth)), "{early:?}");
    for pieces in [-1, 1_000_000_001] {
        let figure = leaflets(field.relief, pieces);
        let refused = worker.report_figure(field.said(0), figure).await;
        assert!(matches!(refused, Err(ReportedError::OutOfRange)), "{refused:?}");
    }
}

async fn what_was_given_is_known_by_who_gave_it(books: Arc<Books>) {
    let field = Field::new(books).await;
    let event = field.planned().await;
    let rows = vec![row(field.leaflets, 600, 50, 0)];
    let writer = field.books.writes(&field.worker);
    writer.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    let reader = field.books.reads(&field.manager);
    let given = reader.month_given(JUNE).await.unwrap();
    assert!(given.iter().all(|row| row.org == field.relief));
    let events = reader.month_events(JUNE).await.unwrap();
    assert!(events.partners.contains("Relief") && events.types.contains("Community event"));
}

async fn a_place_knows_the_figures_of_its_partners_only(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let hope = books.add_org(OrgKind::Partner, "Hope").await;
    let hopes_store = books.add_store(hope, "HOP", "AF01").await;
    let clerk = books.writes(&field.clerk);
    clerk.report_figure(field.said(0), leaflets(field.relief, 25_000)).await.unwrap();
    clerk.report_figure(field.said(0), leaflets(hope, 7_000)).await.unwrap();
    let in_balkh = books.staff_in(Role::Manager, "AF21");
    let said = async |who| {
        let rows = books.reads(who).reported(JUNE).await.unwrap();
        rows.iter().map(|row| row.org_name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(said(&field.manager).await, ["Hope", "Relief"]);
    assert_eq!(said(&in_balkh).await, ["Relief"]);
    // It reports of a month, not of a place: there is nothing to compare with.
    let bulletin = books.reads(&in_balkh).bulletin(JUNE).await.unwrap();
    let leaflet = bulletin.kinds.get(&MaterialKind::Leaflet);
    assert_eq!(leaflet.and_then(|numbers| numbers.reported), None);
    let bulletin = books.reads(&field.manager).bulletin(JUNE).await.unwrap();
    assert_eq!(bulletin.kinds[&MaterialKind::Leaflet].reported, Some(32_000));
    // A partner that holds an event there is one of its partners.
    let plan = EventPlan { org: hope, store: hopes_store, ..field.plan(0) };
    clerk.plan_event(plan).await.unwrap();
    assert_eq!(said(&in_balkh).await, ["Hope", "Relief"]);
}
