//! The number by which somebody opens a phone that others use too. It guards the screens against
//! whoever picks the phone up; it is no secret to somebody who can compute with what the phone keeps.

use crate::text::latin_digits;
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

const LENGTH: RangeInclusive<usize> = 4..=8;

/// Wrong tries that cost nothing: thumbs slip.
const FREE: u32 = 2;
const WAITS_MS: [i64; 4] = [30_000, 60_000, 300_000, 900_000];
const LONGEST_WAIT_MS: i64 = 3_600_000;

/// How often a page that is looked at counts the time.
pub const TICK_MS: i64 = 1_000;
/// The most that one count takes off.
const MOST_A_TICK_MS: i64 = 2 * TICK_MS;

/// Four to eight digits, in Latin ones, however they were typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pin(String);

/// Why something cannot be a PIN.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinError {
    /// Not four to eight digits.
    NotDigits,
    /// The first that anybody tries: all the same, or one after the other.
    TooPlain,
}

impl Pin {
    /// A PIN that somebody chooses.
    pub fn chosen(text: &str) -> Result<Self, PinError> {
        let pin = Self::typed(text).ok_or(PinError::NotDigits)?;
        let steps = pin.0.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
        let steps: Vec<i16> = steps.collect();
        let is_plain = [-1, 0, 1].iter().any(|step| steps.iter().all(|one| one == step));
        if is_plain { Err(PinError::TooPlain) } else { Ok(pin) }
    }

    /// What is typed to open the phone.
    pub fn typed(text: &str) -> Option<Self> {
        let digits = latin_digits(text.trim());
        let is_pin = LENGTH.contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
        is_pin.then_some(Self(digits))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long nobody may try after so many wrong tries, in milliseconds.
pub fn wait_ms(wrong: u32) -> i64 {
    match wrong.checked_sub(FREE + 1) {
        None => 0,
        Some(n) => WAITS_MS.get(n as usize).copied().unwrap_or(LONGEST_WAIT_MS),
    }
}

/// Tries to open the phone as one person. The wait passes only while somebody looks at the page, a
/// little at each count: so a clock that is set, forwards or back, gains nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Tries {
    wrong: u32,
    left_ms: i64,
    counted_at: Millis,
}

impl Tries {
    /// One more, that is wrong until it has proved right.
    #[must_use]
    pub fn one_more(self, now: Millis) -> Self {
        let wrong = self.wrong.saturating_add(1);
        Self { wrong, left_ms: wait_ms(wrong), counted_at: now }
    }

    /// The page was looked at until now.
    #[must_use]
    pub fn counted(self, now: Millis) -> Self {
        let passed = (now.0 - self.counted_at.0).clamp(0, MOST_A_TICK_MS);
        Self { left_ms: (self.left_ms - passed).max(0), counted_at: now, ..self }
    }

    /// What is left to wait, in whole seconds.
    pub const fn seconds_left(&self) -> i64 {
        (self.left_ms + 999) / 1_000
    }

    pub const fn may_try(&self) -> bool {
        self.left_ms == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_four_to_eight_digits_of_any_script() {
        let chosen = |text| Pin::chosen(text).map(|pin| pin.as_str().to_owned());
        assert_eq!(chosen("4071"), Ok("4071".to_owned()));
        assert_eq!(chosen(" ۴۰۷۱ "), Ok("4071".to_owned()));
        assert_eq!(chosen("٤٠٧١٢٣٩٥"), Ok("40712395".to_owned()));
        for wrong in ["", "407", "407123951", "40 71", "407a", "-407", "۴۰۷"] {
            assert_eq!(chosen(wrong), Err(PinError::NotDigits), "{wrong}");
        }
    }

    #[test]
    fn what_anybody_tries_first_is_not_chosen_but_may_be_typed() {
        for plain in ["0000", "77777777", "1234", "۴۵۶۷", "98765"] {
            assert_eq!(Pin::chosen(plain), Err(PinError::TooPlain), "{plain}");
            assert!(Pin::typed(plain).is_some());
        }
        for fine in ["1235", "1212", "2580", "8901"] {
            assert!(Pin::chosen(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn waits_grow_to_an_hour() {
        let waits: Vec<i64> = (0..9).map(|wrong| wait_ms(wrong) / 1_000).collect();
        assert_eq!(waits, [0, 0, 0, 30, 60, 300, 900, 3_600, 3_600]);
        assert_eq!(wait_ms(u32::MAX), LONGEST_WAIT_MS);
    }

    fn shut() -> Tries {
        (0..3).fold(Tries::default(), |tries, _| tries.one_more(Millis(100_000)))
    }

    #[test]
    fn the_wait_passes_while_the_page_is_looked_at() {
        let mut tries = shut();
        assert_eq!((tries.seconds_left(), tries.may_try()), (30, false));
        for second in 1..30 {
            tries = tries.counted(Millis(100_000 + second * 1_000));
            assert_eq!((tries.seconds_left(), tries.may_try()), (30 - second, false));
        }
        tries = tries.counted(Millis(130_000));
        assert!(tries.may_try());
        // One more wrong one, and it is longer.
        assert_eq!(tries.one_more(Millis(130_000)).seconds_left(), 60);
    }

    #[test]
    fn a_clock_that_is_set_gains_nothing() {
        let back = shut().counted(Millis(0));
        assert_eq!(back.seconds_left(), 30);
        assert_eq!(back.counted(Millis(1_000)).seconds_left(), 29);
        let years_ahead = shut().counted(Millis(1_000_000_000_000));
        assert_eq!(years_ahead.seconds_left(), 28);
    }

    /// Two tabs count from where the other one was.
    #[test]
    fn two_tabs_do_not_make_it_shorter() {
        let counts = (1..=40).map(|half| Millis(100_000 + half * 500));
        assert_eq!(counts.fold(shut(), Tries::counted).seconds_left(), 10);
    }
}
