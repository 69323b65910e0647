//! The bulletin's sentence, put together from the ledger.

use crate::i18n::{self, Locale, td_string};
use crate::ui::percent;
use domain::attendance::Group;
use domain::events::PiecesEach;
use domain::material::MaterialKind;
use domain::small_cells::{PeopleShown, Shown};
use stock::reconcile::Bulletin;

/// "a, b and c".
pub(super) fn list(items: &[String], l: Locale) -> String {
    let comma = td_string!(l, bulletin.comma);
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => {
            td_string!(l, bulletin.and, first = first.join(comma), last = last.clone()).to_string()
        }
    }
}

pub(super) fn group_name(group: Group, l: Locale) -> &'static str {
    match group {
        Group::Community => td_string!(l, bulletin.group_community),
        Group::Officials => td_string!(l, bulletin.group_officials),
        Group::ReligiousLeaders => td_string!(l, bulletin.group_religious_leaders),
    }
}

/// "146.2 pieces a participant, 61.5 of them into their own hands".
pub(crate) fn each_words(each: PiecesEach, l: Locale) -> String {
    let lang = i18n::lang(l);
    let (given, handed) = (lang.tenths(each.given), lang.tenths(each.handed));
    match each.given == each.handed {
        true => td_string!(l, bulletin.each_handed, given = given),
        false => td_string!(l, bulletin.each, given = given, handed = handed),
    }
}

/// "25,000 leaflets".
pub(super) fn pieces_of(kind: MaterialKind, pieces: String, l: Locale) -> String {
    match kind {
        MaterialKind::Leaflet => td_string!(l, bulletin.leaflets, pieces = pieces),
        MaterialKind::Sticker => td_string!(l, bulletin.stickers, pieces = pieces),
        MaterialKind::Magazine => td_string!(l, bulletin.magazines, pieces = pieces),
        MaterialKind::Other => td_string!(l, bulletin.others, pieces = pieces),
    }
}

/// The sentences of a month's bulletin; `people` is what its readers may see of all who came.
pub(super) fn sentences(bulletin: &Bulletin, people: PeopleShown, l: Locale) -> Vec<String> {
    let lang = i18n::lang(l);
    let mut sentences = vec![held(bulletin, l)];
    if bulletin.figures.events > 0 {
        sentences.push(came(bulletin, people, l));
    }
    let given: Vec<String> = bulletin
        .figures
        .given
        .iter()
        .filter(|(_, pieces)| **pieces != 0)
        .map(|(kind, pieces)| pieces_of(*kind, lang.number(*pieces), l))
        .collect();
    sentences.push(match given.is_empty() {
        true => td_string!(l, bulletin.given_none).to_owned(),
        false => td_string!(l, bulletin.given, kinds = list(&given, l)),
    });
    let at_drops = bulletin.figures.at_drops();
    if at_drops != 0 {
        let pieces = lang.number(at_drops);
        sentences.push(td_string!(l, bulletin.at_drops, count = at_drops, pieces = pieces));
    }
    let groups: Vec<String> =
        bulletin.groups.keys().map(|group| group_name(*group, l).to_owned()).collect();
    if !groups.is_empty() {
        sentences.push(td_string!(l, bulletin.groups, groups = list(&groups, l)));
    }
    sentences
}

fn held(bulletin: &Bulletin, l: Locale) -> String {
    let lang = i18n::lang(l);
    let (month, events) = (lang.month(bulletin.month), bulletin.figures.events);
    if events == 0 {
        return td_string!(l, bulletin.held_none, month = month);
    }
    let provinces: Vec<String> = bulletin
        .places
        .iter()
        .filter(|place| place.events > 0)
        .map(|place| place.name.of(lang).to_owned())
        .collect();
    td_string!(
        l,
        bulletin.held,
        count = events,
        events = lang.number(events),
        month = month,
        partners = list(&bulletin.partners, l),
        types = list(&bulletin.event_types, l),
        provinces = list(&provinces, l)
    )
}

fn came(bulletin: &Bulletin, people: PeopleShown, l: Locale) -> String {
    let lang = i18n::lang(l);
    if bulletin.people_not_recorded {
        return td_string!(l, bulletin.came_not_recorded).to_owned();
    }
    match (people.participants, people.females) {
        (Shown::Hidden, _) => td_string!(l, bulletin.came_all_hidden).to_owned(),
        (Shown::Count(all), _) if bulletin.participants_at_least => {
            td_string!(l, bulletin.came_partly, participants = lang.number(all))
        }
        (Shown::Count(all), Shown::Hidden) => {
            td_string!(l, bulletin.came_females_hidden, participants = lang.number(all))
        }
        (Shown::Count(all), Shown::Count(females)) => {
            let share = percent(females, all, lang).unwrap_or_default();
            let (all, females) = (lang.number(all), lang.number(females));
            match bulletin.females_at_least {
                true => td_string!(
                    l,
                    bulletin.came_at_least,
                    participants = all,
                    females = females,
                    percent = share
                ),
                false => td_string!(
                    l,
                    bulletin.came,
                    participants = all,
                    females = females,
                    percent = share
                ),
            }
        }
    }
}
