//! The words of reference data: names that people give, and the kinds of organisations, stores and
//! places.

use crate::calendar::Lang;
use crate::text::{latin_digits, normalise};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the database, in forms and in the API.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }
        }
    };
}

pub(crate) use kinds;

kinds!(
    OrgKind { Programme = "programme", Partner = "partner", Printer = "printer", Donor = "donor" }
);

impl OrgKind {
    /// Whether somebody there signs in: a printer is known by what it prints, and is spoken to.
    pub const fn has_accounts(self) -> bool {
        match self {
            Self::Programme | Self::Partner | Self::Donor => true,
            Self::Printer => false,
        }
    }
}

kinds!(StoreKind { Central = "central", Provincial = "provincial", Partner = "partner" });
kinds!(PlaceKind { Province = "province", District = "district" });
kinds!(
    /// Whether a thing is offered for new work. Nothing is ever deleted (rule 12).
    Standing { InUse = "in_use", Retired = "retired" }
);

impl Standing {
    /// From the moment of retirement, where there is one.
    pub const fn of(retired_at: Option<i64>) -> Self {
        match retired_at {
            None => Self::InUse,
            Some(_) => Self::Retired,
        }
    }
}

/// The longest name, in characters: it must fit on a label and a waybill.
pub const LONGEST_NAME: usize = 120;

/// Why a text is not a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameError {
    #[error("nothing was entered")]
    Empty,
    #[error("longer than {LONGEST_NAME} characters")]
    TooLong,
    #[error("contains a character that cannot be printed")]
    Unprintable,
    #[error("has no letter or digit")]
    NoLetter,
}

/// What people call a thing: one line, spaces put in order, with at least one letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().any(|c| c.is_control() || c == '\u{fffd}' || is_direction_override(c)) {
            return Err(NameError::Unprintable);
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(NameError::TooLong);
        }
        if normalise(&name).is_empty() {
            return Err(NameError::NoLetter);
        }
        Ok(Self(name))
    }

    /// An empty text is no name, not a wrong one.
    pub fn parse_optional(text: &str) -> Result<Option<Self>, NameError> {
        if text.trim().is_empty() { Ok(None) } else { Self::parse(text).map(Some) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two names with the same key are the same name.
    pub fn key(&self) -> String {
        normalise(&self.0)
    }
}

/// These turn the text around them, so that a name would read as another one.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// What a place is called in the three languages; English where a name is not known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PlaceName {
    pub en: String,
    pub fa: Option<String>,
    pub ps: Option<String>,
}

impl PlaceName {
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => None,
            Lang::Fa => self.fa.as_deref(),
            Lang::Ps => self.ps.as_deref(),
        }
        .unwrap_or(&self.en)
    }
}

/// The short number of a material on cartons and over the phone: `M3`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortNumber(String);

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("a short number is a letter or two and up to four digits, like M3")]
pub struct ShortNumberError;

impl ShortNumber {
    pub fn parse(text: &str) -> Result<Self, ShortNumberError> {
        let text = latin_digits(text.trim()).to_ascii_uppercase();
        let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let letters = text.len() - digits.len();
        let number = !digits.is_empty()
            && digits.len() <= 4
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        if (1..=2).contains(&letters) && number { Ok(Self(text)) } else { Err(ShortNumberError) }
    }

    /// The free number after those that are taken: `M4` after `M1` and `M3`.
    pub fn next<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        let numbers = taken.into_iter().filter_map(|number| number.strip_prefix('M')?.parse().ok());
        Self(format!("M{}", numbers.max().unwrap_or(0_u32) + 1))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ShortNumber {
    type Error = ShortNumberError;

    fn try_from(text: String) -> Result<Self, ShortNumberError> {
        Self::parse(&text)
    }
}

impl From<ShortNumber> for String {
    fn from(number: ShortNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_tidy_line() {
        assert_eq!(Name::parse("  Know \n the  risks ").unwrap().as_str(), "Know the risks");
        assert_eq!(Name::parse(" "), Err(NameError::Empty));
        assert_eq!(Name::parse("–"), Err(NameError::NoLetter));
        assert_eq!(Name::parse("a\u{202e}b"), Err(NameError::Unprintable));
        assert_eq!(Name::parse("a\u{7}b"), Err(NameError::Unprintable));
        assert_eq!(Name::parse("broken \u{fffd}"), Err(NameError::Unprintable));
        assert_eq!(Name::parse(&"x".repeat(121)), Err(NameError::TooLong));
        assert_eq!(Name::parse_optional("  "), Ok(None));
    }

    #[test]
    fn names_that_look_the_same_have_one_key() {
        let key = |text| Name::parse(text).unwrap().key();
        assert_eq!(key("انبار كابل ۲"), key("انبار کابل 2"));
        assert_eq!(key("Kabul Store"), key("KABUL  store"));
    }

    #[test]
    fn short_numbers_read_in_any_digits_and_count_on() {
        assert_eq!(ShortNumber::parse("m۳").unwrap().as_str(), "M3");
        for wrong in ["", "3", "M", "M03", "MAG1", "M12345", "M-3", "م3"] {
            assert_eq!(ShortNumber::parse(wrong), Err(ShortNumberError), "{wrong}");
        }
        assert_eq!(ShortNumber::next(["M1", "M3", "XX9"]).as_str(), "M4");
        assert_eq!(ShortNumber::next([]).as_str(), "M1");
    }

    #[test]
    fn kinds_go_both_ways() {
        for kind in OrgKind::ALL {
            assert_eq!(OrgKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(StoreKind::parse("shop"), None);
    }
}
