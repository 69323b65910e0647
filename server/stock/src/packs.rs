//! Packs: cartons and bundles with their own label.
//!
//! What records say about a pack is kept as events; its state and place are the fold over them. The
//! balance always wins (rule 9): sealed packs count as nominal, and where their sum would exceed
//! the balance after a record, the sealed packs there are marked "check".

use crate::movements::Accounts;
use crate::records::{RecordError, RecordTx};
use domain::account::Account;
use domain::code::{Code, CodeKind};
use domain::ids::{BatchId, PackId};
use domain::time::Millis;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackState {
    /// Its label was printed for the printer to stick; nothing has arrived yet.
    Expected,
    Sealed,
    Opened,
    Empty,
    /// The books and the packs disagree here: somebody must look.
    Check,
    /// Its label will never be used.
    Voided,
}

impl PackState {
    pub const ALL: [Self; 6] =
        [Self::Expected, Self::Sealed, Self::Opened, Self::Empty, Self::Check, Self::Voided];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Sealed => "sealed",
            Self::Opened => "opened",
            Self::Empty => "empty",
            Self::Check => "check",
            Self::Voided => "voided",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackKind {
    Carton,
    Bundle,
}

impl PackKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Carton => "carton",
            Self::Bundle => "bundle",
        }
    }
}

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
        let codes = packs.iter().map(|pack| (pack.code, CodeKind::Pack, pack.id.uuid()));
        self.issue_codes(codes, self.recorded_at).await?;
        self.insert_set(
            "INSERT INTO pack (id, code, batch_id, parent_id, kind, number, total, nominal)",
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
            "INSERT INTO pack_state (pack_id, batch_id, state, account_id, nominal)",
            packs.iter().map(|pack| {
                [
                    pack.id.uuid().into(),
                    pack.batch.uuid().into(),
                    state.as_str().into(),
                    account_id.into(),
                    pack.nominal.into(),
                ]
            }),
            "",
        )
        .await?;
        self.insert_pack_events(packs.iter().map(|pack| pack.id), state, account_id).await
    }

    /// Says what a record found about packs: their state, and where they now are.
    pub(crate) async fn set_packs(
        &self,
        packs: &[PackId],
        state: PackState,
        account: Option<Account>,
    ) -> Result<(), RecordError> {
        let account_id = self.account_id(account).await?;
        for chunk in packs.chunks(200) {
            let marks: Vec<String> = (3..chunk.len() + 3).map(|n| format!("${n}")).collect();
            let text = format!(
                "UPDATE pack_state SET state = $1, account_id = $2 WHERE pack_id IN ({})",
                marks.join(", ")
            );
            let mut values: Vec<sea_orm::Value> = vec![state.as_str().into(), account_id.into()];
            values.extend(chunk.iter().map(|pack| sea_orm::Value::from(pack.uuid())));
            self.run(&text, values).await?;
        }
        self.insert_pack_events(packs.iter().copied(), state, account_id).await
    }

    async fn insert_pack_events(
        &self,
        packs: impl ExactSizeIterator<Item = PackId>,
        state: PackState,
        account_id: Option<i64>,
    ) -> Result<(), RecordError> {
        let first = self.pack_event_ordinals(packs.len());
        self.insert_set(
            "INSERT INTO pack_event (pack_id, record_id, ordinal, state, account_id)",
            packs.zip(first..).map(|(pack, ordinal)| {
                [
                    pack.uuid().into(),
                    self.id.uuid().into(),
                    ordinal.into(),
                    state.as_str().into(),
                    account_id.into(),
                ]
            }),
            "",
        )
        .await
    }

    /// Registers codes as active labels of their subjects.
    pub(crate) async fn issue_codes(
        &self,
        codes: impl IntoIterator<Item = (Code, CodeKind, Uuid)>,
        at: Millis,
    ) -> Result<(), RecordError> {
        self.insert_set(
            "INSERT INTO code (code, kind, subject_id, state, issued_at)",
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
        let accounts: BTreeSet<String> = touched.iter().map(|(id, _)| id.to_string()).collect();
        let accounts: Vec<String> = accounts.into_iter().collect();
        let text = format!(
            "SELECT p.account_id, p.batch_id FROM pack_state p
             LEFT JOIN balance b ON b.account_id = p.account_id AND b.batch_id = p.batch_id
             WHERE p.account_id IN ({}) AND p.state = 'sealed'
             GROUP BY p.account_id, p.batch_id, b.pieces
             HAVING SUM(p.nominal) > COALESCE(b.pieces, 0)",
            accounts.join(", ")
        );
        for row in self.all::<Overfull>(&text, []).await? {
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
                "UPDATE pack_state SET state = 'check'
                 WHERE account_id = $1 AND batch_id = $2 AND state = 'sealed' RETURNING pack_id",
                [account_id.into(), batch.uuid().into()],
            )
            .await?;
        let packs = packs.iter().map(|row| PackId::new(row.pack_id));
        self.insert_pack_events(packs, PackState::Check, Some(account_id)).await
    }
}

#[derive(FromQueryResult)]
struct Sealed {
    pack_id: Uuid,
}
