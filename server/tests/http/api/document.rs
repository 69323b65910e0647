//! The documentation is whole: every route says what it is, what it answers and how it refuses.

use super::problem;
use crate::program::Program;
use domain::role::Role;
use serde_json::Value;
use std::collections::BTreeSet;

const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

/// Every operation of the document with its method and path.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.push((method.to_owned(), path.clone(), operation.clone()));
            }
        }
    }
    operations
}

/// The schema itself, where it is named.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        None => schema,
        Some(name) => document.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null),
    }
}

/// Whether somebody who reads the schema sees an example of it, if only of its items.
fn shows_example(document: &Value, schema: &Value) -> bool {
    let schema = resolved(document, schema);
    let items = [&schema["items"], &schema["properties"]["items"]["items"]];
    let members = ["oneOf", "allOf"].iter().filter_map(|name| schema[*name].as_array()).flatten();
    schema.get("example").is_some()
        || schema["properties"]["results"].is_object()
        || items.iter().any(|items| items.is_object() && shows_example(document, items))
        || members.into_iter().any(|member| shows_example(document, member))
}

#[tokio::test]
async fn the_document_is_openapi_3_1_and_open_to_everybody() {
    let program = Program::new().await;
    let answer = program.stranger().get("/api/v1/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let document: Value = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let scheme = &document["components"]["securitySchemes"]["token"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&"http".into(), &"bearer".into()));
}

#[tokio::test]
async fn every_operation_has_a_name_a_summary_examples_and_its_refusals() {
    let program = Program::new().await;
    let document: Value = program.stranger().get("/api/v1/openapi.json").await.json();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name), "{at} has the operation id of another");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{at}");
        assert!(operation["tags"][0].is_string(), "{at}");
        if let Some(body) = operation.get("requestBody") {
            let schema = &body["content"]["application/json"]["schema"];
            assert!(shows_example(&document, schema), "{at} shows no body");
        }
        let responses = operation["responses"].as_object().unwrap();
        let fine: Vec<_> = responses.iter().filter(|(code, _)| code.starts_with('2')).collect();
        assert!(!fine.is_empty(), "{at}");
        for (code, response) in fine {
            let json = &response["content"]["application/json"];
            let other =
                response["content"].as_object().is_some_and(|all| all.contains_key("text/csv"));
            let shown = shows_example(&document, &json["schema"]) || json["example"].is_object();
            assert!(shown || other || code == "204", "{at} {code} shows no example");
        }
        for status in ["400", "401", "403", "404", "409", "422", "429", "500"] {
            let problem = &responses[status]["content"]["application/problem+json"];
            assert!(problem["example"]["code"].is_string(), "{at} {status}");
            assert_eq!(problem["schema"]["$ref"], "#/components/schemas/ProblemBody");
        }
    }
    assert!(names.len() > 4);
}

#[tokio::test]
async fn every_named_schema_is_in_the_document() {
    let program = Program::new().await;
    let text = program.stranger().get("/api/v1/openapi.json").await.text();
    let document: Value = serde_json::from_str(&text).unwrap();
    for rest in text.split("\"$ref\":\"#").skip(1) {
        let name = rest.split('"').next().unwrap();
        assert!(document.pointer(name).is_some(), "{name}");
    }
}

/// Every route of the API's own list, for a stranger and every role: nothing breaks, nothing is
/// open, and what does not exist is not found.
#[tokio::test]
async fn strangers_get_nothing_and_no_role_breaks_anything() {
    let program = Program::new().await;
    let document: Value = program.stranger().get("/api/v1/openapi.json").await.json();
    let stranger = program.script_without_token();
    let mut scripts = Vec::new();
    for role in Role::ALL {
        scripts.push((role, program.script_as(role).await));
    }
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let method = method.to_uppercase().parse().unwrap();
        let path = filled(path.trim_start_matches("/api/v1"));
        let is_open = operation["security"]
            .as_array()
            .is_some_and(|all| all.contains(&Value::Object(Default::default())));
        if !is_open {
            let answer = stranger.ask(axum::http::Method::clone(&method), &path).await;
            assert_eq!(problem(&answer), (401, "unauthenticated".to_owned()), "{at}");
        }
        for (role, script) in &scripts {
            let answer = script.ask(axum::http::Method::clone(&method), &path).await;
            let status = answer.status_code();
            assert!(!status.is_server_error(), "{role:?} {at}: {status} {}", answer.text());
            if status.is_client_error() {
                problem(&answer);
            }
            if path.contains("01890000") {
                assert!(status.is_client_error(), "{role:?} {at}: {status}");
            }
        }
    }
}

/// A path with something in the place of each parameter that does not exist.
fn filled(path: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') { "01890000-0000-7000-8000-000000000000" } else { part }.to_owned()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_documentation_can_be_browsed_without_anything_from_elsewhere() {
    let program = Program::new().await;
    let browser = program.stranger();
    let moved = browser.get("/api/v1/docs").await;
    assert_eq!(moved.header("location"), "/api/v1/docs/");
    let answer = browser.get("/api/v1/docs/").await;
    let policy = answer.header("content-security-policy").to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
    let page = answer.text();
    assert!(!page.contains("https://") && !page.contains("<script>"), "{page}");
    for part in page.split("src=\"./").skip(1).chain(page.split("href=\"./").skip(1)) {
        let name = part.split('"').next().unwrap();
        let answer = browser.get(&format!("/api/v1/docs/{name}")).await;
        assert_eq!(answer.status_code(), 200, "{name}");
    }
    let script = browser.get("/api/v1/docs/swagger-initializer.js").await.text();
    assert!(
        script.contains("/api/v1/openapi.json") && script.contains("\"validatorUrl\": \"none\"")
    );
    let missing = browser.get("/api/v1/docs/nothing.js").await;
    assert_eq!(problem(&missing), (404, "unknown_route".to_owned()));
}

#[tokio::test]
async fn the_list_of_problems_has_every_code_once() {
    let program = Program::new().await;
    let known: Vec<Value> = program.stranger().get("/api/v1/problems").await.json();
    let codes: BTreeSet<&str> = known.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), server::api::Code::ALL.len());
    for one in &known {
        let sentence = one["detail"].as_str().unwrap();
        assert!(sentence.ends_with('.') && !sentence.contains("  "), "{sentence}");
    }
}

/// What `docs/api.md` names in code is there: `/stores/{id}`, `…/chain` of a month.
#[tokio::test]
async fn every_address_that_the_guide_names_is_in_the_document() {
    let program = Program::new().await;
    let document: Value = program.stranger().get("/api/v1/openapi.json").await.json();
    let known: BTreeSet<String> =
        operations(&document).into_iter().map(|(_, path, _)| shape(&path)).collect();
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let mut named = 0;
    for word in guide.split('`').skip(1).step_by(2) {
        let path = word.trim_start_matches("GET ").trim_start_matches("PUT ");
        let path = path.trim_start_matches("POST ").replace('…', "/months/{month}");
        let path = path.split('?').next().unwrap();
        if !path.starts_with('/') || path.starts_with("/api/v1") || path == "/whereabouts" {
            continue;
        }
        assert!(known.contains(&shape(&format!("/api/v1{path}"))), "{word} is not in the API");
        named += 1;
    }
    assert!(named > 30, "{named} addresses");
}

/// A path whatever its parameters are called.
fn shape(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}" } else { part }.to_owned();
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
