//! What a phone adds to what somebody says, to make a record of it.

use crate::ids::{DeviceId, RecordId};
use crate::records::{Body, DeviceStamp};
use crate::time::{Day, Millis};
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// What the phone adds to what somebody says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    pub id: RecordId,
    pub device: DeviceStamp,
    pub now: Millis,
    pub offset_minutes: i32,
    pub scanned: bool,
    /// The day that is told of, where it is not the phone's own moment.
    pub on: Option<Day>,
}

impl Stamp {
    /// The record in the shape of the API.
    pub fn record<B: Body>(&self, body: &B) -> Result<Value, serde_json::Error> {
        let entry = if self.scanned { "scanned" } else { "typed" };
        Ok(json!({
            "occurred_on": self.on.map(|day| day.to_string()),
            "id": self.id,
            "kind": B::KIND,
            "schema": B::VERSION,
            "device_time": moment(self.now, self.offset_minutes),
            "entry_method": entry,
            "device": {"id": self.device.device, "sequence": self.device.sequence},
            // Nobody is there to be asked when it is sent.
            "confirmed": true,
            "body": serde_json::to_value(body)?,
        }))
    }
}

/// A moment as the API takes it: the phone's clock and its offset, uncorrected.
pub fn moment(at: Millis, offset_minutes: i32) -> String {
    let utc = DateTime::<Utc>::from_timestamp_millis(at.0).unwrap_or_default();
    let offset = FixedOffset::east_opt(offset_minutes * 60);
    match offset {
        Some(offset) => utc.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Millis, false),
        None => utc.to_rfc3339_opts(SecondsFormat::Millis, false),
    }
}

/// The phone as the books know it.
pub fn device(id: Uuid, sequence: i64) -> DeviceStamp {
    DeviceStamp { device: DeviceId::new(id), sequence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamped_record_is_what_the_api_takes() {
        use crate::records::events::{Goods, LeaveInPublic};
        let stamp = Stamp {
            id: RecordId::new(Uuid::from_u128(5)),
            device: device(Uuid::from_u128(6), 3),
            now: Millis(0),
            offset_minutes: 270,
            scanned: true,
            on: None,
        };
        let body = LeaveInPublic {
            store: Uuid::from_u128(1).into(),
            place: crate::role::PlaceCode::new("AF21".to_owned()),
            kind: crate::events::PublicPlace::Clinic,
            places: None,
            goods: Goods::default(),
        };
        let record = stamp.record(&body).expect("plain structs");
        assert_eq!((&record["kind"], &record["schema"]), (&json!("drop"), &json!(1)));
        assert_eq!(record["entry_method"], "scanned");
        assert_eq!(record["device"]["sequence"], 3);
        assert_eq!(record["body"]["kind"], "clinic");
    }
}
