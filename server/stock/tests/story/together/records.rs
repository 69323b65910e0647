//! The same statement, or two that exclude each other.

use super::at_once;
use crate::books::{Books, on_both};
use crate::consignments::road::{Road, pieces};
use crate::events::{Field, row, sheet};
use domain::attendance::{Attendance, Headcount};
use domain::ledger::Reason;
use domain::material::MaterialKind;
use domain::records::events::{CountPeople, Goods, TakeStock};
use domain::records::keeping::{
    ApproveCount, BatchPieces, Change, Count, Counted, Reverse, StockChange,
};
use domain::records::recall::{CallBack, RecallMode};
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::role::Role;
use domain::time::Month;
use std::collections::BTreeSet;
use std::sync::Arc;
use stock::corrections::CorrectionError;
use stock::events::{EventPlan, PlanError};
use stock::keeping::KeepingError;
use stock::recall::RecallError;
use stock::records::ConfirmError;

on_both!(
    the_same_form_twice_at_once_posts_once,
    who_came_is_counted_while_the_sheet_is_taken_back,
    a_plan_goes_to_another_store_while_the_first_stock_is_taken,
    two_people_approve_the_same_count,
    two_people_reverse_the_same_movement,
    two_people_confirm_the_same_first_count,
    two_managers_recall_the_same_edition,
    two_people_enter_the_same_figure,
);

const PEOPLE: usize = 8;

fn damage(road: &Road, count: i64) -> StockChange {
    StockChange {
        store: road.kabul,
        change: Change::Damaged,
        reason: Reason::Wet,
        lines: vec![BatchPieces { batch: road.batch, pieces: pieces(count) }],
    }
}

async fn the_same_form_twice_at_once_posts_once(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let form = road.now();
    let sent = at_once((0..PEOPLE).map(|_| {
        let (road, form) = (road.clone(), form.clone());
        async move {
            let writer = road.books.writes(&road.sender);
            writer.change_stock(form, damage(&road, 10)).await
        }
    }))
    .await;
    let first = sent[0].as_ref().unwrap();
    for answer in &sent {
        assert_eq!(answer.as_ref().unwrap(), first, "everybody gets the first result");
    }
    let there = road.books.reads(&road.sender).whereabouts(road.batch).await.unwrap();
    let damaged = there.iter().find(|p| p.account == domain::account::Account::damaged(road.kabul));
    assert_eq!(damaged.unwrap().pieces, 10);
    road.verify().await;
}

async fn who_came_is_counted_while_the_sheet_is_taken_back(books: Arc<Books>) {
    let field = Arc::new(Field::new(books).await);
    for _ in 0..PEOPLE {
        let event = field.planned().await;
        let rows = vec![row(field.leaflets, 20, 0, 0)];
        let worker = field.books.writes(&field.worker);
        let told = worker.event_sheet(field.said(-1), sheet(event, rows)).await.unwrap();
        let reader = field.books.reads(&field.worker);
        let movements = reader.reversible_movements(told.record).await.unwrap();
        let both = at_once((0..2).map(|one| {
            let (field, movements) = (field.clone(), movements.clone());
            async move {
                let worker = field.books.writes(&field.worker);
                if one == 0 {
                    let body = Reverse { movements, reason: Reason::TypedWrong };
                    worker.reverse(field.said(0), body).await.unwrap();
                } else {
                    let women = Headcount { women: Some(20), ..Headcount::default() };
                    let attendance = Attendance { count: women, groups: BTreeSet::new() };
                    let body = CountPeople { event, session: None, attendance, corrects: None };
                    worker.count_people(field.said(0), body).await.unwrap();
                }
            }
        }));
        both.await;
        // The sheet is gone, the people stay: it was held on their day.
        assert_eq!(field.detail(event).await.event.held_on, Some(field.today()));
    }
    field.adds_up().await;
}

