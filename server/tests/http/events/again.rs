//! A sheet told again: nobody types it a second time to change one number.

use super::{Fields, Village, record, value};
use crate::program::location;
use domain::attendance::Headcount;
use stock::events::SheetState;

async fn with_sheet(village: &Village) -> (domain::ids::EventId, String) {
    let event = village.planned().await;
    let path = format!("/events/{event}/sheet");
    let filled = [
        ("brought_cartons", "2"),
        ("left_pieces", "200"),
        ("spoiled_pieces", "50"),
        ("participants", "650"),
        ("multipliers", "100"),
        ("multiplier_people", "7"),
        ("multiplier_who", "elders"),
        ("women", "12"),
        ("girls", "0"),
        ("group_community", "true"),
        ("note", "It rained."),
    ];
    let fields = village.sheet(event, &filled).await;
    assert!(fields.send(&village.worker, &path).await.contains("The sheet is in the books"));
    village.program.world.pass_minutes(1);
    (event, village.detail(event).await.sheets[0].record.to_string())
}

/// The fields of the open form, with one of them changed.
fn as_opened(village: &Village, page: &str, from: &str) -> Fields {
    let mut fields = Fields::of(page).with("row", &village.leaflets.to_string()).with("from", from);
    let of_row = ["brought_pieces", "left_pieces", "spoiled_pieces", "participants"];
    let of_row = of_row.into_iter().chain(["multipliers", "multiplier_people"]);
    for name in of_row.map(|name| village.of_leaflets(name)) {
        fields.set(&name, &value(page, &name));
    }
    fields.set(&village.of_leaflets("multiplier_who"), "elders");
    for name in ["women", "men", "girls", "boys"] {
        fields.set(name, &value(page, name));
    }
    fields
}

fn says_what_it_said(village: &Village, page: &str) {
    let of_row = [
        ("brought_pieces", "1000"),
        ("left_pieces", "200"),
        ("spoiled_pieces", "50"),
        ("participants", "650"),
        ("multipliers", "100"),
        ("multiplier_people", "7"),
        ("public", ""),
    ];
    for (name, said) in of_row {
        assert_eq!(value(page, &village.of_leaflets(name)), said, "{name}");
    }
    for (name, said) in [("women", "12"), ("girls", "0"), ("men", "")] {
        assert_eq!(value(page, name), said, "{name}");
    }
    assert!(page.contains("It rained."));
}

#[tokio::test]
async fn a_sheet_that_was_taken_back_is_entered_again_with_what_it_said() {
    let village = Village::build().await;
    let (event, sheet) = with_sheet(&village).await;
    let path = format!("/records/{sheet}/reverse");
    let form = Fields::of(&village.worker.page(&path).await).with("reason", "typed_wrong");
    let taken_back = form.send(&village.worker, &path).await;
    let way = format!("/events/{event}/sheet?from={sheet}");
    let shown = village.worker.page(&format!("/events/{event}")).await;
    for page in [&taken_back, &shown] {
        assert!(page.contains(&format!("href=\"{way}\"")), "{page}");
    }
    assert!(shown.contains("Enter the sheet again"));
    let page = village.worker.page(&way).await;
    says_what_it_said(&village, &page);
    assert_ne!(record(&page), sheet, "it is a record of its own");
    let fields = as_opened(&village, &page, &sheet).with("men", "9");
    let wrong = fields.clone().with("women", "many");
    let refused = wrong.send(&village.worker, &format!("/events/{event}/sheet")).await;
    assert_eq!(value(&refused, "women"), "many", "what is typed now stands");
    let done = fields.send(&village.worker, &format!("/events/{event}/sheet")).await;
    assert!(done.contains("The sheet is in the books"), "{done}");
    let detail = village.detail(event).await;
    assert_eq!(detail.materials[0].given(), 750);
    let said = Headcount { women: Some(12), girls: Some(0), men: Some(9), ..Headcount::default() };
    assert_eq!(detail.people.count, said);
    assert!(!done.contains("Enter the sheet again"));
    village.adds_up().await;
}

#[tokio::test]
async fn whoever_counted_women_only_counted_at_least_those() {
    let village = Village::build().await;
    let (event, _) = with_sheet(&village).await;
    let page = village.worker.page(&format!("/events/{event}")).await;
    assert!(page.contains("at least 12"), "{page}");
    assert!(page.contains("12 women and girls counted, men and boys not counted"));
    let manager = &village.manager;
    let bulletin = manager.page("/bulletin?month=2017-06").await;
    assert!(bulletin.contains("At least 12 people took part: at some events only women"));
    let said = bulletin.matches(">at least 12<").count();
    assert_eq!(said, 3, "above, in the place's row and in the sum: {bulletin}");
    let rows = manager.get("/bulletin/2017-06/csv").await.text();
    assert_eq!(rows.matches(",at least 12,").count(), 2, "{rows}");
}

#[tokio::test]
async fn the_sheet_in_the_books_has_a_way_to_its_correction() {
    let village = Village::build().await;
    let (event, sheet) = with_sheet(&village).await;
    let way = format!("/events/{event}/sheet?from={sheet}");
    let shown = village.worker.page(&format!("/events/{event}")).await;
    assert!(shown.contains(&format!("href=\"{way}\"")));
    assert!(!shown.contains("Fill in the sheet"), "it is filled in");
    let page = village.worker.page(&way).await;
    says_what_it_said(&village, &page);
    let fields = as_opened(&village, &page, &sheet);
    let fields = fields.with(&village.of_leaflets("left_pieces"), "100");
    let fields = fields.with(&village.of_leaflets("participants"), "750");
    let kept = location(&fields.post(&village.worker, &format!("/events/{event}/sheet")).await);
    let decide = village.worker.page(&kept).await;
    let (before, _) = decide.split_once("value=\"correction\"").unwrap();
    let (_, after) = decide.split_once("value=\"correction\"").unwrap();
    let radio = before.rsplit_once('<').unwrap().1.to_owned() + after.split('>').next().unwrap();
    assert!(radio.contains("checked"), "it was entered as one: {radio}");
    let path = kept.split('?').next().unwrap();
    Fields::of(&decide).with("decision", "correction").send(&village.worker, path).await;
    let detail = village.detail(event).await;
    let states: Vec<SheetState> = detail.sheets.iter().map(|sheet| sheet.state).collect();
    assert_eq!(states, [SheetState::Replaced, SheetState::Posted]);
    assert_eq!(detail.materials[0].given(), 850);
    village.adds_up().await;
}
