//! A phone that is reported lost: who is thrown out, and what becomes of what comes from it.

use super::Village;
use super::letters::phone::Phone;
use crate::books::on_both;
use crate::others::asking::Books;
use crate::program::{Browser, PASSWORD, Program, location};
use axum::http::StatusCode;
use domain::ids::EventId;
use domain::role::{Role, Scope};
use serde_json::{Value, json};
use stock::access::{NewToken, Token};
use stock::records::SentFilter;

on_both!(
    reporting_it_ends_what_goes_on_there_and_nothing_else,
    what_comes_from_it_waits_and_counts_once_it_is_let_in,
    what_is_dropped_stays_dropped,
    its_author_and_strangers_decide_nothing,
    a_report_is_taken_back_and_what_was_held_stays_held,
    an_administrator_reports_it_for_its_owner,
    those_who_share_it_lose_it_together,
    what_somebody_said_before_he_left_is_held,
    what_somebody_might_say_when_it_happened_is_held,
    a_sheet_of_a_lost_phone_waits_in_words,
);

/// Signs in again where the session has ended: whoever knows the password may.
async fn back_in(browser: &Browser) {
    let answer = browser.post("/login", &[("login", "worker"), ("password", PASSWORD)]).await;
    assert_eq!(location(&answer), "/");
}

async fn report(browser: &Browser, phone: &Phone) -> String {
    let page = format!("/account/phones/{}", phone.id);
    assert!(browser.page(&page).await.contains("Report this phone as lost?"));
    browser.send(&format!("{page}/lost"), &[]).await
}

pub(super) async fn posts(browser: &Browser, record: &Value) -> Value {
    let answer = browser.server.post("/api/v1/records").json(&json!([record])).await;
    assert_eq!(answer.status_code(), StatusCode::OK, "{}", answer.text());
    answer.json::<Value>()["results"][0].clone()
}

async fn sends(browser: &Browser, file: &str) -> Value {
    let answer = browser.server.post("/api/v1/letters").json(&json!({"file": file})).await;
    assert_eq!(answer.status_code(), StatusCode::OK, "{}", answer.text());
    answer.json::<Value>()["results"][0].clone()
}

/// What is left of three cartons of 500.
async fn left(village: &Village) -> i64 {
    let reader = village.program.stock.reader(&village.actor);
    let left = reader.batches_in(village.store, None).await.unwrap();
    left.iter().map(|batch| batch.pieces).sum()
}

pub(super) async fn decide(browser: &Browser, id: &str, decision: &str) -> String {
    browser.send(&format!("/held/{id}/decide"), &[("decision", decision)]).await
}

pub(super) fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

async fn noted(village: &Village) -> Vec<String> {
    let noted = "SELECT action || ' ' || detail AS text FROM audit_log
        WHERE action IN ('phone_lost', 'phone_found', 'held_posted', 'held_dropped') ORDER BY id";
    Books::open(&village.program.database_url()).await.texts(noted).await
}

/// A phone of the worker that was reported lost from a desk, and on which he signed in again.
pub(super) async fn lost(village: &Village) -> (Phone, Browser) {
    let phone = Phone::of(&village.worker).await;
    let desk = village.program.browser_of("worker").await;
    report(&desk, &phone).await;
    back_in(&village.worker).await;
    (phone, desk)
}

