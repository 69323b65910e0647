//! The two databases behind one door.
//!
//! SQLite gets one writer connection and a pool of readers; PostgreSQL one pool. Every write goes
//! through [`Db::write`], which alone begins transactions: a plain `begin()` is DEFERRED on SQLite
//! and fails as soon as it reads before it writes.

mod group;
mod processor;
mod reading;
mod standby;
mod trouble;

use crate::figures;
use group::Group;
use migrations::{Migrator, MigratorTrait};
use reading::{Readers, Reading};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, FromQueryResult, IsolationLevel, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use standby::Standby;
use std::collections::BTreeSet;
use std::error::Error;
use std::future::Future;
use std::num::NonZero;
use std::pin::Pin;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use trouble::{damaged, is_gone, is_out_of_turn, may_try_again, no_answer};
pub use trouble::{is_out_of_reach, is_storage_full};
pub(crate) use trouble::{is_taken, out_of_turn};

#[derive(Clone)]
pub struct Db {
    write: DatabaseConnection,
    read: Reading,
    /// Transactions that only read.
    snapshots: DatabaseConnection,
    /// SQLite's one writer.
    group: Option<Group>,
    standby: Option<Standby>,
}

/// Why the books could not be opened; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database address must begin with sqlite: or postgres:, not {0:?}")]
    UnknownScheme(String),
    #[error(
        "these books were written by a newer version of tawzi (they have the migration {0}); \
         install that version, nothing was changed"
    )]
    NewerVersion(String),
    #[error(
        "these books were written by an older version of tawzi (they lack the migration {0}); \
         `tawzi migrate` brings them up to date, nothing was changed"
    )]
    OlderVersion(String),
    #[error("the database file is damaged or is not a database: {0}; restore it from a backup")]
    Damaged(String),
    #[error("only a PostgreSQL database has a standby; leave --standby-url out")]
    NoStandby,
    #[error("the database cannot be opened: {0}")]
    Database(#[from] DbErr),
}

pub(crate) type TxFuture<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

