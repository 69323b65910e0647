//! One sheet: what was brought, left, spoiled and given.

use super::{Field, pieces, row, sheet};
use crate::books::{Books, on_both};
use domain::account::Account;
use domain::attendance::{Attendance, Group, Headcount};
use domain::event_sheet::{RowError, SheetRow, ToMultipliers, ToPublic};
use domain::events::{Flag, Multiplier, PublicPlace, SheetDecision};
use domain::records::events::{DecideSheet, EventSheet};
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::reference::OrgKind;
use domain::role::{Actor, Role};
use std::collections::BTreeSet;
use std::sync::Arc;
use stock::events::{DecideError, EventError, EventPlan, EventSaid, Fate, HeldReason, SheetState};
use stock::records::Confirmation;
use stock::tasks::{Task, TaskKind};
use stock::{RecordError, Submission};

on_both!(
    a_sheet_takes_gives_and_brings_back_by_itself,
    what_was_taken_before_is_not_taken_again,
    more_than_the_books_know_is_asked_once_and_posted,
    a_scanned_batch_is_not_assumed,
    a_material_that_the_store_never_had_is_held_until_it_has,
    a_sheet_that_does_not_add_up_is_not_recorded,
    what_another_says_is_on_behalf_until_somebody_confirms,
    they_confirm_it_also_when_the_stock_was_not_theirs,
    sessions_share_the_stock_of_their_event,
    a_sheet_sent_twice_is_one_sheet,
);

fn split(field: &Field) -> SheetRow {
    SheetRow {
        participants: 300,
        multipliers: Some(ToMultipliers { pieces: 900, people: Some(9), who: Multiplier::Elders }),
        public: Some(ToPublic { pieces: 350, places: Some(2), kind: PublicPlace::Clinic }),
        ..row(field.leaflets, 1_700, 100, 50)
    }
}

fn forty_women() -> Attendance {
    let count = Headcount { women: Some(40), men: Some(0), ..Headcount::default() };
    Attendance { count, groups: BTreeSet::from([Group::Community]) }
}

async fn a_sheet_takes_gives_and_brings_back_by_itself(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let body = EventSheet { attendance: Some(forty_women()), ..sheet(event, vec![split(&field)]) };
    let worker = books.writes(&field.worker);
    let said = worker.event_sheet(field.said(0), body).await.unwrap();
    assert_eq!((said.fate, said.assumed), (Fate::Posted, true));
    assert_eq!(said.movements.len(), 4);

    let at = field.leaflets_at(event).await;
    assert_eq!((at.taken, at.brought_back, at.damaged, at.there), (1_700, 100, 50, 0));
    assert_eq!((at.to_participants, at.to_multipliers, at.in_public_places), (300, 900, 350));
    assert_eq!(at.tenths_a_person, Some(75));
    // The oldest batch was given out first: what came back is of the other.
    assert_eq!(field.in_store(field.first.batch).await, 0);
    assert_eq!(field.in_store(field.second.batch).await, 100);

    let detail = field.detail(event).await;
    assert_eq!(detail.people.count.participants(), Some(40));
    assert!(detail.flags.contains(&Flag::BatchAssumed));
    let month = field.today().month();
    let reader = books.reads(&field.manager);
    let events = reader.month_events(month).await.unwrap();
    assert_eq!((events.held, events.by_province.len()), (1, 1));
    let people = reader.month_people(month).await.unwrap();
    assert_eq!((people.participants, people.females), (Some(40), Some(40)));
    assert_eq!((people.groups[&Group::Community], people.events_without), (1, 0));
    let given = reader.month_given(month).await.unwrap();
    assert_eq!(given.iter().map(|row| row.pieces).sum::<i64>(), 1_550);
    assert!(given.iter().all(|row| row.province.as_str() == "AF21" && !row.at_drops));
    field.adds_up().await;
}

async fn what_was_taken_before_is_not_taken_again(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    field.take(event, 500).await;
    let rows = vec![row(field.leaflets, 600, 50, 0)];
    books.writes(&field.worker).event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    let at = field.leaflets_at(event).await;
    assert_eq!((at.taken, at.brought_back, at.to_participants, at.there), (600, 50, 550, 0));
    assert_eq!(field.in_store(field.first.batch).await, 950);
    field.adds_up().await;
}

