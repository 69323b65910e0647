//! Drafts: what is loaded, what cannot be, and what is said when it leaves.

use super::{Road, record_of};
use crate::program::{location, name};
use domain::ids::KitId;
use domain::pieces::Pieces;
use std::collections::BTreeMap;
use stock::reference::kits::KitInput;
use uuid::Uuid;

#[tokio::test]
async fn the_same_form_after_back_makes_one_consignment() {
    let road = Road::build().await;
    let (page, address) = road.sender.new_form("/consignments/new").await;
    let record = record_of(&page);
    assert!(address.ends_with(&record), "{address}");
    let (from, to) = (road.kabul.to_string(), road.balkh.to_string());
    let fields = [("record", record.as_str()), ("from", &from), ("to", &to)];
    let path = location(&road.sender.post("/consignments/new", &fields).await);
    // "Back" asks for the same address again.
    let back = road.sender.page(&address).await;
    assert!(back.contains("it made KBL-0001") && back.contains(&format!("href=\"{path}\"")));
    // The browser showed the old form, and something else was typed into it.
    let fields = [("record", record.as_str()), ("from", &to), ("to", &from)];
    let again = location(&road.sender.post("/consignments/new", &fields).await);
    assert_eq!(again, format!("{path}?again=1"));
    assert!(road.sender.page(&again).await.contains("This form was sent before"));
    assert!(!road.sender.page("/consignments").await.contains("KBL-0002"));
}

#[tokio::test]
async fn a_truck_is_shared_with_what_leaves_from_the_same_store() {
    let road = Road::build().await;
    road.draft().await;
    let (page, _) = road.sender.new_form("/consignments/new").await;
    assert!(page.contains("On the same truck as"), "{page}");
    let record = record_of(&page);
    for (from, is_offered) in [(road.kabul, true), (road.balkh, false)] {
        let from = from.to_string();
        let fields = [("record", record.as_str()), ("from", &from), ("to", &from)];
        let refused = road.sender.send("/consignments/new", &fields).await;
        assert!(refused.contains("There is a problem"), "{refused}");
        assert_eq!(refused.contains("On the same truck as"), is_offered, "{refused}");
    }
}

#[tokio::test]
async fn a_day_that_was_taken_away_is_asked_for() {
    let road = Road::build().await;
    let path = road.draft().await;
    let codes = [("codes", road.carton_codes[0].as_str())];
    road.sender.send(&format!("{path}/codes"), &codes).await;
    let dispatch = format!("{path}/dispatch");
    let record = record_of(&road.sender.page(&dispatch).await);
    let fields = [("record", record.as_str()), ("date", "")];
    let asked = road.sender.send(&dispatch, &fields).await;
    assert!(asked.contains("href=\"#f-date\">Left on: Enter a date like"), "{asked}");
    assert!(!road.sender.page("/consignments/in-transit").await.contains("KBL-0001"));
}

#[tokio::test]
async fn a_kit_says_what_it_holds_where_it_is_chosen() {
    let road = Road::build().await;
    let admin = road.program.actor("admin").await;
    let lines = BTreeMap::from([(road.material, Pieces::new(2_500).unwrap())]);
    let kit = KitInput { name: name("Event kit"), lines };
    let id = KitId::new(Uuid::now_v7());
    road.program.stock.writer(&admin).create_kit(id, kit).await.unwrap();
    let draft = road.draft().await;
    for page in [draft.as_str(), "/events/new"] {
        let page = road.sender.page(page).await;
        assert!(page.contains("Event kit") && page.contains("2,500 \u{2068}"), "{page}");
        assert!(page.contains("\u{2069} (M1)"), "{page}");
    }
}

#[tokio::test]
async fn wrong_codes_are_named_and_stay_in_the_form() {
    let road = Road::build().await;
    let path = road.draft().await;
    let codes = format!("{}\r\n4K7M-2QXD-9V4\r\n{}", road.carton_codes[0], road.batch_code);
    let refused = road.sender.send(&format!("{path}/codes"), &[("codes", &codes)]).await;
    assert!(refused.contains("4K7M-2QXD-9V4: The last character does not fit"), "{refused}");
    assert!(refused.contains(&road.carton_codes[0]), "what was scanned stays");
    assert!(refused.contains("Write the pieces after it"), "the others are judged as well");
    let batch = format!("{path}/codes");
    let refused = road.sender.send(&batch, &[("codes", &road.batch_code)]).await;
    assert!(refused.contains("Write the pieces after it; 2,300 are here"));
    let material = road.material.to_string();
    let lacking = [("material", material.as_str()), ("pieces", "9,999")];
    let refused = road.sender.send(&format!("{path}/material"), &lacking).await;
    assert!(refused.contains("only 2,300 of 9,999 pieces are here"));
    assert!(refused.contains("value=\"9,999\""));
}

