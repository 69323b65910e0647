//! Reads the part of the books that a decision needs: lock first, then read.

use super::accounts::{Accounts, parts};
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::ids::{BatchId, MovementId, RecordId};
use domain::ledger::{Anchor, Books, Entry, SlotKey};
use domain::time::{Day, Millis};
use sea_orm::{FromQueryResult, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Balance {
    account_id: i64,
    batch_id: Uuid,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct SlotLine {
    account_id: i64,
    batch_id: Uuid,
    movement_id: Uuid,
    occurred_at: i64,
    delta: i64,
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
        let (wanted, values) = wanted(&by_id, &batches);
        load_balances(tx, &mut books, &by_id, &wanted, values.clone()).await?;
        load_lines(tx, &mut books, &by_id, from, (&wanted, values)).await?;
    }
    load_anchors(tx, &mut books, keys, from).await?;
    Ok(books)
}

/// `account_id IN (…)` and `batch_id IN (…)` with their values.
fn wanted(
    accounts: &BTreeMap<i64, Account>,
    batches: &BTreeSet<BatchId>,
) -> ((String, String), Vec<Value>) {
    let ids: Vec<String> = accounts.keys().map(i64::to_string).collect();
    let marks: Vec<String> = (1..=batches.len()).map(|n| format!("${n}")).collect();
    let values = batches.iter().map(|batch| batch.uuid().into()).collect();
    ((ids.join(", "), marks.join(", ")), values)
}

async fn load_balances(
    tx: &RecordTx<'_>,
    books: &mut Books,
    by_id: &BTreeMap<i64, Account>,
    (accounts, batches): &(String, String),
    values: Vec<Value>,
) -> Result<(), RecordError> {
    let text = format!(
        "SELECT account_id, batch_id, pieces FROM balance
         WHERE account_id IN ({accounts}) AND batch_id IN ({batches})"
    );
    for row in tx.all::<Balance>(&text, values).await? {
        let batch = BatchId::new(row.batch_id);
        match by_id.get(&row.account_id) {
            Some(Account::Real(real)) => {
                if let Some(slot) = books.slots.get_mut(&(*real, batch)) {
                    slot.balance = row.pieces;
                }
            }
            Some(Account::Unexplained(real)) => {
                if let Some(slot) = books.slots.get_mut(&(*real, batch)) {
                    slot.unexplained = row.pieces;
                }
            }
            Some(Account::Printer(_) | Account::Opening(_) | Account::CountDifference(_))
            | None => {}
        }
    }
    Ok(())
}

async fn load_lines(
    tx: &RecordTx<'_>,
    books: &mut Books,
    by_id: &BTreeMap<i64, Account>,
    from: Day,
    ((accounts, batches), mut values): (&(String, String), Vec<Value>),
) -> Result<(), RecordError> {
    values.push(i64::from(from.0).into());
    let since = values.len();
    let side = |mine: &str, other: &str, sign: &str| {
        format!(
            "SELECT l.{mine} AS account_id, l.batch_id, l.movement_id, l.occurred_at,
                {sign}l.pieces AS delta,
                (a.shadow AND a.kind = m.kind AND a.owner_id = m.owner_id
                    AND a.channel = m.channel) AS is_shortfall
             FROM line l JOIN account a ON a.id = l.{other} JOIN account m ON m.id = l.{mine}
             WHERE l.{mine} IN ({accounts}) AND l.batch_id IN ({batches})
                AND l.local_day >= ${since} AND NOT m.shadow"
        )
    };
    let text =
        format!("{} UNION ALL {}", side("from_id", "to_id", "-"), side("to_id", "from_id", ""));
    for row in tx.all::<SlotLine>(&text, values).await? {
        let Some(Account::Real(real)) = by_id.get(&row.account_id) else { continue };
        if let Some(slot) = books.slots.get_mut(&(*real, BatchId::new(row.batch_id))) {
            slot.entries.push(Entry {
                occurred_at: Millis(row.occurred_at),
                delta: row.delta,
                is_shortfall: row.is_shortfall,
                movement: MovementId::new(row.movement_id),
            });
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
    let marks: Vec<String> = (2..stores.len() + 2).map(|n| format!("${n}")).collect();
    let text = format!(
        "SELECT store_id, batch_id, moment, record_id FROM count_anchor
         WHERE moment >= $1 AND store_id IN ({})",
        marks.join(", ")
    );
    let mut values: Vec<Value> = vec![from.start().0.into()];
    values.extend(stores.into_iter().map(Value::from));
    for row in tx.all::<AnchorRow>(&text, values).await? {
        let key = (Real::Store(row.store_id.into()), BatchId::new(row.batch_id));
        if let Some(slot) = books.slots.get_mut(&key) {
            let record = RecordId::new(row.record_id);
            slot.anchors.push(Anchor { moment: Millis(row.moment), record });
        }
    }
    Ok(())
}
