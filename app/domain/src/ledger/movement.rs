//! Movements and lines: what a record does to pieces.

use crate::account::{Account, Real};
use crate::ids::{BatchId, MovementId, RecordId};
use crate::pieces::Pieces;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What a movement is. The pairs of accounts that each may join are fixed by
/// [`MovementKind::joins`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    Open,
    Receive,
    Dispatch,
    Deliver,
    Take,
    Give,
    BringBack,
    Damage,
    Lose,
    Find,
    Salvage,
    Dispose,
    HandBack,
    Collect,
    Count,
    /// Explains a shortfall: by a late fact (derived) or by a manager's command.
    Settle,
    /// Derived: what an account lacked when a fact took more than the books knew of.
    Shortfall,
    /// The mirror of one earlier movement.
    Reverse,
}

impl MovementKind {
    pub const ALL: [Self; 18] = [
        Self::Open,
        Self::Receive,
        Self::Dispatch,
        Self::Deliver,
        Self::Take,
        Self::Give,
        Self::BringBack,
        Self::Damage,
        Self::Lose,
        Self::Find,
        Self::Salvage,
        Self::Dispose,
        Self::HandBack,
        Self::Collect,
        Self::Count,
        Self::Settle,
        Self::Shortfall,
        Self::Reverse,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Receive => "receive",
            Self::Dispatch => "dispatch",
            Self::Deliver => "deliver",
            Self::Take => "take",
            Self::Give => "give",
            Self::BringBack => "bring_back",
            Self::Damage => "damage",
            Self::Lose => "lose",
            Self::Find => "find",
            Self::Salvage => "salvage",
            Self::Dispose => "dispose",
            Self::HandBack => "hand_back",
            Self::Collect => "collect",
            Self::Count => "count",
            Self::Settle => "settle",
            Self::Shortfall => "shortfall",
            Self::Reverse => "reverse",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether a movement of this kind may carry pieces from one account to another.
    pub fn joins(self, from: Account, to: Account) -> bool {
        use Account as A;
        use Real as R;
        match self {
            Self::Open => matches!((from, to), (A::Opening(a), A::Real(R::Store(b))) if a == b),
            Self::Receive => {
                matches!((from, to), (A::Printer(_), A::Real(R::Store(_) | R::Damaged(_))))
            }
            Self::Dispatch => {
                matches!((from, to), (A::Real(R::Store(_)), A::Real(R::InTransit(_))))
            }
            Self::Deliver => matches!(
                (from, to),
                (A::Real(R::InTransit(_)), A::Real(R::Store(_) | R::Damaged(_) | R::Lost(_)))
            ),
            Self::Take => matches!((from, to), (A::Real(R::Store(_)), A::Real(R::AtEvent(_)))),
            Self::Give => {
                matches!((from, to), (A::Real(R::AtEvent(_) | R::Store(_)), A::Real(R::Given(..))))
            }
            Self::BringBack => {
                matches!((from, to), (A::Real(R::AtEvent(_)), A::Real(R::Store(_))))
            }
            Self::Damage => {
                matches!((from, to), (A::Real(R::Store(_) | R::AtEvent(_)), A::Real(R::Damaged(_))))
            }
            Self::Lose => matches!(
                (from, to),
                (A::Real(R::Store(_) | R::AtEvent(_) | R::InTransit(_)), A::Real(R::Lost(_)))
            ),
            Self::Find => matches!((from, to), (A::Real(R::Lost(_)), A::Real(R::Store(_)))),
            Self::Salvage => {
                matches!((from, to), (A::Real(R::Damaged(_)), A::Real(R::Store(_))))
            }
            Self::Dispose => matches!(
                (from, to),
                (A::Real(R::Store(_) | R::Damaged(_)), A::Real(R::Disposed(_)))
            ),
            Self::HandBack => {
                matches!((from, to), (A::Real(R::Store(_) | R::Damaged(_)), A::Printer(_)))
            }
            Self::Collect => matches!((from, to), (A::Real(R::Given(..)), A::Real(R::Store(_)))),
            Self::Count => match (from, to) {
                (A::CountDifference(a), A::Real(R::Store(b)))
                | (A::Real(R::Store(a)), A::CountDifference(b)) => a == b,
                _ => false,
            },
            Self::Settle => {
                let shadow = |account| matches!(account, A::Unexplained(_));
                shadow(from) || shadow(to)
            }
            Self::Shortfall => {
                matches!((from, to), (A::Unexplained(a), A::Real(b)) if a == b)
            }
            // Whatever the original joined, the other way round; checked against the original.
            Self::Reverse => true,
        }
    }
}

/// Why pieces moved; every movement has one (rule 12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The ordinary course: what the document says.
    Planned,
    FirstCount,
    Wet,
    Torn,
    MisprintedOrFaulty,
    Outdated,
    ShortAsPacked,
    Stolen,
    Missing,
    Found,
    Checkpoint,
    RoadClosed,
    SentElsewhere,
    CountedWrong,
    TypedWrong,
    EnteredTwice,
    WrongBatch,
    DidNotHappen,
    LateRecord,
    Recall,
    NotRecordedAtTheTime,
    Other,
}

