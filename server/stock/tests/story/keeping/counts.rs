//! Counts: blind, decided by a second person, and kept.

use crate::books::{Books, on_both};
use crate::events::Field;
use domain::ids::{BatchId, RecordId};
use domain::ledger::Reason;
use domain::records::keeping::{ApproveCount, Change, Count, Counted, DeclineCount};
use domain::reference::OrgKind;
use domain::role::Role;
use std::sync::Arc;
use stock::RecordError;
use stock::access::Denied;
use stock::keeping::{CountDecision, CountHead, KeepingError};
use stock::tasks::TaskKind;

on_both!(
    what_was_counted_stays_counted,
    who_counted_does_not_decide,
    a_declined_count_changes_nothing,
    a_count_is_seen_beside_the_books_of_its_own_moment,
    two_counts_of_the_same_moment_do_not_both_stand,
    what_cannot_be_counted_is_refused,
);

impl Field {
    /// The worker counts the two batches on a day from today.
    async fn counts(&self, days: i32, first: i64, second: i64) -> RecordId {
        let lines = vec![
            Counted { batch: self.first.batch, pieces: first },
            Counted { batch: self.second.batch, pieces: second },
        ];
        let body = Count { store: self.store, lines };
        self.books.writes(&self.worker).count_stock(self.said(days), body).await.unwrap()
    }

    fn approval(&self, count: RecordId) -> ApproveCount {
        ApproveCount { count, reason: Reason::Missing }
    }

    async fn in_books(&self, count: RecordId) -> Vec<(i64, i64)> {
        let count = self.books.reads(&self.worker).count(count).await.unwrap();
        count.lines.iter().map(|line| (line.counted, line.in_books)).collect()
    }
}

async fn what_was_counted_stays_counted(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let sheet = books.reads(&field.worker).count_sheet(field.store).await.unwrap();
    assert_eq!(sheet.len(), 2);
    let count = field.counts(-1, 1_480, 203).await;
    assert_eq!(field.in_books(count).await, [(1_480, 1_500), (203, 200)]);
    assert_eq!(field.in_store(field.first.batch).await, 1_500);
    let page = format!("/counts/{count}");
    assert_eq!(field.waits(&field.clerk, TaskKind::ApproveCount).await, [page]);
    let heads = books.reads(&field.clerk).counts().await.unwrap();
    assert!(matches!(heads[..], [CountHead { decision: CountDecision::Waiting { .. }, .. }]));

    books.writes(&field.clerk).approve_count(field.said(0), field.approval(count)).await.unwrap();
    assert_eq!(field.in_store(field.first.batch).await, 1_480);
    assert_eq!(field.in_store(field.second.batch).await, 203);
    assert!(field.waits(&field.clerk, TaskKind::ApproveCount).await.is_empty());
    // A loss of the days before, told later, had been counted in.
    let worker = books.writes(&field.worker);
    worker.change_stock(field.said(-3), field.change(Change::Lost, 15)).await.unwrap();
    assert_eq!(field.in_store(field.first.batch).await, 1_480);
    // The page still says what the books had said.
    assert_eq!(field.in_books(count).await, [(1_480, 1_500), (203, 200)]);
    let heads = books.reads(&field.worker).counts().await.unwrap();
    assert!(matches!(heads[0].decision, CountDecision::Approved { reason: Reason::Missing, .. }));
    field.adds_up().await;
}

async fn who_counted_does_not_decide(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let clerk = books.writes(&field.clerk);
    let lines = vec![Counted { batch: field.first.batch, pieces: 0 }];
    let count = Count { store: field.store, lines };
    let count = clerk.count_stock(field.said(0), count).await.unwrap();
    let own = clerk.approve_count(field.said(0), field.approval(count)).await;
    assert!(matches!(own, Err(KeepingError::OwnCount)), "{own:?}");
    let own = clerk.decline_count(field.said(0), DeclineCount { count }).await;
    assert!(matches!(own, Err(KeepingError::OwnCount)), "{own:?}");
    for other in [&field.worker, &books.administrator] {
        let denied = books.writes(other);
        let denied = denied.approve_count(field.said(0), field.approval(count)).await;
        assert!(matches!(denied, Err(KeepingError::Record(RecordError::Denied(_)))), "{denied:?}");
    }
    let head = books.reads(&field.clerk).count(count).await.unwrap().head;
    assert_eq!(head.decision, CountDecision::Waiting { by_me: false });
    let head = books.reads(&field.manager).count(count).await.unwrap().head;
    assert_eq!(head.decision, CountDecision::Waiting { by_me: true });
    let manager = books.writes(&field.manager);
    manager.approve_count(field.said(0), field.approval(count)).await.unwrap();
    assert_eq!(field.in_store(field.first.batch).await, 0, "zero is a count");
    let late = manager.decline_count(field.said(0), DeclineCount { count }).await;
    assert!(matches!(late, Err(KeepingError::AlreadyDecided)), "{late:?}");
    field.adds_up().await;
}

