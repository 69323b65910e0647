//! QR codes as modules and as SVG.
//!
//! Error correction Q always: a quarter of a label may be creased or smeared. Payloads are in
//! QR's alphanumeric set (capitals, digits, a few signs), which keeps them a third smaller.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// The white border that every reader needs, in modules.
pub const QUIET_MODULES: usize = 4;

/// Why a payload cannot become a QR code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum QrError {
    #[error("the payload has characters outside capitals, digits and $%*+-./: and space")]
    Characters,
    #[error("the payload is too long for a QR code")]
    TooLong,
}

/// The modules of one QR code, without its quiet zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Modules {
    width: usize,
    dark: Vec<bool>,
}

/// Dark modules that touch, as one rectangle; in modules from the top left of the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

impl Modules {
    pub fn encode(payload: &str) -> Result<Self, QrError> {
        if !payload.bytes().all(is_alphanumeric) {
            return Err(QrError::Characters);
        }
        let code = QrCode::with_error_correction_level(payload, EcLevel::Q)
            .map_err(|_| QrError::TooLong)?;
        let width = code.width();
        Ok(Self { width, dark: code.into_colors().into_iter().map(|c| c == Color::Dark).collect() })
    }

    /// Modules along one side, without the quiet zone.
    pub const fn width(&self) -> usize {
        self.width
    }

    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// The dark modules as few rectangles: runs along a row, joined with equal runs above.
    pub fn blocks(&self) -> Vec<Block> {
        let mut done = Vec::new();
        let mut open: Vec<Block> = Vec::new();
        for y in 0..self.width {
            let mut here = self.runs(y);
            for block in open.drain(..) {
                match here.iter_mut().find(|run| run.x == block.x && run.width == block.width) {
                    Some(run) => {
                        run.y = block.y;
                        run.height = block.height + 1;
                    }
                    None => done.push(block),
                }
            }
            open = here;
        }
        done.append(&mut open);
        done
    }

    fn runs(&self, y: usize) -> Vec<Block> {
        let mut runs: Vec<Block> = Vec::new();
        for x in (0..self.width).filter(|x| self.is_dark(*x, y)) {
            match runs.last_mut() {
                Some(run) if run.x + run.width == x => run.width += 1,
                _ => runs.push(Block { x, y, width: 1, height: 1 }),
            }
        }
        runs
    }

    /// The dark modules as SVG path data, moved right and down by so many modules.
    pub(crate) fn path(&self, offset: usize) -> String {
        let mut path = String::new();
        for Block { x, y, width, height } in self.blocks() {
            let (x, y) = (x + offset, y + offset);
            write!(path, "M{x} {y}h{width}v{height}h-{width}z")
                .expect("Writing into a string does not fail.");
        }
        path
    }
}

/// A QR code for a page: an inline SVG of black modules on white with its quiet zone. Its size
/// comes from the style sheet; the sentence that names it comes from the page around it.
pub fn svg(payload: &str) -> Result<String, QrError> {
    let modules = Modules::encode(payload)?;
    let side = modules.width() + 2 * QUIET_MODULES;
    let path = modules.path(QUIET_MODULES);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

const fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_uppercase()
        || byte.is_ascii_digit()
        || matches!(byte, b' ' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYLOAD: &str = "HTTPS://STOCK.EXAMPLE.ORG/P/000000001A5";

    #[test]
    fn a_payload_of_39_capitals_fits_a_code_of_29_modules() {
        // In byte mode it would need 33: this is the proof of the alphanumeric mode.
        assert_eq!(Modules::encode(PAYLOAD).unwrap().width(), 29);
    }

    #[test]
    fn blocks_cover_each_dark_module_once_and_no_light_one() {
        let modules = Modules::encode(PAYLOAD).unwrap();
        let mut covered = vec![0; modules.width() * modules.width()];
        let blocks = modules.blocks();
        for block in &blocks {
            for y in block.y..block.y + block.height {
                for x in block.x..block.x + block.width {
                    covered[y * modules.width() + x] += 1;
                }
            }
        }
        for y in 0..modules.width() {
            for x in 0..modules.width() {
                assert_eq!(covered[y * modules.width() + x], i32::from(modules.is_dark(x, y)));
            }
        }
        let dark = covered.iter().sum::<i32>();
        assert!((blocks.len() as i32) < dark / 2, "{} blocks for {dark}", blocks.len());
    }

    #[test]
    fn a_payload_that_is_not_in_capitals_or_too_long_is_refused() {
        assert_eq!(Modules::encode("https://a/b"), Err(QrError::Characters));
        assert_eq!(Modules::encode("HTTPS://کابل/B/1"), Err(QrError::Characters));
        assert_eq!(Modules::encode(&"A".repeat(5000)), Err(QrError::TooLong));
    }

    #[test]
    fn the_svg_has_its_quiet_zone_and_nothing_to_load() {
        let svg = svg(PAYLOAD).unwrap();
        assert!(svg.contains("viewBox=\"0 0 37 37\"") && svg.contains("M4 4h7"), "{svg}");
        assert!(!svg.contains("href") && !svg.contains("style"), "{svg}");
    }
}
