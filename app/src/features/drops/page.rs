use super::held;
use crate::error::PageError;
use crate::features::events::editor::place_choices;
use crate::features::events::goods;
use crate::features::events::words::{public_place_choices, public_place_name};
use crate::features::home::held::held_notice;
use crate::features::receipts::editor::{only, store_choices};
use crate::features::records::page::mistake;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::long_list;
use crate::page::{Page, PageResult};
use crate::posting::{asked, today};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use domain::ids::DropId;
use domain::ids::{RecordId, StoreId};
use domain::role::Permission;
use domain::time::Month;
use leptos::prelude::*;
use stock::events::{DropDetail, DropFilter, DropLine, DropRow};
use stock::records::Confirmation;

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/drops", td_string!(l, drops.title))
}

pub(super) fn path(drop: DropId) -> String {
    format!("/drops/{drop}")
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let month = visit.query("month").and_then(Month::parse);
    let after = visit.query("after").and_then(|id| id.parse().ok());
    let filter = DropFilter { month, after, ..DropFilter::default() };
    let found = visit.reader()?.drops(&filter, long_list::ROWS + 1).await?;
    let (drops, more) = long_list::page(found);
    let last = drops.last().filter(|_| more).map(|last| last.id);
    let pager = long_list::pager(&visit, "after", last, &["month"]);
    let may = visit.may(Permission::RunEvents);
    let title = td_string!(l, drops.title);
    let content = if drops.is_empty() {
        empty(l, filter != DropFilter::default(), may)
    } else {
        let columns = vec![
            Column::text(td_string!(l, drops.number)),
            Column::text(td_string!(l, drops.place)),
            Column::text(td_string!(l, drops.day)),
            Column::text(td_string!(l, drops.store)),
            Column::number(td_string!(l, drops.pieces)),
            Column::text(td_string!(l, drops.state)),
        ];
        let row = |row: &DropRow| {
            Row::new(vec![
                Cell::link(path(row.id), row.number.clone()),
                Cell::text(row.place_name.of(lang)).below(public_place_name(l, row.kind)),
                Cell::day(row.day, lang),
                Cell::text(&row.store_name),
                Cell::number(row.pieces, lang),
                Cell::view(badge(l, row)).state().below(marks(l, row)),
            ])
        };
        let rows: Vec<Row> = drops.iter().map(row).collect();
        view! {
            <ui::Sheet>
                <ui::DataTable caption=title hide_caption=true columns rows/>
                {pager}
            </ui::Sheet>
        }
        .into_any()
    };
    let month = visit.query("month").unwrap_or_default().to_owned();
    let events = ui::Link::new("/events", td_string!(l, events.title));
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, drops.subtitle) crumbs=vec![events]>
                {may.then(|| view! {
                    <ui::ButtonLink href="/drops/new" main=true label=td_string!(l, drops.new)/>
                })}
            </ui::PageHead>
            <ui::Filters action="/drops" label=td_string!(l, events.filters)
                submit=td_string!(l, events.show)>
                <ui::DateField name="month" label=td_string!(l, events.month) month=true
                    value=month/>
            </ui::Filters>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn empty(l: Locale, is_filtered: bool, may: bool) -> AnyView {
    if is_filtered {
        let action = ui::Link::new("/drops", td_string!(l, events.show_all));
        return view! { <ui::Empty title=td_string!(l, drops.none_fits) action/> }.into_any();
    }
    let (title, text) = (td_string!(l, drops.empty), td_string!(l, drops.empty_text));
    if may {
        let action = ui::Link::new("/drops/new", td_string!(l, drops.new));
        view! { <ui::Empty title text action/> }.into_any()
    } else {
        view! { <ui::Empty title text/> }.into_any()
    }
}

fn badge(l: Locale, row: &DropRow) -> AnyView {
    let (label, tone) = if row.is_reversed {
        (td_string!(l, events.taken_back), Tone::Quiet)
    } else if row.held.is_some() {
        (td_string!(l, events.sheet_held), Tone::Warn)
    } else if row.is_dropped {
        (td_string!(l, events.sheet_dropped), Tone::Quiet)
    } else {
        (td_string!(l, events.sheet_posted), Tone::Good)
    };
    view! { <ui::Badge label tone/> }.into_any()
}

