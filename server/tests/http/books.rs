//! Where the books of a test are: a folder, or a database in the server for tests.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use std::future::Future;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum On {
    Sqlite,
    Postgres,
}

enum Place {
    Folder(PathBuf),
    Database { server: DatabaseConnection, server_url: String, name: String },
}

impl Place {
    async fn make(on: On) -> Self {
        let name = format!("tawzi_http_{}", Uuid::now_v7().simple());
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
            Self::Folder(folder) => format!("sqlite:{}", folder.join("tawzi.sqlite").display()),
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

/// Tells a story about the books at an address, and clears them away however it ends.
pub fn tell<S, F>(on: On, story: S)
where
    S: FnOnce(String) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        let place = Place::make(on).await;
        let told = tokio::spawn(story(place.url())).await;
        place.clear().await;
        if let Err(failed) = told {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}

/// Makes two tests of each story: one on SQLite, one on PostgreSQL, which has the word in its path.
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
