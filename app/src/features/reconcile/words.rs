//! Words and cells that the pages about a month share.

use crate::i18n::{Locale, td_string};
use crate::ui::{Cell, Tone};
use domain::account::Channel;
use domain::calendar::Lang;
use domain::material::MaterialKind;
use domain::statement::Column;
use stock::reconcile::Figure;

/// A kind of material in the plural: "Leaflets".
pub(crate) fn kind_name(kind: MaterialKind, l: Locale) -> &'static str {
    match kind {
        MaterialKind::Leaflet => td_string!(l, reconcile.kind_leaflet),
        MaterialKind::Sticker => td_string!(l, reconcile.kind_sticker),
        MaterialKind::Magazine => td_string!(l, reconcile.kind_magazine),
        MaterialKind::Other => td_string!(l, reconcile.kind_other),
    }
}

/// How a reported figure differs from the ledger's; amber where somebody has to explain it.
pub(crate) fn difference_cell(difference: i64, l: Locale, lang: Lang) -> Cell {
    let pieces = lang.number(difference.abs());
    match difference {
        0 => Cell::text(td_string!(l, reconcile.agrees)).tone(Tone::Quiet),
        1.. => Cell::text(td_string!(l, reconcile.more_reported, pieces = pieces)).tone(Tone::Warn),
        i64::MIN..=-1 => {
            Cell::text(td_string!(l, reconcile.less_reported, pieces = pieces)).tone(Tone::Warn)
        }
    }
}

/// A column of the statement, or a step of the chain.
pub(crate) fn column_name(column: Column, l: Locale) -> String {
    match column {
        Column::In => td_string!(l, reconcile.incoming),
        Column::Counted => td_string!(l, reconcile.counted),
        Column::Unexplained => td_string!(l, reconcile.unexplained),
        Column::Given => td_string!(l, reconcile.given),
        Column::Disposed => td_string!(l, reconcile.disposed),
        Column::Lost => td_string!(l, reconcile.lost),
        Column::Out => td_string!(l, reconcile.out),
        Column::Received => td_string!(l, reconcile.received),
        Column::Dispatched => td_string!(l, reconcile.dispatched),
        Column::Delivered => td_string!(l, reconcile.arrived),
        Column::Taken => td_string!(l, reconcile.taken),
        Column::BroughtBack => td_string!(l, reconcile.brought_back),
    }
    .to_owned()
}

pub(crate) fn figure_name(figure: Figure, l: Locale) -> String {
    match figure {
        Figure::Column(column) => column_name(column, l),
        Figure::StayedAtEvents => td_string!(l, reconcile.net_taken).to_owned(),
        Figure::Closing => td_string!(l, reconcile.closing).to_owned(),
    }
}

/// What a step of the chain counts, where its name alone does not say.
pub(super) fn figure_means(figure: Figure, l: Locale) -> Option<&'static str> {
    Some(match figure {
        Figure::StayedAtEvents => td_string!(l, reconcile.means_net_taken),
        Figure::Column(Column::Received) => td_string!(l, reconcile.means_received),
        Figure::Column(Column::Dispatched) => td_string!(l, reconcile.means_dispatched),
        Figure::Column(Column::Delivered) => td_string!(l, reconcile.means_arrived),
        Figure::Column(Column::Taken) => td_string!(l, reconcile.means_taken),
        Figure::Column(Column::BroughtBack) => td_string!(l, reconcile.means_brought_back),
        Figure::Closing
        | Figure::Column(
            Column::In
            | Column::Counted
            | Column::Unexplained
            | Column::Given
            | Column::Disposed
            | Column::Lost
            | Column::Out,
        ) => return None,
    })
}

pub(crate) fn channel_name(channel: Channel, l: Locale) -> &'static str {
    match channel {
        Channel::Participants => td_string!(l, bulletin.to_participants),
        Channel::Multipliers => td_string!(l, bulletin.to_multipliers),
        Channel::PublicPlaces => td_string!(l, bulletin.in_public),
    }
}
