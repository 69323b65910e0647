//! The bulletin's tables, the same on the screen and on paper.

use super::words::group_name;
use crate::features::reconcile::behind::path;
use crate::features::reconcile::places::Figures;
use crate::features::reconcile::words::{difference_cell, kind_name};
use crate::i18n::{self, Locale, td_string};
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::account::Channel;
use domain::material::MaterialKind;
use leptos::prelude::*;
use stock::reconcile::{Bulletin, Figure, FigureOf, KindNumbers, What};

/// The four numbers that most bulletins have as one.
pub(super) fn four_numbers(
    bulletin: &Bulletin,
    figures: Figures,
    l: Locale,
) -> impl IntoView + use<> {
    let columns = vec![
        Column::text(td_string!(l, bulletin.kind)),
        Column::number(td_string!(l, bulletin.issued)),
        Column::number(td_string!(l, bulletin.taken)),
        Column::number(td_string!(l, bulletin.to_participants)),
        Column::number(td_string!(l, bulletin.to_multipliers)),
        Column::number(td_string!(l, bulletin.in_public)),
        Column::number(td_string!(l, bulletin.given_out)),
        Column::number(td_string!(l, bulletin.reported)),
        Column::number(td_string!(l, bulletin.difference)),
    ];
    let rows = bulletin.kinds.iter().map(|(kind, numbers)| row(*kind, numbers, figures, l));
    let rows = rows.collect();
    let mut all = KindNumbers::default();
    for numbers in bulletin.kinds.values() {
        all.issued += numbers.issued;
        all.taken += numbers.taken;
        for (channel, pieces) in &numbers.given {
            *all.given.entry(*channel).or_default() += pieces;
        }
        if let Some(pieces) = numbers.reported {
            all.reported = Some(all.reported.unwrap_or(0) + pieces);
        }
    }
    let mut foot = vec![Cell::text(td_string!(l, bulletin.total))];
    foot.extend(cells(&all, l));
    view! {
        <ui::DataTable caption=td_string!(l, bulletin.four_caption) columns rows
            foot=vec![Row::new(foot)]/>
    }
}

fn row(kind: MaterialKind, numbers: &KindNumbers, figures: Figures, l: Locale) -> Row {
    let lang = i18n::lang(l);
    let mut row = vec![Cell::text(kind_name(kind, l))];
    row.extend(cells(numbers, l));
    if let Figures::Open(month) = figures {
        let behind = |pieces: i64, path: String| match pieces {
            0 => Cell::number(0, lang),
            pieces => Cell::number_link(pieces, lang, path),
        };
        let word = kind.as_str();
        let figure = Figure::StayedAtEvents;
        let taken = FigureOf { month, store: None, what: What::Kind(kind), figure };
        row[2] = behind(numbers.taken, path(taken));
        let given = format!("/reconcile/{month}/places/all/{word}");
        row[6] = behind(numbers.given_in_all(), given);
        if let Some(pieces) = numbers.reported {
            row[7] = behind(pieces, format!("/reported?month={month}"));
        }
    }
    Row::new(row)
}

fn cells(numbers: &KindNumbers, l: Locale) -> Vec<Cell> {
    let lang = i18n::lang(l);
    let given = |channel| Cell::number(numbers.given.get(&channel).copied().unwrap_or(0), lang);
    let in_all = numbers.given_in_all();
    let (reported, difference) = match numbers.reported {
        Some(pieces) => (Cell::number(pieces, lang), difference_cell(pieces - in_all, l, lang)),
        None => {
            let none = td_string!(l, reconcile.not_reported);
            (Cell::text(none).tone(Tone::Quiet), Cell::blank())
        }
    };
    vec![
        Cell::number(numbers.issued, lang),
        Cell::number(numbers.taken, lang),
        given(Channel::Participants),
        given(Channel::Multipliers),
        given(Channel::PublicPlaces),
        Cell::number(in_all, lang),
        reported,
        difference,
    ]
}

/// Which groups were present, and at how many events.
pub(super) fn groups(bulletin: &Bulletin, l: Locale) -> Option<AnyView> {
    let lang = i18n::lang(l);
    let columns = vec![
        Column::text(td_string!(l, bulletin.group)),
        Column::number(td_string!(l, bulletin.group_events)),
    ];
    let rows: Vec<Row> = bulletin
        .groups
        .iter()
        .map(|(group, events)| {
            Row::new(vec![Cell::text(group_name(*group, l)), Cell::number(*events, lang)])
        })
        .collect();
    let caption = td_string!(l, bulletin.groups_caption);
    (!rows.is_empty()).then(|| view! { <ui::DataTable caption columns rows keep=true/> }.into_any())
}
