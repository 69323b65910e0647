//! The receiver's side: the count, its differences, and the packs that it found.

use super::{Road, borrowed, enter, partner, place, record_of};
use crate::program::between;
use domain::records::recall::{CallBack, RecallMode};
use domain::records::{Envelope, Occurred};
use domain::role::{Role, Scope};
use stock::Submission;
use uuid::Uuid;

const ONLY_NEW: &str = "Only what came now, not what was counted before.";

#[tokio::test]
async fn a_difference_gets_reasons_and_an_explanation() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let page = road.receiver.page(&receive).await;
    let counted = road.count(&page, "2", "200");
    let differs = road.receiver.send(&receive, &borrowed(&counted)).await;
    let field = format!("missing_{}", road.batch);
    let record = record_of(&differs);
    let fields = [("record", record.as_str()), (field.as_str(), "checkpoint")];
    let said = road.receiver.send(&format!("{path}/differences"), &fields).await;
    assert!(said.contains("The receiver says: Kept at a checkpoint"));
    assert!(!said.contains("Say why"), "it was said");
    assert!(!said.contains("Count what came"), "it was counted");
    assert!(said.contains("Something came after all") && !said.contains("In transit"), "{said}");
    let again = road.receiver.page(&receive).await;
    assert!(!page.contains(ONLY_NEW) && again.contains(ONLY_NEW), "{again}");
    let road_page = road.sender.page("/consignments/in-transit").await;
    let (_, missing) = road_page.split_once("Missing, not explained yet").unwrap();
    assert!(missing.contains("KBL-0001") && missing.contains("500"), "{missing}");

    assert!(road.sender.page("/").await.contains("Explain what was missing or extra: KBL-0001"));
    let explain = format!("{path}/explain/{}", road.batch);
    let page = road.sender.page(&explain).await;
    assert!(page.contains("The receiver says: Kept at a checkpoint"));
    let record = record_of(&page);
    let too_many = [
        ("record", record.as_str()),
        ("became", "lost"),
        ("pieces", "501"),
        ("reason", "checkpoint"),
    ];
    let refused = road.sender.send(&explain, &too_many).await;
    assert!(refused.contains("Only 500 pieces need an explanation"));
    assert!(refused.contains("value=\"501\""), "what was typed stays");
    assert!(page.contains("value=\"checkpoint\" selected"), "the receiver's reason stands there");
    let record = Uuid::now_v7().to_string();
    let came_back = [("record", record.as_str()), ("became", "came_back"), ("pieces", "500")];
    assert!(road.sender.send(&explain, &came_back).await.contains("Choose a reason"));
    let lost = [("record", record.as_str()), ("became", "lost"), ("pieces", "500")];
    assert!(road.receiver.page(&path).await.contains("Look for these cartons"));
    assert!(road.sender.send(&explain, &lost).await.contains("Closed"));
    assert!(!road.receiver.page(&path).await.contains("Look for these cartons"));
    assert!(!road.receiver.page(&path).await.contains(&receive), "there is nothing to count");
    let on_the_road = road.sender.page("/consignments/in-transit").await;
    assert!(on_the_road.contains("Nothing is in transit"), "{on_the_road}");
}

#[tokio::test]
async fn cartons_and_bundles_count_as_their_labels_say() {
    let road = Road::build().await;
    road.split([vec![70; 7], vec![10]].concat()).await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let page = road.receiver.page(&receive).await;
    for words in ["Full cartons of 500", "Bundles of 70", "Others of this batch are marked 10:"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let mut counted = road.count(&page, "3", "60");
    counted.push((format!("good_{}_bundles", road.batch), "2".to_owned()));
    let closed = road.receiver.send(&receive, &borrowed(&counted)).await;
    assert!(closed.contains("Closed") && closed.contains("1,700"), "{closed}");
}

#[tokio::test]
async fn a_label_that_was_not_sent_is_named_after_the_count() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let page = road.receiver.page(&receive).await;
    let mut counted = road.count(&page, "4", "200");
    let stray = road.carton_codes[3].clone();
    counted.push(("codes".to_owned(), stray.clone()));
    let differs = road.receiver.send(&receive, &borrowed(&counted)).await;
    assert!(differs.contains("500 pieces too many"), "{differs}");
    let (_, unsent) = differs.split_once("Came but was not sent").unwrap();
    let row = between(unsent, "<tbody>", "</tbody>");
    for part in [stray.as_str(), "Carton 4 of 4", "Know the risks", "2017-1", "500"] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert!(road.sender.page(&path).await.contains("Came but was not sent"));
    let explain = road.sender.page(&format!("{path}/explain/{}", road.batch)).await;
    assert!(explain.contains(&format!("not on the waybill: {stray} (500)")), "{explain}");
}

