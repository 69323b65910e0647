use super::Press;
use crate::program::{between, location};
use domain::role::Role;

#[tokio::test]
async fn a_delivery_becomes_a_note_a_batch_and_labels() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let form = press.form(&press.clerk, run).await;
    let others = [
        ("last", "320"),
        ("open_1", "110"),
        ("damage_wet", "40"),
        ("claimed", "6,500"),
        ("note", "two cartons fell off the truck"),
    ];
    let fields = press.delivery(&form, "12", &others);
    let path = format!("/runs/{run}/receive");
    let there = location(&press.clerk.post(&path, &fields).await);
    assert!(there.ends_with("?posted=14"), "{there}");
    let page = press.clerk.page(&there).await;
    for seen in ["GRN-KBL-0001", "6,430", "Wet 40", "Missing against the claim: 30", "fell off"] {
        assert!(page.contains(seen), "{seen} is missing");
    }
    let record = there.replace("?posted=14", "").replace("/receipts/", "/records/");
    let record = press.clerk.page(&record).await;
    assert!(record.contains("wet") && !record.contains("as planned"), "{record}");
    let paper = there.replace("?posted=14", "/print");
    let paper = press.clerk.page(&paper).await;
    assert!(paper.contains("Printed paper M1") && !paper.contains("Know the risks"));
    assert!(paper.contains("Received by (store)"));
    let missing = between(&paper, "Missing against the claim", "</tr>");
    assert!(missing.contains(">30<"), "{missing}");
    let note = between(&paper, "<strong>Note</strong>", "</p>");
    assert!(note.contains("two cartons fell off the truck"), "{note}");
    assert!(paper.contains("6,470 of 10,000 ordered pieces have come"), "{paper}");
    assert_eq!(press.received(run).await, 6_470);
}

#[tokio::test]
async fn bundles_in_cartons_are_no_further_pieces() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let form = press.form(&press.clerk, run).await;
    let fields = press.delivery(&form, "1", &[("open_1", "450"), ("labels", "bundles")]);
    let there = location(&press.clerk.post(&format!("/runs/{run}/receive"), &fields).await);
    let receipt = format!("/receipts/{}", between(&there, "/receipts/", "?"));
    for path in [receipt.clone(), format!("{receipt}/print")] {
        let page = press.clerk.page(&path).await;
        let (_, table) = page.split_once("Sealed cartons").unwrap();
        let bundles = between(table, "Bundles in cartons", "</tr>");
        let cells: Vec<&str> = bundles.split("<td").skip(1).collect();
        assert!(cells[0].contains(">10<") && cells[1].contains(">50<"), "{bundles}");
        assert!(!cells[2].contains("500"), "they were counted with their carton: {bundles}");
        let total = between(table, "<tfoot", "</tfoot>");
        assert!(total.contains("Together") && total.contains("950"), "{total}");
    }
}

#[tokio::test]
async fn wrong_quantities_come_back_with_a_sentence_and_nothing_is_posted() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let form = press.form(&press.clerk, run).await;
    let path = format!("/runs/{run}/receive");
    for (field, typed, sentence) in [
        ("cartons", "0", "Nothing arrived?"),
        ("cartons", "-3", "never negative"),
        ("cartons", "1.5", "whole number"),
        ("cartons", "1000000001", "at most 1,000,000,000"),
        ("cartons", "900000000", "more than 1,000,000,000 pieces"),
        ("cartons", "20000", "20,000 labels"),
        ("each", "", "Enter a number"),
        ("damage_torn", "many", "whole number"),
        ("claimed", "0", "Enter at least 1"),
        ("date", "2017-06-02", "lies in the future"),
        ("last", "501", "A full carton holds 500 pieces"),
        ("date", "yesterday", "Enter a date"),
        ("how", "", "Choose how it was counted"),
        ("store", "", "Choose the store"),
    ] {
        let mut fields = press.delivery(&form, "12", &[("note", "kept in the form")]);
        fields.retain(|(name, _)| *name != field);
        fields.push((field, typed));
        let page = press.clerk.send(&path, &fields).await;
        assert!(page.contains(sentence), "{field}={typed}: {sentence}");
        assert!(page.contains("kept in the form"), "{field}={typed} loses what was typed");
    }
    assert_eq!(press.received(run).await, 0);
}

#[tokio::test]
async fn quantities_are_read_in_any_digits() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let form = press.form(&press.clerk, run).await;
    let fields = press.delivery(&form, "۱۲", &[("each", "٥٠٠"), ("date", "۲۰۱۷-۰۶-۰۱")]);
    location(&press.clerk.post(&format!("/runs/{run}/receive"), &fields).await);
    assert_eq!(press.received(run).await, 6_000);
}

#[tokio::test]
async fn a_delivery_sent_twice_or_after_back_is_received_once() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let form = press.form(&press.clerk, run).await;
    let path = format!("/runs/{run}/receive");
    let fields = press.delivery(&form, "4", &[]);
    let first = location(&press.clerk.post(&path, &fields).await);
    assert_eq!(location(&press.clerk.post(&path, &fields).await), first);
    let changed = press.delivery(&form, "5", &[]);
    let page = press.clerk.send(&path, &changed).await;
    assert!(page.contains("used for something else already"));
    assert_eq!(press.received(run).await, 2_000);
}

