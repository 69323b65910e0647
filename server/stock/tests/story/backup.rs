//! Books are backed up into a file, and restored from it into the same or the other database.

use crate::books::{Books, On, elsewhere, on_both};
use crate::consignments::road::{Road, pieces};
use crate::enforcement::full_books::FullBooks;
use domain::ledger::Reason;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use domain::records::packs::OpenPack;
use domain::records::{Envelope, Occurred};
use domain::role::Role;
use domain::time::Day;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use stock::backup::{BackupError, restore};
use stock::packs::PackState;
use stock::whereabouts::HoldingFilter;
use stock::{Stock, Submission};

on_both!(
    books_go_through_a_file_into_the_same_database,
    a_copy_that_is_not_right_is_not_kept,
    when_it_was_done_is_noted,
    what_a_crash_left_beside_the_books_is_in_the_way,
    books_of_a_clock_that_was_set_back_are_backed_up,
);

mod postgres_and_sqlite {
    #[test]
    fn books_outgrow_their_file() {
        super::tell_across(super::On::Sqlite, super::On::Postgres);
    }

    #[test]
    fn books_go_back_into_a_file() {
        super::tell_across(super::On::Postgres, super::On::Sqlite);
    }
}

fn tell_across(from: On, to: On) {
    crate::books::tell(from, move |books| goes(books, to));
}

async fn books_go_through_a_file_into_the_same_database(books: Arc<Books>) {
    let on = if books.url.starts_with("sqlite:") { On::Sqlite } else { On::Postgres };
    goes(books, on).await;
}

/// A file in a folder of its own.
struct File(PathBuf);

impl File {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("tawzi_backup_{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder.join("backup.sqlite"))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    /// The names of what stands in its folder.
    fn beside(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.0.parent().unwrap()).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_dir_all(self.0.parent().unwrap()).unwrap();
    }
}

/// Ten pieces more are lost.
async fn lose(full: &FullBooks, stock: &Stock) {
    let road = &full.road;
    let body = StockChange {
        store: road.kabul,
        change: Change::Lost,
        reason: Reason::Stolen,
        lines: vec![BatchPieces { batch: road.batch, pieces: pieces(10) }],
    };
    stock.writer(&road.sender).change_stock(road.now(), body).await.unwrap();
}

async fn goes(books: Arc<Books>, to: On) {
    let full = FullBooks::build(books).await;
    let books = &full.road.books;
    while books.stock.seal_waiting().await.unwrap() > 0 {}
    let file = File::new();
    let kept = books.stock.back_up(file.path()).await.unwrap();
    assert_eq!(file.beside(), ["backup.sqlite"]);
    assert_eq!(kept.seal, books.stock.current_seal().await.unwrap());
    assert!(kept.records > 10 && kept.movements > 10 && kept.seal.is_some());
    let before = books.reads(&full.road.manager).holdings(&HoldingFilter::default()).await.unwrap();
    // What comes after the backup is not in it.
    lose(&full, &books.stock).await;
    elsewhere(to, |url| {
        let (full, file, kept, before) = (&full, &file, &kept, &before);
        async move {
            assert_eq!(&restore(file.path(), &url).await.unwrap(), kept);
            let again = restore(file.path(), &url).await;
            assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
            let world = full.road.books.world.clone();
            let stock = Stock::open(&url, world).await.unwrap();
            assert_eq!(&stock.current_seal().await.unwrap(), &kept.seal);
            let epoch = full.road.books.stock.epoch().await.unwrap();
            assert_ne!(stock.epoch().await.unwrap(), epoch, "phones are told");
            let reader = stock.reader(&full.road.manager);
            assert_eq!(&reader.holdings(&HoldingFilter::default()).await.unwrap(), before);
            // The books go on there, under the same rules.
            lose(full, &stock).await;
            assert_ne!(&reader.holdings(&HoldingFilter::default()).await.unwrap(), before);
            assert_eq!(stock.seal_waiting().await.unwrap(), 1);
            assert!(stock.verify(|_| ()).await.unwrap().is_clean());
            let raw = crate::enforcement::Raw::at(&url).await;
            let why = crate::enforcement::Why::Says("append only");
            raw.refuses("DELETE FROM line", why).await;
            raw.refuses("DELETE FROM books", why).await;
        }
    })
    .await;
}

