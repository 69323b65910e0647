//! `/recalls`, `/recalls/new` and `/recalls/{id}`.

use crate::error::PageError;
use crate::features::materials::numbered;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asks, today};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Fact, Row, Tone};
use domain::calendar::Lang;
use domain::ids::{RecordId, StoreId};
use domain::records::recall::{RecallMode, ToldHow};
use domain::reference::Standing;
use domain::role::Permission;
use domain::time::Millis;
use leptos::prelude::*;
use stock::recall::{Recall, RecallError, RecallHolder};

impl From<RecallError> for PageError {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::Record(error) => error.into(),
            other @ (RecallError::AlreadyRecalled | RecallError::Over) => {
                Self::Internal(other.to_string())
            }
        }
    }
}

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/recalls", td_string!(l, recall.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let recalls = reader.recalls().await?;
    let title = td_string!(l, recall.title);
    let new = reader
        .may_everywhere(Permission::Recall)
        .then(|| ui::Link::new("/recalls/new", td_string!(l, recall.new)));
    let button = new.clone().filter(|_| !recalls.is_empty()).map(|new| {
        view! { <ui::ButtonLink href=new.href label=new.label main=true/> }
    });
    let who =
        new.is_none().then(|| view! { <p class="hint">{td_string!(l, recall.who_recalls)}</p> });
    let content = if recalls.is_empty() {
        let text = td_string!(l, recall.empty_text);
        crate::features::reference::empty(td_string!(l, recall.empty), text, new)
    } else {
        let columns = vec![
            Column::text(td_string!(l, recall.edition)),
            Column::text(td_string!(l, recall.mode)),
            Column::text(td_string!(l, recall.called)),
            Column::text(td_string!(l, records.state)),
        ];
        let rows = recalls.iter().map(|recall| recall_row(l, lang, recall)).collect();
        view! {
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, recall.subtitle)>{button}</ui::PageHead>
            {content}
            {who}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn mode_name(l: Locale, mode: &str) -> &'static str {
    match RecallMode::parse(mode) {
        Some(RecallMode::UseUp) => td_string!(l, recall.use_up),
        Some(RecallMode::StopNow) | None => td_string!(l, recall.stop_now),
    }
}

fn state(l: Locale, recall: &Recall) -> (&'static str, Tone) {
    match recall.over {
        true => (td_string!(l, recall.over), Tone::Quiet),
        false => (td_string!(l, recall.lasts), Tone::Warn),
    }
}

fn recall_row(l: Locale, lang: Lang, recall: &Recall) -> Row {
    let (label, tone) = state(l, recall);
    Row::new(vec![
        Cell::link(path(recall.record_id.into()), &recall.title)
            .below(format!("{} · {}", recall.short_number, recall.edition)),
        Cell::text(mode_name(l, &recall.mode)),
        Cell::day(Millis(recall.called_at).day(), lang),
        Cell::badge(label, tone),
    ])
}

pub fn path(recall: RecordId) -> String {
    format!("/recalls/{recall}")
}