fn marks(l: Locale, row: &DropRow) -> String {
    let marks = [
        (row.assumed, td_string!(l, events.assumed)),
        (row.on_behalf, td_string!(l, events.on_behalf)),
    ];
    let marks = marks.into_iter().filter(|(is, _)| *is).map(|(_, words)| words);
    marks.collect::<Vec<_>>().join(" · ")
}

pub async fn new(visit: Visit) -> PageResult {
    let l = visit.locale;
    let form = visit.form().await?;
    let reader = visit.reader()?;
    let (stores, materials) = (reader.stores().await?, reader.materials().await?);
    let places = place_choices(l, visit.lang(), &reader.places().await?);
    let stores = store_choices(&stores);
    let store = form.or("store", only(&stores));
    // What must stay where it is depends on the store.
    let warning = match store.parse::<StoreId>() {
        Ok(store) => goods::recalled(&visit, store).await?,
        Err(_) => None,
    };
    let goods = goods::fields(&visit, &form, &materials, Vec::new(), warning).await?;
    let date = form.or("date", today(&visit));
    let title = td_string!(l, drops.new);
    let confirm = asked(&form, td_string!(l, errors.confirm));
    let cancel = ui::Link::new("/drops", td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let (where_, note) = (where_fields(l, &form, places), form.value("note"));
    let [store_error, date_error] = ["store", "date"].map(|name| form.error(name));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=td_string!(l, drops.new_text) crumbs=vec![list_link(l)]/>
            <ui::Form action="/drops/new" error_title errors record>
                <ui::FieldRow>
                    <ui::SelectField name="store" label=td_string!(l, drops.store) choices=stores
                        value=store prompt=td_string!(l, events.choose) error=store_error/>
                    <ui::DateField name="date" label=td_string!(l, drops.day) value=date
                        error=date_error/>
                </ui::FieldRow>
                {where_}
                {goods}
                <ui::TextArea name="note" label=td_string!(l, events.note) value=note rows=2
                    no_names=td_string!(l, events.no_names)
                    optional=td_string!(l, reference.optional)/>
                {confirm}
                <ui::SubmitBar label=td_string!(l, drops.record) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn where_fields(l: Locale, form: &FormState, places: Vec<ui::Choice>) -> AnyView {
    let [place, kind, count] =
        ["place", "kind", "places"].map(|name| (form.value(name), form.error(name)));
    view! {
        <ui::SelectField name="place" label=td_string!(l, drops.place) choices=places
            value=place.0 prompt=td_string!(l, events.choose) error=place.1/>
        <ui::FieldRow>
            <ui::SelectField name="kind" label=td_string!(l, events.public_kind)
                choices=public_place_choices(l) value=kind.0 prompt=td_string!(l, events.choose)
                error=kind.1/>
            <ui::NumberField name="places" label=td_string!(l, events.public_places)
                value=count.0 error=count.1 optional=td_string!(l, reference.optional)/>
        </ui::FieldRow>
    }
    .into_any()
}

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let id: DropId = visit.param("id")?;
    let reader = visit.reader()?;
    let drop = reader.drop_off(id).await?.ok_or(PageError::NotFound)?;
    let materials = reader.materials().await?;
    let confirmation = reader.confirmation(RecordId::new(id.uuid())).await?;
    let confirm = visit.form_of(&format!("{}/confirm", path(id))).await?;
    let number = drop.row.number.clone();
    let heading = number.clone();
    let subtitle = format!(
        "{} · {}",
        drop.row.place_name.of(visit.lang()),
        public_place_name(l, drop.row.kind)
    );
    let decide = visit.form_of(&format!("{}/decide", path(id))).await?;
    // Somebody else may have decided while the form was open.
    let too_late = drop.row.held.is_none().then(|| {
        view! { <ui::ErrorSummary title=decide.title() errors=decide.errors()/> }
    });
    let held = held::notice(&visit, &drop, &materials, &decide);
    let moved = held_notice(&visit, &path(id)).await?;
    let mistake = mistake(&visit, drop.posted_by).await?;
    let waits = waits(&visit, id, confirmation);
    let lacked = lacked(&visit, &drop);
    let facts = facts(&visit, &drop);
    let lines = match drop.row.held.is_some() || drop.row.is_dropped {
        true => held::said(&visit, td_string!(l, drops.said), &drop.said, &materials).await?,
        false => lines(&visit, &drop),
    };
    let state = badge(l, &drop.row);
    let state = std::sync::Mutex::new(Some(state));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle crumbs=vec![list_link(l)]
                status=move || state.lock().ok().and_then(|mut state| state.take())/>
            <ui::ErrorSummary title=confirm.title() errors=confirm.errors()/>
            {too_late}
            {held}
            {moved}
            {waits}
            {lacked}
            {lines}
            <ui::Sheet><ui::Definitions items=facts/></ui::Sheet>
            {mistake}
        </ui::Page>
    };
    Ok(Page::new(number, body))
}

