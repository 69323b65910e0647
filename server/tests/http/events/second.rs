//! A second sheet is kept until somebody says what it is; what was said for others is confirmed.

use super::{Fields, Village, count_first, today};
use crate::program::location;
use domain::attendance::{Attendance, Headcount};
use domain::event_sheet::SheetRow;
use domain::events::SessionKind;
use domain::ids::EventId;
use domain::records::events::EventSheet;
use domain::records::{Envelope, Occurred};
use std::collections::BTreeSet;
use stock::Submission;
use stock::events::SheetState;
use stock::world::World;
use uuid::Uuid;

/// Two sheets about the same leaflets: 900 given, then 800. Gives the path of the second.
async fn two(village: &Village) -> (EventId, String) {
    let event = village.planned().await;
    village.told(event, 100).await;
    let open = village.worker.page(&format!("/events/{event}/sheet")).await;
    assert!(open.contains("A second one for the same materials is kept"), "it is said before");
    let kept = village.told(event, 200).await;
    assert!(kept.starts_with(&format!("/events/{event}/sheets/")), "{kept}");
    (event, kept)
}

async fn decide(village: &Village, path: &str, decision: &str) -> String {
    let page = village.worker.page(path).await;
    Fields::of(&page).with("decision", decision).send(&village.worker, path).await
}

async fn states(village: &Village, event: EventId) -> Vec<SheetState> {
    village.detail(event).await.sheets.iter().map(|sheet| sheet.state).collect()
}

#[tokio::test]
async fn the_kept_sheet_stands_beside_the_one_in_the_books() {
    let village = Village::build().await;
    let (event, path) = two(&village).await;
    let page = village.worker.page(&path).await;
    for words in ["Kept: waits for a decision", "In the books", "This sheet", "900", "800", "Women"]
    {
        assert!(page.contains(words), "{words}");
    }
    let front = village.worker.page("/").await;
    assert!(front.contains("Decide about a second sheet"));
    assert!(front.contains(&format!("/events/{event}")), "the task leads to the event");
    let shown = village.worker.page(&format!("/events/{event}")).await;
    assert!(shown.contains(&path), "and the event to the sheet");
    assert_eq!(village.detail(event).await.materials[0].given(), 900, "it is not in the books");
    let waiting = village.worker.page("/events?only=waiting").await;
    assert!(waiting.contains(&event.to_string()));
    let twice = village.worker.page("/events?only=counted_twice").await;
    assert!(twice.contains("No event fits"), "the people of a kept sheet do not count");
    let nothing = decide(&village, &path, "").await;
    assert!(nothing.contains("Say what it is."));
}

#[tokio::test]
async fn the_same_once_more_is_dropped() {
    let village = Village::build().await;
    let (event, path) = two(&village).await;
    assert!(decide(&village, &path, "same").await.contains("Decided."));
    assert_eq!(states(&village, event).await, [SheetState::Posted, SheetState::Dropped]);
    assert_eq!(village.detail(event).await.materials[0].given(), 900);
    assert!(!village.worker.page("/").await.contains("Decide about a second sheet"));
    // Somebody else still has the page open.
    let late = Fields::of(&village.worker.page(&format!("/events/{event}/sheet")).await);
    let late = late.with("decision", "both_happened").send(&village.worker, &path).await;
    assert!(late.contains("Dropped"));
    assert_eq!(village.detail(event).await.materials[0].given(), 900);
    village.adds_up().await;
}

#[tokio::test]
async fn a_correction_takes_the_place_of_the_first() {
    let village = Village::build().await;
    let (event, path) = two(&village).await;
    let shown = decide(&village, &path, "correction").await;
    assert!(shown.contains("Replaced by a correction"));
    assert_eq!(states(&village, event).await, [SheetState::Replaced, SheetState::Posted]);
    let at = &village.detail(event).await.materials[0];
    assert_eq!((at.given(), at.brought_back, at.there), (800, 200, 0));
    village.adds_up().await;
}

