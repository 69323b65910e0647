//! What other drafts of the same store want. Drafts keep nothing for themselves: whichever leaves
//! first takes it.

use super::find::find_sent;
use super::shelf::{Taken, TakenRow};
use super::{DraftError, Known};
use crate::access::Reader;
use crate::query::Query;
use domain::ids::ConsignmentId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// Pieces on another draft, of a batch of which the drafts together want more than there is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promised {
    pub title: String,
    pub other: ConsignmentId,
    pub other_number: String,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct PromisedRow {
    title: String,
    id: Uuid,
    number: String,
    pieces: i64,
}

/// The lines of other drafts that leave the same store on other journeys.
pub(super) async fn promised(
    db: &impl ConnectionTrait,
    draft: &Known,
) -> Result<Vec<Taken>, DbErr> {
    let rows: Vec<TakenRow> = Query::new(
        "SELECT l.batch_id, l.pack_id, l.pieces FROM consignment_line l
         JOIN consignment c ON c.id = l.consignment_id
         WHERE c.state = 'draft' AND c.from_store_id = ",
    )
    .bind(draft.from.id.uuid())
    .push(" AND c.trip_id <> ")
    .bind(draft.trip)
    .all(db)
    .await?;
    Ok(rows.into_iter().map(Taken::from).collect())
}

impl Reader<'_> {
    /// What is on a draft and cannot leave if the other drafts of its store leave before it.
    pub async fn promised(&self, id: ConsignmentId) -> Result<Vec<Promised>, DraftError> {
        let db = self.stock.db.read();
        let known = find_sent::<DraftError>(db, &self.actor, id).await?;
        let from = known.from.id.uuid();
        let rows: Vec<PromisedRow> = Query::new(
            "SELECT m.title, c.id, c.number, CAST(SUM(l.pieces) AS BIGINT) AS pieces
             FROM consignment_line l JOIN consignment c ON c.id = l.consignment_id
             JOIN batch b ON b.id = l.batch_id JOIN material m ON m.id = b.material_id
             WHERE c.state = 'draft' AND c.from_store_id = ",
        )
        .bind(from)
        .push(" AND c.id <> ")
        .bind(id.uuid())
        .push(
            " AND l.batch_id IN (SELECT w.batch_id FROM consignment_line w
                JOIN consignment d ON d.id = w.consignment_id
                WHERE d.state = 'draft' AND d.from_store_id = ",
        )
        .bind(from)
        .push(" GROUP BY w.batch_id HAVING SUM(CASE WHEN d.id = ")
        .bind(id.uuid())
        .push(
            " THEN 1 ELSE 0 END) > 0 AND SUM(w.pieces) > COALESCE(
                (SELECT SUM(s.pieces) FROM balance s JOIN account a ON a.id = s.account_id
                 WHERE a.kind = 'store' AND NOT a.shadow AND s.batch_id = w.batch_id
                    AND a.owner_id = ",
        )
        .bind(from)
        .push("), 0)) GROUP BY m.id, m.title, c.id, c.number ORDER BY m.title, c.number")
        .all(db)
        .await?;
        let promised = |row: PromisedRow| Promised {
            title: row.title,
            other: row.id.into(),
            other_number: row.number,
            pieces: row.pieces,
        };
        Ok(rows.into_iter().map(promised).collect())
    }
}
