//! Nobody told what happened at an event: its people are asked, by the day and without a timer.

use super::{Field, row, sheet};
use crate::books::{Books, on_both};
use domain::events::sheet_due;
use domain::reference::OrgKind;
use domain::role::Role;
use domain::time::Day;
use std::sync::Arc;
use stock::tasks::TaskKind::MissingSheet;

on_both!(an_event_of_which_nobody_told_waits_for_its_people);

const DAY_MS: i64 = 24 * 60 * 60_000;

async fn an_event_of_which_nobody_told_waits_for_its_people(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let [told, given_up, untold] =
        [field.planned().await, field.planned().await, field.planned().await];
    books.world.wait_ms(i64::from(sheet_due(Day(0)).0) * DAY_MS);
    assert!(field.waits(&field.worker, MissingSheet).await.is_empty(), "people travel home first");
    books.world.wait_ms(DAY_MS);
    assert_eq!(field.waits(&field.worker, MissingSheet).await.len(), 3);
    let other = books.member(Role::Partner, books.add_org(OrgKind::Partner, "Other").await);
    let viewer = books.member(Role::Viewer, field.relief);
    for somebody in [&other, &viewer, &field.clerk] {
        assert!(field.waits(somebody, MissingSheet).await.is_empty());
    }
    let worker = books.writes(&field.worker);
    let sheet = sheet(told, vec![row(field.leaflets, 500, 100, 0)]);
    worker.event_sheet(field.said(-4), sheet).await.unwrap();
    worker.cancel_event(given_up).await.unwrap();
    let waits = field.waits(&field.worker, MissingSheet).await;
    assert_eq!(waits, [format!("/events/{untold}")]);
}
