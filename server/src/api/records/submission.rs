//! A record on the wire: its envelope in JSON, read into the domain's.

use crate::api::problem::{Code, Problem};
use chrono::DateTime;
use domain::ids::{DeviceId, OrgId, RecordId};
use domain::records::{DeviceStamp, EntryMethod, Envelope, Occurred};
use domain::time::{Day, Millis};
use serde::Deserialize;
use serde_json::Value;
use stock::Submission;
use utoipa::ToSchema;
use uuid::Uuid;

/// The longest note, in characters.
const LONGEST_NOTE: usize = 2_000;

/// One immutable statement about the world.
#[derive(Deserialize, ToSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "019a0d6e-5b7c-7c3a-9d57-3f1f0a6f0001",
    "kind": "stock_change",
    "schema": 1,
    "device_time": "2017-06-15T14:05:00+04:30",
    "occurred_on": "2017-06-15",
    "entry_method": "typed",
    "body": {
        "store": "019a0d6e-0000-7000-8000-000000000001",
        "what": "damaged",
        "reason": "wet",
        "lines": [{"batch": "019a0d6e-0000-7000-8000-000000000002", "pieces": 12}]
    }
}))]
pub struct Record {
    /// A UUIDv7 that you make before you send. Sent again, it answers with the first result.
    pub id: Uuid,
    /// What kind of statement it is; it decides the shape of `body`.
    pub kind: String,
    /// The version of the body's shape; the newest when it is left out.
    pub schema: Option<u32>,
    /// The clock of the device when the record was made, with its offset (RFC 3339).
    pub device_time: String,
    /// The local date that a paper carries; without it the record is about `device_time`.
    pub occurred_on: Option<String>,
    /// `scanned`, `typed` or `imported`; `imported` when it is left out.
    #[schema(value_type = Option<String>)]
    pub entry_method: Option<EntryMethod>,
    /// The organisation in whose place this is said, by phone or from paper: to be confirmed.
    #[schema(value_type = Option<Uuid>)]
    pub on_behalf_of: Option<OrgId>,
    /// The device that made it, and the record's place in that device's own sequence.
    pub device: Option<Device>,
    /// The clock of the device when it sends, to correct its times (RFC 3339).
    pub sent_at: Option<String>,
    /// Free text about goods, never about people: no names, no phone numbers.
    pub note: Option<String>,
    /// Whether a person was asked and says that it happened all the same.
    #[serde(default)]
    pub confirmed: bool,
    /// What is said, in the shape of the kind.
    #[schema(value_type = Object)]
    pub body: Value,
}

#[derive(Deserialize, ToSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct Device {
    pub id: Uuid,
    pub sequence: i64,
}

impl Record {
    /// The submission of who sends what he says himself; `now` is the clock of the server.
    pub fn submission_at(&self, now: Millis) -> Result<Submission, Problem> {
        let clock_difference_ms = match &self.sent_at {
            None => 0,
            Some(text) => now.0 - moment("sent_at", text)?.0.0,
        };
        Ok(Submission { clock_difference_ms, ..self.submission()? })
    }

    /// The submission, its times as the device had them.
    pub fn submission(&self) -> Result<Submission, Problem> {
        let (device_time, device_offset_minutes) = moment("device_time", &self.device_time)?;
        let occurred = match &self.occurred_on {
            None => Occurred::AtDeviceTime,
            Some(text) => Occurred::On(Day::parse(text).ok_or_else(|| wrong("occurred_on"))?),
        };
        if self.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
            return Err(Code::NoteTooLong.into());
        }
        let device = self.device.as_ref();
        let envelope = Envelope {
            id: RecordId::new(self.id),
            occurred,
            device_time,
            device_offset_minutes,
            device: device.map(|device| DeviceStamp {
                device: DeviceId::new(device.id),
                sequence: device.sequence,
            }),
            entry: self.entry_method.unwrap_or(EntryMethod::Imported),
            on_behalf: self.on_behalf_of,
            note: self.note.clone(),
        };
        let confirmed = self.confirmed;
        Ok(Submission { confirmed, ..Submission::new(envelope) })
    }
}

fn moment(field: &str, text: &str) -> Result<(Millis, i32), Problem> {
    let read = DateTime::parse_from_rfc3339(text.trim()).map_err(|_| wrong(field))?;
    Ok((Millis(read.timestamp_millis()), read.offset().local_minus_utc() / 60))
}

fn wrong(field: &str) -> Problem {
    Problem::new(Code::WrongTime).with("field", field)
}