/// "On behalf, to confirm", with the button of whoever may confirm it.
fn waits(visit: &Visit, id: DropId, confirmation: Confirmation) -> Option<AnyView> {
    let l = visit.locale;
    let Confirmation::Waiting { by_me } = confirmation else { return None };
    let button = by_me.then(|| {
        let record = visit.stock().world().new_id().to_string();
        let sends = vec![("record".to_owned(), record)];
        let action = format!("{}/confirm", path(id));
        view! { <ui::PostButton action sends label=td_string!(l, events.confirm)/> }
    });
    Some(
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, drops.to_confirm)>{button}</ui::Notice>
        }
        .into_any(),
    )
}

/// That the store did not have all of it in the books, until that is explained.
fn lacked(visit: &Visit, drop: &DropDetail) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    let count = drop.lacked;
    if count == 0 || drop.row.is_reversed {
        return None;
    }
    let title = td_string!(l, drops.lacked, count = count, pieces = lang.number(count));
    let href = format!("/unexplained?store={}", drop.row.store);
    Some(
        view! {
            <ui::Notice tone=Tone::Warn title>
                <a href=href>{td_string!(l, drops.see_unexplained)}</a>
            </ui::Notice>
        }
        .into_any(),
    )
}

fn facts(visit: &Visit, drop: &DropDetail) -> Vec<Definition> {
    let (l, lang) = (visit.locale, visit.lang());
    let row = &drop.row;
    let day = row.day;
    let mut items = vec![
        Definition::new(td_string!(l, drops.day), view! { <ui::DayText day lang/> }),
        Definition::new(td_string!(l, drops.store), row.store_name.clone()),
        Definition::new(td_string!(l, drops.place), row.place_name.of(lang).to_owned()),
        Definition::new(td_string!(l, events.public_kind), public_place_name(l, row.kind)),
    ];
    if let Some(places) = row.places {
        items.push(Definition::new(td_string!(l, events.public_places), lang.number(places)));
    }
    let marks = marks(l, row);
    if !marks.is_empty() {
        items.push(Definition::new(td_string!(l, drops.marked), marks));
    }
    if let Some(note) = &drop.note {
        items.push(Definition::new(td_string!(l, events.note), note.clone()));
    }
    items
}

fn lines(visit: &Visit, drop: &DropDetail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let title = td_string!(l, drops.left);
    if drop.lines.is_empty() {
        return view! { <ui::Sheet title><p>{td_string!(l, drops.nothing)}</p></ui::Sheet> }
            .into_any();
    }
    let columns = vec![
        Column::text(td_string!(l, events.material)),
        Column::number(td_string!(l, drops.pieces)),
    ];
    let row = |line: &DropLine| {
        let material = Cell::text(&line.title).below(line.short_number.as_str());
        Row::new(vec![material, Cell::number(line.pieces, lang)])
    };
    let rows: Vec<Row> = drop.lines.iter().map(row).collect();
    view! {
        <ui::Sheet title>
            <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
        </ui::Sheet>
    }
    .into_any()
}