#[tokio::test]
async fn two_people_who_receive_the_same_delivery_are_asked_once() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (mine, theirs) =
        (press.form(&press.clerk, run).await, press.form(&press.second, run).await);
    let path = format!("/runs/{run}/receive");
    location(&press.clerk.post(&path, &press.delivery(&mine, "4", &[])).await);
    let fields = press.delivery(&theirs, "4", &[]);
    let page = press.second.send(&path, &fields).await;
    assert!(page.contains("GRN-KBL-0001 says that 2,000 pieces"), "who came first is named");
    assert_eq!(press.received(run).await, 2_000);
    let sure = press.delivery(&theirs, "4", &[("sure_same_day_GRN-KBL-0001", "true")]);
    location(&press.second.post(&path, &sure).await);
    assert_eq!(press.received(run).await, 4_000);
}

#[tokio::test]
async fn more_than_the_order_covers_waits_for_a_second_person() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let form = press.form(&press.clerk, run).await;
    let path = format!("/runs/{run}/receive");
    let page = press.clerk.send(&path, &press.delivery(&form, "22", &[])).await;
    assert!(page.contains("11,000 pieces have come, the order covers 10,500"));
    let sure = press.delivery(&form, "22", &[("sure_over_tolerance_11000", "true")]);
    let there = location(&press.clerk.post(&path, &sure).await);
    let receipt = format!("/receipts/{}", between(&there, "/receipts/", "?"));
    let paper = format!("{receipt}/print");
    let waits = "until a second person confirms the count";
    let said = press.clerk.page(&there).await;
    let notice = between(&said, "Received. Print the labels", "On hold");
    assert!(notice.contains(waits), "{said}");
    assert!(press.clerk.page(&paper).await.contains(waits), "the paper travels");
    assert!(press.clerk.page(&receipt).await.contains("somebody else confirms"));
    let record = super::record(&press.second.page(&receipt).await);
    let confirm = format!("{receipt}/confirm");
    let own = press.clerk.send(&confirm, &[("record", &record)]).await;
    assert!(own.contains("Whoever recorded it does not confirm it"));
    let page = press.second.send(&confirm, &[("record", &record)]).await;
    assert!(page.contains("Confirmed by a second person"));
    assert!(!press.clerk.page(&paper).await.contains(waits));
}

#[tokio::test]
async fn each_warning_of_a_delivery_has_a_box_of_its_own() {
    let press = Press::new().await;
    let run = press.ordered().await;
    press.receive(run, "20").await;
    let form = press.form(&press.clerk, run).await;
    let path = format!("/runs/{run}/receive");
    let asked = press.clerk.send(&path, &press.delivery(&form, "2", &[])).await;
    let (same, over) = ("sure_same_day_GRN-KBL-0001", "sure_over_tolerance_11000");
    for name in [same, over] {
        assert!(asked.contains(&format!("name=\"{name}\"")), "{name} in {asked}");
        assert!(asked.contains(&format!("href=\"#f-{name}\"")), "{name}");
    }
    let one = press.delivery(&form, "2", &[(same, "true")]);
    let again = press.clerk.send(&path, &one).await;
    assert!(again.contains("Please check before it is saved") && !again.contains("a problem"));
    let mut tags = again.split("<input").filter_map(|tag| tag.split('>').next());
    let ticked = tags.find(|tag| tag.contains(same)).unwrap();
    assert!(ticked.contains("checked"), "what was ticked stays: {ticked}");
    assert_eq!(press.received(run).await, 10_000);
    let both = press.delivery(&form, "2", &[(same, "true"), (over, "true")]);
    location(&press.clerk.post(&path, &both).await);
    assert_eq!(press.received(run).await, 11_000);
}

#[tokio::test]
async fn every_wrong_code_of_a_list_is_named_at_once() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let codes = press.issued(run, "3").await;
    let form = press.form(&press.clerk, run).await;
    let path = format!("/runs/{run}/receive");
    let stranger = domain::code::Code::from_random(77).unwrap().grouped();
    let list = format!("{}\r\n4K7M\r\n{stranger}\r\n{}", codes[0], codes[0]);
    let fields = [("labels", "scanned"), ("codes", list.as_str())];
    let refused = press.clerk.send(&path, &press.delivery(&form, "3", &fields)).await;
    for words in [
        "4K7M: A code has 11 characters".to_owned(),
        format!("{stranger} is not an unused label"),
        format!("{} stands there twice", codes[0]),
    ] {
        assert!(refused.contains(&words), "{words} in {refused}");
    }
    assert_eq!(press.received(run).await, 0);
}

#[tokio::test]
async fn a_carton_without_a_label_of_the_printer_is_asked_for() {
    let press = Press::new().await;
    let run = press.ordered().await;
    press.issued(run, "3").await;
    let form = press.form(&press.clerk, run).await;
    let path = format!("/runs/{run}/receive");
    let labels = ("labels", "issued");
    let asked = press.clerk.send(&path, &press.delivery(&form, "4", &[labels])).await;
    assert!(asked.contains("1 carton has no label from the printer"), "{asked}");
    let sure = ("sure_new_labels_1", "true");
    let there = press.clerk.post(&path, &press.delivery(&form, "4", &[labels, sure])).await;
    assert!(location(&there).ends_with("?posted=1"), "one label to print");
}

#[tokio::test]
async fn a_partner_sees_no_run_and_no_note() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (receipt, _) = press.receive(run, "2").await;
    press.program.add_person("partner", Role::Partner).await;
    let partner = press.program.browser_of("partner").await;
    for path in ["/runs".to_owned(), format!("/runs/{run}"), format!("/receipts/{receipt}")] {
        assert_eq!(partner.get(&path).await.status_code(), 404, "{path}");
    }
}
