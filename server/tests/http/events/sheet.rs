//! The sheet: everything on one page, nothing filled in beforehand, nothing lost when refused.

use super::{Fields, Village, record, value};
use crate::program::location;
use axum::http::StatusCode;
use domain::events::SessionKind;
use domain::material::MaterialKind;
use stock::events::SheetState;

#[tokio::test]
async fn a_partner_tells_what_happened_and_the_books_follow() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let page = village.worker.page(&path).await;
    for part in ["brought_cartons", "left_pieces", "spoiled_pieces", "participants"] {
        assert_eq!(value(&page, &village.of_leaflets(part)), "", "nothing is filled in: {part}");
    }
    assert_eq!(value(&page, "women"), "");
    let filled = [
        ("brought_cartons", "۲"),
        ("left_bundles", "4"),
        ("left_pieces", "٢٠"),
        ("spoiled_pieces", "30"),
        ("participants", "400"),
        ("multipliers", "300"),
        ("multiplier_people", "12"),
        ("multiplier_who", "elders"),
        ("public", "50"),
        ("public_places", "2"),
        ("public_kind", "clinic"),
        ("women", "25"),
        ("girls", "۵"),
        ("men", "10"),
        ("group_community", "true"),
        ("note", "It rained."),
    ];
    let fields = village.sheet(event, &filled).await;
    let shown = fields.send(&village.worker, &path).await;
    assert!(shown.contains("The sheet is in the books"));
    for words in ["40", "30 women and girls", "750", "Community", "It rained."] {
        assert!(shown.contains(words), "{words}");
    }
    let detail = village.detail(event).await;
    let at = &detail.materials[0];
    assert_eq!((at.taken, at.brought_back, at.damaged, at.there), (1_000, 220, 30, 0));
    assert_eq!((at.to_participants, at.to_multipliers, at.in_public_places), (400, 300, 50));
    village.adds_up().await;

    let record = detail.sheets[0].record;
    assert!(shown.contains(&format!("/records/{record}")), "it can be looked at and taken back");

    // The sheet has a page of its own, with the boxes as they were filled in.
    let path = format!("/events/{event}/sheets/{}", detail.sheets[0].record);
    let sheet = village.worker.page(&path).await;
    for words in ["12 people · Elders", "2 places · Clinic", "the oldest one was assumed"] {
        assert!(sheet.contains(words), "{words}");
    }
}

#[tokio::test]
async fn what_was_given_is_worked_out_without_posting_anything() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [("brought_cartons", "2"), ("left_pieces", "150"), ("spoiled_pieces", "۵۰")];
    let fields = village.sheet(event, &filled).await.with("work_out", "true");
    let page = fields.send(&village.worker, &path).await;
    assert!(page.contains("Nothing is posted yet"));
    assert!(page.contains("800 pieces given out"));
    assert!(!page.contains("id=\"errors\""), "the split is still to come");
    assert_eq!(value(&page, &village.of_leaflets("spoiled_pieces")), "۵۰");
    assert_eq!(record(&page), fields_record(&fields), "it is still the same form");
    assert!(village.detail(event).await.sheets.is_empty());

    let done = fields.with("work_out", "").with(&village.of_leaflets("participants"), "800");
    assert!(done.send(&village.worker, &path).await.contains("The sheet is in the books"));
}

fn fields_record(fields: &Fields) -> String {
    fields.0.iter().find(|(name, _)| name == "record").unwrap().1.clone()
}

#[tokio::test]
async fn a_refused_sheet_keeps_what_was_typed_and_says_what_to_do() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let right = [("brought_cartons", "2"), ("left_pieces", "100"), ("participants", "900")];
    let wrong = [
        ("brought_cartons", "-2", "A quantity is never negative"),
        ("brought_cartons", "1.5", "Enter a whole number"),
        ("brought_cartons", "9999999999", "at most 1,000,000,000"),
        ("brought_cartons", "", "How many were brought?"),
        ("left_pieces", "", "How many were left over?"),
        ("left_pieces", "1001", "are more than the 1,000 brought"),
        ("participants", "899", "900 pieces were given out, but 899 are split"),
        ("multipliers", "10", "Who will pass the pieces on?"),
        ("public", "۱۰", "What kind of place was it?"),
        ("women", "-1", "A quantity is never negative"),
        ("codes", "4K7M-2QXD-9V4", "The last character does not fit"),
        ("codes", "4K7M", "A code has 11 characters"),
        ("date", "2017-06-02", "The date lies in the future"),
    ];
    for (name, typed, words) in wrong {
        let mut filled = right.to_vec();
        filled.retain(|(known, _)| *known != name);
        filled.push((name, typed));
        let page = village.sheet(event, &filled).await.send(&village.worker, &path).await;
        assert!(page.contains("There is a problem") && page.contains(words), "{name}: {words}");
        // With several materials on a sheet, the label alone would not say which.
        let of_material = !["women", "codes", "date"].contains(&name);
        let summary = page.split_once("There is a problem").unwrap().1;
        assert_eq!(summary.contains("<bdi>Know the risks (M1)</bdi> · "), of_material, "{name}");
        let field = village.of_leaflets("left_pieces");
        let left = if name == "left_pieces" { typed } else { "100" };
        assert_eq!(value(&page, &field), left, "{name}: nothing typed is lost");
    }
    assert!(village.detail(event).await.sheets.is_empty(), "nothing of it was posted");
    // A code that is right but stands on no label of what is on the sheet.
    let unknown = village.sheet(event, &right).await.with("codes", "1A5");
    assert!(unknown.send(&village.worker, &path).await.contains("11 characters"));
    let account = village.worker.page("/account").await;
    assert!(account.contains("Unfinished form: Events, E-REL-0001"), "to be found again");
    village.adds_up().await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_sheet_is_said_at_once() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [("brought_cartons", "-2"), ("women", "many"), ("date", "2017-06-02")];
    let page = village.sheet(event, &filled).await.send(&village.worker, &path).await;
    for words in ["is never negative", "Enter a whole number", "The date lies in the future"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn ways_out_that_few_need_stay_folded_until_one_of_them_is_used() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let is_open = |page: &str| {
        let (before, _) = page.split_once("<summary>Passed on, or in public places").unwrap();
        before.rsplit_once("<details").unwrap().1.contains(" open")
    };
    assert!(!is_open(&village.worker.page(&path).await));
    let right = [("brought_cartons", "2"), ("left_pieces", "100"), ("participants", "800")];
    let filled = [&right[..], &[("public", "100")]].concat();
    let page = village.sheet(event, &filled).await.send(&village.worker, &path).await;
    assert!(page.contains("What kind of place was it?"));
    assert!(is_open(&page), "what is wrong is in sight");
}

