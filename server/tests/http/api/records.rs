//! Records over the wire: once each, whatever becomes of the others.

use super::{Script, problem, record};
use crate::program::{PASSWORD, Program, name};
use domain::ids::{MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::reference::{OrgKind, ShortNumber, StoreKind};
use domain::role::{PlaceCode, Role, Scope};
use serde_json::{Value, json};
use stock::access::NewPerson;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use uuid::Uuid;

impl Program {
    pub async fn material(&self, title: &str, number: &str) -> MaterialId {
        let (id, admin) = (MaterialId::new(Uuid::now_v7()), self.actor("admin").await);
        let pieces = |count| Pieces::new(count).unwrap();
        let input = MaterialInput {
            kind: MaterialKind::Leaflet,
            title: name(title),
            language: PrintLanguage::Dari,
            edition: name("1"),
            outside_name: name("Printed paper"),
            short_number: ShortNumber::parse(number).unwrap(),
            packing: Packing::new(pieces(50), pieces(10)).unwrap(),
            carton_weight_g: None,
            carton_volume_cm3: None,
            contact_numbers: Vec::new(),
            superseded_by: None,
        };
        self.stock.writer(&admin).create_material(id, input).await.unwrap();
        id
    }

    pub async fn org(&self, kind: OrgKind, text: &str) -> OrgId {
        let (id, admin) = (OrgId::new(Uuid::now_v7()), self.actor("admin").await);
        let input = OrgInput { kind, name: name(text), short_name: name(text) };
        self.stock.writer(&admin).create_org(id, input).await.unwrap();
        id
    }

    pub async fn store(&self, org: OrgId, text: &str) -> StoreId {
        let (id, admin) = (StoreId::new(Uuid::now_v7()), self.actor("admin").await);
        let input = StoreInput {
            kind: StoreKind::Central,
            name: name(text),
            short_name: name(text),
            org,
            parent: None,
            place: PlaceCode::new("AF2101"),
            service_areas: Vec::new(),
        };
        self.stock.writer(&admin).create_store(id, input).await.unwrap();
        id
    }
}

/// A store in which 1,000 leaflets were counted before Tawzi.
async fn counted(program: &Program, script: &Script) -> (StoreId, MaterialId, Value) {
    let store = program.store(program.programme().await, "KBL").await;
    let material = program.material("Know the risks", "M1").await;
    let rows = json!([{"material": material, "cartons": {"cartons": 2, "each": 500}}]);
    let result = script.record("first_count", json!({"store": store, "rows": rows})).await;
    (store, material, result["batches"][0]["batch"].clone())
}

fn damaged(store: StoreId, batch: &Value, pieces: i64) -> Value {
    let lines = json!([{"batch": batch, "pieces": pieces}]);
    json!({"store": store, "what": "damaged", "reason": "wet", "lines": lines})
}

#[tokio::test]
async fn a_record_is_posted_once_however_often_it_is_sent() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let (store, _, batch) = counted(&program, &script).await;
    let id = Uuid::now_v7();
    let wet = record(id, "stock_change", damaged(store, &batch, 12));
    let first = script.post("/records", &wet).await;
    assert_eq!(
        (first.status_code().as_u16(), first.json::<Value>()["status"].clone()),
        (201, "accepted".into())
    );
    let again = script.post("/records", &wet).await;
    assert_eq!(
        (again.status_code().as_u16(), again.json::<Value>()["status"].clone()),
        (200, "repeated".into())
    );
    assert_eq!(again.json::<Value>()["result"], first.json::<Value>()["result"]);
    let other =
        script.post("/records", &record(id, "stock_change", damaged(store, &batch, 13))).await;
    assert_eq!(problem(&other), (409, "conflict".to_owned()));
    let sent = script.get(&format!("/records/{id}")).await;
    assert_eq!((&sent["outcome"], &sent["occurred_on"]), (&json!("posted"), &json!("2017-06-01")));
    assert_eq!(sent["body"]["lines"][0]["pieces"], 12);
}

