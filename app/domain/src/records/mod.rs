//! Records: everything that people or phones say about the world.
//!
//! A record is an [`Envelope`] (who said it when, with what) and a body, one struct a kind in the
//! files of this folder. Its identity and its hash belong to its canonical bytes, whoever carries
//! it (rule 4); those bytes are made in [`canonical`].

pub mod canonical;
pub mod cartons;
pub mod confirm;
pub mod consignment;
pub mod events;
pub mod issued;
pub mod keeping;
pub mod opening;
pub mod packs;
pub mod recall;
pub mod receipt;
pub mod reported;
pub mod run;
pub mod seal;

use crate::ids::{DeviceId, OrgId, RecordId};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

/// How the statement got into a machine.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum EntryMethod {
    Scanned,
    #[default]
    Typed,
    Imported,
}

impl EntryMethod {
    pub const ALL: [Self; 3] = [Self::Scanned, Self::Typed, Self::Imported];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::Typed => "typed",
            Self::Imported => "imported",
        }
    }
}

/// When the statement says that it happened: when the device made the record, or on a local date
/// (paper).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occurred {
    AtDeviceTime,
    On(Day),
}

/// Why nothing can be said about a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WrongDay {
    Future,
    /// Before [`Day::FIRST`].
    TooEarly,
}

/// Whether a record may be about this day at all: never a future one, nor one from before there
/// were books.
pub fn check_day(day: Day, today: Day) -> Result<(), WrongDay> {
    if day > today {
        Err(WrongDay::Future)
    } else if day < Day::FIRST {
        Err(WrongDay::TooEarly)
    } else {
        Ok(())
    }
}

/// The device that made a record, and its place in that device's own sequence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceStamp {
    pub device: DeviceId,
    pub sequence: i64,
}

/// What every record carries, whatever it says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Made by the client before it sends (rule 4).
    pub id: RecordId,
    pub occurred: Occurred,
    /// The clock of the device when the record was made, uncorrected, and its offset from UTC.
    pub device_time: Millis,
    pub device_offset_minutes: i32,
    #[serde(default)]
    pub device: Option<DeviceStamp>,
    #[serde(default)]
    pub entry: EntryMethod,
    /// The organisation in whose place this is said, by phone or from paper: to be confirmed.
    #[serde(default)]
    pub on_behalf: Option<OrgId>,
    /// Free text; kept apart and erasable. Never part of the canonical bytes.
    #[serde(default)]
    pub note: Option<String>,
}

impl Envelope {
    /// A record typed at a desk now.
    pub fn typed(id: RecordId, occurred: Occurred, now: Millis) -> Self {
        Self {
            id,
            occurred,
            device_time: now,
            device_offset_minutes: 270,
            device: None,
            entry: EntryMethod::Typed,
            on_behalf: None,
            note: None,
        }
    }

    /// The moment for the books: corrected by the clock difference seen at sync, never after
    /// `recorded_at` (rule 5). A date without a time is noon, or now when it is today.
    pub fn occurred_at(&self, clock_difference_ms: i64, recorded_at: Millis) -> Millis {
        match self.occurred {
            Occurred::AtDeviceTime => {
                self.device_time.plus_ms(clock_difference_ms).min(recorded_at)
            }
            Occurred::On(day) if day == recorded_at.day() => recorded_at,
            Occurred::On(day) => day.noon(),
        }
    }
}

/// The body of a record of one kind.
pub trait Body: Serialize {
    /// The name of the kind in the database, the API and the canonical bytes.
    const KIND: &'static str;
    /// Grows when the shape changes; every released version is accepted for two years.
    const VERSION: u32;
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn envelope(occurred: Occurred, device_time: Millis) -> Envelope {
        Envelope::typed(RecordId::new(Uuid::from_u128(1)), occurred, device_time)
    }

    #[test]
    fn a_fast_clock_is_corrected_and_never_leads_into_the_future() {
        let now = Day(17_318).noon();
        let fast = envelope(Occurred::AtDeviceTime, now.plus_ms(60_000));
        assert_eq!(fast.occurred_at(-60_000, now), now);
        assert_eq!(fast.occurred_at(0, now), now);
    }

    #[test]
    fn a_date_on_paper_is_noon_of_that_day() {
        let now = Day(17_318).start().plus_ms(5);
        let on = |day| envelope(Occurred::On(Day(day)), now).occurred_at(0, now);
        assert_eq!(on(17_300), Day(17_300).noon());
        assert_eq!(on(17_318), now);
    }
}
