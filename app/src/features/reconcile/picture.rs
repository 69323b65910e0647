//! "Where every piece went": from what was there and what came, to where it is now.

use crate::i18n::{Locale, td_string};
use crate::ui::{self, FlowNode, Hue};
use domain::calendar::Lang;
use domain::statement::Column;
use leptos::prelude::*;
use stock::reconcile::{InHands, StatementRow};

/// One part of the month: above zero it brought pieces in, below zero it took them away.
struct Part {
    label: &'static str,
    hue: Hue,
    pieces: i64,
}

/// The picture of the month for all visible holders together, with what its colours mean.
pub(super) fn flow(
    total: &StatementRow,
    hands: &InHands,
    l: Locale,
    lang: Lang,
) -> impl IntoView + use<> {
    let parts = parts(total, hands, l);
    let came: Vec<&Part> = parts.iter().filter(|part| part.pieces > 0).collect();
    let went: Vec<&Part> = parts.iter().filter(|part| part.pieces < 0).collect();
    let sum: i64 = came.iter().map(|part| part.pieces).sum();
    let in_books = td_string!(l, reconcile.in_books);
    let mut nodes: Vec<FlowNode> = Vec::new();
    for part in &came {
        nodes.push(FlowNode { hue: part.hue, ..FlowNode::source(part.label, part.pieces) });
    }
    let middle = nodes.len();
    nodes.push(FlowNode::between(in_books, sum));
    nodes.extend(went.iter().map(|part| FlowNode::end(part.label, -part.pieces, part.hue)));
    let from = came.iter().enumerate().map(|(place, part)| (place, middle, part.pieces));
    let to =
        went.iter().enumerate().map(|(place, part)| (middle, middle + 1 + place, -part.pieces));
    let links = from.chain(to).collect();
    let given = lang.number(total.column(Column::Given));
    let label = td_string!(
        l,
        reconcile.picture_label,
        sum = lang.number(sum),
        given = given,
        closing = lang.number(hands.total())
    );
    let key: Vec<(Hue, String)> =
        went.iter().map(|part| (part.hue, part.label.to_owned())).collect();
    view! {
        <ui::Flow label nodes links lang/>
        <ui::Key entries=key/>
    }
}

/// The parts sum to zero where the statement adds up.
fn parts(total: &StatementRow, hands: &InHands, l: Locale) -> Vec<Part> {
    let part = |label, hue, pieces| Part { label, hue, pieces };
    let column = |column| total.column(column);
    // What went from one store to another is in both columns; the rest came from outside.
    let came = column(Column::In) - column(Column::Out);
    vec![
        part(td_string!(l, reconcile.opening), Hue::Store, total.opening),
        part(td_string!(l, reconcile.received_flow), Hue::Store, came),
        part(td_string!(l, reconcile.counted), Hue::Store, column(Column::Counted)),
        part(td_string!(l, reconcile.unexplained), Hue::Unexplained, column(Column::Unexplained)),
        part(td_string!(l, reconcile.given), Hue::Given, -column(Column::Given)),
        part(td_string!(l, stock.in_store), Hue::Store, -hands.in_store),
        part(td_string!(l, stock.in_transit), Hue::Transit, -hands.in_transit),
        part(td_string!(l, stock.at_events), Hue::Event, -hands.at_events),
        part(td_string!(l, stock.damaged), Hue::Damaged, -hands.damaged),
        part(td_string!(l, reconcile.lost), Hue::Lost, -column(Column::Lost)),
        part(td_string!(l, reconcile.disposed), Hue::Disposed, -column(Column::Disposed)),
    ]
}
