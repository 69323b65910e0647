//! Reference data over the wire: put once, changed, retired, and hidden from other organisations.

use super::problem;
use crate::program::{PASSWORD, Program, name};
use axum::http::Method;
use domain::reference::OrgKind;
use domain::role::{Role, Scope};
use serde_json::{Value, json};
use stock::access::NewPerson;
use uuid::Uuid;

#[tokio::test]
async fn a_thing_is_put_changed_and_retired() {
    let program = Program::new().await;
    let script = program.script_as(Role::Manager).await;
    let path = format!("/materials/{}", Uuid::now_v7());
    let mut leaflet = json!({
        "kind": "leaflet", "title": "Know the risks", "language": "dari", "edition": "1",
        "outside_name": "Printed paper", "short_number": "M3", "pieces_per_bundle": 50,
        "bundles_per_carton": 10,
    });
    let put = |body: Value| {
        let (script, path) = (&script, &path);
        async move { script.send(Method::PUT, path, &body).await }
    };
    assert_eq!(put(leaflet.clone()).await.status_code(), 201);
    assert_eq!(put(leaflet.clone()).await.status_code(), 200);
    leaflet["edition"] = json!("2");
    assert_eq!(put(leaflet.clone()).await.json::<Value>()["edition"], "2");
    let retired = script
        .send(Method::PUT, &format!("{path}/standing"), &json!({"standing": "retired"}))
        .await;
    assert_eq!(retired.json::<Value>()["standing"], "retired");
    assert_eq!(script.get("/materials").await["items"][0]["standing"], "retired");
    let other = format!("/materials/{}", Uuid::now_v7());
    let taken = script.send(Method::PUT, &other, &leaflet).await;
    assert_eq!(problem(&taken), (422, "duplicate_edition".to_owned()));
    for (field, value) in [
        ("title", json!("")),
        ("title", json!("\u{202e}reversed")),
        ("kind", json!("poster")),
        ("short_number", json!("number three")),
        ("pieces_per_bundle", json!(0)),
    ] {
        let mut wrong = leaflet.clone();
        wrong[field] = value;
        let answer = put(wrong).await;
        assert_eq!(problem(&answer), (422, "wrong_shape".to_owned()), "{field}");
        assert_eq!(answer.json::<Value>()["params"]["field"], field);
    }
}

#[tokio::test]
async fn a_kit_is_issued_as_it_was_and_names_each_material_once() {
    let program = Program::new().await;
    let script = program.script_as(Role::Manager).await;
    let leaflet = program.material("Know the risks", "M1").await;
    let path = format!("/kits/{}", Uuid::now_v7());
    let line = json!({"material": leaflet, "pieces": 2500});
    let twice = json!({"name": "Event kit", "lines": [line, line]});
    let answer = script.send(Method::PUT, &path, &twice).await;
    assert_eq!(problem(&answer), (422, "material_twice".to_owned()));
    let kit = json!({"name": "Event kit", "lines": [line]});
    let answer = script.send(Method::PUT, &path, &kit).await;
    assert_eq!(answer.status_code(), 201);
    assert_eq!(script.get(&path).await["lines"][0]["pieces"], 2500);
}

#[tokio::test]
async fn a_partner_finds_its_own_and_cannot_tell_what_others_have() {
    let program = Program::new().await;
    let ours = program.org(OrgKind::Partner, "Fast Relief").await;
    let theirs = program.org(OrgKind::Partner, "Slow Aid").await;
    let own = program.store(ours, "North depot").await;
    let other = program.store(theirs, "South depot").await;
    let mut scripts = Vec::new();
    for role in [Role::Partner, Role::Manager] {
        let (login, scope) = (role.word().to_owned(), Scope::Org(ours));
        let person = NewPerson { name: name(&login), login, org: ours, role, scope };
        program.stock.add_person(person, PASSWORD).await.unwrap();
        scripts.push(program.script_of(&program.actor(role.word()).await).await);
    }
    for script in &scripts {
        script.get(&format!("/stores/{own}")).await;
        let stores = script.get("/stores").await;
        assert_eq!(stores["items"].as_array().unwrap().len(), 1);
        for path in [
            format!("/stores/{other}"),
            format!("/organisations/{theirs}"),
            format!("/stores/{}", Uuid::now_v7()),
        ] {
            assert_eq!(script.refusal(&path).await, (404, "not_found".to_owned()), "{path}");
        }
    }
    // Who may change stores cannot take over another's, nor learn that it is there.
    let taken_over = json!({"kind": "partner", "name": "Taken over", "short_name": "TO",
        "organisation": ours, "place": "AF2101"});
    let path = format!("/stores/{other}");
    let answer = scripts[1].send(Method::PUT, &path, &taken_over).await;
    assert_eq!(problem(&answer), (404, "not_found".to_owned()));
    let answer = scripts[0].send(Method::PUT, &path, &taken_over).await;
    assert_eq!(problem(&answer), (403, "not_allowed".to_owned()));
}

#[tokio::test]
async fn provinces_and_districts_come_in_pages() {
    let program = Program::new().await;
    let script = program.script_as(Role::Viewer).await;
    assert_eq!(script.get("/provinces").await["items"].as_array().unwrap().len(), 34);
    let first = script.get("/provinces?limit=20").await;
    let next = first["next"].as_str().unwrap();
    let second = script.get(&format!("/provinces?limit=20&cursor={next}")).await;
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (14, &Value::Null));
    let districts = script.get("/provinces/AF21/districts").await;
    assert!(districts["items"].as_array().unwrap().iter().any(|one| one["code"] == "AF2101"));
    assert_eq!(script.get("/places/AF2101").await["province"], "AF21");
    for path in ["/places/AF99", "/provinces/AF99/districts"] {
        assert_eq!(script.refusal(path).await, (404, "not_found".to_owned()));
    }
    let logan = program.script_as(Role::Logistics).await;
    let added = logan.post("/provinces/AF21/districts", &json!({"en": "New district"})).await;
    assert_eq!(
        (added.status_code().as_u16(), added.json::<Value>()["province"].clone()),
        (201, json!("AF21"))
    );
}
