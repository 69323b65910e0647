//! How many pieces lie outside of sealed packs: the room that the balance leaves (rule 9).

use crate::query::Query;
use domain::account::Account;
use domain::ids::BatchId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct RoomRow {
    batch_id: Uuid,
    unpacked: i64,
}

/// Pieces of each of `batches` that lie at `at` in no sealed pack; a batch that is not there is
/// left out.
pub(crate) async fn unpacked(
    db: &impl ConnectionTrait,
    at: Account,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<BTreeMap<BatchId, i64>, DbErr> {
    let rows: Vec<RoomRow> = Query::new(
        "SELECT b.batch_id, b.pieces - CAST(COALESCE((SELECT SUM(s.nominal) FROM pack_state s
            WHERE s.account_id = b.account_id AND s.batch_id = b.batch_id
                AND s.state = 'sealed'), 0) AS BIGINT) AS unpacked
         FROM account a JOIN balance b ON b.account_id = a.id WHERE ",
    )
    .account("a", at)
    .push(" AND b.batch_id IN ")
    .list(batches.into_iter().map(BatchId::uuid))
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.batch_id.into(), row.unpacked)).collect())
}
