//! The camera as a source of texts: the browser's own `BarcodeDetector` where it knows QR codes,
//! else quirc on small grey frames. Also what the phone's page scans with.

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub use browser::{Camera, CameraError, Torch, signal};

/// The text of a QR code in a grey frame, if need be at a second look from twice as far, where grain
/// and small folds vanish.
///
/// Quirc, because the other decoders that are small bring a table of 64 kB along.
pub fn decode(width: usize, height: usize, grey: &[u8]) -> Option<String> {
    look(width, height, grey).or_else(|| {
        let (width, height, far) = from_twice_as_far(width, height, grey);
        look(width, height, &far)
    })
}

fn look(width: usize, height: usize, grey: &[u8]) -> Option<String> {
    let mut decoder = quircs::Quirc::default();
    let codes = decoder.identify(width, height, grey);
    let data = codes.flatten().find_map(|code| code.decode().ok())?;
    String::from_utf8(data.payload).ok()
}

/// Half as many dots each way, each the mean of four.
fn from_twice_as_far(width: usize, height: usize, grey: &[u8]) -> (usize, usize, Vec<u8>) {
    let (far_width, far_height) = (width / 2, height / 2);
    let far = (0..far_width * far_height).map(|at| {
        let first = at / far_width * 2 * width + at % far_width * 2;
        let four = [first, first + 1, first + width, first + width + 1];
        (four.iter().map(|&at| u32::from(grey[at])).sum::<u32>() / 4) as u8
    });
    (far_width, far_height, far.collect())
}
