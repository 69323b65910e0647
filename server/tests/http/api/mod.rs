//! `/api/v1` as other programs see it: with a token and JSON.

mod document;
mod doors;
mod matrix;
mod records;
mod reference;
mod refusals;
mod schema;
mod writes;

use crate::program::{Program, browser_without_name};
use axum::http::Method;
use axum_test::{TestResponse, TestServer};
use domain::role::{Actor, Role};
use serde_json::{Value, json};
use stock::Stock;
use stock::access::{NewToken, Token};
use uuid::Uuid;

/// A program elsewhere that speaks for somebody.
pub struct Script {
    server: TestServer,
    token: Option<String>,
}

impl Program {
    /// A script with a token that reads and writes.
    pub async fn script_of(&self, actor: &Actor) -> Script {
        self.script(actor, true).await
    }

    async fn script(&self, actor: &Actor, may_write: bool) -> Script {
        let wanted = NewToken { name: "Script".to_owned(), may_write, days: 30 };
        let token: Token = self.stock.writer(actor).make_token(wanted).await.unwrap();
        Script { server: self.stranger().server, token: Some(token.as_str().to_owned()) }
    }

    /// A script with a token that only reads.
    pub async fn reading_script_of(&self, actor: &Actor) -> Script {
        self.script(actor, false).await
    }

    pub fn script_without_token(&self) -> Script {
        Script { server: self.stranger().server, token: None }
    }

    /// A person of a role with a script.
    pub async fn script_as(&self, role: Role) -> Script {
        let actor = self.add_person(role.word(), role).await;
        self.script_of(&actor).await
    }
}

impl Script {
    /// A script that reads and writes these books for somebody.
    pub async fn at(stock: &Stock, actor: &Actor) -> Self {
        let wanted = NewToken { name: "Script".to_owned(), may_write: true, days: 30 };
        let token: Token = stock.writer(actor).make_token(wanted).await.unwrap();
        Self { server: browser_without_name(stock).server, token: Some(token.as_str().to_owned()) }
    }

    pub async fn ask(&self, method: Method, path: &str) -> TestResponse {
        let request = self.server.method(method, &format!("/api/v1{path}"));
        match &self.token {
            Some(token) => request.authorization_bearer(token).await,
            None => request.await,
        }
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> TestResponse {
        let request = self.server.method(method, &format!("/api/v1{path}")).json(body);
        match &self.token {
            Some(token) => request.authorization_bearer(token).await,
            None => request.await,
        }
    }

    /// Reads what must be there.
    pub async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path).await;
        assert_eq!(answer.status_code(), 200, "GET {path}: {}", answer.text());
        answer.json()
    }

    /// The status and code of a refusal.
    pub async fn refusal(&self, path: &str) -> (u16, String) {
        problem(&self.ask(Method::GET, path).await)
    }

    pub async fn post(&self, path: &str, body: &Value) -> TestResponse {
        self.send(Method::POST, path, body).await
    }

    /// Posts a record that must end up in the books; what it did.
    pub async fn record(&self, kind: &str, body: Value) -> Value {
        let answer = self.post("/records", &record(Uuid::now_v7(), kind, body)).await;
        assert_eq!(answer.status_code(), 201, "{kind}: {}", answer.text());
        answer.json::<Value>()["result"].clone()
    }
}

/// A record typed at noon of 2017-06-01, the day of the test's clock.
pub fn record(id: Uuid, kind: &str, body: Value) -> Value {
    json!({
        "id": id, "kind": kind, "schema": 1, "device_time": "2017-06-01T12:00:00+04:30",
        "entry_method": "typed", "body": body,
    })
}

/// The status and code of an answer that must be a problem.
pub fn problem(answer: &TestResponse) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
    let body: Value = answer.json();
    assert_eq!(body["status"], answer.status_code().as_u16());
    let whole = ["type", "title", "detail"].iter().all(|name| body[*name].is_string());
    assert!(whole && body["params"].is_object(), "{body}");
    (answer.status_code().as_u16(), body["code"].as_str().unwrap().to_owned())
}
