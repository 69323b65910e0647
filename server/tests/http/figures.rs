//! What Prometheus reads.

use crate::api::record;
use crate::program::Program;
use axum_test::TestServer;
use domain::role::Role;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn requests_are_counted_by_pattern_without_ids_and_names() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let admin = program.browser_of("admin").await;
    admin.page(&format!("/people/{}", logan.user)).await;
    admin.get("/no/such/page").await;
    let script = program.script_of(&logan).await;
    let refused = json!({"kind": "x", "body": {}});
    assert_eq!(script.post("/records", &refused).await.status_code(), 422);
    let figures = TestServer::new(server::figures::router(program.stock.clone()));
    let answer = figures.get("/metrics").await;
    assert_eq!(answer.status_code(), 200);
    let text = answer.text();
    for line in [
        "tawzi_requests_total{route=\"/people/{id}\",method=\"GET\",status=\"2xx\"} ",
        "tawzi_requests_total{route=\"none\",method=\"GET\",status=\"4xx\"} ",
        "tawzi_requests_total{route=\"/api/v1/records\",method=\"POST\",status=\"4xx\"} ",
        "tawzi_request_seconds_bucket{le=\"30.0\",route=\"/people/{id}\",method=\"GET\"} ",
        "tawzi_commit_writes_count ",
        "tawzi_database_retries_total ",
        "tawzi_sealed_head ",
        "tawzi_living_sessions ",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(text.ends_with("# EOF\n"));
    for said in [logan.user.to_string().as_str(), "logan", "no/such", "127.0.0.1"] {
        assert!(!text.contains(said), "{said}");
    }
}

#[tokio::test]
async fn records_are_counted_by_kind_and_answer() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let script = program.script_of(&logan).await;
    let material = program.material("Know the risks", "M1").await;
    let store = program.store(program.programme().await, "Central store").await;
    let rows = json!([{"material": material, "cartons": null, "loose": 37}]);
    let sent = record(Uuid::now_v7(), "first_count", json!({"store": store, "rows": rows}));
    for status in [201, 200] {
        assert_eq!(script.post("/records", &sent).await.status_code(), status);
    }
    let figures = TestServer::new(server::figures::router(program.stock.clone()));
    let text = figures.get("/metrics").await.text();
    for answer in ["posted", "repeated"] {
        let line = format!("tawzi_records_total{{kind=\"first_count\",answer=\"{answer}\"}} ");
        assert!(text.contains(&line), "{line} in {text}");
    }
}

#[tokio::test]
async fn visitors_do_not_reach_the_figures() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    assert_eq!(admin.get("/metrics").await.status_code(), 404);
}
