//! Links that open one event or one consignment on a phone without an account.

use crate::books::on_both;
use crate::consignments::Road;
use crate::events::Village;
use crate::events::letters::phone::Phone;
use crate::program::{Browser, Program, between, location};
use app::routes::{self, Kind};
use axum::http::StatusCode;
use domain::role::{Role, Scope};
use serde_json::{Value, json};
use uuid::Uuid;

on_both!(
    a_link_opens_one_event_and_says_whose_word_it_is,
    a_link_opens_one_consignment_to_be_counted,
    a_link_does_nothing_but_its_job,
    a_link_ends_with_the_phone_that_is_lost,
);

/// Somebody makes a link on this page, for a week; where it leads.
async fn link(browser: &Browser, page: &str) -> String {
    let made = browser.post(&format!("{page}/links"), &[("days", "7")]).await;
    assert_eq!(made.status_code(), StatusCode::OK, "{}", made.text());
    let text = made.text();
    assert!(text.contains("<svg"), "a square to point the camera at");
    format!("/l/{}", between(&text, "https://stock.example.org/l/", "<"))
}

/// A phone of somebody without an account on which the link was opened.
async fn opened(program: &Program, link: &str) -> Browser {
    let phone = program.stranger();
    // As the camera reads it.
    let square = link.to_ascii_uppercase();
    assert!(phone.page(&square).await.contains(&format!("action=\"{link}\"")));
    assert!(phone.page(link).await.contains("Open this page once where there is a network."));
    assert_eq!(phone.get("/api/v1/field").await.status_code(), 401, "looking opens nothing");
    assert_eq!(location(&phone.post(link, &[]).await), "/field");
    phone
}

fn record(kind: &str, body: &Value) -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": kind, "schema": 1,
        "device_time": "2017-06-01T12:00:00+04:30", "entry_method": "typed", "confirmed": true,
        "device": {"id": Uuid::now_v7(), "sequence": 1}, "body": body,
    })
}

async fn post(phone: &Browser, record: &Value) -> Value {
    let answer = phone.server.post("/api/v1/records").json(&json!([record])).await;
    assert_eq!(answer.status_code(), StatusCode::OK, "{}", answer.text());
    answer.json::<Value>()["results"][0].clone()
}

fn sheet(village: &Village, event: &impl serde::Serialize, brought: i64) -> Value {
    let row = json!({"material": village.leaflets, "brought": brought, "left": 100,
        "participants": brought - 100});
    record("event_sheet", &json!({"event": event, "rows": [row], "codes": [], "attendance": null}))
}

async fn logistics(village: &Village) -> Browser {
    village.program.add_person("logistics", Role::Logistics).await;
    village.program.browser_of("logistics").await
}

async fn a_link_opens_one_event_and_says_whose_word_it_is(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let (event, other) = (village.planned().await, village.planned().await);
    let desk = logistics(&village).await;
    let page = format!("/events/{event}");
    assert!(desk.page(&page).await.contains("Link for a phone"));
    let link = link(&desk, &page).await;
    assert!(desk.page(&format!("{page}/links")).await.contains("never"));
    let phone = opened(&village.program, &link).await;
    let known: Value = phone.get("/api/v1/field").await.json();
    assert_eq!(known["by_link"], true);
    assert_eq!((&known["name"], &known["signed_in_at"]), (&json!(""), &Value::Null));
    let events = known["events"]["items"].as_array().unwrap();
    assert_eq!(events.len(), 1, "{known}");
    assert_eq!(events[0]["id"], json!(event));
    for part in ["stores", "packs", "consignments", "places"] {
        assert_eq!(known[part]["items"], json!([]), "{part}");
    }
    let said = sheet(&village, &event, 500);
    assert_eq!(post(&phone, &said).await["status"], "accepted");
    assert_eq!(post(&phone, &said).await["status"], "repeated");
    let refused = post(&phone, &sheet(&village, &other, 500)).await;
    assert_eq!(refused["problem"]["code"], "not_found");

    let words = "by link of logistics";
    assert!(desk.page(&page).await.contains(words), "where the event tells what was said");
    let id = said["id"].as_str().unwrap();
    assert!(desk.page(&format!("/records/{id}")).await.contains(words));
    assert!(desk.page("/records").await.contains(words));
    // To another organisation its maker is no name.
    let theirs = village.worker.page(&page).await;
    assert!(theirs.contains("by link") && !theirs.contains(words));
    assert!(!desk.page(&format!("{page}/links")).await.contains("never"));
    village.adds_up().await;
}

