//! Who came: headcounts only, never names (design, section 5).
//!
//! Zero differs from not recorded. Everybody is counted in exactly one box: a person whose age
//! nobody wrote down is in `age_not_recorded`, one whose sex nobody wrote down (with or without an
//! age) in `sex_not_recorded`. Participants are the sum of all boxes that were filled; females are
//! women and girls, and therefore "at least" as soon as one of the last two boxes holds somebody.

use crate::ids::{RecordId, SessionId};
use crate::pieces::MOST_PIECES;
use crate::reference::kinds;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

kinds!(
    /// A group whose presence the bulletin names.
    Group {
        Community = "community",
        Officials = "officials",
        ReligiousLeaders = "religious_leaders",
    }
);

/// One headcount. `None` is "not recorded".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Headcount {
    pub women: Option<i64>,
    pub men: Option<i64>,
    /// Under 18, like boys.
    pub girls: Option<i64>,
    pub boys: Option<i64>,
    pub age_not_recorded: Option<i64>,
    pub sex_not_recorded: Option<i64>,
}

/// A count is negative, or larger than any event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("a headcount is between 0 and 1,000,000,000")]
pub struct ImpossibleHeadcount;

impl Headcount {
    pub const fn boxes(&self) -> [Option<i64>; 6] {
        [self.women, self.men, self.girls, self.boys, self.age_not_recorded, self.sex_not_recorded]
    }

    pub fn check(&self) -> Result<(), ImpossibleHeadcount> {
        let possible = |count: i64| (0..=MOST_PIECES).contains(&count);
        if self.boxes().into_iter().flatten().all(possible) {
            Ok(())
        } else {
            Err(ImpossibleHeadcount)
        }
    }

    pub fn is_recorded(&self) -> bool {
        self.boxes().iter().any(Option::is_some)
    }

    /// The people who came; `None` when nothing was recorded.
    pub fn participants(&self) -> Option<i64> {
        self.boxes().into_iter().flatten().reduce(|sum, count| sum + count)
    }

    /// Women and girls; `None` when neither was recorded.
    pub fn females(&self) -> Option<i64> {
        [self.women, self.girls].into_iter().flatten().reduce(|sum, count| sum + count)
    }

    /// Whether there may be more females than [`Headcount::females`] says.
    pub fn females_at_least(&self) -> bool {
        let unsure = |count: Option<i64>| count.is_some_and(|count| count > 0);
        unsure(self.age_not_recorded) || unsure(self.sex_not_recorded)
    }

    /// Whether people of one sex only were counted, so that more may have come than
    /// [`Headcount::participants`] says. Whoever counted nobody of the other wrote a zero.
    pub fn participants_at_least(&self) -> bool {
        let any = |boxes: [Option<i64>; 2]| boxes.iter().any(Option::is_some);
        let other = any([self.age_not_recorded, self.sex_not_recorded]);
        !other && any([self.women, self.girls]) != any([self.men, self.boys])
    }

    /// Box by box; a box that nobody filled stays not recorded.
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (None, None) => None,
            (a, b) => Some(a.unwrap_or(0) + b.unwrap_or(0)),
        };
        Self {
            women: add(self.women, other.women),
            men: add(self.men, other.men),
            girls: add(self.girls, other.girls),
            boys: add(self.boys, other.boys),
            age_not_recorded: add(self.age_not_recorded, other.age_not_recorded),
            sex_not_recorded: add(self.sex_not_recorded, other.sex_not_recorded),
        }
    }
}

/// What somebody said about who came.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Attendance {
    #[serde(flatten)]
    pub count: Headcount,
    pub groups: BTreeSet<Group>,
}

/// A statement in the books: its record, what it is about, and what it takes the place of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Statement {
    pub record: RecordId,
    pub session: Option<SessionId>,
    pub corrects: Option<RecordId>,
    pub said: Attendance,
}

/// Two statements about the same people that should agree and are not linked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Disagreement {
    pub session: Option<SessionId>,
    pub counted: RecordId,
    pub other: RecordId,
    pub difference: i64,
}

/// What the statements about one event come to.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Picture {
    pub count: Headcount,
    pub groups: BTreeSet<Group>,
    /// A second statement that is no correction is a difference, never a sum.
    pub disagreements: Vec<Disagreement>,
}

