//! Places reached: a map and a table by the province of the event.

use super::words::kind_name;
use crate::i18n::{self, Locale, td_string};
use crate::ui::{self, Cell, Column, Lang, MapPlace, Row, Tone};
use domain::material::MaterialKind;
use domain::small_cells::{self, Eyes, PeopleShown, Shown};
use domain::time::Month;
use leptos::prelude::*;
use std::collections::BTreeSet;
use stock::reconcile::PlaceReached;

/// What these eyes may see of the people at each place, and of all.
pub(crate) fn people_for(eyes: Eyes, places: &[PlaceReached]) -> (Vec<PeopleShown>, PeopleShown) {
    let counts: Vec<(i64, i64)> = places.iter().map(PlaceReached::participants).collect();
    small_cells::people_for(eyes, &counts)
}

/// The kinds of which anything was given, in their order.
pub(crate) fn kinds_given(places: &[PlaceReached]) -> Vec<MaterialKind> {
    let given: BTreeSet<MaterialKind> =
        places.iter().flat_map(|place| place.given.keys().copied()).collect();
    given.into_iter().collect()
}

/// How well a headcount is known; of several places together, the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Known {
    /// There was no event at which anybody could have been counted.
    NoEvent,
    NotRecorded,
    Exactly,
    AtLeast,
}

impl Known {
    fn of(place: &PlaceReached, recorded: bool, at_least: bool) -> Self {
        match (recorded, at_least) {
            (false, _) if place.events == 0 => Self::NoEvent,
            (false, _) => Self::NotRecorded,
            (true, false) => Self::Exactly,
            (true, true) => Self::AtLeast,
        }
    }

    pub fn participants(place: &PlaceReached) -> Self {
        Self::of(place, place.people.is_recorded(), place.participants_at_least)
    }

    pub fn females(place: &PlaceReached) -> Self {
        let females = place.people.females();
        Self::of(place, females.is_some(), place.people.females_at_least())
    }

    pub fn of_all(places: &[PlaceReached], of: fn(&PlaceReached) -> Self) -> Self {
        places.iter().map(of).max().unwrap_or(Self::NoEvent)
    }

    pub fn words(self, shown: Shown, number: impl Fn(i64) -> String, l: Locale) -> String {
        match (shown, self) {
            (Shown::Hidden, _) => td_string!(l, bulletin.hidden).to_owned(),
            (Shown::Count(0), Self::NoEvent) => td_string!(l, bulletin.no_people).to_owned(),
            (Shown::Count(0), Self::NotRecorded) => td_string!(l, bulletin.not_recorded).to_owned(),
            (Shown::Count(count), Self::AtLeast) => {
                td_string!(l, bulletin.at_least, n = number(count))
            }
            (Shown::Count(count), Self::NoEvent | Self::NotRecorded | Self::Exactly) => {
                number(count)
            }
        }
    }
}

fn people_cell(shown: Shown, known: Known, l: Locale) -> Cell {
    let lang = i18n::lang(l);
    let words = || known.words(shown, |count| lang.number(count), l);
    match (shown, known) {
        (Shown::Count(count), Known::Exactly) => Cell::number(count, lang),
        (Shown::Count(1..), _) => Cell::text(words()),
        (Shown::Count(_) | Shown::Hidden, _) => Cell::text(words()).tone(Tone::Quiet),
    }
}

/// Where the figures of a table lead: to what is behind them, or nowhere on paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Figures {
    Open(Month),
    Plain,
}

impl Figures {
    fn pieces(self, pieces: i64, province: &str, kind: &str, lang: Lang) -> Cell {
        match self {
            Self::Open(month) if pieces != 0 => Cell::number_link(
                pieces,
                lang,
                format!("/reconcile/{month}/places/{province}/{kind}"),
            ),
            Self::Open(_) | Self::Plain => Cell::number(pieces, lang),
        }
    }
}

