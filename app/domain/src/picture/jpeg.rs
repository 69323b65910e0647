//! JPEG: segments, each a marker with a length, and the scans between them.

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP0: u8 = 0xe0;
const EXIF: u8 = 0xe1;
const ICC: u8 = 0xe2;
const ADOBE: u8 = 0xee;
const APP15: u8 = 0xef;
const COMMENT: u8 = 0xfe;

/// The picture without Exif, XMP, comments, thumbnails and whatever follows its end. Which way is
/// up is kept, because phones write it only in Exif. `None` when the file is damaged.
pub(super) fn clean(file: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xff, START];
    let mut at = 2;
    let mut turned = false;
    loop {
        at = next_marker(file, at)?;
        let marker = file[at];
        at += 1;
        if marker == END {
            out.extend([0xff, END]);
            return Some(out);
        }
        let length = usize::from(u16::from_be_bytes([*file.get(at)?, *file.get(at + 1)?]));
        let body = file.get(at + 2..at + length)?;
        match marker {
            EXIF if !turned => {
                if let Some(orientation) = orientation(body) {
                    turned = true;
                    out.extend(upright(orientation));
                }
            }
            ICC if body.starts_with(b"ICC_PROFILE\0") => copy(&mut out, marker, body),
            APP0 if body.starts_with(b"JFIF\0") => copy(&mut out, marker, without_thumbnail(body)?),
            ADOBE => copy(&mut out, marker, body),
            APP0..=APP15 | COMMENT => {}
            _ => copy(&mut out, marker, body),
        }
        at += length;
        if marker == SCAN {
            let end = at + scan_length(file.get(at..)?)?;
            out.extend(&file[at..end]);
            at = end;
        }
    }
}

/// The place of the next marker's number; markers may be filled up with 0xff before it.
fn next_marker(file: &[u8], at: usize) -> Option<usize> {
    if *file.get(at)? != 0xff {
        return None;
    }
    let fill = file[at..].iter().take_while(|byte| **byte == 0xff).count();
    let marker = at + fill;
    (file.get(marker).is_some_and(|number| *number >= 0xc0)).then_some(marker)
}

fn copy(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend(body);
}

/// The bytes of a scan up to the marker that ends it.
fn scan_length(rest: &[u8]) -> Option<usize> {
    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    rest.windows(2).position(is_end)
}

/// The JFIF header without the small picture that may follow it.
fn without_thumbnail(body: &[u8]) -> Option<&[u8]> {
    body.get(..12)
}

/// The orientation from an Exif segment, when it is not the plain one.
fn orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let (first, second) = (u32::from(short(at)?), u32::from(short(at + 2)?));
        Some(if little { second << 16 | first } else { first << 16 | second })
    };
    let directory = usize::try_from(long(4)?).ok().filter(|at| *at < tiff.len())?;
    let entries = usize::from(short(directory)?);
    let entry = (0..entries)
        .map(|number| directory + 2 + 12 * number)
        .find(|entry| short(*entry) == Some(0x0112))?;
    let orientation = u8::try_from(short(entry + 8)?).ok()?;
    (2..=8).contains(&orientation).then_some(orientation)
}

/// An Exif segment that says which way is up, and nothing else.
fn upright(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xff, EXIF, 0, 34];
    segment.extend(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([orientation, 0, 0, 0, 0, 0, 0]);
    segment
}

#[cfg(test)]
mod tests {
    use super::super::{MediaType, Picture, PictureError};

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        super::copy(&mut bytes, marker, body);
        bytes
    }

    fn exif(orientation: u8) -> Vec<u8> {
        let mut body = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
        body.extend(b"\x0f\x01\x02\0\x06\0\0\0\x26\0\0\0");
        body.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        body.extend(b"\0\0\0\0SecretPhone GPS 34.5");
        body
    }

    fn picture(orientation: u8) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        file.extend(segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01thumbnail"));
        file.extend(segment(0xe1, &exif(orientation)));
        file.extend(segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0secret"));
        file.extend(segment(0xfe, b"secret comment"));
        file.extend(segment(0xdb, &[1; 65]));
        file.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
        file.extend([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]);
        file.extend([0xff, 0xd9]);
        file.extend(b"trailing secret");
        file
    }

    #[test]
    fn a_photo_keeps_its_pixels_and_nothing_of_the_camera() {
        let cleaned = Picture::parse(&picture(1)).unwrap();
        assert_eq!(cleaned.media_type(), MediaType::Jpeg);
        let text = String::from_utf8_lossy(cleaned.bytes()).to_lowercase();
        for gone in ["secret", "exif", "thumbnail", "gps"] {
            assert!(!text.contains(gone), "{gone} is still there");
        }
        let scan = [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9];
        assert!(cleaned.bytes().ends_with(&scan));
        assert_eq!(Picture::parse(cleaned.bytes()).unwrap(), cleaned, "cleaning again changes it");
    }

    #[test]
    fn a_photo_taken_sideways_stays_upright() {
        let cleaned = Picture::parse(&picture(6)).unwrap();
        let exif = cleaned.bytes().windows(4).position(|four| four == b"Exif").unwrap();
        let segment = &cleaned.bytes()[exif - 4..exif + 32];
        assert_eq!(segment[..4], [0xff, 0xe1, 0, 34]);
        assert_eq!(super::orientation(&segment[4..]), Some(6));
        assert!(!String::from_utf8_lossy(cleaned.bytes()).contains("Secret"));
        assert_eq!(Picture::parse(cleaned.bytes()).unwrap(), cleaned);
    }

    #[test]
    fn a_cut_off_photo_is_damaged() {
        let whole = picture(1);
        let end = whole.len() - b"trailing secret".len();
        for length in 4..end {
            assert_eq!(Picture::parse(&whole[..length]), Err(PictureError::Damaged), "{length}");
        }
    }
}
