//! The facade over the books: the only crate that knows the database.
//!
//! `Stock` is opened once. Everything else goes through a [`Reader`] or a [`Writer`], which are
//! bound to an actor: what the actor may not see does not exist for them, and a reader has no
//! methods that write.

pub mod access;
pub mod corrections;
pub mod db;
pub mod keeping;
mod movements;
pub mod packs;
pub(crate) mod query;
pub mod reconcile;
pub mod records;
pub mod reference;
pub mod verify;
pub mod whereabouts;
pub mod world;

pub use access::{Reader, Writer};
pub use db::{Db, OpenError};
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
