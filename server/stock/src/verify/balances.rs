//! Balances against lines.

use super::{Check, Finding};
use crate::db::one;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

/// One row an account and batch and line side: what the lines did to it.
const SIDES: &str = "(SELECT from_id AS account_id, batch_id, local_day, occurred_at,
        -pieces AS delta FROM line
     UNION ALL
     SELECT to_id AS account_id, batch_id, local_day, occurred_at, pieces AS delta FROM line)";

#[derive(FromQueryResult)]
struct Wrong {
    account_id: i64,
    batch_id: Uuid,
    expected: i64,
    found: i64,
}

pub(super) async fn equal_their_lines(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let text = format!(
        "SELECT account_id, batch_id, CAST(SUM(lines) AS BIGINT) AS expected,
            CAST(SUM(kept) AS BIGINT) AS found
         FROM (
            SELECT account_id, batch_id, delta AS lines, 0 AS kept FROM {SIDES} AS side
            UNION ALL
            SELECT account_id, batch_id, 0 AS lines, pieces AS kept FROM balance
         ) AS both_sides
         GROUP BY account_id, batch_id HAVING SUM(lines) <> SUM(kept)
         ORDER BY account_id, batch_id LIMIT 1"
    );
    let wrong: Option<Wrong> = one(db, &text, []).await?;
    let Some(wrong) = wrong else { return know_their_accounts(db).await };
    Ok(Some(Finding {
        check: Check::Balances,
        row: format!("balance account {} batch {}", wrong.account_id, wrong.batch_id),
        expected: format!("{} pieces, the sum of its lines", wrong.expected),
        found: format!("{} pieces", wrong.found),
    }))
}

#[derive(FromQueryResult)]
struct Mistaken {
    account_id: i64,
    batch_id: Uuid,
    kind: String,
}

/// What a balance says about its account decides what may be negative and what is counted as in
/// somebody's hands.
async fn know_their_accounts(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let mistaken: Option<Mistaken> = one(
        db,
        "SELECT b.account_id, b.batch_id, a.kind FROM balance b
         JOIN account a ON a.id = b.account_id
         WHERE b.signed <> a.signed
            OR a.signed <> (a.shadow OR a.kind IN ('printer', 'opening', 'count_difference'))
            OR b.on_hand <> (NOT a.signed
                AND a.kind IN ('store', 'in_transit', 'at_event', 'damaged'))
         ORDER BY b.account_id, b.batch_id LIMIT 1",
        [],
    )
    .await?;
    Ok(mistaken.map(|mistaken| Finding {
        check: Check::Balances,
        row: format!("balance account {} batch {}", mistaken.account_id, mistaken.batch_id),
        expected: format!("what holds for an account of kind {}", mistaken.kind),
        found: "another sign, or other hands".to_owned(),
    }))
}

#[derive(FromQueryResult)]
struct WrongSum {
    batch_id: Uuid,
    sum: i64,
}

pub(super) async fn batches_sum_to_zero(
    db: &DatabaseTransaction,
) -> Result<Option<Finding>, DbErr> {
    let wrong: Option<WrongSum> = one(
        db,
        "SELECT batch_id, CAST(SUM(pieces) AS BIGINT) AS sum FROM balance
         GROUP BY batch_id HAVING SUM(pieces) <> 0 ORDER BY batch_id LIMIT 1",
        [],
    )
    .await?;
    Ok(wrong.map(|wrong| Finding {
        check: Check::BatchSums,
        row: format!("batch {}", wrong.batch_id),
        expected: "0 pieces over all accounts".to_owned(),
        found: format!("{} pieces", wrong.sum),
    }))
}

#[derive(FromQueryResult)]
struct Below {
    account_id: i64,
    batch_id: Uuid,
    local_day: i64,
    level: i64,
}

pub(super) async fn never_below_zero(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let text = format!(
        "SELECT account_id, batch_id, local_day, CAST(level AS BIGINT) AS level FROM (
            SELECT account_id, batch_id, local_day, SUM(SUM(delta)) OVER (
                PARTITION BY account_id, batch_id ORDER BY local_day) AS level
            FROM {SIDES} AS side
            WHERE account_id IN (SELECT id FROM account WHERE NOT signed)
            GROUP BY account_id, batch_id, local_day
         ) AS days WHERE level < 0 ORDER BY local_day, account_id LIMIT 1"
    );
    let below: Option<Below> = one(db, &text, []).await?;
    Ok(below.map(|below| Finding {
        check: Check::NeverBelowZero,
        row: format!(
            "lines of account {} batch {} until {}",
            below.account_id,
            below.batch_id,
            domain::time::Day(below.local_day as i32)
        ),
        expected: "0 pieces or more at the end of the day".to_owned(),
        found: format!("{} pieces", below.level),
    }))
}

#[derive(FromQueryResult)]
struct WrongCount {
    store_id: Uuid,
    batch_id: Uuid,
    record_id: Uuid,
    counted: i64,
    level: i64,
}

pub(super) async fn counts_hold(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let text = format!(
        "SELECT c.store_id, c.batch_id, c.record_id, c.counted,
            CAST(COALESCE(SUM(side.delta), 0) AS BIGINT) AS level
         FROM count_anchor c
         LEFT JOIN account a ON a.kind = 'store' AND a.owner_id = c.store_id AND NOT a.shadow
         LEFT JOIN {SIDES} AS side ON side.account_id = a.id AND side.batch_id = c.batch_id
            AND side.occurred_at <= c.moment
         GROUP BY c.store_id, c.batch_id, c.record_id, c.counted, c.moment
         HAVING COALESCE(SUM(side.delta), 0) <> c.counted ORDER BY c.moment LIMIT 1"
    );
    let wrong: Option<WrongCount> = one(db, &text, []).await?;
    Ok(wrong.map(|wrong| Finding {
        check: Check::Counts,
        row: format!(
            "count_anchor store {} batch {} record {}",
            wrong.store_id, wrong.batch_id, wrong.record_id
        ),
        expected: format!("{} pieces, as counted", wrong.counted),
        found: format!("{} pieces by the lines", wrong.level),
    }))
}
