//! Days, moments and names as the API writes them.

use super::problem::{Code, Problem};
use domain::reference::PlaceName;
use domain::time::{Day, Millis, Month};
use serde::Serialize;
use stock::records::Confirmation;
use utoipa::ToSchema;

/// A local date: `2017-06-15`.
pub fn date(day: Day) -> String {
    day.to_string()
}

/// A moment with the offset of the programme's time zone: `2017-06-15T14:05:00.000+04:30`.
pub fn time(moment: Millis) -> String {
    moment.local().format("%Y-%m-%dT%H:%M:%S%.3f+04:30").to_string()
}

/// The month of a query: `2017-06`.
pub fn asked_month(text: &str) -> Result<Month, Problem> {
    let wrong = || Problem::new(Code::WrongParameter).with("parameter", "month");
    Month::parse(text).ok_or_else(wrong)
}

/// Whether another person must still stand behind a record.
pub const fn confirmation(confirmation: Confirmation) -> &'static str {
    match confirmation {
        Confirmation::NotNeeded => "not_needed",
        Confirmation::Waiting { .. } => "waiting",
        Confirmation::Done => "done",
    }
}

/// What a place is called.
#[derive(Serialize, ToSchema, Clone, Debug)]
#[schema(example = json!({"en": "Balkh", "fa": "بلخ", "ps": "بلخ"}))]
pub struct Names {
    pub en: String,
    pub fa: Option<String>,
    pub ps: Option<String>,
}

impl From<PlaceName> for Names {
    fn from(name: PlaceName) -> Self {
        Self { en: name.en, fa: name.fa, ps: name.ps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_say_where_their_clock_stands() {
        assert_eq!(time(Millis(1_497_513_900_000)), "2017-06-15T12:35:00.000+04:30");
        assert_eq!(date(Millis(1_497_513_900_000).day()), "2017-06-15");
    }
}
