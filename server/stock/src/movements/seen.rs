//! What a record has read of the books already. It holds their locks, so that nobody else changes
//! them meanwhile; what it writes itself is read anew.

use super::accounts::{Row, parts};
use domain::account::Account;
use domain::ids::{BatchId, MaterialId, StoreId};
use domain::ledger::{Slot, SlotKey};
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(Default)]
pub(crate) struct Seen {
    /// Those without a row are here too.
    accounts: BTreeMap<Account, Option<Row>>,
    /// With the first day whose lines were read.
    slots: BTreeMap<SlotKey, (Day, Slot)>,
    /// What the record itself has made, which so has no accounts but those it made, with the store
    /// that answers for it.
    made: BTreeMap<Uuid, StoreId>,
    materials: BTreeMap<BatchId, MaterialId>,
}

impl Seen {
    /// The rows of those of `accounts` that were asked for before, and the accounts that were not.
    pub fn accounts(&self, accounts: &BTreeSet<Account>) -> (BTreeMap<Account, Row>, Vec<Account>) {
        let mut rows = BTreeMap::new();
        let mut unknown = Vec::new();
        for account in accounts {
            match self.accounts.get(account) {
                Some(Some(row)) => drop(rows.insert(*account, *row)),
                Some(None) => {}
                None if self.made.contains_key(&parts(*account).1) => {}
                None => unknown.push(*account),
            }
        }
        (rows, unknown)
    }

    pub fn remember_accounts(&mut self, asked: &[Account], rows: &BTreeMap<Account, Row>) {
        self.accounts.extend(asked.iter().map(|account| (*account, rows.get(account).copied())));
    }

    pub fn slots(&self, keys: &BTreeSet<SlotKey>, from: Day) -> BTreeMap<SlotKey, Slot> {
        let known = keys.iter().filter_map(|key| self.slots.get_key_value(key));
        let as_wanted = known.filter(|(_, (since, _))| *since == from);
        as_wanted.map(|(key, (_, slot))| (*key, slot.clone())).collect()
    }

    pub fn remember_slots(&mut self, from: Day, slots: &BTreeMap<SlotKey, Slot>) {
        self.slots.extend(slots.iter().map(|(key, slot)| (*key, (from, slot.clone()))));
    }

    pub fn forget_slots(&mut self) {
        self.slots.clear();
    }

    /// Notes that the record has made what accounts of `owner` stand for.
    pub fn made(&mut self, owner: Uuid, holder: StoreId) {
        self.made.insert(owner, holder);
    }

    /// The store that answers for what the record has made.
    pub fn holder(&self, owner: Uuid) -> Option<StoreId> {
        self.made.get(&owner).copied()
    }

    pub fn remember_materials(&mut self, of: impl IntoIterator<Item = (BatchId, MaterialId)>) {
        self.materials.extend(of);
    }

    pub fn materials(&self, batches: &BTreeSet<BatchId>) -> BTreeMap<BatchId, MaterialId> {
        let known = batches.iter().filter_map(|batch| self.materials.get_key_value(batch));
        known.map(|(batch, material)| (*batch, *material)).collect()
    }
}
