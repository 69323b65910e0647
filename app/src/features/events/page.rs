//! The list of events, and the page of one.

pub use super::detail::show;
use super::words::{badge, path, state_name};
use crate::i18n::{Locale, td_string};
use crate::long_list;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Row, Tone};
use domain::events::EventState;
use domain::role::{Permission, PlaceCode};
use domain::time::Month;
use leptos::prelude::*;
use stock::events::{EventFilter, EventRow};
use stock::reference::places::Place;

pub async fn list(visit: Visit) -> PageResult {
    let l = visit.locale;
    let filter = filter(&visit);
    let reader = visit.reader()?;
    let (events, more) = long_list::page(reader.events(&filter, long_list::ROWS + 1).await?);
    let last = events.last().filter(|_| more).map(|last| last.id);
    let pager = long_list::pager(&visit, "after", last, &["month", "state", "province", "only"]);
    let provinces = reader.provinces().await?;
    let may_plan = visit.may(Permission::RunEvents);
    let title = td_string!(l, events.title);
    let is_filtered = filter != EventFilter::default();
    let content = if events.is_empty() {
        empty(l, is_filtered, may_plan)
    } else {
        let rows: Vec<Row> = events.iter().map(|event| row(&visit, event)).collect();
        let columns = vec![
            Column::text(td_string!(l, events.event)),
            Column::text(td_string!(l, events.place)),
            Column::text(td_string!(l, events.day)),
            Column::text(td_string!(l, events.partner)),
            Column::number(td_string!(l, events.expected)),
            Column::text(td_string!(l, events.state)),
        ];
        view! {
            <ui::Sheet>
                <ui::DataTable caption=title hide_caption=true columns rows/>
                {pager}
            </ui::Sheet>
        }
        .into_any()
    };
    let filters = filters(&visit, &filter, &provinces);
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, events.subtitle)>
                <ui::ButtonLink href="/drops" label=td_string!(l, drops.title)/>
                {may_plan.then(|| view! {
                    <ui::ButtonLink href="/events/new" main=true label=td_string!(l, events.new)/>
                })}
            </ui::PageHead>
            {filters}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn filter(visit: &Visit) -> EventFilter {
    EventFilter {
        month: visit.query("month").and_then(Month::parse),
        province: visit.query("province").map(PlaceCode::new),
        state: visit.query("state").and_then(EventState::parse),
        org: None,
        waiting: visit.query("only") == Some("waiting"),
        uncounted: visit.query("only") == Some("uncounted"),
        counted_twice: visit.query("only") == Some("counted_twice"),
        after: visit.query("after").and_then(|id| id.parse().ok()),
    }
}

fn filters(visit: &Visit, filter: &EventFilter, provinces: &[Place]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let state = |state: &EventState| Choice::new(state.as_str(), state_name(l, *state));
    let states: Vec<Choice> = EventState::ALL.iter().map(state).collect();
    let province = |place: &Place| Choice::new(place.code.as_str(), place.name.of(lang));
    let provinces: Vec<Choice> = provinces.iter().map(province).collect();
    let month = visit.query("month").unwrap_or_default().to_owned();
    let all = td_string!(l, events.all);
    let state = filter.state.map(EventState::as_str);
    let only = [
        ("waiting", td_string!(l, events.only_waiting)),
        ("uncounted", td_string!(l, events.only_uncounted)),
        ("counted_twice", td_string!(l, events.only_counted_twice)),
    ];
    let only: Vec<Choice> = only.map(|(value, label)| Choice::new(value, label)).into();
    let only_value = visit.query("only").unwrap_or_default().to_owned();
    let chosen = filter.province.as_ref().map(|code| code.as_str().to_owned());
    view! {
        <ui::Filters action="/events" label=td_string!(l, events.filters)
            submit=td_string!(l, events.show)>
            <ui::DateField name="month" label=td_string!(l, events.month) month=true value=month/>
            <ui::SelectField name="state" label=td_string!(l, events.state) choices=states
                value=state prompt=all/>
            <ui::SelectField name="province" label=td_string!(l, events.province)
                choices=provinces value=chosen prompt=all/>
            <ui::SelectField name="only" label=td_string!(l, events.only) choices=only
                value=only_value prompt=all/>
        </ui::Filters>
    }
    .into_any()
}

fn empty(l: Locale, is_filtered: bool, may_plan: bool) -> AnyView {
    if is_filtered {
        let action = ui::Link::new("/events", td_string!(l, events.show_all));
        return view! { <ui::Empty title=td_string!(l, events.none_fits) action/> }.into_any();
    }
    let title = td_string!(l, events.empty);
    if may_plan {
        let action = ui::Link::new("/events/new", td_string!(l, events.new));
        view! { <ui::Empty title text=td_string!(l, events.empty_text) action/> }.into_any()
    } else {
        view! { <ui::Empty title text=td_string!(l, events.empty_reader)/> }.into_any()
    }
}

fn row(visit: &Visit, event: &EventRow) -> Row {
    let (l, lang) = (visit.locale, visit.lang());
    let expected = event.expected_people.map(|people| Cell::number(people, lang));
    let state = Cell::view(badge(l, event.state)).state();
    let waits = event.sheets_kept + event.sheets_held;
    let waits = (waits > 0).then(|| td_string!(l, events.waits, count = waits));
    let goods = event.goods_held;
    let goods = (goods > 0).then(|| td_string!(l, events.goods_wait, count = goods));
    let below: Vec<String> = waits.into_iter().chain(goods).collect();
    let state = match below.is_empty() {
        true => state,
        false => state.below(below.join(" · ")).tone(Tone::Warn),
    };
    let province = (event.province != event.place).then(|| event.province_name.of(lang));
    Row::new(vec![
        Cell::link(path(event.id), event.number.clone()).below(event.type_name.as_str()),
        Cell::text(event.place_name.of(lang)).below(province),
        Cell::day(event.held_on.unwrap_or(event.planned_on), lang),
        Cell::text(&event.org_name),
        expected.unwrap_or_else(Cell::blank),
        state,
    ])
}
