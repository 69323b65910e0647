//! Who said what about a consignment, and when.

use super::words::{paper_name, reason_name};
use crate::features::records::words::{by_link, path as record_path};
use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui::{self, Cell, Column, Row};
use domain::calendar::Lang;
use domain::consignment::Rest;
use domain::records::consignment::Became;
use domain::role::Role;
use leptos::prelude::*;
use stock::consignments::{Detail, Said, TimelineEntry};

pub(super) fn timeline(visit: &Visit, detail: &Detail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    if detail.timeline.is_empty() {
        return ().into_any();
    }
    let title = td_string!(l, consignments.timeline);
    let columns = vec![
        Column::text(td_string!(l, consignments.what)),
        Column::text(td_string!(l, consignments.when)),
        Column::text(td_string!(l, consignments.who)),
    ];
    let row = |entry: &TimelineEntry| {
        let mut below = entry.note.clone().unwrap_or_default();
        for (is, words) in [
            (entry.reversed, td_string!(l, consignments.undone)),
            (entry.on_behalf, td_string!(l, consignments.on_behalf)),
        ] {
            if is {
                let between = if below.is_empty() { "" } else { " · " };
                below = format!("{words}{between}{below}");
            }
        }
        let role = entry.by_role.map(|role| role_name(l, role)).unwrap_or_default();
        let who = match &entry.by_name {
            name if entry.by_role == Some(Role::Link) => Cell::text(by_link(l, name.as_deref())),
            Some(name) => Cell::text(name).below(role),
            None => Cell::text(role),
        };
        let what = said(l, lang, &entry.what);
        // A colleague's record opens, and can be taken back from there.
        let what = match &entry.by_name {
            Some(_) => Cell::link(record_path(entry.record), what),
            None => Cell::text(what),
        };
        Row::new(vec![what.below(below), Cell::day(entry.occurred_at.day(), lang), who])
    };
    let rows: Vec<Row> = detail.timeline.iter().map(row).collect();
    view! {
        <ui::Sheet title><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
    }
    .into_any()
}

fn said(l: Locale, lang: Lang, what: &Said) -> String {
    match what {
        Said::Dispatched => td_string!(l, consignments.said_dispatched).to_owned(),
        Said::Cancelled(reason) => {
            td_string!(l, consignments.said_cancelled, reason = reason_name(l, *reason))
        }
        Said::Delivered { good, damaged, rest } => {
            let (good, damaged) = (lang.number(*good), lang.number(*damaged));
            match rest {
                Rest::NothingMore => {
                    td_string!(l, consignments.said_delivered, good = good, damaged = damaged)
                }
                Rest::StillComing => {
                    td_string!(l, consignments.said_partly, good = good, damaged = damaged)
                }
            }
        }
        Said::ReasonsGiven(_) => td_string!(l, consignments.said_reasons).to_owned(),
        Said::Confirmed => td_string!(l, consignments.said_confirmed).to_owned(),
        Said::Explained(explain) => {
            let pieces = lang.number(explain.pieces.get());
            let reason = reason_name(l, explain.reason);
            match explain.became {
                Became::Lost => {
                    td_string!(l, consignments.said_lost, n = pieces, reason = reason)
                }
                Became::CameBack => {
                    td_string!(l, consignments.said_came_back, n = pieces, reason = reason)
                }
                Became::Elsewhere(_) => {
                    td_string!(l, consignments.said_elsewhere, n = pieces, reason = reason)
                }
                Became::Arrived => {
                    td_string!(l, consignments.said_arrived, n = pieces, reason = reason)
                }
                Became::CountedTooMany => {
                    td_string!(l, consignments.said_not_come, n = pieces, reason = reason)
                }
                Became::LoadedUnwritten => {
                    td_string!(l, consignments.said_loaded, n = pieces, reason = reason)
                }
            }
        }
        Said::Paper(state) => {
            td_string!(l, consignments.said_paper, state = paper_name(l, *state))
        }
        Said::Other(kind) => kind.replace('_', " "),
    }
}
