//! Documents over the wire: put under an id of the caller's, however often they are sent.

use super::{Script, problem, record};
use crate::program::Program;
use crate::small_month::SmallMonth;
use axum::http::Method;
use axum_test::TestResponse;
use domain::reference::OrgKind;
use domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

async fn put(script: &Script, path: &str, body: &Value) -> (u16, Value) {
    let answer = script.send(Method::PUT, path, body).await;
    (answer.status_code().as_u16(), answer.json())
}

async fn refused(script: &Script, path: &str, body: &Value) -> (u16, String) {
    problem(&script.send(Method::PUT, path, body).await)
}

#[tokio::test]
async fn a_print_run_is_ordered_once_changed_and_then_received() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let printer = program.org(OrgKind::Printer, "Kabul Printing").await;
    let store = program.store(program.programme().await, "KBL").await;
    let material = program.material("Know the risks", "M1").await;
    let path = format!("/print-runs/{}", Uuid::now_v7());
    let mut order = json!({"printer": printer, "material": material, "ordered": 1000,
        "tolerance_permille": 20, "ordered_on": "2017-05-02", "due_on": "2017-05-20",
        "cost": {"minor_units": 45000, "currency": "USD"}});
    let (status, first) = put(&script, &path, &order).await;
    assert_eq!((status, &first["run"]["number"]), (201, &json!("PR-0001")));
    let again = put(&script, &path, &order).await;
    assert_eq!(again, (200, first.clone()), "the same order again");
    assert_eq!(script.get("/print-runs").await["items"].as_array().unwrap().len(), 1);
    order["ordered"] = json!(1200);
    assert_eq!(refused(&script, &path, &order).await, (409, "saved_before".to_owned()));
    order["version"] = first["version"].clone();
    let changed = put(&script, &path, &order).await;
    assert_eq!((changed.0, &changed.1["run"]["ordered"]), (200, &json!(1200)));
    assert_eq!(put(&script, &path, &order).await, changed, "the same change again");
    order["ordered"] = json!(1300);
    assert_eq!(refused(&script, &path, &order).await, (409, "changed_meanwhile".to_owned()));
    for (field, value, code) in [
        ("due_on", json!("2017-05-01"), "due_before_ordered"),
        ("ordered_on", json!("2017-06-02"), "future"),
        ("ordered_on", json!("yesterday"), "wrong_time"),
        ("printer", json!(store), "unknown_organisation"),
        ("material", json!(store), "unknown_material"),
        ("ordered", json!(0), "wrong_shape"),
        ("ordered", json!(1.5), "wrong_shape"),
        ("ordered", json!("۱۲"), "wrong_shape"),
    ] {
        let mut wrong = order.clone();
        wrong[field] = value;
        if code == "future" {
            wrong["due_on"] = json!("2017-06-20");
        }
        let other = format!("/print-runs/{}", Uuid::now_v7());
        wrong["version"] = Value::Null;
        assert_eq!(refused(&script, &other, &wrong).await, (422, code.to_owned()), "{field}");
    }
    let run = &first["run"]["id"];
    let body = json!({"run": run, "store": store, "sealed": [{"cartons": 2, "each": 500}],
        "open": [], "damaged": [{"damage": "wet", "pieces": 12}], "claimed": 1012,
        "how": "full_count", "labels": {"new": {"bundles_of": null}}});
    script.record("receipt", body).await;
    let whole = script.get(&path).await;
    let receipt = whole["receipts"][0]["record"].as_str().unwrap();
    let note = script.get(&format!("/receipts/{receipt}")).await;
    assert_eq!((&note["good"], &note["damaged_in_all"]), (&json!(1000), &json!(12)));
    let batch = note["batch"].as_str().unwrap();
    let packs = script.get(&format!("/batches/{batch}/packs?limit=1")).await;
    let next = packs["next"].as_str().unwrap();
    let rest = script.get(&format!("/batches/{batch}/packs?limit=1&cursor={next}")).await;
    assert_ne!(packs["items"][0]["code"], rest["items"][0]["code"]);
    let code = packs["items"][0]["code"].as_str().unwrap();
    let found = script.get(&format!("/codes/{}", code.to_lowercase())).await;
    assert_eq!((&found["kind"], &found["id"]), (&json!("pack"), &packs["items"][0]["id"]));
    let mistyped = script.refusal(&format!("/codes/{}", code.replace(&code[..1], "!"))).await;
    assert_eq!(mistyped, (422, "code_character".to_owned()));
    order["version"] = changed.1["version"].clone();
    assert_eq!(refused(&script, &path, &order).await, (422, "received".to_owned()));
}