/// `/recalls/new?material=ID`
pub async fn new(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    if !reader.may_everywhere(Permission::Recall) {
        return Err(PageError::NotFound);
    }
    let materials = reader.materials().await?;
    let form = visit.form().await?;
    let used = materials.iter().filter(|material| material.standing == Standing::InUse);
    let choices =
        used.map(|m| Choice::new(m.id.to_string(), format!("{} ({})", m.title, numbered(l, m))));
    let choices: Vec<Choice> = choices.collect();
    let modes = vec![
        Choice::new(RecallMode::StopNow.as_str(), td_string!(l, recall.stop_now))
            .hint(td_string!(l, recall.stop_now_hint)),
        Choice::new(RecallMode::UseUp.as_str(), td_string!(l, recall.use_up))
            .hint(td_string!(l, recall.use_up_hint)),
    ];
    let title = td_string!(l, recall.new);
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let material = form.or("material", visit.query("material").unwrap_or_default());
    let (mode, note) = (form.value("mode"), form.value("note"));
    let [material_wrong, mode_wrong] = ["material", "mode"].map(|name| form.error(name));
    let cancel = ui::Link::new("/recalls", td_string!(l, common.cancel));
    let sure = asks(&form, td_string!(l, recall.sure_recall));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs=vec![list_link(l)] subtitle=td_string!(l, recall.intro)/>
            <ui::Form action="/recalls/new" error_title errors record>
                <ui::SelectField name="material" label=td_string!(l, recall.edition) choices
                    value=material prompt=td_string!(l, recall.choose_edition)
                    error=material_wrong/>
                <ui::RadioCards name="mode" label=td_string!(l, recall.how_urgent) choices=modes
                    value=mode error=mode_wrong/>
                <ui::TextArea name="note" label=td_string!(l, records.note) rows=2 value=note
                    no_names=td_string!(l, receipts.no_names)
                    optional=td_string!(l, reference.optional)/>
                {sure}
                <ui::SubmitBar label=td_string!(l, recall.call) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// Who holds it, how each was told, whether he has stopped, and what came back or was destroyed.
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: RecordId = visit.param("id")?;
    let reader = visit.reader()?;
    let (recall, holders) = reader.recall_holders(id).await?;
    let ends = reader.may_everywhere(Permission::Recall) && !recall.over;
    let form = visit.form_of(&format!("{}/step", path(id))).await?;
    let ending = visit.form_of(&format!("{}/end", path(id))).await?;
    let step = (!recall.over && !holders.is_empty()).then(|| step(&visit, id, &form, &holders));
    let end = ends.then(|| end(&visit, id, &ending));
    let (label, tone) = state(l, &recall);
    let title = recall.title.clone();
    let heading = title.clone();
    let (mode, day) = (mode_name(l, &recall.mode), lang.day(Millis(recall.called_at).day()));
    let subtitle = format!("{} · {} · {mode} · {day}", recall.short_number, recall.edition);
    let facts = facts(l, lang, &holders);
    let content = match holders.is_empty() {
        true => view! { <p>{td_string!(l, recall.nobody)}</p> }.into_any(),
        false => holder_table(l, lang, &holders),
    };
    let said = crate::features::records::words::path(id);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=vec![list_link(l)]
                status=move || view! { <ui::Badge label tone/> }>
                <ui::ButtonLink href=said label=td_string!(l, records.record)/>
            </ui::PageHead>
            <ui::Facts facts/>
            <ui::Sheet>{content}</ui::Sheet>
            {step}
            {end}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn facts(l: Locale, lang: Lang, holders: &[RecallHolder]) -> Vec<Fact> {
    let unit = td_string!(l, runs.pieces);
    let sum = |of: fn(&RecallHolder) -> i64| lang.number(holders.iter().map(of).sum());
    let holding = holders.iter().filter(|holder| holder.pieces > 0);
    let open = holding.filter(|holder| holder.stopped_at.is_none()).count() as i64;
    let tone = if open > 0 { Tone::Warn } else { Tone::Good };
    vec![
        Fact::new(td_string!(l, recall.still_held), sum(|h| h.pieces)).unit(unit),
        Fact::new(td_string!(l, recall.not_stopped), lang.number(open)).tone(tone),
        Fact::new(td_string!(l, recall.returned), sum(|h| h.returned)).unit(unit),
        Fact::new(td_string!(l, recall.destroyed), sum(|h| h.destroyed)).unit(unit),
    ]
}

fn holder_table(l: Locale, lang: Lang, holders: &[RecallHolder]) -> AnyView {
    let columns = vec![
        Column::text(td_string!(l, recall.holder)),
        Column::number(td_string!(l, recall.pieces)),
        Column::text(td_string!(l, recall.told)),
        Column::text(td_string!(l, recall.stopped)),
        Column::number(td_string!(l, recall.returned)),
        Column::number(td_string!(l, recall.destroyed)),
    ];
    let day = |at: Option<i64>| at.map(|at| lang.day(Millis(at).day()));
    let rows = holders.iter().map(|holder| {
        let told = match day(holder.told_at) {
            Some(day) => {
                let how = holder.told_how.as_deref().and_then(ToldHow::parse);
                Cell::text(day).below(how.map(|how| told_how(l, how)))
            }
            None if holder.pieces > 0 => Cell::badge(td_string!(l, recall.not_yet), Tone::Warn),
            None => Cell::blank(),
        };
        let stopped = match day(holder.stopped_at) {
            Some(day) => Cell::text(day),
            None if holder.pieces > 0 => Cell::badge(td_string!(l, recall.not_yet), Tone::Warn),
            None => Cell::text(td_string!(l, recall.holds_none)),
        };
        let store = StoreId::new(holder.store_id);
        Row::new(vec![
            Cell::link(crate::features::stock::page::store_path(store), &holder.store_name)
                .below(holder.org_name.clone()),
            Cell::number(holder.pieces, lang),
            told,
            stopped,
            Cell::number(holder.returned, lang),
            Cell::number(holder.destroyed, lang),
        ])
    });
    let rows = rows.collect();
    view! { <ui::DataTable caption=td_string!(l, recall.caption) columns rows/> }.into_any()
}

pub(super) fn told_how(l: Locale, how: ToldHow) -> &'static str {
    match how {
        ToldHow::Phone => td_string!(l, recall.by_phone),
        ToldHow::Message => td_string!(l, recall.by_message),
        ToldHow::Letter => td_string!(l, recall.by_letter),
        ToldHow::InPerson => td_string!(l, recall.in_person),
    }
}

