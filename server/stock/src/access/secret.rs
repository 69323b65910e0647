//! Secrets: made from 256 random bits, shown once, stored as SHA-256.

use crate::world::World;
use domain::hex::hex;
use sha2::{Digest, Sha256};

/// The characters of codes that are read out loud: none that sound or look alike.
const SPOKEN: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A token as its holder carries it. Never logged: its `Debug` is empty of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(crate) fn new(world: &dyn World) -> Self {
        let mut random = [0; 32];
        world.fill_random(&mut random);
        Self(hex(&random))
    }

    /// Takes what came with a request, however odd.
    pub fn from_request(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database holds.
    pub fn sha256(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Ten characters (50 bits) that one person reads out to another, in two groups.
pub(crate) fn spoken_code(world: &dyn World) -> String {
    let mut random = [0; 10];
    world.fill_random(&mut random);
    let letter = |byte: &u8| char::from(SPOKEN[usize::from(byte & 31)]);
    let (first, second) = random.split_at(5);
    format!(
        "{}-{}",
        first.iter().map(letter).collect::<String>(),
        second.iter().map(letter).collect::<String>()
    )
}

/// The code as it is compared: however it was typed.
pub(crate) fn spoken_sha256(typed: &str) -> Vec<u8> {
    let letters: String = domain::text::latin_digits(typed)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    Sha256::digest(letters.as_bytes()).to_vec()
}