async fn a_plan_goes_to_another_store_while_the_first_stock_is_taken(books: Arc<Books>) {
    let field = Arc::new(Field::new(books).await);
    let other = field.books.add_store(field.relief, "RE2", "AF21").await;
    for _ in 0..PEOPLE * 2 {
        let plan = field.plan(0);
        let event = plan.id;
        field.books.writes(&field.worker).plan_event(plan.clone()).await.unwrap();
        let moved = EventPlan { store: other, ..plan };
        let (said, goods) = (field.said(0), vec![(field.leaflets, pieces(10))]);
        let record = said.envelope.id;
        let both = at_once((0..2).map(|one| {
            let (field, moved, said) = (field.clone(), moved.clone(), said.clone());
            let goods = Goods { materials: goods.clone(), ..Goods::default() };
            async move {
                let worker = field.books.writes(&field.worker);
                if one == 0 {
                    let taken = worker.take_stock(said, TakeStock { event, goods }).await;
                    taken.map(|_| ()).map_err(|error| error.to_string())
                } else {
                    match worker.edit_event(moved).await {
                        Ok(()) | Err(PlanError::HasRecords) => Ok(()),
                        Err(error) => Err(error.to_string()),
                    }
                }
            }
        }))
        .await;
        assert!(both.iter().all(Result::is_ok), "{both:?}");
        let store = field.detail(event).await.event.store;
        let said = field.books.reads(&field.worker).record(record).await.unwrap();
        assert_eq!(said.store, Some(store), "the record stands at the store of the plan");
    }
    field.adds_up().await;
}

async fn two_people_approve_the_same_count(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let count = Count { store: road.kabul, lines: vec![Counted { batch: road.batch, pieces: 9 }] };
    let count = road.books.writes(&road.sender).count_stock(road.now(), count).await.unwrap();
    let approved = at_once((0..PEOPLE).map(|_| {
        let road = road.clone();
        async move {
            let manager = road.books.staff(Role::Manager);
            let body = ApproveCount { count, reason: Reason::CountedWrong };
            road.books.writes(&manager).approve_count(road.now(), body).await
        }
    }))
    .await;
    assert_eq!(approved.iter().filter(|answer| answer.is_ok()).count(), 1, "{approved:?}");
    for refused in approved.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(refused, KeepingError::AlreadyDecided), "{refused:?}");
    }
    road.verify().await;
}

async fn two_people_reverse_the_same_movement(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let keeper = road.books.writes(&road.sender);
    let changed = keeper.change_stock(road.now(), damage(&road, 10)).await.unwrap();
    let reversed = at_once((0..PEOPLE).map(|_| {
        let (road, movements) = (road.clone(), changed.movements.clone());
        async move {
            let manager = road.books.staff(Role::Manager);
            let body = Reverse { movements, reason: Reason::TypedWrong };
            road.books.writes(&manager).reverse(road.now(), body).await
        }
    }))
    .await;
    assert_eq!(reversed.iter().filter(|answer| answer.is_ok()).count(), 1, "{reversed:?}");
    for refused in reversed.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(refused, CorrectionError::AlreadyReversed(_)), "{refused:?}");
    }
    road.verify().await;
}

async fn two_people_confirm_the_same_first_count(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let opening = road.books.reads(&road.sender).first_counts().await.unwrap()[0].record;
    let confirmed = at_once((0..PEOPLE).map(|_| {
        let road = road.clone();
        async move {
            let second = road.books.staff(Role::Logistics);
            road.books.writes(&second).confirm(road.now(), opening).await
        }
    }))
    .await;
    assert_eq!(confirmed.iter().filter(|answer| answer.is_ok()).count(), 1, "{confirmed:?}");
    for refused in confirmed.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(refused, ConfirmError::AlreadyConfirmed), "{refused:?}");
    }
}

async fn two_managers_recall_the_same_edition(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let recalled = at_once((0..PEOPLE).map(|_| {
        let road = road.clone();
        async move {
            let manager = road.books.staff(Role::Manager);
            let body = CallBack { material: road.leaflets, mode: RecallMode::StopNow };
            road.books.writes(&manager).recall(road.now(), body).await
        }
    }))
    .await;
    assert_eq!(recalled.iter().filter(|answer| answer.is_ok()).count(), 1, "{recalled:?}");
    for refused in recalled.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(refused, RecallError::AlreadyRecalled), "{refused:?}");
    }
}

/// All of them are kept and one stands: figures of one key are never added up.
async fn two_people_enter_the_same_figure(books: Arc<Books>) {
    let road = Arc::new(Road::build(books).await);
    let month = Month(201_706);
    let entered = at_once((0..PEOPLE).map(|n| {
        let road = road.clone();
        async move {
            let clerk = road.books.staff(Role::Logistics);
            let figure = ReportedFigure {
                org: road.partner,
                month,
                kind: MaterialKind::Leaflet,
                pieces: 100 + n as i64,
                source: ReportSource::Phone,
            };
            road.books.writes(&clerk).report_figure(road.now(), figure).await
        }
    }))
    .await;
    for answer in &entered {
        assert!(answer.is_ok(), "{answer:?}");
    }
    let rows = road.books.reads(&road.manager).reported(month).await.unwrap();
    assert_eq!(rows.len(), PEOPLE);
    assert_eq!(rows.iter().filter(|row| !row.superseded).count(), 1);
}
