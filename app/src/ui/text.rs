//! Small pieces of text: words that may be missing, links, numbers, days, codes.

use domain::code::Code;
use domain::time::{Day, Millis};
use leptos::prelude::*;
use std::borrow::Cow;

pub use domain::calendar::Lang;

/// A text that may be missing; an empty text is missing too.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    pub const fn is_missing(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(self) -> Option<String> {
        (!self.0.is_empty()).then_some(self.0)
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Cow<'_, str>> for Words {
    fn from(text: Cow<'_, str>) -> Self {
        Self(text.into_owned())
    }
}

impl<T: Into<Words>> From<Option<T>> for Words {
    fn from(text: Option<T>) -> Self {
        text.map(Into::into).unwrap_or_default()
    }
}

/// Where a link goes and what it says.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub label: String,
}

impl Link {
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// What a colour says; the words beside it say it too.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub enum Tone {
    /// No colour of its own.
    #[default]
    Plain,
    /// Less important than what stands around it.
    Quiet,
    /// Ours, current, selected.
    Accent,
    Good,
    /// Needs a person.
    Warn,
    Bad,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Quiet => "tone-quiet",
            Self::Accent => "tone-accent",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }
}

/// Joins class names, leaving out empty ones.
pub(super) fn classes(names: &[&str]) -> String {
    names.iter().filter(|name| !name.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// A sentence in which numbers of papers (`E-O-KAB-0004`) are not broken at their hyphens.
pub(super) fn kept_together(text: &str) -> AnyView {
    let mut views: Vec<AnyView> = Vec::new();
    let mut plain = String::new();
    for word in text.split_inclusive(' ') {
        let inner = word.trim_start_matches(keeps_apart);
        let before = &word[..word.len() - inner.len()];
        let number = inner.trim_end().trim_end_matches(keeps_apart);
        if number.contains('-') && number.ends_with(|last: char| last.is_ascii_digit()) {
            plain.push_str(before);
            views.push(std::mem::take(&mut plain).into_any());
            views.push(view! { <span class="num">{number.to_owned()}</span> }.into_any());
            plain.push_str(&inner[number.len()..]);
        } else {
            plain.push_str(word);
        }
    }
    views.push(plain.into_any());
    views.into_any()
}

/// Whether a letter only keeps texts of both directions apart: see `build.rs`.
pub const fn keeps_apart(letter: char) -> bool {
    matches!(letter, '\u{2066}'..='\u{2069}')
}

/// A text for where those letters have no place: a file, a label, the title of a window.
pub fn plain(text: &str) -> String {
    text.replace(keeps_apart, "")
}

/// A count in the digits of the language: `52,500`.
pub fn number(count: i64, lang: Lang) -> String {
    lang.number(count)
}

/// Tenths with one decimal: `tenths(1462, En)` is `146.2`.
pub fn tenths(value: i64, lang: Lang) -> String {
    lang.tenths(value)
}

/// `part` of `whole` in per cent with one decimal, or `None` when there is no whole.
pub fn percent(part: i64, whole: i64, lang: Lang) -> Option<String> {
    let per_mille = i128::from(part) * 2000;
    let whole = i128::from(whole);
    let rounded = (per_mille + whole).checked_div(2 * whole)?;
    let sign = if lang == Lang::En { " %" } else { "٪" };
    Some(format!("{}{sign}", lang.tenths(i64::try_from(rounded).ok()?)))
}

/// A count that stays together and keeps its direction inside any sentence.
#[component]
pub fn Num(value: i64, lang: Lang) -> impl IntoView {
    view! { <span class="num">{lang.number(value)}</span> }
}

/// A day in both calendars: Gregorian, and Solar Hijri on a second line (or after it).
#[component]
pub fn DayText(
    day: Day,
    lang: Lang,
    /// On one line, "15 June 2017 · 25 Jawza 1396".
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let class = if inline { "day day-inline" } else { "day" };
    let between = if inline { " · " } else { "" };
    view! {
        <time class=class datetime=day.to_string()>
            {lang.day(day)}
            <small>{between}{lang.hijri_day(day)}</small>
        </time>
    }
}

/// A moment in the programme's time zone: "15 June 2017, 14:05".
#[component]
pub fn MomentText(moment: Millis, lang: Lang) -> impl IntoView {
    let local = moment.local();
    let clock = lang.digits(&local.format("%H:%M").to_string());
    let comma = if lang == Lang::En { "," } else { "،" };
    let day = lang.day(moment.day());
    view! {
        <time class="num" datetime=local.format("%Y-%m-%dT%H:%M+04:30").to_string()>
            {format!("{day}{comma} {clock}")}
        </time>
    }
}

/// A code in groups, left to right in any language, as a link when `href` is given.
#[component]
pub fn CodeChip(code: Code, #[prop(optional, into)] href: Words) -> impl IntoView {
    let text = code.grouped();
    match href.get() {
        Some(href) => view! { <a class="code chip" href=href>{text}</a> }.into_any(),
        None => view! { <span class="code chip">{text}</span> }.into_any(),
    }
}

/// A number of a paper or another Latin name: `KBL-0042`.
#[component]
pub fn Ref(#[prop(into)] text: String) -> impl IntoView {
    view! { <span class="code">{text}</span> }
}
