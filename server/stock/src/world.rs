//! Time, ids and randomness, handed in from outside so that tests and the demo can hold them.

use domain::code::Code;
use domain::time::Millis;
use uuid::Uuid;

pub trait World: Send + Sync + 'static {
    fn now(&self) -> Millis;
    fn fill_random(&self, bytes: &mut [u8]);
}

impl dyn World {
    /// A UUIDv7 of this moment.
    pub fn new_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill_random(&mut random);
        let now = u64::try_from(self.now().0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid()
    }

    /// A fresh code for a label.
    pub fn new_code(&self) -> Code {
        loop {
            let mut random = [0; 8];
            self.fill_random(&mut random);
            if let Some(code) = Code::from_random(u64::from_be_bytes(random)) {
                return code;
            }
        }
    }
}

/// The real clock and the operating system's randomness.
pub struct SystemWorld;

impl World for SystemWorld {
    fn now(&self) -> Millis {
        Millis(chrono::Utc::now().timestamp_millis())
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        // Without randomness no token may be made: stopping is the only safe answer.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