impl Db {
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let db = Self::connect(url).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the database without touching its tables.
    pub async fn connect(url: &str) -> Result<Self, OpenError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Self::connect_sqlite(url).await,
            Some("postgres" | "postgresql") => Self::connect_postgres(url).await,
            _ => {
                Err(OpenError::UnknownScheme(url.split(':').next().unwrap_or_default().to_owned()))
            }
        }
    }

    /// Opens books that are there to read them, so that not one byte of them changes.
    pub async fn connect_to_read(url: &str) -> Result<Self, OpenError> {
        if !url.starts_with("sqlite:") {
            return Self::connect(url).await;
        }
        let mut options = ConnectOptions::new(url.to_owned());
        options.max_connections(4).sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .read_only(true)
                .busy_timeout(Duration::from_secs(5))
                .pragma("temp_store", "MEMORY")
        });
        Ok(Self::pooled(Database::connect(options).await.map_err(damaged)?))
    }

    async fn connect_sqlite(url: &str) -> Result<Self, OpenError> {
        let options = |connections: u32, cache: &'static str| {
            let mut options = ConnectOptions::new(url.to_owned());
            options
                .max_connections(connections)
                .sqlx_logging(false)
                // No line can break between SQLite and us, and to ask costs as much as a query.
                .test_before_acquire(false)
                .map_sqlx_sqlite_opts(move |sqlite| sqlite_options(sqlite, cache));
            options
        };
        // More readers than the processor runs, but for one that waits for the disk, only keep
        // memory.
        let processors = available_parallelism().map_or(1, NonZero::get);
        let readers = (processors + 1).clamp(2, 8);
        let (group, write) = Group::open(options(1, MANY_PAGES)).await.map_err(damaged)?;
        let read = Reading::File(Readers::open(url, readers).await?);
        let snapshots = options(readers as u32, FEW_PAGES).connect_lazy(true).clone();
        let snapshots = Database::connect(snapshots).await.map_err(damaged)?;
        Ok(Self { group: Some(group), write, read, snapshots, standby: None })
    }

    async fn connect_postgres(url: &str) -> Result<Self, OpenError> {
        let write = Database::connect(postgres_options(url)).await?;
        // Commits wait for a standby that is gone, as many as there are connections to write with.
        // Pages are read meanwhile.
        let read = Database::connect(postgres_options(url).connect_lazy(true).clone()).await?;
        Ok(Self { write, ..Self::pooled(read) })
    }

    fn pooled(pool: DatabaseConnection) -> Self {
        Self {
            write: pool.clone(),
            read: Reading::Pool(pool.clone()),
            snapshots: pool,
            group: None,
            standby: None,
        }
    }

    /// Reads a copy of the books from now on while their primary is gone.
    pub async fn with_standby(self, primary: &str, copy: &str) -> Result<Self, OpenError> {
        if [primary, copy].iter().any(|url| url.starts_with("sqlite:")) {
            return Err(OpenError::NoStandby);
        }
        let copy = postgres_options(copy).connect_lazy(true).clone();
        Ok(Self { standby: Some(Standby::watch(primary, copy).await?), ..self })
    }

    /// Whether a copy is read, so that nothing can be written.
    pub fn is_read_only(&self) -> bool {
        self.standby.as_ref().is_some_and(Standby::is_used)
    }

    /// Brings the tables up to date; refuses books that a newer program wrote.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        // Without the table of migrations the books are new.
        let applied = Migrator::get_migration_models(&self.write).await.unwrap_or_default();
        no_newer(applied.iter().map(|migration| migration.version.as_str()))?;
        if self.backend() == DbBackend::Postgres {
            return self.migrate_locked().await;
        }
        Migrator::up(&self.write, None).await.map_err(damaged)
    }

    /// Refuses books whose tables are not those of this program, and leaves them as they are.
    pub async fn require_this_version(&self) -> Result<(), OpenError> {
        let applied =
            all::<MigrationRow, _>(&self.read, "SELECT version FROM seaql_migrations", []);
        let applied: BTreeSet<String> = match applied.await {
            Ok(rows) => rows.into_iter().map(|row| row.version).collect(),
            Err(error) => match damaged(error) {
                damaged @ OpenError::Damaged(_) => return Err(damaged),
                // A database without a table of migrations was never migrated.
                OpenError::Database(_)
                | OpenError::NoStandby
                | OpenError::UnknownScheme(_)
                | OpenError::NewerVersion(_)
                | OpenError::OlderVersion(_) => BTreeSet::new(),
            },
        };
        no_newer(applied.iter().map(String::as_str))?;
        let lacking = known_migrations().into_iter().find(|known| !applied.contains(known));
        lacking.map_or(Ok(()), |lacking| Err(OpenError::OlderVersion(lacking)))
    }

    /// PostgreSQL has no lock between nodes that migrate at once, so they queue here.
    async fn migrate_locked(&self) -> Result<(), OpenError> {
        let options = TransactionOptions::default();
        let tx = self.write.begin_with_options(options).await?;
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(842017)").await?;
        Migrator::up(&tx, None).await?;
        tx.commit().await?;
        Ok(())
    }

    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// The connection for reads outside a transaction.
    pub(crate) fn read(&self) -> &Reading {
        match &self.standby {
            Some(standby) if standby.is_used() => standby.copy(),
            Some(_) | None => &self.read,
        }
    }

    /// The connection for writes past [`Db::write`]: only for books that nobody uses yet.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Closes the database for all who share it; a file is whole then.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.snapshots.close_by_ref().await?;
        self.write.close_by_ref().await
    }

    /// The books as they are now, whatever is written while they are read: for figures that must
    /// agree with each other. Ends when it is dropped.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        // On SQLite a transaction that only reads is a snapshot already.
        let mut options = TransactionOptions::default();
        if self.backend() == DbBackend::Postgres {
            options.isolation_level = Some(IsolationLevel::RepeatableRead);
            options.access_mode = Some(AccessMode::ReadOnly);
        }
        let snapshots = match self.read() {
            Reading::Pool(pool) => pool,
            Reading::File(_) => &self.snapshots,
        };
        snapshots.begin_with_options(options).await
    }

    /// Runs `work` in one transaction and commits it if it succeeds.
    ///
    /// Runs in a task of its own, which the caller only waits for: a caller who hangs up leaves
    /// neither half a write nor a connection with an open transaction behind.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t DatabaseTransaction) -> TxFuture<'t, T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbErr> + Error + Send + 'static,
    {
        if let Some(group) = &self.group {
            return group.write(work).await;
        }
        let write = self.write.clone();
        let task = tokio::spawn(async move { write_with_retry(&write, &work).await });
        // A commit may wait for a standby that is gone. It goes on waiting; its caller does not.
        match tokio::time::timeout(PATIENCE, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(DbErr::Custom(format!("a write panicked: {panic}")).into()),
            Err(_) => Err(no_answer().into()),
        }
    }
}

