//! Stock of a recalled edition moves all the same: somebody looks why.

use crate::books::{Books, on_both};
use crate::events::{Field, row, sheet};
use domain::ledger::Reason;
use domain::records::keeping::{Change, Disposal, Reverse};
use domain::records::recall::{EndRecall, RecallMode};
use std::sync::Arc;
use stock::Submission;
use stock::access::Denied;
use stock::held_moves::LookError;
use stock::tasks::TaskKind::HeldBatchMoved;

on_both!(
    recalled_stock_that_changes_is_looked_at,
    what_a_recall_asks_for_is_no_news,
    a_change_that_is_taken_back_asks_nobody,
    the_end_of_a_recall_ends_the_asking,
);

async fn recalled_stock_that_changes_is_looked_at(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    field.happened(&field.worker, field.change(Change::Damaged, 3)).await;
    assert!(field.waits(&field.clerk, HeldBatchMoved).await.is_empty(), "nothing was recalled");
    field.recalls(RecallMode::StopNow).await.unwrap();
    let record = field.happened(&field.worker, field.change(Change::Damaged, 10)).await;
    let page = format!("/records/{record}");
    assert_eq!(field.waits(&field.clerk, HeldBatchMoved).await, std::slice::from_ref(&page));
    assert!(field.waits(&field.worker, HeldBatchMoved).await.is_empty());

    let task = books.reads(&field.clerk).held_move(&page).await.unwrap().unwrap();
    let worker = books.writes(&field.worker).looked_at(task.id).await;
    assert!(matches!(worker, Err(LookError::Denied(Denied::NotFound))), "{worker:?}");
    assert_eq!(books.writes(&field.clerk).looked_at(task.id).await.unwrap(), page);
    assert!(field.waits(&field.clerk, HeldBatchMoved).await.is_empty());
    let again = books.writes(&field.clerk).looked_at(task.id).await;
    assert!(matches!(again, Err(LookError::Denied(Denied::NotFound))), "{again:?}");
    field.adds_up().await;
}

async fn what_a_recall_asks_for_is_no_news(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let told = sheet(event, vec![row(field.leaflets, 500, 0, 0)]);
    books.writes(&field.worker).event_sheet(field.said(0), told).await.unwrap();
    field.recalls(RecallMode::StopNow).await.unwrap();
    let how = Disposal::Destroyed {
        witness_roles: ["keeper".to_owned(), "guard".to_owned()],
        certificate: "C-1".to_owned(),
    };
    let disposed = Change::Disposed { how, from_damaged: false };
    field.happened(&field.worker, field.change(disposed, 10)).await;
    assert!(field.waits(&field.clerk, HeldBatchMoved).await.is_empty());
}

async fn a_change_that_is_taken_back_asks_nobody(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    field.recalls(RecallMode::UseUp).await.unwrap();
    let record = field.happened(&field.worker, field.change(Change::Lost, 10)).await;
    assert_eq!(field.waits(&field.clerk, HeldBatchMoved).await.len(), 1);
    let movements = books.reads(&field.worker).reversible_movements(record).await.unwrap();
    let body = Reverse { movements, reason: Reason::CountedWrong };
    books.writes(&field.worker).reverse(field.said(0), body).await.unwrap();
    assert!(field.waits(&field.clerk, HeldBatchMoved).await.is_empty());
}

async fn the_end_of_a_recall_ends_the_asking(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let recall = field.recalls(RecallMode::StopNow).await.unwrap();
    let event = field.planned().await;
    let told = sheet(event, vec![row(field.leaflets, 500, 0, 0)]);
    let said = Submission { confirmed: true, ..field.said(0) };
    books.writes(&field.worker).event_sheet(said, told).await.unwrap();
    field.happened(&field.worker, field.change(Change::Damaged, 10)).await;
    let waiting = field.waits(&field.clerk, HeldBatchMoved).await;
    assert_eq!(waiting.len(), 2);
    assert!(waiting.contains(&format!("/events/{event}")));
    let manager = books.writes(&field.manager);
    manager.end_recall(field.said(0), EndRecall { recall }).await.unwrap();
    assert!(field.waits(&field.clerk, HeldBatchMoved).await.is_empty());
}
