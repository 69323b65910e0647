//! The connections that only read.
//!
//! The driver's pool asks a connection before and after each use whether it is still there, and with
//! SQLite each question is a way to another thread and back, which costs as much as most queries. A
//! file does not break off: its connections are handed out and taken back unasked.

use super::trouble::damaged;
use super::{FEW_PAGES, OpenError, sqlite_options};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{
    self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Sqlite,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement,
};
use sea_query_sqlx::SqlxValues;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Where the books are read.
#[derive(Clone)]
pub(crate) enum Reading {
    Pool(DatabaseConnection),
    File(Arc<Readers>),
}

/// Connections to SQLite's file, made when they are needed.
pub(crate) struct Readers {
    options: SqliteConnectOptions,
    /// The one used last is used next: it has the pages that are read most.
    free: Mutex<Vec<SqliteConnection>>,
    seats: Semaphore,
}

/// A connection that somebody uses.
struct Seat<'r> {
    readers: &'r Readers,
    connection: Option<SqliteConnection>,
    _permit: SemaphorePermit<'r>,
}

impl Readers {
    pub async fn open(url: &str, most: usize) -> Result<Arc<Self>, OpenError> {
        let options = url.parse().map_err(failed)?;
        let readers = Self {
            options: sqlite_options(options, FEW_PAGES).disable_statement_logging(),
            free: Mutex::default(),
            seats: Semaphore::new(most),
        };
        // Whether there are books to read is told now.
        readers.seat().await.map_err(damaged)?;
        Ok(Arc::new(readers))
    }

    async fn seat(&self) -> Result<Seat<'_>, DbErr> {
        let permit = self.seats.acquire().await.map_err(|_| closed())?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match free {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.options).await.map_err(failed)?,
        };
        Ok(Seat { readers: self, connection: Some(connection), _permit: permit })
    }

    /// Closes them, the ones in use when they are back.
    async fn close(&self) -> Result<(), DbErr> {
        self.seats.close();
        let free = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in free {
            connection.close().await.map_err(failed)?;
        }
        Ok(())
    }
}

impl Seat<'_> {
    fn connection(&mut self) -> Result<&mut SqliteConnection, DbErr> {
        self.connection.as_mut().ok_or_else(closed)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        if !self.readers.seats.is_closed() {
            let mut free = self.readers.free.lock().unwrap_or_else(PoisonError::into_inner);
            free.extend(self.connection.take());
        }
    }
}

impl Reading {
    pub async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Pool(pool) => pool.close_by_ref().await,
            Self::File(readers) => readers.close().await,
        }
    }
}

#[async_trait]
impl ConnectionTrait for Reading {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::File(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => pool.execute_raw(statement).await,
            Self::File(readers) => {
                let mut seat = readers.seat().await?;
                let done = query(&statement).execute(seat.connection()?).await;
                Ok(done.map_err(failed)?.into())
            }
        }
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => pool.execute_unprepared(text).await,
            Self::File(readers) => {
                let mut seat = readers.seat().await?;
                let done = seat.connection()?.execute(AssertSqlSafe(text.to_owned())).await;
                Ok(done.map_err(failed)?.into())
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => pool.query_one_raw(statement).await,
            Self::File(readers) => {
                let mut seat = readers.seat().await?;
                let row = query(&statement).fetch_optional(seat.connection()?).await;
                Ok(row.map_err(failed)?.map(Into::into))
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => pool.query_all_raw(statement).await,
            Self::File(readers) => {
                let mut seat = readers.seat().await?;
                let rows = query(&statement).fetch_all(seat.connection()?).await;
                Ok(rows.map_err(failed)?.into_iter().map(Into::into).collect())
            }
        }
    }
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, Sqlite, SqlxValues> {
    let values = statement.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn closed() -> DbErr {
    DbErr::Custom("the books are closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;
    use futures_util::FutureExt;
    use tokio::task::JoinSet;

    const UP_TO: &str = "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up
         WHERE n < 100000) SELECT CAST(SUM(n) AS BIGINT) AS n FROM up";

    #[derive(sea_orm::FromQueryResult)]
    struct Sum {
        n: i64,
    }

    async fn sum(reading: &Reading) -> Result<i64, DbErr> {
        let row: Option<Sum> = Query::new(UP_TO).one(reading).await?;
        Ok(row.map_or(0, |row| row.n))
    }

    fn free(reading: &Reading) -> usize {
        match reading {
            Reading::Pool(_) => 0,
            Reading::File(readers) => readers.free.lock().unwrap().len(),
        }
    }

    #[tokio::test]
    async fn whoever_finds_no_connection_waits_for_one_and_gives_it_back() {
        let reading = Reading::File(Readers::open("sqlite::memory:", 2).await.unwrap());
        let mut asking = JoinSet::new();
        for _ in 0..20 {
            let reading = reading.clone();
            asking.spawn(async move { sum(&reading).await });
        }
        while let Some(sum) = asking.join_next().await {
            assert_eq!(sum.unwrap(), Ok(5_000_050_000));
        }
        assert_eq!(free(&reading), 2);
        // Somebody asks, and does not wait for the answer.
        assert!(sum(&reading).now_or_never().is_none());
        assert_eq!((free(&reading), sum(&reading).await), (2, Ok(5_000_050_000)));
    }

    #[tokio::test]
    async fn what_is_closed_says_so() {
        let reading = Reading::File(Readers::open("sqlite::memory:", 2).await.unwrap());
        reading.close().await.unwrap();
        assert!(sum(&reading).await.unwrap_err().to_string().contains("closed"));
        assert_eq!(free(&reading), 0);
    }
}
