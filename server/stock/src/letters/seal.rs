//! What is computed with keys: P-256, HKDF with SHA-256 and AES-256-GCM, as browsers have them too.

use crate::world::World;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use domain::field::letter::Closed;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The private key to which letters are encrypted.
pub(super) struct Secret(SecretKey);

impl Secret {
    pub fn new(world: &dyn World) -> Self {
        loop {
            let mut random = [0; 32];
            world.fill_random(&mut random);
            // All but one in four thousand million are keys.
            if let Some(secret) = Self::read(&random) {
                return secret;
            }
        }
    }

    pub fn read(bytes: &[u8]) -> Option<Self> {
        SecretKey::from_slice(bytes).ok().map(Self)
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    pub fn public(&self) -> Vec<u8> {
        self.0.public_key().to_sec1_bytes().into_vec()
    }

    /// What is sealed in a letter; `None` when a byte of it is another than it was.
    pub fn open(&self, letter: Closed<'_>) -> Option<Vec<u8>> {
        let theirs = PublicKey::from_sec1_bytes(letter.key).ok()?;
        let shared = self.0.diffie_hellman(&theirs).extract::<Sha256>(None);
        let mut key = [0; 32];
        shared.expand(letter.head, &mut key).ok()?;
        // The key is used once, so that the number that must differ each time may be zero.
        let nonce = Nonce::default();
        let sealed = Payload { msg: letter.sealed, aad: letter.head };
        Aes256Gcm::new_from_slice(&key).ok()?.decrypt(&nonce, sealed).ok()
    }
}

/// Whether these bytes are a public key.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    VerifyingKey::from_sec1_bytes(bytes).is_ok()
}

pub(super) fn is_signed(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(key);
    let signature = Signature::from_slice(signature);
    key.is_ok_and(|key| signature.is_ok_and(|signature| key.verify(message, &signature).is_ok()))
}
