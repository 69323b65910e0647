//! The keys of this phone. The browser computes with them and hands the private ones to no script, so
//! that whoever copies what the page keeps cannot sign in somebody's name.

use crate::js::{bytes, field, list, object, read, subtle};
use crate::store::Store;
use crate::{Phone, sync};
use domain::field::known::Known;
use domain::field::letter::head;
use domain::hex::{from_hex, hex};
use domain::ids::UserId;
use gloo_net::http::Request;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// What is needed to write a letter, once the server knows somebody's key on this phone.
#[derive(Clone, Serialize, Deserialize)]
pub struct Introduced {
    /// Of other books, perhaps of a backup, the server does not know the key any more.
    epoch: Uuid,
    pub server_key: String,
    pub key: String,
}

fn introduced(user: UserId) -> String {
    format!("introduced/{user}")
}

fn own_pair(user: UserId) -> String {
    format!("keys/{user}")
}

/// What somebody needs to write letters here, with the key to sign; `None` before the first sync.
pub async fn of(store: &Store, user: UserId) -> Option<(Introduced, JsValue)> {
    let pair = store.raw(&own_pair(user)).await?;
    Some((store.read(&introduced(user)).await?, field(&pair, "privateKey")))
}

/// Tells the server with which key the person who is logged in signs on this phone. Without it only
/// letters cannot be written, so a failure stops nothing; it is tried again at the next sync.
pub async fn introduce(phone: Phone, known: &Known) {
    let Some(store) = phone.store.get_value().filter(|_| !known.by_link) else { return };
    let Known { user, epoch, .. } = *known;
    let before: Option<Introduced> = store.read(&introduced(user)).await;
    if before.is_some_and(|before| before.epoch == epoch) {
        return;
    }
    let Some(key) = public_key(&store, user).await else { return };
    let path = format!("/api/v1/phones/{}", store.phone());
    let asking = Request::put(&path)
        .header("content-type", "application/json")
        .body(json!({"key": key}).to_string());
    let Ok(asking) = asking else { return };
    let Ok(answer) = sync::heard(asking.send().await) else { return };
    let answer: Option<Value> = answer.json().await.ok();
    let server = answer.as_ref().and_then(|answer| answer.get("server_key")?.as_str());
    if let Some(server_key) = server.map(str::to_owned) {
        let now = Introduced { epoch, server_key, key };
        // On a full phone it is introduced once more.
        let _ = store.write(&introduced(user), &now).await;
    }
}

fn on_p256(algorithm: &str) -> JsValue {
    object([("name", algorithm.into()), ("namedCurve", "P-256".into())])
}

/// A pair of keys of which the private one can do `use_`.
async fn pair(algorithm: &str, use_: &str) -> Option<JsValue> {
    subtle("generateKey", [on_p256(algorithm), JsValue::FALSE, list([use_.into()])]).await
}

/// The public key of a pair, as it travels.
async fn public(pair: &JsValue) -> Option<Vec<u8>> {
    Some(read(&subtle("exportKey", ["raw".into(), field(pair, "publicKey")]).await?))
}

/// The public key of somebody on this phone. Two tabs that ask at once get the same one: the server
/// would know another than the one that signs.
async fn public_key(store: &Store, user: UserId) -> Option<String> {
    let pair = match store.raw(&own_pair(user)).await {
        Some(pair) => pair,
        None => store.first_raw(&own_pair(user), &pair("ECDSA", "sign").await?).await?,
    };
    Some(hex(&public(&pair).await?))
}

pub async fn sign(key: JsValue, message: &[u8]) -> Option<String> {
    let algorithm = object([("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
    Some(hex(&read(&subtle("sign", [algorithm, key, bytes(message)]).await?)))
}

/// Encrypts to the server with a key that is used once; gives the letter's bytes.
pub async fn seal(server_key: &str, text: &str) -> Option<Vec<u8>> {
    let server = from_hex(server_key)?;
    let ours = pair("ECDH", "deriveBits").await?;
    let head = head(&server, &public(&ours).await?);
    let arguments = ["raw".into(), bytes(&server), on_p256("ECDH"), JsValue::FALSE, list::<0>([])];
    let theirs = subtle("importKey", arguments).await?;
    let with = object([("name", "ECDH".into()), ("public", theirs)]);
    let shared = subtle("deriveBits", [with, field(&ours, "privateKey"), 256.into()]).await?;
    let arguments =
        ["raw".into(), shared, "HKDF".into(), JsValue::FALSE, list(["deriveKey".into()])];
    let shared = subtle("importKey", arguments).await?;
    let how = object([
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", bytes(&[])),
        ("info", bytes(&head)),
    ]);
    let aes = object([("name", "AES-GCM".into()), ("length", 256.into())]);
    let arguments = [how, shared, aes, JsValue::FALSE, list(["encrypt".into()])];
    let key = subtle("deriveKey", arguments).await?;
    // The number that must differ each time may be zero: the key does.
    let how = object([
        ("name", "AES-GCM".into()),
        ("iv", bytes(&[0; 12])),
        ("additionalData", bytes(&head)),
    ]);
    let sealed = subtle("encrypt", [how, key, bytes(text.as_bytes())]).await?;
    Some([head, read(&sealed)].concat())
}
