//! How many records a second the books take from this process, without HTTP, and how many the same
//! rows are written in, as sets and without asking anything.
//!
//! `cargo run --release -p stock --example storage -- FILE [CLIENTS [EACH]]`: FILE is a
//! `tawzi.sqlite` of `tawzi demo --movements 10000` that no program has open. Drops are posted to a
//! copy of it; their rows are then written to another copy, in groups of as many as there are
//! clients.

use domain::events::PublicPlace;
use domain::ids::{OrgId, UserId};
use domain::pieces::Pieces;
use domain::records::events::{Goods, LeaveInPublic};
use domain::records::{Envelope, Occurred};
use domain::role::{Actor, PlaceCode, Role, Scope};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    FromQueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use stock::world::SystemWorld;
use stock::{Stock, Submission};
use uuid::Uuid;

type Done<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(FromQueryResult)]
struct Shelf {
    store_id: Uuid,
    place_code: String,
    material_id: Uuid,
}

#[derive(FromQueryResult)]
struct Person {
    id: Uuid,
    org_id: Uuid,
}

/// Shelves with many pieces of an edition that nobody asks about, one a store.
const SHELVES: &str = "SELECT s.id AS store_id, s.place_code, MIN(t.material_id) AS material_id
     FROM store s JOIN account a ON a.kind = 'store' AND NOT a.shadow AND a.owner_id = s.id
     JOIN balance b ON b.account_id = a.id AND b.pieces > 2000
     JOIN batch t ON t.id = b.batch_id
     WHERE NOT EXISTS (SELECT 1 FROM recall c WHERE c.material_id = t.material_id)
     GROUP BY s.id, s.place_code ORDER BY s.id";

#[tokio::main]
async fn main() -> Done<()> {
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("the file with the books")?);
    let clients: usize = arguments.next().as_deref().unwrap_or("64").parse()?;
    let each: usize = arguments.next().as_deref().unwrap_or("30").parse()?;
    let [posted, written] = ["posted", "written"].map(|name| file.with_extension(name));
    for copy in [&posted, &written] {
        std::fs::copy(&file, copy)?;
    }
    let (ids, posting) = post(&posted, clients, each).await?;
    println!("Stock: {posting:.0} records a second");
    let writing = write(&written, &posted, &ids, clients).await?;
    println!("their rows as sets of {clients}: {writing:.0} records a second");
    println!("Stock takes {:.2} of that", posting / writing);
    for copy in [posted, written] {
        std::fs::remove_file(copy)?;
    }
    Ok(())
}

fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

async fn all<T: FromQueryResult>(db: &DatabaseConnection, text: &str) -> Done<Vec<T>> {
    let ask = Statement::from_string(db.get_database_backend(), text);
    Ok(T::find_by_statement(ask).all(db).await?)
}

/// Posts drops of one piece and gives their ids, in groups as they came, and how many a second.
async fn post(file: &Path, clients: usize, each: usize) -> Done<(Vec<Uuid>, f64)> {
    let db = Database::connect(url(file)).await?;
    let shelves: Vec<Shelf> = all(&db, SHELVES).await?;
    let managers = all(&db, "SELECT id, org_id FROM person WHERE login = 'manager'").await?;
    db.close().await?;
    let Person { id, org_id } = managers.into_iter().next().ok_or("nobody manages these books")?;
    let (user, org) = (UserId::new(id), OrgId::new(org_id));
    let actor = Actor { user, org, role: Role::Manager, scope: Scope::Everything };
    let one = Pieces::new(1)?;
    let stock = Stock::open(&url(file), Arc::new(SystemWorld)).await?;
    let start = Instant::now();
    let posting = shelves.iter().cycle().take(clients).map(|shelf| {
        let (stock, actor) = (stock.clone(), actor.clone());
        let body = LeaveInPublic {
            store: shelf.store_id.into(),
            place: PlaceCode::new(shelf.place_code.clone()),
            kind: PublicPlace::Clinic,
            places: Some(1),
            goods: Goods {
                packs: Vec::new(),
                batches: Vec::new(),
                materials: vec![(shelf.material_id.into(), one)],
            },
        };
        tokio::spawn(async move {
            let mut ids = Vec::with_capacity(each);
            for _ in 0..each {
                let world = stock.world();
                let id = world.new_id();
                let envelope = Envelope::typed(id.into(), Occurred::AtDeviceTime, world.now());
                let submission = Submission::confirmed(envelope);
                stock.writer(&actor).leave_in_public(submission, body.clone()).await?;
                ids.push(id);
            }
            Done::Ok(ids)
        })
    });
    let mut ids = Vec::with_capacity(clients * each);
    for posted in posting.collect::<Vec<_>>() {
        ids.extend(posted.await??);
    }
    let seconds = start.elapsed().as_secs_f64();
    stock.close().await?;
    // As they came, or nearly: a UUIDv7 begins with its moment.
    ids.sort_unstable();
    let posted = ids.len() as f64;
    Ok((ids, posted / seconds))
}

