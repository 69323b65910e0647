//! What a careful manager sees in a month's figures, each with where it is explained.

use super::words::{each_words, list, pieces_of};
use crate::features::reconcile::words::kind_name;
use crate::i18n::{self, Locale, td_string};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui::Flag;
use domain::bulletin::Flag as Rule;
use domain::small_cells::{PeopleShown, Shown};
use stock::reconcile::Bulletin;

/// The plausibility rules that fired, and what is missing or said twice, to eyes that see `people`.
pub(crate) fn flags(visit: &Visit, bulletin: &Bulletin, people: PeopleShown) -> Vec<Flag> {
    let (l, lang) = (visit.locale, visit.lang());
    let label = td_string!(l, bulletin.see_events);
    let events = |flag: Flag, only: &str| match leads_somewhere("/events", visit) {
        true => flag.action(format!("/events?month={}{only}", bulletin.month), label),
        false => flag,
    };
    let is_seen = |rule: &&Rule| people.participants != Shown::Hidden || !rule.tells_people();
    let rules = bulletin.flags.iter().filter(is_seen);
    let mut flags: Vec<Flag> =
        rules.map(|rule| events(rule_flag(rule, bulletin, l), only(rule))).collect();
    let differ = bulletin.events_that_differ;
    if differ > 0 {
        let title =
            td_string!(l, bulletin.flag_differ, count = differ, events = lang.number(differ));
        flags.push(events(
            Flag::new(title).text(td_string!(l, bulletin.flag_differ_text)),
            "&only=counted_twice",
        ));
    }
    let sheets = bulletin.sheets_waiting;
    if sheets > 0 {
        let title =
            td_string!(l, bulletin.flag_sheets, count = sheets, sheets = lang.number(sheets));
        flags.push(events(
            Flag::new(title).text(td_string!(l, bulletin.flag_sheets_text)),
            "&only=waiting",
        ));
    }
    flags.extend(reported(bulletin, l));
    flags
}

/// Of the month's events those that a rule is about, where they can be told apart.
const fn only(rule: &Rule) -> &'static str {
    match rule {
        Rule::PiecesAPerson { .. } | Rule::ExactKits { .. } => "&state=held",
        Rule::NoAttendance { .. } => "&only=uncounted",
    }
}

fn rule_flag(rule: &Rule, bulletin: &Bulletin, l: Locale) -> Flag {
    let lang = i18n::lang(l);
    match rule {
        Rule::PiecesAPerson { each, by_kind } => {
            let by_kind: Vec<String> = by_kind
                .iter()
                .map(|(kind, tenths)| pieces_of(*kind, lang.tenths(*tenths), l))
                .collect();
            let text = td_string!(l, bulletin.flag_pieces_text, by_kind = list(&by_kind, l));
            Flag::new(each_words(*each, l)).text(text)
        }
        Rule::ExactKits { kits, kit } => {
            let given = &bulletin.figures.given;
            let pieces: Vec<String> = given
                .values()
                .filter(|pieces| **pieces > 0)
                .map(|pieces| lang.number(*pieces))
                .collect();
            let title = td_string!(l, bulletin.flag_kits, kits = lang.number(*kits));
            let text = td_string!(
                l,
                bulletin.flag_kits_text,
                pieces = pieces.join(" / "),
                kits = lang.number(*kits),
                kit = kit.clone()
            );
            Flag::new(title).text(text)
        }
        Rule::NoAttendance { events } => {
            let title = td_string!(
                l,
                bulletin.flag_attendance,
                count = *events,
                events = lang.number(*events)
            );
            Flag::new(title).text(td_string!(l, bulletin.flag_attendance_text))
        }
    }
}

/// Kinds of which a partner reported something else than the ledger says.
fn reported(bulletin: &Bulletin, l: Locale) -> Vec<Flag> {
    let lang = i18n::lang(l);
    let differs = bulletin.kinds.iter().filter_map(|(kind, numbers)| {
        let difference = numbers.reported? - numbers.given_in_all();
        (difference != 0).then_some((*kind, difference))
    });
    let flag = |(kind, difference): (_, i64)| {
        let title = td_string!(l, bulletin.flag_reported, kind = kind_name(kind, l));
        let pieces = lang.number(difference.abs());
        let text = match difference > 0 {
            true => td_string!(l, reconcile.more_reported, pieces = pieces),
            false => td_string!(l, reconcile.less_reported, pieces = pieces),
        };
        let href = format!("/reported?month={}", bulletin.month);
        Flag::new(title).text(text).action(href, td_string!(l, bulletin.open))
    };
    differs.map(flag).collect()
}