#[tokio::test]
async fn a_list_gives_each_record_its_own_result_in_order() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let (store, _, batch) = counted(&program, &script).await;
    let [wet, short, typo, strange] = [(); 4].map(|()| Uuid::now_v7());
    let mut misspelt = damaged(store, &batch, 5);
    misspelt["lines"][0]["peices"] = json!(7);
    let list = json!([
        record(wet, "stock_change", damaged(store, &batch, 10)),
        record(short, "stock_change", damaged(store, &batch, 5_000)),
        record(typo, "stock_change", misspelt),
        record(strange, "no_such_kind", json!({})),
        record(wet, "stock_change", damaged(store, &batch, 10)),
        record(wet, "stock_change", damaged(store, &batch, 11)),
        {"kind": "drop"},
        7,
    ]);
    let answer = script.post("/records", &list).await;
    assert_eq!(answer.status_code(), 200);
    let answer: Value = answer.json();
    let results = answer["results"].as_array().unwrap();
    let told: Vec<(&str, &str)> = results
        .iter()
        .map(|one| (one["status"].as_str().unwrap(), one["problem"]["code"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(
        told,
        [
            ("accepted", ""),
            ("needs_confirmation", "needs_confirmation"),
            ("refused", "unknown_field"),
            ("refused", "unknown_kind"),
            ("repeated", ""),
            ("conflict", "conflict"),
            ("refused", "wrong_shape"),
            ("refused", "wrong_shape"),
        ]
    );
    assert_eq!(results[1]["id"], short.to_string());
    assert_eq!(results[1]["problem"]["params"]["asks"][0]["available"], 990);
    assert_eq!(results[2]["problem"]["params"]["field"], "lines[0].peices");
    assert_eq!(results[7]["id"], Value::Null);
}

#[tokio::test]
async fn a_fact_that_the_books_lack_is_asked_once_and_then_posted() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let (store, _, batch) = counted(&program, &script).await;
    let mut fact = record(Uuid::now_v7(), "stock_change", damaged(store, &batch, 1_500));
    let asked = script.post("/records", &fact).await;
    assert_eq!(problem(&asked), (409, "needs_confirmation".to_owned()));
    fact["confirmed"] = json!(true);
    assert_eq!(script.post("/records", &fact).await.status_code(), 201);
}

#[tokio::test]
async fn what_is_dated_wrongly_or_said_too_long_is_refused() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let (store, _, batch) = counted(&program, &script).await;
    let wet = record(Uuid::now_v7(), "stock_change", damaged(store, &batch, 1));
    let cases = [
        ("occurred_on", json!("2017-06-02"), "future"),
        ("occurred_on", json!("yesterday"), "wrong_time"),
        ("occurred_on", json!("1999-12-31"), "wrong_time"),
        ("occurred_on", json!("+12017-06-01"), "wrong_time"),
        ("device_time", json!("1970-01-01T00:00:00Z"), "wrong_time"),
        ("device_time", json!("2017-06-01 12:00"), "wrong_time"),
        ("sent_at", json!("noon"), "wrong_time"),
        ("note", json!("x".repeat(2_001)), "note_too_long"),
        ("schema", json!(2), "unknown_schema"),
        ("schema", json!("one"), "wrong_shape"),
        ("entry_method", json!("guessed"), "wrong_shape"),
        ("colour", json!("red"), "wrong_shape"),
    ];
    for (field, value, code) in cases {
        let mut wrong = wet.clone();
        wrong[field] = value.clone();
        let answer = script.post("/records", &wrong).await;
        assert_eq!(problem(&answer), (422, code.to_owned()), "{field} {value}");
    }
    for pieces in [json!(0), json!(-5), json!(1.5), json!("12"), json!(1_000_000_001), json!(1e30)]
    {
        let mut wrong = wet.clone();
        wrong["body"]["lines"][0]["pieces"] = pieces.clone();
        let answer = script.post("/records", &wrong).await;
        assert_eq!(problem(&answer), (422, "wrong_shape".to_owned()), "{pieces}");
    }
    assert_eq!(script.post("/records", &wet).await.status_code(), 201, "nothing was left behind");
}

#[tokio::test]
async fn a_fast_clock_is_corrected_and_a_device_counts_its_records() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let (store, _, batch) = counted(&program, &script).await;
    let id = Uuid::now_v7();
    let mut fast = record(id, "stock_change", damaged(store, &batch, 1));
    // The phone is a day ahead: it was made an hour before it was sent.
    fast["device_time"] = json!("2017-06-02T11:30:00+04:30");
    fast["sent_at"] = json!("2017-06-02T12:30:00+04:30");
    fast["device"] = json!({"id": Uuid::now_v7(), "sequence": 1});
    assert_eq!(script.post("/records", &fast).await.status_code(), 201);
    let sent = script.get(&format!("/records/{id}")).await;
    assert_eq!(sent["occurred_at"], "2017-06-01T11:30:00.000+04:30");
    fast["id"] = json!(Uuid::now_v7());
    let taken = script.post("/records", &fast).await;
    assert_eq!(problem(&taken), (409, "conflict".to_owned()));
}

