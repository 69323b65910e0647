//! Pieces left in a public place without an event.

use super::{Fields, Village, count_first};
use crate::program::location;

async fn filled(village: &Village) -> Fields {
    let page = village.worker.page("/drops/new").await;
    Fields::of(&page)
        .with("store", &village.store.to_string())
        .with("place", "AF2101")
        .with("kind", "clinic")
        .with("places", "۲")
        .with("material_1", &village.leaflets.to_string())
        .with("take_1_bundles", "2")
}

#[tokio::test]
async fn leaflets_are_left_in_two_clinics() {
    let village = Village::build().await;
    let empty = village.worker.page("/drops").await;
    assert!(empty.contains("No drops yet") && empty.contains("Record a drop"));
    let page = village.worker.page("/drops/new").await;
    assert!(!page.contains("that were brought"), "nothing was brought anywhere");
    let fields = filled(&village).await;
    let there = location(&fields.post(&village.worker, "/drops/new").await);
    village.program.world.pass_minutes(1);
    let again = location(&fields.post(&village.worker, "/drops/new").await);
    assert_eq!(there, again, "the same form is one drop");
    let shown = village.worker.page(&there).await;
    for words in ["D-REL-0001", "Clinic", "Know the risks", "100", "batch assumed"] {
        assert!(shown.contains(words), "{words}");
    }
    assert!(shown.contains("Was this a mistake?") && shown.contains("/reverse\""), "{shown}");
    let list = village.worker.page("/drops?month=2017-06").await;
    assert!(list.contains("D-REL-0001") && list.contains("In the books"));
    assert!(village.worker.page("/drops?month=2017-07").await.contains("No drop in this month"));
    assert!(village.worker.page("/events").await.contains("href=\"/drops\""));
    assert_eq!(village.other.get(&there).await.status_code(), 404);
    assert!(!village.other.page("/drops").await.contains("D-REL-0001"));
    village.adds_up().await;
}

#[tokio::test]
async fn a_refused_drop_keeps_what_was_typed() {
    let village = Village::build().await;
    let wrong = [
        ("store", "", "Choose one."),
        ("place", "", "Choose a place."),
        ("kind", "", "What kind of place was it?"),
        ("places", "-2", "A quantity is never negative"),
        ("places", "0", "Enter at least 1"),
        ("take_1_bundles", "0.5", "Enter a whole number"),
        ("take_1_bundles", "", "Enter a number"),
        ("material_1", "", "Which material is it?"),
        ("codes", "4K7M-2QXD-9V4", "The last character does not fit"),
        ("date", "2017-06-02", "The date lies in the future"),
    ];
    for (name, typed, words) in wrong {
        let fields = filled(&village).await.with(name, typed);
        let page = fields.send(&village.worker, "/drops/new").await;
        assert!(page.contains("There is a problem") && page.contains(words), "{name}: {words}");
        if name != "places" {
            assert!(page.contains("value=\"۲\""), "{name}: nothing typed is lost");
        }
    }
    let all = filled(&village).await.with("take_1_bundles", "50");
    let all = all.with("date", "2017-06-02").with("places", "0");
    let page = all.send(&village.worker, "/drops/new").await;
    for words in ["The date lies in the future", "Enter at least 1", "name=\"confirmed\""] {
        assert!(page.contains(words), "all at once: {words}");
    }
    assert!(village.worker.page("/drops").await.contains("No drops yet"));
}

/// A drop of stickers, which the store does not have: its page.
async fn held(village: &Village) -> String {
    let stickers = village.stickers.to_string();
    let fields = filled(village).await.with("material_1", &stickers);
    location(&fields.post(&village.worker, "/drops/new").await)
}

#[tokio::test]
async fn what_the_store_never_had_is_held_until_it_has() {
    let village = Village::build().await;
    let there = held(&village).await;
    let shown = village.worker.page(&there).await;
    assert!(shown.contains("The store never had “Mark it (M2)” in the books"));
    assert!(shown.contains("Held: not in the books yet"));
    assert!(shown.contains("What was said to be left there"), "{shown}");
    assert!(shown.contains("M2") && shown.contains(">100<"), "{shown}");
    let waits = village.worker.page("/").await;
    assert!(waits.contains(&there) && waits.contains("could not be booked"), "{waits}");
    let record = village.worker.page(&there.replace("/drops/", "/records/")).await;
    assert!(record.contains(&format!("{there}#decide")), "{record}");
    let decide = format!("{there}/decide");
    let post_now = Fields::of(&shown).with("decision", "post_now");
    let still = post_now.send(&village.worker, &decide).await;
    assert!(still.contains("There is a problem") && still.contains("never had"), "{still}");
    count_first(&village.program, &village.actor, village.store, village.stickers).await;
    let shown = village.manager.page(&there).await;
    let done =
        Fields::of(&shown).with("decision", "post_now").send(&village.manager, &decide).await;
    assert!(done.contains("In the books") && !done.contains("/decide"), "{done}");
    assert!(done.contains("Mark it") && done.contains("batch assumed"), "{done}");
    assert!(!village.worker.page("/").await.contains(&there), "nothing waits any more");
    let again = post_now.send(&village.worker, &decide).await;
    assert!(again.contains("decided about it meanwhile"), "{again}");
    village.adds_up().await;
}

#[tokio::test]
async fn a_drop_of_more_than_the_store_had_says_so() {
    let village = Village::build().await;
    let whole = filled(&village).await.with("take_1_bundles", "30");
    let there = location(&whole.post(&village.worker, "/drops/new").await);
    assert!(!village.worker.page(&there).await.contains("not in the books of the store"));
    let more = filled(&village).await.with("confirmed", "true");
    let there = location(&more.post(&village.worker, "/drops/new").await);
    let shown = village.worker.page(&there).await;
    assert!(shown.contains("100 of these pieces were not in the books of the store"), "{shown}");
    assert!(shown.contains(&format!("/unexplained?store={}", village.store)), "{shown}");
    village.adds_up().await;
}

#[tokio::test]
async fn a_held_drop_that_was_a_mistake_is_dropped() {
    let village = Village::build().await;
    let there = held(&village).await;
    let shown = village.worker.page(&there).await;
    let decide = format!("{there}/decide");
    assert_eq!(village.other.post(&decide, &[("decision", "same")]).await.status_code(), 404);
    let done = Fields::of(&shown).with("decision", "same").send(&village.worker, &decide).await;
    assert!(done.contains("Dropped") && !done.contains("/decide"), "{done}");
    assert!(!village.worker.page("/").await.contains(&there));
    assert!(village.worker.page("/drops").await.contains("Dropped"));
    village.adds_up().await;
}

#[tokio::test]
async fn a_drop_that_the_programme_enters_is_confirmed_by_the_partner() {
    let village = Village::build().await;
    let fields = filled(&village).await;
    let there = location(&fields.post(&village.manager, "/drops/new").await);
    let own = village.manager.page(&there).await;
    assert!(own.contains("to be confirmed") && !own.contains("/confirm\""));
    let confirm = format!("{there}/confirm");
    let record = super::record(&village.worker.page(&there).await);
    let done = village.worker.send(&confirm, &[("record", &record)]).await;
    assert!(!done.contains("to be confirmed") && done.contains("on behalf"));
}