async fn a_declined_count_changes_nothing(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let count = field.counts(0, 7, 7).await;
    let clerk = books.writes(&field.clerk);
    clerk.decline_count(field.said(0), DeclineCount { count }).await.unwrap();
    assert!(field.waits(&field.manager, TaskKind::ApproveCount).await.is_empty());
    let manager = books.writes(&field.manager);
    let late = manager.approve_count(field.said(0), field.approval(count)).await;
    assert!(matches!(late, Err(KeepingError::AlreadyDecided)), "{late:?}");
    assert_eq!(field.in_store(field.first.batch).await, 1_500);
    let head = books.reads(&field.worker).count(count).await.unwrap().head;
    assert!(matches!(head.decision, CountDecision::Declined { .. }));
}

/// What left the store and came back since, and what a neighbour has of the same batch, is not in
/// the books of that moment.
async fn a_count_is_seen_beside_the_books_of_its_own_moment(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    worker.change_stock(field.said(-4), field.change(Change::Lost, 100)).await.unwrap();
    let count = field.counts(-3, 1_480, 203).await;
    assert_eq!(field.in_books(count).await, [(1_480, 1_400), (203, 200)]);
    worker.change_stock(field.said(-3), field.change(Change::Damaged, 7)).await.unwrap();
    assert_eq!(field.in_books(count).await, [(1_480, 1_393), (203, 200)], "the same noon");
    worker.change_stock(field.said(-2), field.change(Change::Lost, 50)).await.unwrap();
    worker.change_stock(field.said(-1), field.change(Change::Found, 20)).await.unwrap();
    assert_eq!(field.in_books(count).await, [(1_480, 1_393), (203, 200)]);
    assert_eq!(field.in_store(field.first.batch).await, 1_363);
}

async fn two_counts_of_the_same_moment_do_not_both_stand(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    // Both are dated to the noon of yesterday.
    let (one, other) = (field.counts(-1, 1_480, 200).await, field.counts(-1, 1_470, 200).await);
    let clerk = books.writes(&field.clerk);
    clerk.approve_count(field.said(0), field.approval(one)).await.unwrap();
    let second = clerk.approve_count(field.said(0), field.approval(other)).await;
    assert!(matches!(second, Err(KeepingError::SameMoment)), "{second:?}");
    assert_eq!(field.in_store(field.first.batch).await, 1_480);
    assert_eq!(field.waits(&field.manager, TaskKind::ApproveCount).await.len(), 1);
}

async fn what_cannot_be_counted_is_refused(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let (worker, batch) = (books.writes(&field.worker), field.first.batch);
    let count = |lines: Vec<(BatchId, i64)>| Count {
        store: field.store,
        lines: lines.into_iter().map(|(batch, pieces)| Counted { batch, pieces }).collect(),
    };
    let refused = worker.count_stock(field.said(0), count(Vec::new())).await;
    assert!(matches!(refused, Err(KeepingError::Empty)));
    let refused = worker.count_stock(field.said(0), count(vec![(batch, 1), (batch, 2)])).await;
    assert!(matches!(refused, Err(KeepingError::Twice(of)) if of == batch));
    for wrong in [-1, 1_000_000_001] {
        let refused = worker.count_stock(field.said(0), count(vec![(batch, wrong)])).await;
        assert!(matches!(refused, Err(KeepingError::Record(RecordError::Refused(_)))), "{wrong}");
    }
    let refused = worker.count_stock(field.said(0), count(vec![(books.id(), 5)])).await;
    assert!(matches!(refused, Err(KeepingError::Record(RecordError::Denied(Denied::NotFound)))));
    let refused = worker.count_stock(field.said(1), count(vec![(batch, 5)])).await;
    assert!(matches!(refused, Err(KeepingError::Record(RecordError::Future))));
    let refused = worker.count_stock(field.said(-21), count(vec![(batch, 5)])).await;
    assert!(matches!(refused, Err(KeepingError::BeforeArrival { .. })));

    let kept = field.counts(0, 1, 2).await;
    let org = books.add_org(OrgKind::Partner, "Other").await;
    let (own, other) =
        (books.add_store(org, "OTH", "AF21").await, books.member(Role::Partner, org));
    let foreign = Count { store: own, ..count(vec![(batch, 5)]) };
    let unseen = books.writes(&other).count_stock(field.said(0), foreign).await;
    assert!(matches!(unseen, Err(KeepingError::Record(RecordError::Denied(Denied::NotFound)))));
    let hidden = books.writes(&other).count_stock(field.said(0), count(vec![(batch, 5)])).await;
    assert!(matches!(hidden, Err(KeepingError::Record(RecordError::Denied(Denied::NotFound)))));
    let reader = books.reads(&other);
    assert!(reader.counts().await.unwrap().is_empty());
    let hidden = reader.count(kept).await;
    assert!(matches!(hidden, Err(KeepingError::Record(RecordError::Denied(Denied::NotFound)))));
}
