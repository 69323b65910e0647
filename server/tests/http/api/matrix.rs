//! Every operation of the API's own list, on the books of June 2017, for every role and for
//! another organisation. An operation without a line here fails.

use super::schema::Schemas;
use super::{Script, document, problem};
use crate::books::on_both;
use crate::june::June;
use crate::program::browser_without_name;
use axum::http::Method;
use domain::reference::OrgKind;
use domain::role::{Actor, Permission, Role, Scope};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use stock::access::NewPerson;
use stock::reference::orgs::OrgInput;
use uuid::Uuid;

on_both!(
    every_read_answers_whom_it_should_in_its_own_shape,
    every_list_goes_on_where_its_page_ended,
    another_organisation_finds_nothing_of_others,
    every_write_asks_for_its_permission_and_refuses_wrong_bodies,
);

/// Who gets an answer; the others get what the variant says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// Everybody who is signed in, the partner about its own.
    Everybody,
    /// Not for a partner, to whom it does not exist.
    Programme,
    /// Only with the permission to see reports; the others may not.
    Reports,
    /// Only for the partner who recorded it.
    Author,
}

/// Documented path, what is asked on the demo's books, and for whom it is.
const READS: &[(&str, &str, For)] = &[
    ("/me", "/me", For::Everybody),
    ("/problems", "/problems", For::Everybody),
    ("/tasks", "/tasks", For::Everybody),
    ("/records", "/records", For::Everybody),
    ("/records/{id}", "/records/{record}", For::Author),
    ("/records/{id}/movements", "/records/{record}/movements", For::Everybody),
    ("/record-kinds", "/record-kinds", For::Everybody),
    ("/provinces", "/provinces", For::Everybody),
    ("/provinces/{code}/districts", "/provinces/AF21/districts", For::Everybody),
    ("/places/{code}", "/places/AF2101", For::Everybody),
    ("/organisations", "/organisations", For::Everybody),
    ("/organisations/{id}", "/organisations/{org}", For::Everybody),
    ("/stores", "/stores", For::Everybody),
    ("/stores/{id}", "/stores/{store}", For::Everybody),
    ("/materials", "/materials", For::Everybody),
    ("/materials/{id}", "/materials/{material}", For::Everybody),
    ("/kits", "/kits", For::Everybody),
    ("/kits/{id}", "/kits/{kit}", For::Everybody),
    ("/event-types", "/event-types", For::Everybody),
    ("/event-types/{id}", "/event-types/{type}", For::Everybody),
    ("/search", "/search?q=helmand", For::Everybody),
    ("/print-runs", "/print-runs", For::Everybody),
    ("/print-runs/{id}", "/print-runs/{run}", For::Programme),
    ("/receipts/{id}", "/receipts/{receipt}", For::Programme),
    ("/first-counts", "/first-counts", For::Everybody),
    ("/first-counts/{id}", "/first-counts/{first_count}", For::Everybody),
    ("/holdings", "/holdings?store={store}", For::Everybody),
    ("/stores/{id}/batches", "/stores/{store}/batches", For::Everybody),
    (
        "/stores/{store}/materials/{material}/card",
        "/stores/{store}/materials/{material}/card",
        For::Everybody,
    ),
    (
        "/stores/{store}/batches/{batch}/card",
        "/stores/{store}/batches/{batch}/card",
        For::Everybody,
    ),
    ("/batches/{id}", "/batches/{batch}", For::Everybody),
    ("/batches/{id}/whereabouts", "/batches/{batch}/whereabouts", For::Everybody),
    ("/batches/{id}/packs", "/batches/{batch}/packs", For::Everybody),
    ("/packs/{id}", "/packs/{pack}", For::Everybody),
    ("/codes/{code}", "/codes/{code}", For::Everybody),
    ("/counts", "/counts", For::Everybody),
    ("/counts/{id}", "/counts/{count}", For::Programme),
    ("/unexplained", "/unexplained", For::Everybody),
    ("/unexplained/{account}/{batch}", "/unexplained/{account}/{lacking}", For::Everybody),
    ("/recalls", "/recalls", For::Everybody),
    ("/recalls/{id}", "/recalls/{recall}", For::Everybody),
    ("/consignments", "/consignments?store={store}", For::Everybody),
    ("/consignments/in-transit", "/consignments/in-transit", For::Everybody),
    ("/consignments/papers", "/consignments/papers", For::Everybody),
    ("/consignments/{id}", "/consignments/{consignment}", For::Everybody),
    ("/consignments/{id}/waybill", "/consignments/{consignment}/waybill", For::Everybody),
    ("/events", "/events?month=2017-06", For::Everybody),
    ("/events/{id}", "/events/{event}", For::Everybody),
    ("/events/{id}/records", "/events/{event}/records", For::Everybody),
    ("/field", "/field", For::Everybody),
    ("/drops", "/drops", For::Everybody),
    ("/drops/{id}", "/drops/{drop}", For::Everybody),
    ("/months/{month}/statement", "/months/2017-06/statement", For::Reports),
    ("/months/{month}/chain", "/months/2017-06/chain", For::Reports),
    ("/months/{month}/on-hand", "/months/2017-06/on-hand", For::Reports),
    ("/months/{month}/bulletin", "/months/2017-06/bulletin", For::Reports),
    (
        "/months/{month}/figures/{figure}",
        "/months/2017-06/figures/given?store={store}",
        For::Reports,
    ),
    ("/months/{month}/given", "/months/2017-06/given?kind=leaflet", For::Reports),
    ("/months/{month}/reported", "/months/2017-06/reported", For::Everybody),
];