#[tokio::test]
async fn only_the_holder_of_the_store_is_spoken_for() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let relief = program.org(OrgKind::Partner, "Relief").await;
    let other = program.org(OrgKind::Partner, "Other").await;
    let store = program.store(relief, "REL").await;
    let material = program.material("Know the risks", "M1").await;
    let rows = json!([{"material": material, "cartons": {"cartons": 2, "each": 500}}]);
    let counted = script.record("first_count", json!({"store": store, "rows": rows})).await;
    let batch = &counted["batches"][0]["batch"];
    for org in [json!(other), json!(program.programme().await), json!(Uuid::now_v7())] {
        let mut told = record(Uuid::now_v7(), "stock_change", damaged(store, batch, 1));
        told["on_behalf_of"] = org;
        let refused = script.post("/records", &told).await;
        assert_eq!(problem(&refused), (422, "wrong_organisation".to_owned()));
    }
    let id = Uuid::now_v7();
    let mut told = record(id, "stock_change", damaged(store, batch, 1));
    told["on_behalf_of"] = json!(relief);
    assert_eq!(script.post("/records", &told).await.status_code(), 201);

    // Somebody of theirs who may only look does not stand behind it; somebody who keeps it does.
    let confirms = async |role: Role| {
        let (login, scope) = (role.word(), Scope::Org(relief));
        let person =
            NewPerson { login: login.to_owned(), name: name(login), org: relief, role, scope };
        program.stock.add_person(person, PASSWORD).await.unwrap();
        let theirs = program.script_of(&program.actor(login).await).await;
        theirs.post("/records", &record(Uuid::now_v7(), "confirm", json!({"record": id}))).await
    };
    assert_eq!(problem(&confirms(Role::Viewer).await), (403, "not_allowed".to_owned()));
    assert_eq!(confirms(Role::Partner).await.status_code(), 201);
}

#[tokio::test]
async fn one_s_own_records_come_in_pages_and_nobody_else_s() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    let (store, _, batch) = counted(&program, &script).await;
    for pieces in 1..=5 {
        script.record("stock_change", damaged(store, &batch, pieces)).await;
        program.world.pass_minutes(1);
    }
    let mut seen = Vec::new();
    let mut path = "/records?kind=stock_change&limit=2".to_owned();
    loop {
        let page = script.get(&path).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|one| one["body"]["lines"][0]["pieces"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/records?kind=stock_change&limit=2&cursor={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let id = script.get("/records").await["items"][0]["id"].as_str().unwrap().to_owned();
    let manager = program.script_as(Role::Manager).await;
    assert_eq!(manager.get("/records").await["items"], json!([]));
    let refusal = manager.refusal(&format!("/records/{id}")).await;
    assert_eq!(refusal, (404, "not_found".to_owned()));
}

/// Whether the example of each kind is read: what it names does not exist, and that is all that is
/// wrong with it.
#[tokio::test]
async fn the_example_of_every_kind_is_a_record_of_that_kind() {
    let program = Program::new().await;
    let mut scripts = Vec::new();
    for role in Role::ALL {
        scripts.push(program.script_as(role).await);
    }
    let kinds = scripts[0].get("/record-kinds").await;
    let kinds = kinds.as_array().unwrap();
    assert_eq!(kinds.len(), server::api::KINDS.len());
    for kind in kinds {
        let name = kind["kind"].as_str().unwrap();
        let mut allowed = 0;
        for script in &scripts {
            let mut sent = record(Uuid::now_v7(), name, kind["example"].clone());
            sent["schema"] = kind["schema"].clone();
            let answer = script.post("/records", &sent).await;
            let (status, code) = problem(&answer);
            match status {
                403 => assert_eq!(code, "not_allowed", "{name}"),
                404 => allowed += 1,
                other => panic!("{name}: {other} {code} {}", answer.text()),
            }
        }
        assert!(allowed > 0, "no role may send {name}");
    }
}