async fn reporting_it_ends_what_goes_on_there_and_nothing_else(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let program = &village.program;
    let phone = Phone::of(&village.worker).await;
    let (desk, somewhere) =
        (program.browser_of("worker").await, program.browser_of("worker").await);
    let second = program.browser_of("worker").await;
    let other = Phone::of(&second).await;
    // A script on the lost phone, and one elsewhere.
    let writer = program.stock.writer(&village.actor);
    let wanted = || NewToken { name: "script".to_owned(), may_write: true, days: 30 };
    let (there, elsewhere) = (writer.make_token(wanted()).await, writer.make_token(wanted()).await);
    let (there, elsewhere) = (there.unwrap(), elsewhere.unwrap());
    let script = async |token: &Token| {
        let bearer = format!("Bearer {}", token.as_str());
        let path = format!("/api/v1/field?phone={}", phone.id);
        let stranger = program.stranger();
        stranger.server.get(&path).add_header("authorization", bearer).await.status_code()
    };
    assert_eq!(script(&there).await, StatusCode::OK);
    let account = desk.page("/account").await;
    assert!(account.contains("Last sync") && account.contains("Report as lost"), "{account}");

    let page = report(&desk, &phone).await;
    assert!(page.contains("This phone is reported lost"), "{page}");
    for list in ["/events?state=sheet_missing", "/consignments/in-transit", "/held"] {
        assert!(page.contains(&format!("href=\"{list}\"")), "{list}");
        desk.page(list).await;
    }
    assert!(desk.page("/account").await.contains("Reported lost"));
    assert_eq!(location(&village.worker.get("/account").await), "/login?next=%2Faccount");
    assert_eq!(village.worker.get("/api/v1/me").await.status_code(), StatusCode::UNAUTHORIZED);
    assert_eq!(location(&somewhere.get("/").await), "/login", "nobody knows where that one is");
    second.page("/").await;
    assert_eq!(script(&there).await, StatusCode::UNAUTHORIZED);
    assert_eq!(script(&elsewhere).await, StatusCode::OK);
    assert_eq!(noted(&village).await, [format!("phone_lost {}", village.actor.user)]);
    // Reported twice, it is reported once; another's is not there.
    desk.send(&format!("/account/phones/{}/lost", phone.id), &[]).await;
    assert_eq!(noted(&village).await.len(), 1);
    let strange = Phone::of(&village.other).await;
    for path in [strange.id, other.id].map(|id| format!("/account/phones/{id}")) {
        assert_eq!(village.manager.get(&path).await.status_code(), StatusCode::NOT_FOUND);
        let lost = village.manager.post(&format!("{path}/lost"), &[]).await;
        assert_eq!(lost.status_code(), StatusCode::NOT_FOUND);
    }
    second.page("/").await;
}

