//! Which of the lines of a shadow are still open.

use crate::ids::RecordId;
use crate::time::Day;
use std::collections::BTreeMap;

/// A line of a shadow, as it changes what is unexplained.
#[derive(Clone, Copy, Debug)]
pub struct ShadowLine {
    pub day: Day,
    /// Pieces that were lacking; below zero: that were explained.
    pub lacked: i64,
    pub derived: bool,
    pub record: RecordId,
}

/// The oldest that nobody has explained, or that was explained twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Oldest {
    pub day: Day,
    pub record: RecordId,
    /// Of that day; below zero: lacking.
    pub pieces: i64,
}

/// Late facts explain the shortfall of their own day, and a reversal has the day of its original;
/// whatever else explains, explains the oldest first. The lines come in the order of time.
pub fn oldest(lines: &[ShadowLine]) -> Option<Oldest> {
    let sign = lines.iter().map(|line| line.lacked).sum::<i64>().signum();
    let mut days: BTreeMap<(Day, bool), i64> = BTreeMap::new();
    for line in lines {
        *days.entry((line.day, line.derived)).or_default() += sign * line.lacked;
    }
    let mut explained: i64 = days.values().filter(|pieces| **pieces < 0).map(|p| -p).sum();
    let mut days = days.into_iter().filter(|(_, pieces)| *pieces > 0);
    let (of, pieces) = days.find_map(|(of, pieces)| match pieces > explained {
        true => Some((of, pieces - explained)),
        false => {
            explained -= pieces;
            None
        }
    })?;
    let open = |line: &&ShadowLine| (line.day, line.derived) == of && sign * line.lacked > 0;
    let all: i64 = lines.iter().filter(open).map(|line| sign * line.lacked).sum();
    let mut closed = all - pieces;
    let first = lines.iter().filter(open).find(|line| {
        closed -= sign * line.lacked;
        closed < 0
    })?;
    Some(Oldest { day: of.0, record: first.record, pieces: -sign * pieces })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn line(day: i32, lacked: i64, derived: bool, record: u128) -> ShadowLine {
        ShadowLine { day: Day(day), lacked, derived, record: Uuid::from_u128(record).into() }
    }

    fn found(lines: &[ShadowLine]) -> Option<(i32, u128, i64)> {
        oldest(lines).map(|found| (found.day.0, found.record.uuid().as_u128(), found.pieces))
    }

    #[test]
    fn what_was_explained_explains_the_oldest_first() {
        let [june, november] = [line(1, 300, true, 1), line(9, 40, true, 2)];
        assert_eq!(found(&[june, november]), Some((1, 1, -300)));
        for day in [1, 5, 9] {
            let settled = |pieces: i64| line(day, -pieces, false, 3);
            assert_eq!(found(&[june, november, settled(100)]), Some((1, 1, -200)));
            assert_eq!(found(&[june, november, settled(300)]), Some((9, 2, -40)));
            assert_eq!(found(&[june, november, settled(340)]), None);
            let undone = line(day, 300, false, 4);
            assert_eq!(found(&[june, november, settled(300), undone]), Some((1, 1, -300)));
        }
    }

    #[test]
    fn a_late_fact_explains_its_own_day() {
        let lines = [line(1, 300, true, 1), line(9, 40, true, 2), line(9, -40, true, 3)];
        assert_eq!(found(&lines), Some((1, 1, -300)));
        let again = [lines[0], lines[1], lines[2], line(9, 15, true, 4), line(1, -300, false, 5)];
        assert_eq!(found(&again), Some((9, 4, -15)));
    }

    #[test]
    fn what_was_explained_twice_is_of_whoever_explained_last() {
        let lines = [line(1, 300, true, 1), line(1, -300, true, 2)];
        let settled = [line(1, -200, false, 3), line(2, -100, false, 4)];
        assert_eq!(found(&[lines[0], lines[1], settled[0], settled[1]]), Some((1, 3, 200)));
        assert_eq!(
            found(&[lines[0], settled[0], settled[1], line(9, -50, false, 5)]),
            Some((9, 5, 50))
        );
    }
}
