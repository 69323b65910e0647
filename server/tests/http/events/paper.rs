//! The form on paper, and the code on it.

use super::Village;
use crate::program::location;
use domain::code::Code;

#[tokio::test]
async fn the_paper_has_the_boxes_in_the_order_of_the_page() {
    let village = Village::build().await;
    let event = village.planned().await;
    let page = village.worker.page(&format!("/events/{event}/sheet")).await;
    let paper = village.worker.page(&format!("/events/{event}/form")).await;
    assert!(paper.contains("paper-a5") && paper.contains("<svg"), "A5, with a QR code");
    assert!(paper.contains("Printed paper M1") && !paper.contains("Know the risks"));
    let boxes = [
        "Brought",
        "Left over",
        "Spoiled",
        "To participants",
        "Pieces for people who will pass them on",
        "How many people",
        "Pieces in public places",
        "How many places",
        "Women",
        "Men",
        "Girls under 18",
        "Boys under 18",
        "Age not recorded",
        "Sex not recorded",
        "Groups that were present",
    ];
    for (text, is_paper) in [(&page, false), (&paper, true)] {
        let mut rest = text.as_str();
        for words in boxes {
            // Short on paper, where the box beside it says the rest.
            let words = match words {
                "How many people" if is_paper => ">people".to_owned(),
                "How many places" if is_paper => ">places".to_owned(),
                words => format!(">{words}"),
            };
            let at = rest.find(&words).unwrap_or_else(|| panic!("{words} in its place"));
            rest = &rest[at..];
        }
    }
}

#[tokio::test]
async fn the_code_of_an_event_leads_its_people_to_it_and_strangers_nowhere() {
    let village = Village::build().await;
    let event = village.planned().await;
    let code = Code::parse(&village.detail(event).await.event.code).unwrap();
    for path in [format!("/E/{code}"), format!("/e/{code}")] {
        let mut there = location(&village.worker.get(&path).await);
        if there.starts_with("/e/") {
            there = location(&village.worker.get(&there).await);
        }
        assert_eq!(there, format!("/events/{event}"));
    }
    let lower = format!("/e/{code}");
    let stranger = village.program.stranger().page(&lower).await;
    assert!(!stranger.contains("Community event") && !stranger.contains("Fast Relief"));
    let other = village.other.page(&lower).await;
    assert!(other.contains("Please return it") && !other.contains(&event.to_string()));
}
