//! Accounts of the domain and their rows.

use crate::query::{Query, inserts};
use crate::records::{RecordError, RecordTx};
use domain::account::{Account, Real};
use domain::ids::StoreId;
use domain::statement::Side;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The row of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub id: i64,
    pub account: Account,
    pub holder: Option<StoreId>,
}

/// The rows of all accounts that a posting touches, by account.
pub(crate) struct Accounts(BTreeMap<Account, Row>);

#[derive(FromQueryResult)]
pub(crate) struct AccountRow {
    pub id: i64,
    pub kind: String,
    pub owner_id: Uuid,
    pub channel: String,
    pub shadow: bool,
    pub holder_id: Option<Uuid>,
}

impl AccountRow {
    pub fn account(&self) -> Result<Account, DbErr> {
        let Self { kind, owner_id: owner, channel, shadow, .. } = self;
        let account = match kind.as_str() {
            "printer" => Some(Account::Printer((*owner).into())),
            "opening" => Some(Account::Opening((*owner).into())),
            "count_difference" => Some(Account::CountDifference((*owner).into())),
            kind => Real::from_parts(kind, *owner, channel)
                .map(|real| if *shadow { Account::Unexplained(real) } else { Account::Real(real) }),
        };
        account.ok_or_else(|| DbErr::Type(format!("no account is of kind {kind:?}")))
    }

    fn row(&self) -> Result<Row, DbErr> {
        let holder = self.holder_id.map(StoreId::new);
        Ok(Row { id: self.id, account: self.account()?, holder })
    }
}

/// Kind, owner, channel and shadow: the unique key of an account's row.
pub(crate) fn parts(account: Account) -> (&'static str, Uuid, &'static str, bool) {
    match account {
        Account::Real(real) => (real.kind_str(), real.owner(), real.channel_str(), false),
        Account::Unexplained(real) => (real.kind_str(), real.owner(), real.channel_str(), true),
        Account::Printer(run) => ("printer", run.uuid(), "", false),
        Account::Opening(store) => ("opening", store.uuid(), "", false),
        Account::CountDifference(store) => ("count_difference", store.uuid(), "", false),
    }
}

impl Accounts {
    /// Finds the rows of `accounts`; those that have none yet are left out.
    pub async fn find(
        tx: &RecordTx<'_>,
        accounts: &BTreeSet<Account>,
    ) -> Result<Self, RecordError> {
        let (mut rows, unknown) = tx.seen(|seen| seen.accounts(accounts));
        for chunk in unknown.chunks(100) {
            let mut query = Query::new(
                "SELECT a.id, a.kind, a.owner_id, a.channel, a.shadow, a.holder_id
                 FROM account a WHERE ",
            );
            for (n, &account) in chunk.iter().enumerate() {
                let separator = if n == 0 { "(" } else { " OR (" };
                query = query.push(separator).account("a", account).push(")");
            }
            for row in query.all::<AccountRow>(tx.conn.ahead()).await? {
                let row = row.row()?;
                rows.insert(row.account, row);
            }
        }
        tx.seen(|seen| seen.remember_accounts(&unknown, &rows));
        Ok(Self(rows))
    }

    /// Makes the rows that are missing. `holder` tells which store answers for an account.
    pub async fn ensure(
        &mut self,
        tx: &RecordTx<'_>,
        accounts: &BTreeSet<Account>,
    ) -> Result<(), RecordError> {
        let mut missing = Vec::new();
        for &account in accounts.iter().filter(|account| !self.0.contains_key(account)) {
            let holder = holder(tx, account).await?;
            let (kind, owner, channel, shadow) = parts(account);
            let signed = account.is_signed().into();
            let holder = holder.map(|store| store.uuid()).into();
            missing.push([
                kind.into(),
                owner.into(),
                channel.into(),
                shadow.into(),
                signed,
                holder,
            ]);
        }
        // Somebody else may have made one since: then its row is given.
        let after = "ON CONFLICT (kind, owner_id, channel, shadow)
             DO UPDATE SET kind = excluded.kind
             RETURNING id, kind, owner_id, channel, shadow, holder_id";
        let into = "account (kind, owner_id, channel, shadow, signed, holder_id)";
        for insert in inserts(into, missing, after) {
            for row in tx.conn.all::<AccountRow>(insert).await? {
                let row = row.row()?;
                self.0.insert(row.account, row);
            }
        }
        let made: Vec<Account> = accounts.iter().copied().collect();
        tx.seen(|seen| seen.remember_accounts(&made, &self.0));
        Ok(())
    }

    pub fn row(&self, account: Account) -> Result<Row, RecordError> {
        self.0.get(&account).copied().ok_or_else(|| no_row(account))
    }

    pub fn side(&self, account: Account) -> Result<Side, RecordError> {
        Ok(Side { account, holder: self.row(account)?.holder })
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.0.values()
    }
}

fn no_row(account: Account) -> RecordError {
    RecordError::Database(DbErr::Custom(format!("no row for the account {account:?}")))
}

#[derive(FromQueryResult)]
struct Holder {
    store_id: Uuid,
}

/// The store that answers for an account: the place itself, the sender of a consignment, the store
/// that supplies an event or drop. Printers are outside the programme.
pub(crate) async fn holder(
    tx: &RecordTx<'_>,
    account: Account,
) -> Result<Option<StoreId>, RecordError> {
    let real = match account {
        Account::Printer(_) => return Ok(None),
        Account::Opening(store) | Account::CountDifference(store) => return Ok(Some(store)),
        Account::Real(real) | Account::Unexplained(real) => real,
    };
    if let Some(holder) = tx.seen(|seen| seen.holder(real.owner())) {
        return Ok(Some(holder));
    }
    let text = match real {
        Real::Store(store) | Real::Damaged(store) | Real::Lost(store) | Real::Disposed(store) => {
            return Ok(Some(store));
        }
        Real::InTransit(_) => "SELECT from_store_id AS store_id FROM consignment WHERE id = $1",
        Real::AtEvent(_) | Real::Given(domain::account::Occasion::Event(_), _) => {
            "SELECT store_id FROM event WHERE id = $1"
        }
        Real::Given(domain::account::Occasion::Drop(_), _) => {
            "SELECT store_id FROM drop_off WHERE id = $1"
        }
    };
    let found: Option<Holder> = tx.one(text, [real.owner().into()]).await?;
    Ok(found.map(|holder| StoreId::new(holder.store_id)))
}
