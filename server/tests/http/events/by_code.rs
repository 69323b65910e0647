//! Codes that a phone has never heard of: what is said about them counts once they are known.

use super::Village;
use crate::consignments::Road;
use crate::program::Browser;
use domain::code::Code;
use serde_json::{Value, json};
use uuid::Uuid;

fn record(kind: &str, body: Value) -> Value {
    json!({
        "id": Uuid::now_v7(),
        "kind": kind,
        "schema": 1,
        "device_time": "2017-06-01T11:00:00+04:30",
        "entry_method": "scanned",
        "confirmed": true,
        "body": body,
    })
}

/// Posts one record; what became of it.
async fn tell(browser: &Browser, record: &Value) -> Value {
    let answer = browser.server.post("/api/v1/records").json(&json!([record])).await;
    answer.json::<Value>()["results"][0].clone()
}

/// The first of a part of what the phone knows.
async fn first(village: &Village, part: &str) -> Value {
    let known: Value = village.worker.get("/api/v1/field").await.json();
    known[part]["items"][0].clone()
}

async fn in_store(village: &Village) -> Value {
    first(village, "stores").await["holds"][0][1].clone()
}

/// A code that Tawzi never made.
fn never_made() -> String {
    (77..).find_map(Code::from_random).unwrap().to_string()
}

fn row(village: &Village, left: i64) -> Value {
    json!({"material": village.leaflets, "brought": 500, "left": left, "spoiled": 0,
        "participants": 500 - left})
}

/// One phone dies half-way, a colleague's phone has nothing but the code on the form, and the paper
/// is typed at the desk.
#[tokio::test]
async fn an_event_that_three_tell_is_counted_once() {
    let village = Village::build().await;
    let event = village.planned().await;
    let code = first(&village, "events").await["code"].clone();
    let sheet = |event: Value| {
        let rows = json!([row(&village, 100)]);
        record("event_sheet", json!({"event": event, "rows": rows, "codes": []}))
    };
    let colleague = sheet(code.clone());
    assert_eq!(tell(&village.worker, &colleague).await["status"], "accepted");
    assert_eq!(tell(&village.worker, &colleague).await["status"], "repeated", "it says the same");
    assert_eq!(tell(&village.worker, &sheet(json!(event))).await["status"], "kept");
    village.told(event, 100).await;
    assert_eq!(village.detail(event).await.materials[0].given(), 400);
    assert_eq!(village.detail(event).await.sheets.len(), 3);
    assert_eq!(in_store(&village).await, 1_100);
    let others = tell(&village.other, &sheet(code)).await;
    assert_eq!(others["problem"]["code"], "not_found", "what is of others does not exist");
    village.adds_up().await;
}

#[tokio::test]
async fn a_label_that_the_phone_did_not_know_is_matched() {
    let village = Village::build().await;
    let (batch, carton) = (first(&village, "batches").await, first(&village, "packs").await);
    let drop = |batches: Value| {
        let goods = json!({"batches": batches});
        let body = json!({"store": village.store, "place": "AF2101", "kind": "clinic",
            "goods": goods});
        record("drop", body)
    };
    let whole = drop(json!([[carton["code"], 500]]));
    assert_eq!(tell(&village.worker, &whole).await["status"], "accepted");
    let known: Value = village.worker.get("/api/v1/field").await.json();
    let packs = known["packs"]["items"].as_array().unwrap();
    assert_eq!(packs.len(), 2, "the carton was given out as it was packed");
    let some = drop(json!([[batch["code"], 40]]));
    assert_eq!(tell(&village.worker, &some).await["status"], "accepted");
    assert_eq!(in_store(&village).await, 960);
    village.adds_up().await;
}

