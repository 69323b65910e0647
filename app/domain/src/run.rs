//! Print runs: orders to a printer, and how far they have come.

use crate::ids::{MaterialId, OrgId};
use crate::money::Money;
use crate::pieces::Pieces;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// By how much a printer may deliver more or less than was ordered, in per mille: 25 is 2.5 %.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Tolerance(i64);

/// A tolerance lies between nothing and half of the order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a tolerance is between 0 and 50 %")]
pub struct NotATolerance;

impl Tolerance {
    const MOST_PERMILLE: i64 = 500;

    pub const fn permille(permille: i64) -> Result<Self, NotATolerance> {
        if permille >= 0 && permille <= Self::MOST_PERMILLE {
            Ok(Self(permille))
        } else {
            Err(NotATolerance)
        }
    }

    /// Reads a percentage with at most one decimal: `5`, `2.5`, `۲٫۵`.
    pub fn parse_percent(text: &str) -> Result<Self, NotATolerance> {
        let latin = crate::text::latin_digits(text.trim());
        let latin = latin.trim_end_matches(['%', '٪']).trim_end();
        let (whole, tenth) = latin.split_once(['.', '٫']).unwrap_or((latin, "0"));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || tenth.len() != 1 {
            return Err(NotATolerance);
        }
        if !is_number(whole) || !is_number(tenth) {
            return Err(NotATolerance);
        }
        let whole: i64 = whole.parse().map_err(|_| NotATolerance)?;
        let tenth: i64 = tenth.parse().map_err(|_| NotATolerance)?;
        Self::permille(whole * 10 + tenth)
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    /// The most pieces that the order covers; a fraction of a piece is not one.
    pub const fn most(self, ordered: Pieces) -> i64 {
        ordered.get() + ordered.get() * self.0 / 1000
    }

    /// The fewest pieces that fulfil the order.
    pub const fn least(self, ordered: Pieces) -> i64 {
        ordered.get() - ordered.get() * self.0 / 1000
    }
}

impl TryFrom<i64> for Tolerance {
    type Error = NotATolerance;

    fn try_from(permille: i64) -> Result<Self, NotATolerance> {
        Self::permille(permille)
    }
}

impl From<Tolerance> for i64 {
    fn from(tolerance: Tolerance) -> Self {
        tolerance.0
    }
}

/// What is ordered, from whom, until when. Can be edited until something was received.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    pub printer: OrgId,
    pub material: MaterialId,
    pub ordered: Pieces,
    pub tolerance: Tolerance,
    pub cost: Option<Money>,
    pub purchase_order: String,
    pub donor: Option<OrgId>,
    pub ordered_on: Day,
    pub due_on: Day,
}

/// Why the days of an order cannot be meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OrderDays {
    #[error("ordered in the future")]
    Future,
    #[error("due before it is ordered")]
    DueBeforeOrdered,
    #[error("due more than five years ahead")]
    DueTooLate,
}

impl OrderDays {
    pub fn check(ordered_on: Day, due_on: Day, today: Day) -> Result<(), Self> {
        Self::all(Some(ordered_on), Some(due_on), today).next().map_or(Ok(()), Err)
    }

    /// Everything that is wrong with the days, of those that are known.
    pub fn all(
        ordered_on: Option<Day>,
        due_on: Option<Day>,
        today: Day,
    ) -> impl Iterator<Item = Self> {
        let both = ordered_on.zip(due_on);
        let wrong = [
            (Self::Future, ordered_on.is_some_and(|ordered_on| ordered_on > today)),
            (Self::DueBeforeOrdered, both.is_some_and(|(ordered_on, due_on)| due_on < ordered_on)),
            (Self::DueTooLate, due_on.is_some_and(|due_on| due_on.is_beyond_plans(today))),
        ];
        wrong.into_iter().filter_map(|(wrong, is_so)| is_so.then_some(wrong))
    }
}

impl Order {
    pub fn check_days(&self, today: Day) -> Result<(), OrderDays> {
        OrderDays::check(self.ordered_on, self.due_on, today)
    }
}

/// Where a run stands: a fold over its receipts and its closing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Nothing has come and nothing is late.
    Expected,
    /// Due before today and not complete.
    Late,
    /// Something has come, less than the tolerance asks for.
    Partly,
    /// Within the tolerance, or over it.
    Complete,
    /// Nothing more is expected.
    Closed,
}

impl RunState {
    pub const ALL: [Self; 5] =
        [Self::Expected, Self::Late, Self::Partly, Self::Complete, Self::Closed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Late => "late",
            Self::Partly => "partly",
            Self::Complete => "complete",
            Self::Closed => "closed",
        }
    }

    /// Whether more is expected to come.
    pub const fn is_awaited(self) -> bool {
        match self {
            Self::Expected | Self::Late | Self::Partly => true,
            Self::Complete | Self::Closed => false,
        }
    }
}

