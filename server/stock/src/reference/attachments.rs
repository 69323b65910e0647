//! Pictures, kept in the database by the SHA-256 of their bytes.
//!
//! What a picture is, its bytes say, not its name. Everything that a camera writes beside the
//! picture (place, time, device, thumbnail) is removed before it is kept.

use super::known;
use crate::access::Reader;
use crate::query::Query;
use domain::picture::{MediaType, Picture};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The SHA-256 of a kept picture; in addresses as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct AttachmentId([u8; 32]);

impl fmt::Display for AttachmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the id of an attachment")]
pub struct NoAttachmentId;

impl FromStr for AttachmentId {
    type Err = NoAttachmentId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NoAttachmentId);
        }
        let mut bytes = [0; 32];
        for (slot, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(NoAttachmentId);
            *slot =
                u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).map_err(|_| NoAttachmentId)?;
        }
        Ok(Self(bytes))
    }
}

impl AttachmentId {
    pub(super) fn from_column(bytes: Vec<u8>) -> Result<Self, DbErr> {
        let found = bytes.len();
        bytes.try_into().map(Self).map_err(|_| DbErr::Type(format!("a SHA-256 of {found} bytes")))
    }

    pub(super) fn value(self) -> Value {
        self.0.to_vec().into()
    }
}

#[derive(FromQueryResult)]
struct AttachmentRow {
    media_type: String,
    bytes: Vec<u8>,
}

impl Reader<'_> {
    /// A kept picture. Whoever is signed in may see the covers of materials, also former ones. A
    /// scan of a waybill is shown with its consignment (`paper_scan`) and nowhere else.
    pub async fn attachment(
        &self,
        id: AttachmentId,
    ) -> Result<Option<(MediaType, Vec<u8>)>, DbErr> {
        let row: Option<AttachmentRow> =
            Query::new("SELECT media_type, bytes FROM attachment WHERE sha256 = ")
                .bind(id.value())
                .push(" AND (NOT EXISTS (SELECT 1 FROM waybill_paper w WHERE w.scan_sha256 = ")
                .bind(id.value())
                .push(") OR EXISTS (SELECT 1 FROM material m WHERE m.cover_sha256 = ")
                .bind(id.value())
                .push("))")
                .one(self.stock.db.read())
                .await?;
        let Some(row) = row else { return Ok(None) };
        let media_type = known(MediaType::parse(&row.media_type), &row.media_type)?;
        Ok(Some((media_type, row.bytes)))
    }
}

/// Keeps a picture, once however often it comes.
pub(crate) async fn keep(
    tx: &impl ConnectionTrait,
    picture: &Picture,
    now: Millis,
) -> Result<AttachmentId, DbErr> {
    let id = AttachmentId(Sha256::digest(picture.bytes()).into());
    Query::new("INSERT INTO attachment (sha256, media_type, bytes, added_at) VALUES ")
        .list::<Value>([
            id.value(),
            picture.media_type().as_str().into(),
            picture.bytes().to_vec().into(),
            now.0.into(),
        ])
        .push(" ON CONFLICT DO NOTHING")
        .run(tx)
        .await?;
    Ok(id)
}
