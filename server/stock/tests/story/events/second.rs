//! A second sheet for the same rows: same, a correction, or both happened.

use super::{Field, row, sheet};
use crate::books::{Books, on_both};
use domain::attendance::{Attendance, Headcount};
use domain::events::SheetDecision;
use domain::ids::{EventId, RecordId};
use domain::ledger::Reason;
use domain::records::events::{CountPeople, DecideSheet, EventSheet, Goods, TakeStock};
use domain::records::keeping::Reverse;
use domain::reference::OrgKind;
use domain::role::Role;
use std::collections::BTreeSet;
use std::sync::Arc;
use stock::events::{DecideError, Fate, SheetState};
use stock::packs::PackState;
use stock::tasks::TaskKind;

on_both!(
    the_same_sheet_again_is_dropped,
    a_correction_takes_the_place_of_the_first,
    a_correction_says_anew_where_the_cartons_are,
    who_came_is_said_anew_by_a_correction_or_stays,
    both_happened_posts_the_second_too,
    only_its_own_people_and_managers_decide,
    other_rows_are_not_a_second_sheet,
    after_a_reversal_the_sheet_can_be_entered_again,
);

/// A first sheet of 500 brought and 100 left, and a second one of 500 and 150; 40 women came, or
/// 35.
async fn two_sheets(field: &Field) -> (EventId, RecordId) {
    let event = field.planned().await;
    let worker = field.books.writes(&field.worker);
    let women = |women| Attendance {
        count: Headcount { women: Some(women), ..Headcount::default() },
        groups: BTreeSet::new(),
    };
    let body = |left, count| EventSheet {
        attendance: Some(women(count)),
        ..sheet(event, vec![row(field.leaflets, 500, left, 0)])
    };
    let first = worker.event_sheet(field.said(0), body(100, 40)).await.unwrap();
    let second = worker.event_sheet(field.said(0), body(150, 35)).await.unwrap();
    assert_eq!(second.fate, Fate::Kept { earlier: first.record });
    assert!(second.movements.is_empty());
    assert_eq!(field.leaflets_at(event).await.to_participants, 400, "nothing of it is booked");
    assert_eq!(field.detail(event).await.people.count.participants(), Some(40));
    let tasks = field.books.reads(&field.worker).tasks().await.unwrap();
    assert!(tasks.iter().any(|task| task.kind == TaskKind::DecideSheet), "{tasks:?}");
    (event, second.record)
}

async fn decide(field: &Field, sheet: RecordId, decision: SheetDecision) {
    let body = DecideSheet { sheet, decision };
    field.books.writes(&field.worker).decide_sheet(field.said(0), body).await.unwrap();
}

async fn states(field: &Field, event: EventId) -> Vec<SheetState> {
    field.detail(event).await.sheets.iter().map(|sheet| sheet.state).collect()
}

async fn the_same_sheet_again_is_dropped(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (event, second) = two_sheets(&field).await;
    decide(&field, second, SheetDecision::Same).await;
    assert_eq!(states(&field, event).await, [SheetState::Posted, SheetState::Dropped]);
    assert_eq!(field.leaflets_at(event).await.to_participants, 400);
    assert_eq!(field.detail(event).await.people.count.participants(), Some(40));
    let tasks = books.reads(&field.worker).tasks().await.unwrap();
    assert!(tasks.iter().all(|task| task.kind != TaskKind::DecideSheet), "{tasks:?}");
    let again = DecideSheet { sheet: second, decision: SheetDecision::BothHappened };
    let again = books.writes(&field.worker).decide_sheet(field.said(0), again).await;
    assert!(matches!(again, Err(DecideError::NotWaiting)), "{again:?}");
    field.adds_up().await;
}

async fn a_correction_takes_the_place_of_the_first(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (event, second) = two_sheets(&field).await;
    decide(&field, second, SheetDecision::Correction).await;
    assert_eq!(states(&field, event).await, [SheetState::Replaced, SheetState::Posted]);
    let at = field.leaflets_at(event).await;
    assert_eq!((at.taken, at.brought_back, at.to_participants, at.there), (500, 150, 350, 0));
    assert_eq!(field.in_store(field.first.batch).await, 1_150);
    assert_eq!(field.detail(event).await.people.count.participants(), Some(35));
    let given = books.reads(&field.manager).month_given(field.today().month()).await.unwrap();
    assert_eq!(given.iter().map(|row| row.pieces).sum::<i64>(), 350);
    field.adds_up().await;
}