/// 2,300 leaflets in Kabul, and a script of who keeps them.
async fn loaded(program: &Program) -> (Script, Value, String) {
    let script = program.script_as(Role::Logistics).await;
    let programme = program.programme().await;
    let (kabul, balkh) =
        (program.store(programme, "KBL").await, program.store(programme, "MZR").await);
    let material = program.material("Know the risks", "M1").await;
    let rows =
        json!([{"material": material, "cartons": {"cartons": 4, "each": 500}, "loose": 300}]);
    script.record("first_count", json!({"store": kabul, "rows": rows})).await;
    let draft = json!({"from": kabul, "to": balkh, "vehicle": "KBL 12345",
        "leaves_on": "2017-06-01"});
    (script, draft, material.to_string())
}

#[tokio::test]
async fn a_consignment_is_drafted_loaded_once_and_sent() {
    let program = Program::new().await;
    let (script, mut draft, material) = loaded(&program).await;
    let path = format!("/consignments/{}", Uuid::now_v7());
    let (status, first) = put(&script, &path, &draft).await;
    assert_eq!((status, &first["consignment"]["state"]), (201, &json!("draft")));
    assert_eq!(put(&script, &path, &draft).await, (200, first.clone()));
    draft["vehicle"] = json!("MZR 54321");
    assert_eq!(put(&script, &path, &draft).await.0, 200);
    let mut same = draft.clone();
    same["to"] = same["from"].clone();
    assert_eq!(refused(&script, &path, &same).await, (422, "same_store".to_owned()));

    let lines = format!("{path}/lines");
    let wish =
        json!({"pieces_before": 0, "add": {"material": {"material": material, "pieces": 750}}});
    let loaded = script.post(&lines, &wish).await;
    assert_eq!(loaded.status_code(), 200, "{}", loaded.text());
    // An answer that got lost: sent again, nothing is loaded twice.
    let again = script.post(&lines, &wish).await;
    assert_eq!(problem(&again), (409, "changed_meanwhile".to_owned()));
    assert_eq!(again.json::<Value>()["params"]["pieces"], 750);
    let listed = |whole: &Value| -> i64 {
        let lines = whole["draft_lines"].as_array().unwrap();
        lines.iter().map(|line| line["pieces"].as_i64().unwrap()).sum()
    };
    assert_eq!(listed(&script.get(&path).await), 750);
    let wish = |add: Value| json!({"pieces_before": 750, "add": add});
    for (add, code) in [
        (json!({"material": {"material": material, "pieces": 5_000}}), "lacking"),
        (json!({"codes": [{"code": "4K7M2QXD9V1"}]}), "codes_not_loadable"),
        (json!({"codes": [{"code": "4K7M2QXD9V2"}]}), "code_check"),
        (json!({"codes": []}), "empty"),
        (json!({"kit": {"kit": Uuid::now_v7(), "kits": 1}}), "unknown_kit"),
        (json!({"everything": {}}), "wrong_shape"),
    ] {
        let answer = script.post(&lines, &wish(add)).await;
        assert_eq!(problem(&answer), (422, code.to_owned()));
    }
    let loose = script.get(&path).await["draft_lines"].as_array().unwrap().len() - 1;
    let line = script.get(&path).await["draft_lines"][loose]["line"].clone();
    for _ in 0..2 {
        let off = script.ask(Method::DELETE, &format!("{lines}/{line}")).await;
        assert_eq!((off.status_code().as_u16(), listed(&off.json())), (200, 500));
    }

    let id = first["consignment"]["id"].clone();
    script.record("dispatch", json!({"consignment": id})).await;
    let sent = script.get(&path).await;
    assert_eq!(sent["consignment"]["state"], "dispatched");
    assert_eq!(sent["lines"][0]["pieces"]["sent"], 500);
    assert_eq!(script.get(&format!("{path}/waybill")).await["vehicle"], "MZR 54321");
    let road = script.get("/consignments/in-transit").await;
    assert_eq!(road["items"][0]["consignment"]["in_transit"], 500);
    draft["vehicle"] = json!("");
    assert_eq!(refused(&script, &path, &draft).await, (422, "not_draft".to_owned()));
    let erased = script.ask(Method::DELETE, &format!("{path}/driver")).await;
    assert_eq!(erased.status_code(), 200, "{}", erased.text());
    assert_eq!(script.get(&format!("{path}/waybill")).await["vehicle"], "");
}

