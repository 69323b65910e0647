//! Plans, and the list of events.

use super::{Fields, Village, add_store, count_first, today, value};
use crate::program::location;
use app::long_list;
use domain::records::recall::{CallBack, RecallMode};
use domain::records::{Envelope, Occurred};
use domain::role::{Role, Scope};
use stock::Submission;
use stock::world::World;

async fn filled(village: &Village, path: &str) -> Fields {
    let page = village.worker.page(path).await;
    Fields::of(&page)
        .with("type", &village.kind.to_string())
        .with("place", "AF2101")
        .with("date", "2017-06-10")
        .with("expected", "۴۰")
        .with("org", &village.relief.to_string())
        .with("store", &village.store.to_string())
        .with("session_1", "women")
        .with("session_2", "men")
        .with(&format!("pieces_{}", village.leaflets), "1,000")
}

#[tokio::test]
async fn an_event_is_planned_and_found_again() {
    let village = Village::build().await;
    let empty = village.worker.page("/events").await;
    assert!(empty.contains("No events yet") && empty.contains("Plan an event"));
    let fields = filled(&village, "/events/new").await;
    let there = location(&fields.post(&village.worker, "/events/new").await);
    let again = location(&fields.post(&village.worker, "/events/new").await);
    assert_eq!(there, again, "the same form plans one event");
    let shown = village.worker.page(&there).await;
    for words in ["Community event", "E-REL-0001", "Women · Men", "1,000 planned", "Take stock"] {
        assert!(shown.contains(words), "{words}");
    }
    let new = village.worker.page("/events/new").await;
    assert!(new.contains("In store: ") && new.contains("1,500"), "what there is to be given out");
    let list = village.worker.page("/events?month=2017-06&state=planned").await;
    assert!(list.contains("E-REL-0001") && list.contains("Fast Relief"));
    let none = village.worker.page("/events?state=cancelled").await;
    assert!(none.contains("No event fits these filters") && !none.contains("E-REL-0001"));
    assert!(village.worker.page("/events?month=2017-07").await.contains("No event fits"));
}

#[tokio::test]
async fn a_refused_plan_keeps_what_was_typed() {
    let village = Village::build().await;
    let material = format!("pieces_{}", village.leaflets);
    let wrong = [
        ("type", "", "Choose one."),
        ("place", "", "Choose a place."),
        ("date", "tomorrow", "Enter a date like"),
        ("date", "2035-06-10", "more than five years ahead"),
        ("expected", "4.5", "Enter a whole number"),
        ("expected", "999999999", "At most 1,000,000 people"),
        (material.as_str(), "-1", "A quantity is never negative"),
    ];
    for (name, typed, words) in wrong {
        let fields = filled(&village, "/events/new").await.with(name, typed);
        let page = fields.send(&village.worker, "/events/new").await;
        assert!(page.contains("There is a problem") && page.contains(words), "{name}: {words}");
        if name != "expected" {
            assert_eq!(value(&page, "expected"), "۴۰", "nothing typed is lost");
        }
    }
    let fields = filled(&village, "/events/new").await.with("place", "");
    let fields = fields.with("date", "2035-06-10").with("expected", "999999999");
    let page = fields.send(&village.worker, "/events/new").await;
    for words in ["Choose a place.", "more than five years ahead", "At most 1,000,000 people"] {
        assert!(page.contains(words), "{words}: all of it is said at once");
    }
    assert!(village.worker.page("/events").await.contains("No events yet"));
}

#[tokio::test]
async fn a_plan_changes_until_something_is_recorded() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/edit");
    let fields = filled(&village, &path).await.with("expected", "60");
    let saved = fields.send(&village.worker, &path).await;
    assert!(saved.contains("60 expected") && saved.contains("Women · Men"));

    let detail = village.detail(event).await;
    let filled = [("women", "5"), ("session", "whole")];
    let sheet = village.sheet(event, &filled).await;
    sheet.send(&village.worker, &format!("/events/{event}/sheet")).await;
    let open = village.worker.page(&path).await;
    assert!(open.contains("Something was recorded about this event"));
    // A page that was open before still names other sessions.
    let late = fields.with("session_2", "").send(&village.worker, &path).await;
    assert!(late.contains("store, organisation and sessions stay"));
    assert_eq!(village.detail(event).await.sessions, detail.sessions);
}

#[tokio::test]
async fn an_event_that_took_place_is_not_called_off() {
    let village = Village::build().await;
    let event = village.planned().await;
    village.told(event, 100).await;
    let refused = village.worker.send(&format!("/events/{event}/cancel"), &[]).await;
    assert!(refused.contains("It took place"));
    let shown = village.worker.page(&format!("/events/{event}")).await;
    assert!(!shown.contains("Cancel this event"));
}