/// What a connection to SQLite keeps in memory of the file, in KiB: the one that writes all that
/// many records change before they are on disk together; the pages of the others are in the system's
/// cache as well.
const MANY_PAGES: &str = "-8000";
const FEW_PAGES: &str = "-4000";

fn sqlite_options(options: SqliteConnectOptions, cache: &'static str) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // Rows cross from SQLite's thread to ours: not in many small steps.
        .row_buffer_size(1_024)
        .pragma("journal_mode", "WAL")
        .pragma("synchronous", "FULL")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", cache)
}

fn postgres_options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|postgres| {
            postgres.options([("idle_in_transaction_session_timeout", "15000")])
        })
        // sqlx is not cancel-safe: a connection may come back with an open transaction.
        .test_before_acquire(true);
    options
}

/// How long a write to PostgreSQL may take before its caller is told to try again.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a write looks for a primary that is gone; each try may wait for a connection besides.
const PATIENCE_WITHOUT_PRIMARY: Duration = Duration::from_secs(3);
const BEFORE_THE_NEXT_TRY: Duration = Duration::from_millis(200);

/// How often a record begins that asks for something out of its turn: each time it has asked for
/// more.
const TURNS: u32 = 20;

#[derive(FromQueryResult)]
struct MigrationRow {
    version: String,
}

fn known_migrations() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

fn no_newer<'a>(mut applied: impl Iterator<Item = &'a str>) -> Result<(), OpenError> {
    let known = known_migrations();
    let newer = applied.find(|applied| !known.iter().any(|known| known == applied));
    newer.map_or(Ok(()), |newer| Err(OpenError::NewerVersion(newer.to_owned())))
}

async fn write_with_retry<T, E, F>(write: &DatabaseConnection, work: &F) -> Result<T, E>
where
    F: for<'t> Fn(&'t DatabaseTransaction) -> TxFuture<'t, T, E>,
    E: From<DbErr> + Error + 'static,
{
    let start = Instant::now();
    let looks_on = |error: &(dyn Error + 'static)| {
        is_gone(error) && start.elapsed() < PATIENCE_WITHOUT_PRIMARY
    };
    let (mut tried, mut turns) = (1, 1);
    loop {
        let tx = match write.begin_with_options(TransactionOptions::default()).await {
            Ok(tx) => tx,
            Err(error) if looks_on(&error) => {
                sleep(BEFORE_THE_NEXT_TRY).await;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let value = match work(&tx).await {
            Ok(value) => value,
            Err(error) if looks_on(&error) => {
                drop(tx);
                sleep(BEFORE_THE_NEXT_TRY).await;
                continue;
            }
            Err(error) => {
                tx.rollback().await?;
                if is_out_of_turn(&error) && turns < TURNS {
                    turns += 1;
                    continue;
                }
                if may_try_again(tried, &error) {
                    figures::tried_again();
                    tried += 1;
                    continue;
                }
                return Err(error);
            }
        };
        // Of a commit that breaks nobody knows whether it came to be: whoever sent it sends it
        // again, and is told then.
        match tx.commit().await {
            Ok(()) => {
                figures::committed(1, true);
                return Ok(value);
            }
            Err(error) if may_try_again(tried, &error) => {
                figures::tried_again();
                tried += 1;
            }
            Err(error) => {
                figures::committed(1, false);
                return Err(error.into());
            }
        }
    }
}

/// A statement with `$1` placeholders, which both databases understand.
pub(crate) fn sql<C: ConnectionTrait>(
    db: &C,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}

/// All rows of a query as structs.
pub(crate) async fn all<T: FromQueryResult, C: ConnectionTrait>(
    db: &C,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, DbErr> {
    T::find_by_statement(sql(db, text, values)).all(db).await
}

/// The first row of a query, if there is one.
pub(crate) async fn one<T: FromQueryResult, C: ConnectionTrait>(
    db: &C,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, DbErr> {
    T::find_by_statement(sql(db, text, values)).one(db).await
}

/// Runs one statement and gives the number of rows that it changed.
pub(crate) async fn run<C: ConnectionTrait>(
    db: &C,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    Ok(db.execute_raw(sql(db, text, values)).await?.rows_affected())
}