/// Whom an operation is for that needs no permission: nobody is refused.
const EVERYBODY: Option<Permission> = None;

/// What it takes to write; the body is the documented example.
const WRITES: &[(&str, &str, Option<Permission>)] = &[
    ("post", "/letters", EVERYBODY),
    ("put", "/phones/{id}", EVERYBODY),
    ("post", "/records", Some(Permission::RunEvents)),
    ("post", "/reported-figures", Some(Permission::Report)),
    ("post", "/provinces/{code}/districts", Some(Permission::EditReference)),
    ("put", "/organisations/{id}", Some(Permission::EditReference)),
    ("put", "/organisations/{id}/standing", Some(Permission::EditReference)),
    ("put", "/stores/{id}", Some(Permission::EditReference)),
    ("put", "/stores/{id}/standing", Some(Permission::EditReference)),
    ("put", "/materials/{id}", Some(Permission::EditReference)),
    ("put", "/materials/{id}/standing", Some(Permission::EditReference)),
    ("put", "/kits/{id}", Some(Permission::EditReference)),
    ("put", "/kits/{id}/standing", Some(Permission::EditReference)),
    ("put", "/event-types/{id}", Some(Permission::EditReference)),
    ("put", "/event-types/{id}/standing", Some(Permission::EditReference)),
    ("put", "/print-runs/{id}", Some(Permission::Receive)),
    ("put", "/consignments/{id}", Some(Permission::Dispatch)),
    ("post", "/consignments/{id}/lines", Some(Permission::Dispatch)),
    ("delete", "/consignments/{id}/lines/{line}", Some(Permission::Dispatch)),
    ("delete", "/consignments/{id}/driver", Some(Permission::Dispatch)),
    ("put", "/events/{id}", Some(Permission::RunEvents)),
    ("post", "/events/{id}/cancel", Some(Permission::RunEvents)),
];

/// The demo with a script for every role, the partner's included, and the ids of things that the
/// partner sees where there are such.
struct Demo {
    june: June,
    document: Value,
    scripts: Vec<(Role, Script)>,
    ids: BTreeMap<&'static str, String>,
}

impl Demo {
    async fn of(url: String) -> Self {
        let june = June::of(url).await;
        let mut scripts = Vec::new();
        for (role, login) in [
            (Role::Administrator, "admin"),
            (Role::Logistics, "logistics"),
            (Role::Manager, "manager"),
            (Role::Viewer, "viewer"),
            (Role::Partner, "partner"),
        ] {
            let actor = june.actor(login).await;
            scripts.push((role, Script::at(&june.stock, &actor).await));
        }
        assert_eq!(scripts.len(), Role::ALL.len());
        let document = browser_without_name(&june.stock).get("/api/v1/openapi.json").await.json();
        let mut demo = Self { june, document, scripts, ids: BTreeMap::new() };
        demo.find_ids().await;
        demo
    }

    fn script(&self, of: Role) -> &Script {
        self.scripts.iter().find_map(|(role, script)| (*role == of).then_some(script)).unwrap()
    }

