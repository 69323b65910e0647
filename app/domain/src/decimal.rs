//! Weights, volumes and prices as people type them, kept as whole numbers: 8.2 kg is 8,200 g.

use crate::pieces::{MOST_PIECES, parse_count};
use crate::text::latin_digits;

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecimalError {
    #[error("not a number with at most three decimals")]
    NotANumber,
    #[error("too large")]
    TooLarge,
}

/// Reads `8.2` or `۸٫۲`; `None` for an empty text. A comma is refused, because it groups thousands
/// in one language and begins decimals in another.
pub fn parse_thousandths(text: &str) -> Result<Option<i64>, DecimalError> {
    let text = latin_digits(text.trim()).replace('٫', ".");
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let dot_without_decimals = text.ends_with('.');
    if whole.is_empty() || dot_without_decimals || decimals.len() > 3 {
        return Err(DecimalError::NotANumber);
    }
    if !digits(whole) || !digits(decimals) {
        return Err(DecimalError::NotANumber);
    }
    let value = format!("{whole}{decimals:0<3}").parse().map_err(|_| DecimalError::TooLarge)?;
    if value > MOST_PIECES { Err(DecimalError::TooLarge) } else { Ok(Some(value)) }
}

/// An amount of money, `1250`, `1250.5` or `1,250.50` in any digits, as cents: here a comma only
/// groups, because nobody types thousandths of a price.
pub fn parse_cents(text: &str) -> Option<i64> {
    let latin = latin_digits(text.trim());
    let (whole, cents) = latin.split_once(['.', '٫']).unwrap_or((latin.as_str(), ""));
    if cents.len() > 2 || !cents.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = parse_count(whole).ok()??;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(whole * 100 + cents)
}

/// The shortest text for thousandths: 8200 is `8.2`.
pub fn thousandths(value: i64) -> String {
    let text = format!("{}.{:03}", value / 1000, value % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_go_both_ways() {
        for (text, value) in [("8.2", 8200), ("۸٫۲", 8200), ("12", 12_000), ("0.005", 5)] {
            assert_eq!(parse_thousandths(text), Ok(Some(value)), "{text}");
        }
        assert_eq!(thousandths(8200), "8.2");
        assert_eq!(thousandths(12_000), "12");
        assert_eq!(thousandths(10), "0.01");
        assert_eq!(parse_thousandths(" "), Ok(None));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for wrong in ["8,2", "8.", ".5", "-1", "1.2345", "x", "1.2.3", "."] {
            assert_eq!(parse_thousandths(wrong), Err(DecimalError::NotANumber), "{wrong}");
        }
        let large = "99999999999999999999";
        assert_eq!(parse_thousandths(large), Err(DecimalError::TooLarge));
    }

    #[test]
    fn an_amount_reads_as_cents() {
        for (typed, cents) in [("1250", 125_000), ("1,250.50", 125_050), ("۱۲٫۵", 1_250)] {
            assert_eq!(parse_cents(typed), Some(cents), "{typed}");
        }
        for wrong in ["", "-1", "1.234", "1.2.3", "ten", ".5"] {
            assert_eq!(parse_cents(wrong), None, "{wrong}");
        }
    }
}
