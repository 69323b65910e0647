use super::{Script, problem};
use crate::program::Program;
use axum::http::Method;
use axum_test::TestResponse;
use domain::role::Role;

async fn me(script: &Script) -> TestResponse {
    script.ask(Method::GET, "/me").await
}

#[tokio::test]
async fn a_script_that_never_pauses_waits_for_the_next_minute() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let maria = program.add_person("maria", Role::Manager).await;
    let (script, other) = (program.script_of(&logan).await, program.script_of(&maria).await);
    while program.stock.api_request(logan.user).await.is_ok() {}
    let refused = me(&script).await;
    assert_eq!(problem(&refused), (429, "too_many_requests".to_owned()));
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(refused.json::<serde_json::Value>()["params"]["retry_after_seconds"], 60);
    assert_eq!(me(&other).await.status_code(), 200);
    program.world.pass_minutes(1);
    assert_eq!(me(&script).await.status_code(), 200);
}

#[tokio::test]
async fn tokens_are_not_guessed() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let script = program.script_of(&logan).await;
    let stranger = Script { token: Some("0".repeat(64)), ..program.script_of(&logan).await };
    for _ in 0..600 {
        assert_eq!(problem(&me(&stranger).await), (401, "unauthenticated".to_owned()));
    }
    let refused = me(&stranger).await;
    assert_eq!(problem(&refused), (429, "too_many_requests".to_owned()));
    assert_eq!(refused.header("retry-after"), "900");
    assert_eq!(me(&script).await.status_code(), 200);
}