impl Reason {
    pub const ALL: [Self; 22] = [
        Self::Planned,
        Self::FirstCount,
        Self::Wet,
        Self::Torn,
        Self::MisprintedOrFaulty,
        Self::Outdated,
        Self::ShortAsPacked,
        Self::Stolen,
        Self::Missing,
        Self::Found,
        Self::Checkpoint,
        Self::RoadClosed,
        Self::SentElsewhere,
        Self::CountedWrong,
        Self::TypedWrong,
        Self::EnteredTwice,
        Self::WrongBatch,
        Self::DidNotHappen,
        Self::LateRecord,
        Self::Recall,
        Self::NotRecordedAtTheTime,
        Self::Other,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::FirstCount => "first_count",
            Self::Wet => "wet",
            Self::Torn => "torn",
            Self::MisprintedOrFaulty => "misprinted_or_faulty",
            Self::Outdated => "outdated",
            Self::ShortAsPacked => "short_as_packed",
            Self::Stolen => "stolen",
            Self::Missing => "missing",
            Self::Found => "found",
            Self::Checkpoint => "checkpoint",
            Self::RoadClosed => "road_closed",
            Self::SentElsewhere => "sent_elsewhere",
            Self::CountedWrong => "counted_wrong",
            Self::TypedWrong => "typed_wrong",
            Self::EnteredTwice => "entered_twice",
            Self::WrongBatch => "wrong_batch",
            Self::DidNotHappen => "did_not_happen",
            Self::LateRecord => "late_record",
            Self::Recall => "recall",
            Self::NotRecordedAtTheTime => "not_recorded_at_the_time",
            Self::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Whole pieces of one batch going from one account to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Line {
    pub batch: BatchId,
    pub from: Account,
    pub to: Account,
    pub pieces: Pieces,
}

impl Line {
    pub const fn mirrored(self) -> Self {
        Self { batch: self.batch, from: self.to, to: self.from, pieces: self.pieces }
    }
}

/// A movement that a record asks for, before the books have been asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    pub kind: MovementKind,
    pub reason: Reason,
    pub occurred_at: Millis,
    pub lines: Vec<Line>,
    /// The movement that this one undoes; only for [`MovementKind::Reverse`].
    pub reverses: Option<MovementId>,
    /// The record that this movement rests on: an approved count.
    pub cites: Option<RecordId>,
}

impl Draft {
    pub fn new(kind: MovementKind, reason: Reason, occurred_at: Millis, lines: Vec<Line>) -> Self {
        Self { kind, reason, occurred_at, lines, reverses: None, cites: None }
    }

    /// The reversal of a movement, dated as its original (rule 2).
    pub fn reversal(original: MovementId, reason: Reason, at: Millis, lines: &[Line]) -> Self {
        Self {
            kind: MovementKind::Reverse,
            reason,
            occurred_at: at,
            lines: lines.iter().map(|line| line.mirrored()).collect(),
            reverses: Some(original),
            cites: None,
        }
    }
}