#[tokio::test]
async fn a_plan_says_that_more_stores_have_some() {
    let village = Village::build().await;
    for number in 1..=4 {
        let short = format!("RE{number}");
        let store = add_store(&village.program, village.relief, &short).await;
        count_first(&village.program, &village.actor, store, village.leaflets).await;
    }
    let page = village.worker.page("/events/new").await;
    assert!(page.contains("The stores with most of it: "), "{page}");
    assert!(page.contains("2 others have some.") && page.contains("href=\"/stock\""), "{page}");
}

#[tokio::test]
async fn a_day_without_a_sheet_is_said() {
    let village = Village::build().await;
    let event = village.planned().await;
    village.program.world.pass_minutes(3 * 24 * 60);
    let shown = village.worker.page(&format!("/events/{event}")).await;
    assert!(shown.contains("The day has passed and there is no sheet"));
    let list = village.worker.page("/events?state=sheet_missing").await;
    assert!(list.contains("E-REL-0001"));
    let page = village.worker.page(&format!("/events/{event}/sheet")).await;
    assert_eq!(value(&page, "date"), today().to_string(), "the day of the plan");
}

#[tokio::test]
async fn only_those_who_run_events_know_of_future_ones() {
    let village = Village::build().await;
    let fields = filled(&village, "/events/new").await.with("date", "2017-06-03");
    let there = location(&fields.post(&village.worker, "/events/new").await);
    let there = there.split('?').next().unwrap();
    let org = village.program.programme().await;
    let viewer =
        super::enter(&village.program, "viewer", org, Role::Viewer, Scope::Everything).await;
    assert_eq!(viewer.get(there).await.status_code(), 404);
    assert!(!viewer.page("/events").await.contains("E-REL-0001"));
    village.program.world.pass_minutes(2 * 24 * 60);
    let seen = viewer.page(there).await;
    assert!(seen.contains("E-REL-0001") && !seen.contains("/take") && !seen.contains("/edit"));
    assert_eq!(viewer.get(&format!("{there}/sheet")).await.status_code(), 404);
}

#[tokio::test]
async fn a_recalled_edition_is_planned_by_nobody_who_does_not_mean_it() {
    let village = Village::build().await;
    let event = village.planned().await;
    let now = village.program.world.now();
    let envelope = Envelope::typed(uuid::Uuid::now_v7().into(), Occurred::AtDeviceTime, now);
    let back = CallBack { material: village.leaflets, mode: RecallMode::StopNow };
    let manager = village.program.actor("manager").await;
    village.program.stock.writer(&manager).recall(Submission::new(envelope), back).await.unwrap();

    let stickers = format!("pieces_{}", village.stickers);
    let leaflets = format!("pieces_{}", village.leaflets);
    let other = filled(&village, "/events/new").await.with(&leaflets, "").with(&stickers, "100");
    assert!(other.send(&village.worker, "/events/new").await.contains("E-REL-0002"));

    let fields = filled(&village, "/events/new").await;
    let asked = fields.send(&village.worker, "/events/new").await;
    assert!(asked.contains("“Know the risks” (2017-1) is recalled"));
    let sure = format!("sure_{}_recalled", village.leaflets);
    assert!(asked.contains(&sure));
    let planned = fields.with(&sure, "true").send(&village.worker, "/events/new").await;
    assert!(planned.contains("E-REL-0003"));

    // What stood on a plan before is asked about no more.
    let path = format!("/events/{event}/edit");
    let saved = filled(&village, &path).await.send(&village.worker, &path).await;
    assert!(saved.contains("Women · Men"));
}

#[tokio::test]
async fn a_long_list_goes_on_with_the_filters_that_hold() {
    let village = Village::build().await;
    for _ in 0..=long_list::ROWS {
        village.planned().await;
    }
    let first = village.worker.page("/events?state=planned&month=").await;
    assert!(first.contains("E-REL-0101") && first.contains("E-REL-0002"));
    assert!(!first.contains("E-REL-0001") && !first.contains("The newest"));
    let (_, from) = first.split_once("rel=\"next\" href=\"").unwrap();
    let (older, _) = from.split_once('"').unwrap();
    let older = older.replace("&amp;", "&");
    assert!(older.ends_with("&state=planned"), "{older}");
    let second = village.worker.page(&older).await;
    assert!(second.contains("E-REL-0001") && !second.contains("E-REL-0002"));
    assert!(second.contains("href=\"/events?state=planned\"") && !second.contains("Older ones"));
}
