//! Numbers of papers as people type them: `KBL-0042`, "kbl 42", "e kbl ۷", "grn-cen-0007".
//!
//! A number is a series, which begins with a word for most papers and goes on with the short name
//! of a store, and a count within it of at least four digits.

use crate::text::latin_digits;

/// The most characters that a number has.
const LONGEST: usize = 40;

/// The numbers that somebody may have meant; none when it is no number of a paper.
pub fn meant(typed: &str) -> Vec<String> {
    let typed = latin_digits(typed.trim());
    if typed.chars().count() > LONGEST {
        return Vec::new();
    }
    let mut words: Vec<&str> = typed
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '–' | '/' | '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let Some(last) = words.pop() else { return Vec::new() };
    // Without anything between them: "kbl42".
    let letters = last.trim_end_matches(|c: char| c.is_ascii_digit());
    if words.is_empty() || !letters.is_empty() {
        words.push(letters);
    }
    let count: Option<u64> = last[letters.len()..].parse().ok();
    let (Some(count), true) = (count, words.iter().all(|word| !word.is_empty())) else {
        return Vec::new();
    };
    let number = |series: String| format!("{series}-{count:04}");
    let series = words.join("-");
    // Short names of stores are not always in capitals, the words before them are.
    let mut meant = vec![number(series.to_uppercase()), number(series)];
    if let [word, rest @ ..] = words.as_slice() {
        meant.push(number([&[word.to_uppercase().as_str()], rest].concat().join("-")));
    }
    meant.sort();
    meant.dedup();
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        for typed in ["KBL-0042", "kbl 42", "Kbl42", " KBL - 42 ", "kbl/۰۰۴۲", "KBL‐٤٢"] {
            assert!(meant(typed).contains(&"KBL-0042".to_owned()), "{typed}");
        }
        assert!(meant("e kbl 7").contains(&"E-KBL-0007".to_owned()));
        assert!(meant("grn-cen-12345").contains(&"GRN-CEN-12345".to_owned()));
        assert!(meant("pr3").contains(&"PR-0003".to_owned()));
        // A short name with digits of its own, or not in capitals.
        assert!(meant("E-F01-0001").contains(&"E-F01-0001".to_owned()));
        assert!(meant("e Hope 1").contains(&"E-Hope-0001".to_owned()));
    }

    #[test]
    fn words_are_no_numbers() {
        for typed in ["", "-", "mazar", "know the risks", "2017", "kbl-", "- 4"] {
            assert_eq!(meant(typed), Vec::<String>::new(), "{typed}");
        }
        assert!(meant(&"9".repeat(50)).is_empty());
        assert!(meant("kbl 99999999999999999999999").is_empty());
    }
}