#[tokio::test]
async fn a_carton_on_two_drafts_is_said_and_the_second_learns_where_it_went() {
    let road = Road::build().await;
    let (first, second) = (road.draft().await, road.draft().await);
    let code = road.carton_codes[0].as_str();
    let added = road.sender.send(&format!("{first}/codes"), &[("codes", code)]).await;
    assert!(!added.contains("also on another draft"));
    let added = road.sender.send(&format!("{second}/codes"), &[("codes", code)]).await;
    assert!(added.contains(&format!("{code} is also on")), "{added}");
    assert!(added.contains(&format!("<a href=\"{first}\">KBL-0001</a>")), "{added}");
    assert!(road.sender.page(&first).await.contains("KBL-0002</a>"), "the other one says so, too");
    let leave = async |draft: &str| {
        let dispatch = format!("{draft}/dispatch");
        let record = record_of(&road.sender.page(&dispatch).await);
        let fields = [("record", record.as_str()), ("date", "2017-06-01")];
        road.sender.send(&dispatch, &fields).await
    };
    assert!(leave(&first).await.contains("Dispatched"));
    assert!(!road.sender.page(&second).await.contains("is also on"), "it is no draft any more");
    let gone = leave(&second).await;
    assert!(gone.contains(&format!("{code}: is no longer sealed in the store")), "{gone}");
    assert!(gone.contains("The books have it at KBL store (In transit)"), "{gone}");
    let third = road.draft().await;
    let refused = road.sender.send(&format!("{third}/codes"), &[("codes", code)]).await;
    assert!(refused.contains("The books have it at KBL store (In transit)"), "{refused}");
}

#[tokio::test]
async fn what_a_store_lacks_is_named_with_where_the_books_have_it() {
    let road = Road::build().await;
    let draft = async |pieces: &str| {
        let path = road.draft().await;
        let loose = format!("{} {pieces}", road.batch_code);
        road.sender.send(&format!("{path}/codes"), &[("codes", &loose)]).await;
        path
    };
    let leave = async |draft: &str| {
        let dispatch = format!("{draft}/dispatch");
        let record = record_of(&road.sender.page(&dispatch).await);
        let fields = [("record", record.as_str()), ("date", "2017-06-01")];
        road.sender.send(&dispatch, &fields).await
    };
    // Without sealed cartons it lacks pieces, not cartons.
    let all = road.program.actor("sender").await;
    let packs = road.program.stock.reader(&all).packs_of(road.batch).await.unwrap();
    for pack in &packs {
        let path = format!("/p/{}/open", pack.code);
        let record = Uuid::now_v7().to_string();
        road.sender.post(&path, &[("record", &record), ("found", "500")]).await;
    }
    let (first, second) = (draft("1500").await, draft("1500").await);
    assert!(leave(&first).await.contains("Dispatched"));
    let short = leave(&second).await;
    let name = format!("Know the risks (M1) · 2017-1 · {} · KBL store", road.batch_code);
    assert!(short.contains(&format!("{name}: The books hold only 800")), "{short}");
    assert!(short.contains("of it here: KBL store, In transit: 1,500."), "{short}");
}

#[tokio::test]
async fn a_draft_says_what_other_drafts_want_of_the_same() {
    let road = Road::build().await;
    let (first, second) = (road.draft().await, road.draft().await);
    let material = road.material.to_string();
    let wants = async |draft: &str, pieces: &str| {
        let fields = [("material", material.as_str()), ("pieces", pieces)];
        road.sender.send(&format!("{draft}/material"), &fields).await
    };
    wants(&first, "1000").await;
    let enough = wants(&second, "1300").await;
    for warning in ["is also on", "promised to"] {
        assert!(!enough.contains(warning), "{warning}");
    }
    let over = wants(&second, "500").await;
    assert!(over.contains("The drafts together want more than the store has"));
    assert!(over.contains("Know the risks: 1,000 pieces are promised to"));
    assert!(over.contains(&format!("href=\"{first}\"")));
    assert!(road.sender.page(&first).await.contains("1,800 pieces are promised to"));
}
