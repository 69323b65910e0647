//! The outbox as one file, a *letter*, for where there is no network: anybody may carry it and send it.
//!
//! Each author's records are a part of their own, signed with the key that this author has on this
//! phone: that proves who said them, whoever sends them. The whole is encrypted to the server, with a
//! key that is used once: whoever carries it cannot read it. The bytes are laid out here; the phone
//! computes with the browser's own WebCrypto, the server with the crates of RustCrypto.

use crate::ids::{DeviceId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A neutral name, of a type that every share sheet takes.
pub const FILE_NAME: &str = "lists.txt";

/// The layout of the bytes; another one gets another number.
const LAYOUT: u8 = 1;

/// A point of P-256 as SEC 1 writes it, uncompressed: how public keys travel.
pub const POINT: usize = 65;
const NAME: usize = 8;
const HEAD: usize = 1 + NAME + POINT;

/// Characters on a line of the file: mail programs break longer ones anywhere.
const LINE: usize = 76;

/// What is encrypted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub parts: Vec<Part>,
}

/// What one author said on one phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The public key of the author on this phone, in hexadecimal digits.
    pub key: String,
    /// Over [`signed`], ECDSA with SHA-256, `r` and `s` one behind the other, in hexadecimal digits.
    pub signature: String,
    /// [`Said`] as JSON: exactly these letters are signed.
    pub said: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Said {
    pub account: UserId,
    pub phone: DeviceId,
    /// How far the server's clock was before the phone's when they last met. A letter is days on its
    /// way, so the moment at which it comes in says nothing about the phone's clock.
    pub clock_difference_ms: i64,
    /// As the API takes them, in the phone's order.
    pub records: Vec<Value>,
}

/// A letter as it came: its head, which everybody can read, and what is sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed<'b> {
    /// All bytes before what is sealed: they are bound to it.
    pub head: &'b [u8],
    /// The public key that was made for this letter alone.
    pub key: &'b [u8],
    pub sealed: &'b [u8],
}

impl<'b> Closed<'b> {
    pub fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (head, sealed) = bytes.split_at_checked(HEAD)?;
        let (layout, rest) = head.split_first()?;
        (*layout == LAYOUT).then(|| Self { head, key: &rest[NAME..], sealed })
    }

    /// Whether it was written to the server with this key.
    pub fn is_for(&self, server: &[u8]) -> bool {
        self.head[1..=NAME] == name(server)
    }
}

/// What stands before what is sealed.
pub fn head(server: &[u8], key: &[u8]) -> Vec<u8> {
    [&[LAYOUT], name(server).as_slice(), key].concat()
}

/// What an author signs: bound to one server, so that no other one takes it for its own.
pub fn signed(server: &[u8], said: &str) -> Vec<u8> {
    [b"tawzi letter\0".as_slice(), &name(server), said.as_bytes()].concat()
}

/// The file's text, from base64 in one piece.
pub fn lines(base64: &str) -> String {
    let mut text = String::with_capacity(base64.len() + base64.len() / LINE + 1);
    for (at, letter) in base64.chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text
}

/// Whether the server was told by this answer about a record what its author said. If not, it is the
/// signature that was refused and not the record: that waits for its author.
pub fn is_proved(answer: &Value) -> bool {
    let code = answer.pointer("/problem/code").and_then(Value::as_str);
    !matches!(code, Some("unknown_phone" | "wrong_signature"))
}

/// A short name of a public key.
fn name(key: &[u8]) -> [u8; NAME] {
    let hash: [u8; 32] = Sha256::digest(key).into();
    let mut name = [0; NAME];
    name.copy_from_slice(&hash[..NAME]);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_laid_out_is_read_again() {
        let (server, other, key) = ([1; POINT], [3; POINT], [2; POINT]);
        let bytes = [head(&server, &key), b"sealed".to_vec()].concat();
        let closed = Closed::parse(&bytes).expect("a letter");
        assert_eq!((closed.key, closed.sealed), (key.as_slice(), b"sealed".as_slice()));
        assert_eq!(closed.head, head(&server, &key));
        assert!(closed.is_for(&server) && !closed.is_for(&other));
    }

    #[test]
    fn bytes_of_another_kind_are_no_letter() {
        let bytes = head(&[1; POINT], &[2; POINT]);
        assert_eq!(Closed::parse(&bytes[..bytes.len() - 1]), None, "cut off");
        let newer = [&[LAYOUT + 1], &bytes[1..]].concat();
        assert_eq!(Closed::parse(&newer), None, "of a layout that is not known");
        assert_eq!(Closed::parse(b""), None);
    }

    #[test]
    fn a_signature_for_one_server_says_nothing_to_another() {
        assert_ne!(signed(&[1; POINT], "said"), signed(&[2; POINT], "said"));
    }

    #[test]
    fn a_record_whose_signature_is_refused_waits() {
        let refused = |code| serde_json::json!({"status": "refused", "problem": {"code": code}});
        assert!(!is_proved(&refused("unknown_phone")));
        assert!(!is_proved(&refused("wrong_signature")));
        assert!(is_proved(&refused("not_found")));
        assert!(is_proved(&serde_json::json!({"status": "accepted"})));
    }

    #[test]
    fn lines_are_short_and_nothing_is_lost() {
        let text = lines(&"A".repeat(200));
        assert_eq!(text.lines().map(str::len).collect::<Vec<_>>(), [76, 76, 48]);
    }
}