    async fn find_ids(&mut self) {
        let wanted = [
            ("org", Role::Partner, "/organisations", "/items/0/id"),
            ("material", Role::Partner, "/materials", "/items/0/id"),
            ("kit", Role::Partner, "/kits", "/items/0/id"),
            ("type", Role::Partner, "/event-types", "/items/0/id"),
            ("recall", Role::Partner, "/recalls", "/items/0/record"),
            ("run", Role::Manager, "/print-runs", "/items/0/id"),
            ("complete", Role::Manager, "/print-runs?state=complete", "/items/0/id"),
            ("receipt", Role::Manager, "/print-runs/{complete}", "/receipts/0/record"),
            ("first_count", Role::Partner, "/first-counts", "/items/0/record"),
            ("count", Role::Manager, "/counts", "/items/0/record"),
            ("account", Role::Partner, "/unexplained", "/items/0/account"),
            ("lacking", Role::Partner, "/unexplained", "/items/0/batch"),
            ("consignment", Role::Partner, "/consignments?state=closed", "/items/0/id"),
            ("store", Role::Partner, "/holdings?material={material}", "/items/0/store"),
            ("batch", Role::Partner, "/stores/{store}/batches", "/items/0/batch"),
            ("pack", Role::Partner, "/batches/{batch}/packs", "/items/0/id"),
            ("code", Role::Partner, "/batches/{batch}/packs", "/items/0/code"),
            ("event", Role::Partner, "/events?state=held", "/items/0/id"),
            ("record", Role::Partner, "/records?kind=event_sheet", "/items/0/id"),
            ("drop", Role::Partner, "/drops", "/items/0/id"),
        ];
        for (name, role, path, pointer) in wanted {
            let answer = self.script(role).get(&self.filled(path)).await;
            let found = answer.pointer(pointer);
            let found = found.unwrap_or_else(|| panic!("no {name} in {path}: {answer}"));
            let id = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
            self.ids.insert(name, id);
        }
    }

    /// A path with the demo's ids in their places.
    fn filled(&self, path: &str) -> String {
        let replace =
            |path: String, (name, id): (&&str, &String)| path.replace(&format!("{{{name}}}"), id);
        let filled = self.ids.iter().fold(path.to_owned(), replace);
        assert!(!filled.contains('{'), "{filled}");
        filled
    }

    /// A member of an organisation with nothing of its own.
    async fn other_partner(&self) -> Actor {
        let (stock, admin) = (&self.june.stock, self.june.actor("admin").await);
        let id = stock.world().new_id().into();
        let name = crate::program::name("Slow Aid");
        let input = OrgInput { kind: OrgKind::Partner, name: name.clone(), short_name: name };
        stock.writer(&admin).create_org(id, input).await.unwrap();
        let (login, scope) = ("aid".to_owned(), Scope::Org(id));
        let name = crate::program::name("Somebody elsewhere");
        let person = NewPerson { login, name, org: id, role: Role::Partner, scope };
        stock.add_person(person, crate::program::PASSWORD).await.unwrap();
        self.june.actor("aid").await
    }
}

fn operations_of(document: &Value, method: &str) -> BTreeSet<String> {
    document::operations(document)
        .into_iter()
        .filter(|(found, _, _)| found == method)
        .map(|(_, path, _)| path.trim_start_matches("/api/v1").to_owned())
        .collect()
}

async fn every_read_answers_whom_it_should_in_its_own_shape(url: String) {
    let demo = Demo::of(url).await;
    let listed: BTreeSet<String> = READS.iter().map(|(path, _, _)| (*path).to_owned()).collect();
    assert_eq!(listed, operations_of(&demo.document, "get"), "the list of reads is not the API's");
    let schemas = Schemas::of(&demo.document);
    for (documented, asked, who) in READS {
        let path = demo.filled(asked);
        for (role, script) in &demo.scripts {
            let answer = script.ask(Method::GET, &path).await;
            let refused = match who {
                For::Everybody => None,
                For::Programme => (*role == Role::Partner).then_some((404, "not_found")),
                For::Author => (*role != Role::Partner).then_some((404, "not_found")),
                For::Reports if role.may(Permission::SeeReports) => None,
                For::Reports => Some((403, "not_allowed")),
            };
            match refused {
                None => {
                    assert_eq!(answer.status_code(), 200, "{role:?} {path}: {}", answer.text());
                    schemas.check_answer("get", documented, "200", &answer.json());
                }
                Some((status, code)) => {
                    assert_eq!(problem(&answer), (status, code.to_owned()), "{role:?} {path}");
                }
            }
        }
    }
    schemas.check_examples();
}

