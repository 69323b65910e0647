//! The connection of one record.
//!
//! With SQLite the way to its thread and back costs more than most statements do. So rows that
//! nothing in the record reads at first, its own one before all, are not sent at once: they go with
//! the next writes. Whoever asks the books anything finds all that the record has written before; only
//! who asks for what the record cannot have changed asks [ahead](RecordConn::ahead) of them.

use super::RecordError;
use crate::access::Denied;
use crate::db;
use crate::query::{Query, run_all, run_and_ask};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, FromQueryResult,
    QueryResult, SqlErr, Statement,
};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct RecordConn<'t> {
    db: &'t DatabaseTransaction,
    soon: Mutex<Soon>,
}

#[derive(Default)]
struct Soon {
    writes: Vec<Query>,
    /// Why the books did not take them, where they know better than "the database failed".
    refused: Option<RecordError>,
}

impl<'t> RecordConn<'t> {
    pub fn new(db: &'t DatabaseTransaction) -> Self {
        Self { db, soon: Mutex::default() }
    }

    /// For questions about what the record has not written.
    pub fn ahead(&self) -> &'t DatabaseTransaction {
        self.db
    }

    /// Leaves a write for the next time that something is written or asked.
    pub fn write_soon(&self, query: Query) {
        self.lock().writes.push(query);
    }

    /// Writes these, after all that was left.
    pub async fn write(&self, more: Vec<Query>) -> Result<(), DbErr> {
        let mut writes = mem::take(&mut self.lock().writes);
        let with_first = !writes.is_empty();
        writes.extend(more);
        run_all(self.db, writes).await.map_err(|error| self.failed(error, with_first))
    }

    /// Asks, in one go with all that was left.
    pub async fn all<T: FromQueryResult>(&self, question: Query) -> Result<Vec<T>, DbErr> {
        let writes = mem::take(&mut self.lock().writes);
        let with_first = !writes.is_empty();
        run_and_ask(self.db, writes, question).await.map_err(|error| self.failed(error, with_first))
    }

    async fn write_what_was_left(&self) -> Result<(), DbErr> {
        self.write(Vec::new()).await
    }

    /// Why the record cannot be, if the books have said so.
    pub fn refused(&self) -> Option<RecordError> {
        self.lock().refused.take()
    }

    /// `with_first`: the record's own row was among what failed.
    fn failed(&self, error: DbErr, with_first: bool) -> DbErr {
        if !with_first {
            return error;
        }
        match why_not(error) {
            Ok(error) => error,
            Err(why) => {
                let error = DbErr::Custom(why.to_string());
                self.lock().refused = Some(why);
                error
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Soon> {
        // The lock is only held for these few lines, none of which can panic.
        self.soon.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for RecordConn<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.write_what_was_left().await?;
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.write_what_was_left().await?;
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.write_what_was_left().await?;
        self.db.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.write_what_was_left().await?;
        self.db.query_all_raw(statement).await
    }
}

/// Why the row of a record is refused, where the books know better than "the database failed".
fn why_not(error: DbErr) -> Result<DbErr, RecordError> {
    // On SQLite the trigger that keeps records from being replaced speaks before the index.
    let says = error.to_string();
    let replaces = says.contains("append only: record") || says.contains("what is held is posted");
    if replaces || db::is_taken(&error, "record", "device_id") {
        // A device numbers its records: a number that came before said something else.
        Err(RecordError::Conflict)
    } else if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) {
        // The store is the only thing that the row points at.
        Err(Denied::NotFound.into())
    } else {
        Ok(error)
    }
}
