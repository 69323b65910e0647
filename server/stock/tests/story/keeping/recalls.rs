//! An edition is recalled: everybody who holds it stops, one by one.

use crate::books::{Books, on_both};
use crate::consignments::road::Road;
use crate::events::{Field, pieces};
use domain::ids::RecordId;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::recall::{CallBack, EndRecall, RecallMode, RecallStep, Step, ToldHow};
use domain::role::Role;
use std::sync::Arc;
use stock::access::Denied;
use stock::recall::RecallError;
use stock::tasks::TaskKind;
use stock::{RecordError, Submission};

on_both!(
    holders_are_asked_told_and_stop,
    who_holds_it_only_later_is_asked_too,
    who_receives_it_after_the_recall_is_asked_too,
    an_edition_is_recalled_once_at_a_time,
    a_recall_is_for_those_who_see_the_whole_programme,
);

impl Field {
    pub async fn recalls(&self, mode: RecallMode) -> Result<RecordId, RecallError> {
        let body = CallBack { material: self.leaflets, mode };
        self.books.writes(&self.manager).recall(self.said(0), body).await
    }
}

async fn holders_are_asked_told_and_stop(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let recall = field.recalls(RecallMode::StopNow).await.unwrap();
    let page = format!("/recalls/{recall}?store={}", field.store);
    assert_eq!(field.waits(&field.worker, TaskKind::StopGiving).await, [page]);
    let current = books.reads(&field.worker).recall_of(field.leaflets).await.unwrap().unwrap();
    assert_eq!((current.record_id, current.over), (recall.uuid(), false));
    assert!(books.reads(&field.worker).recall_of(field.stickers).await.unwrap().is_none());

    let step = |step| RecallStep { recall, store: field.store, step };
    let told = Step::Told { how: ToldHow::Phone };
    books.writes(&field.manager).recall_step(field.said(0), step(told)).await.unwrap();
    books.writes(&field.worker).recall_step(field.said(0), step(Step::Stopped)).await.unwrap();
    assert!(field.waits(&field.worker, TaskKind::StopGiving).await.is_empty());
    let (_, holders) = books.reads(&field.worker).recall_holders(recall).await.unwrap();
    assert_eq!((holders.len(), holders[0].pieces), (1, 1_700));
    assert_eq!(holders[0].told_how.as_deref(), Some("phone"));
    assert!(holders[0].stopped_at.is_some());
    let denied = books.writes(&field.worker).recall_step(field.said(0), step(told)).await;
    assert!(matches!(denied, Err(RecallError::Record(RecordError::Denied(_)))), "{denied:?}");
}

async fn who_holds_it_only_later_is_asked_too(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let recall = field.recalls(RecallMode::StopNow).await.unwrap();
    let (counting, later) = (
        books.add_store(books.programme, "BAL", "AF21").await,
        books.add_store(books.programme, "HER", "AF20").await,
    );
    let page = |store| format!("/recalls/{recall}?store={store}");
    let asked = async || field.waits(&field.clerk, TaskKind::StopGiving).await;
    assert_eq!(asked().await, [page(field.store)]);
    let count = async |store, material| {
        let row = FirstCountRow { material, cartons: None, loose: Some(pieces(80)) };
        let said = Submission { confirmed: true, ..field.said(0) };
        books.writes(&field.clerk).first_count(said, FirstCount { store, rows: vec![row] }).await
    };
    count(later, field.stickers).await.unwrap();
    assert_eq!(asked().await, [page(field.store)], "another edition is not recalled");
    count(counting, field.leaflets).await.unwrap();
    assert_eq!(asked().await, [page(field.store), page(counting)]);

    // Who has stopped is not asked again when more comes.
    let step = RecallStep { recall, store: counting, step: Step::Stopped };
    books.writes(&field.clerk).recall_step(field.said(0), step).await.unwrap();
    count(counting, field.leaflets).await.unwrap();
    assert_eq!(asked().await, [page(field.store)]);
    let body = EndRecall { recall };
    books.writes(&field.manager).end_recall(field.said(0), body).await.unwrap();
    count(later, field.leaflets).await.unwrap();
    assert!(asked().await.is_empty());
}

async fn who_receives_it_after_the_recall_is_asked_too(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 1_000).await;
    let body = CallBack { material: road.leaflets, mode: RecallMode::StopNow };
    let recall = road.books.writes(&road.manager).recall(road.now(), body).await.unwrap();
    let asked = async || -> Vec<String> {
        let tasks = road.books.reads(&road.receiver).tasks().await.unwrap();
        let stop = tasks.into_iter().filter(|task| task.kind == TaskKind::StopGiving);
        stop.map(|task| task.page).collect()
    };
    assert!(asked().await.is_empty(), "it is not there yet");
    road.delivers(&road.receiver, id, road.count(2, 1_000, 0)).await.unwrap();
    assert_eq!(asked().await, [format!("/recalls/{recall}?store={}", road.balkh)]);
}

async fn an_edition_is_recalled_once_at_a_time(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let recall = field.recalls(RecallMode::UseUp).await.unwrap();
    assert!(field.waits(&field.worker, TaskKind::StopGiving).await.is_empty());
    let again = field.recalls(RecallMode::StopNow).await;
    assert!(matches!(again, Err(RecallError::AlreadyRecalled)), "{again:?}");
    let manager = books.writes(&field.manager);
    manager.end_recall(field.said(0), EndRecall { recall }).await.unwrap();
    let late = manager.end_recall(field.said(0), EndRecall { recall }).await;
    assert!(matches!(late, Err(RecallError::Over)), "{late:?}");
    let recall = field.recalls(RecallMode::StopNow).await.unwrap();
    assert_eq!(field.waits(&field.worker, TaskKind::StopGiving).await.len(), 1);
    manager.end_recall(field.said(0), EndRecall { recall }).await.unwrap();
    assert!(field.waits(&field.worker, TaskKind::StopGiving).await.is_empty());
    assert!(books.reads(&field.manager).recall_of(field.leaflets).await.unwrap().is_none());
    assert_eq!(books.reads(&field.manager).recalls().await.unwrap().len(), 2);
}

async fn a_recall_is_for_those_who_see_the_whole_programme(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let local = books.staff_in(Role::Manager, "AF21");
    for who in [&local, &field.clerk, &field.worker] {
        let body = CallBack { material: field.leaflets, mode: RecallMode::StopNow };
        let denied = books.writes(who).recall(field.said(0), body).await;
        assert!(matches!(denied, Err(RecallError::Record(RecordError::Denied(_)))), "{denied:?}");
    }
    let unknown = CallBack { material: books.id(), mode: RecallMode::StopNow };
    let unknown = books.writes(&field.manager).recall(field.said(0), unknown).await;
    let Err(RecallError::Record(RecordError::Denied(Denied::NotFound))) = unknown else {
        panic!("{unknown:?}")
    };
}
