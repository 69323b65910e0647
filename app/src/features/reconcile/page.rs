//! `/reconcile?month=2017-06`: where every piece of a month went, and what is to be explained.

use super::places::{Figures, people_for};
use super::{chain, explain, months, picture, places, statement};
use crate::error::PageError;
use crate::features::bulletin::page::facts;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Fact, Tone};
use domain::calendar::Lang;
use domain::material::MaterialKind;
use domain::small_cells::Eyes;
use domain::time::Month;
use leptos::prelude::*;
use stock::reconcile::{Bulletin, ChainRow, InHands, Statement};

/// Everything that the page is made of.
struct Whole {
    statement: Statement,
    chain: Vec<ChainRow>,
    bulletin: Bulletin,
    waiting: explain::Waiting,
    eyes: Eyes,
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), months::asked(&visit));
    let reader = visit.reader()?;
    let (statement, chain, bulletin, waiting, eyes) = tokio::try_join!(
        async { Ok::<_, PageError>(reader.statement(month).await?) },
        async { Ok(reader.chain(month).await?) },
        async { Ok(reader.bulletin(month).await?) },
        explain::waiting(&visit, month),
        async { Ok(reader.eyes(None).await?) },
    )?;
    let whole = Whole { statement, chain, bulletin, waiting, eyes };
    let is_empty = whole.statement.rows.is_empty() && whole.chain.is_empty();
    let content = match is_empty && whole.statement.broken.is_empty() {
        true => view! {
            <ui::Empty title=td_string!(l, reconcile.empty_title)
                text=td_string!(l, reconcile.empty_text)/>
        }
        .into_any(),
        false => content(&visit, &whole),
    };
    let title = format!("{} · {}", td_string!(l, reconcile.title), lang.month(month));
    let body = view! {
        <ui::Page>
            <ui::PageHead title=lang.month(month) subtitle=lang.hijri_span(month)
                crumbs=vec![ui::Link::new("/reconcile", td_string!(l, reconcile.title))]>
                <ui::ButtonLink href=format!("/reported?month={month}")
                    label=td_string!(l, reconcile.reported_figures)/>
                <ui::ButtonLink href=format!("/bulletin?month={month}") main=true
                    label=td_string!(l, reconcile.bulletin)/>
            </ui::PageHead>
            {months::switcher(&visit, "/reconcile", month)}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn content(visit: &Visit, whole: &Whole) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let Whole { statement, bulletin, waiting, .. } = whole;
    let month = statement.month;
    let (_, people) = people_for(whole.eyes, &bulletin.places);
    let mut facts = facts(bulletin, people, l, lang);
    facts.pop();
    facts.push(to_explain(waiting, l, lang));
    facts.push(on_hand(&statement.hands, l, lang));
    let flags = explain::list(visit, statement, (bulletin, people), waiting);
    let unexplained = ui::Link::new("/unexplained", td_string!(l, reconcile.to_unexplained));
    let proof = statement::proof(statement, l, lang);
    let table = statement::summary(statement, l, lang);
    let whole_statement = format!("/reconcile/{month}/statement/all");
    let flow = picture::flow(&statement.total, &statement.hands, l, lang);
    let chain = chain::table(month, &whole.chain, bulletin, l, lang);
    let reached = reached(visit, whole);
    let csv = |name: &str| {
        let href = format!("/reconcile/{name}.csv?month={month}");
        ui::Link::new(href, td_string!(l, reconcile.csv))
    };
    view! {
        <ui::Facts facts/>
        <ui::Cols>
            <ui::Sheet title=td_string!(l, reconcile.picture)>{flow}</ui::Sheet>
            <ui::Sheet title=td_string!(l, reconcile.explain) id="explain" more=unexplained>{flags}</ui::Sheet>
        </ui::Cols>
        <ui::Sheet title=td_string!(l, reconcile.chain) id="chain" more=csv("chain")>
            {chain}
        </ui::Sheet>
        <ui::Sheet title=td_string!(l, reconcile.statement) id="statement" more=csv("statement")>
            {proof}
            {table}
            <p class="no-print"><a href=whole_statement>{td_string!(l, reconcile.whole_statement)}</a></p>
        </ui::Sheet>
        <ui::Sheet title=td_string!(l, reconcile.places) id="places" more=csv("places")>
            {reached}
        </ui::Sheet>
    }
    .into_any()
}

fn to_explain(waiting: &explain::Waiting, l: Locale, lang: Lang) -> Fact {
    let (unexplained, missing) = (waiting.unexplained(), waiting.missing());
    let differences = waiting.differences();
    let fact = Fact::new(td_string!(l, reconcile.to_explain), lang.number(unexplained + missing))
        .unit(td_string!(l, reconcile.pieces_unit))
        .href("#explain");
    match waiting.oldest_days() {
        None => fact,
        Some(days) => {
            let parts = td_string!(
                l,
                reconcile.to_explain_parts,
                unexplained = lang.number(unexplained),
                missing = lang.number(missing)
            );
            let differences = td_string!(
                l,
                reconcile.differences,
                count = differences,
                differences = lang.number(differences),
                days = lang.number(days)
            );
            fact.tone(Tone::Warn).sentence(format!("{parts} · {differences}"))
        }
    }
}

fn on_hand(hands: &InHands, l: Locale, lang: Lang) -> Fact {
    let in_transit = lang.number(hands.in_transit);
    let words = td_string!(l, reconcile.of_it_in_transit, pieces = in_transit);
    Fact::new(td_string!(l, reconcile.closing_flow), lang.number(hands.total()))
        .unit(td_string!(l, reconcile.pieces_unit))
        .sentence(words)
        .href("#statement")
}

/// The map by the chosen kind, and the table. On paper small headcounts are hidden.
fn reached(visit: &Visit, whole: &Whole) -> AnyView {
    let l = visit.locale;
    let reached = &whole.bulletin.places;
    let month = whole.bulletin.month;
    if reached.is_empty() {
        return view! { <p>{td_string!(l, reconcile.no_places)}</p> }.into_any();
    }
    let kind = visit.query("kind").and_then(MaterialKind::parse);
    let choose = kinds_to_choose(reached, month, kind, l);
    let map = places::map(reached, kind, l);
    let figures = Figures::Open(month);
    let table = places::table(reached, (whole.eyes, figures), l);
    let on_paper = places::table(reached, (Eyes::Others, Figures::Plain), l);
    view! {
        <div class="reached">{choose}{map}</div>
        <div class="no-print">{table}</div>
        <ui::PrintOnly>{on_paper}</ui::PrintOnly>
    }
    .into_any()
}

fn kinds_to_choose(
    reached: &[stock::reconcile::PlaceReached],
    month: Month,
    chosen: Option<MaterialKind>,
    l: Locale,
) -> impl IntoView + use<> {
    let link = |kind: Option<MaterialKind>| {
        let (query, label) = match kind {
            None => (String::new(), td_string!(l, reconcile.every_kind)),
            Some(kind) => (format!("&kind={}", kind.as_str()), super::words::kind_name(kind, l)),
        };
        let href = format!("/reconcile?month={month}{query}#places");
        let current = (kind == chosen).then_some("true");
        view! { <li><a href=href aria-current=current>{label}</a></li> }
    };
    let kinds = places::kinds_given(reached).into_iter().map(Some);
    let links = std::iter::once(None).chain(kinds).map(link).collect_view();
    let label = td_string!(l, reconcile.kind);
    view! { <nav class="kinds no-print" aria-label=label><ul>{links}</ul></nav> }
}
