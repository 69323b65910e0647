//! `/held` and `/held/{id}`.

use super::words;
use crate::error::PageError;
use crate::features::records::words as record_words;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::long_list;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Definition, Row, Tone};
use domain::held::{Dropped, Ruling};
use domain::ids::RecordId;
use leptos::prelude::*;
use stock::held::{Decided, HeldEntry};

pub(super) fn path(id: RecordId) -> String {
    format!("/held/{id}")
}

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/held", td_string!(l, held.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let cursor = |name| visit.query(name).and_then(|id| id.parse().ok());
    let most = long_list::ROWS + 1;
    let (waiting, more_wait) = long_list::page(reader.held_waiting(cursor("after"), most).await?);
    let (decided, more_decided) =
        long_list::page(reader.held_decided(cursor("before"), most).await?);
    let pager = |name, entries: &[HeldEntry], more: bool| {
        let last = entries.last().filter(|_| more).map(|entry| entry.id);
        long_list::pager(&visit, name, last, &[])
    };
    let (wait_pager, decided_pager) =
        (pager("after", &waiting, more_wait), pager("before", &decided, more_decided));
    let title = td_string!(l, held.title);
    // What stood on a later page may have been decided since: there "nothing is held" would be wrong.
    let content = if waiting.is_empty() && visit.query("after").is_none() {
        view! { <ui::Empty title=td_string!(l, held.none) text=td_string!(l, held.none_text)/> }
            .into_any()
    } else {
        let table = table(&visit, title, waiting);
        view! { <ui::Sheet>{table}{wait_pager}</ui::Sheet> }.into_any()
    };
    let decided = (!decided.is_empty()).then(|| {
        let title = td_string!(l, held.decided);
        let table = table(&visit, title, decided);
        view! { <ui::Sheet title>{table}{decided_pager}</ui::Sheet> }
    });
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, held.subtitle)/>
            {content}
            {decided}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, caption: &'static str, entries: Vec<HeldEntry>) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let row = |entry: &HeldEntry| {
        let (state, tone) = words::state(entry, l);
        let goods: Vec<String> =
            entry.goods.iter().map(|goods| words::goods(goods, l, lang)).collect();
        let arrived = view! { <ui::MomentText moment=entry.arrived_at lang/> };
        Row::new(vec![
            Cell::link(path(entry.id), record_words::kind(&entry.kind, l)).below(goods.join(" · ")),
            Cell::text(words::about(entry)),
            Cell::day(entry.occurred_at.day(), lang),
            Cell::text(record_words::author(&entry.by, l)).below(words::why(entry.why, l)),
            Cell::view(arrived),
            Cell::badge(state, tone),
        ])
    };
    let rows: Vec<Row> = entries.iter().map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, held.what)),
        Column::text(td_string!(l, held.about)),
        Column::text(td_string!(l, records.happened)),
        Column::text(td_string!(l, records.by)),
        Column::text(td_string!(l, held.arrived)),
        Column::text(td_string!(l, records.state)),
    ];
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let id: RecordId = visit.param("id")?;
    let entry = visit.reader()?.held_record(id).await?.ok_or(PageError::NotFound)?;
    let form = visit.form_of(&format!("{}/decide", path(id))).await?;
    let title = record_words::kind(&entry.kind, l);
    let head = match &entry.decided {
        None => view! {
            <ui::Notice tone=Tone::Warn title=words::why(entry.why, l)>
                {words::why_text(entry.why, l)}
            </ui::Notice>
        }
        .into_any(),
        Some(decided) => outcome(&visit, id, decided),
    };
    let decision = match &entry.decided {
        // Somebody else may have decided while the form was open.
        Some(_) => view! { <ui::ErrorSummary title=form.title() errors=form.errors()/> }.into_any(),
        None if entry.may_decide => decision(&visit, id, &form),
        None => view! { <ui::Notice tone=Tone::Warn title=td_string!(l, held.others)/> }.into_any(),
    };
    let goods = goods(&visit, &entry);
    let items = facts(&visit, &entry);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs=vec![list_link(l)]/>
            {head}
            <ui::Sheet title=td_string!(l, records.said)><ui::Definitions items/></ui::Sheet>
            {goods}
            {decision}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn outcome(visit: &Visit, id: RecordId, decided: &Decided) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let (by, day) = (record_words::author(&decided.by, l), lang.day(decided.at.day()));
    match decided.ruling {
        Ruling::Post => {
            let title = td_string!(l, held.posted_by, by = by, day = day).to_string();
            view! {
                <ui::Notice tone=Tone::Good title>
                    <a href=record_words::path(id)>{td_string!(l, held.to_record)}</a>
                </ui::Notice>
            }
            .into_any()
        }
        Ruling::Drop(why) => {
            let title = td_string!(l, held.dropped_by, by = by, day = day).to_string();
            view! { <ui::Notice title>{words::dropped(why, l)}</ui::Notice> }.into_any()
        }
    }
}

