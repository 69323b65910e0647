//! A small map of the provinces, coloured by level. The table beside it says the same in numbers.

mod provinces;

use super::text::{Words, classes};
use leptos::prelude::*;
use provinces::{Outline, PROVINCES, SIZE};

/// What the map says about one province.
#[derive(Clone, Debug)]
pub struct MapPlace {
    /// The OCHA P-code: `AF01`.
    pub pcode: String,
    /// From 0 (nothing) to 4 (most); the key says what each means.
    pub level: u8,
    /// A short number to stand in the province.
    pub mark: Words,
    /// Shown when the pointer rests on the province: "Balkh: 15,750 given out".
    pub title: String,
    /// Needs an explanation: outlined in amber.
    pub flagged: bool,
}

/// A level and what it means, for the key: `(3, "10,000 to 20,000")`.
pub type MapKey = (u8, String);

/// How high `value` stands among values of which `most` is the highest: 0 for nothing, then
/// quarters.
pub fn level(value: i64, most: i64) -> u8 {
    if value <= 0 || most <= 0 {
        return 0;
    }
    let quarters = (i128::from(value) * 4 + i128::from(most) - 1) / i128::from(most);
    u8::try_from(quarters.clamp(1, 4)).unwrap_or(4)
}

/// The map. `label` says its message in a sentence.
#[component]
pub fn ProvinceMap(
    #[prop(into)] label: String,
    places: Vec<MapPlace>,
    #[prop(optional)] key: Vec<MapKey>,
    /// What the numbers in the provinces count.
    #[prop(into)]
    marks: String,
    /// Where the shapes come from.
    #[prop(into)]
    attribution: String,
) -> impl IntoView {
    let find = |outline: &Outline| places.iter().find(|place| place.pcode == outline.pcode);
    // Flagged outlines come last, so that their borders are not covered by neighbours.
    let (flagged, plain): (Vec<&Outline>, Vec<&Outline>) =
        PROVINCES.iter().partition(|outline| find(outline).is_some_and(|place| place.flagged));
    let shape = |outline: &'static Outline| {
        let place = find(outline);
        let flagged = if place.is_some_and(|place| place.flagged) { "flagged" } else { "" };
        let class = classes(&[level_class(place.map_or(0, |place| place.level)), flagged]);
        let title = place.map(|place| view! { <title>{place.title.clone()}</title> });
        view! { <path class=class d=outline.path>{title}</path> }
    };
    let mark = |outline: &'static Outline| {
        let place = find(outline)?;
        let text = place.mark.clone().get()?;
        let (x, y) = number_at(outline);
        let leader = (outline.at != (x, y)).then(|| {
            let (from_x, from_y) = outline.at;
            view! { <line class="leader" x1=from_x y1=from_y x2=x - 7 y2=y - 5></line> }
        });
        Some(view! { {leader} <text x=x y=y + 4 text-anchor="middle">{text}</text> })
    };
    let shapes = plain.into_iter().chain(flagged).map(shape).collect_view();
    let numbers = PROVINCES.iter().filter_map(mark).collect_view();
    let key_entry = |(level, words): MapKey| {
        view! {
            <li>
                <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
                    <path class=level_class(level) d="M0 0h12v12h-12z"></path>
                </svg>
                {words}
            </li>
        }
    };
    view! {
        <figure class="chart map">
            <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) role="img" aria-label=label>
                {shapes}
                {numbers}
            </svg>
            {(!key.is_empty()).then(|| view! {
                <ul class="key">{key.into_iter().map(key_entry).collect_view()}</ul>
            })}
            <p class="small">{marks}</p>
            <figcaption>{attribution}</figcaption>
        </figure>
    }
}

/// Where the number of a province stands. Kabul is smaller than its own, among neighbours as small:
/// it stands outside, at the end of a line.
fn number_at(outline: &Outline) -> (i32, i32) {
    match outline.pcode {
        "AF01" => (300, 176),
        _ => outline.at,
    }
}

const fn level_class(level: u8) -> &'static str {
    match level {
        0 => "level-0",
        1 => "level-1",
        2 => "level-2",
        3 => "level-3",
        4.. => "level-4",
    }
}
