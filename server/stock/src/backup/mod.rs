//! Backups: one SQLite file with all of the books, whichever database they are in. The same file
//! restores into either, and so carries the books from one to the other.
//!
//! A backup has its name only when it is whole, on disk and proved; books are restored only where
//! there are none.

mod carry;

use crate::world::{SystemWorld, World};
use crate::{Db, OpenError, Reader, Stock, db};
use domain::records::seal::PrintedSeal;
use domain::role::Permission;
use domain::time::{Day, Millis};
use sea_orm::{DatabaseTransaction, DbBackend, DbErr, FromQueryResult};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// How many days of work may be in danger before the administrator is told.
const MOST_DAYS: i32 = 7;

/// Why books are not backed up or restored; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} exists already; a backup never overwrites")]
    Exists(String),
    #[error("there is no backup at {0}")]
    NoFile(String),
    #[error("{0} is there already; restore into an empty place")]
    NotEmpty(String),
    #[error(
        "the copy is not right ({0}), so that it was not kept; run `tawzi verify` on the books"
    )]
    Wrong(String),
    #[error("{path} cannot be written: {reason}")]
    File { path: String, reason: io::Error },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

/// What a backup holds, or what was restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    pub records: i64,
    pub movements: i64,
    /// The newest seal; `None` while nothing is sealed.
    pub seal: Option<PrintedSeal>,
}

/// When the books were last backed up, and when a backup of them was last restored as a test.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LastBackup {
    pub backed_up_at: Option<Millis>,
    pub restored_at: Option<Millis>,
}

impl LastBackup {
    /// Whether it is time for another one.
    pub fn is_late(self, today: Day) -> bool {
        self.backed_up_at.is_none_or(|at| today.0 - at.day().0 > MOST_DAYS)
    }
}

impl Reader<'_> {
    /// `None` for those who do not look after the books as a whole.
    pub async fn last_backup(&self) -> Result<Option<LastBackup>, DbErr> {
        if !self.actor.role.may(Permission::ManageAccounts) {
            return Ok(None);
        }
        let BooksRow { backed_up_at, restored_at, .. } = self.stock.books().await?;
        let at = |at: Option<i64>| at.map(Millis);
        Ok(Some(LastBackup { backed_up_at: at(backed_up_at), restored_at: at(restored_at) }))
    }
}

#[derive(FromQueryResult)]
struct BooksRow {
    epoch: Uuid,
    backed_up_at: Option<i64>,
    restored_at: Option<i64>,
}

impl Stock {
    /// Copies the books into a new file while they are in use, and proves the copy.
    pub async fn back_up(&self, to: &Path) -> Result<Kept, BackupError> {
        if to.exists() {
            return Err(BackupError::Exists(to.display().to_string()));
        }
        let part = Part::beside(to)?;
        if self.db.backend() == DbBackend::Postgres {
            let tables = Part::beside(to)?;
            let copy = Db::open(&tables.url()).await?;
            carry::to_sqlite(&self.db.snapshot().await?, &copy).await?;
            vacuum(&copy, &part.0).await?;
            copy.close().await?;
        } else {
            vacuum(&self.db, &part.0).await?;
        }
        let kept = match self.require_this_version().await {
            Ok(()) => prove(&part.url()).await?,
            // Books are backed up before they are brought up to date: then a copy is, and is proved.
            Err(OpenError::OlderVersion(_)) => restored(&part.0, &Part::beside(to)?).await?,
            Err(error) => return Err(error.into()),
        };
        part.become_file(to)?;
        Ok(kept)
    }

    /// Restores a backup beside it and proves what came of it, then clears it away.
    pub async fn test_restore(&self, backup: &Path) -> Result<Kept, BackupError> {
        let trial = Part::beside(backup)?;
        restored(backup, &trial).await
    }

    /// Notes for the administrator's front page what was done; `restored` after a test.
    pub async fn note_backup(&self, restored: bool) -> Result<(), DbErr> {
        let now = self.world.now().0;
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let at = if restored { ", restored_at = $1" } else { "" };
                    let text = format!("UPDATE books SET backed_up_at = $1{at}");
                    db::run(tx, &text, [now.into()]).await.map(drop)
                })
            })
            .await
    }

    /// What the books are called until they are next restored.
    pub async fn epoch(&self) -> Result<Uuid, DbErr> {
        Ok(self.books().await?.epoch)
    }

    async fn books(&self) -> Result<BooksRow, DbErr> {
        let text = "SELECT epoch, backed_up_at, restored_at FROM books";
        let row = db::one(self.db.read(), text, []).await?;
        row.ok_or_else(|| DbErr::RecordNotFound("the row of books".to_owned()))
    }
}

