//! The facade over the books: the only crate that knows the database.
//!
//! `Stock` is opened once. Everything else goes through a [`Reader`] or a [`Writer`], which are
//! bound to an actor: what the actor may not see does not exist for them, and a reader has no
//! methods that write.

pub mod access;
pub mod backup;
pub mod batches;
pub mod codes;
pub mod consignments;
pub mod corrections;
pub mod db;
pub mod documents;
pub mod events;
pub mod field;
pub mod figures;
pub mod held;
pub mod held_moves;
pub mod keeping;
pub mod letters;
mod live;
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
pub use db::{Db, OpenError, is_out_of_reach, is_storage_full};
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
    pub(crate) taken: Arc<access::Taken>,
}

impl Stock {
    fn of(db: Db, world: Arc<dyn World>) -> Self {
        Self { db, world, taken: Arc::default() }
    }
}

impl Stock {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    pub async fn open(url: &str, world: Arc<dyn World>) -> Result<Self, OpenError> {
        let db = Db::open(url).await?;
        reference::seed(&db).await?;
        Ok(Self::of(db, world))
    }

    /// Reads this copy of the books while their primary is gone.
    pub async fn with_standby(self, primary: &str, copy: &str) -> Result<Self, OpenError> {
        Ok(Self { db: self.db.with_standby(primary, copy).await?, ..self })
    }

    /// Opens books as they are, without bringing them up to date.
    pub async fn connect(url: &str, world: Arc<dyn World>) -> Result<Self, OpenError> {
        Ok(Self::of(Db::connect(url).await?, world))
    }

    /// Opens books to prove or copy them: nothing is made, and nothing is brought up to date.
    pub async fn open_to_read(url: &str, world: Arc<dyn World>) -> Result<Self, OpenError> {
        Ok(Self::of(Db::connect_to_read(url).await?, world))
    }

    /// Refuses books that another version of this program would have to read.
    pub async fn require_this_version(&self) -> Result<(), OpenError> {
        self.db.require_this_version().await
    }

    /// Ends its use; a file is whole then, with nothing beside it.
    pub async fn close(self) -> Result<(), DbErr> {
        self.db.close().await
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
    /// Whether only a copy of the books can be read at the moment, and nothing written.
    pub fn is_read_only(&self) -> bool {
        self.db.is_read_only()
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        #[derive(sea_orm::FromQueryResult)]
        struct One {
            one: i64,
        }
        let text = "SELECT CAST(1 AS BIGINT) AS one";
        matches!(db::one::<One, _>(self.db.read(), text, []).await, Ok(Some(One { one: 1 })))
    }
}
