//! Planning, and who may know of it.

use super::{Field, pieces, row, sheet};
use crate::books::{Books, on_both};
use domain::events::{EventState, SessionKind};
use domain::reference::OrgKind;
use domain::role::{PlaceCode, Role, Scope};
use domain::time::Day;
use std::sync::Arc;
use stock::access::Denied;
use stock::events::{CancelEventError, EventFilter, EventPlan, PlanError};

on_both!(
    a_plan_that_is_sent_twice_is_one_event,
    an_event_belongs_to_whoever_holds_it,
    another_organisation_does_not_know_of_it,
    a_list_goes_on_only_from_an_own_event,
    a_future_event_is_known_only_to_those_who_run_events,
    what_was_recorded_fixes_store_and_sessions,
    an_event_is_called_off_once_its_stock_is_back,
);

async fn a_plan_that_is_sent_twice_is_one_event(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let plan = field.plan(3);
    let number = worker.plan_event(plan.clone()).await.unwrap();
    assert_eq!(number, "E-REL-0001");
    assert_eq!(worker.plan_event(plan.clone()).await.unwrap(), number);
    let other = EventPlan { expected_people: Some(50), ..plan.clone() };
    let other = worker.plan_event(other).await;
    assert!(matches!(other, Err(PlanError::SavedBefore)), "{other:?}");

    let events = books.reads(&field.worker).events(&EventFilter::default(), 100).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].state, EventState::Planned);
    assert_eq!(events[0].province.as_str(), "AF21");
    assert_eq!(books.reads(&field.worker).event_plan(plan.id).await.unwrap(), Some(plan));
}

async fn an_event_belongs_to_whoever_holds_it(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let manager = books.writes(&field.manager);
    let others = books.add_org(OrgKind::Partner, "Others").await;
    let theirs = books.add_store(others, "OTH", "AF21").await;
    let ours = books.add_store(books.programme, "CEN", "AF21").await;
    let plan = || EventPlan { id: books.id(), ..field.plan(3) };
    let of_others = manager.plan_event(EventPlan { store: theirs, ..plan() }).await;
    assert!(matches!(of_others, Err(PlanError::StoreOfOthers)), "{of_others:?}");
    for kind in [OrgKind::Donor, OrgKind::Printer] {
        let org = books.add_org(kind, kind.as_str()).await;
        let none = manager.plan_event(EventPlan { org, store: ours, ..plan() }).await;
        assert!(matches!(none, Err(PlanError::HoldsNone)), "{none:?}");
    }
    // The programme supplies everybody, and holds events itself.
    manager.plan_event(EventPlan { store: ours, ..plan() }).await.unwrap();
    manager.plan_event(EventPlan { org: books.programme, store: ours, ..plan() }).await.unwrap();
    let moved = plan();
    manager.plan_event(moved.clone()).await.unwrap();
    let moved = manager.edit_event(EventPlan { store: theirs, ..moved }).await;
    assert!(matches!(moved, Err(PlanError::StoreOfOthers)), "{moved:?}");
}

async fn another_organisation_does_not_know_of_it(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let others = books.add_org(OrgKind::Partner, "Others").await;
    let other = books.member(Role::Partner, others);
    let reader = books.reads(&other);
    assert_eq!(reader.event(event).await.unwrap(), None);
    assert_eq!(reader.event_detail(event).await.unwrap(), None);
    assert!(reader.events(&EventFilter::default(), 100).await.unwrap().is_empty());
    let writer = books.writes(&other);
    let denied = |error: PlanError| matches!(error, PlanError::Denied(Denied::NotFound));
    assert!(denied(writer.plan_event(field.plan(1)).await.unwrap_err()));
    let cancelled = writer.cancel_event(event).await;
    assert!(matches!(cancelled, Err(CancelEventError::Denied(Denied::NotFound))));
    let said = writer.event_sheet(field.said(0), sheet(event, vec![])).await;
    assert!(said.is_err());
    let rows = vec![row(field.leaflets, 10, 0, 0)];
    assert!(writer.event_sheet(field.said(0), sheet(event, rows)).await.is_err());
    assert_eq!(reader.month_events(field.today().month()).await.unwrap().held, 0);
    field.adds_up().await;
}

