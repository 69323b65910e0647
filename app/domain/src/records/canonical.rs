//! The bytes by which a record and what it did to the books are known (rules 4 and 10).
//!
//! Length-prefixed UTF-8 and big-endian integers, in a fixed order, equal on both databases and on
//! the phone. Golden vectors below pin them: a change needs a new version, never an edit.

use super::{Body, DeviceStamp, Envelope, Occurred};
use crate::account::{Account, Channel, Occasion, Real};
use crate::ledger::Planned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Appends fields in the canonical form.
#[derive(Default)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// Starts with the name of what follows, so that no two kinds of bytes can be confused.
    pub fn of(name: &str) -> Self {
        let mut bytes = Self::default();
        bytes.text(name);
        bytes
    }

    /// Four bytes of length, then UTF-8.
    pub fn text(&mut self, text: &str) {
        self.0.extend((text.len() as u32).to_be_bytes());
        self.0.extend(text.as_bytes());
    }

    /// Eight bytes, big-endian, two's complement.
    pub fn integer(&mut self, value: i64) {
        self.0.extend(value.to_be_bytes());
    }

    /// Sixteen bytes.
    pub fn uuid(&mut self, uuid: Uuid) {
        self.0.extend(uuid.as_bytes());
    }

    /// One byte 0, or one byte 1 and what `write` appends.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    pub fn hash(&self) -> Hash {
        Sha256::digest(&self.0).into()
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

/// The hash of what a record says. The body goes in as the JSON that is stored.
pub fn content_hash<B: Body>(envelope: &Envelope, body_json: &str) -> Hash {
    content_bytes(envelope, B::KIND, B::VERSION, body_json).hash()
}

/// The bytes of what a record says.
pub fn content_bytes(envelope: &Envelope, kind: &str, version: u32, body_json: &str) -> Bytes {
    let mut bytes = Bytes::of("tawzi-record-1");
    bytes.text(kind);
    bytes.integer(version.into());
    bytes.uuid(envelope.id.uuid());
    match envelope.occurred {
        Occurred::AtDeviceTime => bytes.text("at"),
        Occurred::On(day) => {
            bytes.text("on");
            bytes.integer(day.0.into());
        }
    }
    bytes.integer(envelope.device_time.0);
    bytes.integer(envelope.device_offset_minutes.into());
    bytes.option(envelope.device, |bytes, DeviceStamp { device, sequence }| {
        bytes.uuid(device.uuid());
        bytes.integer(sequence);
    });
    bytes.text(envelope.entry.as_str());
    bytes.option(envelope.on_behalf, |bytes, org| bytes.uuid(org.uuid()));
    bytes.text(body_json);
    bytes
}

/// The hash of what a record did to the books: every movement and line, in order.
pub fn posting_hash(movements: &[Planned]) -> Hash {
    let mut bytes = Bytes::of("tawzi-posting-1");
    bytes.integer(movements.len() as i64);
    for movement in movements {
        bytes.text(movement.kind.as_str());
        bytes.text(movement.reason.as_str());
        bytes.integer(movement.occurred_at.0);
        bytes.option(movement.reverses, |bytes, id| bytes.uuid(id.uuid()));
        bytes.option(movement.cites, |bytes, id| bytes.uuid(id.uuid()));
        bytes.integer(movement.lines.len() as i64);
        for line in &movement.lines {
            bytes.uuid(line.batch.uuid());
            account(&mut bytes, line.from);
            account(&mut bytes, line.to);
            bytes.integer(line.pieces.get());
        }
    }
    bytes.hash()
}

/// The salted hash that stays in the sealed record when a note is erased.
pub fn note_hash(salt: &[u8; 16], text: &str) -> Hash {
    let mut bytes = Bytes::of("tawzi-note-1");
    bytes.raw(salt);
    bytes.text(text);
    bytes.hash()
}

fn account(bytes: &mut Bytes, account: Account) {
    match account {
        Account::Real(real) => {
            bytes.text("real");
            real_account(bytes, real);
        }
        Account::Printer(run) => {
            bytes.text("printer");
            bytes.uuid(run.uuid());
        }
        Account::Opening(store) => {
            bytes.text("opening");
            bytes.uuid(store.uuid());
        }
        Account::CountDifference(store) => {
            bytes.text("count_difference");
            bytes.uuid(store.uuid());
        }
        Account::Unexplained(real) => {
            bytes.text("unexplained");
            real_account(bytes, real);
        }
    }
}

fn real_account(bytes: &mut Bytes, real: Real) {
    bytes.text(real.kind_str());
    bytes.uuid(real.owner());
    if let Real::Given(occasion, channel) = real {
        bytes.text(match occasion {
            Occasion::Event(_) => "event",
            Occasion::Drop(_) => "drop",
        });
        bytes.text(Channel::as_str(channel));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::hex;
    use crate::ids::{BatchId, DeviceId, OrgId, RecordId, RunId, StoreId};
    use crate::ledger::{Line, MovementKind, Reason};
    use crate::pieces::Pieces;
    use crate::records::EntryMethod;
    use crate::time::Millis;

    fn envelope() -> Envelope {
        Envelope {
            id: RecordId::new(Uuid::from_u128(1)),
            occurred: Occurred::AtDeviceTime,
            device_time: Millis(1_497_513_600_000),
            device_offset_minutes: 270,
            device: Some(DeviceStamp { device: DeviceId::new(Uuid::from_u128(2)), sequence: 7 }),
            entry: EntryMethod::Scanned,
            on_behalf: Some(OrgId::new(Uuid::from_u128(3))),
            note: Some("never part of the bytes".into()),
        }
    }

    #[test]
    fn golden_vector_of_a_record() {
        let bytes = content_bytes(&envelope(), "drop", 1, r#"{"pieces":5}"#);
        assert_eq!(
            hex(&bytes.hash()),
            "3a36c5426acace553e0a73838aad1fe3ee18c37fdd198e92a7004605ed5dde9a"
        );
        let silent = Envelope { note: None, ..envelope() };
        assert_eq!(content_bytes(&silent, "drop", 1, r#"{"pieces":5}"#).hash(), bytes.hash());
    }

    #[test]
    fn golden_vector_of_a_posting() {
        let movement = Planned {
            kind: MovementKind::Receive,
            reason: Reason::Planned,
            occurred_at: Millis(1_497_513_600_000),
            lines: vec![Line {
                batch: BatchId::new(Uuid::from_u128(4)),
                from: Account::Printer(RunId::new(Uuid::from_u128(5))),
                to: Account::store(StoreId::new(Uuid::from_u128(6))),
                pieces: Pieces::new(500).unwrap(),
            }],
            reverses: None,
            cites: None,
            derived: false,
        };
        assert_eq!(
            hex(&posting_hash(&[movement])),
            "5b570afadea51ee2225580b71968b5a505822ff0b7c45dce394dafee135b82da"
        );
    }

    #[test]
    fn golden_vector_of_a_note() {
        assert_eq!(
            hex(&note_hash(&[7; 16], "wet cartons")),
            "881476cc37ccf5d323c9a72f09500d3f901b15a8657cdeda65b23f1aa0f63f14"
        );
    }
}