#[tokio::test]
async fn an_event_is_planned_once_changed_and_called_off() {
    let month = SmallMonth::new().await;
    let program = &month.program;
    let script = program.script_of(&month.worker).await;
    let kind = script.get("/event-types").await["items"][0]["id"].clone();
    let path = format!("/events/{}", Uuid::now_v7());
    let mut plan = json!({"event_type": kind, "store": month.store, "organisation": month.relief,
        "place": "AF2101", "planned_on": "2017-06-29", "sessions": ["women", "men"],
        "materials": [{"material": month.leaflets, "pieces": 500}]});
    let (status, first) = put(&script, &path, &plan).await;
    assert_eq!((status, &first["state"]), (201, &json!("planned")), "{first}");
    assert_eq!(put(&script, &path, &plan).await, (200, first.clone()));
    plan["expected_people"] = json!(40);
    assert_eq!(put(&script, &path, &plan).await.1["expected_people"], 40);
    assert_eq!(script.get("/events").await["items"].as_array().unwrap().len(), 1);
    let whole = script.get(&path).await;
    assert_eq!(whole["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(whole["planned"][0]["pieces"], 500);
    for (field, value, answer) in [
        ("expected_people", json!(-1), (422, "wrong_people")),
        ("planned_on", json!("29 June"), (422, "wrong_time")),
        ("sessions", json!(["everybody"]), (422, "wrong_shape")),
        ("place", json!("AF9999"), (422, "unknown_place")),
        ("store", json!(Uuid::now_v7()), (404, "not_found")),
    ] {
        let mut wrong = plan.clone();
        wrong[field] = value;
        let other = format!("/events/{}", Uuid::now_v7());
        let (status, code) = answer;
        assert_eq!(refused(&script, &other, &wrong).await, (status, code.to_owned()), "{field}");
    }
    // Another partner can neither change it nor learn that it is there.
    let other = program.script_of(&program.actor("aid").await).await;
    assert_eq!(refused(&other, &path, &plan).await, (404, "not_found".to_owned()));
    let answer = other.ask(Method::POST, &format!("{path}/cancel")).await;
    assert_eq!(problem(&answer), (404, "not_found".to_owned()));
    for _ in 0..2 {
        let off = script.ask(Method::POST, &format!("{path}/cancel")).await;
        assert_eq!(off.json::<Value>()["state"], "cancelled", "{}", off.text());
    }
    let held = month.hold("2017-06-14", "AF2101", 200, (12, 20)).await;
    let answer = script.ask(Method::POST, &format!("/events/{held}/cancel")).await;
    assert_eq!(problem(&answer), (422, "took_place".to_owned()));
}

#[tokio::test]
async fn a_figure_is_reported_once_and_a_later_one_takes_its_place() {
    let month = SmallMonth::new().await;
    let script = month.program.script_of(&month.worker).await;
    let mut figure = json!({"id": Uuid::now_v7(), "device_time": "2017-06-28T09:00:00+04:30",
        "organisation": month.relief, "month": "2017-06", "kind": "leaflet", "pieces": 4800,
        "source": "phone"});
    let first = script.post("/reported-figures", &figure).await;
    assert_eq!(first.status_code(), 201, "{}", first.text());
    let again = script.post("/reported-figures", &figure).await;
    assert_eq!(
        (again.status_code().as_u16(), &again.json::<Value>()["status"]),
        (200, &"repeated".into())
    );
    assert_eq!(again.json::<Value>()["result"], first.json::<Value>()["result"]);
    figure["pieces"] = json!(5000);
    let conflict = script.post("/reported-figures", &figure).await;
    assert_eq!(problem(&conflict), (409, "conflict".to_owned()));
    figure["id"] = json!(Uuid::now_v7());
    assert_eq!(script.post("/reported-figures", &figure).await.status_code(), 201);
    let items = script.get("/months/2017-06/reported").await["items"].clone();
    let told: Vec<_> =
        items.as_array().unwrap().iter().map(|one| (&one["pieces"], &one["superseded"])).collect();
    assert_eq!(told, [(&json!(5000), &json!(false)), (&json!(4800), &json!(true))]);
    for (field, value, answer) in [
        ("month", json!("2018-01"), (422, "future_month")),
        ("month", json!("June"), (422, "wrong_time")),
        ("pieces", json!(-1), (422, "wrong_quantity")),
        ("kind", json!("poster"), (422, "wrong_shape")),
        ("device_time", json!("yesterday"), (422, "wrong_time")),
        ("organisation", json!(month.program.programme().await), (404, "not_found")),
    ] {
        let mut wrong = figure.clone();
        (wrong["id"], wrong[field]) = (json!(Uuid::now_v7()), value);
        let (status, code) = answer;
        let refusal = script.post("/reported-figures", &wrong).await;
        assert_eq!(problem(&refusal), (status, code.to_owned()), "{field}");
    }
}

#[tokio::test]
async fn lists_go_on_where_their_page_ended() {
    let month = SmallMonth::new().await;
    let script = month.program.script_of(&month.worker).await;
    for day in ["2017-06-12", "2017-06-12", "2017-06-13"] {
        month.hold(day, "AF2101", 100, (5, 5)).await;
    }
    let card = format!("/stores/{}/materials/{}/card", month.store, month.leaflets);
    for (path, all) in [("/events?month=2017-06".to_owned(), 3), (card + "?", 7)] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = script.get(&format!("{path}&limit=2{cursor}")).await;
            seen.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let whole = script.get(&path).await;
        assert_eq!(whole["items"], Value::Array(seen), "{path}");
        assert!(whole["items"].as_array().unwrap().len() >= all.min(3), "{path}");
        let balances = whole["items"].as_array().unwrap().windows(2);
        for pair in balances.map(<[Value]>::to_vec) {
            if let (Some(later), Some(earlier)) =
                (pair[0]["balance"].as_i64(), pair[1]["balance"].as_i64())
            {
                assert_eq!(later - earlier, pair[0]["pieces"].as_i64().unwrap());
            }
        }
    }
}

#[tokio::test]
async fn another_organisation_reads_no_small_headcount_in_the_bulletin() {
    let month = SmallMonth::new().await;
    month.hold("2017-06-12", "AF2101", 1_000, (2, 20)).await;
    month.hold("2017-06-13", "AF0101", 100, (9, 30)).await;
    let manager = month.program.actor("manager").await;
    let manager = month.program.script_of(&manager).await;
    let ours = manager.get("/months/2017-06/bulletin").await;
    assert_eq!(ours["people"], json!({"participants": 61, "females": 11, "hidden": false}));
    let donor = month.program.org(OrgKind::Donor, "Far Donor").await;
    let person = stock::access::NewPerson {
        login: "donor".to_owned(),
        name: crate::program::name("Donor's desk"),
        org: donor,
        role: Role::Viewer,
        scope: domain::role::Scope::Everything,
    };
    month.program.stock.add_person(person, crate::program::PASSWORD).await.unwrap();
    let donor = month.program.script_of(&month.program.actor("donor").await).await;
    let theirs = donor.get("/months/2017-06/bulletin").await;
    let balkh = theirs["places"].as_array().unwrap().iter().find(|p| p["province"] == "AF21");
    assert_eq!(balkh.unwrap()["people"]["females"], Value::Null);
    assert_eq!(balkh.unwrap()["people"]["hidden"], true);
    assert_eq!(theirs["kinds"], ours["kinds"], "pieces are about nobody");
    // No event tells what the sums hide.
    let events = donor.get("/events?month=2017-06").await;
    for event in events["items"].as_array().unwrap() {
        let path = format!("/events/{}", event["id"].as_str().unwrap());
        let (theirs, ours) = (donor.get(&path).await, manager.get(&path).await);
        assert_eq!(
            (&theirs["people_hidden"], &ours["people_hidden"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(theirs["people"]["count"]["participants"], Value::Null);
        assert_eq!(theirs["statements"], json!([]));
        let flags = theirs["flags"].to_string();
        assert!(!flags.contains("person") && !flags.contains("people"), "{flags}");
        assert_eq!(theirs["sheets"][0]["people"], Value::Null);
        assert_eq!(theirs["materials"][0]["tenths_a_person"], Value::Null);
        assert_eq!(theirs["materials"][0]["given"], ours["materials"][0]["given"]);
        assert!(ours["people"]["count"]["participants"].is_number());
        assert_ne!(ours["statements"], json!([]));
    }
    let browser = month.program.browser_of("donor").await;
    let event = events["items"][0]["id"].as_str().unwrap();
    let page = browser.page(&format!("/events/{event}")).await;
    assert!(page.contains("To other organisations people are counted by province"), "{page}");
}

/// What the answer asks about, after making sure that it asks.
fn asked(answer: &TestResponse) -> Vec<Value> {
    assert_eq!(problem(answer), (409, "needs_confirmation".to_owned()), "{}", answer.text());
    answer.json::<Value>()["params"]["asks"].as_array().unwrap().clone()
}

#[tokio::test]
async fn editions_that_are_to_stop_are_asked_about_once_wherever_they_are_wanted() {
    let month = SmallMonth::new().await;
    let program = &month.program;
    let manager = program.script_of(&program.actor("manager").await).await;
    let worker = program.script_of(&month.worker).await;
    let leaflets = month.leaflets;
    manager.record("recall", json!({"material": leaflets, "mode": "stop_now"})).await;
    let question = json!({"question": "recalled", "material": leaflets, "successor": null});
    let printer = program.org(OrgKind::Printer, "Kabul Printing").await;
    let clerk = program.script_as(Role::Logistics).await;
    let admin = program.script_of(&program.actor("admin").await).await;
    let kind = worker.get("/event-types").await["items"][0]["id"].clone();
    let goods = json!([{"material": leaflets, "pieces": 10}]);
    let order = json!({"printer": printer, "material": leaflets, "ordered": 1000,
        "tolerance_permille": 20, "ordered_on": "2017-05-02", "due_on": "2017-05-20"});
    let plan = json!({"event_type": kind, "store": month.store, "organisation": month.relief,
        "place": "AF2101", "planned_on": "2017-06-29", "materials": goods});
    let kit = json!({"name": "Small kit", "lines": goods});
    let event = Uuid::now_v7();
    for (script, path, mut body) in [
        (&clerk, format!("/print-runs/{}", Uuid::now_v7()), order),
        (&worker, format!("/events/{event}"), plan),
        (&admin, format!("/kits/{}", Uuid::now_v7()), kit),
    ] {
        let answer = script.send(Method::PUT, &path, &body).await;
        assert_eq!(asked(&answer), std::slice::from_ref(&question), "{path}");
        body["confirmed"] = json!(true);
        let (status, first) = put(script, &path, &body).await;
        assert_eq!(status, 201, "{path}: {first}");
        body["confirmed"] = json!(false);
        assert_eq!(put(script, &path, &body).await.0, 200, "{path}: what it had stays");
    }
    let taken = json!({"event": event, "goods": {"materials": [[leaflets, 1_000_000]]}});
    let given = json!({"event": event, "rows": [{"material": leaflets, "brought": 10, "left": 0,
        "spoiled": 0, "participants": 10}]});
    let left = json!({"store": month.store, "place": "AF2101", "kind": "clinic",
        "goods": {"materials": [[leaflets, 3]]}});
    for (kind, body, others) in
        [("drop", left, 0), ("event_take", taken, 1), ("event_sheet", given, 0)]
    {
        let mut fact = record(Uuid::now_v7(), kind, body);
        let asks = asked(&worker.post("/records", &fact).await);
        assert!(asks.contains(&question), "{kind}: {asks:?}");
        let short = asks.iter().filter(|ask| ask["question"] == "shortage");
        assert_eq!(short.count(), others, "{kind}: all that is to be asked is asked at once");
        let posted = format!("/records/{}", fact["id"].as_str().unwrap());
        assert_eq!(worker.refusal(&posted).await.0, 404, "{kind}: nothing was posted");
        fact["confirmed"] = json!(true);
        let answer = worker.post("/records", &fact).await;
        assert_eq!(answer.status_code(), 201, "{kind}: {}", answer.text());
        fact["confirmed"] = json!(false);
        let again = worker.post("/records", &fact).await;
        assert_eq!(again.json::<Value>()["status"], "repeated", "{kind}");
    }
}
