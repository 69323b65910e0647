//! `/bulletin?month=2017-06`: the month as the bulletin tells it, and what stands out in it.

use super::tables;
use super::words::{each_words, sentences};
use crate::error::PageError;
use crate::features::reconcile::places::{self, Figures, people_for};
use crate::features::reconcile::{explain, months};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Fact, Tone, percent};
use domain::calendar::Lang;
use domain::small_cells::{Eyes, PeopleShown, Shown};
use leptos::prelude::*;
use stock::reconcile::Bulletin;

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), months::asked(&visit));
    let reader = visit.reader()?;
    let (bulletin, statement, waiting, eyes) = tokio::try_join!(
        async { Ok::<_, PageError>(reader.bulletin(month).await?) },
        async { Ok(reader.statement(month).await?) },
        explain::waiting(&visit, month),
        async { Ok(reader.eyes(None).await?) },
    )?;
    let is_empty = bulletin.figures.events == 0 && bulletin.kinds.is_empty();
    let (_, people) = people_for(eyes, &bulletin.places);
    let stands_out = explain::list(&visit, &statement, (&bulletin, people), &waiting);
    let stands_out = view! {
        <ui::Sheet title=td_string!(l, reconcile.explain) id="explain">{stands_out}</ui::Sheet>
    }
    .into_any();
    let content = if is_empty {
        let text = td_string!(l, bulletin.empty_text);
        let empty = crate::features::reference::empty(td_string!(l, bulletin.empty), text, None);
        view! { {empty} {stands_out} }.into_any()
    } else {
        content(&visit, &bulletin, (eyes, people), stands_out)
    };
    let title = td_string!(l, bulletin.title);
    let actions = (!is_empty).then(|| {
        view! {
            <ui::ButtonLink href=format!("/reconcile?month={month}")
                label=td_string!(l, bulletin.reconcile)/>
            <ui::ButtonLink href=format!("/bulletin/{month}/csv") label=td_string!(l, bulletin.csv)/>
            <ui::ButtonLink href=format!("/bulletin/{month}/print")
                label=td_string!(l, bulletin.print) main=true/>
        }
    });
    let body = view! {
        <ui::Page>
            <ui::PageHead title=format!("{title} · {}", lang.month(month))
                subtitle=lang.hijri_span(month)>
                {actions}
            </ui::PageHead>
            {months::switcher(&visit, "/bulletin", month)}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn content(
    visit: &Visit,
    bulletin: &Bulletin,
    (eyes, people): (Eyes, PeopleShown),
    stands_out: AnyView,
) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let figures = Figures::Open(bulletin.month);
    let text = sentences(bulletin, people, l).join(" ");
    let facts = facts(bulletin, people, l, lang);
    let four = tables::four_numbers(bulletin, figures, l);
    let places = places::table(&bulletin.places, (eyes, figures), l);
    let groups = tables::groups(bulletin, l).map(|table| {
        view! { <ui::Sheet title=td_string!(l, bulletin.groups_title)>{table}</ui::Sheet> }
    });
    view! {
        <ui::Facts facts/>
        <ui::Cols>
            <ui::Sheet title=td_string!(l, bulletin.text)><p>{text}</p></ui::Sheet>
            {stands_out}
        </ui::Cols>
        <ui::Sheet title=td_string!(l, bulletin.places)>{places}</ui::Sheet>
        <ui::Sheet title=td_string!(l, bulletin.four)>
            {four}
            <p class="quiet small">{td_string!(l, bulletin.four_text)}</p>
        </ui::Sheet>
        {groups}
    }
    .into_any()
}

/// The month in big numbers, each with the sentence that makes it mean something.
pub(crate) fn facts(bulletin: &Bulletin, people: PeopleShown, l: Locale, lang: Lang) -> Vec<Fact> {
    let figures = &bulletin.figures;
    let provinces = figures.provinces.len() as i64;
    let in_provinces =
        td_string!(l, bulletin.provinces, count = provinces, provinces = lang.number(provinces));
    let events = Fact::new(td_string!(l, bulletin.events), lang.number(figures.events))
        .sentence(in_provinces);
    let label = td_string!(l, bulletin.participants);
    let came = match (people.participants, people.females) {
        _ if bulletin.people_not_recorded => {
            Fact::new(label, td_string!(l, bulletin.not_recorded)).tone(Tone::Warn)
        }
        (Shown::Hidden, _) => Fact::new(label, td_string!(l, bulletin.hidden)),
        (Shown::Count(all), _) if bulletin.participants_at_least => {
            Fact::new(label, td_string!(l, bulletin.at_least, n = lang.number(all)))
                .sentence(td_string!(l, bulletin.partly_fact))
        }
        (Shown::Count(all), Shown::Hidden) => Fact::new(label, lang.number(all)),
        (Shown::Count(all), Shown::Count(females)) => {
            let share = percent(females, all, lang).unwrap_or_default();
            let females = lang.number(females);
            let words = td_string!(l, bulletin.females_fact, females = females, percent = share);
            Fact::new(label, lang.number(all)).sentence(words)
        }
    };
    let given = Fact::new(td_string!(l, bulletin.given_out), lang.number(figures.pieces()))
        .unit(td_string!(l, bulletin.pieces));
    let each = figures.each().filter(|each| each.given > 0);
    let each = each.filter(|_| people.participants != Shown::Hidden);
    let given = given.sentence(each.map(|each| each_words(each, l)));
    let issued: i64 = bulletin.kinds.values().map(|kind| kind.issued).sum();
    let issued = Fact::new(td_string!(l, bulletin.issued), lang.number(issued))
        .unit(td_string!(l, bulletin.pieces));
    vec![events, came, given, issued]
}
