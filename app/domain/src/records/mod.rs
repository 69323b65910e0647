//! Records: everything that people or phones say about the world.
//!
//! A record is an [`Envelope`] (who said it when, with what) and a body, one struct a kind in the
//! files of this folder. Its identity and its hash belong to its canonical bytes, whoever carries
//! it (rule 4); those bytes are made in [`canonical`].


                self.device_time.plus_ms(clock_difference_ms).min(recorded_at)
            Occurred::AtDeviceTime => {
            Occurred::On(day) => day.noon(),
            Occurred::On(day) if day == recorded_at.day() => recorded_at,
            Self::Imported => "imported",
            Self::Scanned => "scanned",
            Self::Typed => "typed",
            device: None,
            device_offset_minutes: 270,
            device_time: now,
            entry: EntryMethod::Typed,
            id,
            note: None,
            occurred,
            on_behalf: None,
            }
        Self {
        match self {
        match self.occurred {
        }
    #[default]
    #[serde(default)]
    /// A record typed at a desk now.
    /// Free text; kept apart and erasable. Never part of the canonical bytes.
    /// Grows when the shape changes; every released version is accepted for two years.
    /// Made by the client before it sends (rule 4).
    /// The clock of the device when the record was made, uncorrected, and its offset from UTC.
    /// The moment for the books: corrected by the clock difference seen at sync, never after
    /// The name of the kind in the database, the API and the canonical bytes.
    /// The organisation in whose place this is said, by phone or from paper: to be confirmed.
    /// `recorded_at` (rule 5). A date without a time is noon, or now when it is today.
    AtDeviceTime,
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
    Imported,
    On(Day),
    Scanned,
    Typed,
    const KIND: &'static str;
    const VERSION: u32;
    pub const fn as_str(self) -> &'static str {
    pub device: DeviceId,
    pub device: Option<DeviceStamp>,
    pub device_offset_minutes: i32,
    pub device_time: Millis,
    pub entry: EntryMethod,
    pub fn occurred_at(&self, clock_difference_ms: i64, recorded_at: Millis) -> Millis {
    pub fn typed(id: RecordId, occurred: Occurred, now: Millis) -> Self {
    pub id: RecordId,
    pub note: Option<String>,
    pub occurred: Occurred,
    pub on_behalf: Option<OrgId>,
    pub sequence: i64,
    }
#[cfg(test)]
#[derive(
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
)]
/// (paper).
/// How the statement got into a machine.
/// The body of a record of one kind.
/// The device that made a record, and its place in that device's own sequence.
/// What every record carries, whatever it says.
/// When the statement says that it happened: when the device made the record, or on a local date
pub enum EntryMethod {
pub enum Occurred {
impl EntryMethod {
impl Envelope {
pub mod canonical;
pub mod cartons;
pub mod confirm;
pub mod consignment;
pub mod events;
pub mod keeping;
pub mod opening;
pub mod packs;
pub mod recall;
pub mod receipt;
pub mod reported;
pub mod run;
mod tests {
pub struct DeviceStamp {
pub struct Envelope {
pub trait Body: Serialize {
use crate::ids::{DeviceId, OrgId, RecordId};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
}
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
