//! WebP: RIFF chunks, each a name, a length and a body of an even number of bytes.

/// The bits of the `VP8X` header that announce Exif and XMP.
const EXIF_AND_XMP: u8 = 0b0000_1100;

/// What is needed to show the picture.
const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];

/// The picture without Exif and XMP, and whatever follows its end. `None` when it is damaged.
pub(super) fn clean(file: &[u8]) -> Option<Vec<u8>> {
    let size = usize::try_from(u32::from_le_bytes(file.get(4..8)?.try_into().ok()?)).ok()?;
    let mut rest = file.get(12..size.checked_add(8)?)?;
    let mut chunks: Vec<u8> = Vec::new();
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let end = length.checked_add(8)?.checked_next_multiple_of(2)?;
        let (name, chunk) = (rest.get(..4)?, rest.get(..end)?);
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            let start = chunks.len();
            chunks.extend(chunk);
            if name == b"VP8X" {
                *chunks.get_mut(start + 8)? &= !EXIF_AND_XMP;
            }
        }
        rest = &rest[end..];
    }
    if chunks.is_empty() {
        return None;
    }
    let mut out = b"RIFF".to_vec();
    out.extend(u32::try_from(chunks.len() + 4).ok()?.to_le_bytes());
    out.extend(b"WEBP");
    out.extend(chunks);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::{MediaType, Picture, PictureError};

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut chunk = name.to_vec();
        chunk.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
        chunk.extend(body);
        if body.len() % 2 == 1 {
            chunk.push(0);
        }
        chunk
    }

    #[test]
    fn a_picture_keeps_its_pixels_and_loses_exif() {
        let chunks = [
            chunk(b"VP8X", &[0b0001_1100, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
            chunk(b"VP8 ", b"pixel"),
            chunk(b"EXIF", b"secret"),
            chunk(b"XMP ", b"secret"),
        ]
        .concat();
        let mut file = b"RIFF".to_vec();
        file.extend(u32::try_from(chunks.len() + 4).unwrap().to_le_bytes());
        file.extend(b"WEBP");
        file.extend(&chunks);
        let whole = file.len();
        file.extend(b"secret");
        let cleaned = Picture::parse(&file).unwrap();
        assert_eq!(cleaned.media_type(), MediaType::Webp);
        let text = String::from_utf8_lossy(cleaned.bytes());
        assert!(!text.contains("secret") && text.contains("pixel"));
        assert_eq!(cleaned.bytes()[20], 0b0001_0000);
        assert_eq!(Picture::parse(cleaned.bytes()).unwrap(), cleaned);
        for length in 12..whole {
            assert_eq!(Picture::parse(&file[..length]), Err(PictureError::Damaged), "{length}");
        }
    }
}