#[tokio::test]
async fn it_is_said_what_a_correction_takes_back() {
    let village = Village::build().await;
    count_first(&village.program, &village.actor, village.store, village.stickers).await;
    let event = village.planned().await;
    let row = |material, brought| SheetRow {
        material,
        brought,
        left: 0,
        spoiled: 0,
        participants: brought,
        multipliers: None,
        public: None,
    };
    let rows = vec![row(village.leaflets, 900), row(village.stickers, 70)];
    let count = Headcount { women: Some(20), men: Some(20), ..Headcount::default() };
    let said = Attendance { count, groups: BTreeSet::new() };
    let (session, codes) = (None, Vec::new());
    let first = EventSheet { event, session, rows, codes, attendance: Some(said) };
    let now = village.program.world.now();
    let on = Occurred::On(today());
    let submission = Submission::new(Envelope::typed(Uuid::now_v7().into(), on, now));
    let submission = Submission { confirmed: true, ..submission };
    let writer = village.program.stock.writer(&village.actor);
    writer.event_sheet(submission, first).await.unwrap();
    let said = village.detail(event).await.statements[0].statement.record.to_string();
    let people = format!("/events/{event}/people");
    let page = village.worker.page(&people).await;
    let corrected = Fields::of(&page).with("corrects", &said).with("women", "31");
    corrected.send(&village.worker, &people).await;

    let path = village.told(event, 200).await;
    let page = village.worker.page(&path).await;
    assert!(page.contains("Not on this sheet") && page.contains("M2 · Mark it"), "{page}");
    assert!(page.contains(">70<"), "so many stickers");
    assert!(page.contains(">31<"), "who came, as it was put right");
}

#[tokio::test]
async fn a_correction_for_the_whole_event_takes_the_place_of_each_session() {
    let village = Village::build().await;
    count_first(&village.program, &village.actor, village.store, village.stickers).await;
    let event = village.planned_with(vec![SessionKind::Women, SessionKind::Men]).await;
    let path = format!("/events/{event}/sheet");
    let sessions = village.detail(event).await.sessions;
    let filled = [("brought_pieces", "200"), ("left_pieces", "0"), ("participants", "200")];
    // Stickers were given in the second session alone.
    let stickers = village.stickers.to_string();
    for (session, women) in sessions.iter().zip(["10", "15"]) {
        let fields = village.sheet(event, &filled).await.with("women", women);
        let mut fields = fields.with("session", &session.id.to_string());
        if women == "15" {
            fields.set("row", &stickers);
            for (name, value) in filled {
                let name =
                    village.of_leaflets(name).replace(&village.leaflets.to_string(), &stickers);
                fields.set(&name, value);
            }
        }
        assert!(fields.send(&village.worker, &path).await.contains("The sheet is in the books"));
    }
    let told = "A second one for the same materials is kept";
    assert!(!village.worker.page(&path).await.contains(told), "of which session nobody has said");
    let first = format!("{path}?session={}", sessions[0].id);
    assert!(village.worker.page(&first).await.contains(told));
    village.program.world.pass_minutes(1);
    let whole = [("brought_pieces", "450"), ("left_pieces", "0"), ("participants", "450")];
    let whole = village.sheet(event, &whole).await.with("women", "30").with("session", "whole");
    let kept = location(&whole.post(&village.worker, &path).await);
    let page = village.worker.page(&kept).await;
    for words in ["takes the place of", "1. Women", "2. Men", "M2 · Mark it", ">25<", ">30<"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    decide(&village, &kept, "correction").await;
    let states = states(&village, event).await;
    assert_eq!(states, [SheetState::Replaced, SheetState::Replaced, SheetState::Posted]);
    let detail = village.detail(event).await;
    let given: Vec<i64> = detail.materials.iter().map(|row| row.given()).collect();
    assert_eq!(given, [450, 0]);
    assert_eq!(detail.people.count.participants(), Some(30));
    village.adds_up().await;
}

#[tokio::test]
async fn both_happened_needs_pieces_and_is_asked_for_them_once() {
    let village = Village::build().await;
    let event = village.planned().await;
    village.told(event, 0).await;
    let path = village.told(event, 0).await;
    let page = village.worker.page(&path).await;
    let fields = Fields::of(&page).with("decision", "both_happened");
    let asked = fields.send(&village.worker, &path).await;
    assert!(asked.contains("This takes 1,000 pieces, but by the books only 500 were there on"));
    let done = fields.with("confirmed", "true").send(&village.worker, &path).await;
    assert!(done.contains("Decided."));
    assert_eq!(village.detail(event).await.materials[0].given(), 2_000);
    village.adds_up().await;
}

#[tokio::test]
async fn what_a_manager_enters_for_a_partner_is_marked_until_they_confirm_it() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let open = village.manager.page(&path).await;
    assert!(open.contains("You enter this on behalf of Fast Relief"));
    let filled = [("brought_cartons", "2"), ("left_pieces", "100"), ("participants", "900")];
    let mut fields = Fields::of(&open);
    fields.set("row", &village.leaflets.to_string());
    for (name, value) in filled {
        fields.set(&village.of_leaflets(name), value);
    }
    let shown = fields.send(&village.manager, &path).await;
    assert!(shown.contains("Entered on behalf of Fast Relief, to be confirmed"));
    assert!(shown.contains("Somebody else confirms it"), "not the manager herself");
    assert!(village.worker.page("/").await.contains("Confirm what was entered on behalf"));

    let record = village.detail(event).await.sheets[0].record.to_string();
    let confirm = format!("/events/{event}/confirm");
    let own = Fields::of(&open).with("of", &record).with("record", &super::record(&open));
    let own = own.with("record", &uuid::Uuid::now_v7().to_string());
    let refused = own.send(&village.manager, &confirm).await;
    assert!(refused.contains("There is a problem"));
    let theirs = own.with("record", &uuid::Uuid::now_v7().to_string());
    let done = theirs.send(&village.worker, &confirm).await;
    assert!(done.contains("Confirmed.") && !done.contains("to be confirmed"));
    assert!(!village.worker.page("/").await.contains("Confirm what was entered on behalf"));
}

