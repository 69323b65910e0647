//! Packs: cartons and bundles with their own label.
//!
//! What records say about a pack is kept as events; its state and place are the fold over them. The
//! balance always wins (rule 9): sealed packs count as nominal, and where their sum would exceed
//! the balance after a record, the sealed packs there are marked "check".
//!
//! A bundle in a sealed carton is sealed too and has no account of its own: it is where its carton
//! is, and its pieces are counted once.

mod inside;
mod open;
mod read;
mod room;
mod undo;

pub use domain::pack::{PackKind, PackState};
pub use open::{PackChanged, PackError};
pub use read::{Label, LabelPosition, LabelsError, LabelsOf, PackDetail, PackRow, PackSaid};
pub(crate) use room::unpacked;

use crate::movements::Accounts;
use crate::query::{MOST_VALUES, Query};
use crate::records::{RecordError, RecordTx};
use domain::account::Account;
use domain::code::{Code, CodeKind};
use domain::ids::{BatchId, PackId};
use domain::time::Millis;
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A pack to be made, with the code that it was given or will be given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPack {
    pub id: PackId,
    pub code: Code,
    pub batch: BatchId,
    pub parent: Option<PackId>,
    pub kind: PackKind,
    /// "Carton 7 of 60".
    pub number: i64,
    pub total: i64,
    pub nominal: i64,
}

#[derive(FromQueryResult)]
struct Standing {
    id: Uuid,
    state: String,
    /// The carton that it lies in, while that is sealed.
    carton_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct InCarton {
    id: Uuid,
    carton_id: Uuid,
    account_id: Option<i64>,
}

#[derive(FromQueryResult)]
struct OfBatch {
    batch_id: Uuid,
}

#[derive(FromQueryResult)]
struct Overfull {
    account_id: i64,
    batch_id: Uuid,
}

impl RecordTx<'_> {
    /// Issues the codes and makes the packs, in `state` at `account`.
    pub(crate) async fn make_packs(
        &self,
        packs: &[NewPack],
        state: PackState,
        account: Option<Account>,
    ) -> Result<(), RecordError> {
        let codes: Vec<_> =
            packs.iter().map(|pack| (pack.code, CodeKind::Pack, pack.id.uuid())).collect();
        self.issue_codes(codes, self.recorded_at).await?;
        self.insert_packs(packs, state, account).await
    }

    /// Makes packs whose codes were issued before they arrived.
    pub(crate) async fn activate_packs(
        &self,
        packs: &[NewPack],
        state: PackState,
        account: Option<Account>,
    ) -> Result<(), RecordError> {
        for chunk in packs.chunks(200) {
            Query::new("UPDATE code SET state = 'active' WHERE code IN ")
                .list(chunk.iter().map(|pack| pack.code.as_str()))
                .run(self.conn)
                .await?;
        }
        self.insert_packs(packs, state, account).await
    }

    async fn insert_packs(
        &self,
        packs: &[NewPack],
        state: PackState,
        account: Option<Account>,
    ) -> Result<(), RecordError> {
        if packs.is_empty() {
            return Ok(());
        }
        self.insert_set(
            "pack (id, code, batch_id, parent_id, kind, number, total, nominal)",
            packs.iter().map(|pack| {
                [
                    pack.id.uuid().into(),
                    pack.code.as_str().into(),
                    pack.batch.uuid().into(),
                    pack.parent.map(|parent| parent.uuid()).into(),
                    pack.kind.as_str().into(),
                    pack.number.into(),
                    pack.total.into(),
                    pack.nominal.into(),
                ]
            }),
            "",
        )
        .await?;
        let account_id = self.account_id(account).await?;
        self.insert_set(
            "pack_state (pack_id, batch_id, state, account_id, nominal, said)",
            packs.iter().map(|pack| {
                [
                    pack.id.uuid().into(),
                    pack.batch.uuid().into(),
                    state.as_str().into(),
                    account_id.into(),
                    pack.nominal.into(),
                    1_i64.into(),
                ]
            }),
            "",
        )
        .await?;
        if let Some(account_id) = account_id {
            packs.iter().for_each(|pack| self.touch(account_id, pack.batch));
        }
        self.insert_pack_events(packs.iter().map(|pack| pack.id)).await
    }

    /// Says what a record found about packs: their state, and where they now are.
    pub(crate) async fn set_packs(
        &self,
        packs: &[PackId],
        state: PackState,
        account: Option<Account>,
    ) -> Result<(), RecordError> {
        let account_id = self.account_id(account).await?;
        self.set_packs_at(packs, state, account_id).await
    }

