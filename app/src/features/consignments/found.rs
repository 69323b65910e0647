//! Packs that a count found: those that nobody had sent, and those that somebody has to look for.

use super::words::label_line;
use crate::features::codes::words::position;
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::consignment::State;
use leptos::prelude::*;
use stock::consignments::{Detail, FoundPack};

/// Both lists, as far as there is something to tell.
pub(super) fn found(visit: &Visit, detail: &Detail) -> AnyView {
    let l = visit.locale;
    let unsent = (!detail.unsent.is_empty()).then(|| {
        let title = td_string!(l, consignments.unsent);
        let table = table(visit, title, &detail.unsent);
        view! {
            <ui::Sheet title id="unsent">
                <ui::Notice tone=Tone::Warn>{td_string!(l, consignments.unsent_text)}</ui::Notice>
                {table}
            </ui::Sheet>
        }
    });
    // Once all that was missing is explained, these are no more to look for than others to check.
    let is_open = detail.consignment.state != State::Closed || !detail.unsent.is_empty();
    let look_for = (is_open && !detail.look_for.is_empty()).then(|| {
        let title = td_string!(l, consignments.look_for);
        let table = table(visit, title, &detail.look_for);
        let lang = visit.lang();
        let came = detail.cartons_came.iter().map(|came| {
            let (title, n) = (came.title.title.clone(), lang.number(came.counted));
            let sent = lang.number(came.sent);
            let words = td_string!(l, consignments.look_for_n, title = title, n = n, sent = sent);
            view! { <p>{words}</p> }
        });
        let came = came.collect_view();
        view! {
            <ui::Sheet title id="look-for">
                <ui::Notice tone=Tone::Warn>
                    {came}
                    <p>{td_string!(l, consignments.look_for_text)}</p>
                </ui::Notice>
                {table}
            </ui::Sheet>
        }
    });
    view! { {unsent}{look_for} }.into_any()
}

fn table(visit: &Visit, caption: &'static str, packs: &[FoundPack]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let columns = vec![
        Column::text(td_string!(l, codes.code)),
        Column::text(td_string!(l, codes.pack)),
        Column::text(td_string!(l, consignments.material)),
        Column::number(td_string!(l, consignments.pieces)),
    ];
    let row = |pack: &FoundPack| {
        let position = position(l, lang, pack.kind, pack.number, pack.total);
        let edition = format!("{} · {}", pack.title.edition, label_line(&pack.title));
        Row::new(vec![
            Cell::code(pack.code, format!("/p/{}", pack.code)),
            Cell::text(position),
            Cell::text(&pack.title.title).below(edition),
            Cell::number(pack.pieces, lang),
        ])
    };
    let rows: Vec<Row> = packs.iter().map(row).collect();
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}
