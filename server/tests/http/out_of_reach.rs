//! The database goes away, or somebody else holds it: whoever asks is told to try again, loses
//! nothing typed, and what is sent twice counts once.

use crate::program::{Browser, PASSWORD, Program, browser_at, name};
use axum_test::TestResponse;
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use stock::Stock;
use stock::access::SetUp;
use stock::world::SystemWorld;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

/// The line between the program and its database, which can be cut.
struct Line {
    address: SocketAddr,
    holds: watch::Sender<bool>,
}

impl Line {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (holds, watched) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut watched, server) = (watched.clone(), server.clone());
                tokio::spawn(async move {
                    if !*watched.borrow() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = watched.wait_for(|holds| !holds) => {}
                    }
                });
            }
        });
        Self { address, holds }
    }

    fn cut(&self) {
        self.holds.send(false).unwrap();
    }

    fn mend(&self) {
        self.holds.send(true).unwrap();
    }
}

/// The address and the port in `postgres://user@host:port/name`.
fn server(url: &str) -> &str {
    let (_, rest) = url.split_once('@').unwrap();
    rest.split('/').next().unwrap()
}

/// Fills the form of an invitation in.
struct Invitation {
    record: String,
    org: String,
}

impl Invitation {
    async fn to_nadia(stock: &Stock) -> Self {
        let org = stock.actor_of("admin").await.unwrap().unwrap().org.to_string();
        Self { record: Uuid::now_v7().to_string(), org }
    }

    async fn send(&self, browser: &Browser) -> TestResponse {
        let fields = [
            ("record", self.record.as_str()),
            ("name", "Nadia Noori"),
            ("org", &self.org),
            ("role", "logistics"),
            ("scope", "everything"),
        ];
        browser.post("/people/invite", &fields).await
    }
}

async fn set_up(stock: &Stock) -> Browser {
    let wanted = SetUp {
        programme: name("Programme"),
        login: "admin".to_owned(),
        name: name("Ada Administrator"),
        password: PASSWORD.to_owned(),
    };
    stock.set_up(wanted).await.unwrap();
    browser_at(stock, "admin", PASSWORD).await
}

fn asked_to_wait(answer: &TestResponse) -> String {
    assert_eq!(answer.status_code(), 503);
    assert_eq!(answer.header("retry-after"), "5");
    answer.text()
}

mod postgres {
    #[test]
    fn while_the_primary_is_gone_nothing_hangs_and_nothing_typed_is_lost() {
        crate::books::tell(crate::books::On::Postgres, super::without_primary);
    }

    #[test]
    fn with_a_standby_reading_goes_on() {
        crate::books::tell(crate::books::On::Postgres, super::with_standby);
    }
}

async fn without_primary(url: String) {
    let line = Line::to(server(&url).to_owned()).await;
    let through = url.replace(server(&url), &line.address.to_string());
    let stock = Stock::open(&through, Arc::new(SystemWorld)).await.unwrap();
    let browser = set_up(&stock).await;
    let invitation = Invitation::to_nadia(&stock).await;
    line.cut();
    for path in ["/people", "/", "/login"] {
        let said = asked_to_wait(&browser.get(path).await);
        assert!(said.contains("Tawzi cannot answer at the moment"), "{path}: {said}");
    }
    let said = asked_to_wait(&invitation.send(&browser).await);
    assert!(
        said.contains(r#"action="/people/invite""#) && said.contains("Send it again"),
        "{said}"
    );
    assert!(said.contains(r#"value="Nadia Noori""#), "{said}");
    let said: Value =
        serde_json::from_str(&asked_to_wait(&browser.get("/api/v1/me").await)).unwrap();
    assert_eq!(said["code"], "out_of_reach");
    assert_eq!(browser.get("/readyz").await.status_code(), 503);
    assert_eq!(browser.get("/healthz").await.status_code(), 200);
    line.mend();
    assert!(invitation.send(&browser).await.text().contains("/invitation/"));
}

/// The same server by another line is a standby that has everything.
async fn with_standby(url: String) {
    let line = Line::to(server(&url).to_owned()).await;
    let through = url.replace(server(&url), &line.address.to_string());
    let stock = Stock::open(&through, Arc::new(SystemWorld)).await.unwrap();
    let stock = stock.with_standby(&through, &url).await.unwrap();
    let browser = set_up(&stock).await;
    let invitation = Invitation::to_nadia(&stock).await;
    let told = "nothing can be saved at the moment";
    assert!(!browser.page("/people").await.contains(told));
    line.cut();
    until(|| stock.is_read_only()).await;
    assert!(browser.page("/people").await.contains(told));
    assert_eq!(browser.get("/api/v1/me").await.status_code(), 200);
    let said = asked_to_wait(&invitation.send(&browser).await);
    assert!(said.contains(r#"value="Nadia Noori""#), "{said}");
    line.mend();
    until(|| !stock.is_read_only()).await;
    assert!(!browser.page("/people").await.contains(told));
    assert!(invitation.send(&browser).await.text().contains("/invitation/"));
}

/// Waits for what the program finds out by itself.
async fn until(is_so: impl Fn() -> bool) {
    let mut look = tokio::time::interval(Duration::from_millis(20));
    let waiting = async {
        while !is_so() {
            look.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the program finds it out");
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_waited_for_and_then_named() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    let invitation = Invitation::to_nadia(&program.stock).await;
    let mut options = ConnectOptions::new(program.database_url());
    let other = Database::connect(options.max_connections(1).clone()).await.unwrap();
    other.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
    let said = asked_to_wait(&invitation.send(&browser).await);
    assert!(said.contains(r#"value="Nadia Noori""#), "{said}");
    // Reading goes on.
    browser.page("/people").await;
    other.execute_unprepared("ROLLBACK").await.unwrap();
    assert!(invitation.send(&browser).await.text().contains("/invitation/"));
}
