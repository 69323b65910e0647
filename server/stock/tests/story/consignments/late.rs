//! What is under way for too long is asked for, by the day and without a timer.

use super::road::{Road, delivery, pieces};
use crate::books::{Books, on_both};
use domain::consignment::{LATE_DAYS, Rest};
use domain::ids::ConsignmentId;
use domain::records::consignment::Became;
use domain::role::{Actor, Role};
use std::sync::Arc;
use stock::tasks::TaskKind;

on_both!(
    what_should_have_arrived_is_asked_for_until_somebody_says_what_came,
    a_manager_learns_what_came_in_part_is_late_or_never_came,
);

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

async fn a_manager_learns_what_came_in_part_is_late_or_never_came(books: Arc<Books>) {
    let road = Road::build(books.clone()).await;
    let id = road.sent(road.balkh, 1_000).await;
    let elsewhere = books.staff_in(Role::Manager, "AF21");
    let seen = async |kind| waits(&road, &road.manager, kind).await;
    assert!(seen(TaskKind::PartArrived).await.is_empty());
    let part = delivery(id, road.count(1, 500, 0), Rest::StillComing, &[]);
    let receiver = books.writes(&road.receiver);
    let first = receiver.deliver(road.now(), part).await.unwrap();
    assert_eq!(seen(TaskKind::PartArrived).await, [page(id)]);
    for other in [&road.sender, &elsewhere] {
        assert!(waits(&road, other, TaskKind::PartArrived).await.is_empty());
    }
    books.world.wait_ms(i64::from(LATE_DAYS) * DAY_MS);
    assert_eq!(seen(TaskKind::LateConsignment).await, [page(id)]);
    assert!(seen(TaskKind::PartArrived).await.is_empty());

    let rest = delivery(id, road.count(0, 480, 0), Rest::NothingMore, &[first.record]);
    receiver.deliver(road.on("2017-06-02"), rest).await.unwrap();
    assert!(seen(TaskKind::LateConsignment).await.is_empty());
    assert_eq!(seen(TaskKind::ExplainDelivery).await, [page(id)]);
    assert!(waits(&road, &elsewhere, TaskKind::ExplainDelivery).await.is_empty());
    let lost = road.explains(id, 20, Became::Lost);
    books.writes(&road.manager).explain(road.on("2017-06-02"), lost).await.unwrap();
    assert!(seen(TaskKind::ExplainDelivery).await.is_empty());
    road.verify().await;
}
