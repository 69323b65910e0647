//! What a movement means for a month's stock statement.
//!
//! A holder is the store that answers for an account: the store itself, the sender of a
//! consignment, the store that supplies an event. For every holder and material
//!
//! opening + in + counted + unexplained = given + disposed + lost + out + closing
//!
//! where closing is what is on hand: in store, in transit, at events, damaged. Storage keeps the
//! sums of [`effects`] per month, and apart from them the closings by [`moved_between_hands`], in
//! the posting transaction, and `verify` makes both again.

use crate::account::{Account, Real};
use crate::ids::StoreId;
use crate::ledger::MovementKind;
use serde::{Deserialize, Serialize};

/// A column of the statement, or a step of the chain from order to hand-out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    In,
    Counted,
    Unexplained,
    Given,
    Disposed,
    Lost,
    Out,
    /// Chain: printer to store.
    Received,
    /// Chain: store to transit, at the sender.
    Dispatched,
    /// Chain: transit to the receiver's hands, good or damaged.
    Delivered,
    /// Chain: store to event.
    Taken,
    /// Chain: event to store.
    BroughtBack,
}

impl Column {
    pub const ALL: [Self; 12] = [
        Self::In,
        Self::Counted,
        Self::Unexplained,
        Self::Given,
        Self::Disposed,
        Self::Lost,
        Self::Out,
        Self::Received,
        Self::Dispatched,
        Self::Delivered,
        Self::Taken,
        Self::BroughtBack,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Counted => "counted",
            Self::Unexplained => "unexplained",
            Self::Given => "given",
            Self::Disposed => "disposed",
            Self::Lost => "lost",
            Self::Out => "out",
            Self::Received => "received",
            Self::Dispatched => "dispatched",
            Self::Delivered => "delivered",
            Self::Taken => "taken",
            Self::BroughtBack => "brought_back",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == text)
    }

    /// How the column changes what is on hand: 1, -1, or 0 for steps of the chain.
    pub const fn sign(self) -> i64 {
        match self {
            Self::In | Self::Counted | Self::Unexplained => 1,
            Self::Given | Self::Disposed | Self::Lost | Self::Out => -1,
            Self::Received
            | Self::Dispatched
            | Self::Delivered
            | Self::Taken
            | Self::BroughtBack => 0,
        }
    }
}

/// One side of a line: the account and the store that answers for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Side {
    pub account: Account,
    pub holder: Option<StoreId>,
}

/// In whose hands pieces are that a statement closes with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    InStore,
    InTransit,
    AtEvent,
    Damaged,
}

impl Hand {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InStore => "in_store",
            Self::InTransit => "in_transit",
            Self::AtEvent => "at_event",
            Self::Damaged => "damaged",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::InStore, Self::InTransit, Self::AtEvent, Self::Damaged]
            .into_iter()
            .find(|hand| hand.as_str() == text)
    }

    /// `None` where pieces are in nobody's hands.
    const fn of(account: Account) -> Option<Self> {
        match account {
            Account::Real(Real::Store(_)) => Some(Self::InStore),
            Account::Real(Real::InTransit(_)) => Some(Self::InTransit),
            Account::Real(Real::AtEvent(_)) => Some(Self::AtEvent),
            Account::Real(Real::Damaged(_)) => Some(Self::Damaged),
            Account::Real(Real::Given(..) | Real::Lost(_) | Real::Disposed(_))
            | Account::Printer(_)
            | Account::Opening(_)
            | Account::CountDifference(_)
            | Account::Unexplained(_) => None,
        }
    }
}

/// How one line changes what is on hand, as (holder, hand, pieces).
pub fn moved_between_hands(from: Side, to: Side, pieces: i64) -> Vec<(StoreId, Hand, i64)> {
    let change = |side: Side, pieces| Some((side.holder?, Hand::of(side.account)?, pieces));
    [change(from, -pieces), change(to, pieces)].into_iter().flatten().collect()
}

/// What one line adds to the statements, as (holder, column, pieces).
///
/// `kind` is the kind of the movement, or of the original for a reversal; a reversal's effects are
/// those of the mirrored line with the opposite sign, so that it empties the columns it filled.
pub fn effects(
    kind: MovementKind,
    from: Side,
    to: Side,
    pieces: i64,
) -> Vec<(StoreId, Column, i64)> {
    let mut effects = Vec::with_capacity(4);
    let mut add = |holder: Option<StoreId>, column: Column, pieces: i64| {
        effects.extend(holder.map(|holder| (holder, column, pieces)));
    };
    if let Some(column) = off_hand(from.account) {
        add(from.holder, column, column.sign() * pieces);
    }
    if let Some(column) = off_hand(to.account) {
        add(to.holder, column, -column.sign() * pieces);
    }
    if from.holder != to.holder {
        add(from.holder, Column::Out, pieces);
        add(to.holder, Column::In, pieces);
    }
    match kind {
        MovementKind::Receive => add(to.holder, Column::Received, pieces),
        MovementKind::Dispatch => add(from.holder, Column::Dispatched, pieces),
        MovementKind::Deliver if !matches!(to.account, Account::Real(Real::Lost(_))) => {
            add(to.holder, Column::Delivered, pieces);
        }
        MovementKind::Settle if is_extra_of_a_delivery(from.account, to.account) => {
            if from.holder == to.holder {
                add(from.holder, Column::Dispatched, pieces);
            } else {
                add(from.holder, Column::Delivered, -pieces);
            }
        }
        MovementKind::Take => add(from.holder, Column::Taken, pieces),
        MovementKind::BringBack => add(to.holder, Column::BroughtBack, pieces),
        MovementKind::Open
        | MovementKind::Deliver
        | MovementKind::Give
        | MovementKind::Damage
        | MovementKind::Lose
        | MovementKind::Find
        | MovementKind::Salvage
        | MovementKind::Dispose
        | MovementKind::HandBack
        | MovementKind::Collect
        | MovementKind::Count
        | MovementKind::Settle
        | MovementKind::Shortfall
        | MovementKind::Reverse => {}
    }
    effects
}

