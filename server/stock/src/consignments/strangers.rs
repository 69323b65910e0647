//! Packs that came with a consignment and were never loaded on it.

use super::find::STANDS;
use super::shelf::kind;
use super::titles::{BatchTitle, titles};
use super::{DraftPack, Known};
use crate::query::Query;
use domain::code::Code;
use domain::consignment::{CountedLine, Parcel};
use domain::ids::{BatchId, ConsignmentId, PackId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A pack that somebody scanned where a consignment arrived, though it was not sent with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stranger {
    pub title: BatchTitle,
    pub pack: DraftPack,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct PackRow {
    id: Uuid,
    batch_id: Uuid,
    code: String,
    kind: String,
    number: i64,
    total: i64,
    nominal: i64,
}

/// The packs of a count that are sealed or looked for anywhere but on this road and in the
/// receiver's own store, where they would only have been scanned by mistake.
pub(super) async fn strangers(
    db: &impl ConnectionTrait,
    known: &Known,
    counted: &[CountedLine],
    parcels: &[Parcel],
) -> Result<Vec<Parcel>, DbErr> {
    let scanned = counted.iter().flat_map(|line| &line.packs);
    let strange: Vec<Uuid> = scanned
        .filter(|pack| !parcels.iter().any(|parcel| parcel.id == **pack))
        .map(|pack| pack.uuid())
        .collect();
    if strange.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<PackRow> = Query::new(
        "SELECT p.id, p.batch_id, p.code, p.kind, p.number, p.total, p.nominal
         FROM pack p JOIN pack_state s ON s.pack_id = p.id JOIN account a ON a.id = s.account_id
         WHERE s.state IN ('sealed', 'check') AND NOT (a.kind = 'store' AND a.owner_id = ",
    )
    .bind(known.to.id.uuid())
    .push(") AND p.id IN ")
    .list(strange)
    .push(" ORDER BY p.batch_id, p.kind, p.number, p.id")
    .all(db)
    .await?;
    let parcel = |row: PackRow| Parcel {
        id: row.id.into(),
        batch: row.batch_id.into(),
        kind: kind(&row.kind),
        nominal: row.nominal,
        full: row.nominal,
    };
    Ok(rows.into_iter().map(parcel).collect())
}

/// What standing counts of a consignment brought that was not loaded on it.
pub(super) async fn not_sent(
    db: &impl ConnectionTrait,
    id: ConsignmentId,
) -> Result<Vec<Stranger>, DbErr> {
    let rows: Vec<PackRow> = Query::new(
        "SELECT DISTINCT p.id, p.batch_id, p.code, p.kind, p.number, p.total, p.nominal
         FROM delivery d JOIN pack_event e ON e.record_id = d.record_id
         JOIN pack p ON p.id = e.pack_id
         WHERE NOT EXISTS (SELECT 1 FROM consignment_line l
            WHERE l.consignment_id = d.consignment_id AND l.pack_id = p.id) AND ",
    )
    .push(STANDS)
    .push(" AND d.rest IS NOT NULL AND d.consignment_id = ")
    .bind(id.uuid())
    .push(" ORDER BY p.batch_id, p.kind, p.number, p.id")
    .all(db)
    .await?;
    let titles = titles(db, rows.iter().map(|row| BatchId::new(row.batch_id))).await?;
    let stranger = |row: PackRow| {
        let pack = DraftPack {
            id: PackId::new(row.id),
            code: Code::parse(&row.code).ok()?,
            kind: kind(&row.kind),
            number: row.number,
            total: row.total,
        };
        let title = titles.get(&BatchId::new(row.batch_id))?.clone();
        Some(Stranger { title, pack, pieces: row.nominal })
    };
    Ok(rows.into_iter().filter_map(stranger).collect())
}