#[tokio::test]
async fn what_was_seen_behind_an_unknown_label_stands_beside_what_is_held() {
    let village = Village::build().await;
    let code = never_made();
    let body = json!({"store": village.store, "place": "AF2101", "kind": "clinic",
        "goods": {"batches": [[code, 40]]}});
    let mut drop = record("drop", body);
    drop["note"] = json!("0000-0000: M1 Know the risks");
    let told = tell(&village.worker, &drop).await;
    assert_eq!(
        (&told["status"], &told["result"]["held"]["reason"]),
        (&json!("held"), &json!("unknown_code"))
    );
    let page = village.worker.page(&format!("/drops/{}", drop["id"].as_str().unwrap())).await;
    assert!(page.contains("M1 Know the risks") && page.contains("40"), "{page}");
    assert_eq!(in_store(&village).await, 1_500);
}

#[tokio::test]
async fn a_record_is_taken_back_by_its_own_id() {
    let village = Village::build().await;
    let body = json!({"store": village.store, "place": "AF2101", "kind": "clinic",
        "goods": {"materials": [[village.leaflets, 40]]}});
    let drop = record("drop", body);
    tell(&village.worker, &drop).await;
    assert_eq!(in_store(&village).await, 1_460);
    let undo = |of: &Value| record("reverse", json!({"record": of, "reason": "typed_wrong"}));
    let first = undo(&drop["id"]);
    assert_eq!(tell(&village.other, &undo(&drop["id"])).await["problem"]["code"], "not_found");
    assert_eq!(tell(&village.worker, &first).await["status"], "accepted");
    assert_eq!(in_store(&village).await, 1_500);
    assert_eq!(tell(&village.worker, &first).await["status"], "repeated");
    let again = tell(&village.worker, &undo(&drop["id"])).await;
    assert_eq!(again["problem"]["code"], "already_reversed");
    let nothing = tell(&village.worker, &undo(&json!(Uuid::now_v7()))).await;
    assert_eq!(nothing["problem"]["code"], "not_found");
    village.adds_up().await;
}

#[tokio::test]
async fn damage_behind_two_labels_of_one_batch_is_added_up() {
    let village = Village::build().await;
    let (batch, carton) = (first(&village, "batches").await, first(&village, "packs").await);
    let lines =
        json!([{"batch": batch["code"], "pieces": 3}, {"batch": carton["code"], "pieces": 4}]);
    let change = |lines: Value| json!({"store": village.store, "what": "damaged", "reason": "wet", "lines": lines});
    let told = tell(&village.worker, &record("stock_change", change(lines))).await;
    assert_eq!(told["status"], "accepted", "{told}");
    assert_eq!(in_store(&village).await, 1_493);
    let unknown = json!([{"batch": never_made(), "pieces": 3}]);
    let told = tell(&village.worker, &record("stock_change", change(unknown))).await;
    assert_eq!(
        (&told["status"], &told["problem"]["code"]),
        (&json!("refused"), &json!("unknown_code"))
    );
    village.adds_up().await;
}

#[tokio::test]
async fn a_consignment_is_counted_by_the_codes_on_its_paper_and_cartons() {
    let road = Road::build().await;
    road.sent().await;
    let known: Value = road.receiver.get("/api/v1/field").await.json();
    let code = &known["consignments"]["items"][0]["code"];
    let line = |code: &str, cartons: i64, good: i64| json!({"batch": code, "full_cartons": cartons, "good": good, "damaged": 0});
    // Whoever reads the label of a carton and that of its batch cannot know that they are the same.
    let lines = json!([line(&road.carton_codes[0], 1, 500), line(&road.batch_code, 2, 1_200)]);
    let body = json!({"consignment": code, "lines": lines, "rest": "nothing_more"});
    road.program.world.pass_minutes(60);
    let mut delivery = record("delivery", body);
    delivery["device_time"] = json!("2017-06-01T13:00:00+04:30");
    let told = tell(&road.receiver, &delivery).await;
    assert_eq!(told["status"], "accepted", "{told}");
    let known: Value = road.receiver.get("/api/v1/field").await.json();
    assert_eq!(known["stores"]["items"][0]["holds"][0][1], 1_700);
    let report = road.program.stock.verify(|_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}
