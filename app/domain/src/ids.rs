//! One type for each thing that has an identity, so that a store can never be passed as a batch.
//!
//! Every id is a UUIDv7 made by whoever makes the thing (rule 4); this crate only carries them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )+};
}

ids! {
    /// An organisation: the programme itself, a partner, a printer, a donor.
    OrgId,
    /// A person with an account. Opaque in the ledger (design.md, section 5).
    UserId,
    /// A real place with stock.
    StoreId,
    MaterialId,
    KitId,
    /// One version of a kit; a kit that was used changes by a new version.
    KitVersionId,
    RunId,
    BatchId,
    PackId,
    ConsignmentId,
    EventId,
    SessionId,
    DropId,
    EventTypeId,
    /// One immutable statement.
    RecordId,
    MovementId,
    DeviceId,
    /// The id of an entry in the erasable table of notes.
    NoteId,
    RecallId,
    TaskId,
}
