//! Encrypts what the phone keeps, with a key that the browser computes with and shows to no script:
//! whoever copies the files of the browser, or looks through its store, reads none of it.

use crate::clock::drawn;
use crate::js::{bytes, field, list, object, read, subtle};
use wasm_bindgen::JsValue;

const CIPHER: &str = "AES-GCM";
const NONCE: &str = "iv";
const SEALED: &str = "sealed";

/// The key of one phone.
pub struct Safe(JsValue);

impl Safe {
    pub const fn new(key: JsValue) -> Self {
        Self(key)
    }

    /// A new key; `None` where the browser has no cryptography, as on a page without https.
    pub async fn key() -> Option<JsValue> {
        let cipher = object([("name", CIPHER.into()), ("length", 256.into())]);
        let uses = list(["encrypt".into(), "decrypt".into()]);
        subtle("generateKey", [cipher, JsValue::FALSE, uses]).await
    }

    /// The text as it is kept under a name, and under no other, beside what has to stay readable.
    pub async fn seal(&self, name: &str, text: &str, row: JsValue) -> Option<JsValue> {
        // Never the same twice under one key.
        let nonce = bytes(&drawn::<12>());
        let arguments = [how(&nonce, name), self.0.clone(), bytes(text.as_bytes())];
        let sealed = subtle("encrypt", arguments).await?;
        for (field, value) in [(NONCE, nonce), (SEALED, sealed)] {
            js_sys::Reflect::set(&row, &field.into(), &value).ok()?;
        }
        Some(row)
    }

    /// The text again; `None` when it was sealed with another key, or is damaged.
    pub async fn open(&self, name: &str, row: &JsValue) -> Option<String> {
        let arguments = [how(&field(row, NONCE), name), self.0.clone(), field(row, SEALED)];
        String::from_utf8(read(&subtle("decrypt", arguments).await?)).ok()
    }
}

pub fn is_sealed(row: &JsValue) -> bool {
    !field(row, SEALED).is_undefined()
}

/// What differs for each text that is sealed.
pub fn nonce(row: &JsValue) -> Vec<u8> {
    read(&field(row, NONCE))
}

fn how(nonce: &JsValue, name: &str) -> JsValue {
    object([
        ("name", CIPHER.into()),
        (NONCE, nonce.clone()),
        ("additionalData", bytes(name.as_bytes())),
    ])
}