async fn a_correction_says_anew_where_the_cartons_are(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (event, worker) = (field.planned().await, books.writes(&field.worker));
    let packs = books.reads(&field.worker).packs_of(field.first.batch).await.unwrap();
    let carton = packs.iter().find(|pack| pack.state == PackState::Sealed).unwrap();
    let used_up = carton.id;
    let goods = Goods { packs: vec![carton.code], ..Goods::default() };
    worker.take_stock(field.said(0), TakeStock { event, goods }).await.unwrap();
    let told = |left| sheet(event, vec![row(field.leaflets, 500, left, 0)]);
    let first = worker.event_sheet(field.said(0), told(500)).await.unwrap();
    assert_eq!(first.fate, Fate::Posted, "nobody came, and the carton went back as it was");
    let second = worker.event_sheet(field.said(0), told(0)).await.unwrap();
    decide(&field, second.record, SheetDecision::Correction).await;
    let packs = books.reads(&field.worker).packs_of(field.first.batch).await.unwrap();
    let cartons = packs.iter().filter(|pack| pack.parent.is_none());
    let left: Vec<_> = cartons.map(|pack| (pack.id, pack.state)).collect();
    assert_eq!(left.len(), 2, "used up, it is on no list: {left:?}");
    assert!(left.iter().all(|(id, state)| *id != used_up && *state == PackState::Sealed));
    field.adds_up().await;
}

async fn who_came_is_said_anew_by_a_correction_or_stays(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let women = |women| Attendance {
        count: Headcount { women: Some(women), ..Headcount::default() },
        groups: BTreeSet::new(),
    };
    for (said_anew, came) in [(Some(women(35)), 35), (None, 38)] {
        let event = field.planned().await;
        let body = |left, attendance| EventSheet {
            attendance,
            ..sheet(event, vec![row(field.leaflets, 100, left, 0)])
        };
        let first = worker.event_sheet(field.said(0), body(10, Some(women(40)))).await.unwrap();
        let corrects = Some(first.record);
        let corrected = CountPeople { event, session: None, attendance: women(38), corrects };
        worker.count_people(field.said(0), corrected).await.unwrap();
        let second = worker.event_sheet(field.said(0), body(20, said_anew)).await.unwrap();
        decide(&field, second.record, SheetDecision::Correction).await;
        let people = field.detail(event).await.people;
        assert_eq!(people.count.participants(), Some(came));
        assert_eq!(people.disagreements, []);
    }
    field.adds_up().await;
}

async fn both_happened_posts_the_second_too(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (event, second) = two_sheets(&field).await;
    decide(&field, second, SheetDecision::BothHappened).await;
    assert_eq!(states(&field, event).await, [SheetState::Posted, SheetState::Posted]);
    let at = field.leaflets_at(event).await;
    assert_eq!((at.taken, at.brought_back, at.to_participants), (1_000, 250, 750));
    // Two statements about who came are a difference and never a sum.
    let people = field.detail(event).await.people;
    assert_eq!(people.count.participants(), Some(40));
    assert_eq!(people.disagreements[0].difference, -5);
    field.adds_up().await;
}

async fn only_its_own_people_and_managers_decide(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (event, second) = two_sheets(&field).await;
    let others = books.add_org(OrgKind::Partner, "Others").await;
    let body = DecideSheet { sheet: second, decision: SheetDecision::Same };
    let nobody = [books.member(Role::Partner, others), books.staff(Role::Logistics)];
    for actor in nobody {
        let refused = books.writes(&actor).decide_sheet(field.said(0), body.clone()).await;
        assert!(refused.is_err(), "{actor:?}");
    }
    let wrong = DecideSheet { decision: SheetDecision::PostNow, ..body.clone() };
    let wrong = books.writes(&field.manager).decide_sheet(field.said(0), wrong).await;
    assert!(matches!(wrong, Err(DecideError::WrongDecision)), "{wrong:?}");
    books.writes(&field.manager).decide_sheet(field.said(0), body).await.unwrap();
    assert_eq!(states(&field, event).await, [SheetState::Posted, SheetState::Dropped]);
}

async fn other_rows_are_not_a_second_sheet(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned_in_sessions().await;
    let sessions = field.detail(event).await.sessions;
    let worker = books.writes(&field.worker);
    for session in &sessions {
        let body = EventSheet {
            session: Some(session.id),
            ..sheet(event, vec![row(field.leaflets, 100, 0, 0)])
        };
        let said = worker.event_sheet(field.said(0), body).await.unwrap();
        assert_eq!(said.fate, Fate::Posted);
    }
    // One for the whole event would count the same pieces again.
    let whole = sheet(event, vec![row(field.leaflets, 200, 0, 0)]);
    let whole = worker.event_sheet(field.said(0), whole).await.unwrap();
    assert!(matches!(whole.fate, Fate::Kept { .. }), "{whole:?}");
    field.adds_up().await;
}

async fn after_a_reversal_the_sheet_can_be_entered_again(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let worker = books.writes(&field.worker);
    let body = sheet(event, vec![row(field.leaflets, 500, 100, 0)]);
    let first = worker.event_sheet(field.said(0), body.clone()).await.unwrap();
    let movements = books.reads(&field.worker).reversible_movements(first.record).await.unwrap();
    let undo = Reverse { movements, reason: Reason::TypedWrong };
    worker.reverse(field.said(0), undo).await.unwrap();
    assert_eq!(states(&field, event).await, [SheetState::Reversed]);
    let again = worker.event_sheet(field.said(0), body).await.unwrap();
    assert_eq!(again.fate, Fate::Posted);
    assert_eq!(field.leaflets_at(event).await.to_participants, 400);
    field.adds_up().await;
}
