//! Packs against what records said about them, and against the balances.

use super::{Check, Finding};
use crate::db::one;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Unsaid {
    pack_id: Uuid,
    state: String,
}

#[derive(FromQueryResult)]
struct Overfull {
    account_id: i64,
    batch_id: Uuid,
    sealed: i64,
    pieces: i64,
}

pub(super) async fn fit(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let unsaid: Option<Unsaid> = one(
        db,
        "SELECT s.pack_id, s.state FROM pack_state s JOIN pack p ON p.id = s.pack_id
         LEFT JOIN pack_event e ON e.pack_id = s.pack_id AND e.number = s.said
         WHERE p.nominal <> s.nominal OR p.batch_id <> s.batch_id
            OR e.state IS DISTINCT FROM s.state OR e.account_id IS DISTINCT FROM s.account_id
            OR s.said <> (SELECT COUNT(*) FROM pack_event o WHERE o.pack_id = s.pack_id)
         ORDER BY s.pack_id LIMIT 1",
        [],
    )
    .await?;
    if let Some(unsaid) = unsaid {
        return Ok(Some(Finding {
            check: Check::Packs,
            row: format!("pack_state pack {}", unsaid.pack_id),
            expected: "the state, place and pieces that its last record gave it".to_owned(),
            found: unsaid.state,
        }));
    }
    let overfull: Option<Overfull> = one(
        db,
        "SELECT s.account_id, s.batch_id, CAST(SUM(s.nominal) AS BIGINT) AS sealed,
            COALESCE(b.pieces, 0) AS pieces
         FROM pack_state s
         LEFT JOIN balance b ON b.account_id = s.account_id AND b.batch_id = s.batch_id
         WHERE s.state = 'sealed' AND s.account_id IS NOT NULL
         GROUP BY s.account_id, s.batch_id, b.pieces
         HAVING SUM(s.nominal) > COALESCE(b.pieces, 0) ORDER BY s.account_id LIMIT 1",
        [],
    )
    .await?;
    Ok(overfull.map(|overfull| Finding {
        check: Check::Packs,
        row: format!("sealed packs of account {} batch {}", overfull.account_id, overfull.batch_id),
        expected: format!("at most the balance of {} pieces", overfull.pieces),
        found: format!("{} pieces", overfull.sealed),
    }))
}
