//! Where pieces can be in the books. A piece is always in exactly one account.

use crate::ids::{ConsignmentId, DropId, EventId, RunId, StoreId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Participants => "participants",
            Self::Multipliers => "multipliers",
            Self::PublicPlaces => "public_places",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
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

impl Real {
    /// The name of the kind of account in the database and in canonical bytes.
    pub const fn kind_str(self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::InTransit(_) => "in_transit",
            Self::AtEvent(_) => "at_event",
            Self::Given(Occasion::Event(_), _) => "given_event",
            Self::Given(Occasion::Drop(_), _) => "given_drop",
            Self::Damaged(_) => "damaged",
            Self::Lost(_) => "lost",
            Self::Disposed(_) => "disposed",
        }
    }

    /// The place, consignment, event or drop that the account belongs to.
    pub const fn owner(self) -> Uuid {
        match self {
            Self::Store(store)
            | Self::Damaged(store)
            | Self::Lost(store)
            | Self::Disposed(store) => store.uuid(),
            Self::InTransit(consignment) => consignment.uuid(),
            Self::AtEvent(event) | Self::Given(Occasion::Event(event), _) => event.uuid(),
            Self::Given(Occasion::Drop(drop), _) => drop.uuid(),
        }
    }

    /// The inverse of [`Real::kind_str`], [`Real::owner`] and the channel.
    pub fn from_parts(kind: &str, owner: Uuid, channel: &str) -> Option<Self> {
        Some(match kind {
            "store" => Self::Store(owner.into()),
            "in_transit" => Self::InTransit(owner.into()),
            "at_event" => Self::AtEvent(owner.into()),
            "given_event" => Self::Given(Occasion::Event(owner.into()), Channel::parse(channel)?),
            "given_drop" => Self::Given(Occasion::Drop(owner.into()), Channel::parse(channel)?),
            "damaged" => Self::Damaged(owner.into()),
            "lost" => Self::Lost(owner.into()),
            "disposed" => Self::Disposed(owner.into()),
            _ => return None,
        })
    }

    /// The channel of given pieces, or the empty text.
    pub const fn channel_str(self) -> &'static str {
        match self {
            Self::Given(_, channel) => channel.as_str(),
            Self::Store(_)
            | Self::InTransit(_)
            | Self::AtEvent(_)
            | Self::Damaged(_)
            | Self::Lost(_)
            | Self::Disposed(_) => "",
        }
    }

    /// Whether pieces here are still in somebody's hands and can be counted.
    pub const fn is_on_hand(self) -> bool {
        match self {
            Self::Store(_) | Self::InTransit(_) | Self::AtEvent(_) | Self::Damaged(_) => true,
            Self::Given(..) | Self::Lost(_) | Self::Disposed(_) => false,
        }
    }
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
