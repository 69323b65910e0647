//! The seven things that can happen, with their words and reasons.

use crate::i18n::{Locale, td_string};
use domain::ledger::Reason;
use stock::keeping::HeldAt;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Damaged,
    Lost,
    Found,
    Salvaged,
    Disposed,
    HandedBack,
    Collected,
}

impl What {
    pub const ALL: [Self; 7] = [
        Self::Damaged,
        Self::Lost,
        Self::Found,
        Self::Salvaged,
        Self::Disposed,
        Self::HandedBack,
        Self::Collected,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Lost => "lost",
            Self::Found => "found",
            Self::Salvaged => "salvaged",
            Self::Disposed => "disposed",
            Self::HandedBack => "handed_back",
            Self::Collected => "collected",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.word() == word)
    }

    /// Where the pieces are to which it can happen.
    pub const fn takes_from(self) -> &'static [HeldAt] {
        match self {
            Self::Damaged | Self::Lost => &[HeldAt::Store],
            Self::Disposed | Self::HandedBack => &[HeldAt::Store, HeldAt::Damaged],
            Self::Salvaged => &[HeldAt::Damaged],
            Self::Found => &[HeldAt::Lost],
            Self::Collected => &[HeldAt::Given],
        }
    }

    pub const fn reasons(self) -> &'static [Reason] {
        match self {
            Self::Damaged => {
                &[Reason::Wet, Reason::Torn, Reason::MisprintedOrFaulty, Reason::Other]
            }
            Self::Lost => &[Reason::Missing, Reason::Stolen, Reason::Checkpoint, Reason::Other],
            Self::Found => &[Reason::Found, Reason::CountedWrong, Reason::Other],
            Self::Salvaged => &[Reason::CountedWrong, Reason::TypedWrong, Reason::Other],
            Self::Disposed => &[
                Reason::Outdated,
                Reason::Wet,
                Reason::Torn,
                Reason::MisprintedOrFaulty,
                Reason::Recall,
                Reason::Other,
            ],
            Self::HandedBack => &[Reason::MisprintedOrFaulty, Reason::Recall, Reason::Other],
            Self::Collected => &[Reason::Recall, Reason::Other],
        }
    }

    /// The reason that what happened says by itself; another one can be chosen.
    pub fn usual_reason(self) -> Option<Reason> {
        match self {
            Self::Found => Some(Reason::Found),
            Self::Collected => Some(Reason::Recall),
            Self::Damaged | Self::Lost | Self::Salvaged | Self::Disposed | Self::HandedBack => None,
        }
    }

    pub fn name(self, l: Locale) -> &'static str {
        match self {
            Self::Damaged => td_string!(l, keeping.damaged),
            Self::Lost => td_string!(l, keeping.lost),
            Self::Found => td_string!(l, keeping.found),
            Self::Salvaged => td_string!(l, keeping.salvaged),
            Self::Disposed => td_string!(l, keeping.disposed),
            Self::HandedBack => td_string!(l, keeping.handed_back),
            Self::Collected => td_string!(l, keeping.collected),
        }
    }

    pub fn hint(self, l: Locale) -> &'static str {
        match self {
            Self::Damaged => td_string!(l, keeping.damaged_hint),
            Self::Lost => td_string!(l, keeping.lost_hint),
            Self::Found => td_string!(l, keeping.found_hint),
            Self::Salvaged => td_string!(l, keeping.salvaged_hint),
            Self::Disposed => td_string!(l, keeping.disposed_hint),
            Self::HandedBack => td_string!(l, keeping.handed_back_hint),
            Self::Collected => td_string!(l, keeping.collected_hint),
        }
    }

    /// What to do where there is nothing that it could happen to.
    pub fn nothing(self, l: Locale) -> &'static str {
        match self {
            Self::Damaged | Self::Lost | Self::Disposed => td_string!(l, keeping.none_here),
            Self::Found => td_string!(l, keeping.none_lost),
            Self::Salvaged => td_string!(l, keeping.none_damaged),
            Self::HandedBack => td_string!(l, keeping.none_printed),
            Self::Collected => td_string!(l, keeping.none_given),
        }
    }
}
