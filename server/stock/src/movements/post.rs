//! Posting: load, decide in memory, write sets.

use super::accounts::Accounts;
use super::load;
use super::seen::Seen;
use crate::query::{Query, insert_rows, inserts};
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::ids::{BatchId, MovementId};
use domain::ledger::{Books, CountTo, Draft, Line, Nature, Plan, Planned, Slot, SlotKey, decide};
use domain::time::Day;
use sea_orm::{FromQueryResult, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a record asks of the books.
#[derive(Default)]
pub(crate) struct Posting {
    pub drafts: Vec<Draft>,
    pub counts: Vec<CountTo>,
}

/// A movement that was written.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub id: MovementId,
    pub movement: Planned,
}

impl RecordTx<'_> {
    /// Posts a fact: what the books lack comes from `Unexplained`, once the person has confirmed.
    pub(crate) async fn post_fact(&self, drafts: Vec<Draft>) -> Result<Vec<Posted>, RecordError> {
        self.post(Posting { drafts, counts: Vec::new() }, Nature::Fact).await
    }

    /// Posts a command: refused when the books cannot carry it.
    pub(crate) async fn post_command(
        &self,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Posted>, RecordError> {
        self.post(Posting { drafts, counts: Vec::new() }, Nature::Command).await
    }

    /// Decides and writes; gives the movements in order.
    pub(crate) async fn post(
        &self,
        posting: Posting,
        nature: Nature,
    ) -> Result<Vec<Posted>, RecordError> {
        let Posting { drafts, counts } = posting;
        let books = self.load_books(&drafts, &counts).await?;
        let plan = decide(&books, &drafts, &counts, nature)?;
        if nature == Nature::Fact && !plan.shortages.is_empty() && !self.confirmed {
            return Err(RecordError::NeedsConfirmation(plan.shortages));
        }
        self.write(&plan, &counts).await
    }

    /// The slots that a proposal touches, locked.
    pub(crate) async fn load_books(
        &self,
        drafts: &[Draft],
        counts: &[CountTo],
    ) -> Result<Books, RecordError> {
        let mut keys: BTreeSet<SlotKey> = BTreeSet::new();
        for line in drafts.iter().flat_map(|draft| &draft.lines) {
            keys.extend([line.from, line.to].into_iter().filter_map(|account| match account {
                Account::Real(real) | Account::Unexplained(real) => Some((real, line.batch)),
                Account::Printer(_) | Account::Opening(_) | Account::CountDifference(_) => None,
            }));
        }
        keys.extend(counts.iter().map(|count| (Real::Store(count.store), count.batch)));
        let moments = drafts.iter().map(|draft| draft.occurred_at);
        let first = moments.chain(counts.iter().map(|count| count.moment)).min();
        let first = first.unwrap_or(self.recorded_at).day();
        let slots = self.read_slots(keys, first, !counts.is_empty()).await?;
        let reopenable = self.settled_by_originals(drafts).await?;
        Ok(Books { now: self.recorded_at, slots, reopenable })
    }

    /// Pieces of batches in accounts, with what moved there since a day, locked.
    pub(crate) async fn slots(
        &self,
        keys: BTreeSet<SlotKey>,
        since: Day,
    ) -> Result<BTreeMap<SlotKey, Slot>, RecordError> {
        self.read_slots(keys, since, false).await
    }

    /// `each`: something is counted, so that single lines are looked at; what was read before may be
    /// the sums of days.
    async fn read_slots(
        &self,
        mut keys: BTreeSet<SlotKey>,
        since: Day,
        each: bool,
    ) -> Result<BTreeMap<SlotKey, Slot>, RecordError> {
        let seen = self.seen(|seen| if each { BTreeMap::new() } else { seen.slots(&keys, since) });
        keys.retain(|key| !seen.contains_key(key));
        let mut slots = load::slots(self, &keys, since, each).await?;
        self.seen(|seen| seen.remember_slots(since, &slots));
        slots.extend(seen);
        Ok(slots)
    }

    /// The shortfalls that were settled by the records whose movements are being reversed.
    async fn settled_by_originals(
        &self,
        drafts: &[Draft],
    ) -> Result<BTreeMap<SlotKey, i64>, RecordError> {
        let mut settled = BTreeMap::new();
        for original in drafts.iter().filter_map(|draft| draft.reverses) {
            let rows: Vec<Settled> = self
                .all(
                    "SELECT a.kind, a.owner_id, a.channel, l.batch_id, l.pieces
                     FROM movement o
                     JOIN movement m ON m.record_id = o.record_id AND m.derived
                     JOIN line l ON l.movement_id = m.id
                     JOIN account a ON a.id = l.from_id
                     JOIN account s ON s.id = l.to_id
                     WHERE o.id = $1 AND m.kind = 'settle' AND s.shadow AND NOT a.shadow
                        AND s.kind = a.kind AND s.owner_id = a.owner_id AND s.channel = a.channel",
                    [original.uuid().into()],
                )
                .await?;
            for row in rows {
                if let Some(real) = Real::from_parts(&row.kind, row.owner_id, &row.channel) {
                    *settled.entry((real, BatchId::new(row.batch_id))).or_default() += row.pieces;
                }
            }
        }
        Ok(settled)
    }

    async fn write(&self, plan: &Plan, counts: &[CountTo]) -> Result<Vec<Posted>, RecordError> {
        let lines = || plan.movements.iter().flat_map(|movement| &movement.lines);
        let touched: BTreeSet<Account> = lines().flat_map(|line| [line.from, line.to]).collect();
        let mut accounts = Accounts::find(self, &touched).await?;
        accounts.ensure(self, &touched).await?;
        let first = self.movement_count();
        let posted: Vec<Posted> = plan
            .movements
            .iter()
            .map(|movement| Posted { id: self.new_id(), movement: movement.clone() })
            .collect();
        let mut writes = self.movements(&posted, first);
        writes.extend(lines_of(&posted, &accounts)?);
        writes.extend(changes_of_balances(lines(), &accounts)?);
        writes.extend(self.sums_of_months(&posted, &accounts).await?);
        self.conn.write(writes).await?;
        for count in counts {
            self.insert_anchor(count).await?;
        }
        self.seen(Seen::forget_slots);
        self.remember(&plan.movements);
        for line in lines() {
            self.touch(accounts.row(line.from)?.id, line.batch);
        }
        Ok(posted)
    }

    fn movements(&self, posted: &[Posted], first: i64) -> Vec<Query> {
        let rows = posted.iter().zip(first..).map(|(Posted { id, movement }, ordinal)| {
            [
                id.uuid().into(),
                self.id.uuid().into(),
                ordinal.into(),
                movement.kind.as_str().into(),
                movement.reason.as_str().into(),
                movement.derived.into(),
                movement.occurred_at.0.into(),
                i64::from(movement.occurred_at.day().0).into(),
                i64::from(self.booked_month(movement.occurred_at).0).into(),
                movement.reverses.map(|id| id.uuid()).into(),
                movement.cites.map(|id| id.uuid()).into(),
            ]
        });
        inserts(
            "movement (id, record_id, ordinal, kind, reason, derived, occurred_at,
                local_day, booked_month, reverses_id, cites_id)",
            rows,
            "",
        )
    }

    async fn insert_anchor(&self, count: &CountTo) -> Result<(), RecordError> {
        self.run(
            "INSERT INTO count_anchor (store_id, batch_id, moment, counted, record_id)
             VALUES ($1, $2, $3, $4, $5)",
            [
                count.store.uuid().into(),
                count.batch.uuid().into(),
                count.moment.0.into(),
                count.counted.into(),
                count.record.uuid().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Inserts rows as sets.
    pub(crate) async fn insert_set<const N: usize>(
        &self,
        into: &str,
        rows: impl IntoIterator<Item = [Value; N]>,
        after: &str,
    ) -> Result<(), RecordError> {
        Ok(insert_rows(self.conn, into, rows.into_iter().collect(), after).await?)
    }
}

fn lines_of(posted: &[Posted], accounts: &Accounts) -> Result<Vec<Query>, RecordError> {
    let mut rows = Vec::new();
    for Posted { id, movement } in posted {
        for line in &movement.lines {
            rows.push([
                id.uuid().into(),
                line.batch.uuid().into(),
                accounts.row(line.from)?.id.into(),
                accounts.row(line.to)?.id.into(),
                line.pieces.get().into(),
                movement.occurred_at.0.into(),
                i64::from(movement.occurred_at.day().0).into(),
            ]);
        }
    }
    let into = "line (movement_id, batch_id, from_id, to_id, pieces, occurred_at, local_day)";
    Ok(inserts(into, rows, ""))
}

fn changes_of_balances<'l>(
    lines: impl Iterator<Item = &'l Line>,
    accounts: &Accounts,
) -> Result<Vec<Query>, RecordError> {
    let mut changes: BTreeMap<(i64, BatchId), (Account, i64)> = BTreeMap::new();
    for line in lines {
        for (account, sign) in [(line.from, -1), (line.to, 1)] {
            let key = (accounts.row(account)?.id, line.batch);
            let change = changes.entry(key).or_insert((account, 0));
            change.1 += sign * line.pieces.get();
        }
    }
    // A row is made with zero first: the check looks at an inserted value before it looks at
    // the conflict, and a change by itself may be negative.
    let zeros = changes.iter().map(|((account, batch), (kind, _))| {
        let on_hand = kind.real().is_some_and(Real::is_on_hand);
        [
            (*account).into(),
            batch.uuid().into(),
            kind.is_signed().into(),
            on_hand.into(),
            0_i64.into(),
        ]
    });
    let mut queries = inserts(
        "balance (account_id, batch_id, signed, on_hand, pieces)",
        zeros,
        "ON CONFLICT (account_id, batch_id) DO NOTHING",
    );
    let changes: Vec<_> = changes.into_iter().filter(|(_, (_, delta))| *delta != 0).collect();
    for chunk in changes.chunks(200) {
        let mut query = Query::new("WITH change (account_id, batch_id, delta) AS (VALUES ");
        for (n, ((account, batch), (_, delta))) in chunk.iter().enumerate() {
            let row: [Value; 3] = [(*account).into(), batch.uuid().into(), (*delta).into()];
            query = query.push(if n == 0 { "" } else { ", " }).list(row);
        }
        queries.push(query.push(
            ") UPDATE balance SET pieces = pieces + change.delta FROM change
             WHERE balance.account_id = change.account_id
                AND balance.batch_id = change.batch_id",
        ));
    }
    Ok(queries)
}

#[derive(FromQueryResult)]
struct Settled {
    kind: String,
    owner_id: Uuid,
    channel: String,
    batch_id: Uuid,
    pieces: i64,
}
