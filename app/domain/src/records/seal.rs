//! Seals: the gap-free chain over all records (rule 10).
//!
//! A seal covers the one before it, so a printed seal pins every record up to it: one that was
//! changed, removed, swapped, inserted or cut off no longer leads to the same hash.

use super::canonical::{Bytes, Hash};
use crate::ids::{OrgId, RecordId, StoreId, UserId};
use crate::time::{Millis, Month};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// What the first seal follows.
pub const BEGINNING: Hash = [0; 32];

/// The bytes of a hash that are printed: nobody finds another record with the same ones.
const PRINTED: usize = 8;

/// What a seal covers of a record: its content and its movements by their hashes, and what the
/// server added when it was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Covered {
    pub record: RecordId,
    pub content: Hash,
    pub posting: Hash,
    /// The salted hash stays when the note itself is erased.
    pub note: Option<Hash>,
    pub actor: UserId,
    pub org: OrgId,
    pub subject_kind: String,
    pub subject: Uuid,
    pub store: Option<StoreId>,
    pub clock_difference_ms: i64,
    pub occurred_at: Millis,
    pub recorded_at: Millis,
    pub booked_month: Month,
    /// `posted`, `held` or `kept`.
    pub outcome: String,
}

/// The hash of the seal `sequence` that follows the seal with the hash `previous`.
pub fn seal_hash(previous: &Hash, sequence: i64, covered: &Covered) -> Hash {
    let mut bytes = Bytes::of("tawzi-seal-1");
    bytes.raw(previous);
    bytes.integer(sequence);
    bytes.uuid(covered.record.uuid());
    bytes.raw(&covered.content);
    bytes.raw(&covered.posting);
    bytes.option(covered.note, |bytes, note| bytes.raw(&note));
    bytes.uuid(covered.actor.uuid());
    bytes.uuid(covered.org.uuid());
    bytes.text(&covered.subject_kind);
    bytes.uuid(covered.subject);
    bytes.option(covered.store, |bytes, store| bytes.uuid(store.uuid()));
    bytes.integer(covered.clock_difference_ms);
    bytes.integer(covered.occurred_at.0);
    bytes.integer(covered.recorded_at.0);
    bytes.integer(covered.booked_month.0.into());
    bytes.text(&covered.outcome);
    bytes.hash()
}

/// A seal as it stands on paper: `1234:0a1b2c3d4e5f6071`, a sequence number and the first digits of
/// its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrintedSeal {
    pub sequence: i64,
    /// The first bytes of the hash, at least as many as are printed.
    begins: Vec<u8>,
}

/// Why a text is not a printed seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a seal is written as on a printed report: a number, a colon and 16 to 64 digits 0-9 a-f")]
pub struct NotASeal;

impl PrintedSeal {
    pub fn new(sequence: i64, hash: &Hash) -> Self {
        Self { sequence, begins: hash[..PRINTED].to_vec() }
    }

    /// With every digit of its hash, for programs.
    pub fn whole(sequence: i64, hash: &Hash) -> Self {
        Self { sequence, begins: hash.to_vec() }
    }

    /// Whether it is the seal with this hash.
    pub fn is_of(&self, hash: &[u8]) -> bool {
        hash.starts_with(&self.begins)
    }
}

impl fmt::Display for PrintedSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.sequence)?;
        self.begins.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PrintedSeal {
    type Err = NotASeal;

    fn from_str(text: &str) -> Result<Self, NotASeal> {
        let (sequence, digits) = text.trim().split_once(':').ok_or(NotASeal)?;
        let sequence = sequence.parse().ok().filter(|n: &i64| *n > 0).ok_or(NotASeal)?;
        let digits = digits.as_bytes();
        let lengths = PRINTED * 2..=size_of::<Hash>() * 2;
        if !lengths.contains(&digits.len()) || !digits.len().is_multiple_of(2) {
            return Err(NotASeal);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(NotASeal);
        let byte = |pair: &[u8]| Ok((digit(pair[0])? * 16 + digit(pair[1])?) as u8);
        let begins = digits.chunks_exact(2).map(byte).collect::<Result<_, _>>()?;
        Ok(Self { sequence, begins })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::hex;

    fn covered() -> Covered {
        let id = Uuid::from_u128;
        Covered {
            record: RecordId::new(id(1)),
            content: [2; 32],
            posting: [3; 32],
            note: Some([4; 32]),
            actor: UserId::new(id(5)),
            org: OrgId::new(id(6)),
            subject_kind: "event".into(),
            subject: id(7),
            store: Some(StoreId::new(id(8))),
            clock_difference_ms: -1_500,
            occurred_at: Millis(1_497_513_600_000),
            recorded_at: Millis(1_497_513_601_000),
            booked_month: Month(201_706),
            outcome: "posted".into(),
        }
    }

    #[test]
    fn golden_vectors_of_a_chain() {
        let first = seal_hash(&BEGINNING, 1, &covered());
        assert_eq!(hex(&first), "4ae7408b53f7a5ef091667c5025467f7a085fd5945de94a160ff49f4b8922fa2");
        let silent = Covered { note: None, store: None, ..covered() };
        assert_eq!(
            hex(&seal_hash(&first, 2, &silent)),
            "db76694a3322bff50028b15d733dfe2fb07951d6542de2020d9fac1119893916"
        );
    }

    #[test]
    fn whatever_changes_changes_the_seal() {
        let sealed = seal_hash(&BEGINNING, 1, &covered());
        let id = Uuid::from_u128;
        let others = [
            Covered { record: RecordId::new(id(9)), ..covered() },
            Covered { content: [9; 32], ..covered() },
            Covered { posting: [9; 32], ..covered() },
            Covered { note: None, ..covered() },
            Covered { actor: UserId::new(id(9)), ..covered() },
            Covered { org: OrgId::new(id(9)), ..covered() },
            Covered { subject_kind: "drop".into(), ..covered() },
            Covered { subject: id(9), ..covered() },
            Covered { store: None, ..covered() },
            Covered { clock_difference_ms: 0, ..covered() },
            Covered { occurred_at: Millis(9), ..covered() },
            Covered { recorded_at: Millis(9), ..covered() },
            Covered { booked_month: Month(201_707), ..covered() },
            Covered { outcome: "held".into(), ..covered() },
        ];
        for other in &others {
            assert_ne!(seal_hash(&BEGINNING, 1, other), sealed, "{other:?}");
        }
        assert_ne!(seal_hash(&BEGINNING, 2, &covered()), sealed);
        assert_ne!(seal_hash(&[1; 32], 1, &covered()), sealed);
    }

    #[test]
    fn a_printed_seal_is_read_back() {
        let hash = seal_hash(&BEGINNING, 1, &covered());
        let printed = PrintedSeal::new(1_234, &hash);
        let read: PrintedSeal = printed.to_string().parse().unwrap();
        assert_eq!(read, printed);
        assert!(read.is_of(&hash) && !read.is_of(&BEGINNING));
        let whole: PrintedSeal = format!(" 1234:{}\n", hex(&hash).to_uppercase()).parse().unwrap();
        assert!(whole.is_of(&hash));
        for wrong in ["", "1234", "0:0a1b2c3d4e5f6071", "1:0a1b2c3d4e5f607", "1:zz1b2c3d4e5f6071"] {
            assert_eq!(wrong.parse::<PrintedSeal>(), Err(NotASeal), "{wrong:?}");
        }
    }
}
