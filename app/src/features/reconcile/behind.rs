//! What is behind a figure: its movements, its hand-outs, or its print runs.

use super::words::{channel_name, figure_means, figure_name, kind_name};
use crate::error::PageError;
use crate::error::PageError::NotFound;
use crate::features::codes::words::grouped;
use crate::features::records::words::path as record_path;
use crate::features::stock::words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui::{self, Cell, Column as Head, Fact, Row, Tone};
use domain::calendar::Lang;
use domain::ids::{MaterialId, StoreId};
use domain::material::MaterialKind;
use domain::role::PlaceCode;
use domain::time::Month;
use leptos::prelude::*;
use stock::reconcile::{BehindLine, BehindPage, Figure, FigureOf, GivenAt, GivenLine, What};

/// What stands in an address for "of all stores" or "of every material".
pub(super) const ALL: &str = "all";

/// Where a figure leads.
pub(crate) fn path(of: FigureOf) -> String {
    let store = of.store.map_or(ALL.to_owned(), |store| store.to_string());
    let what = match of.what {
        What::Everything => ALL.to_owned(),
        What::Kind(kind) => kind.as_str().to_owned(),
        What::Material(material) => material.to_string(),
    };
    format!("/reconcile/{}/{store}/{what}/{}", of.month, of.figure.as_str())
}

pub(super) fn month_of(visit: &Visit) -> Result<Month, PageError> {
    let asked: String = visit.param("month")?;
    Month::parse(&asked).ok_or(NotFound)
}

/// The materials that a part of the address names, and what people call them.
async fn what_of(visit: &Visit, part: &str) -> Result<(What, String), PageError> {
    let word: String = visit.param(part)?;
    if word == ALL {
        return Ok((What::Everything, td_string!(visit.locale, reconcile.every_kind).to_owned()));
    }
    if let Some(kind) = MaterialKind::parse(&word) {
        return Ok((What::Kind(kind), kind_name(kind, visit.locale).to_owned()));
    }
    let id: MaterialId = visit.param(part)?;
    let material = visit.reader()?.material(id).await?.ok_or(NotFound)?;
    Ok((What::Material(material.id), material.title))
}

pub(super) async fn store_of(visit: &Visit) -> Result<(Option<StoreId>, String), PageError> {
    let word: String = visit.param("store")?;
    if word == ALL {
        return Ok((None, td_string!(visit.locale, reconcile.every_store).to_owned()));
    }
    let store = visit.reader()?.store(visit.param("store")?).await?.ok_or(NotFound)?;
    Ok((Some(store.id), store.name))
}

pub(super) fn crumbs(month: Month, l: Locale, lang: Lang) -> Vec<ui::Link> {
    vec![
        ui::Link::new("/reconcile", td_string!(l, reconcile.title)),
        ui::Link::new(format!("/reconcile?month={month}"), lang.month(month)),
    ]
}

/// `/reconcile/{month}/{store}/{material}/{column}`: the movements behind a figure.
pub async fn figure(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), month_of(&visit)?);
    let column: String = visit.param("column")?;
    let figure = Figure::parse(&column).ok_or(NotFound)?;
    let (store, store_name) = store_of(&visit).await?;
    let (what, what_name) = what_of(&visit, "material").await?;
    let of = FigureOf { month, store, what, figure };
    let page = visit.reader()?.behind(of).await?;
    let name = figure_name(figure, l);
    let fact = Fact::new(name.clone(), lang.number(page.kept))
        .unit(td_string!(l, reconcile.pieces_unit))
        .sentence(format!("{store_name} · {what_name}"));
    let facts = vec![if page.adds_up() { fact } else { fact.tone(Tone::Bad) }];
    let means = figure_means(figure, l).map(|words| view! { <p>{words}</p> });
    let proof = proof(&page, l, lang);
    let table = lines_table(&visit, of, &page);
    let title = td_string!(l, reconcile.behind);
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=crumbs(month, l, lang) subtitle=name/>
            <ui::Facts facts/>
            <ui::Sheet>{means}{proof}{table}</ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// Whether the lines sum to the figure.
fn proof(page: &BehindPage, l: Locale, lang: Lang) -> AnyView {
    if page.cut {
        return view! { <p>{td_string!(l, reconcile.behind_cut)}</p> }.into_any();
    }
    if page.adds_up() {
        return view! { <p>{td_string!(l, reconcile.behind_sum)}</p> }.into_any();
    }
    let (sum, kept) = (lang.number(page.sum), lang.number(page.kept));
    let words = td_string!(l, reconcile.behind_broken, sum = sum, kept = kept);
    view! { <ui::Notice tone=Tone::Bad title=words/> }.into_any()
}

fn lines_table(visit: &Visit, of: FigureOf, page: &BehindPage) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let columns = vec![
        Head::text(td_string!(l, reconcile.date)),
        Head::text(td_string!(l, reconcile.what)),
        Head::text(td_string!(l, reconcile.from)),
        Head::text(td_string!(l, reconcile.to)),
        Head::number(td_string!(l, reconcile.share)),
    ];
    let opening = (of.figure == Figure::Closing).then(|| {
        let earlier = FigureOf { month: of.month.previous(), ..of };
        Row::new(vec![
            Cell::day(of.month.first_day(), lang),
            Cell::text(td_string!(l, reconcile.opening)),
            Cell::blank(),
            Cell::blank(),
            Cell::number_link(page.opening, lang, path(earlier)),
        ])
    });
    let lines = page.lines.iter().map(|line| line_row(line, l, lang));
    let rows: Vec<Row> = opening.into_iter().chain(lines).collect();
    let mut foot = vec![Cell::text(td_string!(l, reconcile.total))];
    foot.extend([Cell::blank(), Cell::blank(), Cell::blank()]);
    foot.push(Cell::number(page.sum, lang));
    view! {
        <ui::DataTable caption=td_string!(l, reconcile.behind_caption) columns rows
            foot=vec![Row::new(foot)]/>
    }
    .into_any()
}

