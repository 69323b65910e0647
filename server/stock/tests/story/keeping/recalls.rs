//! An edition is recalled: everybody who holds it stops, one by one.

use crate::books::{Books, on_both};
use crate::events::Field;
use domain::ids::RecordId;
use domain::records::recall::{CallBack, EndRecall, RecallMode, RecallStep, Step, ToldHow};
use domain::role::Role;
use std::sync::Arc;
use stock::RecordError;
use stock::access::Denied;
use stock::recall::RecallError;
use stock::tasks::TaskKind;

on_both!(
    holders_are_asked_told_and_stop,
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