#[tokio::test]
async fn a_carton_that_has_to_be_looked_for_is_found_on_its_page() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let page = road.receiver.page(&receive).await;
    let counted = road.count(&page, "2", "200");
    let differs = road.receiver.send(&receive, &borrowed(&counted)).await;
    assert!(differs.contains("Look for these cartons") && differs.contains("sealed as marked"));
    assert!(differs.contains("2 of the 3 full cartons that were sent have come"), "{differs}");
    let code = road.carton_codes[0].replace('-', "");
    assert!(differs.contains(&format!("/p/{code}")), "{differs}");
    let page = road.receiver.page(&format!("/p/{code}")).await;
    let (_, form) = page.split_once(&format!("action=\"/p/{code}/found\"")).unwrap();
    let record = record_of(form);
    let fields = [("record", record.as_str())];
    let found = road.receiver.send(&format!("/p/{code}/found"), &fields).await;
    assert!(found.contains("Recorded.") && found.contains("Found sealed"), "{found}");
    assert!(!found.contains("Look for it."), "nobody looks for it any more");
}

#[tokio::test]
async fn who_sent_it_only_passes_on_what_was_told_by_phone() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let page = road.sender.page(&receive).await;
    assert!(page.contains("You dispatched this consignment"));
    let mut counted = road.count(&page, "3", "200");
    let refused = road.sender.send(&receive, &borrowed(&counted)).await;
    assert!(refused.contains("Who sends does not count"));
    counted.push(("by_phone".to_owned(), "true".to_owned()));
    counted[0].1 = Uuid::now_v7().to_string();
    let told = road.sender.send(&receive, &borrowed(&counted)).await;
    assert!(told.contains("waits for another person"));
    assert!(!told.contains("Confirm it"), "the sender's side does not confirm it");
    let seen = road.receiver.page(&path).await;
    assert!(seen.contains("Confirm it") && seen.contains("If it is wrong, do not confirm"));
    let delivery = between(&seen, "name=\"delivery\" value=\"", "\"").to_owned();
    let record = Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("delivery", delivery.as_str())];
    let own = road.sender.send(&format!("{path}/confirm"), &fields).await;
    assert!(own.contains("Another person has to confirm it"));
    let record = Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("delivery", delivery.as_str())];
    assert!(road.receiver.send(&format!("{path}/confirm"), &fields).await.contains("Closed"));
}

#[tokio::test]
async fn what_stood_in_the_store_before_did_not_come() {
    let road = Road::build().await;
    let first = road.sent().await;
    let receive = format!("{first}/receive");
    let page = road.receiver.page(&receive).await;
    let all = road.count(&page, "3", "200");
    assert!(road.receiver.send(&receive, &borrowed(&all)).await.contains("Closed"));
    let second = road.draft().await;
    let [before, .., comes] = &road.carton_codes[..] else { panic!("four cartons") };
    road.sender.send(&format!("{second}/codes"), &[("codes", comes)]).await;
    let dispatch = format!("{second}/dispatch");
    let record = record_of(&road.sender.page(&dispatch).await);
    let fields = [("record", record.as_str()), ("date", "2017-06-01")];
    assert!(road.sender.send(&dispatch, &fields).await.contains("Dispatched"));

    let receive = format!("{second}/receive");
    let mut count = road.count(&road.receiver.page(&receive).await, "1", "");
    count.push(("codes".to_owned(), format!("{before}\r\n{comes}")));
    let asked = road.receiver.send(&receive, &borrowed(&count)).await;
    let sentence = "the books have this in your store already";
    assert!(asked.contains(&format!("{before}: {sentence}")), "{asked}");
    assert!(!asked.contains(&format!("{comes}: {sentence}")), "that one came");
    let codes = count.last_mut().unwrap();
    codes.1.clone_from(comes);
    assert!(road.receiver.send(&receive, &borrowed(&count)).await.contains("Closed"));
}