/// What a drop of one piece writes, for those whose ids are in `these`. SQLite keeps the order of
/// cross joins: from these to their rows.
const ROWS: [&str; 12] = [
    "INSERT INTO record SELECT d.* FROM these t CROSS JOIN done.record d ON d.id = t.id",
    "UPDATE counter SET last = counter.last + n.drops FROM (SELECT 'D-' || s.short_name AS name,
        COUNT(*) AS drops FROM these t CROSS JOIN done.drop_off d ON d.id = t.id
        CROSS JOIN store s ON s.id = d.store_id GROUP BY s.id) n WHERE counter.name = n.name",
    "INSERT INTO drop_off SELECT d.* FROM these t CROSS JOIN done.drop_off d ON d.id = t.id",
    "INSERT INTO account SELECT d.* FROM these t CROSS JOIN done.account d ON d.owner_id = t.id",
    "INSERT INTO movement SELECT d.* FROM these t CROSS JOIN done.movement d ON d.record_id = t.id",
    "INSERT INTO line SELECT d.* FROM these t CROSS JOIN movement m ON m.record_id = t.id
        CROSS JOIN done.line d ON d.movement_id = m.id",
    "INSERT INTO balance SELECT d.* FROM these t CROSS JOIN account a ON a.owner_id = t.id
        CROSS JOIN done.balance d ON d.account_id = a.id",
    "UPDATE balance SET pieces = balance.pieces - n.pieces FROM (SELECT l.from_id, l.batch_id,
        SUM(l.pieces) AS pieces FROM these t CROSS JOIN movement m ON m.record_id = t.id
        CROSS JOIN line l ON l.movement_id = m.id GROUP BY l.from_id, l.batch_id) n
        WHERE balance.account_id = n.from_id AND balance.batch_id = n.batch_id",
    "INSERT INTO month_flow SELECT m.booked_month, d.store_id, b.material_id, 'given',
            SUM(l.pieces) AS pieces
        FROM these t CROSS JOIN movement m ON m.record_id = t.id CROSS JOIN drop_off d ON d.id = t.id
        CROSS JOIN line l ON l.movement_id = m.id CROSS JOIN batch b ON b.id = l.batch_id
        WHERE TRUE GROUP BY m.booked_month, d.store_id, b.material_id ON CONFLICT DO UPDATE SET pieces = month_flow.pieces + excluded.pieces",
    "INSERT INTO month_closing SELECT c.* FROM (SELECT DISTINCT m.booked_month, d.store_id,
            b.material_id FROM these t CROSS JOIN movement m ON m.record_id = t.id
            CROSS JOIN drop_off d ON d.id = t.id CROSS JOIN line l ON l.movement_id = m.id
            CROSS JOIN batch b ON b.id = l.batch_id) n
        CROSS JOIN done.month_closing c ON c.holder_id = n.store_id AND c.material_id = n.material_id
            AND c.hand = 'in_store' AND c.booked_month IN (0, n.booked_month)
        WHERE TRUE ON CONFLICT DO UPDATE SET pieces = excluded.pieces",
    "INSERT INTO batch_assumed SELECT d.* FROM these t CROSS JOIN done.batch_assumed d
        ON d.record_id = t.id",
    "INSERT INTO record_outcome SELECT d.* FROM these t CROSS JOIN done.record_outcome d
        ON d.record_id = t.id",
];

/// Writes the rows of these records to `file` from where they were posted; how many records a
/// second.
async fn write(file: &Path, done: &Path, ids: &[Uuid], most: usize) -> Done<f64> {
    let mut options = ConnectOptions::new(url(file));
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("cache_size", "-8000")
    });
    let db = Database::connect(options).await?;
    db.execute_unprepared(&format!("ATTACH '{}' AS done", done.display())).await?;
    db.execute_unprepared("CREATE TEMP TABLE these (id blob PRIMARY KEY)").await?;
    let start = Instant::now();
    for group in ids.chunks(most) {
        let tx = db.begin_with_options(immediate()).await?;
        write_group(&tx, group).await?;
        tx.commit().await?;
    }
    let seconds = start.elapsed().as_secs_f64();
    db.close().await?;
    Ok(ids.len() as f64 / seconds)
}

fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

async fn write_group(tx: &DatabaseTransaction, ids: &[Uuid]) -> Done<()> {
    let marks = vec!["(?)"; ids.len()].join(", ");
    let these = format!("INSERT INTO these VALUES {marks}");
    let backend = tx.get_database_backend();
    tx.execute_unprepared("DELETE FROM these").await?;
    let ids = ids.iter().map(|id| (*id).into());
    tx.execute_raw(Statement::from_sql_and_values(backend, these, ids)).await?;
    for text in ROWS {
        tx.execute_raw(Statement::from_sql_and_values(backend, text, [])).await?;
    }
    Ok(())
}