async fn more_than_the_books_know_is_asked_once_and_posted(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let body = sheet(event, vec![row(field.leaflets, 2_000, 0, 0)]);
    let worker = books.writes(&field.worker);
    let asked = worker.event_sheet(field.said(0), body.clone()).await;
    let Err(EventError::Record(RecordError::NeedsConfirmation(short))) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!((short.len(), short[0].requested - short[0].available), (1, 300));
    assert!(field.detail(event).await.sheets.is_empty());
    let said = Submission { confirmed: true, ..field.said(0) };
    worker.event_sheet(said, body).await.unwrap();
    assert_eq!(field.leaflets_at(event).await.to_participants, 2_000);
    let tasks = books.reads(&field.manager).tasks().await.unwrap();
    let page = format!("/unexplained?store={}", field.store);
    let asks = |task: &Task| task.kind == TaskKind::ExplainShortfall && task.page == page;
    assert!(tasks.iter().any(asks), "{tasks:?}");
    field.adds_up().await;
}

async fn a_scanned_batch_is_not_assumed(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let rows = vec![row(field.leaflets, 150, 0, 0)];
    let body = EventSheet { codes: vec![field.second.code], ..sheet(event, rows) };
    let said = books.writes(&field.worker).event_sheet(field.said(0), body).await.unwrap();
    assert!(!said.assumed);
    assert_eq!(field.in_store(field.first.batch).await, 1_500);
    assert_eq!(field.in_store(field.second.batch).await, 50);
    field.adds_up().await;
}

async fn a_material_that_the_store_never_had_is_held_until_it_has(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let rows = vec![row(field.leaflets, 100, 0, 0), row(field.stickers, 60, 0, 0)];
    let worker = books.writes(&field.worker);
    let said = worker.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    let reason = HeldReason::NoBatch { material: field.stickers };
    assert_eq!(said.fate, Fate::Held(reason));
    let detail = field.detail(event).await;
    assert_eq!(detail.sheets[0].state, SheetState::Held(reason));
    assert_eq!(detail.event.sheets_held, 1);
    assert!(detail.materials.is_empty(), "nothing of it is in the books");

    let decide = DecideSheet { sheet: said.record, decision: SheetDecision::PostNow };
    let still = worker.decide_sheet(field.said(0), decide.clone()).await;
    assert!(matches!(still, Err(DecideError::StillHeld(why)) if why == reason), "{still:?}");
    let stock = FirstCountRow { material: field.stickers, cartons: None, loose: Some(pieces(80)) };
    let count = FirstCount { store: field.store, rows: vec![stock] };
    worker.first_count(field.said(-5), count).await.unwrap();
    let decided = worker.decide_sheet(field.said(0), decide).await.unwrap();
    assert!(decided.assumed);
    let detail = field.detail(event).await;
    assert_eq!(detail.sheets[0].state, SheetState::Posted);
    assert_eq!(detail.event.sheets_held, 0);
    field.adds_up().await;
}

async fn a_sheet_that_does_not_add_up_is_not_recorded(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let worker = books.writes(&field.worker);
    let wrong = SheetRow { participants: 10, ..row(field.leaflets, 100, 0, 0) };
    let refused = worker.event_sheet(field.said(0), sheet(event, vec![wrong])).await;
    let Err(EventError::Rows(errors)) = refused else { panic!("{refused:?}") };
    assert_eq!(errors, [(field.leaflets, RowError::SplitDiffers { given: 100, split: 10 })]);
    let empty = worker.event_sheet(field.said(0), sheet(event, vec![])).await;
    assert!(matches!(empty, Err(EventError::Empty)), "{empty:?}");
    let tomorrow = sheet(event, vec![row(field.leaflets, 100, 0, 0)]);
    let tomorrow = worker.event_sheet(field.said(1), tomorrow).await;
    assert!(matches!(tomorrow, Err(EventError::Record(RecordError::Future))), "{tomorrow:?}");
    let unknown = sheet(event, vec![row(books.id(), 100, 0, 0)]);
    let unknown = worker.event_sheet(field.said(0), unknown).await;
    assert!(matches!(unknown, Err(EventError::UnknownMaterial)), "{unknown:?}");
    let session = EventSheet {
        session: Some(books.id()),
        ..sheet(event, vec![row(field.leaflets, 100, 0, 0)])
    };
    let session = worker.event_sheet(field.said(0), session).await;
    assert!(matches!(session, Err(EventError::UnknownSession)), "{session:?}");
    field.adds_up().await;
}