fn line_row(line: &BehindLine, l: Locale, lang: Lang) -> Row {
    let kind = words::kind(line.kind, l);
    let what = Cell::link(record_path(line.record), kind);
    Row::new(vec![
        Cell::day(line.occurred_at.day(), lang),
        what.below(grouped(&line.batch_code)),
        Cell::text(words::account_of(&line.from_kind, &line.from_holder, l)),
        Cell::text(words::account_of(&line.to_kind, &line.to_holder, l)),
        Cell::number(line.share, lang),
    ])
}

/// `/reconcile/{month}/places/{province}/{kind}`: the events and drops behind pieces given.
pub async fn given(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), month_of(&visit)?);
    let reader = visit.reader()?;
    let asked: String = visit.param("province")?;
    let (province, place_name) = match asked.as_str() {
        ALL => (None, td_string!(l, reconcile.every_province).to_owned()),
        code => {
            let place = reader.place(&PlaceCode::new(code)).await?.ok_or(NotFound)?;
            (Some(place.code), place.name.of(lang).to_owned())
        }
    };
    let word: String = visit.param("kind")?;
    let (kind, kind_words) = match word.as_str() {
        ALL => (None, td_string!(l, reconcile.every_kind)),
        word => {
            let kind = MaterialKind::parse(word).ok_or(NotFound)?;
            (Some(kind), kind_name(kind, l))
        }
    };
    let given = reader.given_lines(month, province.as_ref(), kind).await?;
    let sum: i64 = given.lines.iter().map(|line| line.pieces).sum();
    let fact = Fact::new(td_string!(l, reconcile.given), lang.number(sum))
        .unit(td_string!(l, reconcile.pieces_unit))
        .sentence(format!("{place_name} · {kind_words}"));
    let cut = given.cut.then(|| view! { <p>{td_string!(l, reconcile.behind_cut)}</p> });
    let table = given_table(&visit, &given.lines);
    let title = td_string!(l, reconcile.behind);
    let subtitle = td_string!(l, reconcile.places);
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=crumbs(month, l, lang) subtitle/>
            <ui::Facts facts=vec![fact]/>
            <ui::Sheet>{cut}{table}</ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn given_table(visit: &Visit, lines: &[GivenLine]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let columns = vec![
        Head::text(td_string!(l, reconcile.date)),
        Head::text(td_string!(l, reconcile.given_at)),
        Head::text(td_string!(l, reconcile.material)),
        Head::text(td_string!(l, reconcile.channel)),
        Head::number(td_string!(l, reconcile.pieces)),
    ];
    let events = leads_somewhere("/events/{id}", visit);
    let drops = leads_somewhere("/drops/{id}", visit);
    let row = |line: &GivenLine| {
        let at = match line.at {
            GivenAt::Event(id) if events => Cell::link(format!("/events/{id}"), &line.number),
            GivenAt::Drop(id) if drops => Cell::link(format!("/drops/{id}"), &line.number),
            GivenAt::Event(_) | GivenAt::Drop(_) => Cell::text(&line.number),
        };
        Row::new(vec![
            Cell::day(line.occurred_at.day(), lang),
            at,
            Cell::text(&line.title).below(grouped(&line.batch_code)),
            Cell::text(channel_name(line.channel, l)),
            Cell::number(line.pieces, lang),
        ])
    };
    let rows: Vec<Row> = lines.iter().map(row).collect();
    view! { <ui::DataTable caption=td_string!(l, reconcile.given_caption) columns rows/> }
        .into_any()
}

/// `/reconcile/{month}/ordered/{material}`: the print runs behind what was ordered.
pub async fn ordered(visit: Visit) -> PageResult {
    let (l, lang, month) = (visit.locale, visit.lang(), month_of(&visit)?);
    let (what, what_name) = what_of(&visit, "material").await?;
    let mut runs = visit.reader()?.runs().await?;
    runs.retain(|run| {
        run.ordered_on.month() == month
            && match what {
                What::Everything => true,
                What::Kind(kind) => run.kind == kind,
                What::Material(material) => run.material == material,
            }
    });
    let columns = vec![
        Head::text(td_string!(l, reconcile.date)),
        Head::text(td_string!(l, reconcile.run)),
        Head::text(td_string!(l, reconcile.material)),
        Head::number(td_string!(l, reconcile.ordered)),
    ];
    let sum: i64 = runs.iter().map(|run| run.progress.ordered.get()).sum();
    let rows = runs.iter().map(|run| {
        Row::new(vec![
            Cell::day(run.ordered_on, lang),
            Cell::link(format!("/runs/{}", run.id), &run.number),
            Cell::text(&run.title).below(run.short_number.clone()),
            Cell::number(run.progress.ordered.get(), lang),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let name = td_string!(l, reconcile.ordered);
    let fact = Fact::new(name, lang.number(sum))
        .unit(td_string!(l, reconcile.pieces_unit))
        .sentence(what_name);
    let title = td_string!(l, reconcile.behind);
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=crumbs(month, l, lang) subtitle=name/>
            <ui::Facts facts=vec![fact]/>
            <ui::Sheet>
                <ui::DataTable caption=td_string!(l, reconcile.ordered_caption) columns rows/>
            </ui::Sheet>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