#[tokio::test]
async fn a_digit_too_many_is_asked_about_without_saying_what_was_sent() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let page = road.receiver.page(&receive).await;
    let mut count = road.count(&page, "30", "200");
    let asked = road.receiver.send(&receive, &borrowed(&count)).await;
    assert!(asked.contains("15,200 pieces are far more than one would expect"), "{asked}");
    assert!(asked.contains("Yes, so many came") && !asked.contains("1,700"), "{asked}");
    assert!(road.sender.page(&path).await.contains("Dispatched"), "nothing was posted");
    count.push((format!("sure_far_{}_15200", road.batch), "true".to_owned()));
    let counted = road.receiver.send(&receive, &borrowed(&count)).await;
    assert!(counted.contains("13,500 pieces too many"), "{counted}");
}

#[tokio::test]
async fn a_label_on_its_way_leads_its_receiver_to_the_count() {
    let mut road = Road::build().await;
    let hope = partner(&road.program, "Hope").await;
    road.balkh = place(&road.program, hope, "HOP", "AF21").await;
    let receiver = enter(&road.program, "hope", hope, Role::Partner, Scope::Org(hope)).await;
    let others = partner(&road.program, "Slow Aid").await;
    let other = enter(&road.program, "other", others, Role::Partner, Scope::Org(others)).await;
    let label = format!("/p/{}", road.carton_codes[0].replace('-', ""));
    let label = label.as_str();
    assert!(receiver.page(label).await.contains("Please return it to: KBL store"));
    let path = road.sent().await;

    let of_batch = format!("/b/{}", road.batch_code.replace('-', ""));
    for label in [label, of_batch.as_str()] {
        let page = receiver.page(label).await;
        assert!(page.contains("in transit with waybill KBL-0001 to HOP store"), "{page}");
        assert!(page.contains(&format!("href=\"{path}/receive\"")));
        for sent in ["1,700", "1,500", "Carton 1 of", "Driver One"] {
            assert!(!page.contains(sent), "what was sent is counted first: {sent}");
        }
        assert!(!other.page(label).await.contains("KBL-0001"));
    }
    for stranger in [&other, &road.program.stranger()] {
        let page = stranger.page(label).await;
        assert!(page.contains("Please return it to: KBL store"));
        assert!(!page.contains("KBL-0001") && !page.contains("HOP store"));
    }
    let waiting = format!("/p/{}", road.carton_codes[3].replace('-', ""));
    assert!(receiver.page(&waiting).await.contains("Please return it to"), "it was not sent");
}

#[tokio::test]
async fn whoever_keeps_both_ends_counts_before_opening_what_was_sent() {
    let road = Road::build().await;
    let path = road.sent().await;
    let org = road.program.programme().await;
    let both = enter(&road.program, "both", org, Role::Logistics, Scope::Everything).await;
    let receive = format!("{path}/receive");
    let of_batch = format!("/b/{}", road.batch_code.replace('-', ""));
    let folded = "<summary>What was sent: open it after the count</summary>";
    for page in [&path, &of_batch] {
        let page = both.page(page).await;
        let (before, rest) = page.split_once(folded).expect("it is folded away");
        let (inside, after) = rest.split_once("</details>").unwrap();
        assert!(inside.contains("1,700"), "{inside}");
        assert!(!before.contains("1,700") && !after.contains("1,700"), "{page}");
    }
    let page = both.page(&receive).await;
    assert!(!page.contains("1,700"), "{page}");
    assert!(!road.receiver.page(&path).await.contains(folded), "there is nothing to open");
    let counted = road.count(&page, "2", "200");
    both.send(&receive, &borrowed(&counted)).await;
    for page in [&path, &of_batch] {
        assert!(!both.page(page).await.contains(folded), "it was counted");
    }
}