async fn a_link_opens_one_consignment_to_be_counted(url: String) {
    let road = Road::of(Program::on(url).await).await;
    let page = road.sent().await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    let link = link(&road.sender, &page).await;
    let phone = opened(&road.program, &link).await;
    let known: Value = phone.get("/api/v1/field").await.json();
    let coming = known["consignments"]["items"].as_array().unwrap();
    assert_eq!((coming.len(), &coming[0]["id"]), (1, &json!(id)), "{known}");
    assert_eq!(known["stores"]["items"], json!([]));
    assert_eq!(known["events"]["items"], json!([]));
    let line = json!({"batch": road.batch, "packs": [], "full_cartons": 0, "good": 1_700,
        "damaged": 0, "damage": null});
    let body = json!({"consignment": id, "lines": [line], "rest": "nothing_more"});
    let said = record("delivery", &body);
    let told = post(&phone, &said).await;
    assert_eq!(told["status"], "accepted", "{told}");
    assert!(road.receiver.page(&page).await.contains("by link of"));
    // It is told: the phone has nothing to do any more.
    let known: Value = phone.get("/api/v1/field").await.json();
    assert_eq!(known["consignments"]["items"], json!([]));
    let report = road.program.stock.verify(|_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

async fn a_link_does_nothing_but_its_job(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let event = village.planned().await;
    let desk = logistics(&village).await;
    let link = link(&desk, &format!("/events/{event}")).await;
    let phone = opened(&village.program, &link).await;
    // Pages for the desk are not there.
    for route in routes::all().iter().filter(|route| route.need != routes::Need::Public) {
        let path = route.path.replace("{id}", &event.to_string());
        if path.contains('{') || route.path.starts_with("/attachments") {
            continue;
        }
        let answer = match route.kind {
            Kind::Page(_) | Kind::File(_) => phone.get(&path).await,
            Kind::Action { .. } => phone.post(&path, &[]).await,
        };
        assert_eq!(answer.status_code(), StatusCode::NOT_FOUND, "{path}");
    }
    // A label says to it what it says to strangers.
    let label = format!("/b/{}", village.batch.code);
    let main = |page: String| between(&page, "<main", "</main>").to_owned();
    let seen = main(phone.page(&label).await);
    assert_eq!(seen, main(village.program.stranger().page(&label).await));
    assert_ne!(seen, main(village.worker.page(&label).await));
    // Nor is anything of the API but what a phone needs.
    let document: Value = village.worker.get("/api/v1/openapi.json").await.json();
    let mut closed = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let asked = path.replace("{id}", &event.to_string());
        // What a phone needs, and the list of problems, which is the same for everybody.
        let open = ["/field", "/me", "/records", "/records/{id}", "/problems"];
        let open = open.map(|path| format!("/api/v1{path}"));
        if operations.get("get").is_none() || open.contains(path) {
            continue;
        }
        let asked = asked.replace(['{', '}'], "");
        assert_eq!(phone.get(&asked).await.status_code(), StatusCode::NOT_FOUND, "{path}");
        closed += 1;
    }
    assert!(closed > 40, "{closed}");
    // Of all that can be said, only what happened at the event is taken.
    let kinds: Value = village.worker.get("/api/v1/record-kinds").await.json();
    let before = village.detail(event).await.event;
    for kind in kinds.as_array().unwrap() {
        let (name, mut body) = (kind["kind"].as_str().unwrap(), kind["example"].clone());
        if ["event_sheet", "attendance", "event_bring_back"].contains(&name) {
            continue;
        }
        for (field, value) in [("event", json!(event)), ("store", json!(village.store))] {
            if body.get(field).is_some() {
                body[field] = value;
            }
        }
        let told = post(&phone, &record(name, &body)).await;
        assert_eq!(told["status"], "refused", "{name}: {told}");
    }
    let plan = json!({"event_type": village.kind, "store": village.store,
        "organisation": village.relief, "place": "AF2101", "planned_on": "2017-06-20"});
    for path in [format!("/api/v1/events/{event}"), format!("/api/v1/events/{}", Uuid::now_v7())] {
        let answer = phone.server.put(&path).json(&plan).await;
        assert_eq!(answer.status_code(), StatusCode::NOT_FOUND, "{}", answer.text());
    }
    let gone = phone.server.post(&format!("/api/v1/events/{event}/cancel")).await;
    assert_eq!(gone.status_code(), StatusCode::NOT_FOUND, "{}", gone.text());
    assert_eq!(village.detail(event).await.event, before);
    village.adds_up().await;
}

#[tokio::test]
async fn a_link_that_was_ended_or_is_over_opens_nothing() {
    let village = Village::build().await;
    let event = village.planned().await;
    let desk = logistics(&village).await;
    let page = format!("/events/{event}");
    let first = link(&desk, &page).await;
    village.program.world.pass_minutes(1);
    let second = link(&desk, &page).await;
    let ended = opened(&village.program, &first).await;
    let over = opened(&village.program, &second).await;
    let list = desk.page(&format!("{page}/links")).await;
    // The oldest stands last.
    let last = list.rsplit("/links/").find(|rest| rest.contains("/end")).unwrap();
    let id = last.split('/').next().unwrap();
    let back = location(&desk.post(&format!("/links/{id}/end"), &[]).await);
    assert_eq!(back, format!("{page}/links"));
    assert_eq!(ended.get("/api/v1/field").await.status_code(), StatusCode::UNAUTHORIZED);
    assert_eq!(over.get("/api/v1/field").await.status_code(), StatusCode::OK);
    let gone = village.program.stranger().get(&first).await;
    assert_eq!(gone.status_code(), StatusCode::NOT_FOUND);
    assert!(gone.text().contains("This link is over"));
    assert_eq!(location(&village.program.stranger().post(&first, &[]).await), first);
    village.program.world.pass_minutes(7 * 24 * 60);
    assert_eq!(over.get("/api/v1/field").await.status_code(), StatusCode::UNAUTHORIZED);
    let refused = over.server.post("/api/v1/records").json(&sheet(&village, &event, 500)).await;
    assert_eq!(refused.status_code(), StatusCode::UNAUTHORIZED);
    assert_eq!(village.program.stranger().get(&second).await.status_code(), 404);
}

#[tokio::test]
async fn only_logistics_and_managers_make_links_and_only_for_what_they_see() {
    let village = Village::build().await;
    let event = village.planned().await;
    let page = format!("/events/{event}/links");
    for browser in [&village.worker, &village.other] {
        assert_eq!(browser.get(&page).await.status_code(), StatusCode::NOT_FOUND);
        assert_eq!(browser.post(&page, &[("days", "7")]).await.status_code(), 404);
    }
    let far = crate::consignments::enter(
        &village.program,
        "far",
        village.program.programme().await,
        Role::Logistics,
        Scope::Place(domain::role::PlaceCode::new("AF01")),
    );
    let far = far.await;
    assert_eq!(far.get(&page).await.status_code(), StatusCode::NOT_FOUND);
    assert_eq!(far.post(&page, &[("days", "7")]).await.status_code(), StatusCode::NOT_FOUND);
    // Days that are none, in words; nothing else is asked for.
    for days in ["0", "31", "a week", ""] {
        let there = location(&village.manager.post(&page, &[("days", days)]).await);
        assert!(village.manager.page(&there).await.contains("A link lives 1 to 30 days."));
    }
    let made = link(&village.manager, &format!("/events/{event}")).await;
    // Its secret is nowhere in the books.
    let url = village.program.database_url();
    let file = std::fs::read(url.strip_prefix("sqlite:").unwrap()).unwrap();
    let secret = made.strip_prefix("/l/").unwrap().as_bytes();
    assert!(!file.windows(secret.len()).any(|window| window == secret));
    let list = village.manager.page(&page).await;
    let id = between(&list, "/links/", "/end").to_owned();
    let end = format!("/links/{id}/end");
    for browser in [&village.worker, &far] {
        assert_eq!(browser.post(&end, &[]).await.status_code(), StatusCode::NOT_FOUND);
    }
    assert_eq!(opened(&village.program, &made).await.get("/api/v1/me").await.status_code(), 200);
}

async fn a_link_ends_with_the_phone_that_is_lost(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let event = village.planned().await;
    let desk = logistics(&village).await;
    let page = format!("/events/{event}");
    let lost = Phone::of(&village.worker).await;
    let on = async |link: &str, phone: Uuid| {
        let browser = opened(&village.program, link).await;
        let field = format!("/api/v1/field?phone={phone}");
        assert_eq!(browser.get(&field).await.status_code(), StatusCode::OK);
        browser
    };
    let (first, second) = (link(&desk, &page).await, link(&desk, &page).await);
    let there = on(&first, lost.id).await;
    let elsewhere = on(&second, Uuid::now_v7()).await;
    // A colleague's phone with the same paper.
    let colleague = on(&first, Uuid::now_v7()).await;
    // Whoever has a link can name phones without end: then nobody knows where it was not opened.
    let third = link(&desk, &page).await;
    let everywhere = on(&third, Uuid::now_v7()).await;
    for _ in 0..50 {
        let field = format!("/api/v1/field?phone={}", Uuid::now_v7());
        assert_eq!(everywhere.get(&field).await.status_code(), StatusCode::OK);
    }
    let reporter = village.program.browser_of("worker").await;
    reporter.send(&format!("/account/phones/{}/lost", lost.id), &[]).await;
    for over in [&there, &colleague, &everywhere] {
        assert_eq!(over.get("/api/v1/field").await.status_code(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(elsewhere.get("/api/v1/field").await.status_code(), StatusCode::OK);
    let closed = village.program.stranger().get(&first).await;
    assert_eq!(closed.status_code(), StatusCode::NOT_FOUND, "whoever has the paper finds nothing");
}