#[tokio::test]
async fn an_empty_sheet_says_nothing() {
    let village = Village::build().await;
    let event = village.planned().await;
    let fields = village.sheet(event, &[]).await;
    let page = fields.send(&village.worker, &format!("/events/{event}/sheet")).await;
    assert!(page.contains("Nothing was entered"));
}

#[tokio::test]
async fn the_same_form_sent_twice_posts_once() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [("brought_cartons", "2"), ("left_pieces", "100"), ("participants", "900")];
    let fields = village.sheet(event, &filled).await;
    let first = location(&fields.post(&village.worker, &path).await);
    village.program.world.pass_minutes(2);
    let second = location(&fields.post(&village.worker, &path).await);
    assert_eq!(first, second, "the repeat is answered with the first result");
    assert_eq!(village.detail(event).await.sheets.len(), 1);

    // After "back" something was changed: what stands is shown, with the ways on.
    let changed = fields.with(&village.of_leaflets("left_pieces"), "200");
    let changed = changed.with(&village.of_leaflets("participants"), "800");
    let page = changed.send(&village.worker, &path).await;
    assert!(page.contains("This form was sent before") && page.contains("Enter another sheet"));
    let detail = village.detail(event).await;
    assert_eq!((detail.sheets.len(), detail.materials[0].given()), (1, 900));
    village.adds_up().await;
}

#[tokio::test]
async fn a_sheet_may_say_more_than_the_books_know_of_once_it_was_asked() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [("brought_cartons", "4"), ("left_pieces", "0"), ("participants", "2,000")];
    let fields = village.sheet(event, &filled).await;
    let asked = fields.send(&village.worker, &path).await;
    let named = asked.split("Know the risks (M1) · 2017-1 · ").nth(1).unwrap();
    assert!(
        named.contains(": This takes 2,000 pieces, but by the books only 1,500 were there on"),
        "{asked}"
    );
    assert!(asked.contains("name=\"confirmed\""), "there is a box to say so");
    assert!(village.detail(event).await.sheets.is_empty());
    let posted = fields.with("confirmed", "true").send(&village.worker, &path).await;
    assert!(posted.contains("The sheet is in the books"));
    assert_eq!(village.detail(event).await.materials[0].to_participants, 2_000);
    village.adds_up().await;
}

#[tokio::test]
async fn cartons_that_were_scanned_are_not_assumed() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [("brought_cartons", "1"), ("left_pieces", "0"), ("participants", "500")];
    let codes = village.cartons().await[0].clone();
    let fields = village.sheet(event, &filled).await.with("codes", &codes);
    fields.send(&village.worker, &path).await;
    let detail = village.detail(event).await;
    assert!(!detail.sheets[0].rows[0].assumed);

    // The label of something that has no row.
    let other = village.planned().await;
    let people = [("women", "5")];
    let fields = village.sheet(other, &people).await.with("codes", &codes);
    let page = fields.send(&village.worker, &format!("/events/{other}/sheet")).await;
    assert!(page.contains("which has no row on this sheet"));
}