    async fn set_packs_at(
        &self,
        packs: &[PackId],
        state: PackState,
        account_id: Option<i64>,
    ) -> Result<(), RecordError> {
        for chunk in packs.chunks(200) {
            Query::new("UPDATE pack_state SET said = said + 1, state = ")
                .bind(state.as_str())
                .push(", account_id = ")
                .bind(account_id)
                .push(" WHERE pack_id IN ")
                .list(chunk.iter().map(|pack| pack.uuid()))
                .run(self.conn)
                .await?;
            if let (PackState::Sealed, Some(account_id)) = (state, account_id) {
                self.touch_batches(account_id, chunk).await?;
            }
        }
        self.insert_pack_events(packs.iter().copied()).await
    }

    /// Sealed packs that came to an account may promise more than its balance holds.
    async fn touch_batches(&self, account_id: i64, packs: &[PackId]) -> Result<(), RecordError> {
        let batches: Vec<OfBatch> =
            Query::new("SELECT DISTINCT batch_id FROM pack_state WHERE pack_id IN ")
                .list(packs.iter().map(|pack| pack.uuid()))
                .all(self.conn)
                .await?;
        batches.iter().for_each(|row| self.touch(account_id, BatchId::new(row.batch_id)));
        Ok(())
    }

    /// Takes packs somewhere with what is in them: sealed ones stay sealed, opened ones opened, and
    /// an empty one is nowhere. A bundle that leaves its sealed carton opens it.
    pub(crate) async fn move_packs(
        &self,
        packs: &[PackId],
        to: Account,
    ) -> Result<(), RecordError> {
        let mut by_state: BTreeMap<PackState, Vec<PackId>> = BTreeMap::new();
        for (pack, state) in self.leave_cartons(packs).await? {
            if state != PackState::Empty {
                by_state.entry(state).or_default().push(pack);
            }
        }
        for (state, packs) in by_state {
            self.set_packs(&packs, state, Some(to)).await?;
        }
        Ok(())
    }

    /// Opens the sealed cartons that the packs leave; gives the packs that go by themselves, not
    /// inside of another one.
    pub(crate) async fn leave_cartons(
        &self,
        packs: &[PackId],
    ) -> Result<Vec<(PackId, PackState)>, RecordError> {
        let (mut moved, mut left) = (Vec::with_capacity(packs.len()), BTreeSet::new());
        for chunk in packs.chunks(200) {
            let rows: Vec<Standing> = Query::new(
                "SELECT s.pack_id AS id, s.state, c.pack_id AS carton_id
                 FROM pack_state s JOIN pack p ON p.id = s.pack_id
                 LEFT JOIN pack_state c ON c.pack_id = p.parent_id AND s.account_id IS NULL
                 WHERE s.pack_id IN ",
            )
            .list(chunk.iter().map(|pack| pack.uuid()))
            .all(self.conn)
            .await?;
            for row in rows {
                let carton = row.carton_id.map(PackId::new);
                if carton.is_some_and(|carton| packs.contains(&carton)) {
                    continue;
                }
                left.extend(carton);
                let state = PackState::parse(&row.state).unwrap_or(PackState::Check);
                moved.push((PackId::new(row.id), state));
            }
        }
        self.open_cartons(&left).await?;
        Ok(moved)
    }

    /// Opens cartons where they stand: the bundles in them now stand there by themselves.
    pub(crate) async fn open_cartons(&self, cartons: &BTreeSet<PackId>) -> Result<(), RecordError> {
        if cartons.is_empty() {
            return Ok(());
        }
        let rows: Vec<InCarton> = Query::new(
            "SELECT s.pack_id AS id, p.parent_id AS carton_id, c.account_id
             FROM pack_state c JOIN pack p ON p.parent_id = c.pack_id
             JOIN pack_state s ON s.pack_id = p.id
             WHERE s.account_id IS NULL AND s.state = 'sealed' AND c.pack_id IN ",
        )
        .list(cartons.iter().map(|carton| carton.uuid()))
        .all(self.conn)
        .await?;
        let mut opened: BTreeMap<Option<i64>, (BTreeSet<PackId>, Vec<PackId>)> = BTreeMap::new();
        for row in rows {
            let (cartons, bundles) = opened.entry(row.account_id).or_default();
            cartons.insert(PackId::new(row.carton_id));
            bundles.push(PackId::new(row.id));
        }
        for (account, (cartons, bundles)) in opened {
            let cartons: Vec<PackId> = cartons.into_iter().collect();
            self.set_packs_at(&cartons, PackState::Opened, account).await?;
            self.set_packs_at(&bundles, PackState::Sealed, account).await?;
        }
        Ok(())
    }

