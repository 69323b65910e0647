//! The unit of every quantity: whole pieces.

use crate::text::latin_digits;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most pieces one line can name (design.md, section 1).
pub const MOST_PIECES: i64 = 1_000_000_000;

/// A count of pieces on one line: a whole number from 1 to [`MOST_PIECES`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Pieces(i64);

/// Why a quantity that someone typed is not a count of pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum PiecesError {
    #[error("nothing was entered")]
    Empty,
    #[error("not a whole number")]
    NotWhole,
    #[error("a quantity is never negative")]
    Negative,
    #[error("zero pieces")]
    Zero,
    #[error("more than 1,000,000,000 pieces")]
    TooMany,
}

impl Pieces {
    pub const fn new(count: i64) -> Result<Self, PiecesError> {
        match count {
            i64::MIN..=-1 => Err(PiecesError::Negative),
            0 => Err(PiecesError::Zero),
            1..=MOST_PIECES => Ok(Self(count)),
            _ => Err(PiecesError::TooMany),
        }
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads what a person typed: Latin, Persian or Arabic digits, with or without grouping.
    pub fn parse(text: &str) -> Result<Self, PiecesError> {
        Self::new(parse_count(text)?.ok_or(PiecesError::Empty)?)
    }
}

impl TryFrom<i64> for Pieces {
    type Error = PiecesError;

    fn try_from(count: i64) -> Result<Self, PiecesError> {
        Self::new(count)
    }
}

impl From<Pieces> for i64 {
    fn from(pieces: Pieces) -> Self {
        pieces.0
    }
}

impl fmt::Display for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads a count from 0 to [`MOST_PIECES`]; `None` when the field was left empty, because "not
/// recorded" and zero are different statements.
pub fn parse_count(text: &str) -> Result<Option<i64>, PiecesError> {
    let latin = latin_digits(text.trim());
    if latin.is_empty() {
        return Ok(None);
    }
    if latin.starts_with(['-', '−']) {
        return Err(PiecesError::Negative);
    }
    let digits = without_grouping(&latin).ok_or(PiecesError::NotWhole)?;
    if digits.len() > 18 {
        return Err(PiecesError::TooMany);
    }
    let count: i64 = digits.parse().map_err(|_| PiecesError::NotWhole)?;
    if count > MOST_PIECES { Err(PiecesError::TooMany) } else { Ok(Some(count)) }
}

/// Removes thousands separators, but only where they stand between groups of three: "1,5" is a
/// typing mistake, not fifteen.
fn without_grouping(text: &str) -> Option<String> {
    let is_separator = |c: char| matches!(c, ',' | '٬' | '،' | ' ' | '\u{a0}' | '\u{202f}' | '\'');
    let groups: Vec<&str> = text.split(is_separator).collect();
    let (first, rest) = groups.split_first()?;
    let all_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let well_formed = all_digits(first)
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| group.len() == 3 && all_digits(group));
    well_formed.then(|| groups.concat())
}

/// `1234567` as `1,234,567`, in Latin digits; the screens swap digits and separators by locale.
pub fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if count < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_reads_in_any_digits() {
        for typed in ["2500", "2,500", "۲۵۰۰", "٢٥٠٠", " ۲٬۵۰۰ ", "2 500"] {
            assert_eq!(Pieces::parse(typed), Pieces::new(2500), "{typed}");
        }
    }

    #[test]
    fn what_is_not_a_count_of_pieces_says_why() {
        let wrong = [
            ("", PiecesError::Empty),
            ("0", PiecesError::Zero),
            ("-5", PiecesError::Negative),
            ("−5", PiecesError::Negative),
            ("2.5", PiecesError::NotWhole),
            ("1,5", PiecesError::NotWhole),
            ("1,000,00", PiecesError::NotWhole),
            ("twelve", PiecesError::NotWhole),
            ("1000000001", PiecesError::TooMany),
            ("99999999999999999999", PiecesError::TooMany),
        ];
        for (typed, why) in wrong {
            assert_eq!(Pieces::parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn an_empty_field_is_not_zero() {
        assert_eq!(parse_count(" "), Ok(None));
        assert_eq!(parse_count("0"), Ok(Some(0)));
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(52_500), "52,500");
        assert_eq!(grouped(-1_234_567), "−1,234,567");
    }
}