#[tokio::test]
async fn a_material_that_nobody_planned_stands_on_a_row_of_its_own() {
    let village = Village::build().await;
    let posters = super::material(&village.program, MaterialKind::Other, "Poster", "M3").await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let posters = posters.to_string();
    let other = [
        ("material_other_1", posters.as_str()),
        ("brought_other_1_pieces", "20"),
        ("left_other_1_pieces", "0"),
        ("participants_other_1", "20"),
    ];
    let mut fields = village.sheet(event, &[]).await;
    let nameless = fields.clone().with("brought_other_1_pieces", "20");
    let page = nameless.send(&village.worker, &path).await;
    assert!(page.contains("Which material is it?"));
    for (name, value) in other {
        fields.set(name, value);
    }
    // Its store never had any: visible and counted, not in the books.
    let page = fields.send(&village.worker, &path).await;
    assert!(page.contains("The store never had “Poster (M3)” in the books"));
    let state = village.detail(event).await.sheets[0].state;
    assert!(matches!(state, SheetState::Held(_)), "{state:?}");
}

#[tokio::test]
async fn each_session_has_its_sheet() {
    let village = Village::build().await;
    let event = village.planned_with(vec![SessionKind::Women, SessionKind::Men]).await;
    let path = format!("/events/{event}/sheet");
    let sessions = village.detail(event).await.sessions;
    let filled = [("brought_cartons", "1"), ("left_pieces", "0"), ("participants", "500")];
    let open = village.sheet(event, &filled).await;
    let page = open.send(&village.worker, &path).await;
    assert!(page.contains("Which session is this about?"));
    for session in &sessions {
        let fields = village.sheet(event, &filled).await.with("women", "10");
        let fields = fields.with("session", &session.id.to_string());
        let shown = fields.send(&village.worker, &path).await;
        assert!(shown.contains("The sheet is in the books"));
        let second = format!("{path}?session={}", sessions[1].id);
        let waits = session.id == sessions[0].id;
        assert_eq!(shown.contains("Session 2. Men has no sheet yet"), waits, "{shown}");
        assert_eq!(shown.contains("Fill in the sheet of session 2. Men"), waits);
        assert_eq!(shown.contains(&second), waits);
    }
    let detail = village.detail(event).await;
    assert_eq!(detail.materials[0].to_participants, 1_000);
    assert_eq!(detail.people.count.participants(), Some(20), "sessions add up");
}

#[tokio::test]
async fn an_event_of_another_organisation_is_not_there() {
    let village = Village::build().await;
    let event = village.planned().await;
    village.told(event, 100).await;
    let sheet = village.detail(event).await.sheets[0].record;
    for end in ["", "/edit", "/sheet", "/take", "/bring-back", "/people", "/form"] {
        let path = format!("/events/{event}{end}");
        assert_eq!(village.other.get(&path).await.status_code(), StatusCode::NOT_FOUND, "{path}");
    }
    let sheets = format!("/events/{event}/sheets/{sheet}");
    assert_eq!(village.other.get(&sheets).await.status_code(), StatusCode::NOT_FOUND);
    let fields = village.sheet(event, &[("women", "5")]).await;
    for end in ["sheet", "take", "bring-back", "people", "cancel", "confirm", "edit"] {
        let answer = fields.post(&village.other, &format!("/events/{event}/{end}")).await;
        let status = answer.status_code();
        // A form with mistakes of its own is refused before; then its page is not there either.
        let gone = match status {
            StatusCode::SEE_OTHER => village.other.get(&location(&answer)).await.status_code(),
            status => status,
        };
        assert_eq!(gone, StatusCode::NOT_FOUND, "{end}");
    }
    assert!(!village.other.page("/events").await.contains(&event.to_string()));
    assert_eq!(village.detail(event).await.sheets.len(), 1);
}

#[tokio::test]
async fn what_looks_like_a_slip_is_asked_once() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [
        ("brought_cartons", "1"),
        ("left_pieces", "0"),
        ("participants", "500"),
        ("women", "4,000"),
    ];
    let sheet = village.sheet(event, &filled).await;
    let asked = sheet.send(&village.worker, &path).await;
    assert!(asked.contains("4,000 people are far more than come to one event"));
    assert!(asked.contains("Yes, it was so") && asked.contains("value=\"4,000\""));
    assert!(village.detail(event).await.sheets.is_empty());
    let early = sheet.clone().with("date", "2017-03-01");
    let asked = early.send(&village.worker, &path).await;
    assert!(asked.contains("The event was planned for"), "months before the plan");
    assert!(asked.contains("4,000 people are far more"), "each slip is asked about");
    let one = early.with("sure_people_4000", "true").send(&village.worker, &path).await;
    assert!(!one.contains("4,000 people are far more"), "answered");
    let kept = Fields::of(&one).with("date", "2017-02-01").send(&village.worker, &path).await;
    assert!(kept.contains("The event was planned for") && !kept.contains("people are far more"));
    assert!(village.detail(event).await.sheets.is_empty());
    let meant = sheet.with("sure_people_4000", "true");
    assert!(location(&meant.post(&village.worker, &path).await).contains("done=sheet"));
    assert_eq!(village.detail(event).await.people.count.participants(), Some(4_000));
    // The same of people who are counted alone.
    let path = format!("/events/{event}/people");
    let page = village.worker.page(&path).await;
    let said = Fields::of(&page).with("corrects", "new").with("men", "9000");
    assert!(said.send(&village.worker, &path).await.contains("9,000 people are far more"));
}