    /// Keeps what was just said about packs: their states say it, and which of all they heard it is.
    async fn insert_pack_events(
        &self,
        packs: impl Iterator<Item = PackId>,
    ) -> Result<(), RecordError> {
        let packs: Vec<Uuid> = packs.map(PackId::uuid).collect();
        for chunk in packs.chunks(MOST_VALUES / 2) {
            Query::new(
                "INSERT INTO pack_event (pack_id, record_id, ordinal, state, account_id, number)
                 SELECT s.pack_id, ",
            )
            .bind(self.id.uuid())
            .push(", ROW_NUMBER() OVER (ORDER BY s.pack_id) + ")
            .bind(self.pack_event_ordinals(chunk.len()) - 1)
            .push(", s.state, s.account_id, s.said FROM pack_state s WHERE s.pack_id IN ")
            .list(chunk.iter().copied())
            .run(self.conn)
            .await?;
        }
        Ok(())
    }

    /// Registers codes as active labels of their subjects.
    pub(crate) async fn issue_codes(
        &self,
        codes: impl IntoIterator<Item = (Code, CodeKind, Uuid)>,
        at: Millis,
    ) -> Result<(), RecordError> {
        self.insert_set(
            "code (code, kind, subject_id, state, issued_at)",
            codes.into_iter().map(|(code, kind, subject)| {
                let kind = match kind {
                    CodeKind::Batch => "batch",
                    CodeKind::Pack => "pack",
                    CodeKind::Consignment => "consignment",
                    CodeKind::Event => "event",
                };
                [code.as_str().into(), kind.into(), subject.into(), "active".into(), at.0.into()]
            }),
            "",
        )
        .await
    }

    async fn account_id(&self, account: Option<Account>) -> Result<Option<i64>, RecordError> {
        let Some(account) = account else { return Ok(None) };
        let wanted = BTreeSet::from([account]);
        let mut accounts = Accounts::find(self, &wanted).await?;
        accounts.ensure(self, &wanted).await?;
        Ok(Some(accounts.row(account)?.id))
    }

    /// Marks the sealed packs "check" wherever they now promise more than the balance holds.
    pub(crate) async fn check_packs(
        &self,
        touched: &BTreeSet<(i64, BatchId)>,
    ) -> Result<(), RecordError> {
        if touched.is_empty() {
            return Ok(());
        }
        // Else somebody who seals a pack and somebody who takes its pieces would miss each other.
        self.queue_at_shelves(touched).await?;
        let accounts: BTreeSet<i64> = touched.iter().map(|(id, _)| *id).collect();
        let batches: BTreeSet<Uuid> = touched.iter().map(|(_, batch)| batch.uuid()).collect();
        let overfull: Vec<Overfull> = Query::new(
            "SELECT p.account_id, p.batch_id FROM pack_state p
             LEFT JOIN balance b ON b.account_id = p.account_id AND b.batch_id = p.batch_id
             WHERE p.state = 'sealed' AND p.account_id IN ",
        )
        .list(accounts)
        .push(" AND p.batch_id IN ")
        .list(batches)
        .push(
            " GROUP BY p.account_id, p.batch_id, b.pieces
             HAVING SUM(p.nominal) > COALESCE(b.pieces, 0)",
        )
        .all(self.conn)
        .await?;
        for row in overfull {
            let batch = BatchId::new(row.batch_id);
            if touched.contains(&(row.account_id, batch)) {
                self.mark_check(row.account_id, batch).await?;
            }
        }
        Ok(())
    }

    async fn mark_check(&self, account_id: i64, batch: BatchId) -> Result<(), RecordError> {
        let packs: Vec<Sealed> = self
            .all(
                "UPDATE pack_state SET state = 'check', said = said + 1
                 WHERE account_id = $1 AND batch_id = $2 AND state = 'sealed' RETURNING pack_id",
                [account_id.into(), batch.uuid().into()],
            )
            .await?;
        let packs = packs.iter().map(|row| PackId::new(row.pack_id));
        self.insert_pack_events(packs).await
    }
}

#[derive(FromQueryResult)]
struct Sealed {
    pack_id: Uuid,
}
