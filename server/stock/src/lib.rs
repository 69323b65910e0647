//! The facade over the books: the only crate that knows the database.
//!
//! `Stock` is opened once. Everything else goes through a [`Reader`] or a [`Writer`], which are
//! bound to an actor: what the actor may not see does not exist for them, and a reader has no
//! methods that write.

pub mod access;
pub mod batches;
pub mod codes;
pub mod consignments;
pub mod corrections;
pub mod db;
pub mod events;
pub mod held_moves;
pub mod keeping;
mod movements;
pub mod opening;
pub mod packs;
pub(crate) mod query;
pub mod recall;
pub mod receipts;
pub mod reconcile;
pub mod records;
pub mod reference;
pub mod runs;
pub mod seals;
pub mod tasks;
pub mod verify;
pub mod whereabouts;
pub mod world;

pub use access::{Reader, Writer};
pub use db::{Db, OpenError, is_storage_full};
pub use records::{RecordError, Submission};
/// What every operation's error carries for "the database failed": logged at the boundary.
pub use sea_orm::DbErr;

use domain::role::Actor;
use std::sync::Arc;
use world::World;

/// The open books of one programme. Cheap to clone.
#[derive(Clone)]
pub struct Stock {
    pub(crate) db: Db,
    pub(crate) world: Arc<dyn World>,
}

impl Stock {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    pub async fn open(url: &str, world: Arc<dyn World>) -> Result<Self, OpenError> {
        let db = Db::open(url).await?;
        reference::seed(&db).await?;
        Ok(Self { db, world })
    }

    /// Opens books to prove or copy them: nothing is made, and nothing is brought up to date.
    pub async fn open_to_read(url: &str, world: Arc<dyn World>) -> Result<Self, OpenError> {
        Ok(Self { db: Db::connect_to_read(url).await?, world })
    }

    /// Refuses books that another version of this program would have to read.
    pub async fn require_this_version(&self) -> Result<(), OpenError> {
        self.db.require_this_version().await
    }

    pub fn reader(&self, actor: &Actor) -> Reader<'_> {
        Reader::new(self, actor.clone())
    }

    pub fn writer(&self, actor: &Actor) -> Writer<'_> {
        Writer::new(self, actor.clone())
    }

    pub fn world(&self) -> &dyn World {
        self.world.as_ref()
    }
}

impl Stock {
    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        #[derive(sea_orm::FromQueryResult)]
        struct One {
            one: i64,
        }
        let text = "SELECT CAST(1 AS BIGINT) AS one";
        matches!(db::one::<One, _>(self.db.read(), text, []).await, Ok(Some(One { one: 1 })))
    }

    /// Copies the books into a new file while they are in use. Only for SQLite: PostgreSQL has its
    /// own tools.
    pub async fn copy_to(&self, path: &std::path::Path) -> Result<(), BackupError> {
        if self.db.backend() != sea_orm::DbBackend::Sqlite {
            return Err(BackupError::NotAFile);
        }
        if path.exists() {
            return Err(BackupError::Exists(path.display().to_string()));
        }
        let target = path.display().to_string();
        db::run(self.db.read(), "VACUUM INTO $1", [target.into()]).await?;
        Ok(())
    }
}

/// Why the books cannot be copied.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("these books are in PostgreSQL: back them up with pg_dump")]
    NotAFile,
    #[error("{0} exists already; a backup never overwrites")]
    Exists(String),
    #[error("the backup failed: {0}")]
    Database(#[from] DbErr),
}
