//! Reads the part of the books that a decision needs: lock first, then read.

use super::accounts::{Accounts, parts};
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::ids::{BatchId, MovementId, RecordId};
use domain::ledger::{Anchor, Books, Entry, SlotKey};
use domain::time::{Day, Millis};
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A line of an account, or its balance.
#[derive(FromQueryResult)]
struct SlotRow {
    account_id: i64,
    batch_id: Uuid,
    /// None for a balance.
    movement_id: Option<Uuid>,
    occurred_at: i64,
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

/// Loads every slot in `keys` with its lines since `from` and its counts after `from`.
pub(super) async fn books(
    tx: &RecordTx<'_>,
    keys: &BTreeSet<SlotKey>,
    from: Day,
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
    if !by_id.is_empty() {
        load_slots(tx, &mut books, &by_id, &batches, from).await?;
    }
    load_anchors(tx, &mut books, keys, from).await?;
    Ok(books)
}

/// Balances and lines, in one question.
async fn load_slots(
    tx: &RecordTx<'_>,
    books: &mut Books,
    by_id: &BTreeMap<i64, Account>,
    batches: &BTreeSet<BatchId>,
    from: Day,
) -> Result<(), RecordError> {
    let side = |query: Query, mine: &str, other: &str, sign: &str| {
        query
            .push(&format!(
                "SELECT l.{mine} AS account_id, l.batch_id, l.movement_id, l.occurred_at,
                    {sign}l.pieces AS pieces,
                    (a.shadow AND a.kind = m.kind AND a.owner_id = m.owner_id
                        AND a.channel = m.channel) AS is_shortfall
                 FROM line l JOIN account a ON a.id = l.{other} JOIN account m ON m.id = l.{mine}
                 WHERE NOT m.shadow AND l.{mine} IN "
            ))
            .list(by_id.keys().copied())
            .push(" AND l.batch_id IN ")
            .list(batches.iter().map(|batch| batch.uuid()))
            .push(" AND l.local_day >= ")
            .bind(i64::from(from.0))
    };
    let out = side(Query::new(""), "from_id", "to_id", "-");
    let rows: Vec<SlotRow> = side(out.push(" UNION ALL "), "to_id", "from_id", "")
        .push(
            " UNION ALL SELECT account_id, batch_id, NULL, 0, pieces, FALSE FROM balance
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
        match row.movement_id {
            None if shadow => slot.unexplained = row.pieces,
            None => slot.balance = row.pieces,
            Some(movement) => slot.entries.push(Entry {
                occurred_at: Millis(row.occurred_at),
                delta: row.pieces,
                is_shortfall: row.is_shortfall,
                movement: MovementId::new(movement),
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
