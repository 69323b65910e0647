//! Writes that wait at the same moment share a commit.
//!
//! SQLite has one writer, and what a small write waits for is the disk: the commit. So one task
//! owns the connection that writes. It takes whatever waits, runs one after the other, commits once,
//! and then answers: nobody hears of success before it is on disk. Few writes are refused. Where one
//! of several is, all is taken back and they run again, each behind a savepoint, so that a refusal
//! takes back only its own. No constraint is deferred to the commit, so that it fails for the disk's
//! reasons only, and then for everybody in it.

use super::TxFuture;
use crate::figures;
use futures_util::FutureExt;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::thread;
use tokio::runtime;
use tokio::sync::{mpsc, oneshot};

/// The most writes in one commit: the first of them waits for the last.
const MOST: usize = 64;

/// The queue of those who want to write. The task that serves it ends with its last handle.
#[derive(Clone)]
pub(super) struct Group {
    waiting: mpsc::UnboundedSender<Box<dyn Job>>,
}

/// A write in the queue.
trait Job: Send {
    /// Runs it, and says why its changes are not to stay, if so.
    fn run<'j>(&'j mut self, tx: &'j DatabaseTransaction) -> BoxFuture<'j, Result<(), String>>;

    /// Answers whoever waits, with why the commit failed if it did.
    fn answer(self: Box<Self>, failed: Option<&Arc<DbErr>>);
}

type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

struct Waiting<F, T, E> {
    work: F,
    result: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Waiting<F, T, E>
where
    F: for<'t> Fn(&'t DatabaseTransaction) -> TxFuture<'t, T, E> + Send + Sync,
    T: Send,
    E: From<DbErr> + std::error::Error + Send,
{
    fn run<'j>(&'j mut self, tx: &'j DatabaseTransaction) -> BoxFuture<'j, Result<(), String>> {
        Box::pin(async move {
            let ended = AssertUnwindSafe((self.work)(tx)).catch_unwind().await;
            let result = ended.unwrap_or_else(|_| Err(failed("a write panicked").into()));
            let stays = result.as_ref().map(drop).map_err(E::to_string);
            self.result = Some(result);
            stays
        })
    }

    fn answer(self: Box<Self>, why: Option<&Arc<DbErr>>) {
        let Self { result, caller, .. } = *self;
        let result = match (result, why) {
            // What was refused is refused, whatever became of the others.
            (Some(Err(error)), _) => Err(error),
            (_, Some(why)) => Err(shared(why).into()),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(failed("a write was not run").into()),
        };
        // Whoever hung up meanwhile changes nothing: the write is in the books.
        drop(caller.send(result));
    }
}

impl Group {
    /// Opens the connection that writes, and the queue for it.
    pub(super) async fn open(options: ConnectOptions) -> Result<(Self, DatabaseConnection), DbErr> {
        let (waiting, queue) = mpsc::unbounded_channel();
        let (opened, connection) = oneshot::channel();
        let builder = thread::Builder::new().name("writer".to_owned());
        builder.spawn(move || write(options, opened, queue)).map_err(|why| no_thread(&why))?;
        let connection = connection.await.unwrap_or_else(|_| Err(failed("the writer ended")))?;
        Ok((Self { waiting }, connection))
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t DatabaseTransaction) -> TxFuture<'t, T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbErr> + std::error::Error + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Waiting { work, result: None, caller });
        if self.waiting.send(job).is_err() {
            return Err(failed("nobody writes any more").into());
        }
        answer.await.unwrap_or_else(|_| Err(failed("a write was dropped").into()))
    }
}

/// The thread of those who write. SQLite has one as well, which each statement goes to and comes
/// back from. While one of the two works the other waits, so they share a processor: waking up
/// another one costs more than most statements do.
fn write(
    options: ConnectOptions,
    opened: oneshot::Sender<Result<DatabaseConnection, DbErr>>,
    queue: mpsc::UnboundedReceiver<Box<dyn Job>>,
) {
    super::processor::stay();
    // Before it sleeps, it lets SQLite's thread go on: until that has done all of a statement, so that
    // neither wakes the other one for each row.
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .on_thread_park(thread::yield_now)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(why) => return drop(opened.send(Err(no_thread(&why)))),
    };
    runtime.block_on(async {
        let connected = Database::connect(options).await;
        let connection = connected.as_ref().ok().cloned();
        drop(opened.send(connected));
        if let Some(connection) = connection {
            serve(&connection, queue).await;
        }
    });
}