async fn what_another_says_is_on_behalf_until_somebody_confirms(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let rows = vec![row(field.leaflets, 100, 0, 0)];
    let told = books.writes(&field.clerk).event_sheet(field.said(0), sheet(event, rows)).await;
    let told = told.unwrap();
    let waits = field.detail(event).await.sheets.remove(0);
    assert!(waits.to_confirm && waits.on_behalf == Some(field.relief));
    let tasks = books.reads(&field.worker).tasks().await.unwrap();
    assert!(tasks.iter().any(|task| task.kind == TaskKind::ConfirmOnBehalf), "{tasks:?}");
    books.writes(&field.worker).confirm(field.said(0), told.record).await.unwrap();
    assert!(!field.detail(event).await.sheets.remove(0).to_confirm);
    let tasks = books.reads(&field.worker).tasks().await.unwrap();
    assert!(tasks.iter().all(|task| task.kind != TaskKind::ConfirmOnBehalf), "{tasks:?}");
}

async fn sessions_share_the_stock_of_their_event(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned_in_sessions().await;
    field.take(event, 500).await;
    let sessions = field.detail(event).await.sessions;
    let worker = books.writes(&field.worker);
    for (session, brought, left) in [(sessions[0].id, 300, 100), (sessions[1].id, 200, 0)] {
        let body = EventSheet {
            session: Some(session),
            attendance: Some(forty_women()),
            ..sheet(event, vec![row(field.leaflets, brought, left, 0)])
        };
        let said = worker.event_sheet(field.said(0), body).await.unwrap();
        assert_eq!(said.fate, Fate::Posted);
    }
    let at = field.leaflets_at(event).await;
    assert_eq!((at.taken, at.to_participants, at.brought_back, at.there), (500, 400, 100, 0));
    let detail = field.detail(event).await;
    assert_eq!(detail.people.count.participants(), Some(80));
    assert_eq!(field.pieces(field.first.batch, Account::at_event(event)).await, 0);
    field.adds_up().await;
}

async fn a_sheet_sent_twice_is_one_sheet(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let body = sheet(event, vec![row(field.leaflets, 100, 0, 0)]);
    let (said, worker) = (field.said(0), books.writes(&field.worker));
    let first = worker.event_sheet(said.clone(), body.clone()).await.unwrap();
    assert_eq!(worker.event_sheet(said.clone(), body.clone()).await.unwrap(), first);
    let other = sheet(event, vec![row(field.leaflets, 200, 0, 0)]);
    let other = worker.event_sheet(said, other).await;
    assert!(matches!(other, Err(EventError::Record(RecordError::Conflict))), "{other:?}");
    assert_eq!(field.detail(event).await.sheets.len(), 1);
    assert_eq!(field.leaflets_at(event).await.to_participants, 100);
}

async fn they_confirm_it_also_when_the_stock_was_not_theirs(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    // The programme's own store supplies an event of Relief, and its clerk tells what happened.
    let depot = books.add_store(field.clerk.org, "DEP", "AF21").await;
    let plan = EventPlan { store: depot, ..field.plan(0) };
    let event = plan.id;
    let clerk = books.writes(&field.clerk);
    clerk.plan_event(plan).await.unwrap();
    let women = Headcount { women: Some(12), ..Headcount::default() };
    let attendance = Some(Attendance { count: women, groups: BTreeSet::new() });
    let body = EventSheet { attendance, ..sheet(event, Vec::new()) };
    let said = clerk.event_sheet(field.said(0), body).await.unwrap();

    let waiting = |by_me| Confirmation::Waiting { by_me };
    let asked = async |actor: &Actor| {
        let entries = books.reads(actor).event_records(event).await.unwrap();
        (entries[0].record, entries[0].said, entries[0].confirmation, entries[0].by_name.is_some())
    };
    assert_eq!(asked(&field.clerk).await.2, waiting(false), "not whoever entered it");
    let theirs = (said.record, EventSaid::Sheet, waiting(true), false);
    assert_eq!(asked(&field.worker).await, theirs, "they see the role, not the name");
    let others = books.add_org(OrgKind::Partner, "Others").await;
    let other = books.member(Role::Partner, others);
    assert!(books.reads(&other).event_records(event).await.unwrap().is_empty());
    assert!(books.writes(&other).confirm(field.said(0), said.record).await.is_err());
    books.writes(&field.worker).confirm(field.said(0), said.record).await.unwrap();
    assert_eq!(asked(&field.worker).await.2, Confirmation::Done);
}