#[tokio::test]
async fn who_came_is_corrected_by_pointing_at_what_was_said() {
    let village = Village::build().await;
    let event = village.planned().await;
    village.told(event, 100).await;
    let path = format!("/events/{event}/people");
    let page = village.worker.page(&path).await;
    assert!(page.contains("Women: 20 · Men: 20"));
    let unsaid = Fields::of(&page).with("women", "30").send(&village.worker, &path).await;
    assert!(unsaid.contains("Choose one."), "a count or a correction");
    let said = village.detail(event).await.statements[0].statement.record.to_string();
    // The link beside a count opens the form as it was said.
    let begun = village.worker.page(&format!("{path}?corrects={said}")).await;
    assert!(begun.matches("value=\"20\"").count() == 2, "women and men");
    let fields = Fields::of(&page).with("corrects", &said);
    let empty = fields.send(&village.worker, &path).await;
    assert!(empty.contains("Fill in at least one box"));
    let corrected = fields.clone().with("women", "۳۰").with("group_officials", "true");
    let answer = corrected.post(&village.worker, &path).await;
    assert!(location(&answer).contains("done=people"));
    let people = village.detail(event).await.people;
    assert_eq!(people.count.participants(), Some(30));

    // A second count that corrects nothing is a difference, never a sum.
    village.program.world.pass_minutes(1);
    let again = Fields::of(&village.worker.page(&path).await);
    let again = again.with("corrects", "new").with("men", "40");
    let there = location(&again.post(&village.worker, &path).await);
    let shown = village.worker.page(there.split('#').next().unwrap()).await;
    assert!(shown.contains("Two counts of people differ by 10"));
    assert_eq!(village.detail(event).await.people.count.participants(), Some(30));
}
