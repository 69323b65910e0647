//! What is under way for too long is asked for, by the day and without a timer.

use super::road::{Road, pieces};
use crate::books::{Books, on_both};
use domain::consignment::LATE_DAYS;
use domain::ids::ConsignmentId;
use domain::role::Actor;
use std::sync::Arc;
use stock::tasks::TaskKind;

on_both!(what_should_have_arrived_is_asked_for_until_somebody_says_what_came);

const DAY_MS: i64 = 24 * 60 * 60_000;

async fn waits(road: &Road, who: &Actor, kind: TaskKind) -> Vec<String> {
    let tasks = road.books.reads(who).tasks().await.unwrap();
    tasks.into_iter().filter(|task| task.kind == kind).map(|task| task.page).collect()
}

fn page(id: ConsignmentId) -> String {
    format!("/consignments/{id}")
}

async fn what_should_have_arrived_is_asked_for_until_somebody_says_what_came(books: Arc<Books>) {
    let road = Road::build(books.clone()).await;
    // Under way since 30 May; today is 1 June.
    let [whole, half] =
        [road.sent(road.balkh, 500).await, road.sent(road.partner_store, 1_000).await];
    road.draft(road.balkh).await;
    books.world.wait_ms((i64::from(LATE_DAYS) - 2) * DAY_MS);
    assert!(waits(&road, &road.sender, TaskKind::LateConsignment).await.is_empty());
    books.world.wait_ms(DAY_MS);
    let late = waits(&road, &road.sender, TaskKind::LateConsignment).await;
    assert_eq!(late.len(), 2);
    assert!(late.contains(&page(whole)) && late.contains(&page(half)));
    assert!(waits(&road, &road.receiver, TaskKind::LateConsignment).await.is_empty());

    road.delivers(&road.receiver, whole, road.count(1, pieces(500).get(), 0)).await.unwrap();
    assert_eq!(waits(&road, &road.sender, TaskKind::LateConsignment).await, [page(half)]);
    // Half of it came and nothing more is coming: that is to be explained, not waited for.
    road.delivers(&road.receiver, half, road.count(1, 500, 0)).await.unwrap();
    assert!(waits(&road, &road.sender, TaskKind::LateConsignment).await.is_empty());
    assert_eq!(waits(&road, &road.sender, TaskKind::ExplainDelivery).await, [page(half)]);
    road.verify().await;
}
