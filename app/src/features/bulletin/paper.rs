//! `/bulletin/{month}/print`: the bulletin on A4, as it leaves the organisation.

use super::words::sentences;
use super::{tables, warnings};
use crate::error::PageError;
use crate::features::reconcile::places::{self, Figures, people_for};
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::Paper;
use domain::small_cells::Eyes;
use domain::time::Month;
use leptos::prelude::*;
use stock::access::audit::Action;

/// The month in the path.
pub(super) fn month(visit: &Visit) -> Result<Month, PageError> {
    let month: String = visit.param("month")?;
    Month::parse(&month).ok_or(PageError::NotFound)
}

pub async fn print(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), month(&visit)?);
    let reader = visit.reader()?;
    let bulletin = reader.bulletin(month).await?;
    reader.note(Action::Exported, &format!("bulletin {month} on paper")).await?;
    let (_, people) = people_for(Eyes::Others, &bulletin.places);
    let sentences = sentences(&bulletin, people, l).join(" ");
    let places = places::table(&bulletin.places, (Eyes::Others, Figures::Plain), l);
    let map = places::map(&bulletin.places, None, l);
    let four = tables::four_numbers(&bulletin, Figures::Plain, l);
    let groups = tables::groups(&bulletin, l);
    let questions = warnings::flags(&visit, &bulletin, people).into_iter().map(|flag| {
        let text = flag.text.get();
        view! { <li><strong>{flag.title}</strong>{text.map(|text| view! { <p>{text}</p> })}</li> }
    });
    let questions: Vec<_> = questions.collect();
    let questions = (!questions.is_empty()).then(|| {
        view! {
            <h2>{td_string!(l, reconcile.explain)}</h2>
            <ul>{questions}</ul>
            <p class="small">{td_string!(l, bulletin.only_figures)}</p>
        }
    });
    let title = format!("{} · {}", td_string!(l, bulletin.paper_title), lang.month(month));
    let today = lang.day(visit.stock().world().now().day());
    let heading = title.clone();
    let seal = visit.stock().current_seal().await?;
    let seal = seal.map(|seal| td_string!(l, common.seal, seal = seal.to_string()));
    let body = view! {
        <main id="main" class="papers" tabindex="-1">
            <p class="no-print quiet">{td_string!(l, bulletin.print_hint)}</p>
            <Paper title=heading subtitle=lang.hijri_span(month)
                foot=td_string!(l, bulletin.paper_foot, day = today) copy=seal.unwrap_or_default()>
                <p>{sentences}</p>
                {map}
                {places}
                {four}
                <p class="small">{td_string!(l, bulletin.four_text)}</p>
                {groups}
                {questions}
            </Paper>
        </main>
    };
    Ok(Page::paper(title, body, format!("/bulletin?month={month}")))
}