async fn a_future_event_is_known_only_to_those_who_run_events(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let (today, later) = (field.plan(0), field.plan(5));
    let ids = [today.id, later.id];
    worker.plan_event(today).await.unwrap();
    worker.plan_event(later).await.unwrap();
    for (role, sees) in [(Role::Manager, 2), (Role::Logistics, 2), (Role::Viewer, 1)] {
        let actor = books.staff(role);
        let events = books.reads(&actor).events(&EventFilter::default(), 100).await.unwrap();
        assert_eq!(events.len(), sees, "{role:?}");
    }
    let viewer = books.staff(Role::Viewer);
    assert_eq!(books.reads(&viewer).event(ids[1]).await.unwrap(), None);
    let far = books.staff_in(Role::Manager, "AF01");
    assert_eq!(books.reads(&far).event(ids[0]).await.unwrap(), None);
    assert_eq!(far.scope, Scope::Place(PlaceCode::new("AF01")));
}

async fn what_was_recorded_fixes_store_and_sessions(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let plan = EventPlan { sessions: vec![SessionKind::Women], ..field.plan(0) };
    worker.plan_event(plan.clone()).await.unwrap();
    let both = EventPlan { sessions: vec![SessionKind::Women, SessionKind::Men], ..plan.clone() };
    worker.edit_event(both.clone()).await.unwrap();
    assert_eq!(field.detail(plan.id).await.sessions.len(), 2);

    let rows = vec![row(field.leaflets, 100, 0, 0)];
    worker.event_sheet(field.said(0), sheet(plan.id, rows)).await.unwrap();
    let fewer = worker.edit_event(plan.clone()).await;
    assert!(matches!(fewer, Err(PlanError::HasRecords)), "{fewer:?}");
    let later = EventPlan { planned_on: Day(plan.planned_on.0 + 1), ..both };
    worker.edit_event(later.clone()).await.unwrap();
    let missing = EventPlan { event_type: books.id(), ..later };
    let missing = worker.edit_event(missing).await;
    assert!(matches!(missing, Err(PlanError::UnknownType)), "{missing:?}");
}

async fn an_event_is_called_off_once_its_stock_is_back(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let event = field.planned().await;
    field.take(event, 100).await;
    let refused = worker.cancel_event(event).await;
    assert!(matches!(refused, Err(CancelEventError::StockThere { pieces: 100 })), "{refused:?}");
    let back =
        domain::records::events::BringBack { event, rows: vec![(field.leaflets, pieces(100))] };
    worker.bring_back(field.said(0), back).await.unwrap();
    worker.cancel_event(event).await.unwrap();
    assert_eq!(field.detail(event).await.event.state, EventState::Cancelled);
    // It took place after all: what people say has happened outweighs the plan.
    let rows = vec![row(field.leaflets, 50, 0, 0)];
    worker.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    assert_eq!(field.detail(event).await.event.state, EventState::Held);
    field.adds_up().await;
}

async fn a_list_goes_on_only_from_an_own_event(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let own = field.planned().await;
    let org = books.add_org(OrgKind::Partner, "Other").await;
    let store = books.add_store(org, "OTH", "AF21").await;
    let plan = EventPlan { store, org, ..field.plan(1) };
    let foreign = plan.id;
    let other = books.member(Role::Partner, org);
    books.writes(&other).plan_event(plan).await.unwrap();
    let reader = books.reads(&field.worker);
    let all = reader.events(&EventFilter::default(), 100).await.unwrap();
    assert_eq!(all.iter().map(|event| event.id).collect::<Vec<_>>(), [own]);
    for after in [foreign, books.id()] {
        let filter = EventFilter { after: Some(after), ..EventFilter::default() };
        assert_eq!(reader.events(&filter, 100).await.unwrap(), [], "as if there were none");
    }
    // One that is still to come is unknown to those who do not run events.
    let plan = field.plan(2);
    let filter = EventFilter { after: Some(plan.id), ..EventFilter::default() };
    books.writes(&field.worker).plan_event(plan).await.unwrap();
    assert_eq!(reader.events(&filter, 100).await.unwrap().len(), 1);
    let viewer = books.member(Role::Viewer, field.relief);
    assert_eq!(books.reads(&viewer).events(&EventFilter::default(), 100).await.unwrap().len(), 1);
    assert_eq!(books.reads(&viewer).events(&filter, 100).await.unwrap(), []);
}
