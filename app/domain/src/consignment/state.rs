//! What a consignment is: a fold over its unreversed records and what is in transit.

use serde::{Deserialize, Serialize};

/// Where a consignment stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being prepared: lines may change.
    Draft,
    /// Given up before it left.
    Cancelled,
    /// Under way; nobody has received anything yet.
    Dispatched,
    /// Something came and more is said to be on its way.
    PartlyDelivered,
    /// Counted; a rest in transit, something extra or a report by phone still waits for somebody.
    Delivered,
    /// Nothing is in transit and nothing waits.
    Closed,
}

impl State {
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Cancelled,
        Self::Dispatched,
        Self::PartlyDelivered,
        Self::Delivered,
        Self::Closed,
    ];

    /// The word in addresses, forms and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Cancelled => "cancelled",
            Self::Dispatched => "dispatched",
            Self::PartlyDelivered => "partly_delivered",
            Self::Delivered => "delivered",
            Self::Closed => "closed",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether a receiver may count something in.
    pub const fn receives(self) -> bool {
        match self {
            Self::Dispatched | Self::PartlyDelivered | Self::Delivered | Self::Closed => true,
            Self::Draft | Self::Cancelled => false,
        }
    }
}

/// What the receiver says about the rest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// Another vehicle or trip brings more.
    StillComing,
    /// This was all: what is missing is missing.
    NothingMore,
}

/// What the fold looks at. Reversed records and movements are left out before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    pub cancelled: bool,
    pub dispatched: bool,
    /// What the latest delivery said about the rest; `None` before the first one.
    pub latest_rest: Option<Rest>,
    /// Deliveries on behalf that nobody has confirmed yet.
    pub to_confirm: i64,
    /// Pieces in transit.
    pub in_transit: i64,
    /// Pieces that arrived and nobody says where they came from.
    pub extra: i64,
}

/// Folds the facts into the state.
pub const fn state(facts: &Facts) -> State {
    if facts.cancelled {
        return State::Cancelled;
    }
    if !facts.dispatched {
        return State::Draft;
    }
    let waits = facts.in_transit > 0 || facts.extra > 0 || facts.to_confirm > 0;
    match facts.latest_rest {
        _ if !waits => State::Closed,
        None if facts.in_transit > 0 => State::Dispatched,
        Some(Rest::StillComing) if facts.in_transit > 0 => State::PartlyDelivered,
        None | Some(Rest::StillComing | Rest::NothingMore) => State::Delivered,
    }
}

/// Where the signed paper is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// With the driver or the receiver.
    Out,
    BackSigned,
    BackUnsigned,
    Lost,
}

impl PaperState {
    pub const ALL: [Self; 4] = [Self::Out, Self::BackSigned, Self::BackUnsigned, Self::Lost];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::BackSigned => "back_signed",
            Self::BackUnsigned => "back_unsigned",
            Self::Lost => "lost",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: Facts = Facts {
        cancelled: false,
        dispatched: true,
        latest_rest: None,
        to_confirm: 0,
        in_transit: 500,
        extra: 0,
    };

    #[test]
    fn a_consignment_goes_its_way() {
        assert_eq!(state(&Facts::default()), State::Draft);
        assert_eq!(state(&Facts { cancelled: true, ..Facts::default() }), State::Cancelled);
        assert_eq!(state(&SENT), State::Dispatched);
        let partly = Facts { latest_rest: Some(Rest::StillComing), in_transit: 200, ..SENT };
        assert_eq!(state(&partly), State::PartlyDelivered);
        let short = Facts { latest_rest: Some(Rest::NothingMore), ..partly };
        assert_eq!(state(&short), State::Delivered);
        assert_eq!(state(&Facts { in_transit: 0, ..short }), State::Closed);
        assert_eq!(state(&Facts { in_transit: 0, ..partly }), State::Closed);
    }

    #[test]
    fn what_waits_for_somebody_keeps_it_open() {
        let arrived = Facts { latest_rest: Some(Rest::NothingMore), in_transit: 0, ..SENT };
        assert_eq!(state(&Facts { extra: 20, ..arrived }), State::Delivered);
        assert_eq!(state(&Facts { to_confirm: 1, ..arrived }), State::Delivered);
        let early = Facts { latest_rest: Some(Rest::StillComing), extra: 20, ..arrived };
        assert_eq!(state(&early), State::Delivered);
    }

    #[test]
    fn what_was_explained_away_before_anyone_received_is_closed() {
        assert_eq!(state(&Facts { in_transit: 0, ..SENT }), State::Closed);
    }

    #[test]
    fn words_go_both_ways() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        for paper in PaperState::ALL {
            assert_eq!(PaperState::parse(paper.as_str()), Some(paper));
        }
        assert_eq!(State::parse("on its way"), None);
    }
}