/// The table: events, people and pieces by kind of each province.
pub(crate) fn table(
    places: &[PlaceReached],
    (eyes, figures): (Eyes, Figures),
    l: Locale,
) -> impl IntoView + use<> {
    let lang = i18n::lang(l);
    let kinds = kinds_given(places);
    let mut columns = vec![
        Column::text(td_string!(l, reconcile.province)),
        Column::number(td_string!(l, reconcile.events)),
        Column::number(td_string!(l, reconcile.participants)),
        Column::number(td_string!(l, reconcile.females)),
    ];
    columns.extend(kinds.iter().map(|kind| Column::number(kind_name(*kind, l))));
    columns.push(Column::number(td_string!(l, reconcile.pieces)));
    // Only where something was left at a drop: else it says nothing.
    let with_drops = places.iter().any(|place| place.at_drops != 0);
    let at_drops = |pieces: i64| with_drops.then(|| Cell::number(pieces, lang));
    if with_drops {
        columns.push(Column::number(td_string!(l, reconcile.at_drops)));
    }
    let (rows, sum) = people_for(eyes, places);
    let row = |(place, people): (&PlaceReached, &PeopleShown)| {
        let province = place.province.as_str();
        let mut cells = vec![
            Cell::text(place.name.of(lang)),
            Cell::number(place.events, lang),
            people_cell(people.participants, Known::participants(place), l),
            people_cell(people.females, Known::females(place), l),
        ];
        cells.extend(kinds.iter().map(|kind| {
            let pieces = place.given.get(kind).copied().unwrap_or(0);
            figures.pieces(pieces, province, kind.as_str(), lang)
        }));
        cells.push(figures.pieces(place.pieces(), province, "all", lang));
        cells.extend(at_drops(place.at_drops));
        Row::new(cells)
    };
    let body = places.iter().zip(&rows).map(row).collect();
    let total = |of: fn(&PlaceReached) -> i64| places.iter().map(of).sum::<i64>();
    let mut foot = vec![
        Cell::text(td_string!(l, reconcile.total)),
        Cell::number(total(|place| place.events), lang),
        people_cell(sum.participants, Known::of_all(places, Known::participants), l),
        people_cell(sum.females, Known::of_all(places, Known::females), l),
    ];
    foot.extend(kinds.iter().map(|kind| {
        let pieces = places.iter().filter_map(|place| place.given.get(kind)).sum();
        figures.pieces(pieces, "all", kind.as_str(), lang)
    }));
    foot.push(figures.pieces(total(PlaceReached::pieces), "all", "all", lang));
    foot.extend(at_drops(total(|place| place.at_drops)));
    let hides = hides(&rows, sum).then(|| {
        view! { <p class="quiet small">{td_string!(l, bulletin.small_cells)}</p> }
    });
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.places_caption) columns rows=body
            foot=vec![Row::new(foot)]/>
        {hides}
    }
}

fn hides(rows: &[PeopleShown], sum: PeopleShown) -> bool {
    let hidden =
        |row: &PeopleShown| row.participants == Shown::Hidden || row.females == Shown::Hidden;
    rows.iter().any(hidden) || hidden(&sum)
}

/// The map: where pieces were given, of one kind or of all; the number of events stands in each
/// province.
pub(crate) fn map(
    places: &[PlaceReached],
    kind: Option<MaterialKind>,
    l: Locale,
) -> impl IntoView + use<> {
    let lang = i18n::lang(l);
    let pieces = |place: &PlaceReached| match kind {
        Some(kind) => place.given.get(&kind).copied().unwrap_or(0),
        None => place.pieces(),
    };
    let most = places.iter().map(pieces).max().unwrap_or(0);
    let on_map = places.iter().map(|place| {
        let given = lang.number(pieces(place));
        let name = place.name.of(lang).to_owned();
        MapPlace {
            pcode: place.province.as_str().to_owned(),
            level: ui::level(pieces(place), most),
            mark: lang.number(place.events).into(),
            title: td_string!(l, reconcile.map_place, place = name, pieces = given),
            // Given out with nobody counted: somebody should say who came.
            flagged: place.events > 0 && !place.people.is_recorded(),
        }
    });
    let on_map: Vec<MapPlace> = on_map.collect();
    let of_most = |quarter: i64| lang.number(most * quarter / 4);
    let key = [0, 1, 2, 3]
        .map(|quarter| {
            let (from, to) = (of_most(quarter), of_most(quarter + 1));
            let level = u8::try_from(quarter + 1).unwrap_or(4);
            (level, td_string!(l, reconcile.map_level, from = from, to = to))
        })
        .to_vec();
    let reached = lang.number(places.len() as i64);
    let label = td_string!(
        l,
        reconcile.map_label,
        count = places.len() as i64,
        provinces = reached,
        kind = kind.map_or(td_string!(l, reconcile.pieces), |kind| kind_name(kind, l))
    );
    let key = if most > 0 { key } else { Vec::new() };
    view! {
        <ui::ProvinceMap label places=on_map key marks=td_string!(l, reconcile.map_marks)
            attribution=td_string!(l, reconcile.map_source)/>
    }
}