#[tokio::test]
async fn pieces_that_a_wrong_count_left_out_did_arrive() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let counted = road.count(&road.receiver.page(&receive).await, "2", "200");
    let differs = road.receiver.send(&receive, &borrowed(&counted)).await;
    let explain = format!("{path}/explain/{}", road.batch);
    let choice = |page: &str, value: &str| page.find(&format!("value=\"{value}\"")).unwrap();
    let before = road.sender.page(&explain).await;
    assert!(choice(&before, "lost") < choice(&before, "arrived"), "it is one of several");
    let (field, record) = (format!("missing_{}", road.batch), record_of(&differs));
    let wrong = [("record", record.as_str()), (field.as_str(), "counted_wrong")];
    road.receiver.send(&format!("{path}/differences"), &wrong).await;
    let page = road.sender.page(&explain).await;
    assert!(choice(&page, "arrived") < choice(&page, "lost"), "the receiver counted wrong");
    assert!(page.contains("value=\"2017-06-01\""), "the day of the count: {page}");
    let record = record_of(&page);
    let arrived = [
        ("record", record.as_str()),
        ("became", "arrived"),
        ("pieces", "500"),
        ("date", "2017-06-01"),
    ];
    let said = road.sender.send(&explain, &arrived).await;
    assert!(said.contains("500 pieces did arrive: Counted wrong"), "{said}");
    assert!(said.contains("waits for another person"), "{said}");
    let seen = road.receiver.page(&path).await;
    let delivery = between(&seen, "name=\"delivery\" value=\"", "\"").to_owned();
    let record = Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("delivery", delivery.as_str())];
    let closed = road.receiver.send(&format!("{path}/confirm"), &fields).await;
    assert!(closed.contains("Closed") && closed.contains("1,700"), "{closed}");
}

#[tokio::test]
async fn whoever_said_that_more_is_coming_is_not_asked_whether_it_came_before() {
    let road = Road::build().await;
    let path = road.sent().await;
    let before = road.receiver.page(&path).await;
    assert!(before.contains("Delivered") && !before.contains("something open"), "{before}");
    let receive = format!("{path}/receive");
    let mut counted = road.count(&road.receiver.page(&receive).await, "2", "0");
    counted[4].1 = "still_coming".to_owned();
    road.receiver.send(&receive, &borrowed(&counted)).await;
    road.program.world.pass_minutes(1);
    let page = road.receiver.page(&receive).await;
    assert!(page.contains(ONLY_NEW) && !page.contains("name=\"another\""), "{page}");
    let besides = between(&page, "name=\"besides\" value=\"", "\"").to_owned();
    let mut rest = road.count(&page, "1", "x");
    rest.push(("besides".to_owned(), besides));
    let wrong = road.receiver.send(&receive, &borrowed(&rest)).await;
    let called = format!("<bdi>Know the risks (M1) · {}</bdi>", road.batch_code);
    assert!(wrong.contains(&called), "the summary says which batch: {wrong}");
    rest[3].1 = "200".to_owned();
    let closed = road.receiver.send(&receive, &borrowed(&rest)).await;
    assert!(closed.contains("Closed") && closed.contains("1,700"), "{closed}");
}

#[tokio::test]
async fn extra_pieces_of_a_wrong_count_did_not_come() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let counted = road.count(&road.receiver.page(&receive).await, "3", "210");
    road.receiver.send(&receive, &borrowed(&counted)).await;
    let explain = format!("{path}/explain/{}", road.batch);
    let page = road.sender.page(&explain).await;
    assert!(page.contains("Extra pieces did not come: the count was wrong"), "{page}");
    let record = record_of(&page);
    let said = [("record", record.as_str()), ("became", "counted_too_many"), ("pieces", "10")];
    let said = road.sender.send(&explain, &said).await;
    assert!(said.contains("10 pieces had not come: Counted wrong"), "{said}");
    assert!(said.contains("waits for another person") && said.contains("1,700"), "{said}");
}

#[tokio::test]
async fn what_was_recalled_meanwhile_says_so_where_it_is_counted() {
    let road = Road::build().await;
    let path = road.sent().await;
    assert!(!road.receiver.page(&path).await.contains("Recalled"));
    let manager = road.program.add_person("manager", Role::Manager).await;
    let now = road.program.stock.world().now();
    let said = Envelope::typed(Uuid::now_v7().into(), Occurred::On(now.day()), now);
    let body = CallBack { material: road.material, mode: RecallMode::UseUp };
    road.program.stock.writer(&manager).recall(Submission::new(said), body).await.unwrap();
    assert!(road.receiver.page(&path).await.contains("Recalled"));
}