async fn serve(connection: &DatabaseConnection, mut queue: mpsc::UnboundedReceiver<Box<dyn Job>>) {
    let mut jobs = Vec::with_capacity(MOST);
    while queue.recv_many(&mut jobs, MOST).await > 0 {
        let committed = together(connection, &mut jobs).await;
        figures::committed(jobs.len(), committed.is_ok());
        let why = committed.err().map(Arc::new);
        for job in jobs.drain(..) {
            job.answer(why.as_ref());
        }
    }
}

/// Runs the jobs in one transaction and commits what stays.
async fn together(connection: &DatabaseConnection, jobs: &mut [Box<dyn Job>]) -> Result<(), DbErr> {
    let tx = begin(connection).await?;
    let mut refused = false;
    for job in &mut *jobs {
        refused = job.run(&tx).await.is_err();
        if refused {
            break;
        }
    }
    if !refused {
        return tx.commit().await;
    }
    // A full disk has taken it back already.
    drop(tx.rollback().await);
    if jobs.len() > 1 { each_by_itself(connection, jobs).await } else { Ok(()) }
}

/// The same, where one that is refused takes back only its own.
async fn each_by_itself(
    connection: &DatabaseConnection,
    jobs: &mut [Box<dyn Job>],
) -> Result<(), DbErr> {
    let tx = begin(connection).await?;
    for (n, job) in jobs.iter_mut().enumerate() {
        let mark = if n == 0 { "SAVEPOINT job" } else { "RELEASE job; SAVEPOINT job" };
        tx.execute_unprepared(mark).await?;
        if let Err(why) = job.run(&tx).await {
            // A full disk takes the whole transaction back, and with it the savepoint: what failed
            // there is why the others fail too.
            let undone = tx.execute_unprepared("ROLLBACK TO job").await;
            undone.map_err(|_| failed(&why))?;
        }
    }
    tx.commit().await
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await
}

fn failed(text: &str) -> DbErr {
    DbErr::Custom(text.to_owned())
}

fn no_thread(why: &std::io::Error) -> DbErr {
    failed(&format!("there is no thread to write in: {why}"))
}