/// One step at one holder: told, and how; or stopped.
fn step(visit: &Visit, id: RecordId, form: &FormState, holders: &[RecallHolder]) -> AnyView {
    let l = visit.locale;
    let stores =
        holders.iter().map(|holder| Choice::new(holder.store_id.to_string(), &holder.store_name));
    let stores: Vec<Choice> = stores.collect();
    let mut steps = Vec::new();
    if visit.may(Permission::Recall) {
        steps.extend(ToldHow::ALL.map(|how| {
            let words = td_string!(l, recall.was_told, how = told_how(l, how));
            Choice::new(how.as_str(), words)
        }));
    }
    if visit.may(Permission::Recall) || visit.may(Permission::KeepStore) {
        let words = td_string!(l, recall.has_stopped);
        steps.push(Choice::new("stopped", words).hint(td_string!(l, recall.has_stopped_hint)));
    }
    if steps.is_empty() {
        return ().into_any();
    }
    let only = if steps.len() == 1 { "stopped" } else { "" };
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(visit));
    let alone = match stores.as_slice() {
        [one] => one.value.clone(),
        _ => String::new(),
    };
    let store = form.or("store", visit.query("store").unwrap_or(&alone));
    let value = form.or("step", only);
    let date = form.or("date", today(visit));
    let [store_wrong, step_wrong, date_wrong] =
        ["store", "step", "date"].map(|name| form.error(name));
    view! {
        <ui::Sheet title=td_string!(l, recall.step) id="step">
            <ui::Form action=format!("{}/step", path(id)) error_title errors record>
                <ui::FieldRow>
                    <ui::SelectField name="store" label=td_string!(l, recall.holder)
                        choices=stores value=store prompt=td_string!(l, recall.choose_holder)
                        error=store_wrong/>
                    <ui::DateField name="date" label=td_string!(l, recall.step_date) value=date
                        error=date_wrong/>
                </ui::FieldRow>
                <ui::RadioCards name="step" label=td_string!(l, recall.what) choices=steps value
                    error=step_wrong/>
                <ui::SubmitBar label=td_string!(l, common.save)/>
            </ui::Form>
        </ui::Sheet>
    }
    .into_any()
}

fn end(visit: &Visit, id: RecordId, form: &FormState) -> AnyView {
    let l = visit.locale;
    let sends = vec![("record".to_owned(), form.record(visit))];
    let (title, errors) = (form.title(), form.errors());
    view! {
        <ui::ErrorSummary title errors/>
        <ui::Danger summary=td_string!(l, recall.end) text=td_string!(l, recall.end_text)
            action=format!("{}/end", path(id)) label=td_string!(l, recall.end) sends/>
    }
    .into_any()
}
