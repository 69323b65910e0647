//! Pictures of goods: what they are is read from their bytes, and what a camera adds to them
//! (place, time, device, thumbnails) is taken out (design, section 5).
//!
//! The pixels are never decoded: the file is walked part by part, and only parts that are needed
//! to show the picture are copied.

mod jpeg;
mod png;
mod webp;

use serde::{Deserialize, Serialize};

/// The largest picture that is kept, in bytes.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
    Webp,
}

impl MediaType {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Webp].into_iter().find(|media| media.as_str() == text)
    }
}

/// Why bytes are not a picture that can be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureError {
    #[error("the picture is larger than 5 MB")]
    TooLarge,
    #[error("not a JPEG, PNG or WebP picture")]
    UnknownFormat,
    #[error("the picture is cut off or damaged")]
    Damaged,
}

/// A picture without anything beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    media_type: MediaType,
    bytes: Vec<u8>,
}

impl Picture {
    /// Reads a file as it was uploaded, whatever its name says.
    pub fn parse(file: &[u8]) -> Result<Self, PictureError> {
        if file.len() > MOST_BYTES {
            return Err(PictureError::TooLarge);
        }
        let (media_type, bytes) = if file.starts_with(&[0xff, 0xd8, 0xff]) {
            (MediaType::Jpeg, jpeg::clean(file))
        } else if file.starts_with(png::SIGNATURE) {
            (MediaType::Png, png::clean(file))
        } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
            (MediaType::Webp, webp::clean(file))
        } else {
            return Err(PictureError::UnknownFormat);
        };
        Ok(Self { media_type, bytes: bytes.ok_or(PictureError::Damaged)? })
    }

    pub const fn media_type(&self) -> MediaType {
        self.media_type
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_pictures() {
        for wrong in [&b""[..], b"GIF89a", b"<svg onload=alert(1)>", b"%PDF-1.7", b"\xff\xd8"] {
            assert_eq!(Picture::parse(wrong), Err(PictureError::UnknownFormat));
        }
        assert_eq!(Picture::parse(&vec![0; MOST_BYTES + 1]), Err(PictureError::TooLarge));
    }
}