/// How far a run has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Progress {
    pub ordered: Pieces,
    pub tolerance: Tolerance,
    /// What the printer delivered and did not get back.
    pub received: i64,
    pub due_on: Day,
    /// Closed, and nothing arrived since.
    pub is_closed: bool,
}

impl Progress {
    pub fn state(&self, today: Day) -> RunState {
        if self.is_closed {
            RunState::Closed
        } else if self.received >= self.tolerance.least(self.ordered) {
            RunState::Complete
        } else if self.due_on < today {
            RunState::Late
        } else if self.received > 0 {
            RunState::Partly
        } else {
            RunState::Expected
        }
    }

    /// What stays with the printer: never negative.
    pub fn short(&self) -> i64 {
        (self.ordered.get() - self.received).max(0)
    }

    /// What came beyond the order: never negative.
    pub fn over(&self) -> i64 {
        (self.received - self.ordered.get()).max(0)
    }

    /// Pieces that the order still covers, with its tolerance.
    pub fn may_come(&self) -> i64 {
        (self.tolerance.most(self.ordered) - self.received).max(0)
    }

    /// Whether labels for so many pieces are more than may still come. A last carton that is not
    /// full is no reason to ask.
    pub fn labels_too_many(&self, labelled: i64, carton: i64) -> bool {
        labelled >= self.may_come() + carton
    }

    pub fn is_over_tolerance(&self) -> bool {
        self.received > self.tolerance.most(self.ordered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(received: i64) -> Progress {
        Progress {
            ordered: Pieces::new(10_000).unwrap(),
            tolerance: Tolerance::permille(50).unwrap(),
            received,
            due_on: Day(100),
            is_closed: false,
        }
    }

    #[test]
    fn a_tolerance_reads_as_people_write_percentages() {
        for (typed, permille) in [("5", 50), ("2.5", 25), ("۲٫۵", 25), ("0", 0), ("10 %", 100)] {
            assert_eq!(Tolerance::parse_percent(typed).map(Tolerance::get), Ok(permille));
        }
        for wrong in ["", "-1", "2.55", "51", "5,", "five", "."] {
            assert_eq!(Tolerance::parse_percent(wrong), Err(NotATolerance), "{wrong}");
        }
    }

    #[test]
    fn an_order_is_due_after_it_was_made_and_within_five_years() {
        let id = uuid::Uuid::nil();
        let check = |ordered_on, due_on| {
            let order = Order {
                printer: id.into(),
                material: id.into(),
                ordered: Pieces::new(1).unwrap(),
                tolerance: Tolerance::default(),
                cost: None,
                purchase_order: String::new(),
                donor: None,
                ordered_on: Day(ordered_on),
                due_on: Day(due_on),
            };
            order.check_days(Day(17_318))
        };
        assert_eq!(check(17_318, 17_318), Ok(()));
        assert_eq!(check(17_319, 17_320), Err(OrderDays::Future));
        assert_eq!(check(17_318, 17_317), Err(OrderDays::DueBeforeOrdered));
        assert_eq!(check(17_318, 17_318 + 1_830), Ok(()));
        assert_eq!(check(17_318, 17_318 + 1_831), Err(OrderDays::DueTooLate));
    }

    #[test]
    fn a_fraction_of_a_piece_is_within_no_tolerance() {
        let tolerance = Tolerance::permille(25).unwrap();
        assert_eq!(tolerance.most(Pieces::new(30).unwrap()), 30);
        assert_eq!(tolerance.least(Pieces::new(50).unwrap()), 49);
    }

    #[test]
    fn a_run_is_complete_within_its_tolerance_and_late_only_before_that() {
        assert_eq!(progress(0).state(Day(100)), RunState::Expected);
        assert_eq!(progress(0).state(Day(101)), RunState::Late);
        assert_eq!(progress(9_499).state(Day(100)), RunState::Partly);
        assert_eq!(progress(9_499).state(Day(101)), RunState::Late);
        assert_eq!(progress(9_500).state(Day(101)), RunState::Complete);
        assert_eq!(Progress { is_closed: true, ..progress(1) }.state(Day(101)), RunState::Closed);
    }

    #[test]
    fn short_and_over_are_never_both() {
        assert_eq!((progress(9_000).short(), progress(9_000).over()), (1_000, 0));
        assert_eq!((progress(10_600).short(), progress(10_600).over()), (0, 600));
        assert!(progress(10_501).is_over_tolerance() && !progress(10_500).is_over_tolerance());
    }

    #[test]
    fn labels_for_more_than_may_come_are_a_mistake() {
        // 10,000 ordered, 10,500 at most.
        assert!(!progress(0).labels_too_many(10_500, 500));
        assert!(!progress(0).labels_too_many(10_999, 500), "the last carton is not full");
        assert!(progress(0).labels_too_many(11_000, 500));
        assert!(!progress(6_000).labels_too_many(4_500, 500));
        assert!(progress(6_000).labels_too_many(5_000, 500));
        assert!(progress(12_000).labels_too_many(500, 500), "everything has come");
    }
}