async fn every_list_goes_on_where_its_page_ended(url: String) {
    let demo = Demo::of(url).await;
    let script = demo.script(Role::Manager);
    let mut lists = 0;
    for (_, asked, who) in READS {
        if *who == For::Author {
            continue;
        }
        let path = demo.filled(asked);
        let whole = script.get(&path).await;
        let Some(items) = whole["items"].as_array().filter(|items| items.len() > 1) else {
            continue;
        };
        let sign = if path.contains('?') { '&' } else { '?' };
        let mut cursor = String::new();
        for (place, item) in items.iter().enumerate().take(4) {
            let page = script.get(&format!("{path}{sign}limit=1{cursor}")).await;
            assert_eq!(page["items"], json!([item]), "{path}, item {place}");
            let next = page["next"].as_str();
            assert_eq!(next.is_none(), place + 1 == items.len(), "{path}, item {place}");
            cursor = next.map(|next| format!("&cursor={next}")).unwrap_or_default();
        }
        lists += 1;
    }
    assert!(lists > 15, "{lists} lists are long enough");
}

/// What everybody sees, whoever's it is.
const OF_ALL: [&str; 4] = ["material", "kit", "type", "recall"];

async fn another_organisation_finds_nothing_of_others(url: String) {
    let demo = Demo::of(url).await;
    let script = Script::at(&demo.june.stock, &demo.other_partner().await).await;
    let hidden = |name: &&&str| !OF_ALL.contains(*name);
    for (_, asked, who) in READS {
        let names_hidden =
            demo.ids.keys().filter(hidden).any(|id| asked.contains(&format!("{{{id}}}")));
        let path = demo.filled(asked);
        let answer = script.ask(Method::GET, &path).await;
        match who {
            For::Reports => assert_eq!(problem(&answer).0, if names_hidden { 404 } else { 403 }),
            For::Everybody | For::Programme | For::Author if names_hidden => {
                assert_eq!(problem(&answer), (404, "not_found".to_owned()), "{path}");
            }
            For::Everybody | For::Programme | For::Author => {
                let text = answer.text();
                assert_eq!(answer.status_code(), 200, "{path}: {text}");
                for (name, id) in demo.ids.iter().filter(|(name, _)| hidden(name)) {
                    assert!(
                        id.len() < 8 || !text.contains(id),
                        "{path} tells of the {name}: {text}"
                    );
                }
            }
        }
    }
}

async fn every_write_asks_for_its_permission_and_refuses_wrong_bodies(url: String) {
    let demo = Demo::of(url).await;
    let listed: BTreeSet<(String, String)> =
        WRITES.iter().map(|(method, path, _)| ((*method).into(), (*path).into())).collect();
    let known = ["post", "put", "delete"].into_iter().flat_map(|method| {
        operations_of(&demo.document, method).into_iter().map(move |path| (method.into(), path))
    });
    assert_eq!(listed, known.collect(), "the list of writes is not the API's");
    let schemas = Schemas::of(&demo.document);
    for (method, path, permission) in WRITES {
        let body = schemas.example_body(method, path);
        let asked = path.replace("{code}", "AF21").replace("{line}", "1");
        let asked = asked.replace("{id}", &Uuid::now_v7().to_string());
        let verb: Method = method.to_uppercase().parse().unwrap();
        for (role, script) in &demo.scripts {
            let at = format!("{role:?} {method} {path}");
            let answer = match &body {
                Some(body) => script.send(verb.clone(), &asked, body).await,
                None => script.ask(verb.clone(), &asked).await,
            };
            let refused = answer.status_code() == 403;
            let may = permission.is_none_or(|permission| role.may(permission));
            assert_eq!(refused, !may, "{at}: {}", answer.text());
            if let Some(permission) = permission.filter(|_| refused) {
                assert_eq!(problem(&answer), (403, "not_allowed".to_owned()), "{at}");
                assert_eq!(answer.json::<Value>()["params"]["permission"], permission.word());
            }
            let Some(body) = &body else { continue };
            let wrong = script.send(verb.clone(), &asked, &Value::from(7)).await;
            assert_eq!(problem(&wrong), (422, "wrong_shape".to_owned()), "{at}");
            let mut misspelt = body.clone();
            misspelt["no_such_field"] = Value::from(1);
            let wrong = script.send(verb.clone(), &asked, &misspelt).await;
            assert_eq!(problem(&wrong), (422, "wrong_shape".to_owned()), "{at}");
        }
    }
    let report = demo.june.stock.verify(|_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}