/// Restores a backup into an empty place: `sqlite:PATH` without a file, or an empty database of
/// PostgreSQL.
pub async fn restore(backup: &Path, url: &str) -> Result<Kept, BackupError> {
    let Some(path) = url.strip_prefix("sqlite:").map(Path::new) else {
        return restore_into_postgres(backup, url).await;
    };
    // SQLite would replay a log that a crash left over the restored file.
    let left = [path.to_owned()].into_iter().chain(BESIDES.map(|name| beside(path, name)));
    for file in left {
        if file.exists() {
            return Err(BackupError::NotEmpty(file.display().to_string()));
        }
    }
    let part = Part::beside(path)?;
    let kept = restored(backup, &part).await?;
    part.become_file(path)?;
    Ok(kept)
}

async fn restore_into_postgres(backup: &Path, url: &str) -> Result<Kept, BackupError> {
    let to = Db::connect(url).await?;
    if !carry::is_empty(&to).await? {
        return Err(BackupError::NotEmpty("a table".to_owned()));
    }
    // Through a file that is brought up to date: the backup itself stays as it is.
    let part = Part::beside(backup)?;
    restored(backup, &part).await?;
    to.migrate().await?;
    let from = Db::connect_to_read(&part.url()).await?;
    carry::to_postgres(&from, &to).await?;
    from.close().await?;
    prove(url).await
}

/// A backup as books of this version and of a new epoch, proved.
async fn restored(backup: &Path, to: &Part) -> Result<Kept, BackupError> {
    if !backup.is_file() {
        return Err(BackupError::NoFile(backup.display().to_string()));
    }
    let file = Db::connect_to_read(&format!("sqlite:{}", backup.display())).await?;
    vacuum(&file, &to.0).await?;
    file.close().await?;
    let books = Db::open(&to.url()).await?;
    books.write(|tx| Box::pin(begin_anew(tx))).await?;
    books.close().await?;
    prove(&to.url()).await
}

async fn begin_anew(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    // Whoever signed out after the backup stays out: everybody signs in again.
    db::run(tx, "DELETE FROM session", []).await?;
    db::run(tx, "DELETE FROM door_count", []).await?;
    let text = "UPDATE books SET epoch = $1, backed_up_at = NULL, restored_at = NULL";
    db::run(tx, text, [random_id().into()]).await.map(drop)
}

fn random_id() -> Uuid {
    let mut bytes = [0; 16];
    SystemWorld.fill_random(&mut bytes);
    Uuid::from_bytes(bytes)
}

async fn vacuum(from: &Db, to: &Path) -> Result<(), BackupError> {
    let target = to.display().to_string();
    db::run(from.read(), "VACUUM INTO $1", [target.into()]).await?;
    Ok(())
}

async fn prove(url: &str) -> Result<Kept, BackupError> {
    let stock = Stock::open_to_read(url, Arc::new(SystemWorld)).await?;
    let report = stock.verify(|_| ()).await?;
    let seal = stock.current_seal().await?;
    stock.close().await?;
    if let Some(wrong) = report.findings.first() {
        return Err(BackupError::Wrong(format!("{}: {}", wrong.check.title(), wrong.row)));
    }
    Ok(Kept { records: report.records, movements: report.movements, seal })
}

/// What SQLite keeps beside a file while it is open.
const BESIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

fn beside(file: &Path, name: &str) -> PathBuf {
    let mut path = file.to_owned().into_os_string();
    path.push(name);
    path.into()
}

/// A file that is not whole yet. Cleared away unless it gets its name.
struct Part(PathBuf);

impl Part {
    fn beside(whole: &Path) -> Result<Self, BackupError> {
        let mut name = whole.file_name().unwrap_or_default().to_owned();
        name.push(format!(".part-{}", random_id().simple()));
        let part = Self(whole.with_file_name(name));
        let failed = |reason| file_error(&part.0, reason);
        // What is wrong with the folder is said in the system's words; SQLite would only say that
        // it cannot open the file. It takes an empty file for none.
        std::fs::File::create_new(&part.0).map_err(failed)?;
        Ok(part)
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.0.display())
    }

    /// Gives the file its name once it is on disk.
    fn become_file(self, whole: &Path) -> Result<(), BackupError> {
        let failed = |reason| file_error(whole, reason);
        std::fs::File::open(&self.0).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&self.0, whole).map_err(failed)?;
        let folder = whole.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After it got its name there is nothing left to remove.
        let _ = std::fs::remove_file(&self.0);
        for name in BESIDES {
            let _ = std::fs::remove_file(beside(&self.0, name));
        }
    }
}

fn file_error(path: &Path, reason: io::Error) -> BackupError {
    BackupError::File { path: path.display().to_string(), reason }
}
