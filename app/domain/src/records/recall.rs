//! Recalls: an edition that is no longer to be sent or given out.

use super::Body;
use crate::ids::{MaterialId, RecordId, StoreId};
use serde::{Deserialize, Serialize};

/// How urgent a recall is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallMode {
    /// Nothing of it may be sent or given out any more.
    StopNow,
    /// What is in partners' hands may be used; nothing new is sent.
    UseUp,
}

impl RecallMode {
    pub const ALL: [Self; 2] = [Self::StopNow, Self::UseUp];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StopNow => "stop_now",
            Self::UseUp => "use_up",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// What somebody wants an edition for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// More of it comes, or it belongs to what is issued from now on.
    More,
    /// Pieces that are there are given out.
    GiveOut,
}

/// Whether somebody should ask before an edition is wanted. One that has a successor may be used
/// up, but nobody prints more of it.
pub const fn is_to_stop(recall: Option<RecallMode>, is_superseded: bool, purpose: Purpose) -> bool {
    match (recall, purpose) {
        (Some(RecallMode::StopNow), _) | (Some(RecallMode::UseUp), Purpose::More) => true,
        (None, Purpose::More) => is_superseded,
        (Some(RecallMode::UseUp) | None, Purpose::GiveOut) => false,
    }
}

/// Recalls an edition, which is a material.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallBack {
    pub material: MaterialId,
    pub mode: RecallMode,
}

impl Body for CallBack {
    const KIND: &'static str = "recall";
    const VERSION: u32 = 1;
}

/// How a holder was told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldHow {
    Phone,
    Message,
    Letter,
    InPerson,
}

impl ToldHow {
    pub const ALL: [Self; 4] = [Self::Phone, Self::Message, Self::Letter, Self::InPerson];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Message => "message",
            Self::Letter => "letter",
            Self::InPerson => "in_person",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.as_str() == text)
    }
}

/// What was done with one holder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// Somebody told the holder.
    Told { how: ToldHow },
    /// The holder says that it no longer gives the edition out.
    Stopped,
}

/// A step of a recall at one store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecallStep {
    pub recall: RecordId,
    pub store: StoreId,
    #[serde(flatten)]
    pub step: Step,
}

impl Body for RecallStep {
    const KIND: &'static str = "recall_step";
    const VERSION: u32 = 1;
}

/// Ends a recall: the edition may be used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EndRecall {
    pub recall: RecordId,
}

impl Body for EndRecall {
    const KIND: &'static str = "end_recall";
    const VERSION: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_is_given_out_and_not_printed_again() {
        let asks = |recall, superseded| {
            [Purpose::More, Purpose::GiveOut].map(|wanted| is_to_stop(recall, superseded, wanted))
        };
        assert_eq!(asks(None, false), [false, false]);
        assert_eq!(asks(None, true), [true, false]);
        assert_eq!(asks(Some(RecallMode::UseUp), false), [true, false]);
        assert_eq!(asks(Some(RecallMode::StopNow), true), [true, true]);
    }
}