/// Folds the statements about one event, in the order in which they were recorded.
///
/// A statement that another one corrects no longer counts. Of several that remain for the same
/// people the first counts and each other one is a difference. Sessions add up; a statement about
/// the whole event counts only where no session has one, and is a difference otherwise.
pub fn fold(statements: &[Statement]) -> Picture {
    let corrected: BTreeSet<RecordId> = statements.iter().filter_map(|s| s.corrects).collect();
    let standing = statements.iter().filter(|s| !corrected.contains(&s.record));
    let mut by_session: BTreeMap<Option<SessionId>, Vec<&Statement>> = BTreeMap::new();
    for statement in standing {
        by_session.entry(statement.session).or_default().push(statement);
    }
    let whole = if by_session.len() > 1 { by_session.remove(&None) } else { None };
    let mut picture = Picture::default();
    let mut first_of_all = None;
    for (session, said) in &by_session {
        let Some((first, others)) = said.split_first() else { continue };
        first_of_all.get_or_insert(first.record);
        picture.count = picture.count.plus(first.said.count);
        picture.groups.extend(&first.said.groups);
        let counted = first.said.count.participants().unwrap_or(0);
        picture.disagreements.extend(others.iter().map(|other| Disagreement {
            session: *session,
            counted: first.record,
            other: other.record,
            difference: other.said.count.participants().unwrap_or(0) - counted,
        }));
    }
    let sum = picture.count.participants().unwrap_or(0);
    for other in whole.into_iter().flatten() {
        picture.groups.extend(&other.said.groups);
        let said = other.said.count.participants();
        if let (Some(said), Some(counted)) = (said.filter(|said| *said != sum), first_of_all) {
            let (session, other) = (None, other.record);
            let difference = said - sum;
            picture.disagreements.push(Disagreement { session, counted, other, difference });
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id<T: From<Uuid>>(n: u128) -> T {
        T::from(Uuid::from_u128(n))
    }

    fn said(record: u128, session: Option<u128>, corrects: Option<u128>, men: i64) -> Statement {
        let count = Headcount { men: Some(men), ..Headcount::default() };
        Statement {
            record: id(record),
            session: session.map(id),
            corrects: corrects.map(id),
            said: Attendance { count, groups: BTreeSet::new() },
        }
    }

    #[test]
    fn zero_differs_from_not_recorded() {
        let nothing = Headcount::default();
        assert_eq!((nothing.participants(), nothing.females()), (None, None));
        let nobody = Headcount { women: Some(0), ..nothing };
        assert_eq!((nobody.participants(), nobody.females()), (Some(0), Some(0)));
        let men = Headcount { men: Some(40), ..nothing };
        assert_eq!((men.participants(), men.females()), (Some(40), None));
    }

    #[test]
    fn females_are_at_least_women_and_girls() {
        let count = Headcount {
            women: Some(20),
            girls: Some(5),
            sex_not_recorded: Some(3),
            ..Headcount::default()
        };
        assert_eq!((count.participants(), count.females()), (Some(28), Some(25)));
        assert!(count.females_at_least());
        assert!(!Headcount { sex_not_recorded: Some(0), ..count }.females_at_least());
    }

    #[test]
    fn who_counted_one_sex_only_counted_at_least_the_participants() {
        let women = Headcount { women: Some(12), ..Headcount::default() };
        assert!(women.participants_at_least());
        assert!(Headcount { men: Some(9), ..Headcount::default() }.participants_at_least());
        for whole in [
            Headcount { men: Some(0), ..women },
            Headcount { boys: Some(3), ..women },
            Headcount { sex_not_recorded: Some(2), ..women },
            Headcount::default(),
        ] {
            assert!(!whole.participants_at_least(), "{whole:?}");
        }
    }

    #[test]
    fn a_correction_takes_the_place_of_what_it_corrects() {
        let picture = fold(&[said(1, None, None, 40), said(2, None, Some(1), 35)]);
        assert_eq!(picture.count.participants(), Some(35));
        assert!(picture.disagreements.is_empty());
    }

    #[test]
    fn a_second_statement_is_a_difference_and_never_a_sum() {
        let picture = fold(&[said(1, None, None, 40), said(2, None, None, 35)]);
        assert_eq!(picture.count.participants(), Some(40));
        assert_eq!(picture.disagreements.len(), 1);
        assert_eq!(picture.disagreements[0].difference, -5);
    }

    #[test]
    fn sessions_add_up_and_the_whole_event_is_not_added() {
        let sessions = [said(1, Some(8), None, 40), said(2, Some(9), None, 20)];
        assert_eq!(fold(&sessions).count.participants(), Some(60));
        let mut with_whole = sessions.to_vec();
        with_whole.push(said(3, None, None, 60));
        assert!(fold(&with_whole).disagreements.is_empty());
        with_whole[2] = said(3, None, None, 70);
        let picture = fold(&with_whole);
        assert_eq!(picture.count.participants(), Some(60));
        assert_eq!(picture.disagreements[0].difference, 10);
    }

    #[test]
    fn an_impossible_headcount_is_refused() {
        let count = Headcount { boys: Some(-1), ..Headcount::default() };
        assert_eq!(count.check(), Err(ImpossibleHeadcount));
        let count = Headcount { boys: Some(MOST_PIECES + 1), ..Headcount::default() };
        assert_eq!(count.check(), Err(ImpossibleHeadcount));
    }

    proptest! {
        #[test]
        fn females_are_never_more_than_participants(boxes in prop::array::uniform6(
            prop::option::of(0..1000_i64)
        )) {
            let [women, men, girls, boys, age_not_recorded, sex_not_recorded] = boxes;
            let count =
                Headcount { women, men, girls, boys, age_not_recorded, sex_not_recorded };
            prop_assert!(count.females().unwrap_or(0) <= count.participants().unwrap_or(0));
            prop_assert_eq!(count.is_recorded(), count.participants().is_some());
        }
    }
}
