//! What a phone takes along, and what it brings back when it finds the network again.

use super::Village;
use crate::program::Browser;
use serde_json::{Value, json};
use uuid::Uuid;

fn items<'v>(known: &'v Value, part: &str) -> &'v Vec<Value> {
    known[part]["items"].as_array().unwrap()
}

fn versions(known: &Value) -> String {
    let parts = ["stores", "materials", "batches", "packs", "events", "consignments", "places"];
    parts.map(|part| known[part]["version"].as_str().unwrap().to_owned()).join(",")
}

#[tokio::test]
async fn a_phone_takes_along_what_its_user_needs_and_nothing_of_others() {
    let village = Village::build().await;
    let event = village.planned().await;
    let known: Value = village.worker.get("/api/v1/field").await.json();
    assert_eq!(items(&known, "stores")[0]["holds"][0][1], 1_500);
    assert_eq!(items(&known, "events")[0]["id"], json!(event));
    assert_eq!(items(&known, "events")[0]["materials"], json!([village.leaflets]));
    assert_eq!(items(&known, "packs").len(), 3);
    assert!(known.to_string().len() < 100_000);
    let others: Value = village.other.get("/api/v1/field").await.json();
    for part in ["stores", "batches", "packs", "events", "consignments", "places"] {
        assert!(items(&others, part).is_empty(), "{part}");
    }
}

/// Only a password proves who holds the phone: a phone that asks for PINs asks for none right after.
#[tokio::test]
async fn a_phone_hears_when_the_password_was_given_in_its_browser() {
    let village = Village::build().await;
    let known = async |browser: &Browser| browser.get("/api/v1/field").await.json::<Value>();
    let since = async |browser| known(browser).await["signed_in_at"].as_i64().unwrap();
    let first = since(&village.worker).await;
    village.program.world.pass_minutes(5);
    let again = village.program.browser_of("worker").await;
    assert_eq!(since(&again).await - first, 5 * 60_000);
    assert_eq!(since(&village.worker).await, first, "the other browser's is its own");
    let account = village.worker.page("/account").await;
    let name = known(&village.worker).await["name"].as_str().unwrap().to_owned();
    assert!(!name.is_empty() && account.contains(&name), "{name}");
}

#[tokio::test]
async fn only_what_is_new_comes_again() {
    let village = Village::build().await;
    let first: Value = village.worker.get("/api/v1/field").await.json();
    village.planned().await;
    let path = format!("/api/v1/field?has={}", versions(&first));
    let second: Value = village.worker.get(&path).await.json();
    assert_eq!(items(&second, "events").len(), 1);
    for part in ["stores", "materials", "batches", "packs", "consignments", "places"] {
        assert!(second[part].get("items").is_none(), "{part}");
    }
}

/// An event is off the phone as soon as somebody told it: where it was and who came is nobody's
/// business who finds the phone.
#[tokio::test]
async fn an_event_that_was_told_leaves_the_phone() {
    let village = Village::build().await;
    let event = village.planned().await;
    let row = json!({"material": village.leaflets, "brought": 500, "left": 100,
        "participants": 400});
    let sheet = json!([{
        "id": Uuid::now_v7(),
        "kind": "event_sheet",
        "schema": 1,
        "device_time": "2017-06-01T09:00:00+04:30",
        "sent_at": "2017-06-01T10:00:00+04:30",
        "device": {"id": Uuid::now_v7(), "sequence": 1},
        "entry_method": "scanned",
        "confirmed": true,
        "body": {"event": event, "rows": [row], "codes": [], "attendance": null},
    }]);
    let sent = village.worker.server.post("/api/v1/records").json(&sheet).await;
    let told: Value = sent.json();
    assert_eq!(told["results"][0]["status"], "accepted", "{told}");
    let known: Value = village.worker.get("/api/v1/field").await.json();
    assert!(items(&known, "events").is_empty());
    assert_eq!(items(&known, "stores")[0]["holds"][0][1], 1_100);
}
