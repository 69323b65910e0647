//! New books for one story, and the people in it.

use domain::ids::{OrgId, StoreId, UserId};
use domain::reference::{Name, OrgKind, StoreKind};
use domain::role::{Actor, PlaceCode, Role, Scope};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use stock::world::World;
use stock::{Reader, Stock, Writer};
use uuid::Uuid;

/// 2017-06-01, half past noon in Kabul.
const BEGINNING: Millis = Millis(1_496_304_000_000);

/// A clock that stands still, and randomness that is different at every call.
pub struct TestWorld {
    now: AtomicI64,
    drawn: AtomicU64,
}

impl TestWorld {
    /// Lets time pass.
    pub fn wait_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }
}

impl World for TestWorld {
    fn now(&self) -> Millis {
        Millis(self.now.load(Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64: well spread and the same in every run.
            let step = self.drawn.fetch_add(1, Ordering::SeqCst) + 1;
            let mut mixed = step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let drawn = (mixed ^ (mixed >> 31)).to_be_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum On {
    Sqlite,
    Postgres,
}

/// The books of one story.
pub struct Books {
    pub stock: Stock,
    pub world: Arc<TestWorld>,
    pub url: String,
    /// The programme itself.
    pub programme: OrgId,
    pub administrator: Actor,
}

/// Runs a story on new books, and clears them away however it ends.
pub fn tell<S, F>(on: On, story: S)
where
    S: FnOnce(Arc<Books>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        let place = Place::make(on).await;
        let books = Arc::new(Books::open(&place.url()).await);
        let told = tokio::spawn(story(books.clone())).await;
        drop(books);
        place.clear().await;
        if let Err(failed) = told {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}

/// Where books are made: a folder, or a database in the server for tests.
enum Place {
    Folder(PathBuf),
    Database { server: DatabaseConnection, server_url: String, name: String },
}

impl Place {
    async fn make(on: On) -> Self {
        let name = format!("tawzi_story_{}", Uuid::now_v7().simple());
        match on {
            On::Sqlite => {
                let folder = std::env::temp_dir().join(name);
                std::fs::create_dir(&folder).unwrap();
                Self::Folder(folder)
            }
            On::Postgres => {
                let server_url = std::env::var("TAWZI_TEST_POSTGRES_URL")
                    .expect("TAWZI_TEST_POSTGRES_URL names a PostgreSQL server for tests");
                let server = Database::connect(&server_url).await.unwrap();
                server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                Self::Database { server, server_url, name }
            }
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite:{}", folder.join("books.sqlite").display()),
            Self::Database { server_url, name, .. } => {
                let (address, options) =
                    server_url.split_once('?').unwrap_or((server_url.as_str(), ""));
                let (server, _) = address.rsplit_once('/').unwrap();
                format!("{server}/{name}?{options}")
            }
        }
    }

    async fn clear(self) {
        match self {
            Self::Folder(folder) => std::fs::remove_dir_all(folder).unwrap(),
            Self::Database { server, name, .. } => {
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                server.execute_unprepared(&drop).await.unwrap();
            }
        }
    }
}

/// Does `what` with the address of a place where no books are yet, and clears it away.
pub async fn elsewhere<F: Future>(on: On, what: impl FnOnce(String) -> F) -> F::Output {
    let place = Place::make(on).await;
    let done = what(place.url()).await;
    place.clear().await;
    done
}

impl Books {
    /// Whatever is posted is sealed.
    pub async fn seals(&self) {
        while self.stock.seal_waiting().await.unwrap() > 0 {}
        assert_eq!(self.stock.standing().await.unwrap().unsealed, 0);
    }

    pub async fn is_right(&self) {
        let report = self.stock.verify(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
    }

    /// The books are right, before and after their seals.
    pub async fn adds_up(&self) {
        self.is_right().await;
        self.seals().await;
        self.is_right().await;
    }

    async fn open(url: &str) -> Self {
        let world =
            Arc::new(TestWorld { now: AtomicI64::new(BEGINNING.0), drawn: AtomicU64::new(0) });
        let stock = Stock::open(url, world.clone()).await.unwrap();
        let programme = OrgId::new(stock.world().new_id());
        let administrator = Actor {
            user: UserId::new(stock.world().new_id()),
            org: programme,
            role: Role::Administrator,
            scope: Scope::Everything,
        };
        let books = Self { stock, world, url: url.to_owned(), programme, administrator };
        let input = org(OrgKind::Programme, "Programme");
        books.admin().create_org(programme, input).await.unwrap();
        books
    }

    /// A new id of any kind.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.stock.world().new_id().into()
    }

    pub fn admin(&self) -> Writer<'_> {
        self.stock.writer(&self.administrator)
    }

    pub fn reads(&self, actor: &Actor) -> Reader<'_> {
        self.stock.reader(actor)
    }

    pub fn writes(&self, actor: &Actor) -> Writer<'_> {
        self.stock.writer(actor)
    }

    /// Somebody of the programme who sees everything.
    pub fn staff(&self, role: Role) -> Actor {
        Actor { user: self.id(), org: self.programme, role, scope: Scope::Everything }
    }

    /// Somebody of the programme who works in one province or district.
    pub fn staff_in(&self, role: Role, place: &str) -> Actor {
        let scope = Scope::Place(PlaceCode::new(place));
        Actor { user: self.id(), org: self.programme, role, scope }
    }

    /// Somebody who sees one organisation only.
    pub fn member(&self, role: Role, org: OrgId) -> Actor {
        Actor { user: self.id(), org, role, scope: Scope::Org(org) }
    }

    pub async fn add_org(&self, kind: OrgKind, name: &str) -> OrgId {
        let id = self.id();
        self.admin().create_org(id, org(kind, name)).await.unwrap();
        id
    }

    pub async fn add_store(&self, org: OrgId, name: &str, place: &str) -> StoreId {
        let id = self.id();
        self.admin().create_store(id, store(org, name, place)).await.unwrap();
        id
    }
}

pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub fn org(kind: OrgKind, text: &str) -> OrgInput {
    OrgInput { kind, name: name(text), short_name: name(text) }
}

/// A provincial store named the same in short.
pub fn store(org: OrgId, text: &str, place: &str) -> StoreInput {
    StoreInput {
        kind: StoreKind::Provincial,
        name: name(text),
        short_name: name(text),
        org,
        parent: None,
        place: PlaceCode::new(place),
        service_areas: Vec::new(),
    }
}

/// Makes two tests of each story: one on SQLite, one on PostgreSQL.
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $story() {
                crate::books::tell(crate::books::On::Sqlite, super::$story);
            })+
        }

        mod postgres {
            $(#[test]
            fn $story() {
                crate::books::tell(crate::books::On::Postgres, super::$story);
            })+
        }
    };
}
pub(crate) use on_both;
