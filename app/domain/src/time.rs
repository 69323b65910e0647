//! Moments, local days and months. The programme has one time zone (rule 5).

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime};
use icu_calendar::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Asia/Kabul is UTC+04:30 all year and has been since 1945, in milliseconds.
const KABUL_OFFSET_MS: i64 = 16_200_000;
const DAY_MS: i64 = 86_400_000;

/// A moment: milliseconds since 1970-01-01T00:00Z.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The local day of the programme on which the moment falls.
    pub const fn day(self) -> Day {
        Day((self.0 + KABUL_OFFSET_MS).div_euclid(DAY_MS) as i32)
    }

    /// Whole seconds until a later moment, never too few; zero when it is past.
    pub const fn seconds_until(self, later: Self) -> i64 {
        let left_ms = later.0 - self.0;
        if left_ms > 0 { (left_ms + 999) / 1_000 } else { 0 }
    }

    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0 + ms)
    }

    /// The local date and time of the programme, for people: `2017-06-15 14:05`.
    pub fn local(self) -> NaiveDateTime {
        DateTime::from_timestamp_millis(self.0 + KABUL_OFFSET_MS).unwrap_or_default().naive_utc()
    }
}

/// A local date of the programme: days since 1970-01-01.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// 2000-01-01: nothing in the books is older, and a year like 0217 is a slip.
    pub const FIRST: Self = Self(10_957);

    /// Nobody plans more than five years ahead: what lies further is a slip.
    pub const fn is_beyond_plans(self, today: Self) -> bool {
        self.0 > today.0 + 5 * 366
    }

    /// Reads `2017-06-15`, in any digits; not before [`Day::FIRST`].
    pub fn parse(text: &str) -> Option<Self> {
        let latin = crate::text::latin_digits(text.trim());
        // A sign or a fifth digit would be part of the year.
        let (year, _) = latin.split_once('-')?;
        let has_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let date = NaiveDate::parse_from_str(&latin, "%Y-%m-%d").ok().filter(|_| has_year)?;
        Some(Self::from_date(date)).filter(|day| *day >= Self::FIRST)
    }

    pub fn from_date(date: NaiveDate) -> Self {
        Self((date - NaiveDate::default()).num_days() as i32)
    }

    pub fn date(self) -> NaiveDate {
        NaiveDate::default()
            .checked_add_signed(Duration::days(self.0.into()))
            .unwrap_or(NaiveDate::MAX)
    }

    pub fn month(self) -> Month {
        let date = self.date();
        Month(date.year() * 100 + date.month() as i32)
    }

    /// Noon of the day: what a date without a time stands for where a moment is needed.
    pub const fn noon(self) -> Millis {
        Millis(self.0 as i64 * DAY_MS - KABUL_OFFSET_MS + DAY_MS / 2)
    }

    pub const fn start(self) -> Millis {
        Millis(self.0 as i64 * DAY_MS - KABUL_OFFSET_MS)
    }

    /// The same day in the Solar Hijri calendar: year, month from 1, day of the month.
    pub fn solar_hijri(self) -> (i32, u8, u8) {
        let date = self.date();
        let iso = Date::try_new_iso(date.year(), date.month() as u8, date.day() as u8);
        match iso {
            Ok(iso) => {
                let persian = iso.to_calendar(icu_calendar::cal::Persian);
                (persian.year().extended_year(), persian.month().number(), persian.day_of_month().0)
            }
            Err(_) => (date.year() - 621, 1, 1),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().format("%Y-%m-%d").fmt(f)
    }
}

/// A calendar month as `year * 100 + month`: 201706.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Month(pub i32);

impl Month {
    /// Reads `2017-06`, in any digits.
    pub fn parse(text: &str) -> Option<Self> {
        let latin = crate::text::latin_digits(text.trim());
        Day::parse(&format!("{latin}-01")).map(Day::month)
    }

    pub const fn year(self) -> i32 {
        self.0 / 100
    }

    /// From 1 to 12.
    pub const fn number(self) -> i32 {
        self.0 % 100
    }

    pub const fn next(self) -> Self {
        if self.number() == 12 { Self((self.year() + 1) * 100 + 1) } else { Self(self.0 + 1) }
    }

    pub const fn previous(self) -> Self {
        if self.number() == 1 { Self((self.year() - 1) * 100 + 12) } else { Self(self.0 - 1) }
    }

    pub fn first_day(self) -> Day {
        let date = NaiveDate::from_ymd_opt(self.year(), self.number() as u32, 1);
        Day::from_date(date.unwrap_or_default())
    }

    pub fn last_day(self) -> Day {
        Day(self.next().first_day().0 - 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_kabul_begins_at_half_past_seven_in_the_evening_utc() {
        let day = Day::parse("2017-06-15").unwrap();
        assert_eq!(day.start().day(), day);
        assert_eq!(day.start().plus_ms(-1).day(), Day(day.0 - 1));
        assert_eq!(day.noon().day(), day);
        assert_eq!(day.noon().local().to_string(), "2017-06-15 12:00:00");
    }

    #[test]
    fn the_fifteenth_of_june_2017_is_the_25th_of_jawza_1396() {
        assert_eq!(Day::parse("۲۰۱۷-۰۶-۱۵").unwrap().solar_hijri(), (1396, 3, 25));
    }

    #[test]
    fn months_follow_each_other_over_the_year() {
        let june = Month::parse("2017-06").unwrap();
        assert_eq!((june.next(), june.previous()), (Month(201_707), Month(201_705)));
        assert_eq!(Month(201_712).next(), Month(201_801));
        assert_eq!(Month(201_801).previous(), Month(201_712));
        assert_eq!(june.last_day().to_string(), "2017-06-30");
        assert_eq!(june.to_string(), "2017-06");
    }

    #[test]
    fn what_is_not_a_date_is_none() {
        for text in ["", "2017-13-01", "15.06.2017", "2017-02-30", "yesterday"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        for text in ["+2017-06-15", "-2017-06-15", "12017-06-15", "217-06-15", "+12017-06-15"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_books_begin_with_the_year_2000() {
        assert_eq!(Day::parse("2000-01-01"), Some(Day::FIRST));
        for text in ["1999-12-31", "0217-06-15", "0000-01-01"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert_eq!(Month::parse("2000-01"), Some(Month(200_001)));
        assert_eq!(Month::parse("1999-12"), None);
    }
}