async fn a_copy_that_is_not_right_is_not_kept(books: Arc<Books>) {
    let full = FullBooks::build(books).await;
    full.raw.does("UPDATE balance SET pieces = pieces + 1 WHERE pieces > 0").await;
    let file = File::new();
    let copied = full.road.books.stock.back_up(file.path()).await;
    assert!(matches!(copied, Err(BackupError::Wrong(_))), "{copied:?}");
    assert!(file.beside().is_empty(), "{:?}", file.beside());
}

async fn when_it_was_done_is_noted(books: Arc<Books>) {
    let stock = &books.stock;
    let file = File::new();
    let last = async || books.reads(&books.administrator).last_backup().await.unwrap().unwrap();
    let never = last().await;
    assert_eq!((never.backed_up_at, never.restored_at), (None, None));
    assert!(never.is_late(stock.world().now().day()));
    stock.back_up(file.path()).await.unwrap();
    stock.note_backup(false).await.unwrap();
    let first = last().await;
    assert_eq!((first.backed_up_at, first.restored_at), (Some(stock.world().now()), None));
    let day = stock.world().now().day();
    assert!(!first.is_late(Day(day.0 + 7)) && first.is_late(Day(day.0 + 8)));
    let manager = books.staff(Role::Manager);
    assert_eq!(books.reads(&manager).last_backup().await.unwrap(), None);
    books.world.wait_ms(1_000);
    stock.test_restore(file.path()).await.unwrap();
    assert_eq!(file.beside(), ["backup.sqlite"]);
    stock.note_backup(true).await.unwrap();
    let tried = last().await;
    assert_eq!(
        (tried.backed_up_at, tried.restored_at),
        (Some(stock.world().now()), Some(stock.world().now()))
    );
    let again = stock.back_up(file.path()).await;
    assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
}

/// SQLite would replay such a file over the books that were restored beside it.
async fn what_a_crash_left_beside_the_books_is_in_the_way(books: Arc<Books>) {
    let file = File::new();
    books.stock.back_up(file.path()).await.unwrap();
    let place = file.path().with_file_name("tawzi.sqlite");
    let url = format!("sqlite:{}", place.display());
    for beside in ["-wal", "-shm", "-journal"] {
        let left = PathBuf::from(format!("{}{beside}", place.display()));
        std::fs::write(&left, "what a crash left").unwrap();
        let refused = restore(file.path(), &url).await;
        let Err(BackupError::NotEmpty(path)) = refused else { panic!("{refused:?}") };
        assert_eq!(Path::new(&path), left);
        std::fs::remove_file(&left).unwrap();
    }
    restore(file.path(), &url).await.unwrap();
}

async fn books_of_a_clock_that_was_set_back_are_backed_up(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (stock, world) = (&road.books.stock, &road.books.world);
    let file = File::new();
    for (hours, &(pack, _)) in [1, 1, 72].into_iter().zip(&road.cartons) {
        world.wait_ms(-hours * 60 * 60_000);
        let typed = Envelope::typed(road.books.id(), Occurred::AtDeviceTime, stock.world().now());
        let body = OpenPack { pack, found: None };
        stock.writer(&road.sender).open_pack(Submission::new(typed), body).await.unwrap();
        let detail = stock.reader(&road.sender).pack(pack).await.unwrap().unwrap();
        let told: Vec<PackState> = detail.history.iter().map(|said| said.state).collect();
        assert_eq!(told, [PackState::Opened, PackState::Sealed], "the newest first");
        while stock.seal_waiting().await.unwrap() > 0 {}
        road.verify().await;
    }
    stock.back_up(file.path()).await.unwrap();
}
