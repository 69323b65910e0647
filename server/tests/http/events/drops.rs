//! Pieces left in a public place without an event.

use super::{Fields, Village};
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
    assert!(village.worker.page("/drops").await.contains("No drops yet"));
}

#[tokio::test]
async fn what_the_store_never_had_is_held() {
    let village = Village::build().await;
    let stickers = village.stickers.to_string();
    let fields = filled(&village).await.with("material_1", &stickers);
    let shown = fields.send(&village.worker, "/drops/new").await;
    assert!(shown.contains("The store never had “Mark it” in the books"));
    assert!(shown.contains("Not in the books yet"));
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
