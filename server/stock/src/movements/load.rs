//! Reads the part of the books that a decision needs: lock first, then read.

use super::accounts::{Accounts, parts};
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::ids::{BatchId, RecordId};
use domain::ledger::{Anchor, Books, Entry, SlotKey};
use domain::time::{Day, Millis};
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Lines of an account, or its balance.
#[derive(FromQueryResult)]
struct SlotRow {
    account_id: i64,
    batch_id: Uuid,
    /// None for a balance.
    occurred_at: Option<i64>,
    pieces: i64,
    is_shortfall: bool,
}

#[derive(FromQueryResult)]
struct AnchorRow {
    store_id: Uuid,
    batch_id: Uuid,
    moment: i64,
    record_id: Uuid,
}

/// Loads every slot in `keys` with its lines since `from` and its counts after `from`. `counts`:
/// whether more of them are about to be approved.
pub(super) async fn books(
    tx: &RecordTx<'_>,
    keys: &BTreeSet<SlotKey>,
    from: Day,
    counts: bool,
) -> Result<Books, RecordError> {
    tx.queue_at_accounts(keys).await?;
    let accounts: BTreeSet<Account> = keys
        .iter()
        .flat_map(|(real, _)| [Account::Real(*real), Account::Unexplained(*real)])
        .collect();
    let rows = Accounts::find(tx, &accounts).await?;
    let by_id: BTreeMap<i64, Account> = rows.rows().map(|row| (row.id, row.account)).collect();
    let batches: BTreeSet<BatchId> = keys.iter().map(|(_, batch)| *batch).collect();
    let mut books = Books { now: tx.recorded_at, ..Books::default() };
    for key in keys {
        books.slots.entry(*key).or_default();
    }
    load_anchors(tx, &mut books, keys, from).await?;
    let each = counts || books.slots.values().any(|slot| !slot.anchors.is_empty());
    if !by_id.is_empty() {
        load_slots(tx, &mut books, &by_id, &batches, (from, each)).await?;
    }
    Ok(books)
}

/// Balances and lines, in one question: `each` line, or those of a day together, which is all that
/// the rules look at where nothing was counted.
async fn load_slots(
    tx: &RecordTx<'_>,
    books: &mut Books,
    by_id: &BTreeMap<i64, Account>,
    batches: &BTreeSet<BatchId>,
    (from, each): (Day, bool),
) -> Result<(), RecordError> {
    let together = if each { "movement_id" } else { "local_day" };
    let reals: BTreeMap<Real, i64> =
        by_id.iter().filter_map(|(id, account)| Some((account.real()?, *id))).collect();
    let shadows: Vec<(i64, i64)> = by_id
        .iter()
        .filter_map(|(id, account)| match account {
            Account::Unexplained(real) => Some((*reals.get(real)?, *id)),
            Account::Real(_)
            | Account::Printer(_)
            | Account::Opening(_)
            | Account::CountDifference(_) => None,
        })
        .collect();
    let side = |query: Query, mine: &str, other: &str, sign: &str| {
        let mut query = query.push(&format!(
            "SELECT {mine} AS account_id, batch_id, MAX(occurred_at) AS occurred_at,
                CAST({sign}SUM(pieces) AS BIGINT) AS pieces, (FALSE"
        ));
        for (real, shadow) in &shadows {
            query = query
                .push(&format!(" OR {mine} = "))
                .bind(*real)
                .push(&format!(" AND {other} = "))
                .bind(*shadow);
        }
        query
            .push(&format!(") AS is_shortfall FROM line WHERE {mine} IN "))
            .list(reals.values().copied())
            .push(" AND batch_id IN ")
            .list(batches.iter().map(|batch| batch.uuid()))
            .push(" AND local_day >= ")
            .bind(i64::from(from.0))
            .push(&format!(" GROUP BY 1, 2, {together}, 5"))
    };
    let out = side(Query::new(""), "from_id", "to_id", "-");
    let rows: Vec<SlotRow> = side(out.push(" UNION ALL "), "to_id", "from_id", "")
        .push(
            " UNION ALL SELECT account_id, batch_id, NULL, pieces, FALSE FROM balance
             WHERE account_id IN ",
        )
        .list(by_id.keys().copied())
        .push(" AND batch_id IN ")
        .list(batches.iter().map(|batch| batch.uuid()))
        .all(tx.conn)
        .await?;
    for row in rows {
        let (real, shadow) = match by_id.get(&row.account_id) {
            Some(Account::Real(real)) => (*real, false),
            Some(Account::Unexplained(real)) => (*real, true),
            Some(Account::Printer(_) | Account::Opening(_) | Account::CountDifference(_))
            | None => continue,
        };
        let Some(slot) = books.slots.get_mut(&(real, BatchId::new(row.batch_id))) else { continue };
        match row.occurred_at {
            None if shadow => slot.unexplained = row.pieces,
            None => slot.balance = row.pieces,
            Some(moment) => slot.entries.push(Entry {
                occurred_at: Millis(moment),
                delta: row.pieces,
                is_shortfall: row.is_shortfall,
            }),
        }
    }
    Ok(())
}

async fn load_anchors(
    tx: &RecordTx<'_>,
    books: &mut Books,
    keys: &BTreeSet<SlotKey>,
    from: Day,
) -> Result<(), RecordError> {
    let stores: BTreeSet<Uuid> = keys
        .iter()
        .filter(|(real, _)| matches!(real, Real::Store(_)))
        .map(|(real, _)| parts(Account::Real(*real)).1)
        .collect();
    if stores.is_empty() {
        return Ok(());
    }
    let anchors: Vec<AnchorRow> = Query::new(
        "SELECT store_id, batch_id, moment, record_id FROM count_anchor WHERE moment >= ",
    )
    .bind(from.start().0)
    .push(" AND store_id IN ")
    .list(stores)
    .all(tx.conn)
    .await?;
    for row in anchors {
        let key = (Real::Store(row.store_id.into()), BatchId::new(row.batch_id));
        if let Some(slot) = books.slots.get_mut(&key) {
            let record = RecordId::new(row.record_id);
            slot.anchors.push(Anchor { moment: Millis(row.moment), record });
        }
    }
    Ok(())
}
