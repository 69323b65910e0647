//! Where pieces can be in the books. A piece is always in exactly one account.

use crate::ids::{ConsignmentId, DropId, EventId, RunId, StoreId};
use serde::{Deserialize, Serialize};

/// What pieces were given at: an event, or a drop without participants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    Event(EventId),
    Drop(DropId),
}

/// Into whose hands given pieces went.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// People who came.
    Participants,
    /// People who will pass them on: elders, teachers, a mosque.
    Multipliers,
    /// Put up or left in public places.
    PublicPlaces,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Participants, Self::Multipliers, Self::PublicPlaces];
}

/// An account that holds real pieces and therefore never goes below zero (rule 3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Real {
    Store(StoreId),
    InTransit(ConsignmentId),
    AtEvent(EventId),
    Given(Occasion, Channel),
    Damaged(StoreId),
    Lost(StoreId),
    Disposed(StoreId),
}

/// Every account of the books.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    Real(Real),
    /// The source of a print run; its balance is minus what was received and not handed back.
    Printer(RunId),
    /// The source of what stood in a store before Tawzi.
    Opening(StoreId),
    /// The other side of counts: negative where more was found than the books knew.
    CountDifference(StoreId),
    /// The signed shadow of a real account: minus what the account lacked and nobody has
    /// explained yet (rule 6); above zero where a shortfall was explained twice.
    Unexplained(Real),
}

impl Account {
    /// Whether the balance may be negative: sources and shadows, never a real account.
    pub const fn is_signed(self) -> bool {
        match self {
            Self::Real(_) => false,
            Self::Printer(_) | Self::Opening(_) | Self::CountDifference(_) => true,
            Self::Unexplained(_) => true,
        }
    }

    pub const fn real(self) -> Option<Real> {
        match self {
            Self::Real(real) => Some(real),
            Self::Printer(_)
            | Self::Opening(_)
            | Self::CountDifference(_)
            | Self::Unexplained(_) => None,
        }
    }

    pub const fn store(store: StoreId) -> Self {
        Self::Real(Real::Store(store))
    }

    pub const fn in_transit(consignment: ConsignmentId) -> Self {
        Self::Real(Real::InTransit(consignment))
    }

    pub const fn at_event(event: EventId) -> Self {
        Self::Real(Real::AtEvent(event))
    }

    pub const fn given(occasion: Occasion, channel: Channel) -> Self {
        Self::Real(Real::Given(occasion, channel))
    }

    pub const fn damaged(store: StoreId) -> Self {
        Self::Real(Real::Damaged(store))
    }

    pub const fn lost(store: StoreId) -> Self {
        Self::Real(Real::Lost(store))
    }

    pub const fn disposed(store: StoreId) -> Self {
        Self::Real(Real::Disposed(store))
    }
}

impl From<Real> for Account {
    fn from(real: Real) -> Self {
        Self::Real(real)
    }
}