fn facts(visit: &Visit, entry: &HeldEntry) -> Vec<Definition> {
    let (l, lang) = (visit.locale, visit.lang());
    let day = entry.occurred_at.day();
    let mut items = vec![
        Definition::new(
            td_string!(l, records.happened),
            view! { <ui::DayText day=day lang inline=true/> },
        ),
        Definition::new(
            td_string!(l, held.arrived),
            view! { <ui::MomentText moment=entry.arrived_at lang/> },
        ),
        Definition::new(td_string!(l, records.by), record_words::author(&entry.by, l)),
    ];
    if let Some(sender) = &entry.sent_by {
        items
            .push(Definition::new(td_string!(l, records.sent_by), record_words::author(sender, l)));
    }
    let linked = |path: String, words: String| view! { <a href=path>{words}</a> };
    if let Some((id, number)) = entry.event.clone() {
        let event = linked(format!("/events/{id}"), number);
        items.push(Definition::new(td_string!(l, held.event), event));
    }
    if let Some((id, number)) = entry.consignment.clone() {
        let consignment = linked(format!("/consignments/{id}"), number);
        items.push(Definition::new(td_string!(l, held.consignment), consignment));
    }
    if let Some((id, name)) = entry.store.clone() {
        let store = linked(format!("/stock/stores/{id}"), name);
        items.push(Definition::new(td_string!(l, held.store), store));
    }
    if let Some(note) = entry.note.clone() {
        items.push(Definition::new(td_string!(l, records.note), note));
    }
    items
}

fn goods(visit: &Visit, entry: &HeldEntry) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    if entry.goods.is_empty() {
        return None;
    }
    let row = |goods: &stock::held::HeldGoods| {
        let label = goods.code.map(|code| code.grouped());
        let title = goods.title.clone().or_else(|| label.clone());
        let title = title.unwrap_or_else(|| td_string!(l, held.unknown_goods).to_owned());
        let below = [goods.short_number.clone(), label].into_iter().flatten();
        let pieces = goods.pieces.map_or_else(Cell::blank, |pieces| Cell::number(pieces, lang));
        Row::new(vec![Cell::text(title).below(below.collect::<Vec<_>>().join(" · ")), pieces])
    };
    let rows: Vec<Row> = entry.goods.iter().map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, events.material)),
        Column::number(td_string!(l, drops.pieces)),
    ];
    let title = td_string!(l, held.goods);
    Some(
        view! {
            <ui::Sheet title>
                <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
            </ui::Sheet>
        }
        .into_any(),
    )
}

fn decision(visit: &Visit, id: RecordId, form: &FormState) -> AnyView {
    let l = visit.locale;
    let post = Choice::new(Ruling::Post.word(), td_string!(l, held.post))
        .hint(td_string!(l, held.post_hint));
    let drop = |why: Dropped| {
        Choice::new(why.word(), words::dropped(why, l)).hint(words::dropped_hint(why, l))
    };
    let choices: Vec<Choice> = [post].into_iter().chain(Dropped::ALL.map(drop)).collect();
    let (error_title, errors) = (form.title(), form.errors());
    let (value, error) = (form.value("decision"), form.error("decision"));
    view! {
        <ui::Sheet title=td_string!(l, held.decide_title) id="decide">
            <ui::Form action=format!("{}/decide", path(id)) error_title errors>
                <ui::RadioCards name="decision" label=td_string!(l, events.decide) choices
                    value error/>
                <ui::SubmitBar label=td_string!(l, events.decide_now)
                    note=td_string!(l, held.final_note)/>
            </ui::Form>
        </ui::Sheet>
    }
    .into_any()
}
