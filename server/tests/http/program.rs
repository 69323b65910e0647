//! The program with books of its own, a clock that is set by hand, and browsers that keep cookies.

use app::state::{AppState, Settings};
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use axum_test::{TestResponse, TestServer};
use domain::ids::OrgId;
use domain::reference::Name;
use domain::role::{Actor, Role, Scope};
use domain::time::Millis;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use stock::Stock;
use stock::access::{NewPerson, SetUp, Token};
use stock::world::{SystemWorld, World};
use uuid::Uuid;

/// What everybody's password is.
pub const PASSWORD: &str = "a leaflet for every house";
/// 2017-06-01, half past noon in Kabul.
const BEGINNING: i64 = 1_496_304_000_000;

/// A clock that moves only when it is told to; the randomness is the real one.
pub struct TestWorld {
    now: AtomicI64,
}

impl TestWorld {
    pub fn pass_minutes(&self, minutes: i64) {
        self.now.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl World for TestWorld {
    fn now(&self) -> Millis {
        Millis(self.now.load(Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        SystemWorld.fill_random(bytes);
    }
}

pub struct Program {
    pub stock: Stock,
    pub world: Arc<TestWorld>,
    pub setup_token: Token,
    state: AppState,
    url: String,
    /// Its own; books elsewhere are cleared away by whoever made them.
    folder: Option<PathBuf>,
}

impl Program {
    /// New books that nobody has set up.
    pub async fn new_books() -> Self {
        Self::reached_at(None).await
    }

    /// New books of a program that people reach at this address.
    pub async fn reached_at(public_url: Option<&str>) -> Self {
        Self::open(public_url, Vec::new()).await
    }

    /// Books with an administrator, of a program that believes this proxy.
    pub async fn behind(proxy: &str) -> Self {
        let program = Self::open(None, vec![proxy.parse().unwrap()]).await;
        program.set_up().await;
        program
    }

    async fn open(public_url: Option<&str>, trusted_proxies: Vec<IpAddr>) -> Self {
        let folder = std::env::temp_dir().join(format!("tawzi-http-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("books.sqlite").display());
        let mut program = Self::at(url, public_url, trusted_proxies).await;
        program.folder = Some(folder);
        program
    }

    /// New books at this address, of a program that people reach at an address of https.
    pub async fn on(url: String) -> Self {
        Self::at(url, Some("https://stock.example.org"), Vec::new()).await
    }

    async fn at(url: String, public_url: Option<&str>, trusted_proxies: Vec<IpAddr>) -> Self {
        let world = Arc::new(TestWorld { now: AtomicI64::new(BEGINNING) });
        let stock = Stock::open(&url, world.clone()).await.unwrap();
        let setup_token = stock.browser_token();
        let settings = Settings {
            leptos: server::cli::leptos_options(([127, 0, 0, 1], 3000).into()),
            public_url: public_url.map(str::to_owned),
            secure: public_url.is_some_and(|url| url.starts_with("https:")),
            trusted_proxies,
            setup_token: Some(setup_token.clone()),
        };
        let state = AppState {
            stock: stock.clone(),
            settings: Arc::new(settings),
            letters: server::api::letter,
            let_in: server::api::let_in,
        };
        Self { stock, world, setup_token, state, url, folder: None }
    }

    /// Where the books lie, for whoever goes past the program.
    pub fn database_url(&self) -> String {
        self.url.clone()
    }

    /// Books with an administrator called `admin`.
    pub async fn new() -> Self {
        let program = Self::new_books().await;
        program.set_up().await;
        program
    }

    pub async fn set_up(&self) {
        let wanted = SetUp {
            programme: name("Programme"),
            login: "admin".to_owned(),
            name: name("Ada Administrator"),
            password: PASSWORD.to_owned(),
        };
        self.stock.set_up(wanted).await.unwrap();
    }

    pub async fn actor(&self, login: &str) -> Actor {
        self.stock.actor_of(login).await.unwrap().unwrap()
    }

    /// The programme's own organisation.
    pub async fn programme(&self) -> OrgId {
        self.actor("admin").await.org
    }

    /// Makes an account of the programme; a partner sees only the organisation.
    pub async fn add_person(&self, login: &str, role: Role) -> Actor {
        let org = self.programme().await;
        let scope = if role == Role::Partner { Scope::Org(org) } else { Scope::Everything };
        let person = NewPerson { login: login.to_owned(), name: name(login), org, role, scope };
        self.stock.add_person(person, PASSWORD).await.unwrap();
        self.actor(login).await
    }

    /// A browser that nobody has signed in to.
    pub fn stranger(&self) -> Browser {
        let router = server::router::router(self.state.clone());
        Browser { server: TestServer::builder().save_cookies().build(router) }
    }

    /// A browser whose connection comes from this address.
    pub fn connected_from(&self, address: &str) -> Browser {
        let peer: SocketAddr = (address.parse::<IpAddr>().unwrap(), 40_000).into();
        let router = server::router::router(self.state.clone()).layer(Extension(ConnectInfo(peer)));
        Browser { server: TestServer::builder().save_cookies().build(router) }
    }

    /// A browser in which this person has signed in.
    pub async fn browser_of(&self, login: &str) -> Browser {
        let browser = self.stranger();
        let answer = browser.post("/login", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(location(&answer), "/", "{login} signs in");
        browser
    }
}

/// A browser in which somebody has signed in to these books.
pub async fn browser_at(stock: &Stock, login: &str, password: &str) -> Browser {
    let browser = browser_without_name(stock);
    let answer = browser.post("/login", &[("login", login), ("password", password)]).await;
    assert_eq!(location(&answer), "/", "{login} signs in");
    browser
}

/// A browser of these books in which nobody has signed in.
pub fn browser_without_name(stock: &Stock) -> Browser {
    Browser { server: TestServer::builder().save_cookies().build(router_at(stock)) }
}

/// All that one node serves.
pub fn router_at(stock: &Stock) -> Router {
    let settings = Settings {
        leptos: server::cli::leptos_options(([127, 0, 0, 1], 3000).into()),
        public_url: None,
        secure: false,
        trusted_proxies: Vec::new(),
        setup_token: None,
    };
    server::router::router(AppState {
        stock: stock.clone(),
        settings: Arc::new(settings),
        letters: server::api::letter,
        let_in: server::api::let_in,
    })
}

impl Drop for Program {
    fn drop(&mut self) {
        // The system clears its folder for temporary files in any case.
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

pub struct Browser {
    pub server: TestServer,
}

impl Browser {
    pub async fn get(&self, path: &str) -> TestResponse {
        self.server.get(path).await
    }

    /// The text of a page that must be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status_code(), 200, "GET {path}");
        answer.text()
    }

    /// The page of a form whose address keeps the id of what it will make; also that address.
    pub async fn new_form(&self, path: &str) -> (String, String) {
        let there = location(&self.get(path).await);
        assert!(there.starts_with(&format!("{path}?record=")), "{there}");
        (self.page(&there).await, there)
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        self.server.post(path).form(fields).await
    }

    /// Sends a form and follows to the page that the answer leads to.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        self.page(&location(&answer)).await
    }
}

/// Where an answer leads.
pub fn location(answer: &TestResponse) -> String {
    assert_eq!(answer.status_code(), 303, "{}", answer.text());
    answer.header("location").to_str().unwrap().to_owned()
}

pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// What stands between `before` and `after`, at its first place.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}
