//! The phone's own clock and dice.

use domain::time::Millis;
use uuid::{Builder, Uuid};

pub fn now() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

/// Minutes before UTC.
pub fn offset_minutes() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// A UUIDv7.
pub fn new_uuid() -> Uuid {
    Builder::from_unix_timestamp_millis(now().0.unsigned_abs(), &drawn()).into_uuid()
}

pub fn random() -> u32 {
    u32::from_le_bytes(drawn())
}

pub fn drawn<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let drawn =
        crypto.is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !drawn {
        // Every browser that runs this page has it; without, ids must still differ.
        for byte in &mut bytes {
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    bytes
}
