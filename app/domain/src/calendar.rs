//! Days and months as people in Afghanistan write them, in three languages.
//!
//! Browsers disagree about the Solar Hijri calendar and about month names, so that page, phone and
//! PDF share this one path. Names: CLDR `fa-AF` and `ps`; the English spelling of the Solar Hijri
//! months is the one used in Afghanistan, which CLDR lacks.

use crate::pieces::grouped;
use crate::text::persian_digits;
use crate::time::{Day, Month};
use serde::{Deserialize, Serialize};

/// A language of the screens.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    En,
    /// Dari, `fa-AF`.
    Fa,
    /// Pashto, `ps-AF`.
    Ps,
}

const GREGORIAN_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GREGORIAN_FA: [&str; 12] = [
    "جنوری",
    "فبروری",
    "مارچ",
    "اپریل",
    "می",
    "جون",
    "جولای",
    "اگست",
    "سپتمبر",
    "اکتوبر",
    "نومبر",
    "دسمبر",
];
const GREGORIAN_PS: [&str; 12] = [
    "جنوري",
    "فبروري",
    "مارچ",
    "اپریل",
    "مۍ",
    "جون",
    "جولای",
    "اګست",
    "سېپتمبر",
    "اکتوبر",
    "نومبر",
    "دسمبر",
];
const HIJRI_EN: [&str; 12] = [
    "Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sonbola", "Mizan", "Aqrab", "Qaws", "Jadi",
    "Dalw", "Hut",
];
const HIJRI_FA: [&str; 12] =
    ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"];
const HIJRI_PS: [&str; 12] = [
    "وری",
    "غویی",
    "غبرګولی",
    "چنګاښ",
    "زمری",
    "وږی",
    "تله",
    "لړم",
    "لیندۍ",
    "مرغومی",
    "سلواغه",
    "کب",
];

impl Lang {
    pub const ALL: [Self; 3] = [Self::En, Self::Fa, Self::Ps];

    /// The BCP 47 tag for `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fa => "fa-AF",
            Self::Ps => "ps-AF",
        }
    }

    /// The direction for `<html dir>`.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::En => "ltr",
            Self::Fa | Self::Ps => "rtl",
        }
    }

    /// How the language calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fa => "دری",
            Self::Ps => "پښتو",
        }
    }

    /// Digits of the language's script; everything else unchanged.
    pub fn digits(self, text: &str) -> String {
        match self {
            Self::En => text.to_owned(),
            Self::Fa | Self::Ps => persian_digits(text),
        }
    }

    /// `1234567` as `1,234,567` or `۱٬۲۳۴٬۵۶۷`. A negative number keeps its sign before its
    /// digits in right-to-left text too.
    pub fn number(self, count: i64) -> String {
        let latin = grouped(count);
        match self {
            Self::En => latin,
            Self::Fa | Self::Ps => {
                let mark = if count < 0 { "\u{200e}" } else { "" };
                format!("{mark}{}", persian_digits(&latin).replace(',', "٬"))
            }
        }
    }

    /// Tenths with one decimal place: `1462` as `146.2` or `۱۴۶٫۲`.
    pub fn tenths(self, tenths: i64) -> String {
        let whole = self.number(tenths.abs() / 10);
        let point = if self == Self::En { "." } else { "٫" };
        let minus = if tenths < 0 { "\u{200e}−" } else { "" };
        format!("{minus}{whole}{point}{}", self.digits(&(tenths.abs() % 10).to_string()))
    }

    /// `15 June 2017`.
    pub fn day(self, day: Day) -> String {
        let (year, month, number) = parts(day);
        self.digits(&format!("{number} {} {year}", self.gregorian_month(month)))
    }

    /// The same day in the Solar Hijri calendar: `25 Jawza 1396`.
    pub fn hijri_day(self, day: Day) -> String {
        let (year, month, number) = day.solar_hijri();
        self.digits(&format!("{number} {} {year}", self.hijri_month(month.into())))
    }

    /// `June 2017`.
    pub fn month(self, month: Month) -> String {
        let name = self.gregorian_month(month.number());
        self.digits(&format!("{name} {}", month.year()))
    }

    /// What a Gregorian month covers in the Solar Hijri calendar: `11 Jawza – 9 Saratan 1396`.
    pub fn hijri_span(self, month: Month) -> String {
        let (from, to) = (month.first_day(), month.last_day());
        let (first_year, first_month, first_number) = from.solar_hijri();
        let first = format!("{first_number} {}", self.hijri_month(first_month.into()));
        let first = match to.solar_hijri().0 == first_year {
            true => first,
            false => format!("{first} {first_year}"),
        };
        format!("{} – {}", self.digits(&first), self.hijri_day(to))
    }

    /// The name of a Gregorian month, from 1.
    pub const fn gregorian_month(self, number: i32) -> &'static str {
        name(
            match self {
                Self::En => &GREGORIAN_EN,
                Self::Fa => &GREGORIAN_FA,
                Self::Ps => &GREGORIAN_PS,
            },
            number,
        )
    }

    /// The name of a Solar Hijri month, from 1.
    pub const fn hijri_month(self, number: i32) -> &'static str {
        name(
            match self {
                Self::En => &HIJRI_EN,
                Self::Fa => &HIJRI_FA,
                Self::Ps => &HIJRI_PS,
            },
            number,
        )
    }
}

const fn name(names: &[&'static str; 12], number: i32) -> &'static str {
    match number {
        1..=12 => names[number as usize - 1],
        _ => "",
    }
}

fn parts(day: Day) -> (i32, i32, u32) {
    use chrono::Datelike;
    let date = day.date();
    (date.year(), date.month() as i32, date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_in_both_calendars_and_three_languages() {
        let day = Day::parse("2017-06-15").unwrap();
        assert_eq!(
            (Lang::En.day(day), Lang::En.hijri_day(day)),
            both("15 June 2017", "25 Jawza 1396")
        );
        assert_eq!(
            (Lang::Fa.day(day), Lang::Fa.hijri_day(day)),
            both("۱۵ جون ۲۰۱۷", "۲۵ جوزا ۱۳۹۶")
        );
        assert_eq!(Lang::Ps.hijri_day(day), "۲۵ غبرګولی ۱۳۹۶");
    }

    fn both(gregorian: &str, hijri: &str) -> (String, String) {
        (gregorian.to_owned(), hijri.to_owned())
    }

    #[test]
    fn a_month_says_what_it_covers() {
        assert_eq!(Lang::En.hijri_span(Month(201_706)), "11 Jawza – 9 Saratan 1396");
        assert_eq!(Lang::En.hijri_span(Month(201_703)), "11 Hut 1395 – 11 Hamal 1396");
        assert_eq!(Lang::Fa.month(Month(201_706)), "جون ۲۰۱۷");
    }

    #[test]
    fn numbers_are_grouped_in_the_digits_of_the_language() {
        assert_eq!(Lang::En.number(52_500), "52,500");
        assert_eq!(Lang::Fa.number(52_500), "۵۲٬۵۰۰");
        assert_eq!(Lang::Ps.number(-5), "\u{200e}−۵");
        assert_eq!(Lang::En.tenths(1462), "146.2");
        assert_eq!(Lang::Fa.tenths(1462), "۱۴۶٫۲");
        assert_eq!(Lang::En.tenths(-4), "\u{200e}−0.4");
    }
}