/// Extra pieces of a delivery that a store explains: the sender had loaded them without writing it
/// down, or the receiver had counted what did not come.
const fn is_extra_of_a_delivery(from: Account, to: Account) -> bool {
    matches!((from, to), (Account::Real(Real::Store(_)), Account::Unexplained(Real::InTransit(_))))
}

/// The column of an account whose pieces are in nobody's hands; `None` for what is on hand and for
/// the printer, who is outside the programme.
const fn off_hand(account: Account) -> Option<Column> {
    match account {
        Account::Real(real) => match real {
            Real::Given(..) => Some(Column::Given),
            Real::Lost(_) => Some(Column::Lost),
            Real::Disposed(_) => Some(Column::Disposed),
            Real::Store(_) | Real::InTransit(_) | Real::AtEvent(_) | Real::Damaged(_) => None,
        },
        Account::Printer(_) => None,
        Account::Opening(_) => Some(Column::In),
        Account::CountDifference(_) => Some(Column::Counted),
        Account::Unexplained(_) => Some(Column::Unexplained),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Channel, Occasion};
    use crate::ids::{ConsignmentId, EventId, RunId};
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn side(n: usize) -> Side {
        let store = |n: u128| StoreId::new(Uuid::from_u128(n));
        let event = EventId::new(Uuid::from_u128(9));
        let sides = [
            (Account::Printer(RunId::new(Uuid::from_u128(8))), None),
            (Account::store(store(1)), Some(store(1))),
            (Account::in_transit(ConsignmentId::new(Uuid::from_u128(7))), Some(store(1))),
            (Account::store(store(2)), Some(store(2))),
            (Account::damaged(store(2)), Some(store(2))),
            (Account::lost(store(2)), Some(store(2))),
            (Account::disposed(store(1)), Some(store(1))),
            (Account::at_event(event), Some(store(2))),
            (Account::given(Occasion::Event(event), Channel::Participants), Some(store(2))),
            (Account::Opening(store(1)), Some(store(1))),
            (Account::CountDifference(store(2)), Some(store(2))),
            (Account::Unexplained(Real::Store(store(2))), Some(store(2))),
            (Account::Unexplained(Real::Store(store(1))), Some(store(1))),
        ];
        let (account, holder) = sides[n % sides.len()];
        Side { account, holder }
    }

    proptest! {
        #[test]
        fn columns_explain_every_change_of_what_is_on_hand(
            lines in prop::collection::vec((0..13_usize, 0..13_usize, 1..500_i64), 1..40),
        ) {
            let mut columns: BTreeMap<StoreId, i64> = BTreeMap::new();
            let mut hands: BTreeMap<StoreId, i64> = BTreeMap::new();
            for (from, to, pieces) in lines {
                let (from, to) = (side(from), side(to));
                for (holder, _, pieces) in moved_between_hands(from, to, pieces) {
                    *hands.entry(holder).or_default() += pieces;
                }
                for (holder, column, pieces) in effects(MovementKind::Settle, from, to, pieces) {
                    *columns.entry(holder).or_default() += column.sign() * pieces;
                }
            }
            hands.retain(|_, pieces| *pieces != 0);
            columns.retain(|_, pieces| *pieces != 0);
            prop_assert_eq!(hands, columns);
        }
    }

    #[test]
    fn what_is_on_hand_is_in_a_hand() {
        for n in 0..13 {
            let Side { account, .. } = side(n);
            let on_hand = account.real().is_some_and(Real::is_on_hand);
            assert_eq!(Hand::of(account).is_some(), on_hand, "{account:?}");
        }
    }

    #[test]
    fn a_delivery_is_out_for_the_sender_and_in_for_the_receiver() {
        let (transit, store) = (side(2), side(3));
        let (sender, receiver) = (transit.holder.unwrap(), store.holder.unwrap());
        let effects = effects(MovementKind::Deliver, transit, store, 500);
        assert_eq!(
            effects,
            [
                (sender, Column::Out, 500),
                (receiver, Column::In, 500),
                (receiver, Column::Delivered, 500),
            ]
        );
    }

    #[test]
    fn extra_pieces_were_dispatched_or_did_not_come() {
        let (sender, receiver) = (side(1), side(3));
        let shadow = Account::Unexplained(Real::InTransit(ConsignmentId::new(Uuid::from_u128(7))));
        let shadow = Side { account: shadow, holder: sender.holder };
        let step = |from: Side, column| {
            let effects = effects(MovementKind::Settle, from, shadow, 40);
            effects.into_iter().find(|effect| effect.1 == column)
        };
        let (sent_by, counted_by) = (sender.holder.unwrap(), receiver.holder.unwrap());
        assert_eq!(step(sender, Column::Dispatched), Some((sent_by, Column::Dispatched, 40)));
        assert_eq!(step(sender, Column::Delivered), None);
        assert_eq!(step(receiver, Column::Delivered), Some((counted_by, Column::Delivered, -40)));
        assert_eq!(step(receiver, Column::Dispatched), None);
    }
}