async fn what_comes_from_it_waits_and_counts_once_it_is_let_in(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    let before = phone.left(&village, now, 5);
    assert_eq!(posts(&village.worker, &before).await["status"], "accepted");
    let desk = village.program.browser_of("worker").await;
    report(&desk, &phone).await;
    back_in(&village.worker).await;
    let mut record = phone.left(&village, now, 10);
    record["note"] = json!("two boxes were wet");
    let held = posts(&village.worker, &record).await;
    assert_eq!((&held["status"], &held["held"]), (&json!("held"), &json!("phone_lost")), "{held}");
    // By itself it answers the same, and so does every repeat, by whomever.
    village.program.world.pass_minutes(60);
    let alone = village.worker.server.post("/api/v1/records").json(&record).await;
    assert_eq!(alone.status_code(), StatusCode::ACCEPTED);
    let file = phone.letter(village.actor.user, std::slice::from_ref(&record));
    let carried = sends(&village.other, &file).await;
    assert_eq!((&carried["status"], &carried["held"]), (&json!("held"), &json!("phone_lost")));
    let mut changed = record.clone();
    changed["body"]["places"] = json!(3);
    assert_eq!(posts(&village.worker, &changed).await["status"], "conflict");
    let twin = phone.left(&village, now, 1);
    let (one, other) = tokio::join!(posts(&village.worker, &twin), posts(&desk, &twin));
    assert_eq!((&one["held"], &other["held"]), (&held["held"], &held["held"]));
    decide(&village.manager, &id(&twin), "other").await;
    // What was in the books before stays there.
    assert_eq!(posts(&village.worker, &before).await["status"], "repeated");
    assert_eq!(left(&village).await, 1_495);

    let front = village.manager.page("/").await;
    assert!(front.contains("Decide about records that are held: 1"), "{front}");
    let list = village.manager.page("/held").await;
    for words in ["10 Know the risks (M1)", "Relief store REL", "The phone was reported lost"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let id = id(&record);
    let page = village.manager.page(&format!("/held/{id}")).await;
    assert!(page.contains("two boxes were wet") && page.contains("Does it count?"), "{page}");
    assert!(village.worker.page("/account").await.contains("1 of its records wait"));
    let missing = decide(&village.manager, &id, "").await;
    assert!(missing.contains("Choose what becomes of it"), "{missing}");

    village.program.world.pass_minutes(2 * 24 * 60);
    let page = decide(&village.manager, &id, "post").await;
    assert!(page.contains("Let in by manager"), "{page}");
    assert_eq!(left(&village).await, 1_485);
    let shown = village.manager.page(&format!("/records/{id}")).await;
    assert!(shown.contains("Let in by") && shown.contains("two boxes were wet"), "{shown}");
    let sent: Value = village.worker.get(&format!("/api/v1/records/{id}")).await.json();
    assert_eq!((&sent["occurred_on"], &sent["outcome"]), (&json!("2017-06-01"), &json!("posted")));
    assert!(sent["recorded_at"].as_str().unwrap().starts_with("2017-06-03"), "{sent}");
    // It counts once, whoever sends or decides again.
    assert_eq!(posts(&village.worker, &record).await["status"], "repeated");
    assert_eq!(sends(&village.other, &file).await["status"], "repeated");
    let again = decide(&village.manager, &id, "post").await;
    assert!(again.contains("Somebody has decided about this"), "{again}");
    assert_eq!(left(&village).await, 1_485);
    assert!(!village.manager.page("/").await.contains("that are held"));
    assert_eq!(noted(&village).await[1..], ["held_dropped other", "held_posted "]);
    village.adds_up().await;
}

async fn what_is_dropped_stays_dropped(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let (mut phone, _) = lost(&village).await;
    let record = phone.left(&village, now, 10);
    posts(&village.worker, &record).await;
    let page = decide(&village.manager, &id(&record), "on_paper").await;
    assert!(page.contains("Dropped by manager") && page.contains("entered from paper"), "{page}");
    let answer = posts(&village.worker, &record).await;
    assert_eq!(answer["status"], "refused", "{answer}");
    assert_eq!(answer["problem"]["code"], "held_dropped");
    assert_eq!(answer["problem"]["params"]["reason"], "on_paper", "{answer}");
    for decision in ["post", "not_so"] {
        let late = decide(&village.manager, &id(&record), decision).await;
        assert!(late.contains("Somebody has decided about this"), "{late}");
    }
    assert!(village.manager.page("/held").await.contains("Nothing is held"));
    assert_eq!(left(&village).await, 1_500);
    assert_eq!(noted(&village).await[1..], ["held_dropped on_paper"]);
    village.adds_up().await;
}

async fn its_author_and_strangers_decide_nothing(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let (mut phone, _) = lost(&village).await;
    let record = phone.left(&village, now, 10);
    posts(&village.worker, &record).await;
    let id = id(&record);
    let page = village.worker.page(&format!("/held/{id}")).await;
    assert!(page.contains("Another person of this organisation"), "{page}");
    assert!(!village.worker.page("/").await.contains("that are held"));
    let page = decide(&village.worker, &id, "post").await;
    assert!(page.contains("Another person of this organisation"), "{page}");
    // To another organisation there is no such thing.
    for path in [format!("/held/{id}"), "/held/01890000-0000-7000-8000-000000000000".to_owned()] {
        assert_eq!(village.other.get(&path).await.status_code(), StatusCode::NOT_FOUND);
        let posted = village.other.post(&format!("{path}/decide"), &[("decision", "post")]).await;
        assert_eq!(posted.status_code(), StatusCode::NOT_FOUND);
    }
    assert!(village.other.page("/held").await.contains("Nothing is held"));
    assert_eq!(left(&village).await, 1_500);
    // A colleague may.
    let relief = village.relief;
    let scope = Scope::Org(relief);
    let colleague = super::enter(&village.program, "colleague", relief, Role::Partner, scope).await;
    assert!(colleague.page("/").await.contains("Decide about records that are held: 1"));
    assert!(decide(&colleague, &id, "post").await.contains("Let in by colleague"));
    assert_eq!(left(&village).await, 1_490);
}

async fn a_report_is_taken_back_and_what_was_held_stays_held(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let (mut phone, desk) = lost(&village).await;
    let [first, second] = [10, 20].map(|pieces| phone.left(&village, now, pieces));
    posts(&village.worker, &first).await;
    let page = desk.send(&format!("/account/phones/{}/found", phone.id), &[]).await;
    assert!(page.contains("Report this phone as lost?"), "{page}");
    assert_eq!(posts(&village.worker, &second).await["status"], "accepted");
    let still = posts(&village.worker, &first).await;
    assert_eq!((&still["status"], &still["held"]), (&json!("held"), &json!("phone_lost")));
    assert_eq!(left(&village).await, 1_480);
    let [lost, found] = ["phone_lost", "phone_found"];
    let user = village.actor.user;
    assert_eq!(noted(&village).await, [lost, found].map(|action| format!("{action} {user}")));
}

async fn an_administrator_reports_it_for_its_owner(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let phone = Phone::of(&village.worker).await;
    let admin = village.program.browser_of("admin").await;
    let person = format!("/people/{}", village.actor.user);
    let path = format!("{person}/phones/{}", phone.id);
    assert!(admin.page(&person).await.contains(&path));
    assert!(admin.page(&path).await.contains("Report this phone as lost?"));
    assert_eq!(village.manager.get(&path).await.status_code(), StatusCode::NOT_FOUND);
    let lost = village.manager.post(&format!("{path}/lost"), &[]).await;
    assert_eq!(lost.status_code(), StatusCode::NOT_FOUND);
    village.worker.page("/").await;
    assert!(admin.send(&format!("{path}/lost"), &[]).await.contains("reported lost"));
    assert_eq!(location(&village.worker.get("/").await), "/login");
    assert!(admin.send(&format!("{path}/found"), &[]).await.contains("as lost?"));
}

async fn those_who_share_it_lose_it_together(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let (relief, scope) = (village.relief, Scope::Org(village.relief));
    let colleague = super::enter(&village.program, "colleague", relief, Role::Partner, scope).await;
    let mut phone = Phone::of(&village.worker).await;
    let path = format!("/api/v1/field?phone={}", phone.id);
    for browser in [&colleague, &village.other] {
        assert_eq!(browser.get(&path).await.status_code(), StatusCode::OK);
    }
    let desk = village.program.browser_of("worker").await;
    report(&desk, &phone).await;
    assert_eq!(colleague.get("/api/v1/me").await.status_code(), StatusCode::UNAUTHORIZED);
    village.other.page("/").await;
    assert!(!village.other.page("/account").await.contains("Reported lost"));
    let back = colleague.post("/login", &[("login", "colleague"), ("password", PASSWORD)]).await;
    assert_eq!(location(&back), "/");
    let record = phone.left(&village, now, 10);
    assert_eq!(posts(&colleague, &record).await["held"], "phone_lost");
    // Either of them says that it is found; what the colleague said is the other's to let in.
    colleague.send(&format!("/account/phones/{}/found", phone.id), &[]).await;
    assert!(!desk.page("/account").await.contains("Reported lost"));
    assert!(decide(&desk, &id(&record), "post").await.contains("Let in by worker"));
    assert_eq!(left(&village).await, 1_490);
}

async fn what_somebody_said_before_he_left_is_held(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    let [sent, record] = [5, 10].map(|pieces| phone.left(&village, now, pieces));
    posts(&village.worker, &sent).await;
    village.program.world.pass_minutes(60);
    let admin = village.program.actor("admin").await;
    let worker = village.actor.user;
    village.program.stock.writer(&admin).retire_person(worker).await.unwrap();
    let file = phone.letter(worker, &[record.clone(), sent]);
    let answer = village.other.server.post("/api/v1/letters").json(&json!({"file": file})).await;
    let results = answer.json::<Value>()["results"].clone();
    assert_eq!(results[0]["held"], "author_left", "{results}");
    assert_eq!(results[1]["status"], "repeated", "{results}");
    let id = id(&record);
    let page = village.manager.page(&format!("/held/{id}")).await;
    assert!(page.contains("The account is closed") && page.contains("Sent by"), "{page}");
    decide(&village.manager, &id, "post").await;
    assert_eq!(left(&village).await, 1_485);
    let shown = village.manager.page(&format!("/records/{id}")).await;
    assert!(shown.contains("Let in by") && shown.contains("Sent by"), "{shown}");
    assert_eq!(sends(&village.other, &file).await["status"], "repeated");
    village.adds_up().await;
}

async fn what_somebody_might_say_when_it_happened_is_held(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    let early = phone.left(&village, now, 10);
    village.program.world.pass_minutes(60);
    let admin = village.program.actor("admin").await;
    let (worker, relief) = (village.actor.user, village.relief);
    let writer = village.program.stock.writer(&admin);
    writer.change_rights(worker, relief, Role::Viewer, Scope::Org(relief)).await.unwrap();
    village.program.world.pass_minutes(60);
    let late = phone.left(&village, village.program.stock.world().now(), 20);
    let file = phone.letter(worker, &[early.clone(), late.clone()]);
    let answer = village.other.server.post("/api/v1/letters").json(&json!({"file": file})).await;
    let results = answer.json::<Value>()["results"].clone();
    assert_eq!(results[0]["held"], "rights_ended", "{results}");
    assert_eq!(results[1]["problem"]["code"], "not_allowed", "{results}");
    // By himself, with the same result.
    back_in(&village.worker).await;
    assert_eq!(posts(&village.worker, &early).await["held"], "rights_ended");
    assert_eq!(posts(&village.worker, &late).await["status"], "refused");
    decide(&village.manager, &id(&early), "post").await;
    assert_eq!(left(&village).await, 1_490);
    let filter = SentFilter { kind: Some("drop".to_owned()), ..SentFilter::default() };
    let sent = village.program.stock.reader(&village.actor).sent_records(&filter, 9).await.unwrap();
    assert_eq!(sent.len(), 1, "in the name of who said it");
    village.adds_up().await;
}

async fn a_sheet_of_a_lost_phone_waits_in_words(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let event: EventId = village.planned().await;
    let (phone, _) = lost(&village).await;
    let number = village.detail(event).await.event.number;
    let mut record = json!({
        "id": uuid::Uuid::now_v7(),
        "kind": "event_sheet",
        "device_time": "2017-06-01T12:30:00+04:30",
        "device": {"id": phone.id, "sequence": 1},
        "confirmed": true,
        "body": {"event": event, "rows": [
            {"material": village.leaflets, "brought": 300, "left": 0, "participants": 300}]},
    });
    // The phone's name may be left out: whoever came in on it is on it.
    back_in(&village.worker).await;
    phone.introduce(&village.worker).await;
    record.as_object_mut().unwrap().remove("device");
    let held = posts(&village.worker, &record).await;
    assert_eq!(held["held"], "phone_lost", "{held}");
    let list = village.manager.page("/held").await;
    assert!(list.contains(&number) && list.contains("300 Know the risks (M1)"), "{list}");
    record["kind"] = json!("fairy_tale");
    record["id"] = json!(uuid::Uuid::now_v7());
    assert_eq!(posts(&village.worker, &record).await["problem"]["code"], "unknown_kind");
    // The event was told from paper meanwhile: the sheet is posted as a second statement.
    village.told(event, 0).await;
    decide(&village.manager, record_id(&list), "post").await;
    let detail = village.detail(event).await;
    assert_eq!(detail.event.sheets_kept, 1, "a second sheet waits as it always does");
    village.adds_up().await;
}

fn record_id(list: &str) -> &str {
    crate::program::between(list, "href=\"/held/", "\"")
}
