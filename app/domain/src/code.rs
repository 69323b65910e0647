//! The code on a label: 10 random Crockford base32 characters and a mod-37 check character.
//!
//! Codes are unique across kinds, so that a phone without network knows what it has scanned, and
//! short enough to be typed. Draws whose check character would be `* ~ $ = U` are drawn again, so
//! that every code stays within letters and digits (alphanumeric QR mode).

use crate::text::latin_digits;
use serde::{Deserialize, Serialize};
use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 10;

/// A whole, valid code of 11 characters in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code([u8; LENGTH + 1]);

/// What the code is stuck on; also its letter in the QR payload.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    Batch,
    Pack,
    Consignment,
    Event,
}

impl CodeKind {
    pub const ALL: [Self; 4] = [Self::Batch, Self::Pack, Self::Consignment, Self::Event];

    pub const fn letter(self) -> char {
        match self {
            Self::Batch => 'B',
            Self::Pack => 'P',
            Self::Consignment => 'C',
            Self::Event => 'E',
        }
    }

    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter.to_ascii_uppercase())
    }
}

/// Why a text is not a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum CodeError {
    #[error("a code has 11 characters")]
    Length,
    #[error("a code has only letters and digits")]
    Character,
    #[error("the last character does not fit: one character was misread or mistyped")]
    Check,
}

impl Code {
    /// Makes a code from 50 random bits; `None` when the check character would leave letters and
    /// digits: draw again.
    pub fn from_random(bits: u64) -> Option<Self> {
        let mut code = [0; LENGTH + 1];
        for (place, slot) in code[..LENGTH].iter_mut().enumerate() {
            *slot = ALPHABET[(bits >> (5 * (LENGTH - 1 - place)) & 31) as usize];
        }
        code[LENGTH] = check_character(&code[..LENGTH])?;
        Some(Self(code))
    }

    /// Reads what was typed or scanned: any case, any digits, hyphens and spaces, `O` for 0, `I`
    /// and `L` for 1.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut code = [0; LENGTH + 1];
        let mut length = 0;
        for c in latin_digits(text).chars().filter(|c| !c.is_whitespace() && !is_hyphen(*c)) {
            let slot = code.get_mut(length).ok_or(CodeError::Length)?;
            *slot = match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                c if ALPHABET.contains(&(c as u32).try_into().unwrap_or(0)) => c as u8,
                _ => return Err(CodeError::Character),
            };
            length += 1;
        }
        if length != LENGTH + 1 {
            return Err(CodeError::Length);
        }
        if check_character(&code[..LENGTH]) == Some(code[LENGTH]) {
            Ok(Self(code))
        } else {
            Err(CodeError::Check)
        }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// As printed beside the QR: `4K7M-2QXD-9V3`.
    pub fn grouped(&self) -> String {
        let text = self.as_str();
        format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..])
    }

    /// What the QR carries, in upper case throughout: `HTTPS://HOST/B/CODE`.
    pub fn payload(&self, kind: CodeKind, public_url: &str) -> String {
        let base = public_url.trim_end_matches('/').to_ascii_uppercase();
        format!("{base}/{}/{}", kind.letter(), self.as_str())
    }
}

/// Reads a scan or a typed text: a whole QR payload from any host, or a bare code.
pub fn read(text: &str) -> Result<(Option<CodeKind>, Code), CodeError> {
    let text = text.trim().trim_end_matches('/');
    match text.rsplit_once('/') {
        None => Ok((None, Code::parse(text)?)),
        Some((before, code)) => {
            let letter = before.rsplit('/').next().unwrap_or_default();
            let kind = match letter.len() {
                1 => letter.chars().next().and_then(CodeKind::from_letter),
                _ => None,
            };
            Ok((kind, Code::parse(code)?))
        }
    }
}

/// The host whose label a scan is, where it is a whole QR payload.
pub fn host(text: &str) -> Option<&str> {
    let (_, rest) = text.trim().split_once("://")?;
    rest.split('/').next()
}

/// Reads a code and the word behind it, which says how many pieces: `4K7M-2QXD-9V3 500`.
pub fn read_before_pieces(line: &str) -> Result<(Code, Option<&str>), CodeError> {
    // A code may be typed with spaces in it, so the whole line comes first.
    let why = match read(line) {
        Ok((_, code)) => return Ok((code, None)),
        Err(why) => why,
    };
    let (first, pieces) = line.trim().rsplit_once(char::is_whitespace).ok_or(why)?;
    let (_, code) = read(first).map_err(|_| why)?;
    Ok((code, Some(pieces)))
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '—' | '_' | '.')
}

/// Crockford's check symbol, or `None` for the five that are neither letters nor digits (and `U`,
/// which Crockford also uses only as a check).
fn check_character(code: &[u8]) -> Option<u8> {
    let value = code.iter().fold(0_u64, |rest, character| {
        let digit = ALPHABET.iter().position(|a| a == character).unwrap_or(0) as u64;
        (rest * 32 + digit) % 37
    });
    ALPHABET.get(value as usize).copied()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({})", self.as_str())
    }
}

impl TryFrom<String> for Code {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        Self::parse(&text)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_two_has_the_check_character_of_the_design() {
        let code = Code::from_random(42).unwrap();
        assert_eq!(code.as_str(), "000000001A5");
        assert_eq!(code.grouped(), "0000-0000-1A5");
    }

    #[test]
    fn a_code_reads_as_people_type_it() {
        let code = Code::from_random(42).unwrap();
        for typed in ["000000001a5", "0000-0000-1A5", "OOOO oooo LA5", "۰۰۰۰۰۰۰۰۱A۵"] {
            assert_eq!(Code::parse(typed), Ok(code), "{typed}");
        }
    }

    #[test]
    fn a_wrong_code_says_what_is_wrong() {
        assert_eq!(Code::parse("000000001A6"), Err(CodeError::Check));
        assert_eq!(Code::parse("00000001A5"), Err(CodeError::Length));
        assert_eq!(Code::parse("000000001A55"), Err(CodeError::Length));
        assert_eq!(Code::parse("00000000*A5"), Err(CodeError::Character));
        assert_eq!(Code::parse("کتاب"), Err(CodeError::Character));
    }

    #[test]
    fn every_single_mistake_is_caught() {
        let code = Code::from_random(0x2_5a5a_5a5a_5a5a).or(Code::from_random(7)).unwrap();
        for place in 0..LENGTH {
            for other in ALPHABET {
                let mut wrong = code.0;
                if wrong[place] == *other {
                    continue;
                }
                wrong[place] = *other;
                assert_eq!(
                    Code::parse(std::str::from_utf8(&wrong).unwrap()),
                    Err(CodeError::Check)
                );
            }
        }
    }

    #[test]
    fn a_payload_reads_back_from_any_host_in_any_case() {
        let code = Code::from_random(42).unwrap();
        let payload = code.payload(CodeKind::Pack, "https://stock.example.org/");
        assert_eq!(payload, "HTTPS://STOCK.EXAMPLE.ORG/P/000000001A5");
        assert_eq!(read(&payload), Ok((Some(CodeKind::Pack), code)));
        assert_eq!(read("https://old.example/b/000000001a5/"), Ok((Some(CodeKind::Batch), code)));
        assert_eq!(read("000000001A5"), Ok((None, code)));
        assert_eq!((host(&payload), host("000000001A5")), (Some("STOCK.EXAMPLE.ORG"), None));
    }
}
