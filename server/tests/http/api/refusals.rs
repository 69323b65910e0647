//! Bad input: each mistake has its own stable code, and nothing of ours is told.

use super::{problem, record};
use crate::program::Program;
use axum::http::Method;
use domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn a_stranger_a_wrong_token_and_an_ended_one_get_nothing() {
    let program = Program::new().await;
    let stranger = program.script_without_token();
    let answer = stranger.ask(Method::GET, "/me").await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(problem(&answer), (401, "unauthenticated".to_owned()));
    // A wrong token never falls back to the session of the browser.
    let browser = program.browser_of("admin").await;
    for header in ["Bearer nonsense", "Bearer ", "Basic YTpi"] {
        let answer = browser.server.get("/api/v1/me").add_header("authorization", header).await;
        assert_eq!(problem(&answer), (401, "unauthenticated".to_owned()), "{header}");
    }
    let script = program.script_as(Role::Viewer).await;
    script.get("/me").await;
    program.world.pass_minutes(31 * 24 * 60);
    assert_eq!(script.refusal("/me").await, (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn a_signed_in_browser_may_ask_too_but_no_other_site_through_it() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    let me: Value = browser.get("/api/v1/me").await.json();
    assert_eq!((&me["role"], &me["may_write"]), (&json!("administrator"), &json!(true)));
    let forged = browser.server.post("/api/v1/records").json(&json!([]));
    let answer = forged.add_header("sec-fetch-site", "cross-site").await;
    assert_eq!(problem(&answer), (403, "other_site".to_owned()));
}

#[tokio::test]
async fn a_token_that_only_reads_writes_nothing() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let script = program.reading_script_of(&logan).await;
    assert_eq!(script.get("/me").await["may_write"], false);
    let answer = script.post("/records", &record(Uuid::now_v7(), "count", json!({}))).await;
    assert_eq!(problem(&answer), (403, "read_only_token".to_owned()));
}

#[tokio::test]
async fn every_broken_request_gets_the_code_of_its_mistake() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let script = program.script_of(&logan).await;
    let post = |media_type: &'static str, body: Vec<u8>| {
        let token = script.token.clone().unwrap();
        let request = script.server.post("/api/v1/records").authorization_bearer(token);
        request.bytes(body.into()).content_type(media_type)
    };
    let json = "application/json; charset=utf-8";
    let cases = [
        (json, b"{\"id\":".to_vec(), (400, "broken_json")),
        (json, b"not json".to_vec(), (400, "broken_json")),
        (json, b"".to_vec(), (400, "broken_json")),
        (json, b"{\"id\":\"\xff\xfe\"}".to_vec(), (400, "broken_utf8")),
        (json, b"{\"id\":1}".to_vec(), (422, "wrong_shape")),
        (json, b"[]".to_vec(), (422, "no_records")),
        (json, vec![b'['; 300], (400, "broken_json")),
        ("text/plain", b"{}".to_vec(), (415, "wrong_media_type")),
        ("application/x-www-form-urlencoded", b"a=b".to_vec(), (415, "wrong_media_type")),
        (json, vec![b' '; 50_000_000], (413, "too_large")),
    ];
    for (media_type, body, (status, code)) in cases {
        let size = body.len();
        let answer = post(media_type, body).await;
        assert_eq!(problem(&answer), (status, code.to_owned()), "{size} bytes {media_type}");
    }
    let many: Vec<Value> = vec![json!({}); 101];
    let answer = script.post("/records", &json!(many)).await;
    assert_eq!(problem(&answer), (422, "too_many_records".to_owned()));
}

#[tokio::test]
async fn what_the_api_does_not_have_answers_in_its_own_words() {
    let program = Program::new().await;
    let script = program.script_as(Role::Manager).await;
    assert_eq!(script.refusal("/nothing").await, (404, "unknown_route".to_owned()));
    assert_eq!(script.refusal("").await, (404, "unknown_route".to_owned()));
    assert_eq!(script.refusal("/records/not-an-id").await, (404, "not_found".to_owned()));
    let elsewhere = program.stranger().get("/api/v2/me").await;
    assert_eq!(problem(&elsewhere), (404, "unknown_route".to_owned()));
    let answer = script.ask(Method::DELETE, "/me").await;
    assert_eq!(problem(&answer), (405, "method_not_allowed".to_owned()));
    assert!(answer.header("allow").to_str().unwrap().contains("GET"));
}

#[tokio::test]
async fn cursors_and_limits_that_no_list_gave_out_are_refused() {
    let program = Program::new().await;
    let script = program.script_as(Role::Logistics).await;
    for cursor in ["x", "zz", "6162", "3132337c6e6f2d6964"] {
        let refusal = script.refusal(&format!("/records?cursor={cursor}")).await;
        assert_eq!(refusal, (400, "wrong_cursor".to_owned()), "{cursor}");
    }
    for query in ["limit=0", "limit=101", "limit=many", "outcome=lost"] {
        let refusal = script.refusal(&format!("/records?{query}")).await;
        assert_eq!(refusal, (400, "wrong_parameter".to_owned()), "{query}");
    }
}
