//! What a store keeper says about stock in the store: damage, loss, disposal, counts.

use super::Body;
use crate::account::{Account, Channel, Occasion, Real};
use crate::ids::{BatchId, RecordId, RunId, StoreId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pieces::Pieces;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Pieces of one batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BatchPieces {
    pub batch: BatchId,
    pub pieces: Pieces,
}

/// What happened to stock in a store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    Damaged,
    Lost,
    Found,
    Salvaged,
    Disposed {
        how: Disposal,
        /// Whether the pieces were already booked as damaged.
        from_damaged: bool,
    },
    /// Given back to the printer.
    HandedBack {
        run: RunId,
        from_damaged: bool,
    },
    /// A recalled edition pulled back from where it was given.
    Collected {
        occasion: Occasion,
        channel: Channel,
    },
}

/// How pieces were disposed of. Destruction needs two witnesses, by role and never by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum Disposal {
    Destroyed { witness_roles: [String; 2], certificate: String },
    OfficeUse,
    Archive,
}

impl Disposal {
    /// Whether it names who saw it, where that is asked for: two roles and a certificate.
    pub fn is_witnessed(&self) -> bool {
        match self {
            Self::Destroyed { witness_roles: [first, second], certificate } => {
                let all = [first, second, certificate];
                all.iter().all(|text| !text.trim().is_empty()) && first.trim() != second.trim()
            }
            Self::OfficeUse | Self::Archive => true,
        }
    }
}

/// A fact: something happened to pieces in a store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StockChange {
    pub store: StoreId,
    #[serde(flatten)]
    pub change: Change,
    pub reason: Reason,
    pub lines: Vec<BatchPieces>,
}

impl Body for StockChange {
    const KIND: &'static str = "stock_change";
    const VERSION: u32 = 1;
}

impl StockChange {
    /// The movement that the change is, dated `at`.
    pub fn draft(&self, at: Millis) -> Draft {
        let store = self.store;
        let held = |damaged| if damaged { Account::damaged(store) } else { Account::store(store) };
        let (kind, from, to) = match &self.change {
            Change::Damaged => {
                (MovementKind::Damage, Account::store(store), Account::damaged(store))
            }
            Change::Lost => (MovementKind::Lose, Account::store(store), Account::lost(store)),
            Change::Found => (MovementKind::Find, Account::lost(store), Account::store(store)),
            Change::Salvaged => {
                (MovementKind::Salvage, Account::damaged(store), Account::store(store))
            }
            Change::Disposed { from_damaged, .. } => {
                (MovementKind::Dispose, held(*from_damaged), Account::disposed(store))
            }
            Change::HandedBack { run, from_damaged } => {
                (MovementKind::HandBack, held(*from_damaged), Account::Printer(*run))
            }
            Change::Collected { occasion, channel } => {
                (MovementKind::Collect, Account::given(*occasion, *channel), Account::store(store))
            }
        };
        let line = |of: &BatchPieces| Line { batch: of.batch, from, to, pieces: of.pieces };
        Draft::new(kind, self.reason, at, self.lines.iter().map(line).collect())
    }
}

/// A fact: somebody counted batches in a store. Posts nothing until another person approves it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Count {
    pub store: StoreId,
    pub lines: Vec<Counted>,
}

/// What was counted of one batch; zero is a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Counted {
    pub batch: BatchId,
    /// From 0 to 1,000,000,000.
    pub pieces: i64,
}

impl Body for Count {
    const KIND: &'static str = "count";
    const VERSION: u32 = 1;
}

/// A second person approves a count: from now on it is what stood there at that moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ApproveCount {
    pub count: RecordId,
    pub reason: Reason,
}

impl Body for ApproveCount {
    const KIND: &'static str = "approve_count";
    const VERSION: u32 = 1;
}

/// A second person does not believe a count: it changes nothing, and somebody counts again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeclineCount {
    pub count: RecordId,
}

impl Body for DeclineCount {
    const KIND: &'static str = "decline_count";
    const VERSION: u32 = 1;
}

/// A command: what an account lacked is explained by another account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settle {
    /// The account whose shadow is not zero.
    pub of: Real,
    pub batch: BatchId,
    pub pieces: Pieces,
    /// Where the pieces had come from (or, for an account explained twice, where they belong).
    pub by: Account,
    pub reason: Reason,
}

impl Body for Settle {
    const KIND: &'static str = "settle";
    const VERSION: u32 = 1;
}

impl Settle {
    /// Below zero the shadow is paid from `by`; above zero it pays to `by`.
    pub fn draft(&self, shadow_balance: i64, at: Millis) -> Draft {
        let shadow = Account::Unexplained(self.of);
        let (from, to) = if shadow_balance > 0 { (shadow, self.by) } else { (self.by, shadow) };
        let line = Line { batch: self.batch, from, to, pieces: self.pieces };
        Draft::new(MovementKind::Settle, self.reason, at, vec![line])
    }
}

/// A command: these movements were a mistake. All of them are undone, or none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reverse {
    pub movements: Vec<crate::ids::MovementId>,
    pub reason: Reason,
}

impl Body for Reverse {
    const KIND: &'static str = "reverse";
    const VERSION: u32 = 1;
}

/// The same for all that one record moved; the server finds the movements, so that a phone needs not
/// know them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TakeBack {
    pub record: RecordId,
    pub reason: Reason,
}

impl Body for TakeBack {
    const KIND: &str = Reverse::KIND;
    const VERSION: u32 = Reverse::VERSION;
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_change_makes_a_movement_that_its_kind_allows() {
        let store = StoreId::new(Uuid::from_u128(1));
        let occasion = Occasion::Event(Uuid::from_u128(2).into());
        let run = RunId::new(Uuid::from_u128(3));
        let witness_roles = ["store keeper".to_owned(), "guard".to_owned()];
        let destroyed = Disposal::Destroyed { witness_roles, certificate: "C-1".to_owned() };
        let changes = [
            Change::Damaged,
            Change::Lost,
            Change::Found,
            Change::Salvaged,
            Change::Disposed { how: destroyed, from_damaged: true },
            Change::Disposed { how: Disposal::Archive, from_damaged: false },
            Change::HandedBack { run, from_damaged: true },
            Change::Collected { occasion, channel: Channel::PublicPlaces },
        ];
        for change in changes {
            let pieces = Pieces::new(5).unwrap();
            let lines = vec![BatchPieces { batch: Uuid::from_u128(4).into(), pieces }];
            let stock = StockChange { store, change, reason: Reason::Wet, lines };
            let draft = stock.draft(Millis(0));
            let line = draft.lines[0];
            assert!(draft.kind.joins(line.from, line.to), "{:?}", stock.change);
            let json = serde_json::to_string(&stock).unwrap();
            assert_eq!(serde_json::from_str::<StockChange>(&json).unwrap(), stock, "{json}");
        }
    }
}
