//! Reference data: what everything else points at. One file a noun.
//!
//! Things are made, changed and retired, never deleted (rule 12): old papers keep naming them.
//! Whoever creates a thing makes its id, so that a form that is sent twice makes it once.

pub mod attachments;
pub mod event_types;
pub mod kits;
pub mod materials;
pub mod orgs;
pub mod places;
pub mod search;
mod seed;
pub mod stores;

pub(crate) use seed::seed;

use crate::access::audit::{self, Action};
use crate::access::{Reader, Writer, scope};
use crate::db::TxFuture;
use crate::query::Query;
use domain::reference::Standing;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};
use std::sync::Arc;
use uuid::Uuid;

/// How many things of each noun are in use, of those that the actor sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug, FromQueryResult)]
pub struct Counts {
    pub places: i64,
    pub orgs: i64,
    pub stores: i64,
    pub materials: i64,
    pub kits: i64,
    pub event_types: i64,
}

impl Reader<'_> {
    pub async fn reference_counts(&self) -> Result<Counts, DbErr> {
        let counts = Query::new("SELECT (SELECT COUNT(*) FROM place WHERE retired_at IS NULL)")
            .push(" AS places, (SELECT COUNT(*) FROM material WHERE retired_at IS NULL)")
            .push(" AS materials, (SELECT COUNT(*) FROM kit WHERE retired_at IS NULL)")
            .push(" AS kits, (SELECT COUNT(*) FROM event_type WHERE retired_at IS NULL)")
            .push(" AS event_types, (SELECT COUNT(*) FROM org WHERE retired_at IS NULL AND ")
            .condition(|next| scope::orgs(&self.actor, "id", next))
            .push(") AS orgs, (SELECT COUNT(*) FROM store WHERE retired_at IS NULL AND ")
            .condition(|next| scope::stores(&self.actor, "id", next))
            .push(") AS stores")
            .one(self.stock.db.read())
            .await?;
        counts.ok_or_else(|| DbErr::RecordNotFound("counts always make a row".to_owned()))
    }
}

impl Writer<'_> {
    /// Runs a change of reference data and notes in the same transaction who made it.
    async fn change<T, E, F>(&self, noun: &str, id: String, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t DatabaseTransaction) -> TxFuture<'t, T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbErr> + std::error::Error + Send + 'static,
    {
        let (now, person) = (self.stock.world.now(), self.actor.user);
        let subject = format!("{noun} {id}");
        let work = Arc::new(work);
        self.stock
            .db
            .write(move |tx| {
                let (work, subject) = (Arc::clone(&work), subject.clone());
                Box::pin(async move {
                    let value = work(tx).await?;
                    audit::log(tx, now, Some(person), Action::ReferenceChanged, &subject, "")
                        .await?;
                    Ok(value)
                })
            })
            .await
    }
}

/// Sets or clears `retired_at`; gives whether the row exists. A thing that is already retired
/// keeps its moment.
async fn set_standing(
    db: &impl ConnectionTrait,
    table: &str,
    key: &str,
    id: Uuid,
    standing: Standing,
    now: Millis,
) -> Result<bool, DbErr> {
    let query = Query::new("UPDATE ").push(table).push(" SET retired_at = ");
    let query = match standing {
        Standing::Retired => query.push("COALESCE(retired_at, ").bind(now.0).push(")"),
        Standing::InUse => query.push("NULL"),
    };
    Ok(query.push(" WHERE ").push(key).push(" = ").bind(id).run(db).await? > 0)
}

/// A word that the database's own check lets through is one that the code knows; another one
/// means that somebody wrote past the program.
fn known<T>(kind: Option<T>, word: &str) -> Result<T, DbErr> {
    kind.ok_or_else(|| DbErr::Type(format!("the books hold the unknown word {word:?}")))
}

/// Several short texts in one column, one a line.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
