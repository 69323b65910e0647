//! The demo's own time: records of June 2017 are recorded in June 2017.

use domain::time::{Day, Millis};
use std::sync::atomic::{AtomicI64, Ordering};
use stock::world::{SystemWorld, World};

/// Between two things that the same people do one after the other.
const STEP_MS: i64 = 40_000;

/// A clock that the demo sets; the randomness is the real one.
pub struct Clock {
    now: AtomicI64,
}

impl Clock {
    /// Stands at the day on which the programme of the demo begins.
    #[expect(clippy::new_without_default, reason = "a clock stands somewhere for a reason")]
    pub fn new() -> Self {
        Self { now: AtomicI64::new(april(2).start().0) }
    }

    pub(super) fn set(&self, to: Millis) {
        self.now.store(to.0, Ordering::SeqCst);
    }

    /// Lets a moment pass, so that no two records are of the same one.
    pub(super) fn step(&self) {
        self.now.fetch_add(STEP_MS, Ordering::SeqCst);
    }
}

impl World for Clock {
    fn now(&self) -> Millis {
        Millis(self.now.load(Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        SystemWorld.fill_random(bytes);
    }
}

/// A day of June 2017.
pub(super) const fn june(day: i32) -> Day {
    Day(17_317 + day)
}

pub(super) const fn may(day: i32) -> Day {
    june(day - 31)
}

pub(super) const fn april(day: i32) -> Day {
    may(day - 30)
}

pub(super) const fn july(day: i32) -> Day {
    june(day + 30)
}

/// A time of a day in Kabul.
pub(super) const fn at(day: Day, hour: i64, minute: i64) -> Millis {
    day.start().plus_ms((hour * 60 + minute) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_2017_are_where_the_calendar_has_them() {
        let days = [april(2), may(31), june(1), june(30), july(3)].map(|day| day.to_string());
        assert_eq!(days, ["2017-04-02", "2017-05-31", "2017-06-01", "2017-06-30", "2017-07-03"]);
        assert_eq!(at(june(6), 9, 30).local().to_string(), "2017-06-06 09:30:00");
    }
}
