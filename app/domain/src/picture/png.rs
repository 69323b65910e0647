//! PNG: chunks, each a length, a name, a body and a check sum.

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What is needed to show the picture. Texts, times and Exif are not.
const KEPT: [&[u8; 4]; 12] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"bKGD", b"pHYs",
];

/// The picture without texts and Exif, and whatever follows its end. `None` when it is damaged.
pub(super) fn clean(file: &[u8]) -> Option<Vec<u8>> {
    let mut out = SIGNATURE.to_vec();
    let mut rest = file.strip_prefix(SIGNATURE)?;
    let mut first = true;
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let end = usize::try_from(length).ok()?.checked_add(12)?;
        let (name, chunk) = (rest.get(4..8)?, rest.get(..end)?);
        if first && name != b"IHDR" {
            return None;
        }
        first = false;
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            out.extend(chunk);
        }
        if name == b"IEND" {
            return Some(out);
        }
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MediaType, Picture, PictureError};
    use super::SIGNATURE;

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut chunk = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
        chunk.extend(name);
        chunk.extend(body);
        chunk.extend([9; 4]);
        chunk
    }

    #[test]
    fn a_picture_keeps_its_pixels_and_loses_its_texts() {
        let parts = [
            chunk(b"IHDR", &[0; 13]),
            chunk(b"tEXt", b"Author\0secret"),
            chunk(b"eXIf", b"secret"),
            chunk(b"IDAT", b"pixels"),
            chunk(b"IEND", b""),
        ];
        let mut file = SIGNATURE.to_vec();
        file.extend(parts.concat());
        let whole = file.len();
        file.extend(b"secret");
        let cleaned = Picture::parse(&file).unwrap();
        assert_eq!(cleaned.media_type(), MediaType::Png);
        let text = String::from_utf8_lossy(cleaned.bytes());
        assert!(!text.contains("secret") && text.contains("pixels") && text.contains("IEND"));
        for length in SIGNATURE.len()..whole {
            assert_eq!(Picture::parse(&file[..length]), Err(PictureError::Damaged), "{length}");
        }
    }
}