/// One error for several: its text keeps what tells a full disk from other trouble.
fn shared(error: &Arc<DbErr>) -> DbErr {
    DbErr::Custom(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Value;
    use tokio::sync::Notify;

    type Ended = Result<i64, DbErr>;

    async fn insert(tx: &DatabaseTransaction, n: i64) -> Ended {
        let text = "INSERT INTO number (n) VALUES ($1)";
        super::super::run(tx, text, [Value::from(n)]).await?;
        Ok(n)
    }

    fn job<F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Ended>)
    where
        F: for<'t> Fn(&'t DatabaseTransaction) -> TxFuture<'t, i64, DbErr> + Send + Sync + 'static,
    {
        let (caller, answer) = oneshot::channel();
        (Box::new(Waiting { work, result: None, caller }), answer)
    }

    async fn group(tables: &str) -> (Group, DatabaseConnection) {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let (group, connection) = Group::open(options).await.unwrap();
        connection.execute_unprepared(tables).await.unwrap();
        (group, connection)
    }

    async fn numbers(connection: &DatabaseConnection) -> Vec<i64> {
        let text = "SELECT n FROM number ORDER BY n";
        let rows = connection.query_all_raw(super::super::sql(connection, text, [])).await.unwrap();
        rows.iter().map(|row| row.try_get("", "n").unwrap()).collect()
    }

    #[tokio::test]
    async fn of_writes_that_wait_together_each_fails_alone() {
        let (group, connection) = group("CREATE TABLE number (n bigint UNIQUE)").await;
        let (begun, goes_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let first = {
            let (group, begun, goes_on) = (group.clone(), begun.clone(), goes_on.clone());
            tokio::spawn(async move {
                let ended: Ended = group
                    .write(move |tx| {
                        let (begun, goes_on) = (begun.clone(), goes_on.clone());
                        Box::pin(async move {
                            begun.notify_one();
                            goes_on.notified().await;
                            insert(tx, 1).await
                        })
                    })
                    .await;
                ended
            })
        };
        begun.notified().await;
        // These wait while the first one writes, and share the next commit.
        let good = group.write(|tx| -> TxFuture<'_, i64, DbErr> { Box::pin(insert(tx, 2)) });
        let taken = group.write(|tx| -> TxFuture<'_, i64, DbErr> {
            Box::pin(async move {
                insert(tx, 3).await?;
                insert(tx, 2).await
            })
        });
        let panics = group.write(|tx| -> TxFuture<'_, i64, DbErr> {
            Box::pin(async move {
                insert(tx, 4).await?;
                panic!("a mistake of ours")
            })
        });
        let last = group.write(|tx| -> TxFuture<'_, i64, DbErr> { Box::pin(insert(tx, 5)) });
        let release = async { goes_on.notify_one() };
        let (good, taken, panics, last, ()) = tokio::join!(good, taken, panics, last, release);
        assert_eq!(first.await.unwrap().unwrap(), 1);
        assert_eq!((good.unwrap(), last.unwrap()), (2, 5));
        assert!(taken.unwrap_err().to_string().contains("UNIQUE"));
        assert!(panics.unwrap_err().to_string().contains("panicked"));
        assert_eq!(numbers(&connection).await, [1, 2, 5]);
    }

    #[tokio::test]
    async fn one_that_comes_alone_and_fails_leaves_nothing() {
        let (group, connection) = group("CREATE TABLE number (n bigint UNIQUE)").await;
        let taken = group.write(|tx| -> TxFuture<'_, i64, DbErr> {
            Box::pin(async move {
                insert(tx, 1).await?;
                insert(tx, 1).await
            })
        });
        assert!(taken.await.unwrap_err().to_string().contains("UNIQUE"));
        let next = group.write(|tx| -> TxFuture<'_, i64, DbErr> { Box::pin(insert(tx, 2)) });
        assert_eq!(next.await.unwrap(), 2);
        assert_eq!(numbers(&connection).await, [2]);
    }

    #[tokio::test]
    async fn what_ends_the_transaction_of_all_is_told_to_all() {
        let connection = Database::connect("sqlite::memory:").await.unwrap();
        connection.execute_unprepared("CREATE TABLE number (n bigint UNIQUE)").await.unwrap();
        let good = || job(|tx| Box::pin(insert(tx, 1)));
        // As SQLite does by itself when the disk is full in the middle of a statement.
        let full = job(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("ROLLBACK").await?;
                Err(failed("database or disk is full"))
            })
        });
        let (mut jobs, answers): (Vec<_>, Vec<_>) = [good(), full, good()].into_iter().unzip();
        let why = Arc::new(together(&connection, &mut jobs).await.unwrap_err());
        for job in jobs {
            job.answer(Some(&why));
        }
        for answer in answers {
            let error = answer.await.unwrap().unwrap_err();
            assert!(crate::is_storage_full(&error), "{error}");
        }
        assert!(numbers(&connection).await.is_empty());
        // The connection is as good as new.
        let (next, answer) = job(|tx| Box::pin(insert(tx, 7)));
        let mut jobs = [next];
        together(&connection, &mut jobs).await.unwrap();
        for job in jobs {
            job.answer(None);
        }
        assert_eq!(answer.await.unwrap().unwrap(), 7);
        assert_eq!(numbers(&connection).await, [7]);
    }

    #[tokio::test]
    async fn when_the_commit_fails_nobody_is_told_of_success() {
        let tables = "PRAGMA foreign_keys = ON; CREATE TABLE number (n bigint PRIMARY KEY,
            other bigint REFERENCES number (n) DEFERRABLE INITIALLY DEFERRED)";
        let (group, connection) = group(tables).await;
        let broken = group.write(|tx| -> TxFuture<'_, (), DbErr> {
            Box::pin(async move {
                tx.execute_unprepared("INSERT INTO number VALUES (1, 99)").await?;
                Ok(())
            })
        });
        assert!(broken.await.unwrap_err().to_string().contains("FOREIGN KEY"));
        assert!(numbers(&connection).await.is_empty());
        // The connection is as good as new.
        let next = group.write(|tx| -> TxFuture<'_, i64, DbErr> { Box::pin(insert(tx, 7)) });
        assert_eq!(next.await.unwrap(), 7);
        assert_eq!(numbers(&connection).await, [7]);
    }
}
