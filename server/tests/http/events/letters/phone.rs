//! A phone that writes letters as the page does, with other tools than the server reads them.

use crate::events::Village;
use crate::program::Browser;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use axum_test::TestResponse;
use base64ct::{Base64, Encoding};
use domain::field::letter::{Letter, Part, Said, head, lines, signed};
use domain::field::stamp::{Stamp, device};
use domain::hex::{from_hex, hex};
use domain::ids::UserId;
use domain::pieces::Pieces;
use domain::records::events::{Goods, LeaveInPublic};
use domain::role::PlaceCode;
use domain::time::Millis;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::{PublicKey, SecretKey};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

pub struct Phone {
    pub id: Uuid,
    key: SigningKey,
    pub server: Vec<u8>,
    sequence: i64,
}

impl Phone {
    /// The server knows with which key the person of this browser signs on it.
    pub async fn of(browser: &Browser) -> Self {
        let mut phone =
            Self { id: Uuid::now_v7(), key: key().into(), server: Vec::new(), sequence: 0 };
        let answer = phone.introduce(browser).await;
        assert_eq!(answer.status_code(), 200, "{}", answer.text());
        let known: Value = answer.json();
        phone.server = from_hex(known["server_key"].as_str().unwrap()).unwrap();
        phone
    }

    pub async fn introduce(&self, browser: &Browser) -> TestResponse {
        let path = format!("/api/v1/phones/{}", self.id);
        browser.server.put(&path).json(&json!({"key": self.public()})).await
    }

    pub fn public(&self) -> String {
        hex(self.key.verifying_key().to_sec1_point(false).as_bytes())
    }

    /// So many leaflets were left in a clinic.
    pub fn left(&mut self, village: &Village, now: Millis, pieces: i64) -> Value {
        self.sequence += 1;
        let goods = Goods {
            materials: vec![(village.leaflets, Pieces::new(pieces).unwrap())],
            ..Goods::default()
        };
        let body = LeaveInPublic {
            store: village.store,
            place: PlaceCode::new("AF2101"),
            kind: domain::events::PublicPlace::Clinic,
            places: None,
            goods,
        };
        let stamp = Stamp {
            id: Uuid::now_v7().into(),
            device: device(self.id, self.sequence),
            now,
            offset_minutes: 270,
            scanned: false,
            on: None,
        };
        stamp.record(&body).unwrap()
    }

    pub fn said(&self, account: UserId, records: &[Value]) -> Said {
        let records = records.to_vec();
        Said { account, phone: self.id.into(), clock_difference_ms: 0, records }
    }

    pub fn signs(&self, said: &Said) -> Part {
        let said = serde_json::to_string(said).unwrap();
        let signature: Signature = self.key.sign(&signed(&self.server, &said));
        Part { key: self.public(), signature: hex(&signature.to_bytes()), said }
    }

    /// The file of one author.
    pub fn letter(&self, account: UserId, records: &[Value]) -> String {
        self.seals(vec![self.signs(&self.said(account, records))])
    }

    pub fn seals(&self, parts: Vec<Part>) -> String {
        let ours = key();
        let public = ours.public_key().to_sec1_bytes();
        let head = head(&self.server, &public);
        let theirs = PublicKey::from_sec1_bytes(&self.server).unwrap();
        let shared = ours.diffie_hellman(&theirs).extract::<Sha256>(None);
        let mut key = [0; 32];
        shared.expand(&head, &mut key).unwrap();
        let letter = serde_json::to_vec(&Letter { parts }).unwrap();
        let sealed = Aes256Gcm::new_from_slice(&key)
            .unwrap()
            .encrypt(&Nonce::default(), Payload { msg: &letter, aad: &head })
            .unwrap();
        lines(&Base64::encode_string(&[head, sealed].concat()))
    }
}

fn key() -> SecretKey {
    let mut random = [0; 32];
    getrandom::fill(&mut random).unwrap();
    SecretKey::from_slice(&random).unwrap()
}
