//! Reads the part of the books that a decision needs: lock first, then read.

use super::accounts::Accounts;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::ids::{BatchId, RecordId};
use domain::ledger::{Anchor, Entry, Slot, SlotKey};
use domain::time::{Day, Millis};
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Lines of an account, its balance, or a count in its store.
#[derive(FromQueryResult)]
struct SlotRow {
    account_id: i64,
    batch_id: Uuid,
    /// None for a balance.
    occurred_at: Option<i64>,
    pieces: i64,
    is_shortfall: bool,
    /// Where it was counted, and by which record.
    store_id: Option<Uuid>,
    counted_by: Option<Uuid>,
}

/// Loads every slot in `keys` with its lines since `from` and its counts after `from`; `counts`:
/// more of them are about to be approved.
pub(super) async fn slots(
    tx: &RecordTx<'_>,
    keys: &BTreeSet<SlotKey>,
    from: Day,
    counts: bool,
) -> Result<BTreeMap<SlotKey, Slot>, RecordError> {
    tx.queue_at_accounts(keys).await?;
    let mut accounts = BTreeSet::new();
    let mut stores = BTreeSet::new();
    for (real, _) in keys {
        accounts.extend([Account::Real(*real), Account::Unexplained(*real)]);
        if let Real::Store(store) = real {
            stores.insert(store.uuid());
        }
    }
    let rows = Accounts::find(tx, &accounts).await?;
    let by_id: BTreeMap<i64, Account> = rows.rows().map(|row| (row.id, row.account)).collect();
    let batches: BTreeSet<BatchId> = keys.iter().map(|(_, batch)| *batch).collect();
    let whose = Whose { by_id: &by_id, stores: &stores, batches: &batches, from };
    let mut each = counts;
    loop {
        let mut slots = keys.iter().map(|key| (*key, Slot::default())).collect();
        if !by_id.is_empty() || !stores.is_empty() {
            load(tx, &mut slots, &whose, each).await?;
        }
        if each || slots.values().all(|slot| slot.anchors.is_empty()) {
            return Ok(slots);
        }
        // Something was counted: its moment may lie between two lines of a day.
        each = true;
    }
}

/// What of the books is wanted.
struct Whose<'k> {
    by_id: &'k BTreeMap<i64, Account>,
    stores: &'k BTreeSet<Uuid>,
    batches: &'k BTreeSet<BatchId>,
    from: Day,
}

/// Balances, lines and counts, in one question: `each` line, or those of a day together, which is
/// all that the rules look at where nothing was counted.
async fn load(
    tx: &RecordTx<'_>,
    slots: &mut BTreeMap<SlotKey, Slot>,
    whose: &Whose<'_>,
    each: bool,
) -> Result<(), RecordError> {
    let Whose { by_id, stores, batches, from } = *whose;
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
    // In the order of the index where there is no shadow, so that nothing is sorted.
    let which = if shadows.is_empty() { "" } else { ", 5" };
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
            .push(") AS is_shortfall, CAST(NULL AS uuid) AS store_id, CAST(NULL AS uuid) AS counted_by")
            .push(&format!(" FROM line WHERE {mine} IN "))
            .list(reals.values().copied())
            .push(" AND batch_id IN ")
            .list(batches.iter().map(|batch| batch.uuid()))
            .push(" AND local_day >= ")
            .bind(i64::from(from.0))
            .push(&format!(" GROUP BY {mine}, batch_id, {together}{which}"))
    };
    let out = side(Query::new(""), "from_id", "to_id", "-");
    let rows: Vec<SlotRow> = side(out.push(" UNION ALL "), "to_id", "from_id", "")
        .push(
            " UNION ALL SELECT account_id, batch_id, NULL, pieces, FALSE, NULL, NULL FROM balance
             WHERE account_id IN ",
        )
        .list(by_id.keys().copied())
        .push(" AND batch_id IN ")
        .list(batches.iter().map(|batch| batch.uuid()))
        .push(
            " UNION ALL SELECT 0, batch_id, moment, 0, FALSE, store_id, record_id
             FROM count_anchor WHERE moment >= ",
        )
        .bind(from.start().0)
        .push(" AND store_id IN ")
        .list(stores.iter().copied())
        .all(tx.conn.ahead())
        .await?;
    for row in rows {
        if let (Some(store), Some(moment), Some(record)) =
            (row.store_id, row.occurred_at, row.counted_by)
        {
            let key = (Real::Store(store.into()), BatchId::new(row.batch_id));
            if let Some(slot) = slots.get_mut(&key) {
                slot.anchors.push(Anchor { moment: Millis(moment), record: RecordId::new(record) });
            }
            continue;
        }
        let (real, shadow) = match by_id.get(&row.account_id) {
            Some(Account::Real(real)) => (*real, false),
            Some(Account::Unexplained(real)) => (*real, true),
            Some(Account::Printer(_) | Account::Opening(_) | Account::CountDifference(_))
            | None => continue,
        };
        let Some(slot) = slots.get_mut(&(real, BatchId::new(row.batch_id))) else { continue };
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
